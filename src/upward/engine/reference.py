"""The engine `reference`: plain Python, one record at a time, obvious. The others must agree with it.

It knows nothing of cells, sums made once, or arrays: for each group it takes the records, multiplies their
weights with the share of their area, and does what the formula says. It is slow, and meant to be read.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from upward.engine.allocate import Allocation, code_of
from upward.engine.design import Design
from upward.engine.linear import TOLERANCE, model_df
from upward.engine.quantiles import quantile
from upward.engine.results import Piece
from upward.engine.specification import (
    INTERCEPT,
    AnyOf,
    Between,
    Categories,
    Condition,
    Estimate,
    Every,
    Missing,
    Not,
    OneOf,
    Product,
    Specification,
    compares_numbers,
)
from upward.engine.variance import beta_quantile, degrees_of_freedom, multiplier

Values = dict[str, Any]
Thetas = list[float]


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its values (`n:NAME`, `t:NAME`) and its weights, the full one first."""

    values: Values
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A record as a member of a group, with the share of its area that belongs there."""

    record: Record
    share: float

    def weight(self, at: int) -> float:
        """Return a weight of the record, times its share."""
        return self.record.weights[at] * self.share


@dataclass(frozen=True, slots=True)
class Group:
    """The members of a group as lists of equal length: what each adds to numerator and denominator for a
    weight of 1 (for a quantile and a linear model `above` is the value), and one list for each weight, times
    the share. `lines` are what a linear model has beside it.
    """

    above: list[float]
    below: list[float]
    weights: list[list[float]]
    lines: list[tuple[float, ...]]


# --- what a record says ------------------------------------------------------------------------------------


def value_of(record: Record, name: str) -> Any:
    """Return a field as a number, or a derived field; None where it is missing."""
    return record.values.get(f"n:{name}")


def text_of(record: Record, name: str) -> str | None:
    """Return a field as a text; None where it is missing."""
    text = record.values.get(f"t:{name}")
    return None if text is None else str(text)


def holds(condition: Condition, record: Record) -> bool | None:
    """Tell whether a record meets a condition; None where a missing value leaves it open."""
    match condition:
        case OneOf(name, values):
            if compares_numbers(values):
                number = value_of(record, name)
                return None if number is None else number in values
            text = text_of(record, name)
            return None if text is None else text in values
        case Between(name, low, high):
            number = value_of(record, name)
            if number is None:
                return None
            return (low is None or number >= low) and (high is None or number <= high)
        case Missing(name):
            return text_of(record, name) is None and value_of(record, name) is None
        case Not(part):
            met = holds(part, record)
            return None if met is None else not met
        case Every(parts):
            found = [holds(part, record) for part in parts]
            return False if False in found else None if None in found else True
        case AnyOf(parts):
            found = [holds(part, record) for part in parts]
            return True if True in found else None if None in found else False


def derive(specification: Specification, values: Values) -> Values:
    """Return the values of a record with its derived fields."""
    values = dict(values)
    for item in specification.fields:
        record = Record(values, ())
        if isinstance(item, Product):
            factors = [value_of(record, name) for name in item.factors]
            known = all(factor is not None for factor in factors)
            values[f"n:{item.name}"] = math.prod(factors) * item.times if known else None
        elif isinstance(item, Categories):
            met = [value for value, condition in item.cases if holds(condition, record) is True]
            values[f"t:{item.name}"] = met[0] if met else item.otherwise
    return values


# --- one estimate of one group -----------------------------------------------------------------------------


def belongs(estimate: Estimate, record: Record) -> bool:
    """Tell whether a record of the universe is one of the estimate's own universe."""
    if estimate.universe is not None and holds(estimate.universe, record) is not True:
        return False
    return not (estimate.kind == "total" and estimate.where and holds(estimate.where, record) is False)


def known(estimate: Estimate, record: Record) -> bool:
    """Tell whether everything that the estimate needs of a record is there."""
    if any(value_of(record, name) is None for name in estimate.values()):
        return False
    return estimate.where is None or holds(estimate.where, record) is not None


