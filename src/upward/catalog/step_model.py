"""The planning side of the catalogue: steps, tasks, questions, chapters and the nouns they arrange.

Frozen shapes that `step_files.py` fills from `data/steps/` and its neighbors. Order in a mapping is the order of the
file. Ids of tasks and questions (`s03.t02`, `s03.q02`) are stored with people's answers: they are never used again
for something else, and never renamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Marker(StrEnum):
    """The three marks that the guide puts beside a passage."""

    KEY_CONCEPT = "key concept"
    COMMUNITY = "community"
    CAUTION = "caution"


class Basis(StrEnum):
    """How well it is known that the guide and its sources say so."""

    SEEN = "seen"  # read in a source
    OPENING = "opening"  # read in the first part of a page; its rest was not read
    PRACTICE = "practice"  # from another tool or standard in common use
    INFERRED = "inferred"  # our own conclusion


class AnswerKind(StrEnum):
    """What an answer is."""

    TEXT = "text"
    LONG_TEXT = "long text"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    NUMBER = "number"
    RATING = "rating"


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of guidance in our own words; paragraphs are divided by a line break."""

    id: str
    title: str
    text: str
    marker: Marker | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class Example:
    """What one community did."""

    id: str
    place: str
    text: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do in a step, with what shows that it is done."""

    id: str
    step: str  # slug
    title: str  # verb first
    why: str
    minutes: int  # time at the desk or table, not time until others answer
    who: tuple[str, ...]  # ids of the vocabulary `plan-roles`
    evidence: str  # what counts as proof that it is done
    needed: bool  # False: optional
    chapter: str  # toolkit chapter id
    records: tuple[str, ...]  # record ids it fills or reads
    after: Mapping[str, str]  # task id -> what it may cost to go ahead without it; warns, never locks


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a step asks, whose answers are kept by id."""

    id: str
    step: str  # slug
    task: str  # the task that it helps with
    text: str
    help: str
    kind: AnswerKind
    options: Mapping[str, str]  # option id -> label; for a rating the ids are whole numbers in rising order
    options_from: str  # a vocabulary, or "dimensions", "pillars", "predictors"; empty with own options
    who: tuple[str, ...]  # who may answer, ids of `plan-roles`; "residents" among them: open to the public
    chapter: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Use:
    """What a step takes from an earlier one."""

    source: str  # slug of the step that gives
    step: str  # slug of the step that uses
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pitfall:
    """What often goes wrong, and what to do instead."""

    id: str
    name: str
    instead: str


@dataclass(frozen=True, slots=True)
class Step:
    """One of the ten steps."""

    number: int
    slug: str
    name: str
    word: str  # for the strip of ten
    purpose: str
    coverage: str  # how much of the guide's page of this step was read, in a sentence for readers
    pace: str  # how long communities took, or what to plan for
    beside: tuple[str, ...]  # slugs of steps worked on at the same time
    guidance: Mapping[str, Passage]
    examples: Mapping[str, Example]
    tasks: Mapping[str, Task]
    questions: Mapping[str, Question]
    uses: Mapping[str, Use]  # by slug of the step that gives
    good: tuple[str, ...]  # what good looks like
    pitfalls: Mapping[str, Pitfall]
    records: tuple[str, ...]  # record ids that this step fills
    reading: tuple[str, ...]  # reading ids


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the toolkit of 2025: a second way into the same tasks and questions."""

    id: str
    number: int
    name: str
    purpose: str
    start: str  # start here when …
    basis: Basis


@dataclass(frozen=True, slots=True)
class Reading:
    """A text to read on, with how much of it this catalogue rests on."""

    id: str
    title: str
    publisher: str
    address: str  # empty where it is not known
    note: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of a vocabulary."""

    id: str
    name: str
    meaning: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A fixed, ordered list of words that records and questions use."""

    id: str
    name: str
    use: str  # what it is for
    entries: Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the Mobility Action Plan."""

    id: str
    name: str
    purpose: str
    missing: str  # what stands there while it is empty: what is missing and where to add it
    step: str  # slug of the step that fills it
    records: tuple[str, ...]
    needed: bool
    basis: Basis


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """What a reader looks for in a finished plan."""

    id: str
    text: str
    section: str
    basis: Basis
