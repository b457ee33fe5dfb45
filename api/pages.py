"""Pages for people: Jinja2 templates in ``web/``, all data escaped."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from api import formats
from api.mail import mailto
from api.negotiation import language
from api.scripts import Scripts
from api.static import Static
from api.wording import Wording
from graph.contribute.words import Words
from graph.iris import compact
from graph.regions.formats import shown as figure
from graph.resources import WEB

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept, Accept-Language",
}


def link(iri: str) -> str | None:
    """An address that may be linked to: only http and https ever become links."""
    return iri if iri.startswith(("http://", "https://")) else None


def templates(static: Static | None = None) -> Environment:
    """The templates with their filters; an application keeps one of these, for the files that it serves."""
    environment = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    Wording().install(environment)
    environment.globals["asset"] = (static or Static()).asset
    environment.globals["script"] = Scripts().tags
    environment.filters["compact"] = compact
    environment.filters["link"] = link
    environment.filters["mailto"] = mailto
    environment.globals["say"] = _say(Words())
    environment.filters["figure"] = figure
    formats.install(environment)
    return environment


def _say(words: Words) -> Callable[..., str]:
    """A function for templates: the sentence of a report in the language of the page."""

    @pass_context
    def say(context: Context, code: str, **values: object) -> str:
        return words.sentence(code, context["language"], **values)

    return say


def render(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Render a template as a page."""
    page = request.app.state.templates.get_template(template)
    chosen = language(request)
    text = page.render(request=request, language=chosen, **context)
    return HTMLResponse(
        text, status_code=status, headers={**HEADERS, "Content-Language": chosen, **(headers or {})}
    )


def standalone(template: str, context: Mapping[str, Any], chosen: str = "en") -> str:
    """A page outside of a request, such as the report that the command line writes: one file with its own style."""
    page = templates().get_template(template)
    style = (WEB / "static" / "style.css").read_text(encoding="utf-8")
    return page.render(request=None, language=chosen, style=style, **context)
