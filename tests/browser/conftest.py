"""A real browser on a real server, which run as processes of their own; every page is watched for what goes wrong."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Page

from bench.browser import NARROW, WIDE, NoBrowser, context, launched, watch
from bench.served import Served
from graph.resources import ROOT
from graph.store.ledger import Ledger
from graph.store.tokens import Tokens

PARTNER = "example-institute"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """tags => axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]})"""


@pytest.fixture(scope="session")
def site(shipped: Path, copy_of: Callable[[Path], Path]) -> Iterator[str]:
    """The address of a server with the shipped graph, for tests that only read."""
    with Served(copy_of(shipped)) as served:
        yield served.url


@dataclass(frozen=True)
class Contributing:
    """A server without contributions, and what a partner needs to write to it."""

    site: str
    token: str
    partner: str


@pytest.fixture(scope="module")
def contributing(prepared: Path, copy_of: Callable[[Path], Path]) -> Iterator[Contributing]:
    """A server of a module's own that holds no contributions, and a partner's token for it."""
    folder = copy_of(prepared)
    with closing(Ledger(f"sqlite:///{folder / 'ledger.sqlite'}")) as ledger:
        _, token = Tokens(ledger.database).create(PARTNER)
    with Served(folder) as served:
        yield Contributing(served.url, token, PARTNER)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. It ends with the module: Playwright occupies the thread's event loop, which other tests need."""
    with ExitStack() as stack:
        try:
            opened = stack.enter_context(launched())
        except NoBrowser as missing:
            pytest.fail(str(missing), pytrace=False)
        yield opened


class Reader(Protocol):
    """Opens a page as another reader: ``look(size=NARROW, scheme="dark", language="nl", scripts=False, at=site)``."""

    def __call__(self, size: tuple[int, int] = ..., **options: Any) -> Page: ...


@pytest.fixture
def troubles() -> list[str]:
    """What went wrong on the pages of a test so far; a test that provokes something takes it out of here."""
    return []


@pytest.fixture
def look(browser: Browser, request: pytest.FixtureRequest, troubles: list[str]) -> Iterator[Reader]:
    """Opens pages, as any reader; at the end of the test nothing may have gone wrong on any of them.

    Relative addresses lead to ``site``, or to the server that ``at`` names.
    """
    opened = []

    def open_page(size: tuple[int, int] = WIDE, **options: Any) -> Page:
        at = options.pop("at", None) or request.getfixturevalue("site")
        one = context(browser, size, base_url=at, **options)
        opened.append(one)
        watch(one, at, troubles)
        return one.new_page()

    yield open_page
    for one in opened:
        one.close()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def page(look: Reader) -> Page:
    """A page, 1280 wide and light, that is allowed a minute for anything. ``page.goto("/match")`` leads to ``site``."""
    return look()


@pytest.fixture
def narrow(look: Reader) -> Page:
    """A page as on a telephone at night: 390 wide and dark."""
    return look(NARROW, scheme="dark")


@pytest.fixture
def no_scripts(look: Reader) -> Page:
    """A page of a browser in which scripts are off."""
    return look(scripts=False)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """What axe-core finds wrong on a page by WCAG 2.2 AA and good practice: one line per rule, with the elements."""
    if not AXE.is_file():
        pytest.fail("axe-core is not here: run `python web/build.py`, which installs it", pytrace=False)
    source = AXE.read_text(encoding="utf-8")

    def violations(page: Page) -> list[str]:
        if not page.evaluate("typeof axe === 'object'"):
            page.evaluate(source)
        found = page.evaluate(_RUN, _TAGS)["violations"]
        return [
            f"{one['id']}: {one['help']}: "
            + "; ".join(
                f"{' '.join(map(str, node['target']))} {node['html'][:120]}" for node in one["nodes"][:5]
            )
            for one in found
        ]

    return violations
