"""The table of a row: the same marks that its charts draw, newest year first.

A metric of one number has a column for each thing that belongs to the number. A metric of several numbers has a
column for each of them, so that a year is one line. What holds for every number is said once, in the caption.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from upward.base.messages import _, pgettext
from upward.catalog import format as shown_as
from upward.present.build_definitions import COUNTY
from upward.present.build_peers import peers_beside
from upward.present.build_values import Numbers, Sight
from upward.present.specs import Chart, Column, Gap, GroupsChart, Mark, TableGroup, TableSpec, TrendChart
from upward.present.wording import first_lower, quality_word, quality_words

IMPUTATION = "imputation"
#: A number, a text in its place, or nothing.
Cell = Mark | str | None


class _Block:
    """Lines under one head, if it has one, by what stands before them; each has a cell for each number of the metric."""

    def __init__(self, head: str, lines: dict[str, list[Cell]] | None = None, wide: bool = False) -> None:
        """Begin with these lines, or none; `wide` are texts that would make a column three times as wide as its numbers."""
        self.head, self.wide = head, wide
        self.lines: dict[str, list[Cell]] = {} if lines is None else lines

    def put(self, line: str, index: int, cell: Cell, count: int) -> None:
        """Set the cell of a line, which is made where it is new."""
        self.lines.setdefault(line, [None] * count)[index] = cell


class _Held(NamedTuple):
    """What the numbers of a table hold: which of its columns and notes are needed."""

    numbers: int
    qualities: Mapping[
        str, int
    ]  # how many numbers of the place are of each, by its word; 0 of those that peers have
    pairs: bool
    intervals: bool
    remarks: bool

    @property
    def usual(self) -> str:
        """The quality that most numbers of the place have; of two the first."""
        return max(self.qualities, key=self.qualities.__getitem__, default="")


def _held(blocks: Sequence[_Block], peers: Sequence[_Block]) -> _Held:
    """What all blocks hold; the grades of `peers` among them count for nothing against the place's own."""
    graded: dict[int | None, int] = {}
    numbers = 0
    pairs = intervals = remarks = False
    for block in blocks:
        counted = 0 if block in peers else 1
        for cells in block.lines.values():
            for mark in cells:
                if not isinstance(mark, Mark):
                    continue
                numbers += 1
                if mark.value is not None:
                    graded[mark.quality] = graded.get(mark.quality, 0) + counted
                pairs = pairs or mark.pair is not None
                intervals = intervals or mark.interval != ""
                remarks = remarks or mark.reason != "" or mark.note != "" or mark.published != ""
    qualities: dict[str, int] = {}
    for grade, count in graded.items():
        word = quality_word(grade)
        qualities[word] = qualities.get(word, 0) + count
    return _Held(numbers, qualities, pairs, intervals, remarks)


def table_of(
    sight: Sight, found: Sequence[Numbers], trends: Sequence[Chart], groups: Sequence[Chart]
) -> TableSpec:
    """Return the table twin of a row's charts: years, where lines are broken, nation, state, peers, groups, notes."""
    peers = [*_peers(sight, found)]
    blocks = [
        _years(found),
        *_percentiles(found),
        *peers,
        *_groups(found, [chart for chart in groups if isinstance(chart, GroupsChart)], sight.place.name),
    ]
    held = _held(blocks, peers)
    qualities, usual = held.qualities, held.usual
    first = found[0]
    caption = [f"{first.metric.short}, {sight.place.name}"]
    if len(found) == 1:
        shape = _Shape(first, held)
        columns = shape.columns()
        bodies = [shape.body(block, years=block is blocks[0]) for block in blocks]
    else:
        caption += _explained(found, held)
        columns = (Column(_("Year or group")), *(Column(item.variable.short, True) for item in found))
        bodies = [_body(block, usual) for block in (blocks[0], *_middles(found), *blocks[1:])]
    if len(qualities) == 1:
        caption.append(_("Data quality: {word}").format(word=usual))
    elif qualities:
        caption.append(_("Data quality: {word}, unless a figure says otherwise").format(word=usual))
    bodies[1:1] = _gaps(trends)
    if held.remarks:
        bodies.append(_notes(found, blocks, held.numbers))
    return TableSpec(". ".join(caption), columns, tuple(body for body in bodies if body.rows))


def _years(found: Sequence[Numbers]) -> _Block:
    """The years of the place, which the caption names."""
    by_period = [{row.period: mark for row, mark in item.overall} for item in found]
    block = _Block("")
    for period in sorted({period for marks in by_period for period in marks}, reverse=True):
        block.lines[period] = [marks.get(period, _("not available")) for marks in by_period]
    return block


def _middles(found: Sequence[Numbers]) -> Iterable[_Block]:
    """The US middle of every year, where the numbers of a metric stand side by side."""
    block = _Block(_middle_head(found[0]))
    for period in sorted({period for item in found for period in item.middles}, reverse=True):
        block.lines[period] = [item.middles[period].text if period in item.middles else "" for item in found]
    yield block


