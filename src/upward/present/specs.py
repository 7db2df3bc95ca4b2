"""What a place page shows, as frozen value objects: every renderer draws from these and computes nothing.

A `Mark` is one number with everything that belongs to it. The drawing, the table and the sentence of a chart are
made from the same marks, so they cannot disagree. Values are in the stored scale (shares 0 to 1).

What a page has dozens of is a named tuple, which is made in a fraction of the time of a frozen dataclass; what it has
hundreds of, or what is read thousands of times, is a plain class: compiled, its fields are read without a search.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from upward.warehouse.read import ResultRow


@dataclass(eq=False)
class Mark:
    """One number: its label (a year, a group, a lane), the value and its interval, and how good it is.

    Nothing changes one; `dataclasses.replace` makes another, and one is told from others as an object. It is not frozen
    because a page has six hundred: setting the fields of a frozen one takes longer than all that is reckoned from them.
    """

    label: str
    value: float | None
    text: str  # as shown; for a missing value the short reason
    lower: float | None
    upper: float | None
    interval: str  # as shown; empty where there is none
    quality: int | None
    reason: str  # of a missing value, a full sentence
    note: str  # what a reader must know of this number
    published: str  # what the file said, where another value or flag is used
    pair: tuple[str, str] | None  # two sides of an "a : b" as shown
    year: int
    apart: bool  # of a peer: in the table only, for its number may not be compared

    def __init__(
        self, label: str, value: float | None = None, text: str = "", lower: float | None = None,
        upper: float | None = None, interval: str = "", quality: int | None = None, reason: str = "", note: str = "",
        published: str = "", pair: tuple[str, str] | None = None, year: int = 0, apart: bool = False,
    ) -> None:  # fmt: skip
        """Set the fields one by one, which is what takes the least time."""
        self.label, self.value, self.text = label, value, text
        self.lower, self.upper, self.interval = lower, upper, interval
        self.quality, self.reason, self.note, self.published = quality, reason, note, published
        self.pair, self.year, self.apart = pair, year, apart

    @property
    def bounded(self) -> bool:
        """Tell whether an interval is drawn: both bounds known and not the same."""
        return self.lower is not None and self.upper is not None and self.lower != self.upper


@dataclass(eq=False)
class Span:
    """What the nation or a state looks like: weighted 5th, 50th and 95th percentile of its residents.

    Nothing changes one. The same object stands on the pages of many places, and is told from others as an object.
    """

    short: str  # "US", "MO"
    name: str  # "United States", "Missouri"
    low: float
    middle: float
    high: float
    low_text: str
    middle_text: str
    high_text: str
    published_text: str = ""  # the publisher's own median, where one is printed
    national: bool = False


@dataclass(frozen=True)
class Reference:
    """A dashed upright that means something: “parity”, “one home each”."""

    value: float
    label: str


class RangeChart(NamedTuple):
    """One value against the nation and the state."""

    caption: str
    sentence: str
    mark: Mark
    spans: tuple[Span, ...]  # first the nation where it is known
    reference: Reference | None = None
    peers: tuple[Mark, ...] = ()  # the same number of each peer, under its name


class Lane(NamedTuple):
    """One line of a lanes chart."""

    mark: Mark
    span: Span | None
    peers: tuple[Mark, ...] = ()


class LanesChart(NamedTuple):
    """Several values on one shared axis."""

    caption: str
    sentence: str
    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[float, str], ...]
    reference: Reference | None = None
    logarithmic: bool = False


class Gap(NamedTuple):
    """Where a line is broken: between two years, with a word for the chart and the reason."""

    after: int
    before: int
    word: str  # empty: the gap alone says it
    reason: str


class Series:
    """One line over the years, with its part of the sentence; `runs` are the stretches that may be joined. Nothing
    changes one.
    """

    def __init__(
        self,
        label: str,
        sentence: str,
        runs: tuple[tuple[Mark, ...], ...],
        national_runs: tuple[tuple[Mark, ...], ...] = (),
    ) -> None:
        """Put the stretches end to end, once: `marks` are every drawn year in order."""
        self.label, self.sentence, self.runs, self.national_runs = label, sentence, runs, national_runs
        self.marks = tuple([mark for run in runs for mark in run])


class TrendChart(NamedTuple):
    """One or more values over the years."""

    caption: str
    sentence: str
    series: tuple[Series, ...]
    gaps: tuple[Gap, ...] = ()
    panels: bool = False  # one small drawing per series, all on one scale
    captioned: bool = False  # the words of the gaps stand in the caption: the drawing has no room for them


class GroupLine:
    """One group: one mark, or several where a metric is a triple. Nothing changes one."""

    def __init__(self, label: str, marks: tuple[Mark, ...]) -> None:
        """Set both."""
        self.label, self.marks = label, marks


class GroupsChart(NamedTuple):
    """Groups under each other in their fixed order; the dotted upright is everybody."""

    caption: str
    sentence: str
    lines: tuple[GroupLine, ...]
    overall: Mark | None = None
    keys: tuple[str, ...] = ()  # names of the marks of a triple
    variable: str = ""  # which number of a metric of several it is; empty for a triple and a metric of one
    own: bool = False  # its only line is the place itself, not a group
    reference: Reference | None = None
    beside: tuple[Mark, ...] = ()  # of the charts on the same scale
    instead: str = ""  # what a page says in place of a drawing that would show nothing


@dataclass(frozen=True)
class MiniChart:
    """Inside a finding: at most a few lines, each with the place or group, its value and interval."""

    sentence: str
    marks: tuple[Mark, ...]
    reference: Reference | None = None


class NoChart(NamedTuple):
    """The place of a chart that cannot be drawn, with the reason."""

    caption: str
    reason: str


Chart = RangeChart | LanesChart | TrendChart | GroupsChart | NoChart
Drawn = RangeChart | LanesChart | TrendChart | GroupsChart | MiniChart


class Column:
    """A table column's head; `number` columns are right-aligned. Nothing changes one."""

    def __init__(self, head: str, number: bool = False) -> None:
        """Set both."""
        self.head, self.number = head, number