def parts_of(estimate: Estimate, record: Record) -> tuple[float, float]:
    """Return what a record adds to numerator and denominator, for a weight of 1."""
    if estimate.kind == "share":
        return float(bool(estimate.where and holds(estimate.where, record))), 1.0
    if estimate.kind == "ratio":
        return float(value_of(record, estimate.numerator or "")), float(
            value_of(record, estimate.denominator or "")
        )
    return (float(value_of(record, estimate.of)) if estimate.of else 1.0), 1.0


def line_of(estimate: Estimate, record: Record) -> tuple[float, ...]:
    """Return 1 and a record's values of the fields of a linear model."""
    return (1.0, *(float(value_of(record, name)) for name in estimate.on))


def group_of(estimate: Estimate, members: Sequence[Member], design: Design) -> Group:
    """Return the members as lists."""
    if estimate.kind == "quantile":  # in order once, for every weight puts them in order again
        members = sorted(members, key=lambda member: parts_of(estimate, member.record)[0])
    parts = [parts_of(estimate, member.record) for member in members]
    return Group(
        above=[above for above, _below in parts],
        below=[below for _above, below in parts],
        weights=[[member.weight(at) for member in members] for at in range(len(design.weights))],
        lines=[line_of(estimate, member.record) for member in members] if estimate.on else [],
    )


def weighted_sum(values: Sequence[float], weights: Sequence[float]) -> float:
    """Return Σ value × weight, rounded once."""
    return math.fsum(map(operator.mul, values, weights))


def point(estimate: Estimate, group: Group, at: int, share: float | None) -> float:
    """Return the estimate with the weight number `at`; NaN where the denominator is 0."""
    weights = group.weights[at]
    if estimate.kind == "quantile":
        return quantile(list(zip(group.above, weights, strict=True)), share or 0.5, estimate.rule)
    if estimate.kind == "coefficient":
        return coefficient(estimate, group, weights)
    above = weighted_sum(group.above, weights)
    if estimate.kind == "total":
        return above
    below = weighted_sum(group.below, weights)
    return above / below if below != 0 else math.nan


def coefficient(estimate: Estimate, group: Group, weights: Sequence[float]) -> float:
    """Return one coefficient of the weighted least squares line; NaN where the fields do not determine it.

    The normal equations X'WX b = X'Wy are made from sums rounded once, and solved by elimination.
    """
    columns = [*zip(*group.lines, strict=True), group.above]
    terms = len(columns) - 1
    rows = [
        [weighted_sum([one * other for one, other in zip(columns[row], column, strict=True)], weights)
         for column in columns]
        for row in range(terms)
    ]  # fmt: skip
    squares = [abs(rows[at][at]) for at in range(terms)]
    for at in range(terms):
        if abs(rows[at][at]) <= TOLERANCE * squares[at]:
            return math.nan
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(terms):
            if other != at:
                rows[other] = [
                    value - rows[other][at] * own for value, own in zip(rows[other], rows[at], strict=True)
                ]
    return rows[(INTERCEPT, *estimate.on).index(estimate.term)][-1]


def replicate_se(thetas: Thetas, estimate: float, design: Design) -> float:
    """Return √(scale × Σ rscale × (θ_r − centre)²) over the replicates that have an estimate."""
    pairs = [
        (theta, rscale) for theta, rscale in zip(thetas, design.rscales, strict=True) if not math.isnan(theta)
    ]
    if not pairs or math.isnan(estimate):
        return math.nan
    counted = [theta for theta, rscale in pairs if rscale > 0]
    centre = estimate if design.centred_on_estimate else math.fsum(counted) / len(counted)
    return math.sqrt(design.scale * math.fsum(rscale * (theta - centre) ** 2 for theta, rscale in pairs))


def spread(calculate: Callable[[int], float], design: Design) -> tuple[float, float]:
    """Return value and standard error of anything that can be calculated with each weight."""
    value = calculate(0)
    thetas = [calculate(at) for at in range(1, len(design.weights))]
    return value, replicate_se(thetas, value, design)


