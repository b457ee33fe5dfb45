"""Write the words for units in the nine languages, from CLDR through Babel, for the units of ``units.json``.

    python -m ontology.units

What CLDR lacks stands in ``units.json`` under ``words``, written by hand. Running it twice gives the same bytes.
"""

import json
import re

from babel.units import UnknownUnitError, format_unit

from graph.iris import LANGUAGES
from graph.match.language import fold
from graph.resources import ONTOLOGY

_SAMPLES = (1, 2, 5, 1.5)
"""Numbers that take the different plural forms of the nine languages."""


def words(language: str) -> dict[str, str]:
    """Words for units, without diacritics and in lower case, with the QUDT name of the unit."""
    data = json.loads((ONTOLOGY / "units.json").read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for unit, entry in data["units"].items():
        for locale in (language, "en_GB") if language == "en" else (language,):
            for sample in _SAMPLES if "cldr" in entry else ():
                try:
                    written = format_unit(sample, entry["cldr"], length="long", locale=locale)
                except UnknownUnitError:
                    continue
                word = " ".join(re.sub(r"^[\d.,\s]+", "", fold(written)).split())
                if len(word) > 1 and not word.endswith(entry["cldr"]):
                    found.setdefault(word, unit)
    for word, unit in data["words"].get(language, {}).items():
        found.setdefault(fold(word), unit)
    return dict(sorted(found.items()))


def main() -> None:
    """Write ``unit-words.json``."""
    path = ONTOLOGY / "unit-words.json"
    text = json.dumps({language: words(language) for language in LANGUAGES}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
