"""Why groups have no value, where the reason stands, what local data help, and what a change or a state's middle is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from operator import attrgetter

import invented
import pytest

from upward.catalog.load import load_catalog
from upward.present.build import build_place_page
from upward.present.html import render_place_page
from upward.present.specs import GroupsChart, NoChart

#: A planning region of Connecticut: new since 2022.
NEW_AREA = replace(invented.COUNTY, geo_id="09110")


class LargePart(invented.InventedContext):
    """The place holds 27 of 100 residents of its state, whose middle is its own value where `middles` are given."""

    share = 0.27

    def share_of_state(self, geo_level: str, geo_id: str) -> float:
        return self.share

    def get(self, *number: str):
        found = super().get(*number)
        own = next((row for row in self.own if row[: len(number)] and _number(row) == number[:-1]), None)
        return found if number[-1] == "US" or own is None else found._replace(median=own.value)


_number = attrgetter("variable", "edition", "source_release", "period", "group_type", "group", "geo_level")


def metric_row(page, name: str):
    return next(row for pillar in page.pillars for row in pillar.rows if row.id == name)


def reasons(page, name: str) -> dict[str, str]:
    return {
        chart.caption: chart.reason for chart in metric_row(page, name).groups if isinstance(chart, NoChart)
    }


def line_of(page, begun: str):
    (line,) = (line for line in page.missing if line.value.startswith(begun))
    return line


def without(metric: str, *group_types: str):
    """Return a change that takes the rows of group types away."""
    return lambda row: None if row.metric == metric and row.group_type in group_types else row


def test_groups_of_a_table_older_than_the_area_say_so(make) -> None:
    page = make(NEW_AREA, change=without("preschool", "race-ethnicity"))
    reason = "The newest such figures are of 2017–2021; this area is in the data since 2022."
    assert reasons(page, "preschool") == {"By race and ethnicity": reason}
    assert line_of(page, "Preschool: by race").reason == reason


def test_groups_of_a_table_as_new_as_the_area_say_that_it_has_no_row(make) -> None:
    page = make(NEW_AREA, change=without("housing_affordability", "tenure"))
    assert reasons(page, "housing_affordability") == {
        "By owners and renters": "The published tables have no row for this area, in the data since 2022."
    }


def test_groups_that_only_cities_have_say_so_and_stand_apart_from_those_that_are_gone(make) -> None:
    page = make(change=without("income", "race-ethnicity"))
    assert reasons(page, "income") == {
        "By race and ethnicity": "No value for these groups in this release.",
        "By gender": "The release has such figures for cities only.",
    }


def test_groups_that_are_all_suppressed_give_the_reason_of_their_newest_rows(make) -> None:
    def change(row):
        gone = row.metric == "preschool" and row.group_type != "all"
        return invented.missing(row, "Old." if row.edition == "2022" else "Too few.") if gone else row

    assert reasons(make(change=change), "preschool") == {
        "By race and ethnicity and by household income": "Too few."
    }
    spanish = reasons(make(change=change, language="es"), "preschool")
    assert list(spanish) == ["Por raza y etnia y por ingreso del hogar"]


def test_the_reason_of_missing_groups_follows_the_groups_that_are_drawn(make) -> None:
    row = metric_row(make(change=without("employment", "race-ethnicity")), "employment")
    assert [type(chart) for chart in row.groups] == [GroupsChart, GroupsChart, NoChart]
    html = render_place_page(make(change=without("employment", "race-ethnicity")))
    assert ":nth-child(3):not(.none)" in html  # a third drawing stands elsewhere, a reason does not


@pytest.mark.parametrize(
    ("metric", "group_type", "begun", "advice"),
    [
        ("employment", "race-ethnicity", "Employment: by race", "None known by group"),
        ("preschool", "race-ethnicity", "Preschool: by race", "None known by group"),
        ("college_preparation", "gender", "High school degree: by gender", "None known by group"),
        ("college_preparation", "disability", "High school degree: by dis", "Graduation rates by school and group"),
        ("debt", "neighborhood-race", "Debt in collections: by kind", "Delinquent debt by ZIP code"),
    ],
)  # fmt: skip
def test_local_data_help_with_groups_only_where_they_have_them(
    make, metric, group_type, begun, advice
) -> None:
    page = make(change=without(metric, group_type))
    assert line_of(page, begun).advice.startswith(advice)


def test_local_data_for_a_whole_metric_or_a_number_of_it_are_those_that_measure_it(make) -> None:
    page = make(change=lambda row: None if row.variable == "share_medical_debt_coll" else row)
    assert line_of(page, "Medical debt").advice.startswith("Financial counseling")
    page = make(change=lambda row: None if row.metric == "turnout" else row)
    assert line_of(page, "Voter turnout").advice == "Voter registration and turnout by precinct and age."


def test_a_number_that_only_counties_have_says_so_in_a_city(make) -> None:
    page = make(invented.CITY)
    reason = "The release has such figures for counties only."
    assert [chart.reason for chart in metric_row(page, "debt").standing if isinstance(chart, NoChart)] == [
        reason
    ]
    assert line_of(page, "Medical debt").reason == reason


@pytest.mark.parametrize("metric", ["crime", "juvenile_arrests"])
def test_crimes_and_arrests_of_several_years_carry_the_caution_on_reporting(make, metric) -> None:
    words = "A change since can come from more agencies reporting."
    assert metric_row(make(), metric).note.text.endswith(words)
    one = make(change=lambda row: None if row.metric == metric and row.period != "2023" else row)
    note = metric_row(one, metric).note
    assert note is None or words not in note.text


@pytest.mark.parametrize(
    ("share", "own", "said"), [(0.27, True, True), (0.27, False, False), (0.05, True, False)]
)
def test_a_state_whose_middle_is_the_place_itself_is_explained_once(share, own, said) -> None:
    catalog = load_catalog("en")
    rows = invented.all_rows(catalog, invented.COUNTY)
    context = LargePart(catalog)
    object.__setattr__(context, "share", share)
    object.__setattr__(context, "own", [row for row in rows if row.metric == "preschool"] if own else [])
    page = build_place_page(
        invented.COUNTY, rows, context, catalog, populations=invented.POPULATIONS,
        release_info=invented.RELEASE, today=date(2026, 11, 24), language="en",
    )  # fmt: skip
    sentence = (
        "Where its tick or an end is this place’s own value: 27 of 100 residents of the state live here."
    )
    assert page.own_middle == (sentence if said else "")
    assert render_place_page(page).count(sentence) == said
