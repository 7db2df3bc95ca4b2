"""Pages beside the generic ones: readiness together, the logic model, coverage, baselines and tested targets."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from workbench_world import World

from upward.base.errors import UsageError
from upward.plan.content import RecordKey
from upward.web.core.release import release_for
from upward.web.plans.models import Plan
from upward.web.readiness.models import ReadinessRating
from upward.web.records.actions import add_record, change_record

pytestmark = [pytest.mark.django_db]


def add(world: World, kind_id: str, /, who: str = "owner", **values):
    return add_record(by=world.access(who), kind=kind_id, values=values)


def key(record) -> RecordKey:
    return RecordKey(record.KIND, record.uid)


def text_of(world: World, name: str, who: str = "viewer", query: str = "") -> str:
    answered = world.browser(who).get(reverse(name, kwargs={"slug": world.plan.slug}) + query)
    assert answered.status_code == 200
    return answered.content.decode()


@pytest.mark.usefixtures("no_release")
def test_ratings_are_private_until_shared_and_disagreement_stays_in_sight(world):
    add(world, "readiness-rating", who="owner", condition="staff-time", rating="1")
    add(world, "readiness-rating", who="editor", condition="staff-time", rating="4")
    assert "Nobody has shared a rating yet." in text_of(world, "readiness:overview")
    assert "Not yet" in text_of(world, "readiness:overview", who="owner")
    path = reverse("readiness:overview", kwargs={"slug": world.plan.slug})
    for who in ("owner", "editor"):
        world.browser(who).post(path)
    assert ReadinessRating.objects.filter(shared=True).count() == 2
    shown = text_of(world, "readiness:overview")
    assert "2 ratings, from “Not yet” to “In place”." in shown
    assert "Talk about it before you agree." in shown
    assert "2,5" not in shown
    assert "2.5" not in shown
    add(world, "readiness-condition", condition="staff-time", rating="2", blocking=True)
    assert "We cannot start without it" in text_of(world, "readiness:overview")


@pytest.mark.usefixtures("no_release")
def test_a_logic_model_is_drawn_with_its_table_and_its_gaps(world):
    action = add(
        world, "strategic-action", title="Rewrite <the> bus contract", type="policy", status="not-started"
    )
    parts = [
        add(world, "logic-model-element", title=title, part=part, action=key(action))
        for title, part in (
            ("Two planners", "input"),
            ("Late buses", "output"),
            ("Fuel prices", "external-factor"),
        )
    ]
    add(
        world, "logic-model-link", because="Planners redraw routes", from_element=key(parts[0]),
        to_element=key(parts[1]), strength="strong",
    )  # fmt: skip
    add(
        world, "measure", name="Late trips", layer="program-performance", kind="output", definition="Trips after 7 pm",
        direction="up", status="draft", elements=(key(parts[1]),),
    )  # fmt: skip
    shown = text_of(world, "strategy:model")
    assert shown.count("<rect") == 2
    assert shown.count("<polyline") == 1
    assert "stroke-dasharray" not in shown
    assert "Rewrite &lt;the&gt; bus contract" in shown
    assert "Planners redraw routes" in shown
    assert "Fuel prices" in shown
    table = text_of(world, "measurement:coverage")
    assert "1 of 2 that need a measure have one." in table
    assert "Late trips" in table


@pytest.mark.usefixtures("no_release")
def test_pages_without_anything_say_how_to_begin(world):
    assert "There is no strategic action yet." in text_of(world, "strategy:model")
    assert "There is no logic model yet." in text_of(world, "measurement:coverage")


@pytest.fixture
def counted(sample_data, world):
    """A plan of a county of the sample release, with a measure that is a published number."""
    Plan.objects.filter(pk=world.plan.pk).update(release=release_for("").id)
    world.plan.refresh_from_db()
    return add(
        world, "measure", name="People with work", layer="mobility-metric", kind="metric",
        definition="Employed share of ages 25 to 54", direction="up", status="draft", variable="share_employed",
        place="98001",
    )  # fmt: skip


def test_a_baseline_comes_from_the_release_with_bounds_year_and_quality(counted, world):
    counted.refresh_from_db()
    assert Decimal(50) < counted.baseline < Decimal(100), "in percent, as people see it"
    assert counted.baseline_lower <= counted.baseline <= counted.baseline_upper
    assert (counted.baseline_release, counted.baseline_year) == (world.plan.release, 2023)
    assert counted.baseline_quality in ("strong", "marginal", "weak")


def test_a_target_is_tested_as_the_command_does(counted, world):
    counted.refresh_from_db()
    to = counted.baseline + 3
    target = add(
        world, "target", statement="Three points more", measure=key(counted), objective="project-period", value=to,
        year=2032, basis="peer-progress",
    )  # fmt: skip
    target.refresh_from_db()
    test = release_for(world.plan.release).target("98001", "share_employed", to=float(to) / 100, by=2032)
    assert (target.reached_count, target.reached_of) == (test.reached.count, test.reached.of)
    assert target.checked_release == world.plan.release
    assert target.first_year == test.first_detectable_year


def test_a_target_in_the_wrong_direction_says_so_and_is_kept(counted, world):
    counted.refresh_from_db()
    target = add(
        world, "target", statement="Fewer", measure=key(counted), objective="project-period",
        value=counted.baseline - 10, year=2032, basis="standard",
    )  # fmt: skip
    target.refresh_from_db()
    assert target.check_notes
    assert target.reached_count is None


@pytest.mark.usefixtures("no_release")
def test_rules_of_single_kinds(world):
    with pytest.raises(UsageError, match="bounds"):
        add(
            world,
            "local-value",
            name="x",
            value=Decimal(5),
            lower=Decimal(6),
            unit="share",
            year=2023,
            quality="strong",
        )
    with pytest.raises(UsageError, match="end must come after"):
        add(
            world,
            "strategic-action",
            title="A",
            type="policy",
            status="not-started",
            starts="2027-03",
            ends="2026-01",
        )
    with pytest.raises(UsageError, match="what you answered"):
        add(world, "contribution", subject="x", words="y", answer_status="used")
    with pytest.raises(UsageError, match="when the person agreed"):
        add(world, "quote", words="y", consent="plan")
    kept = add(world, "contribution", subject="x", words="y", answer_status="waiting")
    with pytest.raises(UsageError, match=r"few words"):
        change_record(by=world.access(), record=kept, version=1, values={"subject": None})
