"""The catalogue's objects: frozen, complete, and nothing but data.

What belongs here: the shapes that `catalog/load.py` fills from `catalog/data/`. What does not: reading files,
checking rules (`checks.py`), wording for pages (`present`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from upward.catalog.record_model import RecordKind
from upward.catalog.step_model import (
    Chapter,
    ChecklistItem,
    Question,
    Reading,
    Section,
    Step,
    Task,
    Vocabulary,
)


class Direction(StrEnum):
    """Which way is favourable."""

    HIGHER = "higher is better"
    LOWER = "lower is better"
    PARITY = "parity"
    CONTEXT = "context"


class Form(StrEnum):
    """How a metric's variables stand together on a page."""

    SINGLE = "single"  # one value (a share, rate, ratio, index)
    PERCENTILES = "percentiles"  # 20th, 50th, 80th on one dollar axis
    LEVELS = "levels"  # several ratios by income level on one axis (affordability)
    BY_GROUP = "by-group"  # the group is in the variable's name (exposure, high-poverty schools)
    PAIRS = "pairs"  # "a : b" of two shares per group (housing wealth)
    HALF_PAIRS = "half-pairs"  # only the residents' share is published (representation)
    COUNT_AND_SHARE = "count-and-share"
    RATES = "rates"  # several rates, never compared between places (crime)


@dataclass(frozen=True)
class Edition:
    """One edition of the framework's data: `2022` or `2025`."""

    id: str
    name: str
    note: str


@dataclass(frozen=True)
class Vintage:
    """One publication of the metrics (`source_release` in result rows); a higher rank is newer."""

    id: str
    name: str
    edition: str
    rank: int
    note: str


@dataclass(frozen=True)
class Dimension:
    """One of the three dimensions of mobility."""

    id: str
    name: str
    definition: str
    names: Mapping[str, str] = field(
        default_factory=dict
    )  # edition id -> name in that edition, where it differs


@dataclass(frozen=True)
class Pillar:
    """One of the five pillars."""

    id: str
    number: int
    name: str
    why: str


@dataclass(frozen=True)
class Predictor:
    """One of the 24 predictors."""

    id: str
    pillar: str
    name: str
    meaning: str
    basis: str  # evidence for the meaning: "evidence library", "metric description"


@dataclass(frozen=True)
class Unit:
    """How a stored number is shown: shown = stored × scale, with so many decimals, between prefix and suffix."""

    id: str
    name: str
    scale: float
    decimals: int
    prefix: str
    suffix: str
    words: str  # in a sentence: "{value} of every 100 households"; `{value}` is the shown number


@dataclass(frozen=True)
class Source:
    """Who published the figures or their inputs, and on what terms."""

    id: str
    name: str
    publisher: str
    address: str
    licence: str
    licence_confirmed: bool
    citation: str
    note: str
    city_citation: str = ""  # where the figures of cities come from another work of the same source
    city_address: str = ""
    shared_below: int = 0  # a place with fewer residents than that shares its figure with its neighbors
    shared_note: str = ""  # what its row then says


@dataclass(frozen=True)
class Group:
    """One group within a type; `published` are the exact labels in files."""

    id: str
    name: str
    published: tuple[str, ...]


@dataclass(frozen=True)
class GroupType:
    """A way of dividing people, households or neighbourhoods."""

    id: str
    name: str
    divides: str  # residents | households | births | students | homes | neighborhoods | jobs | arrests
    overlapping: bool  # groups share members and must not be added up or read as parts
    note: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class QualityLevel:
    """What a quality flag of 1, 2 or 3 means, or its absence."""

    value: int | None
    name: str
    meaning: str


@dataclass(frozen=True)
class QualityRule:
    """How the publisher sets the flag."""

    id: str
    strong: str
    marginal: str
    weak: str
    note: str


@dataclass(frozen=True)
class Break:
    """Years that must not be joined: `after` is the last year of the old series, `before` the first of the new."""

    after: int
    before: int
    kind: str  # source | definition | boundary | method | gap
    reason: str  # one sentence for people
    short: str  # a word or two for a chart
    levels: tuple[str, ...] = ("county", "place")


