"""The words of the interface: gathered whole, translated without harm to placeholders and elements."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural

from api.pages import templates
from api.wording import LOCALES, Wording
from docs import catalogues
from docs.catalogues import TRANSLATED
from docs.loose_texts import loose_texts
from graph.resources import WEB

TEMPLATES = sorted(path.name for path in (WEB / "templates").glob("*.html"))


@pytest.fixture(scope="module")
def gathered() -> Catalog:
    return catalogues.gather()


class TestShipped:
    @pytest.mark.parametrize("language", TRANSLATED)
    def test_catalogues_are_in_step_with_the_sources(self, gathered: Catalog, language: str) -> None:
        content = (LOCALES / f"{language}.po").read_bytes()
        assert content == catalogues.renewed(language, gathered), "run `make words`"

    @pytest.mark.parametrize("language", TRANSLATED)
    def test_translations_keep_placeholders_elements_and_plural_forms(self, language: str) -> None:
        known = catalogues.catalogue(language)
        assert [fault for one in known if one.id for fault in catalogues.faults(one, language)] == []

    @pytest.mark.parametrize("language", TRANSLATED)
    def test_every_text_is_translated(self, language: str) -> None:
        known = catalogues.catalogue(language)
        assert len(known) > 50
        assert [one.id for one in catalogues.untranslated(known)] == []

    def test_the_english_texts_can_stand_in_pages_and_attributes(self, gathered: Catalog) -> None:
        for one in gathered:
            for text in one.id if isinstance(one.id, tuple) else (one.id,):
                like = Catalog(locale="de").add(text, text)
                assert list(catalogues.faults(like, "de")) == []

    @pytest.mark.parametrize("name", TEMPLATES)
    def test_templates_have_no_text_that_no_catalogue_knows(self, name: str) -> None:
        assert loose_texts(WEB / "templates" / name, templates()) == []


def test_loose_texts_are_found_in_all_their_hiding_places(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        """
        <p title="A title">{{ _("Given") }} Bare <code>not this</code> {{ "branch" if x else _("other") }}</p>
        {% if x %}<a class="no text" href="/no/text">{{ "left " ~ x ~ " right" }}</a>{% else %}JSON{% endif %}
        {% for path, name in [("/a", "From a list")] %}{{ name }}{% endfor %}
        {% set names = {"a": "Facilities", "b": _("Regions")} %}
        """
    )
    assert sorted(loose_texts(page, templates())) == [
        "A title", "Bare", "Facilities", "From a list", "branch", "left right",
    ]  # fmt: skip


class TestCatalogues:
    @pytest.fixture
    def sources(self) -> Catalog:
        made = Catalog()
        made.add("Facilities", locations=[("web/templates/home.html", 3)])
        made.add("met", context="verdict")
        made.add(("%(num)s <b>thing</b>", "%(num)s <b>things</b>"))
        return made

    def test_writing_twice_gives_the_same_bytes(self, sources: Catalog, tmp_path: Path) -> None:
        for language in TRANSLATED:
            once = catalogues.renewed(language, sources, tmp_path)
            (tmp_path / f"{language}.po").write_bytes(once)
            assert catalogues.renewed(language, sources, tmp_path) == once
            assert b"home.html\n" in once

    def test_pages_speak_by_the_file_in_the_plural_of_the_language(
        self, sources: Catalog, tmp_path: Path
    ) -> None:
        known = Catalog(locale="cs")
        known.update(sources)
        wrong = catalogues.fill(
            known,
            "cs",
            [
                {"id": "Facilities", "text": "Zařízení"},
                {"id": "met", "context": "verdict", "text": "splněno"},
                {
                    "one": "%(num)s <b>thing</b>",
                    "texts": [f"%(num)s <b>{w}</b>" for w in ("věc", "věci", "věcí")],
                },
            ],
        )
        assert wrong == []
        assert catalogues.untranslated(known) == []
        (tmp_path / "cs.po").write_bytes(catalogues.written(known, "cs"))
        environment = templates()
        Wording(tmp_path).install(environment)
        page = environment.from_string(
            """{{ _("Facilities") }} {{ pgettext("verdict", "met") }}
            {%- for n in (1, 3, 5) %} {{ ngettext("%(num)s <b>thing</b>", "%(num)s <b>things</b>", n) }}{% endfor %}"""
        )
        assert page.render(language="cs") == "Zařízení splněno 1 <b>věc</b> 3 <b>věci</b> 5 <b>věcí</b>"
        assert page.render(language="nl").endswith("5 <b>things</b>")

    @pytest.mark.parametrize(
        ("text", "translation"),
        [
            ("At most %(km)s km", "Hoogstens %(kilometer)s km"),
            ("At most %(km)s km", "Hoogstens km"),
            ("Half", "50 %"),
            ("Line {line}", "Regel {regel}"),
            ('See <a href="%(x)s">this</a>', 'Zie <a href="%(x)s" onclick="x()">dit</a>'),
            ("Plain", "<b>Plat</b>"),
            ("Say", 'Zeg "dit"'),
            ("Say", "a < b"),
            ("Say", "a & b"),
            ("Say", "zeg "),
        ],
    )
    def test_a_translation_that_does_harm_is_left_out(self, text: str, translation: str) -> None:
        known = Catalog(locale="nl")
        known.add(text)
        assert catalogues.fill(known, "nl", [{"id": text, "text": translation}])
        assert not known[text].string

    def test_what_is_missing_says_how_many_plural_forms_are_wanted(self, sources: Catalog) -> None:
        for language in TRANSLATED:
            known = Catalog(locale=language)
            known.update(sources)
            told = catalogues.missing(known, language)
            assert len(told) == 3
            plural = next(entry for entry in told if "texts" in entry)
            assert len(plural["texts"]) == len(plural["forms"]) == get_plural(language).num_plurals

    def test_a_text_that_becomes_a_plural_loses_its_translation(self, tmp_path: Path) -> None:
        known = Catalog(locale="nl")
        known.add("%(num)s thing", "%(num)s ding")
        (tmp_path / "nl.po").write_bytes(catalogues.written(known, "nl"))
        now = Catalog()
        now.add(("%(num)s thing", "%(num)s things"))
        assert b"s ding" not in catalogues.renewed("nl", now, tmp_path)
