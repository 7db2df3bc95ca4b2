"""What a person asks a target for: which number, for which group, and what value.

What belongs here: turning names and texts into catalogue objects and stored values, with candidates where they
do not fit. What does not: the answer (`targets.py`).
"""

from __future__ import annotations

import math

from upward.base.errors import NotFoundError, UsageError
from upward.catalog.model import Variable
from upward.insights.evidence import Evidence
from upward.insights.wording import Words
from upward.warehouse.places import Place

#: From here on a number per 100 households is read as it is shown, below as it is stored (per household).
LEAST_SHOWN_PER_100 = 10


def find_variable(evidence: Evidence, name: str, level: str) -> Variable:
    """Return the variable of an id, or the one variable of a metric that a level has.

    Raises NotFoundError with candidates otherwise.
    """
    catalog = evidence.catalog
    if name in catalog.variables:
        return catalog.variables[name]
    metric = catalog.metrics.get(name)
    newest = max(catalog.editions)
    current = [
        item
        for item in (metric.variables if metric else ())
        if item.editions[-1].edition == newest
        and level in item.editions[-1].years
        and item.unit not in ("count", "flag")
    ]
    if len(current) == 1:
        return current[0]
    if metric is None:
        raise NotFoundError(
            f"There is no metric or variable “{name}”.",
            advice="See the list of metrics in the reference, or upward metrics PLACE.",
            candidates=close_names(name, [*catalog.metrics, *catalog.variables]),
        )
    raise NotFoundError(
        f"“{name}” is a metric of several variables."
        if current
        else f"“{name}” has no number at this level.",
        advice="Name one of its variables.",
        candidates=tuple(item.id for item in current or metric.variables),
    )


def close_names(name: str, known: list[str]) -> tuple[str, ...]:
    """Return up to five known names that resemble one."""
    from rapidfuzz import process

    return tuple(found for found, score, _at in process.extract(name, known, limit=5) if score >= 60)


def find_group(variable: Variable, place: Place, group: str) -> tuple[str, str]:
    """Return the type and id of a group that is published for a variable at a place's level.

    `group` is "black-nh" or "race-ethnicity/black-nh". Raises NotFoundError with the published groups.
    """
    newest = variable.editions[-1].edition
    published = [
        (coverage.group_type, item)
        for coverage in variable.groups
        if coverage.edition == newest and place.geo_level in coverage.years
        for item in coverage.groups
    ]
    wanted_type, _slash, wanted = group.rpartition("/")
    matching = [pair for pair in published if pair[1] == wanted and wanted_type in ("", pair[0])]
    if len(matching) == 1:
        return matching[0]
    names = tuple(f"{group_type}/{item}" for group_type, item in (matching or published))
    raise NotFoundError(
        f"“{group}” is more than one group of {variable.id}."
        if matching
        else f"{variable.id} is not published for the group “{group}”.",
        advice="Name one of the published groups." if names else "It is published for everybody only.",
        candidates=names,
    )


def parse_value(text: str, variable: Variable, words: Words) -> float:
    """Return a stored value from what people write: “85%”, “0.85”, “$50,000”, “120 per 100”.

    Raises UsageError for text that is no number, or a share that could be either.
    """
    unit = words.catalog.units[variable.unit]
    cleaned = text.strip().replace(",", "").removeprefix(unit.prefix or "$").strip()
    percent = cleaned.endswith("%")
    try:
        number = float(cleaned.removesuffix("%").strip())
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"“{text}” is not a number.", advice="Write 85%, 0.85 or $50,000.")
    if percent and unit.suffix != "%":
        raise UsageError(
            f"{variable.id} is not in percent but in {unit.name}.", advice="Write the number without %."
        )
    if percent:
        return number / 100
    # What is shown per 100 households is stored per household; nobody means ten homes for each.
    shown_per_100 = unit.scale == 100 and unit.suffix != "%" and number >= LEAST_SHOWN_PER_100
    return number / unit.scale if shown_per_100 else number
