"""What every section of the Mobility Action Plan is made with: the plan, the catalogue, pages of its places, evidence.

The evidence gives a mark (E1, E2, …) to each source when it is first cited, and writes the references at the end.
Private fields never pass here: asking for one is a fault of the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from upward.base.messages import _
from upward.catalog import format as shown_as
from upward.catalog.model import Catalog, Variable
from upward.plan.content import PlanContent, RecordContent, RecordKey, title_of
from upward.plan.record_values import plain_number, value_words
from upward.present.document import Block, Paragraph, Reference, Run, Text, text
from upward.present.specs import MetricRow, PlacePage

QUALITY_WORDS = "number-qualities"
#: Numbers with more decimals were computed: they are shown as their unit is.
TYPED_DECIMALS = 2


class Shape(StrEnum):
    """What kind of evidence a source is, as a sign before its mark."""

    NUMBER = "■"
    VOICES = "●"
    STUDY = "▲"


SHAPES = {
    "pinned-metric": Shape.NUMBER, "local-value": Shape.NUMBER, "representation-form": Shape.NUMBER,
    "theme": Shape.VOICES, "contribution": Shape.VOICES, "engagement-activity": Shape.VOICES,
}  # fmt: skip


@dataclass(slots=True)
class Context:
    """Everything sections read; `pages` are the data pages of the plan's places by code, where the release is there."""

    content: PlanContent
    catalog: Catalog
    pages: Mapping[str, PlacePage]
    places: Mapping[str, str]  # name by code
    names: dict[str, str] = field(init=False)
    marks: dict[str, str] = field(default_factory=dict)  # of evidence, by its key as text
    entries: list[Reference] = field(default_factory=list)
    tables: dict[str, MetricRow] = field(
        default_factory=dict
    )  # of charts that were drawn: by id of the table

    def __post_init__(self) -> None:
        """Name everything that a value may point to."""
        everything = (*self.content.all_records(), *(r for rs in self.content.withdrawn.values() for r in rs))
        self.names = {str(record.key): title_of(self.catalog, record) for record in everything}
        self.names |= {key: person.name for key, person in self.content.people.items()}
        self.names |= dict(self.places)

    # --- values -------------------------------------------------------------------------------------------------
    def words(self, record: RecordContent, name: str) -> str:
        """Return a field of a record as the plan prints it; empty where there is nothing."""
        found = self.catalog.records[record.kind].fields[name]
        assert not found.private, f"{record.kind}.{name} is private and never enters the plan"
        return value_words(self.catalog, found, record.values.get(name), names=self.names)

    def label(self, kind: str, name: str) -> str:
        """Return what a field is called."""
        return self.catalog.records[kind].fields[name].label

    def title(self, record: RecordContent) -> str:
        """Return what a record is called."""
        return title_of(self.catalog, record)

    def linked(self, record: RecordContent, name: str) -> list[RecordContent]:
        """Return the standing records that a link leads to."""
        found = (self.content.find(key) for key in record.linked(name))
        return [item for item in found if item is not None and item.withdrawn_at is None]

    def facts(self, record: RecordContent, names: Iterable[str]) -> tuple[tuple[str, Text], ...]:
        """Return label and words of the fields that say something."""
        return tuple(
            (self.label(record.kind, name), text(words))
            for name in names
            if (words := self.words(record, name))
        )

    def option(self, vocabulary: str, value: str) -> str:
        """Return the name of a word of a vocabulary; empty for none."""
        entries = self.catalog.vocabularies[vocabulary].entries
        return entries[value].name if value in entries else value

    def group(self, record: RecordContent) -> str:
        """Return the name of the group that a record speaks of, without that of its kind; empty for all people."""
        kind, _slash, name = record.text("group").partition("/")
        known = self.catalog.group_types.get(kind)
        return next((item.name for item in known.groups if item.id == name), name) if known else ""

    # --- numbers ------------------------------------------------------------------------------------------------
    def variable(self, record: RecordContent) -> Variable | None:
        """Return the published number that a record names."""
        return self.catalog.variables.get(record.text("variable"))

    def published(self, record: RecordContent) -> tuple[str, str]:
        """Return value and interval of a reading of a metric, in the metric's own unit."""
        variable, value = self.variable(record), _number(record, "value")
        if variable is None or value is None:
            return self.words(record, "status") or _("no value"), ""
        unit = self.catalog.units[variable.unit]
        lower, upper = _number(record, "lower"), _number(record, "upper")
        bounded = lower is not None and upper is not None and lower != upper
        return shown_as.shown(value, unit), shown_as.interval(lower, upper, unit) if bounded else ""  # type: ignore[arg-type]

    def own(self, record: RecordContent, name: str, *, unit: str | None = None) -> str:
        """Return a number that people typed, in its unit: `41.5%`."""
        value = record.values.get(name)
        if not isinstance(value, Decimal):
            return ""
        unit_id = record.text("unit") if unit is None else unit
        found = self.catalog.units.get(unit_id)
        if -int(value.normalize().as_tuple().exponent) > TYPED_DECIMALS:  # computed, not typed
            value = round(value, max(found.decimals, 1) if found else 1)
        whole, _point, rest = plain_number(abs(value)).partition(".")
        figure = f"{'−' if value < 0 else ''}{int(whole):,}{'.' if rest else ''}{rest}"
        return f"{found.prefix}{figure}{shown_as.suffix(found)}" if found else figure

    def own_interval(self, record: RecordContent, lower: str, upper: str) -> str:
        """Return two bounds that people typed as an interval; empty without both."""
        ends = self.own(record, lower), self.own(record, upper)
        return shown_as.between(*ends) if all(ends) else ""

    def quality(self, record: RecordContent, name: str = "quality") -> str:
        """Return the data quality in words."""
        word = self.option(QUALITY_WORDS, record.text(name)) or _("Not graded")
        return _("Data quality: {word}").format(word=word)

    def metric_row(self, record: RecordContent) -> MetricRow | None:
        """Return the row of the place's page that a record's metric stands in."""
        variable, page = self.variable(record), self.page_of(record)
        if variable is None or page is None:
            return None
        rows = (row for pillar in page.pillars for row in pillar.rows if row.id == variable.metric)
        return next(rows, None)

    def page_of(self, record: RecordContent) -> PlacePage | None:
        """Return the data page of the record's place, or of the plan's first place where it names none."""
        code = record.text("place") or (self.content.places[0].code if self.content.places else "")
        return self.pages.get(code)

    # --- evidence -----------------------------------------------------------------------------------------------
    def cite(self, keys: Iterable[RecordKey], *, shapes: bool = False) -> Text:
        """Return the marks of sources, each linked to its reference; a source cited for the first time gets one."""
        from upward.plan.map_references import reference_text

        runs: list[Run] = []
        for key in keys:
            record = self.content.find(key)
            if record is None or record.withdrawn_at is not None:
                continue
            runs += self._mark(
                str(key), reference_text(self, record), SHAPES.get(key.kind, Shape.STUDY), shapes, bool(runs)
            )
        return tuple(runs)

    def cite_words(self, key: str, words: Text, *, shapes: bool = False, follows: bool = False) -> Text:
        """Return the mark of a source that is no record of its own: a document, a study."""
        return tuple(self._mark(key, words, Shape.STUDY, shapes, follows))

    def _mark(self, key: str, words: Text, shape: Shape, shapes: bool, follows: bool) -> Iterator[Run]:
        mark = self.marks.get(key)
        if mark is None:
            mark = self.marks[key] = f"E{len(self.marks) + 1}"
            self.entries.append(Reference(mark, mark, words))
        if shapes:
            yield Run(f"{' ' if follows else ''}{shape} ")
            yield Run(mark, "", f"#{mark}")
        else:
            yield Run(", " if follows else "", "reference")
            yield Run(mark, "reference", f"#{mark}")


def _number(record: RecordContent, name: str) -> float | None:
    value = record.values.get(name)
    return float(value) if isinstance(value, Decimal) else None


def paragraphs(words: str, role: str = "body") -> tuple[Block, ...]:
    """Return a text of several lines as paragraphs, split where a line is empty."""
    pieces = [piece.strip() for piece in words.replace("\r\n", "\n").split("\n\n")]
    return tuple(Paragraph(text(piece), role) for piece in pieces if piece)


def joined(parts: Sequence[str], between: str = ". ") -> str:
    """Return the parts that say something, as sentences that end with a stop."""
    kept = [part.strip().rstrip(".") for part in parts if part.strip()]
    return f"{between.join(kept)}." if kept else ""
