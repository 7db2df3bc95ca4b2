"""Is a target honest, can it be seen, and how many people does it mean?

Honesty: the share of places whose number moved as far in as many years, with the sampling noise taken out of
the spread of their changes. Detectability: the smallest change that the measure can show, and the first year
in which the planned path exceeds it. People: residents, where the number counts all of them.

Works for numbers of which more is better, less is better, or parity is (the distance from 1 on the log
scale), and for the gap between two groups. What the data cannot answer is said in `notes`.

What belongs here: the questions about one target. What does not: the arithmetic (`engine/progress.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from upward.base.errors import NotFoundError, RefusedError, UsageError
from upward.catalog import format as shown_as
from upward.catalog.model import Direction, Metric, Variable
from upward.catalog.statements import load_universes
from upward.engine.comparability import WEAK
from upward.engine.progress import (
    TrueSpread,
    detectable_change,
    first_detectable_year,
    spread_of_changes,
    without_noise,
)
from upward.insights.evidence import DOLLARS, Evidence, side_of
from upward.insights.target_input import find_group, find_variable
from upward.insights.target_series import cadence, changes_between, gap_series, series_of, years_to_compare
from upward.insights.wording import Words, filled
from upward.warehouse.places import Place

Floats = npt.NDArray[np.float64]

#: Fewer peers than this with figures are named as few.
FEW_PEERS = 5
#: A baseline so many years before the newest figures of the release is old.
OLD_YEARS = 4


@dataclass(frozen=True, slots=True)
class Baseline:
    """The number that a target starts from; for a gap, the first group less the second."""

    value: float
    year: int
    lower: float | None
    upper: float | None
    error: float | None
    quality: int | None


@dataclass(frozen=True, slots=True)
class Reached:
    """How many of `of` places moved as far as the target asks, from `first_year` to `second_year`.

    `raw` counts the changes as published, `count` those without their noise; they are the same where
    `noise_removed` is False.
    """

    count: int
    of: int
    raw: int
    first_year: int
    second_year: int
    noise_removed: bool

    @property
    def share(self) -> float | None:
        """The share of places, 0–1; None where there were none."""
        return self.count / self.of if self.of else None

    def as_contract(self) -> dict[str, Any]:
        """Return the answer with the keys of the command line's JSON."""
        return {
            "count": self.count,
            "of": self.of,
            "share": self.share,
            "raw": self.raw,
            "first_year": self.first_year,
            "second_year": self.second_year,
            "noise_removed": self.noise_removed,
        }


@dataclass(frozen=True, slots=True)
class TargetTest:
    """What can be said of a target. `reached` is of the peers, `reached_all` of all places of the level."""

    place: Place
    metric: str
    variable: str
    group_type: str
    groups: tuple[str, ...]
    to: float
    by: int
    baseline: Baseline
    change: float
    reached: Reached | None
    reached_all: Reached | None
    detectable_change: float | None
    first_detectable_year: int | None
    people: float | None
    notes: tuple[str, ...]

    def as_contract(self) -> dict[str, Any]:
        """Return the answer with the keys of the command line's JSON; further keys come after those."""
        return {
            "baseline": {
                "value": self.baseline.value,
                "year": self.baseline.year,
                "lower": self.baseline.lower,
                "upper": self.baseline.upper,
                "quality": self.baseline.quality,
            },
            "change": self.change,
            "reached": self.reached.as_contract()
            if self.reached
            else {"count": None, "of": 0, "share": None},
            "detectable_change": self.detectable_change,
            "first_detectable_year": self.first_detectable_year,
            "people": self.people,
            "notes": list(self.notes),
            "reached_all": self.reached_all.as_contract() if self.reached_all else None,
            "place": self.place.geo_id,
            "metric": self.metric,
            "variable": self.variable,
            "group_type": self.group_type,
            "groups": list(self.groups),
            "to": self.to,
            "by": self.by,
        }