def _percentiles(found: Sequence[Numbers]) -> Iterable[_Block]:
    """The percentiles of residents in the nation and the state; beside the middle, the publisher's own."""
    lines: dict[str, list[Cell]] = {}
    printed = False
    for index, item in enumerate(found):
        period = item.latest[0].period if item.latest else ""
        for span in item.spans:
            head = f"{span.name}, {period}"
            middle = span.middle_text
            if span.published_text:
                middle, printed = f"{middle} ({span.published_text})", True
            figures = " · ".join((span.low_text, middle, span.high_text))
            lines.setdefault(head, [None] * len(found))[index] = figures
    if printed:
        yield _Block(_("5th · middle (published) · 95th percentile"), lines, wide=True)
    else:
        yield _Block(_("5th · middle · 95th percentile"), lines, wide=True)


def _peers(sight: Sight, found: Sequence[Numbers]) -> Iterable[_Block]:
    """The peers of the newest year, in short names; the head says that they are counties."""
    own = f", {sight.place.state_abbreviation}"
    peers = _("Peer counties, {period}") if sight.place.geo_level == COUNTY else _("Peers, {period}")
    blocks: dict[str, _Block] = {}
    for index, item in enumerate(found):
        marks = peers_beside(sight, item)
        if item.latest and marks:
            head = peers.format(period=item.latest[0].period)
            for name, mark in zip(
                _short_names(tuple([mark.label for mark in marks]), own), marks, strict=True
            ):
                blocks.setdefault(head, _Block(head)).put(name, index, mark, len(found))
    return blocks.values()


@lru_cache(maxsize=512)
def _short_names(labels: tuple[str, ...], own: str) -> list[str]:
    """Names of places without “County” and without the state of the page's own place (", VA"), unless two of them, or a
    county and a city of one name, could then be taken for each other.
    """
    bases = [label.partition(", ")[0].removesuffix(" County").removesuffix(" city") for label in labels]
    names = []
    for label, base in zip(labels, bases, strict=True):
        name, comma, state = label.removesuffix(own).partition(", ")
        names.append(label if bases.count(base) > 1 else f"{name.removesuffix(' County')}{comma}{state}")
    return names


def _groups(found: Sequence[Numbers], charts: Sequence[GroupsChart], place: str) -> Iterable[_Block]:
    """One block a division of residents; a chart's numbers stand in the columns of their variables."""
    places = {item.variable.short: index for index, item in enumerate(found)}
    blocks: dict[str, _Block] = {}
    for chart in charts:
        head = chart.caption.split(" · ")[0].removeprefix(f"{chart.variable}: ")
        head = head[:1].upper() + head[1:]
        block = blocks.setdefault(head, _Block(head))
        for line in chart.lines:
            if not chart.keys and not chart.variable and line.label in places:  # the lines are the variables
                block.put(place, places[line.label], line.marks[0], len(found))
                continue
            for name, mark in zip(chart.keys or (chart.variable,), line.marks, strict=True):
                block.put(line.label, places.get(name, 0), mark, len(found))
        if chart.overall:
            block.put(chart.overall.label, places.get(chart.variable, 0), chart.overall, len(found))
    return blocks.values()


def _gaps(trends: Sequence[Chart]) -> Iterable[TableGroup]:
    """Where lines are broken, and why."""
    gaps = {gap for chart in trends if isinstance(chart, TrendChart) for gap in chart.gaps}
    if not gaps:
        return
    reasons: dict[str, list[str]] = {}
    for gap in sorted(gaps, key=_years_of):
        years = pgettext("two years", "{first} and {last}").format(first=gap.after, last=gap.before)
        reasons.setdefault(gap.reason, []).append(years)
    rows = tuple(("; ".join(dict.fromkeys(years)), reason) for reason, years in reasons.items())
    yield TableGroup(_("Years that are not joined"), rows, remarks=True)


def _years_of(gap: Gap) -> tuple[int, int]:
    return gap.after, gap.before


def _remark(mark: Mark) -> str:
    reason, note, published = mark.reason, mark.note, mark.published
    if not (reason or note or published):
        return ""
    return " ".join([text for text in (reason, note, published) if text])


