"""References within the catalogue: every id that a file names must exist, statements must fit each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from upward.catalog import model


def reference_problems(catalog: model.Catalog) -> list[str]:
    """Return every reference that leads nowhere, as "file: key path: what is expected"."""
    return [*_framework_problems(catalog), *_metric_problems(catalog)]


def _framework_problems(catalog: model.Catalog) -> Iterator[str]:
    for vintage in catalog.vintages.values():
        if vintage.edition not in catalog.editions:
            yield _missing("framework.yaml", f"vintages.{vintage.id}.edition", vintage.edition, "an edition")
    for dimension in catalog.dimensions.values():
        for edition in dimension.names:
            if edition not in catalog.editions:
                yield _missing("framework.yaml", f"dimensions.{dimension.id}.names", edition, "an edition")
    for predictor in catalog.predictors.values():
        if predictor.pillar not in catalog.pillars:
            yield _missing(
                "framework.yaml", f"predictors.{predictor.id}.pillar", predictor.pillar, "a pillar"
            )


def _metric_problems(catalog: model.Catalog) -> Iterator[str]:
    for metric in catalog.metrics.values():
        file = f"metrics/{metric.id}.yaml"
        for key, value, known, what in (
            ("predictor", metric.predictor, catalog.predictors, "a predictor of framework.yaml"),
            ("source", metric.source, catalog.sources, "a source of sources.yaml"),
            ("quality_rule", metric.quality_rule, catalog.quality_rules, "a rule of quality.yaml"),
        ):
            if value and value not in known:
                yield _missing(file, key, value, what)
        for source in metric.further_sources:
            if source not in catalog.sources:
                yield _missing(file, "further_sources", source, "a source of sources.yaml")
        if not metric.comparable and not metric.not_comparable_reason:
            yield f"{file}: not_comparable_reason: missing; say why places are not compared."
        yield from _break_problems(metric, file)
        for variable in metric.variables:
            yield from _variable_problems(catalog, variable, file)
            for edition in variable.editions:
                if edition.source and edition.source not in catalog.sources:
                    path = f"variables[{variable.id}].editions[{edition.edition}].source"
                    yield _missing(file, path, edition.source, "a source of sources.yaml")


def _break_problems(metric: model.Metric, file: str) -> Iterator[str]:
    for index, entry in enumerate(metric.breaks):
        if entry.after > entry.before:
            yield f"{file}: breaks[{index}]: “after” ({entry.after}) is later than “before” ({entry.before})."
        for level in entry.levels:
            if level not in ("county", "place"):
                yield _missing(file, f"breaks[{index}].levels", level, "county or place")


def _variable_problems(catalog: model.Catalog, variable: model.Variable, file: str) -> Iterator[str]:
    path = f"variables[{variable.id}]"
    if variable.unit and variable.unit not in catalog.units:
        yield _missing(file, f"{path}.unit", variable.unit, "a unit of units.yaml")
    if variable.group and not _group_exists(catalog, variable.group):
        yield _missing(file, f"{path}.group", variable.group, "type/group of groups.yaml")
    if variable.minimum is not None and variable.maximum is not None and variable.minimum > variable.maximum:
        yield f"{file}: {path}: minimum {variable.minimum:g} is above maximum {variable.maximum:g}."
    if not variable.editions:
        yield f"{file}: {path}.editions: expected at least one edition."
    yield from _repetitions(variable, file, path)
    for edition in variable.editions:
        yield from _edition_problems(catalog, edition, file, f"{path}.editions[{edition.edition}]")
    for coverage in variable.groups:
        yield from _coverage_problems(catalog, variable, coverage, file)


def _repetitions(variable: model.Variable, file: str, path: str) -> Iterator[str]:
    for name, number in Counter(edition.edition for edition in variable.editions).items():
        if number > 1:
            yield f"{file}: {path}.editions: edition “{name}” stands {number} times."
    for (group_type, name), number in Counter((c.group_type, c.edition) for c in variable.groups).items():
        if number > 1:
            yield f"{file}: {path}.groups: {group_type} stands {number} times for edition {name}."


def _edition_problems(
    catalog: model.Catalog, edition: model.VariableEdition, file: str, path: str
) -> Iterator[str]:
    if edition.edition not in catalog.editions:
        yield _missing(file, f"{path}.edition", edition.edition, "an edition of framework.yaml")
    if not edition.years:
        yield f"{file}: {path}.years: expected years of at least one level."
    if edition.period_years.keys() != edition.years.keys():
        yield f"{file}: {path}.period_years: expected the levels of years: {', '.join(edition.years)}."
    for level, years in edition.bounds_years.items():
        extra = sorted(set(years) - set(edition.years.get(level, ())))
        if extra:
            yield f"{file}: {path}.bounds_years.{level}: {_listed(extra)} not in years."
    if edition.bounds == "none" and any(edition.bounds_years.values()):
        yield f"{file}: {path}.bounds_years: expected none, because bounds are declared as none."
    if edition.bounds != "none" and not any(edition.bounds_years.values()):
        yield f"{file}: {path}.bounds_years: missing; expected the years that carry bounds."


def _coverage_problems(
    catalog: model.Catalog, variable: model.Variable, coverage: model.GroupCoverage, file: str
) -> Iterator[str]:
    path = f"variables[{variable.id}].groups[{coverage.group_type}]"
    if coverage.edition not in {edition.edition for edition in variable.editions}:
        yield _missing(file, f"{path}.edition", coverage.edition, "an edition of this variable")
    group_type = catalog.group_types.get(coverage.group_type)
    if group_type is None:
        yield _missing(file, f"{path}.group_type", coverage.group_type, "a type of groups.yaml")
        return
    known = {group.id for group in group_type.groups}
    for group in coverage.groups:
        if group not in known:
            yield _missing(file, f"{path}.groups", group, f"one of {', '.join(sorted(known))}")
    if not coverage.groups:
        yield f"{file}: {path}.groups: expected at least one group."


def _group_exists(catalog: model.Catalog, text: str) -> bool:
    group_type, _separator, group = text.partition("/")
    found = catalog.group_types.get(group_type)
    return found is not None and group in {entry.id for entry in found.groups}


def _missing(file: str, path: str, value: str, expected: str) -> str:
    return f"{file}: {path}: “{value}” does not exist; expected {expected}."


def _listed(years: list[int]) -> str:
    return ", ".join(str(year) for year in years)
