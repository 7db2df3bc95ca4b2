"""Groups of residents, homes, jobs or neighborhoods beside each other, in the order of the source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from upward.base.messages import _, current_language
from upward.catalog import format as shown_as
from upward.catalog.geographies import new_area
from upward.catalog.model import Form, GroupCoverage, GroupType
from upward.present.build_definitions import COUNTY
from upward.present.build_tables import IMPUTATION
from upward.present.build_values import (
    OVERALL,
    Numbers,
    Sight,
    clusters,
    first_own_year,
    mark_of,
    other_level,
    reason_here,
)
from upward.present.describe import describe_groups
from upward.present.specs import Chart, GroupLine, GroupsChart, Mark, NoChart, Reference
from upward.present.wording import first_lower, listed_once, reason_text
from upward.warehouse.read import ResultRow

#: Forms whose variables stand together on one line of a group.
TRIPLES = (Form.PERCENTILES, Form.LEVELS)
#: Forms whose variables are groups themselves: a chart for each further group.
CROSSED = (Form.PAIRS, Form.BY_GROUP, Form.HALF_PAIRS)
COUNT = "count"  #: the unit of counts


#: Rows of one year by variable and group.
RowsHere = dict[str, dict[str, ResultRow]]


def _first(here: RowsHere) -> ResultRow:
    return next(iter(next(iter(here.values())).values()))


class MissingGroup(NamedTuple):
    """A group, or all groups of a type, without a value."""

    name: str
    group_type: str
    reason: str


def groups_of(sight: Sight, found: Sequence[Numbers]) -> tuple[tuple[Chart, ...], tuple[MissingGroup, ...]]:
    """Return the group charts of a metric, with the reasons why others are not drawn, and the groups without a value."""
    charts: list[Chart] = []
    missing: list[MissingGroup] = []
    absent: dict[str, list[str]] = {}
    types = dict.fromkeys(coverage.group_type for item in found for coverage in item.variable.groups)
    for name in types:
        group_type = sight.catalog.group_types[name]
        made = _charts_of_type(sight, found, group_type)
        if made:
            charts += made
            missing += _missing_lines(made, name)
        else:
            divided = _("by {groups}").format(groups=first_lower(group_type.name))
            reason = _absent(sight, found, name)
            absent.setdefault(reason, []).append(divided)
            missing.append(MissingGroup(divided, name, reason))
    for reason, names in absent.items():
        words = shown_as.listed(names)
        charts.append(NoChart(f"{words[:1].upper()}{words[1:]}", reason))
    if not types and found[0].metric.form not in CROSSED:
        charts.append(NoChart(_("By group"), _("Not published by group.")))
    return tuple(charts), tuple(missing)


def _absent(sight: Sight, found: Sequence[Numbers], name: str) -> str:
    """Why no group of a type has a value: what its newest rows say, or else what is known of its tables."""
    rows = [row for item in found for row in item.rows.get(name, ()) if row.group != OVERALL]
    if rows:
        newest = max([(row.edition, row.period) for row in rows])
        said = [row for row in rows if (row.edition, row.period) == newest]
        since = first_own_year(found)
        reasons = [reason_here(row, since) or reason_text(row.status, row.reason)[1] for row in said]
        return " ".join(dict.fromkeys(reasons))
    covers = [cover for item in found for cover in item.variable.groups if cover.group_type == name]
    years = [
        (max(some), cover.period_years) for cover in covers if (some := cover.years.get(sight.level, ()))
    ]
    if not years:
        return other_level(sight.level)
    change = new_area(sight.place.geo_id) if sight.level == COUNTY else None
    if change is None or change.valid_from is None:
        return _("No value for these groups in this release.")
    last, pooled = max(years)
    if last >= change.valid_from:
        sentence = _("The published tables have no row for this area, in the data since {year}.")
        return sentence.format(year=change.valid_from)
    sentence = _("The newest such figures are of {period}; this area is in the data since {year}.")
    return sentence.format(period=shown_as.period_words(str(last), pooled), year=change.valid_from)


def _missing_lines(charts: Sequence[GroupsChart], name: str) -> list[MissingGroup]:
    """The groups without a value, and of groups with several numbers those that are not given."""
    found = []
    for chart in charts:
        for line in chart.lines:
            gone = [index for index, mark in enumerate(line.marks) if mark.value is None]
            if len(gone) == len(line.marks):
                found.append(MissingGroup(line.label, name, line.marks[0].reason))
                continue
            for index in gone:
                label = f"{line.label}, {first_lower(chart.keys[index])}"
                found.append(MissingGroup(label, name, line.marks[index].reason))
    return found


def _charts_of_type(sight: Sight, found: Sequence[Numbers], group_type: GroupType) -> list[GroupsChart]:
    """The charts of one group type, from the newest edition and period that has a value."""
    rows = [item.rows.get(group_type.id, ()) for item in found]
    edition, period = _newest(rows)
    if not edition:
        return []
    here: RowsHere = {}
    with_values = []
    for item, some in zip(found, rows, strict=True):
        same = {row.group: row for row in some if row.period == period and row.edition == edition}
        if same:
            here[item.variable.id] = same
        if any(row.value is not None for row in same.values()):
            with_values.append(item)
    order = _division(sight, with_values[0], group_type, edition).groups
    form = found[0].metric.form
    if form is Form.LEVELS:
        with_values = clusters(with_values)[0]
    if form in TRIPLES and len(with_values) > 1:
        return [_triple(sight, with_values, group_type, order, here)]
    if form in CROSSED:
        return _crossed(sight, with_values, group_type, order, here)
    return [_plain(sight, item, group_type, order, here, len(with_values) > 1) for item in with_values]


def _newest(rows: Sequence[Sequence[ResultRow]]) -> tuple[str, str]:
    """The newest edition with a group's value, and its newest period with one; empty texts where there is none."""
    edition = period = ""
    for some in rows:
        for row in some:
            # What is older than the newest found is passed over first: most rows are.
            if row.edition < edition or (row.edition == edition and row.period <= period):
                continue
            if row.value is not None and row.group != OVERALL:
                edition, period = row.edition, row.period
    return edition, period


