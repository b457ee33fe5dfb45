"""What a change of the shapes does to contributions: which become invalid or valid, by which rule, how often."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from cli.impact import as_json, markdown, summary
from graph.contribute.keeping.impact import Impact, Judged, Verdict, impact, shapes_in, shipped, stored
from graph.contribute.keeping.shapes_folder import shapes_folder
from graph.errors import InputError
from graph.resources import DATA, SHAPES, turtle_files
from graph.settings import Settings
from graph.store.ledger import DELETED, Ledger

ID = "https://w3id.org/infrashare/id"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
ONTOLOGY = "https://w3id.org/infrashare/ontology#"
TITLE = "<http://purl.org/dc/terms/title>"

PREFIXES = f"""
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shapes: <https://w3id.org/infrashare/shapes#> .
@prefix infra: <{ONTOLOGY}> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix sosa: <http://www.w3.org/ns/sosa/> .
"""
OLD = """
shapes:facility a sh:NodeShape ; sh:targetClass infra:Facility ;
  sh:property shapes:facility-region-required , shapes:facility-service-required , shapes:facility-title-two .
shapes:facility-region-required a sh:PropertyShape ; sh:path infra:inRegion ; sh:minCount 1 ; sh:severity sh:Violation .
shapes:facility-service-required a sh:PropertyShape ; sh:path infra:providesService ; sh:minCount 1 ;
  sh:severity sh:Warning .
shapes:facility-title-two a sh:PropertyShape ; sh:path dct:title ; sh:minCount 2 ; sh:severity sh:Info .
"""
NEW = """
shapes:facility a sh:NodeShape ; sh:targetClass infra:Facility ;
  sh:property shapes:facility-service-required , shapes:facility-title-two , shapes:facility-source-required .
shapes:facility-service-required a sh:PropertyShape ; sh:path infra:providesService ; sh:minCount 1 ;
  sh:severity sh:Violation .
shapes:facility-title-two a sh:PropertyShape ; sh:path dct:title ; sh:minCount 1 ; sh:severity sh:Info .
shapes:facility-source-required a sh:PropertyShape ; sh:path dct:source ; sh:minCount 1 ; sh:severity sh:Warning .
"""
EQUIPMENT = """
shapes:equipment a sh:NodeShape ; sh:targetClass infra:Equipment ; sh:property shapes:equipment-host-known .
shapes:equipment-host-known a sh:PropertyShape ; sh:path sosa:isHostedBy ; sh:class infra:Facility ;
  sh:severity sh:Violation .
