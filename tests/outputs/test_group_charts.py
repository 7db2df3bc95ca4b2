"""Charts of groups and of single series as a page builds them: an upright of all, names in captions."""

from __future__ import annotations

import invented
import pytest
from invented import missing

from upward.catalog.load import load_catalog
from upward.present.build_groups import COUNT
from upward.present.html_parts import figures
from upward.present.specs import Glance, GroupsChart, Mark, Position, TrendChart
from upward.present.svg import track
from upward.present.svg_looks import TEAL, written_dot


def rows(page):
    return {row.id: row for pillar in page.pillars for row in pillar.rows}


def test_groups_of_a_count_are_not_set_beside_the_number_of_all(make) -> None:
    catalog = load_catalog("en")
    counts = {
        variable.short
        for metric in catalog.metrics.values()
        for variable in metric.variables
        if variable.unit == COUNT
    }
    charts = [
        chart for row in rows(make()).values() for chart in row.groups if isinstance(chart, GroupsChart)
    ]
    counted = [chart for chart in charts if chart.variable in counts]
    assert counted
    assert all(chart.overall is None and "; All " not in chart.sentence for chart in counted)
    assert any(chart.overall for chart in charts if chart.variable not in counts)


@pytest.mark.parametrize(
    ("metric", "names"),
    [("housing_affordability", "Affordable, 30%, 50% and 80%"), ("income", "20th, 50th and 80th percentile")],
)
def test_the_values_of_a_triple_are_named_in_the_order_in_which_they_stand(make, metric, names) -> None:
    charts = [chart for chart in rows(make())[metric].groups if isinstance(chart, GroupsChart) and chart.keys]
    assert charts
    for chart in charts:
        assert chart.caption.startswith(f"{names}: ")
        complete = any(all(mark.value is not None for mark in line.marks) for line in chart.lines)
        assert ("from top to bottom" in chart.caption) == (not complete)  # else the drawing names its lanes
        assert all(key in chart.sentence for key in chart.keys)


def test_limits_from_filling_gaps_are_drawn_as_no_margin_but_stand_in_the_table(make) -> None:
    row = rows(make())["housing_stability"]
    marks = [mark for chart in row.groups for line in chart.lines for mark in line.marks if mark.interval]
    assert marks
    assert not any(mark.bounded for mark in marks)
    told = [cell for group in row.table.groups for line in group.rows for cell in line]
    assert all(any(mark.interval in cell for cell in told) for mark in marks)
    (other, *_more) = rows(make())["preschool"].groups
    assert any(mark.bounded for line in other.lines for mark in line.marks)


def test_a_trend_of_levels_says_of_which_levels(make) -> None:
    (chart,) = rows(make())["housing_affordability"].trends
    assert chart.caption.startswith("Available, 30%, ")
    assert "%, from top to bottom: over time, " in chart.caption


def test_a_group_that_alone_has_years_is_a_line_of_its_own_with_its_name_and_the_us_middle(make) -> None:
    def only_white(row):
        gone = row.variable.endswith("_exposure") and row.variable != "share_white_nh_exposure"
        return missing(row) if gone else row

    (all_of_them,) = rows(make())["racial_exposure"].trends
    (alone,) = rows(make(change=only_white))["racial_exposure"].trends
    assert isinstance(alone, TrendChart)
    assert all_of_them.panels
    assert not alone.panels
    assert alone.caption.startswith("White, non-Hispanic: over time, ")
    assert alone.series[0].national_runs


def test_groups_that_all_have_the_value_of_all_are_said_instead_of_drawn_and_stay_in_the_table(make) -> None:
    def change(number: float, kept: int):
        def changed(row):
            if row.metric != "transit_commuting":
                return row
            if row.group == "all":
                return row._replace(value=0.304, lower=None, upper=None)
            groups = [group.id for group in load_catalog("en").group_types[row.group_type].groups]
            if row.group in groups[:kept]:
                return row._replace(value=number, lower=None, upper=None)
            return missing(row)

        return changed

    def first(number: float, kept: int):
        row = rows(make(change=change(number, kept)))["transit_commuting"]
        return row, next(chart for chart in row.groups if isinstance(chart, GroupsChart))

    row, same = first(0.3041, 1)
    assert same.instead.startswith(f"{same.lines[0].label}: 30.4%, as for all. The other groups: ")
    drawn = str(figures(row.groups, sample=False, kind="f3"))
    assert same.instead in drawn
    assert same.lines[0].label in {line[0] for group in row.table.groups for line in group.rows}
    assert first(0.35, 1)[1].instead == ""
    assert first(0.3041, 99)[1].instead == ""  # no group is missing: that all are alike is a finding


def test_charts_of_further_groups_share_their_scale_and_the_parity_line(make) -> None:
    charts = [
        chart
        for chart in rows(make(invented.CITY))["housing_wealth"].groups
        if isinstance(chart, GroupsChart)
    ]
    assert len(charts) > 1
    shared = {mark for chart in charts for line in chart.lines for mark in line.marks}
    for chart in charts:
        assert set(chart.beside) == shared
        assert chart.reference is not None
        assert "dashed line: parity" in chart.sentence


@pytest.mark.parametrize(("quality", "filled"), [(1, True), (2, False)])
def test_a_position_is_as_open_as_the_dot_of_its_row(quality: int, filled: bool) -> None:
    position = Position(40.0, 30.0, 50.0)
    glance = Glance(
        "a", "A", "40", "", Mark("A", 0.4, "40%", 0.3, 0.5, quality=quality), None, "A.", position
    )
    look = written_dot(4.5, TEAL, filled).page
    assert f"<path{look} " in track(glance)
