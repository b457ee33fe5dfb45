"""A folder of shapes: one that is there, or that of a git revision of this checkout."""

import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from graph.errors import InputError
from graph.resources import ROOT

_SHAPES: Final = "shapes"


@contextmanager
def shapes_folder(name: str, checkout: Path = ROOT) -> Iterator[Path]:
    """The folder of that name, else the shapes of the git revision of that name, as long as the block runs.

    Raises ``InputError`` where there is neither.
    """
    if Path(name).is_dir():
        yield Path(name)
        return
    archive = _archive(name, checkout)
    with TemporaryDirectory(prefix="infrashare-shapes-") as folder:
        with tarfile.open(fileobj=BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        yield Path(folder) / _SHAPES


def _archive(revision: str, checkout: Path) -> bytes:
    neither = f"{revision!r} is neither a folder nor a git revision of {checkout}"
    commit = _git(checkout, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise InputError(neither)
    archive = _git(checkout, "archive", "--format=tar", commit.decode().strip(), _SHAPES)
    if archive is None:
        raise InputError(f"the git revision {revision!r} holds no folder {_SHAPES}")
    return archive


def _git(checkout: Path, *arguments: str) -> bytes | None:
    """What git writes; ``None`` where it fails. Raises ``InputError`` where there is no git."""
    try:
        done = subprocess.run(["git", "-C", str(checkout), *arguments], capture_output=True, check=False)
    except FileNotFoundError as error:
        raise InputError("git is not installed; name a folder of shapes instead of a revision") from error
    return done.stdout if done.returncode == 0 else None
