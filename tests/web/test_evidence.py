"""What the numbers say is pinned with its number; a plan keeps its release until an owner moves it."""

from __future__ import annotations

import dataclasses
import shutil
from decimal import Decimal

import pytest
from django.urls import reverse
from workbench_world import World

from upward.base.errors import RefusedError
from upward.web.core.models import HistoryEntry
from upward.web.core.release import findings_of, release_for
from upward.web.evidence.actions import move_to_release, pin_finding
from upward.web.evidence.models import PinnedMetric
from upward.web.plans.models import Plan
from upward.web.records.actions import add_record
from upward.web.records.models import Flag

pytestmark = [pytest.mark.django_db]
PLACE = "98001"


@pytest.fixture
def world(sample_data, world: World) -> World:
    """A plan of a county of the sample release."""
    Plan.objects.filter(pk=world.plan.pk).update(release=release_for("").id)
    world.plan.refresh_from_db()
    return world


def test_a_new_plan_keeps_the_release_of_its_first_day(sample_data, person):
    from upward.web.plans.actions import start_plan

    assert start_plan(by=person("Ana A"), name="P", places=[(PLACE, "P")]).release == release_for("").id


def test_one_click_pins_a_finding_with_its_number_and_release(world):
    path = reverse("evidence:findings", kwargs={"slug": world.plan.slug})
    browser = world.browser("contributor")
    finding = next(item for item in findings_of("", PLACE) if item.kind == "gap" and item.numbers)
    assert finding.statement[:40] in browser.get(path).content.decode() or len(findings_of("", PLACE)) > 25
    browser.post(path, {"finding": finding.id})
    reading, row = PinnedMetric.objects.get(), finding.numbers[0]
    assert reading.claim == finding.statement[:300]
    assert float(reading.value) == pytest.approx(row.value, abs=1e-6)
    assert (reading.group, reading.year) == (f"{row.group_type}/{row.group}", int(row.period[-4:]))
    assert (reading.insight, reading.release) == (finding.id, world.plan.release)
    assert reading.quality in ("strong", "marginal", "weak", "unknown")
    with pytest.raises(RefusedError):
        pin_finding(by=world.access(), place=PLACE, finding=finding.id)
    shown = browser.get(
        reverse(
            "records:record", kwargs={"slug": world.plan.slug, "kind": "pinned-metric", "uid": reading.uid}
        )
    )
    assert world.plan.release in shown.content.decode()


def test_a_reading_made_by_hand_takes_its_number_from_the_release(world):
    row = (
        release_for("")
        .metrics(PLACE, metric="share_employed")
        .filter(pl_overall())
        .sort("period")
        .row(-1, named=True)
    )
    record = add_record(
        by=world.access(),
        kind="pinned-metric",
        values={
            "claim": "Most have work",
            "variable": "share_employed",
            "place": PLACE,
            "year": int(row["period"]),
            "tag": "strength",
        },
    )
    record.refresh_from_db()
    assert float(record.value) == pytest.approx(row["value"], abs=1e-6)
    assert (record.source_release, record.status) == (row["source_release"], "ok")


def test_local_numbers_stand_beside_the_metric_they_belong_to(world):
    by = world.access()
    reading = add_record(
        by=by, kind="pinned-metric",
        values={"claim": "Work", "variable": "share_employed", "place": PLACE, "year": 2023, "tag": "strength"},
    )  # fmt: skip
    values = {"value": Decimal("71.5"), "unit": "share", "year": 2025, "quality": "marginal"}
    add_record(
        by=by, kind="local-value", values={"name": "East side", "variable": "share_employed", **values}
    )
    add_record(
        by=by, kind="local-value", values={"name": "Other metric", "variable": "share_hs_degree", **values}
    )
    parts = {"slug": world.plan.slug, "kind": "pinned-metric", "uid": reading.uid}
    shown = world.browser("viewer").get(reverse("records:record", kwargs=parts)).content.decode()
    assert "71.5%, 2025, Marginal" in shown
    assert "Other metric" not in shown


def pl_overall():
    import polars as pl

    return (pl.col("group_type") == "all") & (pl.col("group") == "all")


def test_a_number_that_the_release_lacks_is_said_to_be_missing(world):
    record = add_record(
        by=world.access(),
        kind="pinned-metric",
        values={"claim": "?", "variable": "share_employed", "place": PLACE, "year": 1999, "tag": "unclear"},
    )
    record.refresh_from_db()
    assert (record.value, record.status) == (None, "not_available")


