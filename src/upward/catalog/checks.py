"""Is the catalogue complete and consistent? Looked at by tests and `upward check`, not at every start.

What stops the catalogue from loading at all (wrong types, unknown keys, references that lead nowhere) is
found by `load.py` and `references.py`; here is what makes it whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from upward.base.messages import LANGUAGES
from upward.catalog import model
from upward.catalog.load import DATA_FOLDER, read_catalog
from upward.catalog.localize import localized, missing_texts
from upward.catalog.reading import Problems, read_yaml
from upward.catalog.step_checks import step_problems

DIMENSIONS = 3
PREDICTORS_PER_PILLAR = (6, 5, 5, 4, 4)
METRICS = 26
#: Metrics whose source forbids comparing places.
NEVER_COMPARED = ("crime", "juvenile_arrests")


def check_catalog(folder: Path = DATA_FOLDER) -> tuple[str, ...]:
    """Return everything that is missing or does not fit in a catalogue folder; empty means complete.

    Raises CatalogError if the files cannot be loaded at all.
    """
    catalog = read_catalog(folder)
    problems = [
        *missing_metrics(folder),
        *framework_problems(catalog),
        *metric_problems(catalog),
        *group_problems(catalog),
        *unit_problems(catalog),
        *step_problems(catalog),
    ]
    for language in LANGUAGES:
        if language != "en":
            problems += [
                f"{text}: missing; expected the text in “{language}”."
                for text in missing_texts(catalog, folder, language)
            ]
            problems += unit_problems(localized(catalog, folder, language), f"locale/{language}/")
    return tuple(problems)


def missing_metrics(folder: Path) -> Iterator[str]:
    """Yield every metric that framework.yaml lists without a file, and a wrong length of the list."""
    listed = read_yaml(folder / "framework.yaml", "framework.yaml", Problems()).identifiers("metrics")
    if len(listed) != METRICS:
        yield f"framework.yaml: metrics: expected {METRICS} metrics, found {len(listed)}."
    for name in listed:
        if not (folder / "metrics" / f"{name}.yaml").is_file():
            yield f"metrics/{name}.yaml: missing; framework.yaml lists it."


def framework_problems(catalog: model.Catalog) -> Iterator[str]:
    """Yield what is wrong with the numbers of dimensions, pillars, predictors, and their order."""
    if len(catalog.dimensions) != DIMENSIONS:
        yield f"framework.yaml: dimensions: expected {DIMENSIONS}, found {len(catalog.dimensions)}."
    numbers = [pillar.number for pillar in catalog.pillars.values()]
    if numbers != list(range(1, len(PREDICTORS_PER_PILLAR) + 1)):
        yield f"framework.yaml: pillars: expected numbers 1 to {len(PREDICTORS_PER_PILLAR)}, found {numbers}."
    by_pillar = Counter(predictor.pillar for predictor in catalog.predictors.values())
    for pillar, expected in zip(catalog.pillars, PREDICTORS_PER_PILLAR, strict=False):
        if (found := by_pillar[pillar]) != expected:
            yield f"framework.yaml: predictors: expected {expected} in pillar “{pillar}”, found {found}."
    ranks = [vintage.rank for vintage in catalog.vintages.values()]
    if ranks != sorted(set(ranks)):
        yield f"framework.yaml: vintages: expected ranks that rise, found {ranks}."
    measured = {metric.predictor for metric in catalog.metrics.values()}
    for predictor in catalog.predictors:
        if predictor not in measured:
            yield f"framework.yaml: predictors.{predictor}: no metric measures it."
    order = list(catalog.predictors)
    places = [order.index(metric.predictor) for metric in catalog.metrics.values()]
    if places != sorted(places):
        yield "framework.yaml: metrics: expected the order of the predictors."


def metric_problems(catalog: model.Catalog) -> Iterator[str]:
    """Yield what a metric lacks: limitations, breaks within its years, a forbidden comparison marked."""
    for metric in catalog.metrics.values():
        file = f"metrics/{metric.id}.yaml"
        if not metric.variables:
            yield f"{file}: variables: expected at least one variable."
        if not metric.limitations:
            yield f"{file}: limitations: expected at least one; every figure has its limits."
        if not 0 <= metric.city_limitations <= len(metric.limitations):
            yield (
                f"{file}: city_limitations: expected 0 to {len(metric.limitations)}, the number of limitations, "
                f"found {metric.city_limitations}."
            )
        held = {cover.group_type for variable in metric.variables for cover in variable.groups}
        held.update(variable.id for variable in metric.variables)
        for name, number in metric.supplements_for.items():
            if name not in held or not 0 <= number <= len(metric.supplements):
                yield (
                    f"{file}: supplements_for.{name}: expected a group type or variable of the metric and 0 to "
                    f"{len(metric.supplements)}, the number of supplements, found {number}."
                )
        if metric.comparable and metric.id in NEVER_COMPARED:
            yield f"{file}: comparable: expected false; its source forbids comparing places."
        for index, entry in enumerate(metric.breaks):
            years = {year for level in entry.levels for year in _years(metric, level)}
            if years and not (min(years) <= entry.after and max(years) >= entry.before):
                yield (
                    f"{file}: breaks[{index}]: {entry.after} to {entry.before} is no break within the "
                    f"published years {min(years)} to {max(years)}."
                )


def _years(metric: model.Metric, level: str) -> set[int]:
    found: set[int] = set()
    for variable in metric.variables:
        for edition in variable.editions:
            found.update(edition.years.get(level, ()))
        for coverage in variable.groups:
            found.update(coverage.years.get(level, ()))
    return found


def group_problems(catalog: model.Catalog) -> Iterator[str]:
    """Yield labels that two groups of a type share, and group types that no variable uses."""
    used = {"all"}
    for variable in catalog.variables.values():
        used.update(coverage.group_type for coverage in variable.groups)
        used.add(variable.group.partition("/")[0])
    for group_type in catalog.group_types.values():
        labels = Counter(label for group in group_type.groups for label in group.published)
        for label, number in labels.items():
            if number > 1:
                yield f"groups.yaml: group_types.{group_type.id}: the label “{label}” stands {number} times."
        if group_type.id not in used:
            yield f"groups.yaml: group_types.{group_type.id}: no variable uses it."


def unit_problems(catalog: model.Catalog, prefix: str = "") -> Iterator[str]:
    """Yield units whose wording in a sentence has no place for the number."""
    for unit in catalog.units.values():
        if unit.words.count("{value}") != 1:
            yield f"{prefix}units.yaml: units.{unit.id}.words: expected {{value}} once, found “{unit.words}”."