"""


def quiet(_what: str, _done: int, _whole: int) -> None:
    """No progress."""


def facility(name: str, *, region: bool = True, service: bool = True) -> list[str]:
    subject = f"<{ID}/facility/{name}>"
    lines = [f"{subject} {TYPE} <{ONTOLOGY}Facility> .", f'{subject} {TITLE} "{name}"@en .']
    if region:
        lines.append(f"{subject} <{ONTOLOGY}inRegion> <http://data.europa.eu/nuts/code/BE225> .")
    if service:
        lines.append(f"{subject} <{ONTOLOGY}providesService> <{ID}/service/{name}> .")
    return lines


def equipment(name: str, host: str) -> list[str]:
    subject = f"<{ID}/equipment/{name}>"
    hosted = f"{subject} <http://www.w3.org/ns/sosa/isHostedBy> <{ID}/facility/{host}> ."
    return [f"{subject} {TYPE} <{ONTOLOGY}Equipment> .", hosted]


CONTRIBUTIONS = {
    "fine": [*facility("fine")],
    "harmed": [*facility("a", service=False), *facility("b", service=False), *facility("c")],
    "helped": [*facility("d", region=False)],
    "refers": equipment("lathe", "fine"),
    "dangling": equipment("mill", "nowhere"),
    "own": [*equipment("saw", "own"), *facility("own")],
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    made = []
    for name, text in (("old", OLD), ("new", NEW)):
        folder = tmp_path_factory.mktemp(name)
        (folder / "facility.ttl").write_text(PREFIXES + text)
        (folder / "equipment.ttl").write_text(PREFIXES + EQUIPMENT)
        made.append(folder)
    return made[0], made[1]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with closing(Ledger(f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'ledger.sqlite'}")) as made:

        def append(dataset: str, lines: list[str], change: str = "accepted") -> None:
            made.append(
                graph=f"https://w3id.org/infrashare/graph/alpha/{dataset}",
                partner="alpha",
                dataset=dataset,
                ntriples="".join(f"{line}\n" for line in sorted(lines)).encode(),
                triples=len(lines),
                agent="a",
                message="",
                change=change,
            )

        for dataset, lines in CONTRIBUTIONS.items():
            append(dataset, lines)
        append("gone", facility("gone", service=False))
        append("gone", [], DELETED)
        append("fine", [*CONTRIBUTIONS["fine"], *facility("e")])  # only what is current counts
        yield made


@pytest.fixture(scope="module")
def found(ledger: Ledger, folders: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Impact:
    """The impact of the change on all that the ledger holds now, measured in checking workers."""
    settings = Settings(check_workers=2, check_timeout=60)
    return impact(*folders, stored(ledger, tmp_path_factory.mktemp("union")), settings, quiet)


class TestMeasured:
    def test_every_current_contribution_is_checked(self, found: Impact) -> None:
        assert [one.name for one in found.contributions] == sorted(f"alpha/{name}" for name in CONTRIBUTIONS)

    def test_verdicts_change_with_the_rules_that_change_them(self, found: Impact) -> None:
        assert [(one.name, found.causes(one)) for one in found.became_invalid] == [
            ("alpha/harmed", [("facility-service-required", 2)])
        ]
        assert [(one.name, found.causes(one)) for one in found.became_valid] == [
            ("alpha/helped", [("facility-region-required", 1)])
        ]

    def test_references_are_looked_up_in_the_other_contributions(self, found: Impact) -> None:
        verdicts = {one.name: (one.old.conforms, one.new.conforms) for one in found.contributions}
        assert verdicts["alpha/refers"] == verdicts["alpha/own"] == (True, True)
        assert verdicts["alpha/dangling"] == (False, False)

    def test_rules_are_counted_before_and_after_the_gravest_first_and_the_gone_last(
        self, found: Impact
    ) -> None:
        told = {rule.code: (rule.severity, rule.old, rule.new, rule.contributions) for rule in found.rules()}
        assert list(told.items()) == [
            ("facility-service-required", ("warning → violation", 2, 2, 1)),
            ("facility-source-required", ("warning (new rule)", 0, 7, 4)),
            ("facility-title-two", ("info", 7, 0, 4)),
            ("facility-region-required", ("violation (rule gone)", 1, 0, 1)),
        ]

    def test_quality_levels_that_change_are_told(self, found: Impact) -> None:
        levels = {one.name.removeprefix("alpha/"): (one.old.level, one.new.level) for one in found.levels}
        assert levels["fine"] == ("gold", "bronze")
        assert "refers" not in levels


def judged(name: str, old: dict[str, int], new: dict[str, int], levels: str = "gold gold") -> Judged:
    before, after = levels.split()
    return Judged(name, Verdict(old, "v" not in old, before), Verdict(new, "v" not in new, after))


class TestTold:
    one = Impact(
        (
            judged("p/a", {"w": 3}, {"w": 1, "v": 2}, "gold bronze"),
            judged("p/b", {"w": 1}, {"w": 4}, "bronze platinum"),
            judged("p/c", {"i": 1}, {"i": 1}, "gold silver"),
        ),
        {"w": "warning", "i": "info"},
        {"w": "warning", "i": "info", "v": "violation"},
    )

    def test_more_in_one_contribution_does_not_hide_less_in_another(self) -> None:
        rule = next(rule for rule in self.one.rules() if rule.code == "w")
        assert (rule.old, rule.new, rule.appeared, rule.gone, rule.contributions) == (4, 5, 3, 2, 2)

    def test_the_order_of_levels_is_from_the_greatest_loss_to_the_greatest_gain(self) -> None:
        assert [one.name for one in self.one.levels] == ["p/a", "p/c", "p/b"]

    def test_markdown_has_a_table_for_each_kind_of_change(self) -> None:
        text = markdown(self.one, "v1.0.0", "shapes")
        assert text.startswith(
            "## Impact of the shapes: v1.0.0 → shapes\n\n3 contributions: 1 become invalid, "
        )
        assert "| p/a | becomes invalid | v (2) |" in text
        assert "| v | violation (new rule) | 0 | 2 | +2 -0 | 1 |" in text
        assert "| p/a | gold | bronze |" in text
        assert "| i |" not in text

    def test_json_has_the_same(self) -> None:
        told = json.loads(json.dumps(as_json(self.one)))
        assert told["became_invalid"] == [{"contribution": "p/a", "rules": {"v": 2}}]
        assert [rule["code"] for rule in told["rules"]] == ["v", "w"]
        assert told["levels"][0] == {"contribution": "p/a", "old": "gold", "new": "bronze"}

    def test_no_change_is_one_line_without_tables(self) -> None:
        same = Impact(tuple(replace(one, new=one.old) for one in self.one.contributions), {}, {})
        assert summary(same).startswith("3 contributions: 0 become invalid, 0 become valid, 0 change")
        assert "|" not in markdown(same, "a", "b")


class TestShapes:
    @pytest.mark.parametrize(
        ("text", "words"),
        [(None, "holds no shapes"), ("<a> <b>", "line 1"), ("<a:a> <a:b> 1 .", "holds no rule")],
    )
    def test_a_folder_that_cannot_be_used_is_told(self, tmp_path: Path, text: str | None, words: str) -> None:
        if text is not None:
            (tmp_path / "x.ttl").write_text(text)
        with pytest.raises(InputError, match=words):
            shapes_in(tmp_path)

    def test_a_git_revision_stands_for_its_shapes(self, tmp_path: Path) -> None:
        def git(*arguments: str) -> None:
            who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
            subprocess.run(["git", "-C", tmp_path, *who, *arguments], check=True, capture_output=True)

        shapes = tmp_path / "shapes"
        shapes.mkdir()
        (shapes / "facility.ttl").write_text(PREFIXES + OLD)
        git("init", "-q")
        git("add", "shapes")
        git("commit", "-q", "-m", "old")
        git("tag", "v0.1.0")
        (shapes / "facility.ttl").write_text(PREFIXES + NEW)
        git("rm", "-q", "-r", "--cached", "shapes")
        git("commit", "-q", "-m", "none")
        with shapes_folder("v0.1.0", tmp_path) as folder:
            assert "facility-region-required" in shapes_in(folder)
            assert folder != shapes
        assert not folder.exists()
        with shapes_folder(str(shapes), tmp_path) as folder:
            assert folder == shapes
        for wrong, words in (
            ("v9", "neither a folder nor a git revision"),
            ("--help", "neither a folder nor a git revision"),
            ("HEAD", "holds no folder shapes"),
        ):
            with pytest.raises(InputError, match=words), shapes_folder(wrong, tmp_path):
                pass


def test_what_ships_is_checked_where_there_is_no_ledger() -> None:
    contributions = shipped()
    assert [one.read() for one in contributions] == [path.read_bytes() for path in turtle_files(DATA)]
    assert "facility-region-required" in shapes_in(SHAPES)