class TableGroup:
    """Rows under one head, where it is not empty; the first cell of a row is its head. Remarks have one text for all
    columns; figures that would make a column too wide for its others may take all columns too. Nothing changes one.
    """

    def __init__(
        self, head: str, rows: tuple[tuple[str, ...], ...], remarks: bool = False, wide: bool = False
    ) -> None:
        """Set them all."""
        self.head, self.rows, self.remarks, self.wide = head, rows, remarks, wide


class TableSpec(NamedTuple):
    """A table: caption, columns, groups of rows."""

    caption: str
    columns: tuple[Column, ...]
    groups: tuple[TableGroup, ...]


class Headline(NamedTuple):
    """The newest value of one variable, big."""

    label: str  # empty where the metric has one variable only
    mark: Mark
    unit_words: str  # "of children aged 3 and 4"


@dataclass(frozen=True)
class Note:
    """A note with one of the three markers."""

    kind: str  # caution | people | key
    text: str


@dataclass(frozen=True)
class Definition:
    """What a reader must know to use a metric: paragraphs with a head word, and its limits.

    A place page shows the essentials and the first limits; the workbook and the reference show everything.
    """

    metric: str
    essentials: tuple[tuple[str, str], ...]
    further: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]  # the weightiest first


class MetricRow(NamedTuple):
    """One metric on the page."""

    id: str
    predictor: str
    part: str  # "1 of 2" where a predictor has two metrics
    name: str
    short: str
    level: str
    headlines: tuple[Headline, ...]
    pair_heads: tuple[str, str] | None  # heads of the two sides, for pairs
    meta: tuple[tuple[str, str], ...]  # (plain text, strong word) lines
    standing: tuple[Chart, ...]
    trends: tuple[Chart, ...]
    groups: tuple[Chart, ...]
    tag: tuple[str, str] | None  # shape and word before the reading: how strong it is, or why it is not
    reading: tuple[str, ...]
    note: Note | None
    table: TableSpec | None
    empty_reason: str  # where there is no value at all
    local: str  # what local data could stand in
    definition: Definition
    spans: tuple[tuple[str, str, Span], ...] = ()  # variable, period, percentiles of the nation and the state

    @property
    def wide(self) -> bool:
        """Tell whether the years are small drawings side by side, which need two columns."""
        return any(isinstance(chart, TrendChart) and chart.panels for chart in self.trends)


class Glance(NamedTuple):
    """One line of the profile."""

    id: str
    label: str
    text: str  # value as shown, or empty
    words: str  # instead of a track
    mark: Mark | None = None
    span: Span | None = None
    sentence: str = ""
    position: Position | None = None
    spoken: str = ""  # after the text of a position: of how many, and its interval


@dataclass(frozen=True)
class Position:
    """How many of 100 residents live where the value is less favorable, with the interval's two ends, and how strongly
    the value was found to lie above or below the US middle.
    """

    share: float  # 0 to 100
    lower: float | None = None
    upper: float | None = None
    strength: str = (
        ""  # a key of `wording.finding_mark`: clear, likely, cannot tell; empty where nothing was tested
    )
    above: bool = False  # its side, where the strength is clear or likely


