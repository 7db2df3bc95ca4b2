"""The catalogue, read from `catalog/data` into frozen objects.

`load_catalog` is what everybody else calls. Any mistake in the files raises `CatalogError`, which names every
mistake found, each with its file, its key and what was expected.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from upward.base.errors import CatalogError, UsageError
from upward.base.messages import LANGUAGES
from upward.catalog import model
from upward.catalog.localize import localized
from upward.catalog.metric_files import read_metric
from upward.catalog.reading import Fields, Problems, read_yaml
from upward.catalog.references import reference_problems
from upward.catalog.step_files import is_planning_file, read_planning
from upward.catalog.step_references import planning_problems

DATA_FOLDER = Path(__file__).parent / "data"
BASES = ("evidence library", "metric description")
DIVIDED = ("residents", "households", "births", "students", "homes", "neighborhoods", "jobs", "arrests")
LEVEL_VALUES = {"1": 1, "2": 2, "3": 3, "none": None}


def load_catalog(language: str = "en") -> model.Catalog:
    """Return the catalogue in a language; the same object for every call with that language.

    Text that has not been translated stands in English. Raises UsageError for a language that does not exist
    and CatalogError, listing every problem, for files that break the rules.
    """
    if language not in LANGUAGES:
        raise UsageError(
            f"There is no catalogue in the language “{language}”.", advice=f"Known: {', '.join(LANGUAGES)}."
        )
    return _load_packaged(language)


@lru_cache(maxsize=len(LANGUAGES))
def _load_packaged(language: str) -> model.Catalog:
    return (
        read_catalog(DATA_FOLDER)
        if language == "en"
        else localized(_load_packaged("en"), DATA_FOLDER, language)
    )


def read_catalog(folder: Path) -> model.Catalog:
    """Return the English catalogue of a folder; raise CatalogError with every problem found."""
    problems = Problems()
    framework = read_yaml(folder / "framework.yaml", "framework.yaml", problems)
    metrics = _read_metrics(framework, folder, problems)
    catalog = model.Catalog(
        editions=_read_editions(framework),
        vintages=_read_vintages(framework),
        dimensions=_read_dimensions(framework),
        pillars=_read_pillars(framework),
        predictors=_read_predictors(framework),
        metrics=metrics,
        variables={variable.id: variable for metric in metrics.values() for variable in metric.variables},
        group_types=_read_group_types(read_yaml(folder / "groups.yaml", "groups.yaml", problems)),
        units=_read_units(read_yaml(folder / "units.yaml", "units.yaml", problems)),
        sources=_read_sources(read_yaml(folder / "sources.yaml", "sources.yaml", problems)),
        **_read_quality(read_yaml(folder / "quality.yaml", "quality.yaml", problems)),
        glossary=_read_glossary(read_yaml(folder / "glossary.yaml", "glossary.yaml", problems)),
        **read_planning(folder, problems),
        hash=catalog_hash(folder),
    )
    framework.done()
    problems.found.extend(reference_problems(catalog))
    problems.found.extend(planning_problems(catalog))
    if problems.found:
        raise CatalogError(tuple(problems.found))
    return catalog


def catalog_hash(folder: Path) -> str:
    """Return the sha256, in hex, over name and content of every file that numbers rest on, in order of name.

    The planning side is left out: a better sentence in a step must not give a release of numbers another id.
    """
    digest = hashlib.sha256()
    for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*")):
        if path.is_file() and not is_planning_file(name):
            content = path.read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _read_metrics(framework: Fields, folder: Path, problems: Problems) -> dict[str, model.Metric]:
    """Read the metric files in the order that `metrics` of framework.yaml gives."""
    order = framework.identifiers("metrics")
    present = {path.stem: path for path in sorted((folder / "metrics").glob("*.yaml"))}
    for name in present.keys() - set(order):
        problems.add(f"metrics/{name}.yaml", "", "is not in the list “metrics” of framework.yaml.")
    metrics = {name: read_metric(present[name], problems) for name in order if name in present}
    owner: dict[str, str] = {}
    for name, metric in metrics.items():
        for variable in metric.variables:
            if variable.id in owner:
                other = owner[variable.id]
                problems.add(
                    f"metrics/{name}.yaml", f"variables[{variable.id}]", f"is also in metric {other}."
                )
            owner[variable.id] = name
    return metrics


def _read_editions(framework: Fields) -> dict[str, model.Edition]:
    editions = {}
    for name, fields in framework.each("editions"):
        editions[name] = model.Edition(id=name, name=fields.text("name"), note=fields.text("note"))
        fields.done()
    return editions


def _read_vintages(framework: Fields) -> dict[str, model.Vintage]:
    vintages = {}
    for name, fields in framework.each("vintages"):
        vintages[name] = model.Vintage(
            id=name,
            name=fields.text("name"),
            edition=fields.identifier("edition"),
            rank=fields.whole("rank"),
            note=fields.text("note"),
        )
        fields.done()
    return vintages


def _read_dimensions(framework: Fields) -> dict[str, model.Dimension]:
    dimensions = {}
    for name, fields in framework.each("dimensions"):
        by_edition = fields.mapping("names")
        dimensions[name] = model.Dimension(
            id=name,
            name=fields.text("name"),
            definition=fields.text("definition"),
            names={edition: by_edition.text(edition) for edition in by_edition.names()},
        )
        fields.done()
    return dimensions


def _read_pillars(framework: Fields) -> dict[str, model.Pillar]:
    pillars = {}
    for name, fields in framework.each("pillars"):
        pillars[name] = model.Pillar(
            id=name, number=fields.whole("number"), name=fields.text("name"), why=fields.text("why")
        )
        fields.done()
    return pillars


def _read_predictors(framework: Fields) -> dict[str, model.Predictor]:
    predictors = {}
    for name, fields in framework.each("predictors"):
        predictors[name] = model.Predictor(
            id=name,
            pillar=fields.identifier("pillar"),
            name=fields.text("name"),
            meaning=fields.text("meaning"),
            basis=fields.word("basis", BASES),
        )
        fields.done()
    return predictors


def _read_group_types(top: Fields) -> dict[str, model.GroupType]:
    group_types = {}
    for name, fields in top.each("group_types"):
        groups = []
        for group, inner in fields.each("groups"):
            groups.append(model.Group(id=group, name=inner.text("name"), published=inner.texts("published")))
            inner.done()
        group_types[name] = model.GroupType(
            id=name,
            name=fields.text("name"),
            divides=fields.word("divides", DIVIDED),
            overlapping=fields.flag("overlapping", default=False),
            note=fields.text("note", default=""),
            groups=tuple(groups),
        )
        fields.done()
    top.done()
    return group_types


def _read_units(top: Fields) -> dict[str, model.Unit]:
    units = {}
    for name, fields in top.each("units"):
        units[name] = model.Unit(
            id=name,
            name=fields.text("name"),
            scale=fields.number("scale"),
            decimals=fields.whole("decimals"),
            prefix=fields.text("prefix", default="", strip=False),
            suffix=fields.text("suffix", default="", strip=False),
            words=fields.text("words"),
        )
        fields.done()
    top.done()
    return units


def _read_sources(top: Fields) -> dict[str, model.Source]:
    sources = {}
    for name, fields in top.each("sources"):
        sources[name] = model.Source(
            id=name,
            name=fields.text("name"),
            publisher=fields.text("publisher"),
            address=fields.text("address"),
            licence=fields.text("licence"),
            licence_confirmed=fields.flag("licence_confirmed"),
            citation=fields.text("citation"),
            note=fields.text("note", default=""),
            city_citation=fields.text("city_citation", default=""),
            city_address=fields.text("city_address", default=""),
            shared_below=fields.whole("shared_below", default=0),
            shared_note=fields.text("shared_note", default=""),
        )
        fields.done()
    top.done()
    return sources


def _read_quality(top: Fields) -> dict[str, Any]:
    levels = []
    for name, fields in top.each("levels"):
        if name not in LEVEL_VALUES:
            top.problem(f"levels.{name}", f"expected one of {', '.join(LEVEL_VALUES)}.")
        levels.append(
            model.QualityLevel(
                value=LEVEL_VALUES.get(name), name=fields.text("name"), meaning=fields.text("meaning")
            )
        )
        fields.done()
    rules = {}
    for name, fields in top.each("rules"):
        rules[name] = model.QualityRule(
            id=name,
            strong=fields.text("strong", default=""),
            marginal=fields.text("marginal", default=""),
            weak=fields.text("weak", default=""),
            note=fields.text("note", default=""),
        )
        fields.done()
    top.done()
    return {"quality_levels": tuple(levels), "quality_rules": rules}


def _read_glossary(top: Fields) -> dict[str, model.Term]:
    terms = {}
    for name, fields in top.each("terms"):
        terms[name] = model.Term(id=name, term=fields.text("term"), definition=fields.text("definition"))
        fields.done()
    top.done()
    return terms
