"""A guide as something to run: the files that it shows, and its commands with the answers that it promises."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FILE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
SHOWN = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Step:
    """A command and the answer that the guide shows; ``…`` in it stands for anything."""

    command: str
    answer: str

    def fits(self, actual: str) -> bool:
        """Whether the answer is as shown. A line that is ``…`` stands for any lines, ``…`` in a line for any text."""
        pattern = ""
        for line in self.answer.splitlines():
            if line == "…":
                pattern += r"(?:.*\n)*?"
            else:
                pattern += ".*".join(re.escape(part) for part in line.split("…")) + r" *\n"
        return (
            re.fullmatch(pattern, actual if actual.endswith("\n") or not actual else f"{actual}\n")
            is not None
        )


def files(text: str) -> dict[str, str]:
    """The files that the guide shows, by name."""
    return {match[1]: match[2] for match in _FILE.finditer(text)}


def steps(text: str) -> Iterator[Step]:
    """The commands of the guide in their order."""
    for block in _CONSOLE.finditer(text):
        for part in re.split(r"^\$ ", block[1], flags=re.MULTILINE)[1:]:
            command, _, answer = part.partition("\n")
            yield Step(command, answer)


class Shell:
    """Runs one command after the other in a folder, with what earlier ones exported, against a service.

    Commands that ask for none work in ``data_dir``.
    """

    def __init__(self, folder: Path, address: str, data_dir: Path) -> None:
        self._folder = folder
        self._address = address
        self._exported = folder / ".exported"
        self._exported.write_text("", encoding="utf-8")
        self._environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "INFRASHARE_DATA_DIR": str(data_dir),
            "COLUMNS": "120",
            "NO_COLOR": "1",
        }

    def run(self, command: str) -> str:
        """What a person sees of the command: output and messages, with the address that the guide shows."""
        run = command.replace(SHOWN, self._address)
        script = f'source "{self._exported}"\n{run}\nexport -p > "{self._exported}"\n'
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=300,
            check=False,
        )
        seen = done.stdout.decode().replace("\r\n", "\n")  # CSV ends its lines so (RFC 4180)
        return seen.replace(self._address, SHOWN)