class _Division(NamedTuple):
    """How an edition divides a variable: its coverage and its groups in their order, each with its name."""

    coverage: GroupCoverage | None
    groups: tuple[tuple[str, str], ...]


_divisions: dict[tuple[str, str, str, str, str], _Division] = {}


def _division(sight: Sight, item: Numbers, group_type: GroupType, edition: str) -> _Division:
    """The division of a variable; made once per catalogue and language, because no place changes it."""
    key = (sight.catalog.hash, current_language(), item.variable.id, group_type.id, edition)
    if key not in _divisions:
        same = [cover for cover in item.variable.groups if cover.group_type == group_type.id]
        coverage = next((cover for cover in same if cover.edition == edition), same[0] if same else None)
        listed = coverage.groups if coverage else ()
        order = tuple(group.id for group in group_type.groups if group.id in listed) or listed
        _divisions[key] = _Division(coverage, tuple((group, _label(group_type, group)) for group in order))
    return _divisions[key]


def _mark(item: Numbers, row: ResultRow | None, label: str) -> Mark:
    if row is None:
        return Mark(label, text=_("not published"), reason=_("The release has no value for this group."))
    mark = mark_of(row, item.unit, label)
    edition = next((some for some in item.variable.editions if some.edition == row.edition), item.edition)
    if edition.bounds == IMPUTATION:  # limits from filling gaps are no margin: the table has them
        return replace(mark, lower=None, upper=None)
    return mark


def _label(group_type: GroupType, group: str) -> str:
    return next((item.name for item in group_type.groups if item.id == group), group)


def _plain(
    sight: Sight,
    item: Numbers,
    group_type: GroupType,
    order: Sequence[tuple[str, str]],
    here: RowsHere,
    named: bool,
) -> GroupsChart:
    own = here.get(item.variable.id, {})
    lines = tuple([GroupLine(label, (_mark(item, own.get(group), label),)) for group, label in order])
    row = _first(here)
    caption = _caption(sight, item, group_type, row)
    if named:
        caption = f"{item.variable.short}: {first_lower(caption)}"
    overall = _overall(sight, item, group_type, row, own.get(OVERALL))
    if len(lines) == len(group_type.groups) and not group_type.overlapping and _outside(lines, overall):
        caption += " · " + _("All: estimated apart from the groups")
    variable = item.variable.short if named else ""
    return _chart(caption, lines, overall, variable=variable)


def _outside(lines: Sequence[GroupLine], overall: Mark | None) -> bool:
    """Tell whether the value of all is no value between those of its groups, which it would be if made from them."""
    marks = [line.marks[0] for line in lines]
    values = [mark.value for mark in marks if mark.value is not None]
    if overall is None or overall.value is None or len(values) < len(marks):
        return False
    shown = [mark.text for mark in marks]
    return not min(values) <= overall.value <= max(values) and overall.text not in shown