@pytest.fixture
def newer_release(world, settings, tmp_path):
    """A home folder in which a newer release differs from the plan's in the number of one county."""
    import json

    import polars as pl

    old = settings.OPTIONS.home
    home = shutil.copytree(old, tmp_path / "home", symlinks=True)
    first = release_for("").id
    folder = home / "releases" / "newer-release"
    shutil.copytree(home / "releases" / first, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "id": "newer-release"}))
    changed = (pl.col("variable") == "share_employed") & (pl.col("geo_id") == PLACE) & pl_overall()
    for name in ("results.parquet", "by_variable.parquet"):
        frame = pl.read_parquet(folder / name)
        numbers = {"value": 0.5, "lower": 0.45, "upper": 0.55}
        frame.with_columns(
            pl.when(changed).then(number).otherwise(pl.col(column)).alias(column)
            for column, number in numbers.items()
        ).write_parquet(folder / name)
    settings.OPTIONS = dataclasses.replace(settings.OPTIONS, home=home)
    return home


def test_newer_data_is_shown_and_moved_to_by_an_owner_only(world, newer_release):
    from upward.plan.content import RecordKey

    by = world.access()
    reading = add_record(
        by=by, kind="pinned-metric",
        values={
            "claim": "Most have work", "variable": "share_employed", "place": PLACE, "year": 2023, "tag": "strength",
        },
    )  # fmt: skip
    finding = add_record(
        by=by, kind="finding",
        values={"statement": "Work", "status": "draft", "metrics": (RecordKey("pinned-metric", reading.uid),)},
    )  # fmt: skip
    path = reverse("evidence:data", kwargs={"slug": world.plan.slug})
    (newer_release / "current").write_text("newer-release\n")
    shown = world.browser("editor").get(path).content.decode()
    assert "Newer data is here" in shown
    assert "50.0%" in shown
    assert world.browser("editor").post(path).status_code == 403
    assert move_to_release(by=world.access(), release="newer-release") == 1
    reading.refresh_from_db()
    assert (reading.value, reading.release) == (Decimal("0.5"), "newer-release")
    assert Flag.objects.get(settled_at=None).record == finding.key
    assert HistoryEntry.objects.filter(event="plan.moved").count() == 1
    assert "Newer data is here" not in world.browser("owner").get(path).content.decode()


def test_a_reading_keeps_which_peers_it_was_compared_with(world):
    """The middle is that of the places named; a group of the team's own takes the place of the nearest."""
    from statistics import median

    from upward.plan.content import RecordKey
    from upward.web.records.actions import change_record

    analysis = release_for(world.plan.release)
    asked = {"claim": "Work", "variable": "share_employed", "place": PLACE, "year": 2023, "tag": "strength"}
    reading = add_record(by=world.access(), kind="pinned-metric", values=asked)
    reading.refresh_from_db()
    nearest = [peer.place.geo_id for peer in analysis.peers(PLACE, metric="employment")]
    numbers = overall_numbers(analysis, 2023)
    assert list(reading.peer_places) == [code for code in nearest if code in numbers]
    assert float(reading.peer_value) == pytest.approx(median(numbers[code] for code in reading.peer_places))

    six = [code for code in numbers if code not in reading.peer_places and code != PLACE][:6]
    group = add_record(
        by=world.access(), kind="peer-group", values={"name": "Ours", "places": tuple(six), "why": "Chosen"}
    )
    change_record(
        by=world.access(), record=reading, version=1, values={"peers": RecordKey("peer-group", group.uid)}
    )
    reading.refresh_from_db()
    assert list(reading.peer_places) == six
    assert float(reading.peer_value) == pytest.approx(median(numbers[code] for code in six))

    change_record(by=world.access(), record=group, version=1, values={"places": tuple(six[:5])})
    reading.refresh_from_db()
    assert list(reading.peer_places) == six, "what was compared stays until somebody compares again"
    path = reverse(
        "records:record", kwargs={"slug": world.plan.slug, "kind": "pinned-metric", "uid": reading.uid}
    )
    assert "Compare again" in world.browser("editor").get(path).content.decode()
    world.browser("editor").post(
        reverse("evidence:compare", kwargs={"slug": world.plan.slug, "uid": reading.uid})
    )
    reading.refresh_from_db()
    assert list(reading.peer_places) == six[:5]
    assert not Flag.objects.filter(record=reading.key, settled_at=None).exists()
    change_record(by=world.access(), record=group, version=2, values={"places": tuple(six[:2])})
    world.browser("editor").post(
        reverse("evidence:compare", kwargs={"slug": world.plan.slug, "uid": reading.uid})
    )
    reading.refresh_from_db()
    assert (list(reading.peer_places), reading.peer_value) == (six[:2], None), (
        "two places have no middle worth saying"
    )


