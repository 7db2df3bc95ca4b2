"""Reference pages in Markdown, made from the catalogue itself so that they cannot differ from it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from upward.catalog import model
from upward.catalog.load import load_catalog
from upward.catalog.markdown import MADE, code, table
from upward.catalog.record_reference import records_page
from upward.catalog.step_reference import planning_page, steps_page

LEVEL_NAMES = {"county": "counties", "place": "cities"}

#: The keys of a metric file: key, what is expected, what it means.
METRIC_KEYS = (
    ("id", "id", "the name of the file without its ending"),
    ("predictor", "id", "the predictor it measures, of framework.yaml"),
    ("name", "text", "what is measured, in full"),
    ("short", "text", "the name in lists"),
    ("form", "word", "how its variables stand together on a page"),
    ("direction", "word", "which way is favorable"),
    ("direction_note", "text, may be empty", "what must be known to read the direction"),
    ("definition", "text", "two or three plain sentences"),
    ("universe", "text", "who or what is counted"),
    ("formula", "text", "how the number is made"),
    ("weights", "text", "weights and crosswalks"),
    ("estimator", "text", "the kind of estimate"),
    ("source", "id", "the input, of sources.yaml"),
    ("further_sources", "list of ids", "what the input is divided by or joined with, of sources.yaml"),
    ("source_words", "text", "the input in words"),
    ("quality_rule", "id", "how its quality is graded, of quality.yaml"),
    ("suppression", "text", "when there is no figure"),
    ("breaks", "list", "years that must not be joined: after, before, kind, reason, short, levels"),
    ("limitations", "list of texts", "what the figure does not say"),
    (
        "city_limitations",
        "whole number; 0 without it",
        "how many limitations, the first ones, are true of cities only",
    ),
    (
        "supplements",
        "list of texts",
        "local data that can stand beside it; the first can stand in for all of it",
    ),
    (
        "supplements_for",
        "mapping; empty without it",
        "group type or variable: the number of the supplement that has it, 0 for none; of a group type not named here "
        "none does, of a variable the first",
    ),
    (
        "change_note",
        "text; empty without it",
        "what to think of before a change between two years is believed",
    ),
    ("comparable", "true or false; true without it", "false: never ranked or set beside other places"),
    ("not_comparable_reason", "text", "why not, where it is false"),
    (
        "variables",
        "list",
        "the numbers: unit, `of_what` (what they are a share of), editions, years, bounds, groups",
    ),
)


def write_reference(folder: Path) -> tuple[Path, ...]:
    """Write every reference page into the folder and return the files written."""
    catalog = load_catalog()
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in reference_pages(catalog).items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return tuple(written)


def reference_pages(catalog: model.Catalog) -> dict[str, str]:
    """Return every page, file name to text."""
    return {
        "catalogue.md": catalogue_page(catalog),
        "metrics.md": metrics_page(catalog),
        "glossary.md": glossary_page(catalog),
        "steps.md": steps_page(catalog),
        "planning.md": planning_page(catalog),
        "records.md": records_page(catalog),
    }


def catalogue_page(catalog: model.Catalog) -> str:
    """Return the page of the framework, groups, units, sources, quality rules, and the keys of the files."""
    parts = [
        f"# The catalogue\n\n{MADE}",
        "Everything Upward knows about the metrics stands in YAML files under `src/upward/catalog/data`. "
        "Files are read strictly: a duplicate or unknown key, a wrong type or a reference that leads nowhere "
        "stops the program with a list of all such places. Spanish texts lie in `locale/es`, under the same "
        "ids and keys. Each metric is described in [metrics](metrics.md), the words in the "
        "[glossary](glossary.md).\n",
        "## Framework\n",
        table(("dimension", "meaning"), ((d.name, d.definition) for d in catalog.dimensions.values())),
        table(("pillar", "why"), ((f"{p.number}. {p.name}", p.why) for p in catalog.pillars.values())),
        table(
            ("predictor", "pillar", "meaning", "basis of the meaning"),
            (
                (p.name, str(catalog.pillars[p.pillar].number), p.meaning, p.basis)
                for p in catalog.predictors.values()
            ),
        ),
        "## Editions and publications\n",
        table(("edition", "id", "note"), ((e.name, code(e.id), e.note) for e in catalog.editions.values())),
        table(
            ("publication", "id", "edition", "note"),
            ((v.name, code(v.id), code(v.edition), v.note) for v in catalog.vintages.values()),
        ),
        "## Groups\n",
        *(_group_section(group_type) for group_type in catalog.group_types.values()),
        "## Units\n",
        "Shown = stored × scale, rounded to so many decimals, between prefix and suffix.\n",
        table(
            ("unit", "id", "scale", "decimals", "prefix", "suffix", "in a sentence"),
            (
                (u.name, code(u.id), f"{u.scale:g}", str(u.decimals), u.prefix, u.suffix.strip(), u.words)
                for u in catalog.units.values()
            ),
        ),
        "## Quality\n",
        table(("grade", "meaning"), ((level.name, level.meaning) for level in catalog.quality_levels)),
        table(
            ("rule", "strong", "marginal", "weak", "note"),
            ((code(r.id), r.strong, r.marginal, r.weak, r.note) for r in catalog.quality_rules.values()),
        ),
        "## Sources\n",
        *(_source_section(source) for source in catalog.sources.values()),
        "## Keys of a metric file\n",
        table(("key", "expected", "meaning"), ((code(key), kind, text) for key, kind, text in METRIC_KEYS)),
    ]
    return "\n".join(parts)


def _group_section(group_type: model.GroupType) -> str:
    overlap = " The groups overlap and must not be added up." if group_type.overlapping else ""
    return "\n".join(
        [
            f"### {group_type.name}\n",
            f"Id {code(group_type.id)}; divides {group_type.divides}.{overlap} {group_type.note}".strip()
            + "\n",
            table(
                ("group", "id", "labels in the files"),
                (
                    (group.name, code(group.id), "; ".join(code(label) for label in group.published))
                    for group in group_type.groups
                ),
            ),
        ]
    )


def _source_section(source: model.Source) -> str:
    confirmed = "confirmed" if source.licence_confirmed else "not confirmed"
    return (
        f"### {source.name}\n\n"
        f"Id {code(source.id)}. {source.publisher}, <{source.address}>. {source.note}\n\n"
        f"- License ({confirmed}): {source.licence}\n- Cite as: {source.citation}\n"
    )


def metrics_page(catalog: model.Catalog) -> str:
    """Return the page of every metric with its variables, by pillar and predictor."""
    parts = [
        f"# Metrics and variables\n\n{MADE}",
        f"{len(catalog.metrics)} metrics with {len(catalog.variables)} published numbers, in the order of "
        "the framework. Years are those of the published files.\n",
    ]
    for pillar in catalog.pillars.values():
        parts.append(f"## {pillar.number}. {pillar.name}\n")
        for metric in catalog.metrics.values():
            if catalog.predictors[metric.predictor].pillar == pillar.id:
                parts.append(_metric_section(catalog, metric))
    return "\n".join(parts)


def _metric_section(catalog: model.Catalog, metric: model.Metric) -> str:
    predictor = catalog.predictors[metric.predictor]
    facts = [
        ("Predictor", predictor.name),
        ("Direction", f"{metric.direction.value}. {metric.direction_note}".removesuffix(" ")),
        ("Universe", metric.universe),
        ("Formula", metric.formula),
        ("Weights", metric.weights),
        ("Estimator", metric.estimator),
        ("Source", f"{metric.source_words} ({catalog.sources[metric.source].name})"),
        ("Quality", f"rule {code(metric.quality_rule)}"),
        ("Without a figure", metric.suppression),
    ]
    if not metric.comparable:
        facts.append(("Never compared between places", metric.not_comparable_reason))
    lines = [f"### {metric.name}\n", f"Id {code(metric.id)}. {metric.definition}\n"]
    lines += [f"- {name}: {text}" for name, text in facts]
    lines += [
        f"- Break between {entry.after} and {entry.before} ({_levels(entry.levels)}): {entry.reason}"
        for entry in metric.breaks
    ]
    lines += [f"- Limitation: {text}" for text in metric.limitations]
    lines += [f"- Local data beside it: {text}" for text in metric.supplements]
    lines.append("")
    lines += [_variable_section(catalog, variable) for variable in metric.variables]
    return "\n".join(lines)


def _variable_section(catalog: model.Catalog, variable: model.Variable) -> str:
    lines = [
        f"#### `{variable.id}`\n",
        f"{variable.label}. Unit: {catalog.units[variable.unit].name}; {variable.direction.value}.\n",
    ]
    rows = []
    for edition in variable.editions:
        for level, years in edition.years.items():
            bounds = edition.bounds_years.get(level, ())
            rows.append(
                (
                    edition.edition,
                    _levels((level,)),
                    "all",
                    _years(years),
                    str(edition.period_years[level]),
                    f"{edition.bounds} ({_years(bounds)})" if bounds else "none",
                )
            )
    for coverage in variable.groups:
        names = catalog.group_types[coverage.group_type].name
        rows += [
            (coverage.edition, _levels((level,)), names, _years(years), str(coverage.period_years), "")
            for level, years in coverage.years.items()
        ]
    lines.append(table(("edition", "for", "groups", "years", "years pooled", "bounds"), rows))
    return "\n".join([*lines, *_notes(catalog, variable), ""])


def _notes(catalog: model.Catalog, variable: model.Variable) -> list[str]:
    lines = []
    for edition in variable.editions:
        lines += [
            f"- {edition.edition} edition: {note}"
            for note in (edition.definition_note, *edition.file_claims)
            if note
        ]
    for coverage in variable.groups:
        if coverage.note:
            name = catalog.group_types[coverage.group_type].name
            lines.append(f"- {name}, {coverage.edition} edition: {coverage.note}")
    return lines


def glossary_page(catalog: model.Catalog) -> str:
    """Return the page of all terms in order of the alphabet."""
    terms = sorted(catalog.glossary.values(), key=lambda term: term.term.casefold())
    entries = [f"**{term.term}**\n: {term.definition}\n" for term in terms]
    return "\n".join([f"# Glossary\n\n{MADE}", *entries])


def _levels(levels: Iterable[str]) -> str:
    return " and ".join(LEVEL_NAMES[level] for level in levels)


def _years(years: tuple[int, ...]) -> str:
    """Return years with runs drawn together: "2014–2019, 2021"."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
