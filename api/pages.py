"""Pages for people: Jinja2 templates in ``web/``, all data escaped."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from api.negotiation import language
from graph.iris import compact
from graph.resources import WEB

_SECURITY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def link(iri: str) -> str | None:
    """An address that may be linked to: only http and https ever become links."""
    return iri if iri.startswith(("http://", "https://")) else None


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["compact"] = compact
    environment.filters["link"] = link
    environment.filters["percent"] = lambda share: f"{100 * share:.0f} %"
    return environment


def render(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Render a template as a page."""
    page = _environment().get_template(template)
    text = page.render(request=request, language=language(request), **context)
    return HTMLResponse(text, status_code=status, headers={**_SECURITY, "Vary": "Accept, Accept-Language", **(headers or {})})


def standalone(template: str, context: Mapping[str, Any], chosen: str = "en") -> str:
    """A page outside of a request, such as the report that the command line writes."""
    page = _environment().get_template(template)
    return page.render(request=None, language=chosen, **context)
