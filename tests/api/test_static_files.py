"""Files that pages load: an address that names the content may be kept for ever, any other for minutes."""

import re
from pathlib import Path

import httpx
import pytest

from api.static import Static
from graph.resources import WEB

FOR_EVER = "public, max-age=31536000, immutable"
BUILT = sorted((WEB / "static" / "built" / "assets").glob("*"))


def test_the_style_of_a_page_is_kept_for_ever(client: httpx.Client) -> None:
    page = client.get("/", headers={"Accept": "text/html"}).text
    found = re.search(r'href="(/static/style\.css\?v=[0-9a-f]{16})"', page)
    assert found is not None
    style = client.get(found[1])
    assert style.headers["cache-control"] == FOR_EVER
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert style.content == (WEB / "static" / "style.css").read_bytes()


@pytest.mark.parametrize("address", ["/static/style.css", "/static/style.css?v=0123456789abcdef"])
def test_an_address_that_does_not_name_the_content_is_asked_again(client: httpx.Client, address: str) -> None:
    answer = client.get(address)
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert re.fullmatch(r'"[0-9a-f]{16}(-gzip)?"', answer.headers["etag"])


@pytest.mark.parametrize("file", BUILT[:5] or [None])
def test_bundles_are_kept_for_ever(client: httpx.Client, file: Path | None) -> None:
    assert file is not None, "no bundles are here: run `python web/build.py`"
    answer = client.get(f"/static/built/assets/{file.name}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == FOR_EVER
    kind = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
    if file.suffix in kind:
        assert answer.headers["content-type"] == kind[file.suffix]
    assert answer.content == file.read_bytes()


def test_the_address_of_a_file_changes_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("a {}", encoding="utf-8")
    static = Static(tmp_path)
    before = static.asset("style.css")
    assert before == static.asset("style.css")
    (tmp_path / "style.css").write_text("a { margin: 0 }", encoding="utf-8")
    assert static.asset("style.css") != before
    with pytest.raises(FileNotFoundError):
        static.asset("none.css")


def test_the_rules_of_the_style_are_closed() -> None:
    """One brace that is missing would make all that follows hold for print only."""
    text = re.sub(
        r"/\*.*?\*/", "", (WEB / "static" / "style.css").read_text(encoding="utf-8"), flags=re.DOTALL
    )
    depth = 0
    for line in text.splitlines():
        assert depth == 0 or not line.startswith("@media"), f"{line} stands inside of another rule"
        depth += line.count("{") - line.count("}")
    assert depth == 0