@dataclass
class _Question:
    """A target while it is looked at: the series of all places, and what is noted on the way."""

    evidence: Evidence
    words: Words
    place: Place
    variable: Variable
    group_type: str
    groups: tuple[str, ...]
    series: pl.DataFrame  # geo_id, year, value, error, quality, pooled_years and what may be joined
    by: int
    notes: list[str] = field(default_factory=list)

    @property
    def metric(self) -> Metric:
        return self.evidence.catalog.metrics[self.variable.metric]

    @property
    def is_gap(self) -> bool:
        return len(self.groups) == 2

    def note(self, name: str, **fields: str) -> None:
        self.notes.append(filled(self.words.statements.notes[name], fields))

    def shown(self, value: float) -> str:
        return self.words.value(self.variable.id, value)

    def difference(self, value: float) -> str:
        return self.words.difference(self.variable.id, value)


def target_for(
    evidence: Evidence, words: Words, place: Place, name: str, *, to: float, by: int, group: str | None = None
) -> TargetTest:
    """Return what can be said of the target that a number reaches `to` (in the stored unit) by a year.

    `name` is a variable, or a metric of one variable; `group` a group's id, with or without its type. Raises
    NotFoundError for a number or group that is not published, UsageError for a value outside its range, and
    RefusedError for a target in the wrong direction or in the past.
    """
    variable = find_variable(evidence, name, place.geo_level)
    group_type, chosen = ("all", "all") if group is None else find_group(variable, place, group)
    series = series_of(evidence, variable, place, group_type, chosen)
    question = _Question(evidence, words, place, variable, group_type, (chosen,) if group else (), series, by)
    baseline = _baseline(question)
    _check_range(variable, to, words)
    _check_direction(question, baseline, to)
    return _answer(question, baseline, to)


def gap_target_for(
    evidence: Evidence,
    words: Words,
    place: Place,
    name: str,
    *,
    group: str,
    against: str,
    close: float,
    by: int,
) -> TargetTest:
    """Return what can be said of the target that a gap between two groups closes by a share (0–1) by a year.

    The gap is `group` less `against`; `to` of the answer is the gap that is left. Raises as `target_for`.
    """
    if not 0 < close <= 1:
        raise UsageError(
            "A gap closes by more than nothing and at most wholly.", advice="For example: --close 50%."
        )
    variable = find_variable(evidence, name, place.geo_level)
    group_type, first = find_group(variable, place, group)
    other_type, second = find_group(variable, place, against)
    if other_type != group_type or first == second:
        raise UsageError(
            "A gap lies between two groups of one kind.", advice="Name two groups of the same type."
        )
    found = evidence.catalog.group_types.get(group_type)
    if found is not None and found.overlapping:
        raise RefusedError(words.statements.refusals["overlapping-groups"])
    series = gap_series(
        series_of(evidence, variable, place, group_type, first),
        series_of(evidence, variable, place, group_type, second),
    )
    question = _Question(evidence, words, place, variable, group_type, (first, second), series, by)
    baseline = _baseline(question)
    if baseline.value == 0:
        raise RefusedError("There is no gap to close.")
    return _answer(question, baseline, baseline.value * (1 - close))


