"""What is to be estimated: the objects behind a file of the form `upward/estimate/1`.

What belongs here: frozen shapes, and which columns of the data they name. What does not: reading them from
YAML (`specification_file.py`), and how they are computed.

A condition is three-valued, as in SQL: a test of a missing value is neither met nor failed, and stays so
through `not`, `and` and `or` unless another part decides. Only `missing` itself is always decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from upward.engine.design import Design

SCHEMA = "upward/estimate/1"
Scalar = str | int | float

#: Kind of estimate -> what it is.
KINDS = {
    "total": "the sum of the weights, or of weight × `of`",
    "mean": "Σ weight × `of` / Σ weight",
    "share": "the weighted share of records that meet `where`",
    "ratio": "Σ weight × `numerator` / Σ weight × `denominator`",
    "quantile": "the value of `of` below which the shares `at` of the weight lie",
    "coefficient": "of the linear model of `of` on the fields `on`: that of `term`, a field of `on` or `intercept`",
}
#: The term of a linear model that every record has.
INTERCEPT = "intercept"
#: Rule of a quantile -> what it is.
RULES = {
    "hf1": "the smallest value whose cumulative weight reaches the share of the total",
    "hf3": "as R's survey package computes its rule hf3, its handling of a heavy smallest value included",
    **{f"hf{number}": f"R's rule hf{number}; engine reference only" for number in (2, 4, 5, 6, 7, 8, 9)},
    "math": "R's rule math; engine reference only",
    "school": "R's rule school; engine reference only",
}
#: Interval of anything but a quantile -> what it is.
INTERVALS = {
    "t": "value ± t × standard error, cut at 0 and 1 for shares",
    "logit": "for shares: made on the log-odds scale, se / (p (1 − p))",
    "asin": "for shares: made on the scale of the arcsine of the square root, se / (2 √(p (1 − p)))",
    "beta": "for shares: Korn and Graubard's, from the beta distribution with an effective sample size; engine "
    "reference only",
    "logit-replicates": "for shares: made on the log-odds scale, with the spread of the replicates' log-odds, as a "
    "logistic model of the intercept alone gives it (R's method logit); engine reference only",
}
#: Interval of a quantile -> what it is.
QUANTILE_INTERVALS = {
    "t": "value ± t × the standard error of the replicates' quantiles",
    "woodruff": "the quantiles at p ± t × standard error of the share at or below the quantile",
    "woodruff-logit": "the same with a logit interval of that share; engine reference only",
    "woodruff-beta": "the same with a beta interval of that share; engine reference only",
}


@dataclass(frozen=True, slots=True)
class OneOf:
    """The field equals one of the values; numbers compare as numbers, texts as texts."""

    field: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """The field is a number from `low` to `high`, both included; None is open."""

    field: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Missing:
    """The field has no value."""

    field: str


@dataclass(frozen=True, slots=True)
class Not:
    """The part is not met."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Every:
    """Every part is met."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part is met."""

    parts: tuple[Condition, ...]


Condition = OneOf | Between | Missing | Not | Every | AnyOf


@dataclass(frozen=True, slots=True)
class Categories:
    """A new text field: the value of the first case whose condition is met, else `otherwise` (None:
    missing).
    """

    name: str
    cases: tuple[tuple[str, Condition], ...]
    otherwise: str | None


@dataclass(frozen=True, slots=True)
class Product:
    """A new number: the product of fields times a constant; missing where a factor is."""

    name: str
    factors: tuple[str, ...]
    times: float


Derived = Categories | Product


@dataclass(frozen=True, slots=True)
class Estimate:
    """One thing to estimate; which of the parts are set depends on the kind."""

    name: str
    kind: str
    of: str | None = None
    where: Condition | None = None
    universe: Condition | None = None
    numerator: str | None = None
    denominator: str | None = None
    at: tuple[float, ...] = ()
    rule: str = "hf1"
    interval: str = "t"
    on: tuple[str, ...] = ()
    term: str = INTERCEPT

    def values(self) -> tuple[str, ...]:
        """Return the fields that must be known for a record to count."""
        named = (self.of, self.numerator, self.denominator, *self.on)
        return tuple(name for name in named if name is not None)


