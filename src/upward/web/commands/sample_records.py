"""The sample plan's records, taken through all ten steps from `data/sample-plan.yaml`. All of it is invented."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from upward.base.errors import DataError, UpwardError

if TYPE_CHECKING:
    from upward.catalog.record_model import Field
    from upward.plan.content import Value
    from upward.web.accounts.models import User
    from upward.web.plans.policies import Access
    from upward.web.records.models import PlanRecord

FILE = Path(__file__).parent / "data" / "sample-plan.yaml"
IN_DAYS = re.compile(r"([+-]\d+)d")
LIST_KINDS = ("choices", "places", "records")


def fill_sample_plan(*, by: Access, people: Mapping[str, User], today: date) -> dict[str, PlanRecord]:
    """Add every record of the file to a plan, with what the numbers of its place say, and return them by id.

    `people` are the members that the file names. Where the data release has no finding to pin, what would stand on it
    stands on the rest.
    """
    held = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - only texts
    made = _pinned(by, held["pins"])
    for name, entry in held["records"].items():
        try:
            made[name] = _added(by, entry, made, people, today)
        except UpwardError as problem:
            raise DataError(f"{FILE.name}: {name}: {problem.message}") from problem
    return made


def _pinned(by: Access, pins: Mapping[str, Mapping[str, str]]) -> dict[str, PlanRecord]:
    """Pin the first finding of each predictor and kind that the data release has for the plan's first place."""
    from upward.web.core.release import findings_of
    from upward.web.evidence.actions import pin_finding
    from upward.web.plans.catalogue import catalog

    place = by.plan.places.first()
    try:
        found = findings_of(by.plan.release, place.geo_id) if place else ()
    except UpwardError:  # the release has no such place
        found = ()
    metrics = catalog().metrics
    made: dict[str, PlanRecord] = {}
    for name, wanted in pins.items():
        fitting = [
            item for item in found if item.numbers and metrics[item.metric].predictor == wanted["predictor"]
        ]
        fitting.sort(key=lambda item: item.kind != wanted["kind"])
        if fitting and place:
            made[name] = pin_finding(by=by, place=place.geo_id, finding=fitting[0].id)
    return made


def _added(
    by: Access,
    entry: Mapping[str, Any],
    made: Mapping[str, PlanRecord],
    people: Mapping[str, User],
    today: date,
) -> PlanRecord:
    from upward.web.plans.catalogue import catalog
    from upward.web.records.actions import add_record

    kind = catalog().records[entry["kind"]]
    values: dict[str, Value | None] = {}
    for name, typed in entry.items():
        if name != "kind":
            field = kind.fields["kind" if name == "kind_of" else name]
            values[field.id] = _value(field, typed, made, people, today)
    return add_record(by=by, kind=kind.id, values=values)


def _value(
    field: Field, typed: Any, made: Mapping[str, PlanRecord], people: Mapping[str, User], today: date
) -> Value | None:
    from upward.plan.record_values import read_value
    from upward.web.plans.catalogue import catalog

    if field.is_link:
        names = typed if isinstance(typed, list) else [typed]
        return read_value(catalog(), field, [made[name].uid for name in names if name in made])
    if field.kind == "member":
        return str(people[typed].pk)
    if isinstance(typed, str):
        typed = "\n".join(
            " | ".join(_dated(cell.strip(), today) for cell in line.split("|")) for line in typed.splitlines()
        )
        return read_value(catalog(), field, typed.splitlines() if field.kind in LIST_KINDS else [typed])
    return read_value(catalog(), field, typed)


def _dated(text: str, today: date) -> str:
    match = IN_DAYS.fullmatch(text)
    return (today + timedelta(days=int(match[1]))).isoformat() if match else text