class _Shape:
    """Which columns the table of one number needs."""

    def __init__(self, item: Numbers, held: _Held) -> None:
        self.item, self.qualities, self.usual = item, len(held.qualities) > 1, held.usual
        self.pairs, self.intervals = held.pairs, held.intervals

    def columns(self) -> tuple[Column, ...]:
        """Return the heads of the columns: those of figures first."""
        columns = [Column(_("Year or group")), Column(_unit(self.item), True)]
        if self.pairs:
            columns += [Column(_("Share of home value"), True), Column(_("Share of households"), True)]
        if self.intervals:
            columns.append(Column(_bounds(self.item), True))
        if self.item.middles:
            columns.append(Column(_middle_head(self.item), True))
        if self.qualities:
            columns.append(Column(_("Data quality")))
        return tuple(columns)

    def body(self, block: _Block, *, years: bool) -> TableGroup:
        """Return the lines of a block; only years have the nation beside them."""
        middles = self.item.middles if years else {}
        rows = tuple(
            [
                self._row(head, cell, middles[head].text if head in middles else "")
                for head, (cell,) in block.lines.items()
            ]
        )
        return TableGroup(block.head, rows, wide=block.wide)

    def _row(self, head: str, cell: Cell, middle: str) -> tuple[str, ...]:
        if not isinstance(cell, Mark):
            return head, cell or ""
        cells = [head, cell.text]
        if self.pairs:
            cells += [*(cell.pair or ("", ""))]
        if self.intervals:
            cells.append(cell.interval)
        if self.item.middles:
            cells.append(middle)
        if self.qualities:
            word = quality_word(cell.quality)
            cells.append(word if cell.value is not None and word != self.usual else "")
        return tuple(cells)


def _middle_head(item: Numbers) -> str:
    """The head of the figures of the nation, which of cities are those of the large ones."""
    of_cities = item.latest and item.latest[0].geo_level != COUNTY
    return _("Middle of US cities") if of_cities else _("US middle")


def _unit(item: Numbers) -> str:
    return item.unit.name[:1].upper() + item.unit.name[1:]


def _bounds(item: Numbers) -> str:
    return _("Limits from filling gaps") if item.edition.bounds == IMPUTATION else _("95% interval")


def _explained(found: Sequence[Numbers], held: _Held) -> Iterable[str]:
    """What the figures of several numbers are: their unit, where it is one, and what stands in parentheses."""
    if len({item.unit.id for item in found}) == 1:
        yield _unit(found[0])
    inside = []
    if held.pairs:
        inside.append(_("share of home value : share of households"))
    if held.intervals:
        inside.append(first_lower(_bounds(found[0])))
    if inside:
        yield _("In parentheses: {what}").format(what="; ".join(inside))


def _body(block: _Block, usual: str) -> TableGroup:
    words = quality_words()
    return TableGroup(
        block.head,
        tuple(
            [(head, *[_figure(cell, usual, words) for cell in cells]) for head, cells in block.lines.items()]
        ),
    )


def _figure(cell: Cell, usual: str, words: Mapping[int | None, str]) -> str:
    """A number in one cell: in parentheses its two sides, its interval, and a quality that is not the usual one."""
    if not isinstance(cell, Mark):
        return cell or ""
    text, pair, interval = cell.text, cell.pair, cell.interval
    quality = words.get(cell.quality, words[None]) if cell.value is not None else usual
    if not pair and quality == usual:  # as most are
        return f"{text} ({interval})" if interval else text
    inside = [" : ".join(pair)] if pair else []
    if interval:
        inside.append(interval)
    if quality != usual:
        inside.append(quality)
    return f"{text} ({'; '.join(inside)})"


def _notes(found: Sequence[Numbers], blocks: Sequence[_Block], count: int) -> TableGroup:
    """What must be known of single numbers: each text once, before it the figures that it belongs to."""
    often = Counter([head for block in blocks for head in block.lines])
    owners: dict[str, dict[tuple[int, ...], list[str]]] = {}  # text -> numbers of the metric -> lines
    for block in blocks:
        for head, cells in block.lines.items():
            remarks = [_remark(cell) if isinstance(cell, Mark) else "" for cell in cells]
            if remarks.count("") == len(remarks):
                continue
            name = head if often[head] == 1 or not block.head else f"{head} ({first_lower(block.head)})"
            for text in dict.fromkeys(filter(None, remarks)):
                which = tuple(index for index, remark in enumerate(remarks) if remark == text)
                owners.setdefault(text, {}).setdefault(which, []).append(name)
    rows = []
    for text, lines in owners.items():
        if sum(len(which) * len(names) for which, names in lines.items()) == count:
            rows.append((_("Every figure"), text))
            continue
        parts = []
        for which, names in lines.items():
            some = ""
            if len(which) < len(found):
                some = f"{'; '.join([found[index].variable.short for index in which])}: "
            elif len(lines) > 1:
                some = _("Both: ") if len(found) == 2 else _("All: ")
            parts.append(some + "; ".join(_years_joined(names)))
        rows.append((". ".join(parts), text))
    return TableGroup(_("Notes"), tuple(rows), remarks=True)


def _years_joined(names: Sequence[str]) -> list[str]:
    """Return the heads of lines, where those that are years stand first and as ranges."""
    years = [int(name) for name in names if name.isdigit()]
    return [*([shown_as.years(years)] if years else []), *[name for name in names if not name.isdigit()]]
