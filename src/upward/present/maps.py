"""A variable as a map of counties: classes, what is weak or missing, and the sentence and tables with the same facts.

Classes are fifths of the residents, so a class means the same on every map. A weak value is never put into a
class: it is hatched, and its figure stands in the table. Metrics that must not be compared have no map.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite, isinf

import numpy as np

from upward.base.messages import _, ngettext
from upward.catalog import format as shown_as
from upward.catalog.geographies import load_boundary_vintages
from upward.catalog.model import Form, Metric, Unit, Variable
from upward.engine.context import weighted_percentiles
from upward.present.build_values import mark_of
from upward.present.shapes import county_shapes
from upward.present.specs import Mark
from upward.warehouse.places import Place
from upward.warehouse.read import ResultRow

FIFTHS = (0.2, 0.4, 0.6, 0.8)
WEAK = 3
COUNT = "count"


@dataclass(frozen=True, slots=True)
class MapClass:
    """One class of a map: its range in words, its counties, and how many of 100 residents live there."""

    label: str
    codes: tuple[str, ...]
    residents: float


@dataclass(frozen=True, slots=True)
class MapSpec:
    """A map of one variable: every county of the boundary vintage is in a class, weak, or missing."""

    metric: str
    variable: str
    label: str
    period: str
    years: str  # the years that the figures cover, in words
    vintage: str
    direction: str
    classes: tuple[MapClass, ...]
    weak: tuple[str, ...]
    missing: tuple[str, ...]
    marks: Mapping[str, Mark]  # by county code, missing ones too
    beyond: int  # counties in a class whose interval reaches into another
    bounded: int  # counties in a class that have an interval
    sentence: str
    _class_of: Mapping[str, int] = field(init=False, repr=False, compare=False)
    _by_state: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note the class and the state of each county, once for the pages of all states."""
        classes = {code: index for index, item in enumerate(self.classes) for code in item.codes}
        object.__setattr__(self, "_class_of", classes)
        by_state: dict[str, list[str]] = {}
        for code in self.marks:
            by_state.setdefault(code[:2], []).append(code)
        object.__setattr__(self, "_by_state", {state: tuple(codes) for state, codes in by_state.items()})

    @property
    def drawable(self) -> bool:
        """Tell whether the areas have shapes."""
        return next(iter(self.marks)) in county_shapes(self.vintage)

    def class_of(self, code: str) -> int | None:
        """Return the index of a county's class, or None where it is weak or missing."""
        return self._class_of.get(code)

    def codes_of(self, state: str) -> tuple[str, ...]:
        """Return the codes of a state's counties, missing ones too."""
        return self._by_state.get(state, ())

    def counts_of(self, state: str) -> tuple[list[int], int, int]:
        """Return how many of a state's counties are in each class, weak and missing."""
        counts, weak, missing = [0] * len(self.classes), 0, 0
        for code in self.codes_of(state):
            index = self._class_of.get(code)
            if index is not None:
                counts[index] += 1
            elif self.marks[code].value is None:
                missing += 1
            elif self.marks[code].quality == WEAK:
                weak += 1
        return counts, weak, missing


def mapped_variables(metric: Metric) -> tuple[Variable, ...]:
    """Return the variables of a metric that have a map: of its newest edition, published for counties, not counts."""
    if not metric.comparable or metric.form is Form.HALF_PAIRS:
        return ()
    newest = max(edition.edition for variable in metric.variables for edition in variable.editions)
    return tuple(
        variable
        for variable in metric.variables
        if variable.unit != COUNT
        and any(edition.edition == newest and edition.years.get("county") for edition in variable.editions)
    )


def why_no_map(metric: Metric) -> str:
    """Return the reason why a metric has no map; empty where it has one."""
    if not metric.comparable:
        return metric.not_comparable_reason or _("This metric is not compared between places.")
    if metric.form is Form.HALF_PAIRS:
        return _(
            "Half of this metric is entered by each place itself, so there is nothing to draw for the nation."
        )
    return "" if mapped_variables(metric) else _("The newest edition has no figures of counties.")


