"""Versions of a plan in the workbench: kept whole when they are added, compared, carried elsewhere."""

from __future__ import annotations

import csv
import io

import pytest
from records_world import one_of_each
from test_bundle import document, leave_installation
from workbench_world import World

from upward.web.documents.models import KeptVersion
from upward.web.plans.bundle import bundle_of, import_plan
from upward.web.records.actions import add_record, change_record, withdraw_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_release")]


def page(world: World, query: str = "", who: str = "viewer") -> str:
    answered = world.browser(who).get(f"/plans/{world.plan.slug}/document/changes/{query}")
    assert answered.status_code == 200
    return " ".join(answered.content.decode().split())


def finding(world: World, statement: str = "Homes are scarce", **values):
    return add_record(
        by=world.access(),
        kind="finding",
        values={
            "statement": statement,
            "status": "agreed",
            "detail": "Forty families wait for homes.",
            **values,
        },
    )


def version(world: World, title: str = "First edition"):
    from datetime import date

    return add_record(by=world.access(), kind="plan-version", values={"title": title, "on": date(2027, 3, 1)})


def test_without_a_version_the_page_says_how_one_comes_to_be(world: World) -> None:
    assert "No version has been recorded yet" in page(world)
    assert "Add a version" in page(world, who="editor")


def test_what_changed_since_a_version_is_told_word_by_word(world: World) -> None:
    held, gone = finding(world), finding(world, "Buses are late")
    first = version(world)
    change_record(
        by=world.access(), record=held, version=1, values={"detail": "Sixty families wait for homes."}
    )
    withdraw_record(by=world.access(), record=gone, version=1, reason="Said twice")
    finding(world, "Child care is far")
    text = page(world)
    assert '<del><span class="vh">[left out:] </span>Forty<span' in text
    assert '<ins><span class="vh">[added:] </span>Sixty<span' in text
    assert "families wait for homes." in text
    assert "Said twice" in text
    assert "Child care is far" in text
    rows = [tuple(row[:3]) for row in csv.reader(io.StringIO(table(world)))]
    assert ("Findings", "Homes are scarce", "Changed") in rows
    assert ("Findings", "Buses are late", "Withdrawn") in rows
    beside = world.browser("viewer").get(f"/plans/{world.plan.slug}/records/plan-version/{first.uid}/")
    assert f"?older={first.uid}" in beside.content.decode()


def table(world: World, query: str = "") -> str:
    answered = world.browser("viewer").get(f"/plans/{world.plan.slug}/document/changes/table.csv{query}")
    assert answered.status_code == 200
    return answered.content.decode("utf-8-sig")


def test_two_versions_are_compared_the_older_first_whichever_way_they_are_asked_for(world: World) -> None:
    held = finding(world)
    first = version(world)
    change_record(
        by=world.access(), record=held, version=1, values={"detail": "Sixty families wait for homes."}
    )
    second = version(world, "Second edition")
    change_record(by=world.access(), record=held, version=2, values={"detail": "Nobody waits."})
    for older, newer in ((first, second), (second, first)):
        text = page(world, f"?older={older.uid}&newer={newer.uid}")
        assert "From “First edition (March 1, 2027)”" in text
        assert "Sixty" in text
        assert "Nobody" not in text


def test_the_same_version_twice_or_an_unknown_one_is_answered_in_words(world: World) -> None:
    first = version(world)
    for query in (f"?older={first.uid}&newer={first.uid}", "?older=nowhere"):
        assert "Choose two different states" in page(world, query)
        answered = world.browser("viewer").get(f"/plans/{world.plan.slug}/document/changes/table.csv{query}")
        assert answered.headers["Location"].endswith("/document/changes/")


def test_a_version_from_before_says_that_it_cannot_be_compared(world: World) -> None:
    first = version(world)
    KeptVersion.objects.all().delete()
    assert "cannot be compared, because what it said was not kept" in page(world)
    beside = world.browser("viewer").get(f"/plans/{world.plan.slug}/records/plan-version/{first.uid}/")
    assert "was not kept, so it cannot be compared" in beside.content.decode()


def test_private_fields_are_not_kept_with_a_version(world: World) -> None:
    from upward.catalog.load import load_catalog

    made = one_of_each(world.access("owner"), file=str(world.records["file"].pk))
    version(world, "After all")
    kept = KeptVersion.objects.order_by("-pk").first().content
    held = load_catalog().records
    private = {(kind, name) for kind in made for name in held[kind].private}
    assert private
    for kind, name in private:
        for record in kept["records"].get(kind, ()):
            assert name not in record["values"]


def test_a_bundle_carries_what_versions_said(world: World) -> None:
    one_of_each(world.access("owner"), file=str(world.records["file"].pk))
    first = bundle_of(world.plan)
    assert len(document(first)["parts"]["kept_versions"]) == 1
    leave_installation(world.plan)
    again = import_plan(first, by=None)
    assert document(bundle_of(again)) == document(first)
    assert KeptVersion.objects.filter(plan=again).count() == 1


def test_in_spanish_the_page_is_spanish(world: World) -> None:
    finding(world)
    version(world)
    finding(world, "Otra")
    answered = world.browser("viewer").get(f"/es/plans/{world.plan.slug}/document/changes/")
    text = answered.content.decode()
    assert "What changed" not in text
    assert "Left out" not in text