def bounds(estimate: Estimate, value: float, se: float, df: int | None, n: int) -> tuple[float, float]:
    """Return the 95 % interval of anything but a Woodruff interval."""
    if math.isnan(value) or math.isnan(se):
        return math.nan, math.nan
    if estimate.interval == "beta":
        return beta_bounds(value, se, df, n)
    half = multiplier(df) * se
    if estimate.interval in {"logit", "asin"} and not 0 < value < 1:
        return math.nan, math.nan
    if estimate.interval == "asin":
        angle, half = math.asin(math.sqrt(value)), half / (2 * math.sqrt(value * (1 - value)))
        return math.sin(max(angle - half, 0.0)) ** 2, math.sin(min(angle + half, math.pi / 2)) ** 2
    if estimate.interval == "logit":
        odds, half = math.log(value / (1 - value)), half / (value * (1 - value))
        return share_of_odds(odds - half), share_of_odds(odds + half)
    lower, upper = value - half, value + half
    return (max(0.0, lower), min(1.0, upper)) if estimate.kind == "share" else (lower, upper)


def odds_bounds(calculate: Callable[[int], float], design: Design, df: int | None) -> tuple[float, float]:
    """Return the interval of a share whose log-odds are estimated with each weight."""

    def odds(at: int) -> float:
        share = calculate(at)
        return math.log(share / (1 - share)) if 0 < share < 1 else math.nan

    value, se = spread(odds, design)
    half = multiplier(df) * se
    return share_of_odds(value - half), share_of_odds(value + half)


def share_of_odds(logarithm: float) -> float:
    """Return the share whose log-odds are given, without an overflow for those far from 0."""
    if logarithm >= 0:
        return 1 / (1 + math.exp(-logarithm))
    return math.exp(logarithm) / (1 + math.exp(logarithm))


def beta_bounds(value: float, se: float, df: int | None, n: int) -> tuple[float, float]:
    """Return Korn and Graubard's interval of a share (Survey Methodology 24, 1998), as R's svyciprop has
    it.
    """
    if se == 0 or not 0 < value < 1 or n < 2:
        return math.nan, math.nan
    effective = value * (1 - value) / se**2 * (multiplier(n - 1) / multiplier(df)) ** 2
    lower = beta_quantile(0.025, effective * value, effective * (1 - value) + 1)
    return lower, beta_quantile(0.975, effective * value + 1, effective * (1 - value))


def woodruff(
    estimate: Estimate, group: Group, value: float, design: Design, df: int | None
) -> tuple[float, float, float]:
    """Return standard error and bounds of a quantile from an interval of the share at or below it.

    R. S. Woodruff, J. Am. Statist. Ass. 47 (1952), 635-646, as R's svyquantile has it. A bound whose share
    lies outside 0 to 1 is missing, and with it the standard error.
    """
    is_below = [float(one <= value) for one in group.above]

    def at_or_below(at: int) -> float:
        total = math.fsum(group.weights[at])
        return weighted_sum(is_below, group.weights[at]) / total if total != 0 else math.nan

    share, se = spread(at_or_below, design)
    how = {"woodruff": "t", "woodruff-logit": "logit", "woodruff-beta": "beta"}[estimate.interval]
    like = Estimate(estimate.name, "mean", interval=how)
    ends = bounds(like, share, se, df, len(group.above))
    pairs = list(zip(group.above, group.weights[0], strict=True))
    lower, upper = (
        quantile(pairs, end, estimate.rule) if not math.isnan(end) and 0 <= end <= 1 else math.nan
        for end in ends
    )
    return (upper - lower) / (2 * multiplier(df)), lower, upper


@dataclass(frozen=True, slots=True)
class Numbers:
    """One result, before it is put into a table."""

    value: float
    se: float
    lower: float
    upper: float
    n: int
    population: float
    missing: int
    allocated_n: float
    df: int | None


