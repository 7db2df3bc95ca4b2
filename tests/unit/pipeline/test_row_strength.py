"""What a page says of a place beside others: positions, peers and strength words agree with each other."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from statistics import median
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upward.base.messages import use_language
from upward.catalog.load import load_catalog
from upward.catalog.model import Direction, Form
from upward.catalog.statements import load_statements
from upward.engine.context import weighted_percentiles
from upward.engine.standing import standings_among_all
from upward.insights.analysis import Analysis
from upward.insights.peers import OUTCOME_PARTS
from upward.pipeline.place_views import Survey, ViewMaker, survey_places, variables_shown
from upward.present.build import page_of_release
from upward.present.build_peers import is_drawn
from upward.present.build_standing import _middle_of
from upward.present.html import render_place_page
from upward.present.html_row import metric_row
from upward.present.page_document import page_document
from upward.present.specs import LanesChart, Mark, MetricRow, PlacePage, RangeChart
from upward.present.wording import finding_mark

TODAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def analysis(sample_release) -> Analysis:
    return Analysis.of(sample_release)


@pytest.fixture(scope="module")
def table(analysis: Analysis) -> pl.DataFrame:
    return analysis.findings_table()


@pytest.fixture(scope="module")
def survey(analysis: Analysis):
    return survey_places(analysis)


@pytest.fixture(scope="module")
def pages(analysis: Analysis, survey) -> dict[str, PlacePage]:
    maker, catalog = ViewMaker(analysis, survey), load_catalog("en")
    with use_language("en"):
        return {
            place.geo_id: page_of_release(
                analysis,
                place,
                today=TODAY,
                language="en",
                views=maker.views_of(place, analysis.place_rows(place), catalog),
            )
            for place in analysis.all_places()
            if place.geo_level in ("county", "place")
        }


def rows_of(page: PlacePage) -> list[MetricRow]:
    return [row for pillar in page.pillars for row in pillar.rows]


def peers_by_variable(row: MetricRow) -> dict[str, tuple[Mark, ...]]:
    """The peers of a row's charts: under the variable's short name, or an empty one where there is only one."""
    found = {}
    for chart in row.standing:
        if isinstance(chart, RangeChart):
            label, colon, _rest = chart.caption.partition(": ")
            found[label if colon else ""] = chart.peers
        elif isinstance(chart, LanesChart):
            found |= {lane.mark.label: lane.peers for lane in chart.lanes}
    return found


# --- positions ---------------------------------------------------------------------------------------------------

numbers = st.lists(
    st.tuples(st.integers(0, 9), st.floats(0, 1e4, allow_subnormal=False)), min_size=3, max_size=30
)


@given(numbers, st.sampled_from([Direction.HIGHER, Direction.LOWER]))
def test_no_value_on_the_better_side_of_the_middle_has_a_position_under_50(places, direction) -> None:
    values, weights = (np.array(column, dtype=float) for column in zip(*places, strict=True))
    _groups, (middles,) = weighted_percentiles(np.zeros(len(values), dtype=np.int64), values, weights, (0.5,))
    bare = np.full(len(values), np.nan)
    found = standings_among_all(
        values, bare, bare, direction=direction, weights=weights, rows=np.arange(len(values)), seed=1
    )
    better = (values - middles[0]) * (1 if direction is Direction.HIGHER else -1)
    assert np.all(found.percentile[better > 0] >= 0.5 - 1e-6)
    assert np.all(found.percentile[better < 0] <= 0.5 + 1e-6)


def test_no_place_of_the_sample_stands_on_two_sides_of_the_middle_at_once(table: pl.DataFrame) -> None:
    nation = table.filter(pl.col("kind") == "standing", pl.col("scope") == "nation", pl.col("side") != 0)
    better = (pl.col("first_value") - pl.col("second_value")) * pl.col("side")
    assert len(nation) > 100
    assert nation.filter(better > 0, pl.col("percentile") < 0.5 - 1e-6).is_empty()
    assert nation.filter(better < 0, pl.col("percentile") > 0.5 + 1e-6).is_empty()


def test_no_position_is_explained_by_weak_data_only_where_they_are_weak(pages) -> None:
    words = set()
    for page in pages.values():
        grades = {row.id: [line.mark.quality for line in row.headlines] for row in rows_of(page)}
        for line in (line for pillar in page.pillars for line in pillar.glances):
            words.add(re.sub(r"\d+", "", line.words))
            if "weak" in line.words:
                assert 3 in grades[line.id]
            elif line.words.startswith("older"):
                assert set(grades[line.id]) != {3}
    assert "weak data, no position" in words


@pytest.mark.parametrize(
    ("level", "people"), [("county", "100 US residents"), ("place", "100 residents of large US cities")]
)
def test_the_profile_says_among_whom_a_place_is_counted(pages, level, people) -> None:
    placed = next(page for page in pages.values() if has_positions(page))
    assert f"how many of {people} live where" in render_place_page(replace(placed, level=level))


def has_positions(page: PlacePage) -> bool:
    return any(line.position for pillar in page.pillars for line in pillar.glances)


# --- peers -------------------------------------------------------------------------------------------------------


def test_the_middle_of_peers_that_a_finding_names_is_that_of_the_peers_its_row_draws(
    analysis, table, pages
) -> None:
    catalog = analysis.catalog
    checked = set()
    candidates = table.filter(
        pl.col("kind") == "standing",
        pl.col("scope") == "peers",
        pl.col("first_variable").is_in(variables_shown(catalog)),
    )
    for item in candidates.iter_rows(named=True):
        variable = catalog.variables[item["first_variable"]]
        (row,) = [row for row in rows_of(pages[item["geo_id"]]) if row.id == item["metric"]]
        by_variable = peers_by_variable(row)
        marks = by_variable.get(variable.short, by_variable.get(""))
        if not marks:  # without a US range there is no chart
            continue
        values = [mark.value for mark in marks if is_drawn(mark)]
        assert len(values) == sum(at >= 0 for at in item["peers"])
        assert median(values) == pytest.approx(item["second_value"])
        checked.add(item["metric"])
    assert "income" in checked
    assert len(checked) > 5


def test_income_is_set_beside_peers_found_without_it_and_the_page_says_so(analysis, pages) -> None:
    page = pages["98001"]
    (row,) = [row for row in rows_of(page) if row.id == "income"]
    drawn = [mark.label.partition(",")[0] for mark in next(iter(peers_by_variable(row).values()))]
    assert drawn == [peer.place.name for peer in analysis.peers("98001", metric="income")]
    assert page.peers is not None
    assert "Household income (found without income)" in page.peers.chosen
    assert set(OUTCOME_PARTS) >= {"income"}


def test_every_metric_with_peers_of_its_own_is_named(analysis, pages) -> None:
    for place in ("98001", "9900100"):
        if place in pages and pages[place].peers:
            assert all(
                analysis.catalog.metrics[metric].short in pages[place].peers.chosen
                for metric in OUTCOME_PARTS
            )


def test_a_place_unlike_all_others_says_so(analysis, pages) -> None:
    said = set()
    for place, page in pages.items():
        if page.peers and page.peers.peers:
            nearest = analysis.peers(place, count=1)[0].distance
            far = "Even the nearest is far from it" in page.peers.chosen
            assert far == (nearest > 1)
            said.add(far)
    assert said == {True, False}


def test_a_caption_counts_the_peers_that_are_drawn(pages) -> None:
    counts = set()
    for page in pages.values():
        for chart in (chart for row in rows_of(page) for chart in row.standing):
            if not isinstance(chart, RangeChart | LanesChart):
                continue
            lanes = [chart.peers] if isinstance(chart, RangeChart) else [lane.peers for lane in chart.lanes]
            drawn = max(sum(map(is_drawn, peers)) for peers in lanes)
            said = re.search(r"(\d+) peers?", chart.caption)
            assert (int(said.group(1)) if said else 0) == drawn
            counts.add(drawn)
    assert {0, 10} <= counts


# --- strength ----------------------------------------------------------------------------------------------------


def test_every_row_with_a_value_has_a_strength_word(pages) -> None:
    for page in pages.values():
        for row in rows_of(page):
            assert bool(row.tag) == bool(row.headlines)


def test_the_strength_word_of_a_row_is_that_of_its_test_and_so_is_the_side(table, pages) -> None:
    tested = table.filter(
        pl.col("kind") == "standing", pl.col("scope") == "nation", pl.col("p").is_not_null()
    )
    strengths = set()
    for item in tested.iter_rows(named=True):
        (row,) = [row for row in rows_of(pages[item["geo_id"]]) if row.id == item["metric"]]
        if len(row.headlines) > 1 or item["strength"] == "not usable":
            continue
        mark = "cannot tell" if item["strength"] == "uncertain" else item["strength"]
        assert row.tag == finding_mark(mark)
        last = row.reading[-1]
        if mark == "cannot tell":
            assert not re.search("above|below", last)
        else:
            side = "above" if item["first_value"] > item["second_value"] else "below"
            assert f"{'clearly' if mark == 'clear' else 'likely'} {side} it" in last
        strengths.add(mark)
    assert strengths == {"clear", "likely", "cannot tell"}


def test_of_three_incomes_the_middle_one_is_said_to_be_tested(table, pages) -> None:
    tested = table.filter(
        pl.col("first_variable") == "pctl_income_50",
        pl.col("kind") == "standing",
        pl.col("scope") == "nation",
        pl.col("strength").is_in(["clear", "likely"]),
    )
    assert len(tested)
    for item in tested.iter_rows(named=True):
        (row,) = [row for row in rows_of(pages[item["geo_id"]]) if row.id == "income"]
        shape, word = finding_mark(item["strength"])
        assert row.tag in ((shape, word), (shape, f"{word} (middle household)"))
        assert row.reading[-1].startswith("50th percentile: the ")


def test_one_word_stands_before_three_incomes_only_where_it_holds_for_all(table, pages) -> None:
    standing = table.filter(
        pl.col("metric") == "income", pl.col("kind") == "standing", pl.col("scope") == "nation"
    )
    seen = set()
    for place, page in pages.items():
        found = {
            item["first_variable"]: (
                item["strength"],
                item["strength"] in ("clear", "likely") and item["estimate"] > 0,
            )
            for item in standing.filter(pl.col("geo_id") == place).iter_rows(named=True)
            if item["strength"] != "not usable"
        }
        if "pctl_income_50" not in found:
            continue
        (row,) = [row for row in rows_of(page) if row.id == "income"]
        alike = len(found) == 3 and len(set(found.values())) == 1
        assert row.tag[1].endswith("(middle household)") != alike
        seen.add(alike)
    assert seen == {True, False}


def test_page_and_document_begin_a_row_with_the_same_word(pages) -> None:
    page = pages["98001"]
    document = str(page_document(page).blocks)
    for row in (row for row in rows_of(page) if row.tag):
        shape, word = row.tag
        said = re.sub("<[^>]+>", "", metric_row(page, row, "h", site=None).split("<p class=say>")[1])
        assert said.startswith(f"{shape} {word}. ")
        assert f"{shape} {word}. " in document


def test_limits_from_filling_gaps_are_no_margin(pages) -> None:
    tags = {row.tag for page in pages.values() for row in rows_of(page) if row.id == "housing_stability"}
    assert finding_mark("no published margin") in tags
    assert not tags & {finding_mark(mark) for mark in ("clear", "likely", "cannot tell", "not compared")}


def test_only_what_is_never_set_beside_other_places_is_called_not_compared(analysis, pages) -> None:
    for page in pages.values():
        for row in (row for row in rows_of(page) if row.tag):
            comparable = analysis.catalog.metrics[row.id].comparable
            half = row.tag == finding_mark("half a metric")
            assert (row.tag == finding_mark("not compared")) == (not comparable and not half)


def test_a_figure_with_a_margin_that_is_not_tested_says_why(pages) -> None:
    why = set()
    for page in pages.values():
        for row in rows_of(page):
            if row.tag == finding_mark("not tested"):
                why.add(re.sub(r"\d{4}", "YEAR", row.reading[-1]).partition(":")[0])
            else:
                assert not row.reading or "not tested against" not in row.reading[-1]
    assert "No US range" in why
    assert any("of YEAR, so it is not tested against the" in text for text in why)
    refusals = load_statements().refusals.values()
    assert all(
        text.startswith(("No US range", "The newest figure", "The interval is cut")) or text in refusals
        for text in why
    )


def test_an_interval_that_is_cut_off_is_not_called_an_older_year(analysis, survey) -> None:
    place, catalog = analysis.place("98001"), load_catalog("en")
    untested = survey.positions.with_columns(pl.lit("").alias("strength"))
    maker = ViewMaker(analysis, Survey(survey.chosen, survey.counts, untested))
    views = maker.views_of(place, analysis.place_rows(place), catalog)
    page = page_of_release(analysis, place, today=TODAY, language="en", views=views)
    said = [row.reading[-1] for row in rows_of(page) if row.tag == finding_mark("not tested")]
    assert any(text.startswith("The interval is cut off") for text in said)
    assert not any(text.startswith("The newest figure") for text in said)


def test_among_positions_no_bare_number_stands(pages) -> None:
    words = set()
    for page in filter(has_positions, pages.values()):
        for line in (line for pillar in page.pillars for line in pillar.glances):
            assert bool(line.text) == bool(line.position)
            words.add(line.words)
    assert "no US range" in words


def test_no_margin_is_missed_where_a_middle_is_computed_here(pages) -> None:
    checked = 0
    for page in pages.values():
        for finding in page.findings.found if page.findings else ():
            for row in (row for group in finding.table.groups for row in group.rows):
                if row[0].startswith(("US middle", "Middle of")):
                    assert row[2] != "not published"
                    checked += 1
    assert checked


# --- what a page counts and shows ----------------------------------------------------------------------------------


def test_half_a_metric_is_not_usable(analysis, pages) -> None:
    half = {item.id for item in analysis.catalog.metrics.values() if item.form is Form.HALF_PAIRS}
    for page in pages.values():
        usable = [
            row.id
            for row in rows_of(page)
            if any(line.mark.value is not None and line.mark.quality in (1, 2) for line in row.headlines)
        ]
        (shown,) = [fact.value for fact in page.facts if fact.label == "Metrics with a usable value"]
        assert shown == f"{len(set(usable) - half)} of {len(rows_of(page))}"


def test_a_page_speaks_of_no_variable_that_it_does_not_show(analysis, survey) -> None:
    catalog = analysis.catalog
    shown = set(variables_shown(catalog))
    assert {"index_transportation_cost", "ratio_high_low_ses_fb_friends"} & set(catalog.variables) - shown
    assert set(survey.chosen["first_variable"].cast(pl.String())) <= shown


def test_a_value_without_the_nation_stands_beside_the_middle_of_enough_peers(analysis) -> None:
    catalog = analysis.catalog
    learning, physicians = (
        catalog.variables["rate_learning"],
        catalog.variables["ratio_population_pc_physician"],
    )
    peers = [
        Mark(str(at), value, str(value), quality=1) for at, value in enumerate([0.7, 0.8, 0.9, 1.0, 1.1])
    ]
    item = SimpleNamespace(variable=learning, unit=catalog.units[learning.unit])
    middle = _middle_of(peers, item)
    assert middle is not None
    assert (middle.value, middle.label) == (0.9, "Middle of peers 0.90")
    assert _middle_of([*peers[:4], replace(peers[4], quality=3)], item) is None  # a Weak peer has no dot
    assert _middle_of(peers, SimpleNamespace(variable=physicians, unit=item.unit)) is None
