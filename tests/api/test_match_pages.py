"""The pages of a match: chips change the address and the answer, and what is offered does what it says."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from api.wording import Wording

HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}
DUTCH = "We willen titanium onderdelen 3D-printen en testen op vermoeiing, binnen 250 km van Hasselt, zonder lassen"


class Reading(HTMLParser):
    """The links, the fields and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: dict[str, str] = {}
        self.fields: list[tuple[str, str]] = []
        self.text = ""
        self._link: str | None = None
        self._name = ""
        self._quiet = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._quiet = tag in {"script", "style"}
        if tag == "a":
            self._link, self._name = given.get("href", ""), ""
        if tag in {"input", "textarea", "select"} and "name" in given:
            self.fields.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            for name in (self._name, self._name.partition(":")[0]):
                self.links.setdefault(name.strip(), self._link)
            self._link = None
        self._quiet = False

    def handle_data(self, data: str) -> None:
        if self._quiet:
            return
        self.text += data
        if self._link is not None:
            self._name += data

    def link(self, name: str) -> str:
        """The address that a link of this name leads to, without the part of the page."""
        return self.links[name].partition("#")[0]


def page_of(client: httpx.Client, address: str, status: int = 200, **params: Any) -> Reading:
    answer = client.get(address, params=params or None, headers=HTML)
    assert answer.status_code == status, answer.text[:500]
    return Reading(answer.text)