def _triple(
    sight: Sight,
    found: Sequence[Numbers],
    group_type: GroupType,
    order: Sequence[tuple[str, str]],
    here: RowsHere,
) -> GroupsChart:
    own = [(item, here.get(item.variable.id, {})) for item in found]
    lines = tuple(
        [
            GroupLine(label, tuple([_mark(item, rows.get(group), label) for item, rows in own]))
            for group, label in order
        ]
    )
    row = _first(here)
    keys = tuple(item.variable.short for item in found)
    what, *further = _caption(sight, found[0], group_type, row).split(" · ")
    names, groups = listed_once(keys), first_lower(what)
    caption = f"{names}: {groups}"
    if not any(
        all(mark.value is not None for mark in line.marks) for line in lines
    ):  # whose drawing names them
        caption = _("{names}: {groups}, from top to bottom").format(names=names, groups=groups)
    return _chart(" · ".join((caption, *further)), lines, keys=keys, what=what)


def _crossed(
    sight: Sight,
    found: Sequence[Numbers],
    group_type: GroupType,
    order: Sequence[tuple[str, str]],
    here: RowsHere,
) -> list[GroupsChart]:
    """A chart for each further group, its lines the variables, all on one scale."""
    drawn = []
    for code, name in order:
        marks = [_mark(item, here.get(item.variable.id, {}).get(code), item.variable.short) for item in found]
        drawn.append((name, tuple([GroupLine(mark.label, (mark,)) for mark in marks])))
    every = tuple([line.marks[0] for _name, lines in drawn for line in lines])
    reference = Reference(1.0, _("parity")) if found[0].metric.form is Form.PAIRS else None
    parts = _caption(sight, found[0], group_type, _first(here)).split(", ", 1)
    by = sight.catalog.group_types[found[0].variable.group.partition("/")[0]].name
    what = _("{measure} by {groups}").format(measure=found[0].metric.short, groups=first_lower(by))
    charts = []
    for name, lines in drawn:
        caption = f"{what}; {first_lower(group_type.name)}: {first_lower(name)}, {parts[-1]}"
        sentence = f"{caption.split(' · ')[0]}: {describe_groups(lines, None, (), reference)}"
        charts.append(GroupsChart(caption, sentence, lines, reference=reference, beside=every))
    return charts


def _instead(lines: Sequence[GroupLine], overall: Mark | None) -> str:
    """What to say instead of a drawing of groups that all have the value of all, where others have none."""
    known = [line.marks[0] for line in lines if line.marks[0].value is not None]
    others = [line.label for line in lines if line.marks[0].value is None]
    if overall is None or overall.bounded or not 0 < len(known) < len(lines):
        return ""
    if any(mark.bounded or mark.text != overall.text for mark in known):
        return ""
    reasons = dict.fromkeys(mark.text for line in lines for mark in line.marks if mark.value is None)
    sentence = (
        _("{group}: {value}, as for all. {other}: {reason}.")
        if len(others) == 1
        else _("{group}: {value}, as for all. The other groups: {reason}.")
    )
    return sentence.format(
        group="; ".join([mark.label for mark in known]),
        value=overall.text,
        other=others[0],
        reason=shown_as.listed(list(reasons)),
    )


def _chart(
    caption: str,
    lines: tuple[GroupLine, ...],
    overall: Mark | None = None,
    *,
    keys: tuple[str, ...] = (),
    variable: str = "",
    what: str = "",
) -> GroupsChart:
    sentence = f"{what or caption.split(' · ')[0]}: {describe_groups(lines, overall, keys)}"
    instead = "" if keys else _instead(lines, overall)
    return GroupsChart(caption, sentence, lines, overall, keys, variable, instead=instead)


def _caption(sight: Sight, item: Numbers, group_type: GroupType, row: ResultRow) -> str:
    coverage = _division(sight, item, group_type, row.edition).coverage
    pooled = coverage.period_years if coverage else 1
    parts = [
        _("By {groups}, {period}").format(
            groups=first_lower(group_type.name), period=shown_as.period_words(row.period, pooled)
        )
    ]
    if group_type.overlapping and not group_type.id.endswith("-overlapping"):  # whose name says it
        parts.append(_("groups overlap"))
    if row.edition != item.edition.edition:
        parts.append(sight.catalog.editions[row.edition].name)
    return " · ".join(parts)


def _overall(
    sight: Sight, item: Numbers, group_type: GroupType, row: ResultRow, own: ResultRow | None
) -> Mark | None:
    """The dotted upright: the file's own All row, or the overall value where both mean the same.

    Counts have none: every group's is below the number of all, which says nothing of the group.
    """
    if item.unit.id == COUNT:
        return None
    coverage = _division(sight, item, group_type, row.edition).coverage
    if coverage and coverage.all_row_is_overall:
        same = (other for other, _mark_ in item.overall if other.period == row.period)
        other = next((other for other in same if other.edition == row.edition), None)
        # The same number of two publications has one grade on a page: that of the newer.
        if own is None or (other is not None and other.value == own.value):
            own = other
    return mark_of(own, item.unit, _("All")) if own is not None and own.value is not None else None