@dataclass(frozen=True)
class FindingView:
    """One finding as a page shows it; its words were bound to its strength by whoever made it."""

    id: str
    mark: str  # a key of `wording.finding_mark`: clear, likely, cannot tell, …
    heading: str
    statement: str
    detail: str  # on what it rests: test, correction, quality, method
    why: str  # why it stands where it stands in the list
    rows: tuple[tuple[str, str], ...]  # rows of the page that it rests on: id and name
    chart: MiniChart | None = None
    table: TableSpec | None = None


@dataclass(frozen=True)
class FindingsView:
    """“What stands out”: findings first, then what cannot be said and why."""

    lead: str  # how many comparisons were tested together, and what that means for the words
    found: tuple[FindingView, ...]
    more: tuple[FindingView, ...] = ()  # further findings, without drawings
    unclear: tuple[FindingView, ...] = ()
    granted: str = ""  # what all tests of `found` take for granted
    more_words: str = ""  # what `more` is called: how many, and of how many


@dataclass(frozen=True)
class PeerView:
    """A place that is like this one, how near it is, and in what."""

    code: str
    name: str  # "Olmsted County, MN"
    distance: str  # as shown
    parts: tuple[str, ...]  # as shown, in the order of the parts' names


@dataclass(frozen=True)
class PeersView:
    """The peers of a place, nearest first, and how they were chosen."""

    chosen: str
    parts: tuple[str, ...]  # names of the parts of a distance
    peers: tuple[PeerView, ...]


@dataclass(frozen=True)
class PlaceViews:
    """What is known of a place beyond its own numbers; a page is whole without any of it."""

    findings: FindingsView | None = None
    peers: PeersView | None = None
    #: By metric: the peers found without it, where it is a part of what makes places alike.
    own_peers: Mapping[str, tuple[PeerView, ...]] = field(default_factory=dict)
    #: By variable and code: other places' rows. Only a row of the very same number is set beside the place's own.
    peer_rows: Mapping[str, Mapping[str, ResultRow]] = field(default_factory=dict)
    #: By variable, edition and period.
    positions: Mapping[tuple[str, str, str], Position] = field(default_factory=dict)
    #: Marks of peers made so far, by number and code: a place is a peer of many.
    made: dict[tuple[str, ...], dict[str, Mark]] = field(default_factory=dict)


@dataclass(frozen=True)
class PillarSection:
    """One pillar with its rows."""

    id: str
    number: int
    name: str
    why: str
    counted: str
    glances: tuple[Glance, ...]
    rows: tuple[MetricRow, ...]
    note: Note | None = None


class Missing(NamedTuple):
    """One line of “What is missing, and why”."""

    value: str
    reason: str
    advice: str


@dataclass(frozen=True)
class Fact:
    """One fact of the head; `small` follows it in small type."""

    label: str
    value: str
    small: str = ""


class Cited(NamedTuple):
    """One source as the page cites it."""

    name: str
    citation: str
    licence: str
    address: str
    metrics: str


@dataclass(frozen=True)
class ReleaseFacts:
    """What a page says of the release it rests on."""

    id: str
    sample: bool
    built: str  # date in ISO form, or empty
    checksum: str  # identity of the release: sha256 of its manifest or tables, or empty


@dataclass(frozen=True)
class PlacePage:
    """Everything one place page shows."""

    language: str
    title: str
    place_code: str
    level: str
    release: ReleaseFacts
    made: str  # date in ISO form
    facts: tuple[Fact, ...]
    banner: str  # of a former area or a new one, else empty
    own_middle: str  # why the state's middle can be the place's own value, else empty
    key: RangeChart | None  # a real chart of this page that explains the signs
    key_label: str
    pillars: tuple[PillarSection, ...]
    missing: tuple[Missing, ...]
    sources: tuple[Cited, ...]
    vintages: tuple[str, ...]
    flags: tuple[str, ...]
    quality: tuple[tuple[str, str], ...]  # word and meaning
    findings: FindingsView | None
    peers: PeersView | None
    rows: tuple[ResultRow, ...]  # every number behind the page, as stored: what the workbook holds

    @property
    def draws_states(self) -> bool:
        """Tell whether a chart sets a value beside the residents of the state."""
        charts = [chart for pillar in self.pillars for row in pillar.rows for chart in row.standing]
        spans = [span for chart in charts if isinstance(chart, RangeChart) for span in chart.spans]
        return any(not span.national for span in spans)

    @property
    def sources_by_licence(self) -> dict[str, list[Cited]]:
        """Return the sources, in their order, under each licence."""
        found: dict[str, list[Cited]] = {}
        for source in self.sources:
            found.setdefault(source.licence, []).append(source)
        return found

    @property
    def missing_by_reason(self) -> dict[str, list[Missing]]:
        """Return what is missing, in its order, under each reason."""
        found: dict[str, list[Missing]] = {}
        for line in self.missing:
            found.setdefault(line.reason, []).append(line)
        return found
