"""Small words of a row that must be true of the place: units, grades, names, and which area was counted."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import invented
import pytest

from upward.catalog.load import load_catalog
from upward.present.build import build_place_page
from upward.present.specs import GroupsChart, PeersView, PeerView, PlaceViews
from upward.warehouse.codes import FORMER_OR_FEW, REASONS

DOUBT, CERTAIN = REASONS[FORMER_OR_FEW], "Too few cases here, or not given."
NEW_AREA = replace(invented.COUNTY, geo_id="02063")


def metric_row(page, name: str):
    return next(row for pillar in page.pillars for row in pillar.rows if row.id == name)


def glance(page, name: str):
    return next(line for pillar in page.pillars for line in pillar.glances if line.id == name)


def with_peer(change, *, positions=False, language="en"):
    """A page beside a peer that has every number as it was invented, whatever `change` made of the place's own."""
    catalog, peer = load_catalog(language), replace(invented.COUNTY, geo_id="99003")
    found: dict[str, dict] = {}
    for row in invented.all_rows(catalog, peer):
        if row.group_type == "all" and row.period >= found.get(row.variable, {}).get("99003", row).period:
            found[row.variable] = {"99003": row}
    peers = PeersView("Chosen.", (), (PeerView("99003", "Other County, SL", "0.1", ()),))
    views = PlaceViews(peers=peers, peer_rows=found)
    if positions:
        views = replace(views, positions={("anything", "2025", "2023"): ()})
    return build_place_page(
        invented.COUNTY,
        invented.all_rows(catalog, invented.COUNTY, change),
        invented.InventedContext(catalog),
        catalog,
        populations=invented.POPULATIONS,
        release_info=invented.RELEASE,
        today=date(2026, 11, 24),
        language=language,
        views=views,
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", r"The US middle is one for every 1,\d{3} residents;"),
        ("es", r"La mediana de EE\. UU\. es de uno por cada 1,\d{3} residentes;"),
    ],
)
def test_the_middle_beside_a_place_without_a_physician_says_what_it_counts(make, language, said) -> None:
    def nobody(row):
        return row._replace(value=None, flags="no-physician") if row.metric == "physicians" else row

    reading = " ".join(metric_row(make(change=nobody, language=language), "physicians").reading)
    ordinary = " ".join(metric_row(make(language=language), "physicians").reading)
    assert re.search(said, reading.replace("\u00a0", " "))
    assert not re.search(said, ordinary.replace("\u00a0", " "))  # whose own sentence has named it


def test_the_usual_grade_of_a_table_is_that_of_the_place_and_not_of_its_peers() -> None:
    page = with_peer(lambda row: row._replace(quality=2) if row.metric == "transit_commuting" else row)
    table = metric_row(page, "transit_commuting").table
    assert "Data quality: Marginal, unless a figure says otherwise" in table.caption
    (peers,) = [group for group in table.groups if group.head.startswith("Peer")]
    assert "Strong" in " ".join(peers.rows[0])


def test_a_grade_of_a_figure_that_is_not_there_is_left_out_and_one_of_a_figure_is_a_sentence(make) -> None:
    def changed(row):
        if row.metric != "employment" or row.group_type != "all":
            return row
        regraded = row._replace(published_quality=3)
        return invented.missing(regraded, "Why.") if row.period == "2018" else regraded

    table = metric_row(make(change=changed), "employment").table
    (notes,) = [group for group in table.groups if group.head == "Notes"]
    assert {text for _head, text in notes.rows if "Why." in text} == {"Why."}
    assert [text for _head, text in notes.rows if text.endswith("Published grade: Weak.")]


def few_students(first_with_share: str):
    """Students without a home: a share in one year, everything else in doubt."""

    def changed(row):
        if row.metric != "housing_stability" or row.edition != "2025" or row.period < "2020":
            return None if row.metric == "housing_stability" else row
        share = row.variable == "share_homeless" and row.group_type == "all"
        return row if share and row.period == first_with_share else invented.missing(row, DOUBT)

    return changed


def test_a_source_that_counted_the_area_is_not_said_to_have_counted_the_former_one_since(make) -> None:
    page = make(NEW_AREA, change=few_students("2020"))
    row = metric_row(page, "housing_stability")
    said = " ".join([*(text for text, _strong in row.meta), *(chart.reason for chart in row.groups)])
    assert DOUBT not in " ".join([said, row.trends[0].reason, *(line.reason for line in page.missing)])
    (once,) = [text for text, _strong in row.meta if CERTAIN.lower() in text.lower()]
    assert once == f"Number of students; newer values (2021, 2022): {CERTAIN[0].lower()}{CERTAIN[1:]}"


def test_years_before_the_source_counted_the_area_stay_in_doubt(make) -> None:
    (trend,) = metric_row(make(NEW_AREA, change=few_students("2022")), "housing_stability").trends
    assert f"2020, 2021: {DOUBT[0].lower()}{DOUBT[1:]}" in trend.reason


def test_a_single_year_tells_why_another_has_none_as_it_is_given_for_the_other_number(make) -> None:
    def changed(row):
        if row.metric != "housing_stability":
            return row
        if row.edition != "2025" or row.period < "2021":
            return None
        if row.period == "2021":
            return invented.missing(row, "Why.") if row.variable == "count_homeless" else None
        return row

    (trend,) = metric_row(make(change=changed), "housing_stability").trends
    assert trend.reason == "One year only (2022). 2021: why."


def test_a_number_that_a_group_lacks_stands_among_what_is_missing(make) -> None:
    def changed(row):
        lowest = row.variable == "share_affordable_30_ami" and row.group == "renter"
        return invented.missing(row, "Why.") if lowest else row

    lines = [line for line in make(change=changed).missing if line.reason == "Why."]
    assert [line.value for line in lines] == ["Housing affordability: Renters, affordable, 30%"]


def test_the_only_other_group_is_named_where_groups_are_said_instead_of_drawn(make) -> None:
    groups = [group.id for group in load_catalog("en").group_types["neighborhood-poverty"].groups]

    def changed(row):
        if row.metric != "air_quality":
            return row
        if row.group in ("all", groups[0]):
            return row._replace(value=44.0, lower=None, upper=None)
        return invented.missing(row)

    charts = metric_row(make(change=changed), "air_quality").groups
    texts = [chart.instead for chart in charts if isinstance(chart, GroupsChart) and chart.instead]
    assert texts
    for chart in charts:
        if isinstance(chart, GroupsChart) and chart.instead and len(chart.lines) == 2:
            assert "The other groups" not in chart.instead
            assert chart.lines[1].label in chart.instead


def test_homes_of_which_all_groups_are_weak_have_no_position_as_other_weak_figures() -> None:
    def weak(row):
        return row._replace(quality=3) if row.metric == "housing_wealth" else row

    assert glance(with_peer(weak, positions=True), "housing_wealth").words == "weak data, no position"
    assert glance(with_peer(None, positions=True), "housing_wealth").words == "by group, see below"