@dataclass(frozen=True)
class GroupCoverage:
    """Which groups a variable is published for, where and when."""

    group_type: str
    groups: tuple[str, ...]
    years: Mapping[str, tuple[int, ...]]  # level -> years
    edition: str
    period_years: int  # years pooled in the figure: 1 or 5
    all_row_is_overall: bool  # the "All" row of the file has the definition of the overall value
    note: str


@dataclass(frozen=True)
class VariableEdition:
    """A variable as one edition publishes it."""

    edition: str
    years: Mapping[str, tuple[int, ...]]  # level -> years of the overall value
    period_years: Mapping[str, int]  # level -> years pooled in the overall figure
    bounds: str  # none | sampling | imputation | delivered | one-sided …, in words
    bounds_years: Mapping[str, tuple[int, ...]]  # level -> years that carry bounds
    definition_note: str  # what differs from the other edition; empty if nothing
    file_claims: tuple[str, ...]  # where the files disagree with what is declared, in words
    source: str = ""  # sources.yaml id, where it is another than the metric's


@dataclass(frozen=True)
class Variable:
    """One published number of a metric."""

    id: str
    metric: str
    label: str  # "Household income, 20th percentile"
    short: str  # for a chart lane: "20th percentile"
    unit: str
    of_what: str  # stands under the big number in place of the unit: "of births"; may be empty
    direction: Direction
    group: str  # where the group is in the variable's name: "race-ethnicity/black"; else empty
    minimum: float | None  # a stored value below is rejected; None = no limit
    maximum: float | None
    zero: str  # what a stored 0 means: "value", "no physician", "missing"
    editions: tuple[VariableEdition, ...]
    groups: tuple[GroupCoverage, ...]


@dataclass(frozen=True)
class Metric:
    """One of the 26 metrics, with everything a reader must know to use it."""

    id: str
    predictor: str
    name: str  # "Share of children aged 3 and 4 enrolled in preschool"
    short: str  # for lists: "Access to preschool"
    form: Form
    direction: Direction
    direction_note: str
    definition: str  # two or three plain sentences
    universe: str
    formula: str
    weights: str
    estimator: str
    source: str  # sources.yaml id of the input
    source_words: str
    quality_rule: str  # quality.yaml id
    suppression: str
    breaks: tuple[Break, ...]
    limitations: tuple[str, ...]
    city_limitations: int  # so many of them, the first ones, are true of cities only
    supplements: tuple[str, ...]  # local data that can stand beside it; the first can stand in for all of it
    comparable: bool  # False: never ranked or set beside other places (crime, arrests)
    not_comparable_reason: str
    variables: tuple[Variable, ...]
    further_sources: tuple[str, ...] = ()  # sources.yaml ids of what the input is divided by or joined with
    #: Group type or variable -> the number of the supplement that has it, 0 for none.
    supplements_for: Mapping[str, int] = field(default_factory=dict)
    change_note: str = ""  # what to think of before a change between any two years is believed


@dataclass(frozen=True)
class Term:
    """A glossary entry."""

    id: str
    term: str
    definition: str


@dataclass(frozen=True)
class Catalog:
    """Everything, by id, in the order of the framework."""

    editions: Mapping[str, Edition]
    vintages: Mapping[str, Vintage]
    dimensions: Mapping[str, Dimension]
    pillars: Mapping[str, Pillar]
    predictors: Mapping[str, Predictor]
    metrics: Mapping[str, Metric]
    variables: Mapping[str, Variable]
    group_types: Mapping[str, GroupType]
    units: Mapping[str, Unit]
    sources: Mapping[str, Source]
    quality_levels: tuple[QualityLevel, ...]
    quality_rules: Mapping[str, QualityRule]
    glossary: Mapping[str, Term]
    steps: Mapping[str, Step]  # by slug
    tasks: Mapping[str, Task]  # of all steps
    questions: Mapping[str, Question]  # of all steps
    chapters: Mapping[str, Chapter]  # of the toolkit of 2025
    records: Mapping[str, RecordKind]
    readings: Mapping[str, Reading]
    vocabularies: Mapping[str, Vocabulary]
    outline: Mapping[str, Section]  # of the plan
    checklist: Mapping[str, ChecklistItem]
    hash: str  # sha256 of the files that numbers rest on: part of a release's identity
