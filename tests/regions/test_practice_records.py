"""Records of practices: their sections, figures, near practices and likely duplicates, on the shipped graph."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from pyoxigraph import Literal, NamedNode

from graph.iris import DCT, FOAF, ID, INFRA, LANGUAGES
from graph.match.view import View
from graph.regions.practices.duplicates import THRESHOLD, Likenesses, recorded_twice
from graph.regions.practices.record import SECTIONS, record
from graph.regions.practices.related import related
from graph.regions.practices.shelf import Kept, Shelf
from graph.regions.practices.told import OWNER, PAGE, REGION, SOURCE, TITLE, Told
from graph.service import Service

Seen = Callable[[str], View]
LOMBARDY = ID["practice/open-innovation-lombardia"]
SECOND = ID["practice/platform-of-lombardy-region"]
ITEMS = "https://www.interregeurope.eu/policylearning/good-practices/item/"


@pytest.fixture(scope="module")
def kept(service: Service) -> Kept:
    return service.practices.of(service.snapshot)


@pytest.fixture(scope="module")
def seen(service: Service) -> Seen:
    scheme = service.scheme(service.snapshot)
    return lambda language: View(
        service.snapshot, service.catalogue, scheme, service.matcher.reasons, language
    )


def second_record(first: Told) -> Told:
    """The record 1306 of the database, which is of the same practice: another title, other words."""
    texts = {
        TITLE: [Literal("The Open Innovation Platform of Lombardy Region", language="en")],
        DCT["description"]: [
            Literal(
                "Lombardy Region runs an online platform, a social network in which innovators meet in communities, "
                "discuss and make proposals for collaboration.",
                language="en",
            )
        ],
        INFRA["howItWorks"]: [
            Literal(
                "Facilitators and community managers run discussions and communities. The code is open source, so that "
                "other regions can use the platform.",
                language="en",
            )
        ],
    }
    links = {**first.links, PAGE: frozenset({NamedNode(f"{ITEMS}1306/")}), SOURCE: frozenset()}
    return Told(SECOND, texts, links)


class TestDuplicates:
    def test_no_two_of_the_shipped_practices_are_one(self, kept: Kept) -> None:
        assert kept.likenesses.all() == []

    def test_the_nearest_is_a_part_of_the_other_and_below_the_threshold(self, kept: Kept) -> None:
        nearest = kept.likenesses.all(0.0)[0]
        assert {nearest.one, nearest.other} == {
            ID["practice/automotive-campus-helmond"],
            ID["practice/automotive-house-helmond"],
        }
        assert nearest.score < THRESHOLD - 0.05

    def test_a_practice_that_one_database_holds_twice_is_found(self, kept: Kept) -> None:
        found = {practice for practice, told in kept.told.items() if recorded_twice(told)}
        assert found == {LOMBARDY}
        pages = recorded_twice(kept.told[LOMBARDY])
        assert [page.split("/item/")[1].split("/")[0] for page in pages] == ["1183", "1306"]

    def test_the_two_records_of_one_practice_are_found_and_nothing_else(self, kept: Kept) -> None:
        likenesses = Likenesses({**kept.told, SECOND: second_record(kept.told[LOMBARDY])})
        (found,) = likenesses.all()
        assert {found.one, found.other} == {LOMBARDY, SECOND}
        assert {"owner", "region"} <= set(found.signs)
        assert [one.of(LOMBARDY) for one in likenesses.near(LOMBARDY)] == [SECOND]
        assert [one.of(SECOND) for one in likenesses.near(SECOND)] == [LOMBARDY]

    def test_the_same_number_in_the_database_is_enough_whatever_the_words(self, kept: Kept) -> None:
        other = Told(
            SECOND,
            {TITLE: [Literal("Piattaforma per innovare insieme", language="it")]},
            {
                FOAF["page"]: frozenset(
                    {
                        NamedNode(
                            "https://projects2014-2020.interregeurope.eu/policylearning/good-practices/item/1183/x"
                        )
                    }
                )
            },
        )
        (found,) = Likenesses({**kept.told, SECOND: other}).near(SECOND)
        assert found.of(SECOND) == LOMBARDY
        assert found.score == 0.99
        assert "record" in found.signs

    def test_a_pair_has_one_score_whichever_is_named_first(self, kept: Kept) -> None:
        one, other = ID["practice/baltic-tram"], ID["practice/science-link"]
        assert kept.likenesses.pair(one, other) == kept.likenesses.pair(other, one)

    def test_two_practices_alone_are_compared_too(self, kept: Kept) -> None:
        """The vectors do not vanish where every word is in every text."""
        first = kept.told[LOMBARDY]
        (found,) = Likenesses({LOMBARDY: first, SECOND: replace(first, practice=SECOND)}).all()
        assert found.score == pytest.approx(1.0)
        assert found.text == pytest.approx(1.0)

    def test_practices_that_say_nothing_are_not_alike(self) -> None:
        a, b = ID["practice/a"], ID["practice/b"]
        assert Likenesses({a: Told(a), b: Told(b)}).pair(a, b).score == 0.0


class TestRecord:
    def test_each_practice_has_all_sections_in_their_order(self, kept: Kept, seen: Seen) -> None:
        view = seen("en")
        for practice, told in kept.told.items():
            answer = record(practice, kept, view)
            assert [one["section"] for one in answer["sections"]] == list(SECTIONS)
            for one in answer["sections"]:
                values = [text for prop in SECTIONS[one["section"]] for text in told.texts.get(prop, ())]
                assert [text["value"] for text in one["texts"]] == [text.value for text in values]
                assert one["stated"] or not (one["texts"] or one["links"])
            empty = [one["section"] for one in answer["sections"] if not one["stated"]]
            assert answer["completeness"]["empty"] == empty
            assert answer["completeness"]["stated"] + len(empty) == answer["completeness"]["of"] == 13

    def test_what_nobody_stated_stays_empty(self, kept: Kept, seen: Seen) -> None:
        answer = record(ID["practice/sparkdemo-tartu"], kept, seen("en"))
        assert answer["completeness"]["empty"] == ["dates", "difficulties", "transfer"]
        assert answer["implementations"] == answer["inspired"] == answer["may_be_the_same_as"] == []

    def test_it_has_the_figures_of_the_graph_in_their_order(self, kept: Kept, seen: Seen) -> None:
        figures = record(ID["practice/automotive-campus-helmond"], kept, seen("en"))["figures"]
        assert [one["text"] for one in figures] == [
            "about EUR 18,000,000",
            "at most EUR 100,000,000",
            "about 40",
            "about 600",
        ]
        assert [one["counts"]["notation"] for one in figures] == [
            "investment",
            "investment",
            "organisations",
            "jobs",
        ]
        assert all(one["sources"] and one["sentence"] for one in figures)

    def test_ranges_periods_and_plans_are_said(self, kept: Kept, seen: Seen) -> None:
        figures = record(ID["practice/sparkdemo-tartu"], kept, seen("de"))["figures"]
        texts = [one["text"] for one in figures]
        assert texts[0] == "EUR 120.000 bis 150.000"
        assert (figures[0]["lower"], figures[0]["upper"], figures[0]["value"]) == (120_000, 150_000, None)
        assert texts[1] == "etwa EUR 120.000 im Jahr"
        assert texts[-1] == "EUR 75 im Monat"
        assert [one["start"] for one in figures if one["text"].endswith("6.000")] == ["2017"]
        planned = record(ID["practice/ketgate"], kept, seen("en"))["figures"]
        assert {one["standing"]["notation"] for one in planned} == {"planned"}

    def test_the_second_record_is_told_and_not_merged(self, kept: Kept, seen: Seen) -> None:
        both = replace(kept, told={**kept.told, SECOND: second_record(kept.told[LOMBARDY])})
        answer = record(LOMBARDY, both, seen("en"))
        (one,) = answer["may_be_the_same_as"]
        assert one["id"] == SECOND.value
        assert len(one["reasons"]) == 2 + len(one["signs"])
        assert answer["pages"] == [node.value for node in kept.told[LOMBARDY].linked(PAGE)]

    def test_claims_and_implementations_come_with_their_sources(self, kept: Kept, seen: Seen) -> None:
        answer = record(ID["practice/open-lab-skane"], kept, seen("en"))
        assert len(answer["claims"]) == 6
        assert all(one["texts"] and one["sources"] for one in answer["claims"])
        (one,) = answer["implementations"]
        assert (one["start"], one["outcome"]["notation"]) == ("2017-04-01", "success")
        assert answer["owners"][0]["id"] in {
            node.value for node in kept.told[ID["practice/open-lab-skane"]].linked(OWNER)
        }

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_speaks_nine_languages(self, kept: Kept, seen: Seen, language: str) -> None:
        labels = [one["label"] for one in record(LOMBARDY, kept, seen(language))["sections"]]
        english = [one["label"] for one in record(LOMBARDY, kept, seen("en"))["sections"]]
        assert len(set(labels)) == len(labels)
        if language != "en":
            assert sum(one != other for one, other in zip(labels, english, strict=True)) >= 10


class TestRelated:
    def test_vouchers_are_near_vouchers(self, kept: Kept, seen: Seen) -> None:
        found = [
            one.practice for one in related(ID["practice/centrope-voucher"], kept.told, seen("en").scheme)
        ]
        assert ID["practice/cross-innovation-voucher-fort"] in found

    def test_nearness_is_of_two_and_itself_is_not_shown(self, kept: Kept, seen: Seen) -> None:
        scheme = seen("en").scheme
        near = {p: {one.practice: one.nearness for one in related(p, kept.told, scheme)} for p in kept.told}
        for practice, others in near.items():
            assert practice not in others
            for other, value in others.items():
                assert near[other].get(practice, value) == pytest.approx(value, abs=0.002)


def test_what_was_read_is_kept_for_its_revision(service: Service) -> None:
    shelf = Shelf(service.catalogue)
    assert shelf.of(service.snapshot) is shelf.of(service.snapshot)
    assert len(shelf.of(service.snapshot).told) == 62
    assert all(told.linked(REGION) or told.texts for told in shelf.of(service.snapshot).told.values())


class TestSearch:
    @pytest.mark.parametrize(
        ("language", "text", "concept"),
        [
            ("en", "innovation vouchers", "practice-theme/voucher"),
            ("nl", "innovatievouchers", "practice-theme/voucher"),
            ("de", "Innovationsgutscheine", "practice-theme/voucher"),
            ("it", "voucher per l'innovazione", "practice-theme/voucher"),
            ("sv", "innovationscheckar", "practice-theme/voucher"),
            ("cs", "inovační vouchery", "practice-theme/voucher"),
            ("et", "innovatsiooniosakud", "practice-theme/voucher"),
            ("lv", "vaučeri", "practice-theme/voucher"),
            ("lv", "inovāciju vaučeriem", "practice-theme/voucher"),
            ("fr", "chèques innovation", "practice-theme/voucher"),
            ("en", "vaučeri", "practice-theme/voucher"),
            ("nl", "grensoverschrijdend", "practice-theme/cross-border"),
            ("cs", "přeshraniční spolupráci", "practice-theme/cross-border"),
            ("it", "transfrontaliera", "practice-theme/cross-border"),
            ("lv", "klasteri", "practice-theme/networking"),
            ("et", "oskused", "practice-theme/skills"),
            ("sv", "öppen tillgång", "practice-theme/accessibility"),
            ("fr", "compétences", "practice-theme/skills"),
        ],
    )
    def test_a_theme_is_found_in_each_language(
        self, service: Service, kept: Kept, language: str, text: str, concept: str
    ) -> None:
        heard = service.practice_search.heard(text, language, service.snapshot)
        theme = NamedNode(f"https://w3id.org/infrashare/codelist/{concept}")
        assert theme in {one.concept for one in heard.meanings}
        assert heard.entities >= {
            practice for practice, told in kept.told.items() if theme in told.linked(INFRA["practiceTheme"])
        }
        assert len(heard.entities) >= 6
        assert {one.words for one in heard.meanings} <= {text, "voucher innovazione"}

    @pytest.mark.parametrize(
        ("language", "text"),
        [("de", "Reinraum"), ("sv", "renrum"), ("fr", "salle blanche"), ("en", "cleanroom")],
    )
    def test_capabilities_count_through_facilities_too(
        self, service: Service, language: str, text: str
    ) -> None:
        heard = service.practice_search.heard(text, language, service.snapshot)
        assert ID["practice/pronano"] in heard.entities
        assert any(one.through for one in heard.meanings)
        assert all(one.itself.isdisjoint(one.through) for one in heard.meanings)

    @pytest.mark.parametrize(
        ("language", "text"),
        [("en", "Estonia"), ("en", "estonia"), ("lv", "Igaunijā"), ("lv", "Igaunija"), ("de", "Estland")],
    )
    def test_places_are_understood(self, service: Service, language: str, text: str) -> None:
        heard = service.practice_search.heard(text, language, service.snapshot)
        assert {"adapter-estonia", "sparkdemo-tartu"} <= {
            one.value.rsplit("/", 1)[-1] for one in heard.entities
        }

    def test_words_of_different_kinds_must_all_be_there(self, service: Service) -> None:
        heard = service.practice_search.heard("vouchers in Hungary", "en", service.snapshot)
        assert heard.has_all
        assert {one.value.rsplit("/", 1)[-1] for one in heard.entities} == {
            "centrope-voucher",
            "pannon-voucher",
        }

    def test_where_none_has_all_those_with_some_are_found_and_it_says_so(self, service: Service) -> None:
        heard = service.practice_search.heard("vouchers in Norway", "en", service.snapshot)
        assert not heard.has_all
        assert ID["practice/norwegian-catapult"] in heard.entities
        assert ID["practice/jic-innovation-vouchers"] in heard.entities

    @pytest.mark.parametrize(
        "text", ["", "  ", "'; DROP TABLE --", "xyzzy", "<script>", "\x00", "???", "%s {0}", "𓀀" * 200]
    )
    def test_what_means_nothing_finds_nothing(self, service: Service, text: str) -> None:
        heard = service.practice_search.heard(text, "en", service.snapshot)
        assert heard.meanings == ()
        assert heard.entities == frozenset()
