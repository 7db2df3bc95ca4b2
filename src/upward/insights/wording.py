"""Words for candidates: the sentence that its strength allows, what it rests on, and why it stands where it
does.

Every sentence comes from the catalogue (`data/statements`). A verdict is chosen by strength alone, so nothing
can be worded more strongly than the numbers carry.

What belongs here: choosing and filling the sentences. What does not: strength (`candidates.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from upward.base.messages import current_language
from upward.catalog import format as shown_as
from upward.catalog.load import load_catalog
from upward.catalog.model import Catalog, Direction, Unit, Variable
from upward.catalog.statements import ONE_OPEN, Form, Statements, load_statements
from upward.insights.findings import Mark, Strength

_MARKS = {
    Strength.CLEAR: Mark.CLEAR,
    Strength.LIKELY: Mark.LIKELY,
    Strength.UNCERTAIN: Mark.CANNOT_TELL,
    Strength.NOT_USABLE: Mark.NO_MARGIN,
}


def mark_of(strength: Strength) -> Mark:
    """Return the word that stands before a tested finding's sentence."""
    return _MARKS[strength]


def side_word(estimate: float | None) -> str:
    """Return on which side of the second the first lies: "above" or "below"."""
    return "above" if (estimate or 0.0) > 0 else "below"


def capital(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Words:
    """The wording in the language in force, with the names that it needs."""

    statements: Statements
    catalog: Catalog

    def thing(self, variable: str) -> str:
        """Return how a sentence names a variable, or a metric: “the share of adults with a job”."""
        return self.statements.subjects.get(variable) or self.catalog.variables[variable].label

    def group(self, group_type: str, group: str, metric: str = "") -> str:
        """Return how a sentence names a group: “Black residents”; of a metric, “Black mothers”."""
        known = self.statements.groups.get(
            (f"{group_type}.{metric}", group), self.statements.groups.get((group_type, group))
        )
        if known:
            return known
        found = self.catalog.group_types.get(group_type)
        names = {item.id: item.name for item in found.groups} if found else {}
        return names.get(group, group)

    def short(self, variable: str) -> str:
        """Return a heading's name of a variable: “Employment”, “Household income (20th percentile)”."""
        item = self.catalog.variables[variable]
        metric = self.catalog.metrics[item.metric]
        if len(metric.variables) == 1 or item.short == metric.short:
            return metric.short
        # English keeps a capital: names of groups have one anywhere. Spanish has none for them.
        inner = item.short if current_language() == "en" else item.short[:1].lower() + item.short[1:]
        return f"{metric.short} ({inner})"  # a colon follows in headings

    def unit(self, variable: str) -> Unit:
        """Return the unit of a variable."""
        return self.catalog.units[self.catalog.variables[variable].unit]

    def value(self, variable: str, value: float) -> str:
        """Return a stored value as people read it."""
        return shown_as.shown(value, self.unit(variable))

    def interval(self, variable: str, lower: float | None, upper: float | None) -> str:
        """Return bounds as people read them; empty where one is missing or endless."""
        if lower is None or upper is None or not math.isfinite(lower) or not math.isfinite(upper):
            return ""
        return shown_as.interval(lower, upper, self.unit(variable))

    def difference(self, variable: str, value: float) -> str:
        """Return a difference of two stored values as people read it: percent differ by points."""
        unit = self.unit(variable)
        if unit.suffix != "%":
            return shown_as.shown(value, unit)
        points = shown_as.number(value * unit.scale, unit.decimals)
        return filled(self.statements.details["points"], {"value": points})

    def differences(self, variable: str, lower: float, upper: float) -> str:
        """Return the interval of a difference; empty where an end is open."""
        if not math.isfinite(lower) or not math.isfinite(upper):
            return ""
        unit = self.unit(variable)
        if unit.suffix != "%":
            return shown_as.interval(lower, upper, unit)
        ends = [shown_as.number(end * unit.scale, unit.decimals) for end in (lower, upper)]
        return shown_as.between(*ends)

    def quality(self, qualities: Mapping[int | None, None]) -> str:
        """Return quality levels as words, in the order given."""
        names = {level.value: level.name for level in self.catalog.quality_levels}
        return ", ".join(names.get(quality, "–") for quality in qualities)

    def direction(self, variable: Variable) -> str:
        """Return which side is better, as a sentence."""
        name = {
            Direction.HIGHER: "direction-higher",
            Direction.LOWER: "direction-lower",
            Direction.PARITY: "direction-parity",
            Direction.CONTEXT: "direction-context",
        }[variable.direction]
        return self.statements.details[name]

    def granted(self) -> str:
        """Return what every test takes for granted, for findings that are read together."""
        texts = self.statements.details
        return f"{texts['even']} {texts['unrounded']} {texts['reference']}"

    def statement(
        self,
        form: str,
        strength: Strength,
        estimate: float | None,
        fields: Mapping[str, str],
        *,
        quarter: str = "",
        favorable: bool | None = None,
        one_open: bool = False,
    ) -> str:
        """Return the main sentence: the figures, the verdict that the strength allows, and what follows from
        it.

        A quarter (“top-peers”, “bottom-county”) is named only where a side may be; a strength to build on only
        where it is clear. `one_open`: of two figures, just one is not told from the middle.
        """
        wording: Form = self.statements.kinds[form]
        side = ONE_OPEN if one_open and strength is Strength.UNCERTAIN else side_word(estimate)
        parts = [wording.fact, wording.verdict(str(strength), side)]
        if quarter and strength in (Strength.CLEAR, Strength.LIKELY):
            parts.append(self.statements.quarters[quarter])
        if favorable and strength is Strength.CLEAR and form.startswith("standing"):
            parts.append(self.statements.asset)
        return " ".join(filled(part, fields) for part in parts)

    def heading(
        self, form: str, strength: Strength, estimate: float | None, fields: Mapping[str, str]
    ) -> str:
        """Return the finding's heading: a claim only where the strength allows one."""
        wording: Form = self.statements.kinds[form]
        return filled(wording.heading(str(strength), side_word(estimate)), fields)


def words_in_force() -> Words:
    """Return the wording in the language in force."""
    language = current_language()
    return Words(load_statements(language), load_catalog(language))


def filled(text: str, fields: Mapping[str, str]) -> str:
    """Return the text with its fields in braces filled; `{Thing}` is `thing` with a capital letter.

    >>> filled("{Thing} is {first}.", {"thing": "the share", "first": "5%"})
    'The share is 5%.'
    """
    return text.format_map(fields if isinstance(fields, Fields) else Fields(fields))


class Fields(dict[str, str]):
    """The fields of a sentence; a name with a capital letter gives the same field beginning with one."""

    def __missing__(self, name: str) -> str:
        """Return the field of the name without its capital letter, with one of its own."""
        small = name[:1].lower() + name[1:]
        if small == name:
            raise KeyError(name)
        return capital(self[small])
