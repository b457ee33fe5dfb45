"""The words of the interface in nine languages: gettext catalogues in ``web/locale``, the English text as the key.

What an entity, a concept or a reason says is data and comes in its own languages; this is about everything around it.
Docs: https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
"""

import io
import threading
from collections.abc import Callable
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from graph.resources import WEB

LOCALES = WEB / "locale"


def N_(text: str) -> str:  # noqa: N802 - the name that gettext has for it
    """Marks a text for the catalogues that is translated where it is shown."""
    return text


class Wording:
    """The catalogues, each read when it is first needed."""

    def __init__(self, folder: Path = LOCALES) -> None:
        self._folder = folder
        self._known: dict[str, NullTranslations] = {"en": NullTranslations()}
        self._lock = threading.Lock()

    def of(self, language: str) -> NullTranslations:
        """The catalogue of a language; where it has no text, it answers with the English one."""
        with self._lock:
            if language not in self._known:
                self._known[language] = _read(self._folder / f"{language}.po")
            return self._known[language]

    def install(self, environment: Environment) -> None:
        """Let templates say ``_("text")``, ``ngettext`` and ``pgettext`` in the language of the page."""
        environment.add_extension("jinja2.ext.i18n")
        install: Callable[..., None] = environment.install_gettext_callables  # type: ignore[attr-defined]

        @pass_context
        def gettext(context: Context, text: str) -> str:
            return self.of(context["language"]).gettext(text)

        @pass_context
        def ngettext(context: Context, one: str, many: str, count: int) -> str:
            return self.of(context["language"]).ngettext(one, many, count)

        @pass_context
        def pgettext(context: Context, about: str, text: str) -> str:
            return self.of(context["language"]).pgettext(about, text)

        @pass_context
        def npgettext(context: Context, about: str, one: str, many: str, count: int) -> str:
            return self.of(context["language"]).npgettext(about, one, many, count)

        install(gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext)


def _read(path: Path) -> NullTranslations:
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
