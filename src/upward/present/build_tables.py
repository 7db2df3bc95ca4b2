"""The table of a row: the same marks that its charts draw, newest year first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from upward.base.messages import _, pgettext
from upward.present.build_peers import peers_of
from upward.present.build_values import Numbers, Sight
from upward.present.specs import Chart, Column, Gap, GroupsChart, Mark, TableGroup, TableSpec, TrendChart
from upward.present.wording import quality_word

IMPUTATION = "imputation"


def table_of(
    sight: Sight, found: Sequence[Numbers], trends: Sequence[Chart], groups: Sequence[Chart]
) -> TableSpec:
    """Return the table twin of a row's charts: years, where lines are broken, nation, state, groups."""
    charts = [chart for chart in groups if isinstance(chart, GroupsChart)]
    marks = [mark for item in found for _row, mark in item.overall]
    marks += [mark for chart in charts for line in chart.lines for mark in line.marks]
    gaps = sorted(
        {gap for chart in trends if isinstance(chart, TrendChart) for gap in chart.gaps}, key=_years_of
    )
    peers = [(item, _peers(sight, item)) for item in found]
    marks += [mark for _item, beside in peers for mark in beside]
    shape = _Shape(
        pairs=any(mark.pair for mark in marks),
        intervals=any(mark.interval for mark in marks),
        national=any(item.middles for item in found),
        notes=bool(gaps) or any(mark.note or mark.published or mark.reason for mark in marks),
    )
    bodies = [_years(item, shape, len(found) > 1, sight.place.name) for item in found if item.overall]
    if gaps:
        rows = [
            shape.remark(
                pgettext("two years", "{first} and {last}").format(first=g.after, last=g.before), g.reason
            )
            for g in gaps
        ]
        bodies.append(TableGroup(_("Years that are not joined"), tuple(rows)))
    bodies += _percentiles(found, shape)
    for item, beside in peers:
        if beside:
            head = _("Peers, {period}").format(period=item.latest[0].period if item.latest else "")
            head = f"{head}: {item.variable.short}" if len(found) > 1 else head
            bodies.append(TableGroup(head, tuple(shape.cells(mark.label, mark) for mark in beside)))
    for chart in charts:
        bodies += _group_bodies(chart, shape)
    first = found[0]
    caption = f"{first.metric.name}, {sight.place.label}"
    return TableSpec(caption, _columns(first, shape), tuple(bodies))


def _peers(sight: Sight, item: Numbers) -> tuple[Mark, ...]:
    return peers_of(sight, item.latest[0], item.unit) if item.latest and item.spans else ()


class _Shape:
    """Which columns a table needs."""

    def __init__(self, *, pairs: bool, intervals: bool, national: bool, notes: bool) -> None:
        self.pairs, self.intervals, self.national, self.notes = pairs, intervals, national, notes

    def cells(self, head: str, mark: Mark, national: str = "") -> tuple[str, ...]:
        """Return one row of cells; the quality stands after the figures, the note last."""
        cells = [head, mark.text]
        if self.pairs:
            cells += [*(mark.pair or ("", ""))]
        if self.intervals:
            cells.append(mark.interval)
        if self.national:
            cells.append(national)
        cells.append(quality_word(mark.quality) if mark.value is not None else _("Not available"))
        if self.notes:
            cells.append(" ".join(text for text in (mark.reason, mark.note, mark.published) if text))
        return tuple(cells)

    def figure(self, head: str, text: str) -> tuple[str, ...]:
        """Return a row that has a figure only."""
        empty = 2 * self.pairs + self.intervals + 1 + self.national + self.notes
        return (head, text, *[""] * empty)

    def remark(self, head: str, text: str) -> tuple[str, ...]:
        """Return a row that has a note only."""
        empty = 2 + 2 * self.pairs + self.intervals + self.national
        return (head, *[""] * empty, text)


def _years_of(gap: Gap) -> tuple[int, int]:
    return gap.after, gap.before


def _columns(first: Numbers, shape: _Shape) -> tuple[Column, ...]:
    unit = first.unit.name
    columns = [Column(_("Year or group")), Column(unit[:1].upper() + unit[1:], True)]
    if shape.pairs:
        columns += [Column(_("Share of home value"), True), Column(_("Share of households"), True)]
    if shape.intervals:
        limits = first.edition.bounds == IMPUTATION
        columns.append(Column(_("Limits from filling gaps") if limits else _("95% interval"), True))
    if shape.national:
        columns.append(Column(_("US middle"), True))
    columns.append(Column(_("Data quality")))
    if shape.notes:
        columns.append(Column(_("Note")))
    return tuple(columns)


def _years(item: Numbers, shape: _Shape, named: bool, place: str) -> TableGroup:
    rows = tuple(
        shape.cells(row.period, mark, item.middles.get(row.period, (0.0, ""))[1])
        for row, mark in reversed(item.overall)
    )
    return TableGroup(f"{place}: {item.variable.short}" if named else place, rows)


def _percentiles(found: Sequence[Numbers], shape: _Shape) -> Iterable[TableGroup]:
    """The percentiles of residents in the nation and the state, one line a scope and variable."""
    rows, published = [], []
    for item in found:
        period = item.latest[0].period if item.latest else ""
        for span in item.spans:
            head = f"{span.name}, {period}"
            head = f"{head}: {item.variable.short}" if len(found) > 1 else head
            rows.append(shape.figure(head, " · ".join((span.low_text, span.middle_text, span.high_text))))
            if span.published_text:
                published.append(shape.figure(head, span.published_text))
    if rows:
        yield TableGroup(_("5th percentile · middle · 95th percentile of residents"), tuple(rows))
    if published:
        yield TableGroup(_("Middle as published"), tuple(published))


def _group_bodies(chart: GroupsChart, shape: _Shape) -> Iterable[TableGroup]:
    caption = chart.caption.split(" · ")[0]
    if not chart.keys:
        rows = [shape.cells(line.label, line.marks[0]) for line in chart.lines]
        if chart.overall:
            rows.append(shape.cells(chart.overall.label, chart.overall))
        yield TableGroup(caption, tuple(rows))
        return
    for index, key in enumerate(chart.keys):
        yield TableGroup(
            f"{caption}: {key}", tuple(shape.cells(line.label, line.marks[index]) for line in chart.lines)
        )