def answer_of(client: httpx.Client, address: str) -> dict[str, Any]:
    answer = client.get(address, headers=JSON)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def asked(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def notations(answer: dict[str, Any], kind: str) -> list[str]:
    return [one["notation"] for one in answer["understood"][kind]]


def test_a_chip_names_its_words(client: httpx.Client) -> None:
    text = page_of(client, "/match", text=DUTCH, lang="en").text
    assert "from “vermoeiing”" in text
    assert "from “titanium”" in text
    assert "from “zonder lassen”" in text


def test_removing_a_chip_takes_its_concept_out_of_the_understanding(client: httpx.Client) -> None:
    address = page_of(client, "/match", text=DUTCH, lang="en").link("Remove: fatigue testing")
    assert asked(address)["excluded"] == ["fatigue-testing"]
    answer = answer_of(client, address)
    assert "fatigue-testing" not in notations(answer, "capabilities")
    back = page_of(client, address).link("Ask for it: fatigue testing")
    assert "fatigue-testing" in notations(answer_of(client, back), "capabilities")


def test_an_essential_capability_is_a_hard_condition_until_it_is_none(client: httpx.Client) -> None:
    first = page_of(client, "/match", text=DUTCH, lang="en")
    address = first.link("Make essential: fatigue testing")
    assert asked(address)["essential"] == ["fatigue-testing"]
    before, after = (
        answer_of(client, "/match?" + urlsplit(address).query.replace("essential=fatigue-testing&", "")),
        answer_of(client, address),
    )
    assert after["total"] < before["total"]
    again = page_of(client, address)
    assert "a must" in again.text
    assert "essential" not in asked(again.link("No longer essential: fatigue testing"))


def test_a_capability_given_by_code_has_a_chip_too(client: httpx.Client) -> None:
    page = page_of(client, "/match", capability=["welding", "fatigue-testing"], lang="en")
    assert asked(page.link("Remove: welding"))["capability"] == ["fatigue-testing"]
    assert "Remove: fatigue testing" in page.links
    alone = page_of(client, "/match", capability="welding", lang="en")
    assert "Remove: welding" not in alone.links, "without it there is no need"


def test_words_that_say_a_distance_can_be_cut_and_leave_the_place(client: httpx.Client) -> None:
    address = page_of(client, "/match", text=DUTCH, lang="en").link("Remove: 250 km")
    assert "250" not in asked(address)["text"][0]
    assert asked(address)["location"]
    answer = answer_of(client, address)
    assert answer["understood"]["distance"] is None
    assert answer["results"][0]["distance_km"] is not None


def test_a_distance_of_the_text_can_be_made_a_condition(client: httpx.Client) -> None:
    address = page_of(client, "/match", text=DUTCH, lang="en").link("Make essential: 250 km")
    assert asked(address)["required"] == ["maxDistanceKm"]
    far = [one["distance_km"] for one in answer_of(client, address + "&limit=200")["results"]]
    assert max(km for km in far if km is not None) <= 250


def test_a_service_and_a_country_can_be_made_conditions(client: httpx.Client) -> None:
    page = page_of(client, "/match", text="fatigue testing in Czechia", lang="en")
    address = page.link("Make essential: Czechia")
    assert {one["country"] for one in answer_of(client, address)["results"]} <= {"CZ"}
    service = page_of(client, "/match", text="consulting about welding", lang="en", service="testing")
    assert "services" in asked(service.link("Make essential: testing"))["required"]


def test_a_country_that_the_text_insists_on_can_be_relaxed(client: httpx.Client) -> None:
    page = page_of(client, "/match", text="welding, only in Latvia", lang="en")
    assert "a must" in page.text
    address = page.link("No longer essential: Latvia")
    assert "required" not in asked(address)
    assert (
        answer_of(client, address)["total"]
        > answer_of(client, "/match?text=welding,+only+in+Latvia")["total"]
    )


def test_one_more_capability_can_be_added_in_words(client: httpx.Client) -> None:
    page = page_of(client, "/match", text="welding", add="fatigue testing", lang="en")
    assert "Remove: fatigue testing" in page.links
    dutch = page_of(client, "/match", text="lassen", add="vermoeiingsproeven", lang="nl")
    assert ("capability", "fatigue-testing") in dutch.fields
    lost = page_of(client, "/match", 400, text="welding", add="blargh", lang="en")
    assert "We know nothing called “blargh”" in lost.text


@pytest.mark.parametrize(
    ("place", "lang", "member"),
    [
        ("Hasselt", "nl", "location"),
        ("hasselt, BE", "en", "location"),
        ("Valmiera", "lv", "location"),
        ("Skåne län", "sv", "region"),
        ("BE223", "en", "region"),
        ("Prov. Limburg (BE) (BE22)", "nl", "region"),
        ("Latvija", "lv", "region"),
    ],
)
def test_a_place_is_known_by_its_name(client: httpx.Client, place: str, lang: str, member: str) -> None:
    page = page_of(client, "/match", text="welding", place=place, lang=lang)
    why_not = Wording().of(lang).gettext("What would make it fit better")
    assert asked(page.links[why_not])[member]
    answer = client.get("/match", params={"text": "welding", "place": place}, headers=JSON).json()
    assert answer["results"][0]["distance_km"] is not None


def test_a_place_that_is_not_known_is_told_at_its_field_with_near_names(client: httpx.Client) -> None:
    page = page_of(client, "/match", 400, text="welding", place="Haselt", maxDistanceKm="100", lang="en")
    assert "Did you mean Hasselt" in page.text
    assert ("place", "Haselt") in page.fields
    assert ("maxDistanceKm", "100") in page.fields
    problem = client.get("/match", params={"text": "welding", "place": "Haselt"}, headers=JSON)
    assert problem.status_code == 400
    assert problem.json()["errors"][0]["path"] == "place"


def test_a_distance_without_a_place_is_told_at_its_field(client: httpx.Client) -> None:
    page = page_of(client, "/match", 400, text="welding", maxDistanceKm="100", lang="en")
    assert "A distance needs a place to measure from" in page.text


def test_a_condition_whose_field_was_emptied_is_none_any_more(client: httpx.Client) -> None:
    page_of(client, "/match", text="welding", place="Hasselt", maxDistanceKm="", required="maxDistanceKm")
    assert client.get("/match?text=welding&required=trl", headers=JSON).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "capability=fatigue-testing&place=Hasselt&maxDistanceKm=100&required=maxDistanceKm",
        "capability=fatigue-testing&country=LV&required=countries",
        "capability=welding&service=certification&required=services",
        "text=welding,+only+in+Estonia",
        "essential=fatigue-testing&essential=welding&capability=additive-manufacturing",
    ],
)
def test_a_relaxation_gives_what_it_promises(client: httpx.Client, query: str) -> None:
    page = client.get(f"/match?{query}&lang=en", headers=HTML)
    read = Reading(page.text)
    before = answer_of(client, f"/match?{query}&lang=en")
    assert before["relaxations"], "something can be relaxed"
    offered = [name for name in read.links if name.startswith("Get ")]
    assert offered
    for name in offered:
        gains = int(name.split()[1])
        assert answer_of(client, read.link(name))["total"] == before["total"] + gains


def test_criteria_stand_in_three_groups_and_sources_behind_them(client: httpx.Client) -> None:
    text = page_of(client, "/match", text=DUTCH, lang="en").text
    for heading in ("Met", "Not met", "Not known, to be asked"):
        assert heading in text
    assert "behind it, with" in text
    assert "flanders-make" in text


def test_the_results_are_on_a_map_with_their_ranks(client: httpx.Client) -> None:
    page = client.get("/match", params={"text": DUTCH, "lang": "en"}, headers=HTML).text
    assert 'data-inline="match-map"' in page
    assert '"rank": 1' in page
    assert "Where you are" in page