@dataclass(frozen=True, slots=True)
class Geography:
    """How records of one geography are shared out to another.

    `matching` pairs a column of the data with one of the crosswalk; together they identify the geography that
    records carry. `to` are the columns of the crosswalk whose texts, joined, identify the target; `name` is
    what the target is called in results. `areas` stands in place of a file: area -> code -> factor.
    """

    matching: tuple[tuple[str, str], ...]
    to: tuple[str, ...]
    name: str
    crosswalk: str | None = None
    factor: str = "afact"
    keep: tuple[tuple[str, str], ...] = ()
    areas: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of the data that say where a record is."""
        return tuple(column for column, _theirs in self.matching)


@dataclass(frozen=True, slots=True)
class Specification:
    """Everything that is to be estimated from one file."""

    design: Design
    estimates: tuple[Estimate, ...]
    by: tuple[tuple[str, ...], ...] = ((),)
    universe: Condition | None = None
    fields: tuple[Derived, ...] = ()
    geography: Geography | None = None
    missing: tuple[str, ...] = field(default=("", "NA"))

    def groupings(self) -> tuple[tuple[str, ...], ...]:
        """Return the groupings as results show them: the target stands in for the geography of the
        records.
        """
        if self.geography is None:
            return self.by
        found: list[tuple[str, ...]] = []
        for grouping in self.by:
            target = tuple(name for name in grouping if name not in self.geography.columns)
            has = len(target) < len(grouping) or self.geography.name in grouping
            target = tuple(name for name in target if name != self.geography.name)
            shown = (self.geography.name, *target) if has else target
            if shown not in found:
                found.append(shown)
        return tuple(found)

    def group_columns(self) -> tuple[str, ...]:
        """Return every column that a grouping of the results names, in order of appearance."""
        return tuple(dict.fromkeys(name for grouping in self.groupings() for name in grouping))


@dataclass(frozen=True, slots=True)
class Columns:
    """What a specification reads from the data: weights, numbers and texts (a column can be both)."""

    weights: tuple[str, ...]
    numbers: tuple[str, ...]
    texts: tuple[str, ...]

    def names(self) -> tuple[str, ...]:
        """Return every column once."""
        return tuple(dict.fromkeys((*self.weights, *self.numbers, *self.texts)))


def columns_of(specification: Specification) -> Columns:
    """Return the columns of the data that a specification needs, derived fields resolved."""
    derived = {item.name for item in specification.fields}
    used = [(name, number) for name, number in _uses(specification) if name not in derived]
    numbers = dict.fromkeys(name for name, number in used if number)
    texts = dict.fromkeys(name for name, number in used if not number)
    return Columns(specification.design.weights, tuple(numbers), tuple(texts))


def _uses(specification: Specification) -> Iterator[tuple[str, bool]]:
    """Yield each field that is used, and whether as a number."""
    for item in specification.fields:
        if isinstance(item, Product):
            yield from ((name, True) for name in item.factors)
        else:
            for _value, condition in item.cases:
                yield from tests_of(condition)
    for estimate in specification.estimates:
        yield from ((name, True) for name in estimate.values())
    for condition in conditions_of(specification):
        yield from tests_of(condition)
    yield from ((name, False) for name in _grouping_columns(specification))


def _grouping_columns(specification: Specification) -> Iterator[str]:
    geography = specification.geography
    target = geography.name if geography else None
    for grouping in specification.by:
        yield from (name for name in grouping if name != target)
    if geography:
        yield from geography.columns


def conditions_of(specification: Specification) -> Iterator[Condition]:
    """Yield the conditions of universe and estimates."""
    if specification.universe is not None:
        yield specification.universe
    for estimate in specification.estimates:
        yield from (part for part in (estimate.universe, estimate.where) if part is not None)


def tests_of(condition: Condition) -> Iterator[tuple[str, bool]]:
    """Yield each field that a condition tests, and whether it is tested as a number."""
    match condition:
        case OneOf(name, values):
            yield name, compares_numbers(values)
        case Between(name, _low, _high):
            yield name, True
        case Missing(name):
            yield name, False
        case Not(part):
            yield from tests_of(part)
        case Every(parts) | AnyOf(parts):
            for part in parts:
                yield from tests_of(part)


def compares_numbers(values: tuple[Scalar, ...]) -> bool:
    """Tell whether the values of a test are numbers."""
    return not isinstance(values[0], str)