def build_map(
    metric: Metric,
    variable: Variable,
    unit: Unit,
    rows: Sequence[ResultRow],
    places: Mapping[str, Place],
    *,
    direction: str,
) -> MapSpec | None:
    """Return the map of a variable from the county rows of its newest year; None without any value.

    `rows` are overall rows of one edition and period; `places` gives names and residents by county code.
    """
    if not any(row.value is not None for row in rows):
        return None
    vintage = _vintage({row.geo_id for row in rows})
    shapes = county_shapes(vintage)
    # Invented places have no shapes: they keep their classes and tables.
    codes = tuple(shapes) if any(row.geo_id in shapes for row in rows) else tuple(row.geo_id for row in rows)
    by_code = {row.geo_id: row for row in rows}
    absent = Mark("", text=_("not available"), reason=_("The release has no value for this county."))
    marks = {
        code: mark_of(by_code[code], unit, _name(places, code)) if code in by_code else absent
        for code in codes
    }
    weak = tuple(code for code in codes if marks[code].value is not None and marks[code].quality == WEAK)
    missing = tuple(code for code in codes if marks[code].value is None)
    classed = [code for code in codes if marks[code].value is not None and marks[code].quality != WEAK]
    classes, edges = _classes(classed, marks, places, unit)
    reach = [_reaches_out(marks[code], edges) for code in classed if marks[code].bounded]
    edition = variable.editions[-1]
    years = shown_as.period_words(rows[0].period, edition.period_years.get("county", 1))
    bare = MapSpec(
        metric.id, variable.id, variable.label, rows[0].period, years, vintage, direction, classes, weak, missing, marks,
        sum(reach), len(reach), "",
    )  # fmt: skip
    return _with_sentence(bare)


def _name(places: Mapping[str, Place], code: str) -> str:
    place = places.get(code)
    return place.name if place else code


def _vintage(codes: Collection[str]) -> str:
    """Return the boundary vintage that has most of the codes; the newest of several."""
    found = [vintage.id for vintage in reversed(load_boundary_vintages())]
    return max(found, key=lambda vintage: len(county_shapes(vintage).keys() & codes))


def _classes(
    codes: Sequence[str], marks: Mapping[str, Mark], places: Mapping[str, Place], unit: Unit
) -> tuple[tuple[MapClass, ...], tuple[float, ...]]:
    """Return the classes and their upper edges: fifths of residents, fewer where edges would be equal."""
    finite = [code for code in codes if isfinite(_value(marks[code]))]
    whole = sum(_residents(places, code) for code in codes) or 1.0
    if not finite:
        return (), ()
    values = np.array([_value(marks[code]) for code in finite])
    weights = np.array([_residents(places, code) for code in finite])
    _groups, found = weighted_percentiles(np.zeros(len(finite), dtype=np.int64), values, weights, FIFTHS)
    edges = sorted({float(item[0]) for item in found if float(item[0]) < values.max()})
    members: list[list[str]] = [[] for _edge in range(len(edges) + 1)]
    for code, value in zip(finite, values, strict=True):
        members[sum(value > edge for edge in edges)].append(code)
    classes = [
        _class(_range(index, edges, unit), group, places, whole)
        for index, group in enumerate(members)
        if group
    ]
    beyond = [code for code in codes if isinf(_value(marks[code]))]
    if beyond:
        classes.append(_class(marks[beyond[0]].text, beyond, places, whole))
    return tuple(classes), tuple(edges)


def _value(mark: Mark) -> float:
    assert mark.value is not None
    return mark.value


def _residents(places: Mapping[str, Place], code: str) -> float:
    place = places.get(code)
    return (place.population or 0.0) if place else 0.0


def _class(label: str, codes: Sequence[str], places: Mapping[str, Place], whole: float) -> MapClass:
    return MapClass(label, tuple(codes), 100 * sum(_residents(places, code) for code in codes) / whole)


def _range(index: int, edges: Sequence[float], unit: Unit) -> str:
    if not edges:
        return _("all values")
    if index == 0:
        return _("up to {high}").format(high=shown_as.shown(edges[0], unit))
    low = shown_as.shown(edges[index - 1], unit)
    if index == len(edges):
        return _("over {low}").format(low=low)
    return _("over {low}, up to {high}").format(low=low, high=shown_as.shown(edges[index], unit))


def _reaches_out(mark: Mark, edges: Sequence[float]) -> bool:
    """Tell whether an interval crosses an edge of a class."""
    assert mark.lower is not None
    assert mark.upper is not None
    return any(mark.lower <= edge < mark.upper for edge in edges)


def _with_sentence(spec: MapSpec) -> MapSpec:
    parts = [
        ngettext("{label}: {n} county", "{label}: {n} counties", len(item.codes)).format(
            label=item.label, n=shown_as.number(len(item.codes))
        )
        for item in spec.classes
    ]
    if spec.weak:
        parts.append(_("hatched, weak data: {n}").format(n=shown_as.number(len(spec.weak))))
    if spec.missing:
        parts.append(_("blank, no value: {n}").format(n=shown_as.number(len(spec.missing))))
    text = f"{spec.label}, {spec.years}, {_('by county')}: {'; '.join(parts)}."
    if spec.bounded:
        text += " " + _(
            "In {n} of {of} counties that have an interval, it reaches into another class."
        ).format(n=shown_as.number(spec.beyond), of=shown_as.number(spec.bounded))
    return replace(spec, sentence=text)


def lead_variable(metric: Metric, variables: Sequence[Variable]) -> Variable:
    """Return the variable that stands for a metric on a state's map: the middle one of percentiles, else the first."""
    return variables[len(variables) // 2] if metric.form is Form.PERCENTILES else variables[0]