def numbers(
    estimate: Estimate, share: float | None, eligible: Sequence[Member], design: Design, df: int | None
) -> Numbers:
    """Return one estimate of one group from its members that belong to the estimate's universe."""
    members = [member for member in eligible if known(estimate, member.record)]
    counted = [member for member in members if member.record.weights[0] != 0]
    df = model_df(df, estimate)
    absent = [m for m in eligible if m.record.weights[0] != 0 and not known(estimate, m.record)]
    if not counted:
        value = se = lower = upper = math.nan
    else:
        group = group_of(estimate, members, design)
        if estimate.interval.startswith("woodruff"):
            value = point(estimate, group, 0, share)
            df = degrees_of_freedom(matrix(member.record for member in members))
            se, lower, upper = woodruff(estimate, group, value, design, df)
        else:
            value, se = spread(lambda at: point(estimate, group, at, share), design)
            lower, upper = bounds(estimate, value, se, df, len(members))
            if estimate.interval == "logit-replicates":
                lower, upper = odds_bounds(lambda at: point(estimate, group, at, share), design, df)
    return Numbers(
        value, se, lower, upper, len(counted), math.fsum(member.weight(0) for member in counted), len(absent),
        math.fsum(member.share for member in counted), df,
    )  # fmt: skip


def matrix(records: Iterator[Record]) -> Any:
    """Return the replicate weights as records × replicates."""
    import numpy as np

    return np.array([record.weights[1:] for record in records], dtype=np.float64)


# --- the whole file ----------------------------------------------------------------------------------------


def run_reference(
    specification: Specification, rows: Sequence[Values], allocation: Allocation | None
) -> list[Piece]:
    """Return the results of every estimate and grouping from rows with the columns of
    `microdata.read_parts`.
    """
    weights = [f"w:{name}" for name in specification.design.weights]
    records = [Record(derive(specification, row), tuple(row[name] for name in weights)) for row in rows]
    df = degrees_of_freedom(matrix(iter(records))) if specification.design.replicates else None
    universe = [
        record
        for record in records
        if specification.universe is None or holds(specification.universe, record) is True
    ]
    pieces = []
    for grouping in specification.groupings():
        groups = _groups(specification, grouping, universe, allocation)
        for estimate in specification.estimates:
            for share in estimate.at or (None,):
                found = [
                    numbers(
                        estimate, share, [m for m in members if belongs(estimate, m.record)],
                        specification.design, df,
                    )
                    for members in groups.values()
                ]  # fmt: skip
                pieces.append(_piece(estimate, share, grouping, list(groups), found))
    return pieces


def _groups(
    specification: Specification,
    grouping: tuple[str, ...],
    universe: Sequence[Record],
    allocation: Allocation | None,
) -> dict[tuple[str, ...], list[Member]]:
    """Return the members of every group in which a record has a full weight."""
    found: dict[tuple[str, ...], list[Member]] = {}
    for record in universe:
        for key, share in _keys(specification, grouping, record, allocation):
            found.setdefault(key, []).append(Member(record, share))
    if not grouping and not found:
        found[()] = []
    return {
        key: members
        for key, members in found.items()
        if not key or any(member.record.weights[0] != 0 for member in members)
    }


def _keys(
    specification: Specification, grouping: tuple[str, ...], record: Record, allocation: Allocation | None
) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield each group that a record belongs to, and with which share."""
    geography = specification.geography
    targets: list[tuple[str | None, float]] = [(None, 1.0)]
    if geography is not None and allocation is not None and geography.name in grouping:
        codes = [text_of(record, column) for column in geography.columns]
        whole = [code for code in codes if code is not None]
        targets = list(allocation.by_source().get(code_of(whole), [])) if len(whole) == len(codes) else []
    for target, share in targets:
        area = geography.name if geography is not None and target is not None else None
        key = [target if name == area else text_of(record, name) for name in grouping]
        if all(part is not None for part in key):
            yield tuple(str(part) for part in key), share


def _piece(
    estimate: Estimate,
    share: float | None,
    grouping: tuple[str, ...],
    keys: Sequence[tuple[str, ...]],
    found: Sequence[Numbers],
) -> Piece:
    def column(name: str) -> list[Any]:
        return [getattr(one, name) for one in found]

    groups = [[key[at] for key in keys] for at in range(len(grouping))]
    return Piece(
        estimate, share, grouping, groups, column("value"), column("se"), column("lower"), column("upper"),
        column("n"), column("population"), column("missing"), column("allocated_n"), column("df"),
    )  # fmt: skip
