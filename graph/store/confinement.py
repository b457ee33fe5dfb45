"""Confinement of worker processes by the kernel: memory, no network, and no files but those they work on.

A worker has no business on the network; SPARQL and RDF have words that fetch (``SERVICE``, ``LOAD``, contexts). They
are refused before evaluation, and what slips through finds no network: an empty network namespace (unshare(2)), else
a filter of system calls (seccomp(2)). Files are limited by Landlock (landlock(7)). Each function tells whether it
could be done; on other systems it cannot.
"""

import ctypes
import os
import platform
import resource
import struct
import sysconfig
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

_M_ARENA_MAX: Final = -8
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2

_MACHINES: Final = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""The audit number of an architecture and the number of its ``socket`` call (linux/audit.h, asm/unistd.h)."""
_IO_URING_SETUP: Final = 425
_X32: Final = 0x40000000
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
"""Operations of the filter's machine (linux/bpf_common.h)."""
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050001
"""Return the error EPERM in place of the call."""

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""The Landlock calls, which have the same numbers on all architectures."""
_ASK_VERSION: Final = 1
_PATH_BENEATH: Final = 1
_READ: Final = 1 << 2 | 1 << 3
"""Reading files and folders (linux/landlock.h)."""
_KINDS_BY_VERSION: Final = {1: 13, 2: 14, 3: 15, 4: 15}
_KINDS: Final = 16
"""How many kinds of access to files a version of Landlock knows; later ones know as many as version 5."""
_TCP: Final = 0b11
_KNOWS_TCP: Final = 4


def limit_memory(memory_bytes: int) -> None:
    """Limit the memory of this process, in bytes.

    The limit is on addresses, and glibc reserves 64 to 128 MiB of them for each thread that takes memory, of which the
    engine starts up to sixteen while it opens a store: so all threads share one arena.
    """
    system = ctypes.CDLL(None, use_errno=True)
    limit_arenas: Callable[[int, int], int] | None = getattr(system, "mallopt", None)
    if limit_arenas is not None:
        limit_arenas(_M_ARENA_MAX, 1)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def without_network() -> bool:
    """Take the network away from this process; tell whether it is gone."""
    system = ctypes.CDLL(None, use_errno=True)
    unshare: Callable[[int], int] | None = getattr(system, "unshare", None)
    if unshare is None:
        return False
    if unshare(_CLONE_NEWNET) == 0 or unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
        return True
    return without_sockets()


def without_sockets() -> bool:
    """Make the kernel refuse new sockets to this process; tell whether it does."""
    machine = _MACHINES.get(platform.machine())
    if machine is None or platform.system() != "Linux":
        return False
    audit, socket = machine
    program = [
        (_LOAD, 0, 0, 4),  # the architecture of the call
        (_EQUAL, 0, 5, audit),
        (_LOAD, 0, 0, 0),  # its number
        (_AT_LEAST, 3, 0, _X32),
        (_EQUAL, 2, 0, socket),
        (_EQUAL, 1, 0, _IO_URING_SETUP),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    code = b"".join(struct.pack("=HBBI", *step) for step in program)
    steps = ctypes.create_string_buffer(code, len(code))
    filter_ = struct.pack("@HP", len(program), ctypes.addressof(steps))
    system = ctypes.CDLL(None, use_errno=True)
    if system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    done: int = system.prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.create_string_buffer(filter_, len(filter_)), 0, 0
    )
    return done == 0


def only_reading(folders: Iterable[str]) -> bool:
    """Let this thread, and those it starts, only read files, and only beneath ``folders`` and in Python's own.

    Returns whether that could be done. Folders that are not there are left out.
    """
    if platform.system() != "Linux":
        return False
    system = ctypes.CDLL(None, use_errno=True)
    version: int = system.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)
    if version < 1:
        return False
    kinds = (1 << _KINDS_BY_VERSION.get(version, _KINDS)) - 1
    handled = struct.pack("=QQ", kinds, _TCP) if version >= _KNOWS_TCP else struct.pack("=Q", kinds)
    rules: int = system.syscall(
        _CREATE_RULESET, ctypes.create_string_buffer(handled, len(handled)), len(handled), 0
    )
    if rules < 0:
        return False
    try:
        for folder in {*folders, *_python()}:
            _allow(system, rules, folder)
        if system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            return False
        done: int = system.syscall(_RESTRICT_SELF, rules, 0)
        return done == 0
    finally:
        os.close(rules)


def _allow(system: ctypes.CDLL, rules: int, folder: str) -> None:
    with suppress(FileNotFoundError):
        opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        try:
            rule = struct.pack("=Qi", _READ, opened)
            system.syscall(_ADD_RULE, rules, _PATH_BENEATH, ctypes.create_string_buffer(rule, len(rule)), 0)
        finally:
            os.close(opened)


def _python() -> set[str]:
    """The folders that Python and this project import from."""
    paths = sysconfig.get_paths()
    return {
        *(paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        str(Path(__file__).parents[1]),
    }
