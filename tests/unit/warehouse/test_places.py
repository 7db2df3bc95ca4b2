"""Finding places from what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upward.base.errors import NotFoundError
from upward.warehouse.places import PLACE_FIELDS, Place, PlaceFinder, plain

# code, name, state, state name, abbreviation, population
LISTED = (
    ("29019", "Boone County", "29", "Missouri", "MO", 187690),
    ("21015", "Boone County", "21", "Kentucky", "KY", 139000),
    ("29209", "Stone County", "29", "Missouri", "MO", 32000),
    ("35013", "Doña Ana County", "35", "New Mexico", "NM", 225000),
    ("29510", "St. Louis city", "29", "Missouri", "MO", 281754),
    ("29189", "St. Louis County", "29", "Missouri", "MO", 987059),
    ("2965000", "St. Louis city", "29", "Missouri", "MO", 281754),
    ("42101", "Philadelphia County", "42", "Pennsylvania", "PA", 1550542),
    ("4260000", "Philadelphia city", "42", "Pennsylvania", "PA", 1550542),
    ("5363000", "Seattle city", "53", "Washington", "WA", 755078),
    ("1150000", "Washington city", "11", "District of Columbia", "DC", 678972),
    ("41067", "Washington County", "41", "Oregon", "OR", 600176),
    ("27163", "Washington County", "27", "Minnesota", "MN", 278936),
    ("24033", "Prince George's County", "24", "Maryland", "MD", 947430),
    ("48123", "DeWitt County", "48", "Texas", "TX", 19824),
    ("17039", "De Witt County", "17", "Illinois", "IL", 15400),
    ("2938000", "Kansas City city", "29", "Missouri", "MO", 510704),
    ("2036000", "Kansas City city", "20", "Kansas", "KS", 152933),
    ("39041", "Delaware County", "39", "Ohio", "OH", 231636),
    ("02063", "Chugach Census Area", "02", "Alaska", "AK", 6941),
    ("09110", "Capitol Planning Region", "09", "Connecticut", "CT", 981447),
    ("09120", "Greater Bridgeport Planning Region", "09", "Connecticut", "CT", 328189),
    ("22071", "Orleans Parish", "22", "Louisiana", "LA", 364136),
    ("98001", "Finch County", "98", "Cardinal", "CD", 1000),
)
FORMER = (
    ("09001", "Fairfield County", "09", "Connecticut", "CT", 957419, "09120 09140 09190"),
    ("25017", "Middlesex County", "25", "Massachusetts", "MA", 1623109, ""),
    ("09007", "Middlesex County", "09", "Connecticut", "CT", 164759, "09130"),
)


def made(
    code: str, name: str, state: str, state_name: str, short: str, people: float, after: str = ""
) -> Place:
    return Place(
        geo_level="county" if len(code) == 5 else "place",
        geo_id=code,
        name=name,
        state=state,
        state_name=state_name,
        state_abbreviation=short,
        population=people,
        population_year="2023",
        geo_vintage="2022",
        first_year="2014",
        last_year="2023",
        current=not after,
        successors=after,
        predecessors="",
    )


FINDER = PlaceFinder([made(*entry) for entry in (*LISTED, *FORMER)])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("29019", "29019"),
        (" 4260000 ", "4260000"),
        ("Boone County, MO", "29019"),
        ("Boone County, Missouri", "29019"),
        ("boone county missouri", "29019"),
        ("BOONE,ky", "21015"),
        ("boone ky", "21015"),
        ("Boone County, Misouri", "29019"),
        ("Bone County, MO", "29019"),
        ("Boone Cuonty, MO", "29019"),
        ("Doña Ana", "35013"),
        ("dona ana county, nm", "35013"),
        ("saint louis county", "29189"),
        ("St Louis County, MO", "29189"),
        ("Seatle", "5363000"),
        ("Seattle, Washington", "5363000"),
        ("Washington, DC", "1150000"),
        ("Washington, Oregon", "41067"),
        ("prince georges", "24033"),
        ("De Witt County, TX", "48123"),
        ("DeWitt, Illinois", "17039"),
        ("Kansas City, KS", "2036000"),
        ("Kansas City Missouri", "2938000"),
        ("Delaware Ohio", "39041"),
        ("Philadelphia city", "4260000"),
        ("Philadelphia County", "42101"),
        ("chugach", "02063"),
        ("Capitol Planing Region", "09110"),
        ("orleans, la", "22071"),
        ("Finch County, CD", "98001"),
        ("finch, cardinal", "98001"),
        ("Fairfield County, CT", "09001"),
        ("Middlesex", "25017"),
        ("Middlesex, CT", "09007"),
    ],
)
def test_what_people_type_finds_the_place(text: str, code: str) -> None:
    assert FINDER.find(text).geo_id == code


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Washington County", ["41067", "27163"]),
        ("washington", ["1150000", "41067", "27163"]),
        ("Boone", ["29019", "21015"]),
        ("Philadelphia", ["42101", "4260000"]),
        ("philadelphia, pa", ["42101", "4260000"]),
        ("St. Louis, MO", ["29189", "29510", "2965000"]),
        ("Kansas City", ["2938000", "2036000"]),
        ("dewitt", ["48123", "17039"]),
    ],
)
def test_a_name_of_several_places_lists_them_with_their_states(text: str, codes: list[str]) -> None:
    with pytest.raises(NotFoundError, match="more than one place") as refused:
        FINDER.find(text)
    assert [line.split()[0] for line in refused.value.candidates] == codes
    assert all(", " in line for line in refused.value.candidates)
    assert refused.value.exit_code == 4


@pytest.mark.parametrize(
    "text", ["", "   ", "x", "Atlantis", "00000", "1", "٢٩٠١٩", "Boone County, Atlantis", "%", "\x00"]
)
def test_what_names_no_place_is_refused(text: str) -> None:
    with pytest.raises(NotFoundError):
        FINDER.find(text)


def test_a_near_miss_is_offered() -> None:
    with pytest.raises(NotFoundError, match="no place") as refused:
        FINDER.find("Boonville")
    assert any("Boone County, Missouri" in line for line in refused.value.candidates)


def test_a_former_area_that_has_numbers_is_found_and_names_its_successors() -> None:
    found = FINDER.find("09001")

    assert found.current is False
    assert found.successor_ids == ("09120", "09140", "09190")


def test_the_code_of_a_former_area_without_numbers_leads_to_its_successors() -> None:
    with pytest.raises(NotFoundError, match="Valdez-Cordova Census Area until 2019") as refused:
        FINDER.find("02261")
    assert refused.value.candidates == ("02063  Chugach Census Area, Alaska",)


def test_larger_places_come_first_among_equals() -> None:
    found = [place.geo_id for place, _score in FINDER.search("washington county")]

    assert found[:2] == ["41067", "27163"]


def test_the_beginning_of_a_code_lists_what_begins_so() -> None:
    assert {place.geo_id for place, _score in FINDER.search("290")} == {"29019"}


def test_the_limit_is_kept() -> None:
    assert len(FINDER.search("county", limit=3)) == 3


@given(st.text(max_size=40))
def test_no_text_breaks_the_search(text: str) -> None:
    found = FINDER.search(text)

    assert all(0 <= score <= 100 for _place, score in found)
    assert [score for _place, score in found] == sorted((score for _place, score in found), reverse=True)


@given(st.sampled_from(LISTED), st.sampled_from(["{name}, {short}", "{name}, {state}", "{name} {state}"]))
def test_every_place_is_among_what_its_full_name_finds(
    entry: tuple[str, str, str, str, str, int], form: str
) -> None:
    code, name, _state, state_name, short, _people = entry
    text = form.format(name=name, short=short, state=state_name)

    best = [place.geo_id for place, score in FINDER.search(text) if score == 100]

    assert code in best
    assert len(best) <= 2  # a county and a city may share one name


@given(st.text(max_size=30))
def test_a_plain_name_stays_as_it_is_when_made_plain_again(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_the_fields_of_a_place_are_complete() -> None:
    assert len(PLACE_FIELDS) == 14
