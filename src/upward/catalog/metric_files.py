"""One metric file of the catalogue, read strictly."""

from __future__ import annotations

from pathlib import Path

from upward.catalog import model
from upward.catalog.reading import Fields, Problems, read_yaml

# What the bounds of a figure are: none; sampling error from replicate weights; a normal approximation; limits
# of what was imputed; or as the input's publisher delivered them.
BOUNDS = ("none", "sampling", "normal", "imputation", "delivered")
ZERO_MEANINGS = ("value", "no physician", "missing")
BREAK_KINDS = ("source", "definition", "boundary", "method", "gap")
LEVELS = ("county", "place")
#: So long may be what stands under a big number: its column is narrow.
OF_WHAT_LENGTH = 30


def read_metric(path: Path, problems: Problems) -> model.Metric:
    """Return the metric of a file; whatever is wrong is added to `problems`."""
    fields = read_yaml(path, f"metrics/{path.name}", problems)
    identifier = fields.identifier("id")
    if identifier and identifier != path.stem:
        fields.problem("id", f"expected “{path.stem}”, the name of the file, found “{identifier}”.")
    metric = model.Metric(
        id=path.stem,
        predictor=fields.identifier("predictor"),
        name=fields.text("name"),
        short=fields.text("short"),
        form=fields.choice("form", model.Form),
        direction=fields.choice("direction", model.Direction),
        direction_note=fields.text("direction_note", default=""),
        definition=fields.text("definition"),
        universe=fields.text("universe"),
        formula=fields.text("formula"),
        weights=fields.text("weights"),
        estimator=fields.text("estimator"),
        source=fields.identifier("source"),
        further_sources=fields.identifiers("further_sources"),
        source_words=fields.text("source_words"),
        quality_rule=fields.identifier("quality_rule"),
        suppression=fields.text("suppression"),
        breaks=_read_breaks(fields),
        limitations=fields.texts("limitations"),
        city_limitations=fields.whole("city_limitations", default=0),
        supplements=fields.texts("supplements"),
        supplements_for=_read_numbers(fields, "supplements_for"),
        change_note=fields.text("change_note", default=""),
        comparable=fields.flag("comparable", default=True),
        not_comparable_reason=fields.text("not_comparable_reason", default=""),
        variables=tuple(_read_variable(inner, path.stem) for inner in fields.entries("variables", "id")),
    )
    fields.done()
    return metric


def _read_numbers(metric: Fields, key: str) -> dict[str, int]:
    inner = metric.mapping(key)
    found = {name: inner.whole(name) for name in inner.names()}
    inner.done()
    return found


def _read_breaks(metric: Fields) -> tuple[model.Break, ...]:
    breaks = []
    for fields in metric.entries("breaks"):
        levels = fields.identifiers("levels") or LEVELS
        breaks.append(
            model.Break(
                after=fields.whole("after"),
                before=fields.whole("before"),
                kind=fields.word("kind", BREAK_KINDS),
                reason=fields.text("reason"),
                short=fields.text("short"),
                levels=levels,
            )
        )
        fields.done()
    return tuple(breaks)


def _read_variable(fields: Fields, metric: str) -> model.Variable:
    variable = model.Variable(
        id=fields.identifier("id"),
        metric=metric,
        label=fields.text("label"),
        short=fields.text("short"),
        unit=fields.identifier("unit"),
        of_what=_read_of_what(fields),
        direction=fields.choice("direction", model.Direction),
        group=fields.text("group", default=""),
        minimum=fields.number_or_none("minimum"),
        maximum=fields.number_or_none("maximum"),
        zero=fields.word("zero", ZERO_MEANINGS),
        editions=tuple(_read_edition(inner) for inner in fields.entries("editions", "edition")),
        groups=tuple(_read_coverage(inner) for inner in fields.entries("groups", "group_type")),
    )
    fields.done()
    return variable


def _read_of_what(fields: Fields) -> str:
    text = fields.text("of_what", default="")
    if len(text) > OF_WHAT_LENGTH:
        fields.problem("of_what", f"expected at most {OF_WHAT_LENGTH} characters, found {len(text)}.")
    return text


def _read_edition(fields: Fields) -> model.VariableEdition:
    edition = model.VariableEdition(
        edition=fields.identifier("edition"),
        years=fields.years_by_level("years"),
        period_years=fields.wholes_by_level("period_years"),
        bounds=fields.word("bounds", BOUNDS),
        bounds_years=fields.years_by_level("bounds_years"),
        definition_note=fields.text("definition_note", default=""),
        file_claims=fields.texts("file_claims"),
        source=fields.text("source", default=""),
    )
    fields.done()
    return edition


def _read_coverage(fields: Fields) -> model.GroupCoverage:
    coverage = model.GroupCoverage(
        group_type=fields.identifier("group_type"),
        groups=fields.identifiers("groups"),
        years=fields.years_by_level("years"),
        edition=fields.identifier("edition"),
        period_years=fields.whole("period_years"),
        all_row_is_overall=fields.flag("all_row_is_overall"),
        note=fields.text("note", default=""),
    )
    fields.done()
    return coverage