def overall_numbers(analysis, year: int) -> dict[str, float]:
    """The share of people with work by county, plainly read."""
    rows = analysis.metric("share_employed", geo_level="county").filter(pl_overall()).rows(named=True)
    return {
        row["geo_id"]: row["value"]
        for row in rows
        if row["period"].endswith(str(year)) and row["value"] is not None
    }


def add_measure(world):
    """Add a measure of a published variable."""
    return add_record(
        by=world.access(), kind="measure",
        values={
            "name": "People with work", "layer": "mobility-metric", "kind": "metric", "definition": "Share employed",
            "direction": "up", "status": "draft", "variable": "share_employed", "place": PLACE,
        },
    )  # fmt: skip


def test_a_baseline_stays_with_newer_data_until_somebody_takes_the_new_number(world, newer_release):
    from upward.plan.content import RecordKey

    measure = add_measure(world)
    measure.refresh_from_db()
    old, first = measure.baseline, world.plan.release
    target = add_record(
        by=world.access(), kind="target",
        values={
            "statement": "More", "measure": RecordKey("measure", measure.uid), "objective": "project-period",
            "value": old + 3, "year": 2033, "basis": "peer-progress",
        },
    )  # fmt: skip
    (newer_release / "current").write_text("newer-release\n")
    move_to_release(by=world.access(), release="newer-release")
    measure.refresh_from_db()
    assert (measure.baseline, measure.baseline_release) == (old, first)
    flag = Flag.objects.get(record=measure.key, settled_at=None)
    assert first in flag.what
    assert "50%" in flag.what
    parts = {"slug": world.plan.slug, "uid": measure.uid}
    path = reverse("records:record", kwargs={**parts, "kind": "measure"})
    shown = world.browser("contributor").get(path).content.decode()
    assert "is from release" in shown
    assert reverse("evidence:data", kwargs={"slug": world.plan.slug}) in shown
    assert "The plan’s release newer-release says 50%" in shown
    assert world.browser("viewer").get(path).content.decode().count("<button") < shown.count("<button")
    tested = world.browser("contributor").get(
        reverse("records:record", kwargs={**parts, "kind": "target", "uid": target.uid})
    )
    assert "Test it again" in tested.content.decode()

    take = reverse("measurement:baseline", kwargs=parts)
    world.browser("contributor").post(take, {"year": "1999"})
    measure.refresh_from_db()
    assert measure.baseline == old, "a year without a number changes nothing"
    world.browser("contributor").post(take, {"year": str(measure.baseline_year)})
    measure.refresh_from_db()
    assert (measure.baseline, measure.baseline_release) == (Decimal(50), "newer-release")
    target.refresh_from_db()
    assert target.checked_release == "newer-release"
    assert not Flag.objects.filter(record=measure.key, settled_at=None).exists()
    assert Flag.objects.filter(record=target.key, source=measure.key, settled_at=None).exists()
    assert "is from release" not in world.browser("contributor").get(path).content.decode()


def test_a_target_is_tested_again_on_its_page(world, newer_release):
    from upward.plan.content import RecordKey
    from upward.web.measurement.models import Target

    measure = add_measure(world)
    target = add_record(
        by=world.access(), kind="target",
        values={
            "statement": "More", "measure": RecordKey("measure", measure.uid), "objective": "project-period",
            "value": Decimal(80), "year": 2033, "basis": "peer-progress",
        },
    )  # fmt: skip
    (newer_release / "current").write_text("newer-release\n")
    move_to_release(by=world.access(), release="newer-release")
    path = reverse("measurement:check", kwargs={"slug": world.plan.slug, "uid": target.uid})
    answered = world.browser("contributor").post(path, follow=True)
    assert "Tested again." in answered.content.decode()
    assert Target.objects.get().checked_release == "newer-release"
    assert "Test it again" not in answered.content.decode()
