"""Groups of residents, homes, jobs or neighborhoods beside each other, in the order of the source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from upward.base.messages import _
from upward.catalog import format as shown_as
from upward.catalog.model import Form, GroupCoverage, GroupType
from upward.present.build_values import OVERALL, Numbers, Sight, clusters, mark_of
from upward.present.describe import describe_groups
from upward.present.specs import Chart, GroupLine, GroupsChart, Mark, NoChart
from upward.present.wording import first_lower
from upward.warehouse.read import ResultRow

#: Forms whose variables stand together on one line of a group.
TRIPLES = (Form.PERCENTILES, Form.LEVELS)
#: Forms whose variables are groups themselves: a chart for each further group.
CROSSED = (Form.PAIRS, Form.BY_GROUP, Form.HALF_PAIRS)


def groups_of(
    sight: Sight, found: Sequence[Numbers]
) -> tuple[tuple[Chart, ...], tuple[tuple[str, Mark], ...]]:
    """Return the group charts of a metric, and the groups that have no value, as (what, mark with the reason)."""
    charts: list[Chart] = []
    missing: list[tuple[str, Mark]] = []
    absent: list[str] = []
    types = dict.fromkeys(coverage.group_type for item in found for coverage in item.variable.groups)
    for name in types:
        group_type = sight.catalog.group_types[name]
        made = _charts_of_type(sight, found, group_type)
        if made:
            charts += made
            missing += _missing_lines(made)
        else:
            absent.append(first_lower(group_type.name))
    if absent:
        charts.append(_absent(sight, absent))
    elif not types and found[0].metric.form not in CROSSED:
        charts.append(NoChart(_("By group"), _("Not published by group.")))
    return tuple(charts), tuple(missing)


def _absent(sight: Sight, names: Sequence[str]) -> NoChart:
    words = shown_as.listed(names)
    if sight.level == "county":
        reason = _("No value by {groups} for this county in this release.").format(groups=words)
    else:
        reason = _("No value by {groups} for this city in this release.").format(groups=words)
    return NoChart(_("By group"), reason)


def _missing_lines(charts: Sequence[GroupsChart]) -> list[tuple[str, Mark]]:
    return [
        (line.label, mark)
        for chart in charts
        for line in chart.lines
        for mark in line.marks[:1]
        if all(item.value is None for item in line.marks)
    ]


def _charts_of_type(sight: Sight, found: Sequence[Numbers], group_type: GroupType) -> list[GroupsChart]:
    """The charts of one group type, from the newest edition and period that has a value."""
    rows = [row for item in found for row in item.others if row.group_type == group_type.id]
    keys = {(row.edition, row.period) for row in rows if row.value is not None and row.group != OVERALL}
    if not keys:
        return []
    edition, period = max(keys)
    here = {(row.variable, row.group): row for row in rows if (row.edition, row.period) == (edition, period)}
    with_values = [
        item
        for item in found
        if any(row.value is not None for (variable, _g), row in here.items() if variable == item.variable.id)
    ]
    order = _order(with_values[0], group_type, edition)
    form = found[0].metric.form
    if form is Form.LEVELS:
        with_values = clusters(with_values)[0]
    if form in TRIPLES and len(with_values) > 1:
        return [_triple(sight, with_values, group_type, order, here)]
    if form in CROSSED:
        return [_crossed(sight, with_values, group_type, group, here) for group in order]
    return [_plain(sight, item, group_type, order, here, len(with_values) > 1) for item in with_values]


def _coverage(item: Numbers, group_type: GroupType, edition: str) -> GroupCoverage | None:
    same = [cover for cover in item.variable.groups if cover.group_type == group_type.id]
    return next((cover for cover in same if cover.edition == edition), same[0] if same else None)


def _order(item: Numbers, group_type: GroupType, edition: str) -> tuple[str, ...]:
    coverage = _coverage(item, group_type, edition)
    listed = coverage.groups if coverage else ()
    return tuple(group.id for group in group_type.groups if group.id in listed) or listed


def _mark(item: Numbers, row: ResultRow | None, label: str) -> Mark:
    if row is None:
        return Mark(label, text=_("not published"), reason=_("The release has no value for this group."))
    return mark_of(row, item.unit, label)


def _label(group_type: GroupType, group: str) -> str:
    return next((item.name for item in group_type.groups if item.id == group), group)


def _plain(
    sight: Sight,
    item: Numbers,
    group_type: GroupType,
    order: Sequence[str],
    here: dict[tuple[str, str], ResultRow],
    named: bool,
) -> GroupsChart:
    lines = tuple(
        GroupLine(label, (_mark(item, here.get((item.variable.id, group)), label),))
        for group, label in ((group, _label(group_type, group)) for group in order)
    )
    row = next(iter(here.values()))
    caption = _caption(sight, item, group_type, row)
    if named:
        caption = f"{item.variable.short}: {first_lower(caption)}"
    overall = _overall(item, group_type, row, here)
    variable = item.variable.short if named else ""
    return _with_sentence(GroupsChart(caption, "", lines, overall, variable=variable))


def _triple(
    sight: Sight,
    found: Sequence[Numbers],
    group_type: GroupType,
    order: Sequence[str],
    here: dict[tuple[str, str], ResultRow],
) -> GroupsChart:
    lines = tuple(
        GroupLine(label, tuple(_mark(item, here.get((item.variable.id, group)), label) for item in found))
        for group, label in ((group, _label(group_type, group)) for group in order)
    )
    row = next(iter(here.values()))
    keys = tuple(item.variable.short for item in found)
    caption = " · ".join((_caption(sight, found[0], group_type, row), _("in the order of the list")))
    return _with_sentence(GroupsChart(caption, "", lines, keys=keys))


def _crossed(
    sight: Sight,
    found: Sequence[Numbers],
    group_type: GroupType,
    group: str,
    here: dict[tuple[str, str], ResultRow],
) -> GroupsChart:
    lines = tuple(
        GroupLine(
            item.variable.short, (_mark(item, here.get((item.variable.id, group)), item.variable.short),)
        )
        for item in found
    )
    row = next(iter(here.values()))
    parts = _caption(sight, found[0], group_type, row).split(", ", 1)
    caption = f"{group_type.name}: {first_lower(_label(group_type, group))}, {parts[-1]}"
    return _with_sentence(GroupsChart(caption, "", lines))


def _with_sentence(chart: GroupsChart) -> GroupsChart:
    what = chart.caption.split(" · ")[0]
    sentence = f"{what}: {describe_groups(chart)}"
    return replace(chart, sentence=sentence)


def _caption(sight: Sight, item: Numbers, group_type: GroupType, row: ResultRow) -> str:
    coverage = _coverage(item, group_type, row.edition)
    pooled = coverage.period_years if coverage else 1
    parts = [
        _("By {groups}, {period}").format(
            groups=first_lower(group_type.name), period=shown_as.period_words(row.period, pooled)
        )
    ]
    if group_type.overlapping:
        parts.append(_("groups overlap"))
    if row.edition != item.edition.edition:
        parts.append(sight.catalog.editions[row.edition].name)
    return " · ".join(parts)


def _overall(
    item: Numbers, group_type: GroupType, row: ResultRow, here: dict[tuple[str, str], ResultRow]
) -> Mark | None:
    """The dotted upright: the file's own All row, or the overall value where both mean the same."""
    own = here.get((item.variable.id, OVERALL))
    coverage = _coverage(item, group_type, row.edition)
    if own is None and coverage and coverage.all_row_is_overall:
        same = (other for other, _mark_ in item.overall if other.period == row.period)
        own = next((other for other in same if other.edition == row.edition), None)
    return mark_of(own, item.unit, _("All")) if own is not None and own.value is not None else None
