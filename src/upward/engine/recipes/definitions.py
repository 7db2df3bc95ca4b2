"""The survey definitions of the catalogue (`catalog/data/survey/*.yaml`), and what a file of records allows.

A definition says universe, weights, derived fields, groups, estimates and suppression of one metric, exactly
as its publisher computes it. Files of different years name things differently: a definition lists the names,
and `resolve` takes those that the file has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from upward.base.errors import CatalogError, DataError, NotFoundError
from upward.catalog.load import DATA_FOLDER
from upward.catalog.reading import Fields, Problems, read_yaml
from upward.engine.design import design_by_method
from upward.engine.specification import (
    Condition,
    Derived,
    Estimate,
    Geography,
    Product,
    Specification,
    columns_of,
    tests_of,
)
from upward.engine.specification_file import read_condition, read_derived, read_estimate

SCHEMA = "upward/survey-metric/1"
COMPUTED, NOT_COMPUTED = KINDS = ("survey", "not-computed")
REPLICATES = 80
AREA_NAME = "geo_id"
GEOGRAPHY_COLUMNS = {"county": ("statefip", "county"), "place": ("statefip", "place")}


@dataclass(frozen=True, slots=True)
class Pairs:
    """An “a : b” metric: a is a group's share of the total `above`, b its share of the total `below`.

    The groups are those of the field `of`; within each group of a field of `within` they are made again.
    """

    above: str
    below: str
    of: str
    within: tuple[str, ...]
    variables: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SurveyMetric:
    """How one metric is computed from records; names that differ between files are lists."""

    metric: str
    records: str
    weight: tuple[str, ...]
    replicates: tuple[str, ...]
    state: tuple[str, ...]
    area: tuple[str, ...]
    effective_cases: int
    universes: tuple[tuple[tuple[str, ...], Condition], ...]
    fields: tuple[Derived, ...]
    groups: tuple[tuple[str, str], ...]
    estimates: tuple[Estimate, ...]
    pairs: Pairs | None


@dataclass(frozen=True, slots=True)
class Resolved:
    """A definition on one file: the specification, group type of each grouping column, and what is left
    out.
    """

    specification: Specification
    group_types: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]


def load_definitions() -> dict[str, SurveyMetric]:
    """Return metric id -> definition; raise CatalogError with every mistake in the files."""
    return _load()[0]


def load_reasons() -> dict[str, str]:
    """Return metric id -> why it is not computed, for metrics made from records that Upward does not make."""
    return _load()[1]


@lru_cache(maxsize=1)
def _load() -> tuple[dict[str, SurveyMetric], dict[str, str]]:
    problems = Problems()
    found, reasons = {}, {}
    for path in sorted((DATA_FOLDER / "survey").glob("*.yaml")):
        top = read_yaml(path, f"survey/{path.name}", problems)
        top.word("schema", (SCHEMA,))
        if top.word("kind", KINDS) == NOT_COMPUTED:
            reasons[top.identifier("metric")] = top.text("reason")
            top.done()
        else:
            definition = _read(top)
            found[definition.metric] = definition
    if problems.found:
        raise CatalogError(tuple(problems.found))
    return found, reasons


def definition_of(metric: str) -> SurveyMetric:
    """Return the definition of a metric; raise NotFoundError, naming those there are, or DataError with the
    reason why this one is not computed.
    """
    known = load_definitions()
    if metric in load_reasons():
        raise DataError(f"“{metric}” is not computed from survey records.", advice=load_reasons()[metric])
    if metric not in known:
        raise NotFoundError(
            f"The catalogue cannot compute “{metric}” from survey records.", candidates=tuple(known)
        )
    return known[metric]


def _read(top: Fields) -> SurveyMetric:
    universes = []
    for entry in top.entries("universes"):
        needs, universe = entry.columns("needs"), read_condition(entry, "universe")
        entry.done()
        if universe is not None:
            universes.append((needs, universe))
    groups = top.mapping("groups")
    definition = SurveyMetric(
        metric=top.identifier("metric"),
        records=top.word("records", ("persons", "households")),
        weight=top.columns("weight"),
        replicates=top.columns("replicates"),
        state=top.columns("state"),
        area=top.columns("area"),
        effective_cases=top.whole("effective_cases"),
        universes=tuple(universes),
        fields=tuple(read_derived(entry) for entry in top.entries("fields", "name")),
        groups=tuple((name, groups.text(name)) for name in groups.names()),
        estimates=tuple(read_estimate(entry) for entry in top.entries("estimates", "name")),
        pairs=_pairs(top.mapping("pairs")) if top.has("pairs") else None,
    )
    top.done()
    return definition


def _pairs(fields: Fields) -> Pairs:
    variables = fields.mapping("variables")
    pairs = Pairs(
        fields.text("above"),
        fields.text("below"),
        fields.text("of"),
        fields.columns("within") if fields.has("within") else (),
        tuple((name, variables.text(name)) for name in variables.names()),
    )
    variables.done()
    fields.done()
    return pairs


def resolve(
    definition: SurveyMetric,
    columns: Sequence[str],
    *,
    crosswalk: Path,
    level: str,
    year: int,
    state: str | None = None,
) -> Resolved:
    """Return what a definition asks of a file with these columns.

    `state` stands in for a column of states. Raises DataError, naming what is missing, where the metric
    cannot be computed; groups whose columns are missing are left out.
    """
    present = set(columns)
    weight, area = (
        _first(definition.weight, present, "weight"),
        _first(definition.area, present, "survey area"),
    )
    replicates = _replicates(definition, present)
    universe = next((found for needs, found in definition.universes if set(needs) <= present), None)
    if universe is None:
        names = " or ".join(", ".join(needs) for needs, _universe in definition.universes)
        raise DataError(f"The file lacks what says who is counted in {definition.metric}: {names}.")
    kept = [("crosswalk_period", "pre-2022" if year < 2022 else "2022")]
    matching = [(area, "puma")]
    state_column = next((name for name in definition.state if name in present), None)
    if state_column is not None and state is None:
        matching.insert(0, (state_column, "statefip"))
    elif state is not None:
        kept.append(("statefip", state))
    else:
        raise DataError(
            f"The file has no column of states ({', '.join(definition.state)}).",
            advice="Name the state: --state 53.",
        )
    geography = Geography(
        tuple(matching), GEOGRAPHY_COLUMNS[level], AREA_NAME, str(crosswalk), "afact", tuple(kept)
    )
    fields = _fields(definition, present)
    available = {item.name for item in fields}
    groups = tuple((field, kind) for kind, field in definition.groups if field in available)
    left_out = tuple(kind for kind, field in definition.groups if field not in available)
    specification = Specification(
        design_by_method("acs-sdr", weight, replicates),
        definition.estimates,
        _groupings(definition, available),
        universe,
        fields,
        geography,
    )
    absent = [name for name in columns_of(specification).names() if name not in present]
    if absent:
        raise DataError(f"The file lacks column(s) that {definition.metric} needs: {', '.join(absent)}.")
    return Resolved(specification, groups, left_out)


def _fields(definition: SurveyMetric, present: set[str]) -> tuple[Derived, ...]:
    """Return the derived fields that a file allows, and those that the estimates cannot do without."""
    needed: set[str] = set()
    for estimate in definition.estimates:
        needed |= set(estimate.values())
        for condition in (estimate.where, estimate.universe):
            needed |= {name for name, _number in tests_of(condition)} if condition is not None else set()
    if definition.pairs is not None:
        needed.add(definition.pairs.of)
    for item in reversed(definition.fields):
        needed |= _columns(item) if item.name in needed else set()
    known, fields = set(present), []
    for item in definition.fields:
        if item.name in needed or _columns(item) <= known:
            fields.append(item)
            known.add(item.name)
    return tuple(fields)


def _groupings(definition: SurveyMetric, available: set[str]) -> tuple[tuple[str, ...], ...]:
    """Return the groupings: all, each group type, and for pairs the groups within others."""
    pairs = definition.pairs
    grouped = [field for _kind, field in definition.groups if field in available]
    within = [field for field in pairs.within if field in available] if pairs is not None else []
    crossed = ((AREA_NAME, field, pairs.of) for field in within) if pairs is not None else ()
    return ((AREA_NAME,), *((AREA_NAME, field) for field in grouped), *crossed)


def _columns(item: Derived) -> set[str]:
    """Return the fields that a derived field is made from."""
    if isinstance(item, Product):
        return set(item.factors)
    return {name for _value, condition in item.cases for name, _number in tests_of(condition)}


def raw_columns(definition: SurveyMetric, item: Derived) -> set[str]:
    """Return the columns of a file that a derived field of a definition is made from."""
    derived = {one.name: one for one in definition.fields}
    found: set[str] = set()
    for name in _columns(item):
        found |= raw_columns(definition, derived[name]) if name in derived else {name}
    return found


def _first(names: Sequence[str], present: set[str], what: str) -> str:
    for name in names:
        if name in present:
            return name
    raise DataError(f"The file has no column of the {what}: {' or '.join(names)}.")


def _replicates(definition: SurveyMetric, present: set[str]) -> tuple[str, ...]:
    for names in _replicate_names(definition):
        if set(names) <= present:
            return names
    raise DataError(
        f"The file lacks the replicate weights {' or '.join(definition.replicates)}1 to {REPLICATES}."
    )


def _replicate_names(definition: SurveyMetric) -> Iterator[tuple[str, ...]]:
    for prefix in definition.replicates:
        yield tuple(f"{prefix}{number}" for number in range(1, REPLICATES + 1))
