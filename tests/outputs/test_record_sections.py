"""Each kind of record is printed in the section of the plan that the reference names for it."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from invented_plans import PLACE, filled_plan, plan_of, record

from upward.catalog.load import load_catalog
from upward.catalog.record_model import FieldKind
from upward.plan.assemble import assemble, edition_of
from upward.present.document import Document
from upward.present.document_json import to_data

CATALOG = load_catalog("en")
#: Residents' own words are never printed: their themes, and quotes that they agreed to, speak for them.
NOT_IN_WORDS = {"contribution"}
#: A letter or a text stands in whichever section it is written for.
ANYWHERE = {"plan-section"}


def marked(document: Document) -> dict[str, str]:
    """Return everything a document says, by section."""
    found: dict[str, str] = {}
    section = ""
    for block in to_data(document, lambda words: words)["blocks"]:
        section = block["text"] if block["kind"] == "heading" and block["level"] == 1 else section
        found[section] = found.get(section, "") + json.dumps(block, ensure_ascii=False)
    return found


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    """The sections of a plan with one record of each kind, whose texts name their kind."""
    content = filled_plan(CATALOG)
    records = {}
    for name, found in content.records.items():
        texts = {
            field.id: f"Words of {name}, "
            for field in CATALOG.records[name].fields.values()
            if field.kind in (FieldKind.LINE, FieldKind.TEXT) and not field.private
        }
        records[name] = tuple(replace(item, values={**item.values, **texts}) for item in found)
    edition = edition_of(content, "en", {PLACE: "Warren County, Kentucky"})
    return marked(assemble(replace(content, records=records), CATALOG, edition))


@pytest.mark.parametrize("kind", [name for name, kind in CATALOG.records.items() if kind.section])
def test_a_kind_is_printed_where_the_reference_says(sections: dict[str, str], kind: str) -> None:
    wanted = CATALOG.outline[CATALOG.records[kind].section].name
    where = [section for section, words in sections.items() if f"Words of {kind}, " in words]
    if kind in NOT_IN_WORDS:
        assert where == []
    elif kind in ANYWHERE:
        assert where
    else:
        assert wanted in where


def test_places_of_peers_stand_by_their_names() -> None:
    group = record("peer-group", "g", name="Alike", places=("21093", PLACE), why="Each has a university.")
    content = plan_of(group)
    edition = edition_of(content, "en", {PLACE: "Warren County, Kentucky"})
    said = marked(assemble(content, CATALOG, edition, names={"21093": "Hardin County, Kentucky"}))
    text = said["Summary of Upward Mobility Findings"]
    assert "Hardin County, Kentucky; Warren County, Kentucky" in text
    assert "21093" not in text


def test_seats_stand_beside_residents_with_what_chance_allows_to_say(page) -> None:
    rows = (
        {"group": "race-ethnicity/black-nh", "seats": Decimal(1)},
        {"group": "race-ethnicity/white-nh", "seats": Decimal(5)},
    )
    form = record(
        "representation-form", "f", body="Fiscal court", seats=Decimal(7), counts=rows, declined=Decimal(1)
    )
    content = plan_of(form)
    edition = edition_of(content, "en", {PLACE: "Warren County, Kentucky"})
    tested = marked(assemble(content, CATALOG, edition, pages={PLACE: page}))[
        "Summary of Upward Mobility Findings"
    ]
    assert "14.3% : " in tested  # 1 of 7 seats
    assert "hold 1 of 7 seats" in tested
    alone = marked(assemble(content, CATALOG, edition))["Summary of Upward Mobility Findings"]
    assert "hold 1 of 7 seats" not in alone
    assert "Black, non-Hispanic" in alone
