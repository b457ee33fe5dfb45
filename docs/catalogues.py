"""The catalogues of the interface's words in ``web/locale``: gathered from templates and code (``make words``).

``python -m docs.catalogues`` brings the catalogues in step and says what is untranslated;
``… missing nl`` writes what Dutch lacks as JSON, with a ``text`` (or ``texts``, one for each plural form) to fill in;
``… fill nl FILE`` takes such a JSON back, and refuses a translation with other placeholders or elements.
"""

import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from api.wording import LOCALES
from graph.iris import LANGUAGES
from graph.resources import ROOT, WEB

TRANSLATED: Final = tuple(language for language in LANGUAGES if language != "en")
"""The languages that have a catalogue, in which every text must be translated; English is the text itself."""

_KEYWORDS: Final[dict[str, Any]] = {
    "_": None,
    "gettext": None,
    "N_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_OPTIONS: Final = {
    "newstyle_gettext": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}
_PLACEHOLDER: Final = re.compile(r"%\(\w+\)[sd]|%%|%|\{\w+\}")
"""What a template, or in braces a script, puts a value in place of."""
_ELEMENT: Final = re.compile(r"<[^>]+>")
_UNSAFE: Final = re.compile(r"""["<>]|&(?!\w+;)""")
"""What breaks a page or an attribute: texts are HTML. Quotation marks are those of the language."""
_FORMS: Final = {
    "cs": ["1", "2, 3, 4", "5 and more, 0"],
    "lv": ["1, 21, 31 …", "2 to 20, 22 …", "0"],
    "fr": ["0, 1", "2 and more"],
}
"""What the plural forms of a language are for, where they are not one and many."""


def gather() -> Catalog:
    """All texts of the templates and of the code, without translations."""
    template = Catalog()
    sources = [
        *((path, "jinja2", _OPTIONS) for path in sorted((WEB / "templates").glob("*.html"))),
        *((path, "python", {}) for path in sorted((ROOT / "api").rglob("*.py"))),
    ]
    for path, method, options in sources:
        with path.open("rb") as file:
            for line, text, _, context in extract(method, file, _KEYWORDS, ("NOTE:",), options):
                template.add(text, None, [(path.relative_to(ROOT).as_posix(), line)], context=context)
    return template


def catalogue(language: str, folder: Path = LOCALES) -> Catalog:
    """The catalogue of a language as its file has it; an empty one where there is no file."""
    path = folder / f"{language}.po"
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renewed(language: str, template: Catalog, folder: Path = LOCALES) -> bytes:
    """The file of a language in step with the sources: new texts empty, those no longer used gone."""
    known = catalogue(language, folder)
    known.update(template, no_fuzzy_matching=True)
    for message in known:
        if message.id and message.fuzzy:  # it has become a plural, or none: its translation is another text's
            message.flags.discard("fuzzy")
            message.string = _nothing(message, language)
    return written(known, language)


def written(known: Catalog, language: str) -> bytes:
    """A catalogue as a file that is the same whenever and by whomever it is written."""
    plural = get_plural(language)
    head = (
        "# The words of the interface. Texts come from the sources by `make words`; see docs/interface.md.\n"
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        f'"Plural-Forms: {plural.plural_forms}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    body = io.BytesIO()
    write_po(
        body, known, width=0, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False
    )
    return head.encode() + body.getvalue().strip() + b"\n"


def untranslated(known: Catalog) -> list[Message]:
    """The texts without a translation, or without one of their plural forms."""
    return [message for message in known if message.id and not all(_strings(message))]


def faults(message: Message, language: str) -> Iterator[str]:
    """What is wrong with a translation: other placeholders or elements than its text, plural forms too few or many."""
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = _strings(message)
    forms = get_plural(language).num_plurals if len(ids) > 1 else 1
    if len(strings) != forms:
        yield f"{len(strings)} forms, where the language has {forms}: {ids[0]!r}"
    for string in filter(None, strings):
        placeholders = set(_PLACEHOLDER.findall(string))
        if not any(placeholders == set(_PLACEHOLDER.findall(text)) for text in ids) or "%" in placeholders:
            yield f"other placeholders in {string!r} than in {ids[-1]!r}"
        if not any(_elements(string) == _elements(text) for text in ids):
            yield f"other elements in {string!r} than in {ids[-1]!r}"
        if found := _UNSAFE.search(_ELEMENT.sub("", string)):
            yield f"{found[0]} in {string!r}"
        if not any(_ends(string) == _ends(text) for text in ids):
            yield f"other blanks at the ends of {string!r} than of {ids[-1]!r}"


def missing(known: Catalog, language: str) -> list[dict[str, Any]]:
    """What is untranslated, for a translator to fill in."""
    told = []
    for message in untranslated(known):
        plural = isinstance(message.id, tuple)
        entry: dict[str, Any] = {"where": sorted({Path(file).name for file, _ in message.locations})}
        if message.context:
            entry["context"] = message.context
        if plural:
            forms = _FORMS.get(language, ["1", "other numbers"])
            entry |= {"one": message.id[0], "many": message.id[1], "forms": forms, "texts": [""] * len(forms)}
        else:
            entry |= {"id": message.id, "text": ""}
        told.append(entry)
    return told


def fill(known: Catalog, language: str, entries: list[dict[str, Any]]) -> list[str]:
    """Put translations into a catalogue; what is wrong with some of them, which are left out."""
    wrong = []
    for entry in entries:
        text = entry.get("id", entry.get("one"))
        message = known.get(text, entry.get("context"))
        if message is None:
            wrong.append(f"no such text: {text!r}")
            continue
        before = message.string
        message.string = tuple(entry["texts"]) if "texts" in entry else entry["text"]
        found = list(faults(message, language))
        if found:
            message.string = before
        wrong += found
    return wrong


def _strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string or "",)


def _nothing(message: Message, language: str) -> str | tuple[str, ...]:
    return ("",) * get_plural(language).num_plurals if isinstance(message.id, tuple) else ""


def _ends(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _elements(text: str) -> Counter[str]:
    return Counter(_ELEMENT.findall(text))


def main(arguments: list[str]) -> int:
    template = gather()
    LOCALES.mkdir(exist_ok=True)
    if arguments:
        job, language, *files = arguments
        known = read_po(io.BytesIO(renewed(language, template)), locale=language)
        if job == "missing":
            print(json.dumps(missing(known, language), ensure_ascii=False, indent=1))
            return 0
        wrong = fill(known, language, json.loads(Path(files[0]).read_text(encoding="utf-8")))
        (LOCALES / f"{language}.po").write_bytes(written(known, language))
        print(*wrong, f"{language}: {len(untranslated(known))} untranslated", sep="\n")
        return 1 if wrong else 0
    for language in TRANSLATED:
        content = renewed(language, template)
        (LOCALES / f"{language}.po").write_bytes(content)
        known = read_po(io.BytesIO(content), locale=language)
        print(f"{language}: {len(known)} texts, {len(untranslated(known))} untranslated")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
