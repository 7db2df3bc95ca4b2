"""What a row says of a comparison, a year or a source: what it is, and why one that is looked for is not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import invented
import pytest

from upward.catalog.load import load_catalog
from upward.present.build import build_place_page
from upward.present.html_parts import figures
from upward.present.specs import GroupsChart, LanesChart, PeersView, PeerView, PlaceViews, RangeChart

SURVEYED = {
    "housing_affordability", "preschool", "college_preparation", "digital_access", "employment", "income",
    "housing_wealth",
}  # fmt: skip
SHARED = "A figure of a wider survey area that the place shares with its neighbors."
PEERS = PeersView("Chosen.", (), (PeerView("99003", "Other County, SL", "0.1", ()),))


def built(place=invented.COUNTY, *, populations=None, language="en", change=None, usable=True, views=None):
    catalog = load_catalog(language)
    return build_place_page(
        place,
        invented.all_rows(catalog, place, change),
        invented.InventedContext(catalog, usable),
        catalog,
        populations=invented.POPULATIONS if populations is None else populations,
        release_info=invented.RELEASE,
        today=date(2026, 11, 24),
        language=language,
        views=views,
    )


def rows(page):
    return {row.id: row for pillar in page.pillars for row in pillar.rows}


def note_of(row) -> str:
    return row.note.text if row.note else ""


def only(metric: str, change):
    return lambda row: change(row) if row.metric == metric else row


def beside(change=None) -> PlaceViews:
    """A page with one peer, which has every newest number of the county."""
    catalog, peer = load_catalog("en"), replace(invented.COUNTY, geo_id="99003")
    found: dict[str, dict] = {}
    for row in invented.all_rows(catalog, peer, change):
        if row.group_type == "all" and row.period >= found.get(row.variable, {}).get("99003", row).period:
            found[row.variable] = {"99003": row}
    return PlaceViews(peers=PEERS, peer_rows=found)


def small(residents: float, **others):
    place = replace(invented.COUNTY, population=residents)
    return built(place, populations=[("2014", residents - 500), ("2023", residents)], **others)


def test_a_place_smaller_than_a_survey_area_says_so_at_every_figure_of_the_survey() -> None:
    said = {name for name, row in rows(small(99_000.0)).items() if SHARED in note_of(row)}
    assert said == SURVEYED
    assert not [name for name, row in rows(small(100_400.0)).items() if SHARED in note_of(row)]
    spanish = rows(small(99_000.0, language="es"))
    assert "área de encuesta mayor" in note_of(spanish["income"])


def test_a_place_that_had_a_survey_area_of_its_own_in_any_year_is_not_said_to_share_one() -> None:
    shrunk = built(
        replace(invented.COUNTY, population=98_000.0), populations=[("2014", 101_000.0), ("2023", 98_000.0)]
    )
    assert SHARED not in note_of(rows(shrunk)["income"])


def test_an_older_edition_made_from_tables_is_no_figure_of_a_survey_area() -> None:
    old = only("digital_access", lambda row: row if row.edition == "2022" else None)
    assert SHARED not in note_of(rows(small(9_000.0, change=old))["digital_access"])


def test_the_sentence_of_homes_begins_with_the_figures_that_stand_big(page) -> None:
    row = rows(page)["housing_affordability"]
    assert "were affordable and available" in row.reading[0]
    assert row.headlines[0].label == "Available, 30%"
    assert "at a price they could carry" in row.reading[1]


def test_the_nation_beside_a_city_is_that_of_the_large_cities(city, page) -> None:
    def names(page):
        charts = [chart for row in rows(page).values() for chart in row.standing]
        spans = [chart.spans[0] for chart in charts if isinstance(chart, RangeChart)]
        spans += [lane.span for chart in charts if isinstance(chart, LanesChart) for lane in chart.lanes]
        heads = [column.head for row in rows(page).values() if row.table for column in row.table.columns]
        return {(span.short, span.name) for span in spans}, set(heads)

    of_cities, heads = names(city)
    assert of_cities == {("US cities", "Large US cities")}
    assert "Middle of US cities" in heads
    assert "US middle" not in heads
    of_counties, heads = names(page)
    assert of_counties == {("US", "United States")}
    assert "US middle" in heads
    assert rows(city)["turnout"].trends[0].series[0].national_runs[0][0].label == "US cities"


@pytest.mark.parametrize("metric", ["turnout", "income", "housing_wealth", "employment"])
def test_a_row_without_the_nation_says_why(metric: str) -> None:
    row = rows(built(usable=False))[metric]
    said = " ".join([*row.reading, *[getattr(chart, "reason", "") for chart in row.standing]])
    assert "No US range: more than 15 of 100 residents live where the value is missing or weak." in said
    city = rows(built(invented.CITY, usable=False))[metric]
    said = " ".join([*city.reading, *[getattr(chart, "reason", "") for chart in city.standing]])
    assert "No range of US cities: more than 15 of 100" in said
    assert "US range" not in said


def test_a_drawing_with_the_state_alone_says_why_the_nation_is_not_in_it() -> None:
    class StateAlone(invented.InventedContext):
        def get(self, *number: str):
            found = super().get(*number)
            return found._replace(usable=number[-1] != "US")

    catalog = load_catalog("en")
    page = build_place_page(
        invented.COUNTY, invented.all_rows(catalog, invented.COUNTY), StateAlone(catalog), catalog,
        populations=invented.POPULATIONS, release_info=invented.RELEASE, today=date(2026, 11, 24), language="en",
    )  # fmt: skip
    row = rows(page)["turnout"]
    assert row.standing[0].caption.endswith(" · no US range")
    assert row.reading[-1].startswith("No US range: more than 15")


def test_peers_with_usable_data_are_told_where_the_nation_is_not_known() -> None:
    page = rows(built(usable=False, views=beside()))
    assert "1 peer " in page["turnout"].standing[0].reason
    assert any("Peer" in group.head for group in page["turnout"].table.groups)
    assert page["employment"].standing[0].caption.endswith("no US range · 1 peer 45.5%")
    assert page["income"].standing[0].lanes[0].peers
    weak = only("turnout", lambda row: row._replace(quality=3))
    assert (
        "1 peer " not in rows(built(usable=False, views=beside(), change=weak))["turnout"].standing[0].reason
    )


def test_a_drawing_without_peers_says_why_where_others_have_some() -> None:
    def caption(views):
        return rows(built(views=views))["turnout"].standing[0].caption

    weak = only("turnout", lambda row: row._replace(quality=3))
    other = only("turnout", lambda row: row._replace(source_release="2099"))
    assert caption(beside(weak)).endswith(" · no peer with usable data")
    assert caption(beside(other)).endswith(" · no comparable peer figure")
    assert "peer" not in caption(PlaceViews())
    assert "no " not in caption(beside())


def test_a_single_year_tells_why_the_others_have_no_value() -> None:
    newest = only(
        "turnout", lambda row: invented.missing(row, "The source says no.") if row.period < "2020" else row
    )
    (chart,) = rows(built(change=newest))["turnout"].trends
    assert chart.reason == "One year only (2020). 2016: the source says no."


def test_a_headline_without_a_value_tells_why_beside_it() -> None:
    gone = only(
        "housing_stability",
        lambda row: invented.missing(row, "The source says no.") if row.variable == "count_homeless" else row,
    )
    lines = [text for text, _strong in rows(built(change=gone))["housing_stability"].meta]
    assert "Number of students: the source says no." in lines


def test_years_that_a_newer_edition_withholds_are_named_where_an_older_one_stands_in() -> None:
    def older(row):
        return invented.missing(row, "Too few cases.") if row.edition == "2025" else row

    row = rows(built(change=only("preschool", older)))["preschool"]
    lines = [text for text, _strong in row.meta]
    assert any(line.startswith("No newer value (") and line.endswith("too few cases.") for line in lines)
    notes = next(group for group in row.table.groups if group.head == "Notes")
    assert any("Too few cases." in cells for cells in notes.rows)


def test_equal_bounds_are_no_caution_where_no_bound_is_shown() -> None:
    flagged = only("housing_stability", lambda row: row._replace(flags="no-imputation"))
    page = built(change=flagged)
    assert "bound" not in note_of(rows(page)["housing_stability"])
    assert page.flags == ()


def test_a_capped_year_before_the_newest_is_marked_in_the_caption_of_the_line() -> None:
    def capped(year):
        change = only("turnout", lambda row: row._replace(flags="capped") if row.period == year else row)
        return built(change=change)

    early = capped("2016")
    assert rows(early)["turnout"].trends[0].caption.endswith("2016: the publisher capped the value at 100%")
    assert early.flags == ("The publisher capped the value at 100% (Voter turnout, 2016).",)
    late = rows(capped("2020"))["turnout"]
    assert "capped" not in late.trends[0].caption
    assert "capped" in note_of(late)


def test_captions_say_whose_line_it_is_and_in_which_dollars(page) -> None:
    assert rows(page)["income"].trends[0].caption.endswith("dollars of each year")
    assert rows(page)["representation"].trends[0].caption.startswith("Residents by group: over time")
    assert "dollars" not in rows(page)["turnout"].trends[0].caption


def test_groups_within_groups_are_named_with_their_measure(city) -> None:
    captions = [chart.caption for chart in rows(city)["housing_wealth"].groups]
    assert all(caption.startswith("Housing wealth by race and ethnicity; age of h") for caption in captions)


def test_no_line_of_a_caption_begins_with_the_dot(page) -> None:
    drawn = str(figures(rows(page)["turnout"].standing, False, "f1"))
    assert "\u00a0· higher is better" in drawn
    assert " · " not in drawn.partition("</figcaption>")[0]


def test_all_that_lies_outside_its_groups_is_said_to_be_estimated_apart() -> None:
    def caption(value: float, city_row=invented.CITY):
        def change(row):
            if row.metric != "learning_rate" or row.group_type != "gender":
                return row
            return row._replace(value={"female": 1.0, "male": 0.97}.get(row.group, value))

        charts = rows(built(city_row, change=lambda row: moved(change(row), value)))["learning_rate"].groups
        return next(
            c.caption for c in charts if isinstance(c, GroupsChart) and c.caption.startswith("By gender")
        )

    def moved(row, value):
        overall = row.metric == "learning_rate" and row.group_type == "all"
        return row._replace(value=value) if overall else row

    assert caption(0.9).endswith(" · All: estimated apart from the groups")
    assert "apart" not in caption(0.98)


@pytest.mark.parametrize("place", [invented.COUNTY, invented.CITY], ids=["county", "city"])
def test_students_without_a_home_of_two_published_files_are_never_joined(place) -> None:
    (chart,) = rows(built(place))["housing_stability"].trends
    assert (2018, 2019, "new file") in [(gap.after, gap.before, gap.word) for gap in chart.gaps]
    joined = [{mark.year for mark in run} for line in chart.series for run in line.runs]
    assert joined
    assert not any({2018, 2019} <= years for years in joined)
    late = only("housing_stability", lambda row: row if row.period > "2018" else None)
    (newer,) = rows(built(place, change=late))["housing_stability"].trends
    assert not [gap for gap in newer.gaps if gap.word]
    (spanish,) = rows(built(place, language="es"))["housing_stability"].trends
    assert "otro archivo" in [gap.word for gap in spanish.gaps]


@pytest.mark.parametrize(
    ("code", "former", "said"), [("51019", "51515", True), ("02063", "02261", False), ("51019", "", True)]
)
def test_the_change_of_residents_is_told_where_the_ground_is_the_same(code, former, said) -> None:
    place = replace(invented.COUNTY, geo_id=code, predecessors=former)
    assert any(fact.label == "Since 2014" for fact in built(place).facts) is said


def test_what_a_figure_is_divided_by_is_cited_too_and_each_licence_once(page, city) -> None:
    cited = {source.citation: source.metrics for source in page.sources}
    assert "Pay against the living wage" in next(cited[name] for name in cited if "Glasmeier" in name)
    assert "Urban Institute, Debt in America." in cited
    of_city = [source.citation for source in city.sources]
    assert "Urban Institute, Financial Health and Wealth Dashboard." in of_city
    assert "Urban Institute, Debt in America." not in of_city
    groups = page.sources_by_licence
    assert sorted(source.name for some in groups.values() for source in some) == sorted(
        source.name for source in page.sources
    )
    assert len(groups["Public domain (United States government work)."]) > 3