def _baseline(question: _Question) -> Baseline:
    own = question.series.filter(pl.col("geo_id") == question.place.geo_id).sort("year")
    if own.is_empty():
        raise NotFoundError(
            f"{question.place.label} has no published number for {question.variable.id}"
            + (f" and {' and '.join(question.groups)}." if question.groups else "."),
            advice="See what it has: upward metrics PLACE.",
        )
    row = own.row(-1, named=True)
    if question.by <= row["year"]:
        raise RefusedError(
            f"The year {question.by} is not after the newest figure, which is of {row['year']}.",
            advice="A target lies in the future: name a later year.",
        )
    if row["quality"] == WEAK:
        question.note("weak")
    newest = int(question.evidence.overall["year"].max() or 0)  # type: ignore[arg-type]  # whole numbers
    if newest - row["year"] >= OLD_YEARS:
        question.note("old", year=str(row["year"]))
    if question.is_gap:
        first, second = (
            question.words.group(question.group_type, group, question.metric.id) for group in question.groups
        )
        question.note(
            "gap",
            first_group=first,
            second_group=second,
            first=question.shown(row["first_value"]),
            second=question.shown(row["second_value"]),
        )
    if row["error"] is not None and not row["even"]:
        question.note("uneven")
    return Baseline(row["value"], row["year"], row["lower"], row["upper"], row["error"], row["quality"])


def _check_range(variable: Variable, to: float, words: Words) -> None:
    low, high = variable.minimum, variable.maximum
    if (low is not None and to < low) or (high is not None and to > high):
        ends = [("…" if end is None else words.value(variable.id, end)) for end in (low, high)]
        raise UsageError(
            f"{words.value(variable.id, to)} is outside what {variable.id} can be ({ends[0]} to {ends[1]}).",
            advice="Write a share as 85% or 0.85.",
        )


def _check_direction(question: _Question, baseline: Baseline, to: float) -> None:
    direction = question.variable.direction
    shown = question.shown(baseline.value)
    if to == baseline.value:
        raise RefusedError(
            f"{question.variable.id} is already {shown}.", advice="A target asks for a change."
        )
    wrong = (to - baseline.value) * side_of(direction) < 0
    if direction is Direction.PARITY:
        wrong = to <= 0 or baseline.value <= 0 or abs(math.log(to)) >= abs(math.log(baseline.value))
    if wrong:
        words = {
            Direction.HIGHER: f"higher is better: name a value above {shown}",
            Direction.LOWER: f"lower is better: name a value below {shown}",
            Direction.PARITY: f"parity (1) is the aim: name a value nearer to it than {shown}",
        }
        raise RefusedError(
            f"{question.shown(to)} is in the wrong direction from {shown} ({baseline.year}).",
            advice=f"For {question.variable.id}, {words[direction]}.",
        )


def _answer(question: _Question, baseline: Baseline, to: float) -> TargetTest:
    change = to - baseline.value
    reached, reached_all = _reached(question, baseline, to)
    detectable, first_year = _detectability(question, baseline, change)
    people = _people(question, change)
    if question.variable.unit == DOLLARS:
        question.note("dollars")
    question.note("leaving")
    return TargetTest(
        place=question.place,
        metric=question.metric.id,
        variable=question.variable.id,
        group_type=question.group_type,
        groups=question.groups,
        to=to,
        by=question.by,
        baseline=baseline,
        change=change,
        reached=reached,
        reached_all=reached_all,
        detectable_change=detectable,
        first_detectable_year=first_year,
        people=people,
        notes=tuple(question.notes),
    )


def _reached(question: _Question, baseline: Baseline, to: float) -> tuple[Reached | None, Reached | None]:
    if not question.metric.comparable:
        question.notes.append(question.words.statements.refusals["not-ranked"])
        return None, None
    wanted = question.by - baseline.year
    pair = years_to_compare(question.series, question.metric, question.place.geo_level, wanted)
    if pair is None:
        question.note("reached-none")
        return None, None
    first, second = pair
    if second - first < wanted:
        question.note("reached-shorter", wanted=str(wanted), years=str(second - first))
    question.note("reached-years", first_year=str(first), second_year=str(second))
    frame = changes_between(question.series, first, second)
    changes, errors, toward = _progress(question, frame, baseline, to)
    spread = spread_of_changes(changes, errors)
    calm = without_noise(changes, errors, spread)
    asked = _asked(question, baseline, to)
    done, raw = calm * toward >= asked, changes * toward >= asked
    codes = frame["geo_id"].to_list()
    finder = question.evidence.peer_finder(question.place.geo_level)
    near = {peer.place.geo_id for peer in finder.peers(question.place, metric=question.metric.id)}
    is_peer = np.array([code in near for code in codes], dtype=bool)
    is_other = np.array([code != question.place.geo_id for code in codes], dtype=bool)
    own, every = (
        Reached(int(done[kept].sum()), int(kept.sum()), int(raw[kept].sum()), first, second, spread.removed)
        for kept in (is_peer, is_other)
    )
    _note_reached(question, spread, own, every)
    return own, every


