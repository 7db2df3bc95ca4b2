"""The wording of findings, targets and representation, read strictly from `data/statements/`.

What belongs here: the shapes and the reader. What does not: choosing a verdict (`insights/wording.py`). The
twin of another language must hold exactly the same keys and the same fields in braces.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import TypeVar

from upward.base.errors import CatalogError, UsageError
from upward.base.messages import LANGUAGES
from upward.catalog.reading import Fields, Problems, read_yaml

DIRECTORY = Path(__file__).parent / "data"
STRENGTHS = ("clear", "likely", "uncertain", "not usable")
Item = TypeVar("Item")
#: Strengths that say a side; the others say that they cannot.
SIDED = ("clear", "likely")
SIDES = ("above", "below")
#: The verdict of a pair of figures of which just one is uncertain; it names that one.
ONE_OPEN = "one"
#: The one heading of all strengths that say no side.
UNSIDED = "other"


@dataclass(frozen=True, slots=True)
class Form:
    """The wording of one kind of finding: the figures, and a heading and a verdict by strength and side."""

    fact: str
    headings: Mapping[tuple[str, str], str]  # ("clear" | "likely" | "other", side) -> heading
    verdicts: Mapping[tuple[str, str], str]  # (strength, "above" | "below" | "any" | "one") -> sentence

    def verdict(self, strength: str, side: str) -> str:
        """Return the sentence of a strength; the side counts only where the strength may say one, or where `ONE_OPEN`
        has words of its own.
        """
        own = strength in SIDED or (strength, side) in self.verdicts
        return self.verdicts[strength, side if own else "any"]

    def heading(self, strength: str, side: str) -> str:
        """Return the heading of a strength: a claim with its side where the strength may say one, else a label."""
        return self.headings[(strength, side) if strength in SIDED else (UNSIDED, "any")]


@dataclass(frozen=True, slots=True)
class Caution:
    """The wording of one reason for care."""

    heading: str
    text: str
    several: str  # of more than one metric at once


@dataclass(frozen=True, slots=True)
class Statements:
    """Everything that `data/statements` says, in one language."""

    subjects: Mapping[str, str]  # variable -> "the share of adults with a job"
    groups: Mapping[tuple[str, str], str]  # (group type, group) -> "Black residents"
    kinds: Mapping[str, Form]
    middles: Mapping[str, str]  # level of the place -> “US middle”
    quarters: Mapping[str, str]  # "bottom" or "top", and of what: "-peers", "-county", "-place"
    asset: str
    cautions: Mapping[str, Caution]
    families: Mapping[str, str]
    reasons: Mapping[str, str]
    details: Mapping[str, str]
    refusals: Mapping[str, str]
    notes: Mapping[str, str]
    representation: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Relation:
    """Two variables that people read together."""

    first: str
    second: str


def load_statements(language: str = "en") -> Statements:
    """Return the wording in a language; the same object for every call.

    Raises UsageError for an unknown language and CatalogError, listing every problem, for damaged files.
    """
    if language not in LANGUAGES:
        raise UsageError(
            f"There is no wording in the language “{language}”.", advice=f"Known: {', '.join(LANGUAGES)}."
        )
    return _load_packaged(language)


@lru_cache(maxsize=len(LANGUAGES))
def _load_packaged(language: str) -> Statements:
    english = read_statements(DIRECTORY / "statements", "statements")
    if language == "en":
        return english
    folder = DIRECTORY / "locale" / language / "statements"
    twin = read_statements(folder, f"locale/{language}/statements")
    problems = twin_problems(english, twin, f"locale/{language}/statements")
    if problems:
        raise CatalogError(tuple(problems))
    return twin


@lru_cache(maxsize=1)
def load_relations() -> tuple[Relation, ...]:
    """Return the pairs of variables that are read together, in the order of the file."""
    problems = Problems()
    top = read_yaml(DIRECTORY / "statements" / "relations.yaml", "statements/relations.yaml", problems)
    found = []
    for entry in top.entries("relations"):
        found.append(Relation(entry.identifier("first"), entry.identifier("second")))
        entry.done()
    top.done()
    if problems.found:
        raise CatalogError(tuple(problems.found))
    return tuple(found)


@lru_cache(maxsize=1)
def load_universes() -> Mapping[str, float]:
    """Return the variables that count all residents: how many residents one unit of the variable stands
    for.
    """
    problems = Problems()
    top = read_yaml(DIRECTORY / "statements" / "universes.yaml", "statements/universes.yaml", problems)
    inner = top.mapping("residents")
    found = {name: inner.number(name) for name in inner.names()}
    top.done()
    if problems.found:
        raise CatalogError(tuple(problems.found))
    return found


def read_statements(folder: Path, shown: str) -> Statements:
    """Return the wording of a folder; raise CatalogError with every problem found."""
    problems = Problems()
    names = read_yaml(folder / "subjects.yaml", f"{shown}/subjects.yaml", problems)
    top = read_yaml(folder / "wording.yaml", f"{shown}/wording.yaml", problems)
    statements = Statements(
        subjects=_texts(names.mapping("subjects")),
        groups=_group_names(names.mapping("groups")),
        kinds=_each(top.mapping("kinds"), _form),
        middles=_texts(top.mapping("middles")),
        quarters=_texts(top.mapping("quarters")),
        asset=top.text("asset"),
        cautions=_each(top.mapping("cautions"), _caution),
        families=_texts(top.mapping("families")),
        reasons=_texts(top.mapping("reasons")),
        details=_texts(top.mapping("details")),
        refusals=_texts(top.mapping("refusals")),
        notes=_texts(top.mapping("notes")),
        representation=_texts(top.mapping("representation")),
    )
    names.done()
    top.done()
    if problems.found:
        raise CatalogError(tuple(problems.found))
    return statements


def twin_problems(english: Statements, twin: Statements, shown: str) -> list[str]:
    """Return where a twin lacks a key, has one more, or names other fields in braces than the English
    text.
    """
    ours, theirs = flat_texts(english), flat_texts(twin)
    found = [f"{shown}: {key}: missing; English has it." for key in ours if key not in theirs]
    found += [f"{shown}: {key}: English does not have it." for key in theirs if key not in ours]
    for key, text in ours.items():
        if key in theirs and placeholders(text) != placeholders(theirs[key]):
            wanted = ", ".join(sorted(placeholders(text))) or "none"
            found.append(f"{shown}: {key}: expected the fields in braces of the English text: {wanted}.")
    return found


def flat_texts(statements: Statements) -> dict[str, str]:
    """Return every text by its path: `kinds.gap.clear.above`."""
    found: dict[str, str] = {}
    for item in fields(statements):
        value = getattr(statements, item.name)
        if isinstance(value, str):
            found[item.name] = value
            continue
        for key, entry in value.items():
            path = f"{item.name}.{'.'.join(key) if isinstance(key, tuple) else key}"
            if isinstance(entry, str):
                found[path] = entry
            elif isinstance(entry, Caution):
                found |= {
                    f"{path}.heading": entry.heading,
                    f"{path}.text": entry.text,
                    f"{path}.several": entry.several,
                }
            else:
                found[f"{path}.fact"] = entry.fact
                found |= {f"{path}.heading.{'.'.join(form)}": text for form, text in entry.headings.items()}
                found |= {f"{path}.{'.'.join(verdict)}": text for verdict, text in entry.verdicts.items()}
    return found


def placeholders(text: str) -> set[str]:
    """Return the fields in braces of a text, a capital first letter set aside."""
    return {name.lower() for _text, name, _format, _conversion in Formatter().parse(text) if name}


def _each(top: Fields, read: Callable[[Fields], Item]) -> dict[str, Item]:
    found = {}
    for name in top.names():
        inner = top.mapping(name)
        found[name] = read(inner)
        inner.done()
    top.done()
    return found


def _form(entry: Fields) -> Form:
    heading = entry.mapping("heading")
    headings = _by_side(heading, (*SIDED, UNSIDED))
    heading.done()
    return Form(entry.text("fact"), headings, _by_side(entry, STRENGTHS))


def _by_side(entry: Fields, strengths: Sequence[str]) -> dict[tuple[str, str], str]:
    found = {}
    for strength in strengths:
        inner = entry.mapping(strength)
        for side in SIDES if strength in SIDED else ("any",):
            found[strength, side] = inner.text(side)
        if inner.has(ONE_OPEN):
            found[strength, ONE_OPEN] = inner.text(ONE_OPEN)
        inner.done()
    return found


def _caution(entry: Fields) -> Caution:
    return Caution(entry.text("heading"), entry.text("text"), entry.text("several"))


def _texts(top: Fields) -> dict[str, str]:
    found = {name: top.text(name) for name in top.names()}
    top.done()
    return found


def _group_names(top: Fields) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for group_type in top.names():
        inner = top.mapping(group_type)
        found |= {(group_type, group): inner.text(group) for group in inner.names()}
        inner.done()
    top.done()
    return found
