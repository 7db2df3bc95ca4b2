"""Definition and limits of a metric, from the catalogue: the same on every page of one level and language."""

from __future__ import annotations

from upward.base.messages import _, current_language
from upward.catalog.model import Catalog, Metric
from upward.present.specs import Definition

COUNTY = "county"
_made: dict[tuple[str, str, str, str], Definition] = {}


def definition_of(catalog: Catalog, metric: Metric, level: str) -> Definition:
    """Return a metric's definition; made once per catalogue, language and level."""
    key = (catalog.hash, current_language(), metric.id, level)
    if key not in _made:
        _made[key] = _define(catalog, metric, level)
    return _made[key]


def _define(catalog: Catalog, metric: Metric, level: str) -> Definition:
    rule = catalog.quality_rules.get(metric.quality_rule)
    edition = metric.variables[0].editions[-1]
    essentials = [
        ("", metric.definition),
        ("", metric.direction_note),
        (_("Who is counted."), metric.universe),
        (_("Source."), metric.source_words),
    ]
    further = [
        (_("Breaks."), " ".join(item.reason for item in metric.breaks if level in item.levels)),
        (_("How it is computed."), metric.formula),
        (_("Edition."), edition.definition_note),
        (_("When it is left out."), metric.suppression),
    ]
    if rule:
        grades = ((_("Strong"), rule.strong), (_("Marginal"), rule.marginal), (_("Weak"), rule.weak))
        further.append((_("Data quality."), " ".join(f"{word}: {text}" for word, text in grades if text)))
    further.append((_("Local data that can stand beside it."), " ".join(metric.supplements)))
    return Definition(metric.id, _held(essentials), _held(further), limitations_of(metric, level))


def limitations_of(metric: Metric, level: str) -> tuple[str, ...]:
    """Return the limitations of a metric that are true of places of a level."""
    return metric.limitations[metric.city_limitations if level == COUNTY else 0 :]


def _held(paragraphs: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((head, text) for head, text in paragraphs if text)