def _progress(
    question: _Question, frame: pl.DataFrame, baseline: Baseline, to: float
) -> tuple[Floats, Floats, Floats]:
    """Return each place's change, its error, and the sign that turns it towards the target."""
    later, earlier = frame["value"].to_numpy(), frame["value_earlier"].to_numpy()
    errors = np.hypot(_errors(frame["error"]), _errors(frame["error_earlier"]))
    if question.is_gap:
        return later - earlier, errors, -np.sign(earlier)
    if question.variable.direction is Direction.PARITY:
        with np.errstate(divide="ignore", invalid="ignore"):
            distance = np.abs(np.log(later)) - np.abs(np.log(earlier))
        distance = np.where(np.isfinite(distance), distance, 0.0)
        return distance, np.full(len(distance), np.nan), np.full(len(distance), -1.0)
    return later - earlier, errors, np.full(len(later), np.sign(to - baseline.value))


def _errors(column: pl.Series) -> Floats:
    found: Floats = column.cast(pl.Float64()).fill_null(float("nan")).to_numpy()
    return found


def _asked(question: _Question, baseline: Baseline, to: float) -> float:
    """Return how far a place must have moved towards the target, on the scale of `_progress`."""
    if not question.is_gap and question.variable.direction is Direction.PARITY:
        return abs(math.log(baseline.value)) - abs(math.log(to))
    return abs(to - baseline.value)


def _note_reached(question: _Question, spread: TrueSpread, own: Reached, every: Reached) -> None:
    if not spread.removed:
        question.note("reached-raw")
    else:
        question.note(
            "reached-noise", places=str(every.of + 1), before=str(every.raw), after=str(every.count)
        )
        if spread.spread == 0:
            question.note("spread-none", mean=question.difference(spread.mean))
    question.note(
        "reached-all", of=str(every.of), count=str(every.count), share=f"{100 * (every.share or 0):.0f}%"
    )
    if own.of < FEW_PEERS:
        question.note("reached-few", of=str(own.of))
    if question.groups:
        question.note("group-only")


def _detectability(question: _Question, baseline: Baseline, change: float) -> tuple[float | None, int | None]:
    if baseline.error is None or not baseline.error:
        question.note("no-margin")
        return None, None
    # The margin of later years is not known: today's stands for it.
    detectable = detectable_change(baseline.error, baseline.error)
    pooled = int(question.series["pooled_years"].max() or 1)  # type: ignore[arg-type]  # whole numbers
    step = cadence(question.series["year"].unique().sort().to_list())
    year = first_detectable_year(baseline.year, question.by, change, detectable, step=step, pooled=pooled)
    question.note("detectable", detectable=question.difference(detectable))
    question.note("future-margin")
    if step > 1:
        question.note("cadence", step=str(step))
    if pooled > 1:
        question.note("pooled", years=str(pooled))
    if year is None:
        question.note("not-detectable", year=str(question.by), detectable=question.difference(detectable))
    return detectable, year


def _people(question: _Question, change: float) -> float | None:
    per_resident: Mapping[str, float] = load_universes()
    population = question.place.population
    factor = per_resident.get(question.variable.id)
    if factor is None or population is None or question.groups:
        question.note("people-unknown")
        return None
    people = abs(change) * factor * population
    question.note("people", people=shown_as.number(people), population=shown_as.number(population))
    return people
