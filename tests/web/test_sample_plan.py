"""The sample plan holds every kind of record, tied from evidence to measures."""

from __future__ import annotations

import pytest
from records_world import CATALOG

from upward.plan.content import dangling_links
from upward.plan.thread import everything_above
from upward.web.plans.models import Plan
from upward.web.records.content import content_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample(sample_data):
    from upward.web.commands.sample import make_sample_plan

    make_sample_plan()
    return Plan.objects.get()


def test_the_sample_plan_is_rich_in_every_kind_and_hangs_together(sample):
    content = content_of(sample, private=True)
    assert [name for name in CATALOG.records if not content.of(name)] == []
    assert list(dangling_links(CATALOG, content)) == []
    history = next(one for one in content.of("history-event") if one.values["year"] == 1998)
    above = {key.kind for key in everything_above(CATALOG, content, history.key)}
    assert {"finding", "cause", "strategic-action", "logic-model-element", "measure", "target"} <= above
    assert all(reading.text("release") == sample.release for reading in content.of("pinned-metric"))
    used = {
        field.id
        for kind in CATALOG.records.values()
        for record in content.of(kind.id)
        for field in kind.fields.values()
        if field.id in record.values
    }
    assert len(used) > 200


def test_the_sample_plan_without_data_is_still_whole(db, no_release, settings, tmp_path):
    import dataclasses

    from upward.web.commands.sample import make_sample_plan

    settings.OPTIONS = dataclasses.replace(settings.OPTIONS, home=tmp_path)
    make_sample_plan()
    content = content_of(Plan.objects.get(), private=True)
    assert list(dangling_links(CATALOG, content)) == []
    assert content.of("finding")