def test_parts_that_no_single_facility_covers_are_shared_out(client: httpx.Client) -> None:
    text = page_of(client, "/match", text=DUTCH, lang="en").text
    assert "Together they cover more" in text
    assert "Part of your need" in text


def test_open_questions_of_schemes_have_fields_that_keep_the_address(client: httpx.Client) -> None:
    page = page_of(client, "/match", text="welding", region="CZ064", lang="en")
    answers = {name for name, _ in page.fields} & {
        "companySize",
        "staff",
        "turnover",
        "addSector",
        "addService",
    }
    assert answers, "there is something to answer"
    told = page_of(client, "/match", text="welding", region="CZ064", companySize="small", lang="en")
    assert "small: 10 to 49 people" in told.text
    assert "Remove: small: 10 to 49 people" in told.links
    assert asked(told.link("Remove: small: 10 to 49 people"))["region"] == ["CZ064"]


def test_a_region_for_schemes_leaves_the_city_that_is_measured_from(client: httpx.Client) -> None:
    page = page_of(client, "/match", text=DUTCH, firmRegion="BE22", lang="en")
    parameters = asked(page.links["What would make it fit better"])
    assert parameters["region"] == ["BE22"]
    assert parameters["location"] == ["50.9311,5.3378"]


def test_a_facility_is_judged_by_name(client: httpx.Client) -> None:
    page = page_of(client, "/match/why-not", text=DUTCH, facility="MUSP", lang="en")
    assert "What would have to change" in page.text
    assert "fits your need" in page.text
    assert asked(page.link("Back to the facilities for your need"))["text"] == [DUTCH]


def test_a_hard_condition_that_keeps_a_facility_out_can_be_changed(client: httpx.Client) -> None:
    need = {"capability": "fatigue-testing", "country": "CZ", "required": "countries"}
    page = page_of(client, "/match/why-not", **need, facility="musp-piacenza", lang="en")
    answer = client.get("/match/why-not", params={**need, "facility": "musp-piacenza"}, headers=JSON).json()
    assert answer["is_result"] is False
    if "Change the need so" in page.links:
        facilities = [
            one["facility"]
            for one in answer_of(client, page.link("Change the need so") + "&limit=200")["results"]
        ]
        assert any(one.endswith("/musp-piacenza") for one in facilities)


def test_a_name_that_several_facilities_have_is_a_choice(client: httpx.Client) -> None:
    page = page_of(client, "/match/why-not", text="welding", facility="lab", lang="en")
    assert "Which facility do you mean?" in page.text
    choices = [href for href in page.links.values() if href.startswith("/match/why-not?")]
    assert len(choices) > 1
    assert "fits your need" in page_of(client, choices[0]).text
    none = page_of(client, "/match/why-not", text="welding", facility="blargh", lang="en")
    assert "No facility in the graph goes with “blargh”" in none.text
    slip = page_of(client, "/match/why-not", text="welding", facility="Holst Center", lang="en")
    assert "Holst Centre" in slip.text


def test_nothing_found_says_why_and_what_to_try(client: httpx.Client) -> None:
    text = page_of(client, "/match", text="blargh snorf", lang="en").text
    assert "No facility fits yet" in text
    assert "we recognised no capability in your words" in text
    assert "blargh" in text


def test_the_address_on_paper_gives_the_same_answer(client: httpx.Client) -> None:
    page = client.get("/match", params={"text": DUTCH, "place": "Hasselt", "lang": "en"}, headers=HTML).text
    read = Reading(page)
    address = read.text.partition("The address of this answer: ")[2].split()[0]
    again = answer_of(client, address)
    assert again["results"] == answer_of(client, f"/match?{urlsplit(address).query}")["results"]
    assert asked(address)["location"] == ["50.9311,5.3378"]


def test_a_run_page_leads_to_the_need_of_today(client: httpx.Client) -> None:
    run = answer_of(client, "/match?text=welding+and+fatigue+testing&lang=en")["run"]["id"]
    page = page_of(client, f"/match/runs/{run}")
    assert page.link("Remove: welding").startswith("/match?text=")


def test_hostile_words_are_only_text_on_all_pages_of_a_match(client: httpx.Client) -> None:
    hostile = '"><script>alert(1)</script>'
    for address, params in (
        ("/match", {"text": f"welding {hostile}", "place": "Hasselt"}),
        ("/match", {"text": "welding", "place": hostile}),
        ("/match", {"text": "welding", "add": hostile}),
        ("/match/why-not", {"text": f"welding {hostile}", "facility": hostile}),
        ("/match/why-not", {"text": "welding", "facility": f"lab{hostile}"}),
    ):
        assert "<script>alert" not in client.get(address, params=params, headers=HTML).text
