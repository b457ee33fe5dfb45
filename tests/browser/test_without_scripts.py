"""Scripts make pages comfortable and nothing more: without them the same content is there, and nothing that is dead."""

from typing import Any

import pytest

from bench.addresses import PAGES
from tests.browser.conftest import Reader

_CONTENT = """() => {
  const main = document.querySelector("main");
  const words = one => one.textContent.replace(/\\s+/g, " ").trim();
  return {
    headings: [...main.querySelectorAll("h1, h2, h3")].map(words),
    links: [...main.querySelectorAll("a[href]")].map(one => one.getAttribute("href")).filter(to => !to.startsWith("#")),
    fields: [...main.querySelectorAll("form [name]")].map(one => one.name),
  };
}"""
_DEAD = """() => [...document.querySelectorAll("button, [role=button], input[type=button]")].filter(one =>
    one.checkVisibility() && !(one.form && one.type === "submit") && !(one.form && one.type === "reset")
    && !one.hasAttribute("popovertarget")).map(one => one.outerHTML.slice(0, 120))"""


def _is_picture(address: str) -> bool:
    """Whether a link leads to a picture as a file: with scripts, a button saves it as it looks."""
    return address.partition("?")[0].endswith(".svg")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_the_same_without_scripts(look: Reader, name: str) -> None:
    found: list[dict[str, Any]] = []
    for scripts in (True, False):
        page = look(scripts=scripts)
        page.goto(PAGES[name])
        found.append(page.evaluate(_CONTENT))
        if not scripts:
            assert page.evaluate(_DEAD) == []
    with_scripts, without = found
    for kind in ("headings", "links", "fields"):
        missing = [one for one in with_scripts[kind] if one not in without[kind]]
        gone = [one for one in without[kind] if one not in with_scripts[kind] and not _is_picture(one)]
        assert (kind, gone) == (kind, [])
        if kind != "links":
            assert (kind, missing) == (kind, [])
