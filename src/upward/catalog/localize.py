"""The catalogue in another language: the texts of the twins laid over the English objects.

A twin holds only text, under the same ids and keys as the English file (see `data/locale/es/framework.yaml`).
An unknown file, id or key is an error; a text that is missing stays English and is named by `missing_texts`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from upward.base.errors import CatalogError
from upward.catalog import model
from upward.catalog.reading import Fields
from upward.catalog.record_files import record_file
from upward.catalog.step_files import PLANNING_FILES, step_file
from upward.catalog.step_twins import planning_texts
from upward.catalog.twins import Twins, shown

Item = TypeVar("Item")

# The fields that people read, by class; everything else is the same in every language.
FRAMEWORK_TEXT = {
    "editions": ("name", "note"),
    "vintages": ("name", "note"),
    "dimensions": ("name", "definition"),
    "pillars": ("name", "why"),
    "predictors": ("name", "meaning"),
}
UNIT_TEXT = ("name", "prefix", "suffix", "words")
SOURCE_TEXT = ("name", "licence", "note", "shared_note")
LEVEL_TEXT = ("name", "meaning")
RULE_TEXT = ("strong", "marginal", "weak", "note")
TERM_TEXT = ("term", "definition")
METRIC_TEXT = (
    "name",
    "short",
    "direction_note",
    "definition",
    "universe",
    "formula",
    "weights",
    "estimator",
    "source_words",
    "suppression",
    "change_note",
    "not_comparable_reason",
)
#: Twins that `statements.py` reads and checks itself.
OWN_READER = "statements/"
TWIN_FILES = ("framework", "groups", "units", "sources", "quality", "glossary")


def localized(catalog: model.Catalog, folder: Path, language: str) -> model.Catalog:
    """Return the catalogue with the texts of a language; raise CatalogError where a twin breaks its rules."""
    translated, problems, _missing = _overlay(catalog, folder / "locale" / language)
    if problems:
        raise CatalogError(tuple(problems))
    return translated


def missing_texts(catalog: model.Catalog, folder: Path, language: str) -> tuple[str, ...]:
    """Return, as "file: key path", every text that a language still lacks."""
    return tuple(_overlay(catalog, folder / "locale" / language)[2])


def _overlay(catalog: model.Catalog, folder: Path) -> tuple[model.Catalog, list[str], list[str]]:
    twins = Twins(folder)
    _find_strangers(catalog, twins)
    metrics = {name: _metric(twins, metric) for name, metric in catalog.metrics.items()}
    levels, rules = _quality(twins, catalog)
    translated = replace(
        catalog,
        **_framework(twins, catalog),
        units=_one_mapping(twins, "units", "units", catalog.units, UNIT_TEXT),
        sources=_one_mapping(twins, "sources", "sources", catalog.sources, SOURCE_TEXT),
        metrics=metrics,
        variables={variable.id: variable for metric in metrics.values() for variable in metric.variables},
        group_types=_group_types(twins, catalog),
        quality_levels=levels,
        quality_rules=rules,
        glossary=_one_mapping(twins, "glossary", "terms", catalog.glossary, TERM_TEXT),
        **planning_texts(twins, catalog),
    )
    return translated, twins.problems.found, twins.missing


def _find_strangers(catalog: model.Catalog, twins: Twins) -> None:
    expected = {f"{name}.yaml" for name in (*TWIN_FILES, *PLANNING_FILES, "questions")}
    expected |= {f"metrics/{name}.yaml" for name in catalog.metrics}
    expected |= {step_file(step) for step in catalog.steps.values()}
    expected |= {record_file(kind.step) for kind in catalog.records.values()}
    for path in sorted(twins.folder.rglob("*.yaml")):
        name = path.relative_to(twins.folder).as_posix()
        if name.startswith(OWN_READER):
            continue
        if name not in expected:
            twins.problems.add(shown(twins.folder, name.removesuffix(".yaml")), "", "has no English file.")


def _framework(twins: Twins, catalog: model.Catalog) -> dict[str, Any]:
    top = twins.open("framework")
    dimensions = top.mapping("dimensions")
    translated: dict[str, Any] = {
        key: twins.each(top, key, getattr(catalog, key), keys)
        for key, keys in FRAMEWORK_TEXT.items()
        if key != "dimensions"
    }
    translated["dimensions"] = {}
    for name, dimension in catalog.dimensions.items():
        fields = dimensions.mapping(name)
        names = fields.mapping("names")
        translated["dimensions"][name] = replace(
            twins.item(dimension, fields, FRAMEWORK_TEXT["dimensions"]),
            names={edition: twins.text(names, edition, text) for edition, text in dimension.names.items()},
        )
        names.done()
        fields.done()
    dimensions.done()
    top.done()
    return translated


def _one_mapping(
    twins: Twins, file: str, key: str, known: Mapping[str, Item], keys: tuple[str, ...]
) -> dict[str, Item]:
    top = twins.open(file)
    translated = twins.each(top, key, known, keys)
    top.done()
    return translated


def _quality(
    twins: Twins, catalog: model.Catalog
) -> tuple[tuple[model.QualityLevel, ...], dict[str, model.QualityRule]]:
    top = twins.open("quality")
    by_name = {str(level.value or "none"): level for level in catalog.quality_levels}
    levels = twins.each(top, "levels", by_name, LEVEL_TEXT)
    rules = twins.each(top, "rules", catalog.quality_rules, RULE_TEXT)
    top.done()
    return tuple(levels.values()), rules


def _group_types(twins: Twins, catalog: model.Catalog) -> dict[str, model.GroupType]:
    top = twins.open("groups")
    inner = top.mapping("group_types")
    translated = {}
    for name, group_type in catalog.group_types.items():
        fields = inner.mapping(name)
        groups = twins.each(fields, "groups", {group.id: group for group in group_type.groups}, ("name",))
        translated[name] = replace(
            twins.item(group_type, fields, ("name", "note")), groups=tuple(groups.values())
        )
        fields.done()
    inner.done()
    top.done()
    return translated


def _metric(twins: Twins, metric: model.Metric) -> model.Metric:
    fields = twins.open(f"metrics/{metric.id}")
    variables = fields.mapping("variables")
    translated = replace(
        twins.item(metric, fields, METRIC_TEXT),
        breaks=_breaks(twins, fields, metric.breaks),
        limitations=twins.texts(fields, "limitations", metric.limitations),
        supplements=twins.texts(fields, "supplements", metric.supplements),
        variables=tuple(
            _variable(twins, variables.mapping(variable.id), variable) for variable in metric.variables
        ),
    )
    variables.done()
    fields.done()
    return translated


def _breaks(twins: Twins, metric: Fields, english: tuple[model.Break, ...]) -> tuple[model.Break, ...]:
    entries = list(metric.entries("breaks"))
    if not entries and english:
        twins.missing.append(f"{metric.file}: breaks")
        return english
    if len(entries) != len(english):
        metric.problem("breaks", f"expected {len(english)} entries as in English, found {len(entries)}.")
        return english
    translated = []
    for entry, fields in zip(english, entries, strict=True):
        translated.append(twins.item(entry, fields, ("reason", "short")))
        fields.done()
    return tuple(translated)


def _variable(twins: Twins, fields: Fields, variable: model.Variable) -> model.Variable:
    editions, groups = fields.mapping("editions"), fields.mapping("groups")
    translated = replace(
        twins.item(variable, fields, ("label", "short", "of_what")),
        editions=tuple(
            _edition(twins, editions.mapping(edition.edition), edition) for edition in variable.editions
        ),
        groups=_coverages(twins, groups, variable.groups),
    )
    for inner in (editions, groups, fields):
        inner.done()
    return translated


def _edition(twins: Twins, fields: Fields, edition: model.VariableEdition) -> model.VariableEdition:
    translated = replace(
        twins.item(edition, fields, ("definition_note",)),
        file_claims=twins.texts(fields, "file_claims", edition.file_claims),
    )
    fields.done()
    return translated


def _coverages(
    twins: Twins, groups: Fields, english: tuple[model.GroupCoverage, ...]
) -> tuple[model.GroupCoverage, ...]:
    """Translate the notes; the key is the group type, or type/edition where a type stands more than once."""
    times = Counter(coverage.group_type for coverage in english)
    translated = []
    for coverage in english:
        several = times[coverage.group_type] > 1
        key = f"{coverage.group_type}/{coverage.edition}" if several else coverage.group_type
        fields = groups.mapping(key)
        translated.append(twins.item(coverage, fields, ("note",)))
        fields.done()
    return tuple(translated)
