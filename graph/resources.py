"""Where the Turtle and SPARQL files are: beside the packages, in a checkout and installed alike."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
ONTOLOGY: Final = ROOT / "ontology"
CODELISTS: Final = ONTOLOGY / "codelists"
SHAPES: Final = ROOT / "shapes"
QUERIES: Final = ROOT / "queries"
DATA: Final = ROOT / "data"
WEB: Final = ROOT / "web"
BASEMAP: Final = WEB / "map" / "europe.json"


def code_list_files(scheme: str, folder: Path = CODELISTS) -> list[Path]:
    """The files of a code list that are there: its own, and those that add entries or labels to it."""
    named = (folder / f"{scheme}{added}.ttl" for added in ("", "-special", "-labels"))
    return [path for path in named if path.is_file()]


def turtle_files(folder: Path) -> list[Path]:
    """All Turtle files below a folder, in a stable order."""
    return sorted(folder.rglob("*.ttl"))
