"""Write the base map of Europe's countries, from Natural Earth (public domain) in the npm package world-atlas (ISC).

    python -m ontology.basemap

Takes version 2.0.2 of the package with ``npm pack`` from the registry that npm is set to, cuts its countries at
1:50 million to Europe, simplifies their borders so that neighbours stay joined, and writes them to
``web/map/europe.json`` by longitude and latitude: not projected. Running it twice gives the same bytes.
"""

import json
import math
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from graph.regions.pictures.basemap import EAST, NORTH, SOUTH, WEST, Place, within
from graph.resources import BASEMAP

PACKAGE: Final = "world-atlas@2.0.2"
TOLERANCE: Final = 0.004
"""How far a border may move by simplifying, in degrees of latitude: less than 500 m."""
SMALLEST: Final = 0.002
"""Islands of less than this area, in square degrees, are left out: about 16 square km at 50 N."""


def _package() -> tuple[dict[str, Any], str]:
    """The countries as TopoJSON, and the licence of the package."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", "--pack-destination", folder, PACKAGE]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
        archive = next(Path(folder).glob("*.tgz"))
        with tarfile.open(archive) as files:
            topology: dict[str, Any] = json.loads(_member(files, "countries-50m.json"))
            return topology, " ".join(_member(files, "LICENSE").split())


def _member(files: tarfile.TarFile, name: str) -> str:
    member = files.extractfile(f"package/{name}")
    if member is None:
        raise FileNotFoundError(f"{PACKAGE} has no file {name}: the package has changed")
    return member.read().decode("utf-8")


def arcs(topology: dict[str, Any]) -> list[list[Place]]:
    """The arcs of a quantized TopoJSON topology by longitude and latitude: each position is told from the last."""
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * scale_x + move_x, y * scale_y + move_y))
        decoded.append(line)
    return decoded


def simplified(line: Sequence[Place], tolerance: float = TOLERANCE) -> list[Place]:
    """A line with fewer positions, none of those left out further off than the tolerance (Douglas and Peucker)."""
    kept = {0, len(line) - 1}
    parts = [(0, len(line) - 1)]
    if line[0] == line[-1] and len(line) > 3:
        far = max(range(len(line)), key=lambda at: math.dist(line[at], line[0]))
        kept.add(far)
        parts = [(0, far), (far, len(line) - 1)]
    while parts:
        first, last = parts.pop()
        between = range(first + 1, last)
        if not between:
            continue
        far = max(between, key=lambda at: _off(line[at], line[first], line[last]))
        if _off(line[far], line[first], line[last]) > tolerance:
            kept.add(far)
            parts += [(first, far), (far, last)]
    return [line[at] for at in sorted(kept)]


def _off(place: Place, start: Place, end: Place) -> float:
    """How far a place is from the line between two others, in degrees of latitude."""
    narrow = math.cos(math.radians(place[1]))
    x, y = (place[0] - start[0]) * narrow, place[1] - start[1]
    dx, dy = (end[0] - start[0]) * narrow, end[1] - start[1]
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, (x * dx + y * dy) / length)) if length else 0.0
    return math.hypot(x - along * dx, y - along * dy)


def area(ring: Sequence[Place]) -> float:
    """The area of a ring in square degrees."""
    return abs(sum(ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1] for i in range(len(ring)))) / 2


def _rings(geometry: dict[str, Any], lines: Sequence[Sequence[Place]]) -> Iterable[list[Place]]:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for polygon in polygons:
        for ring in polygon:
            places: list[Place] = []
            for arc in ring:
                line = lines[arc] if arc >= 0 else lines[~arc][::-1]
                places += line[1:] if places else line
            yield places[:-1]


def countries(topology: dict[str, Any]) -> list[dict[str, Any]]:
    """Countries by ISO 3166-1 number, each with its rings as steps in hundredths of a degree."""
    lines = [simplified(line) for line in arcs(topology)]
    found = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        if "arcs" not in geometry:
            continue
        rings = []
        for ring in _rings(geometry, lines):
            part = within(ring, WEST, SOUTH, EAST, NORTH)
            if area(part) < SMALLEST:
                continue
            whole = [(round(100 * lon), round(100 * lat)) for lon, lat in part]
            steps, x, y = [], 0, 0
            for lon, lat in whole:
                if (lon, lat) != (x, y):
                    steps += [lon - x, lat - y]
                x, y = lon, lat
            rings.append(steps)
        if rings:
            found.append({"id": geometry.get("id", ""), "rings": rings})
    return sorted(found, key=lambda country: (country["id"], country["rings"]))


def main() -> None:
    """Write the file."""
    topology, licence = _package()
    head = {
        "source": f"Natural Earth, countries at 1:50 million, by way of the npm package {PACKAGE}",
        "licence": f"Natural Earth: public domain. world-atlas: ISC. {licence}",
        "form": "each ring: longitude and latitude of the first position, then steps, in hundredths of a degree",
    }
    one_a_line = ",\n".join(json.dumps(one, separators=(",", ":")) for one in countries(topology))
    BASEMAP.parent.mkdir(exist_ok=True)
    BASEMAP.write_text(f'{json.dumps(head)[:-1]}, "countries": [\n{one_a_line}\n]}}\n', encoding="utf-8")
    print(f"{BASEMAP.name}: {BASEMAP.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
