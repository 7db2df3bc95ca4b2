"""A plan as plain values: what is found in it, what a record is called, and links that lead nowhere."""

from datetime import UTC, datetime

from upward.base.ids import GeoId
from upward.catalog.load import load_catalog
from upward.plan.content import PlanContent, RecordContent, RecordKey, dangling_links, title_of

AT = datetime(2027, 3, 1, tzinfo=UTC)


def record(kind, uid, **values):
    return RecordContent(key=RecordKey(kind, uid), values=values, created_at=AT, changed_at=AT)


FINDING = record("finding", "f1", statement="Homes are scarce.", metrics=(RecordKey("pinned-metric", "m1"),))
CAUSE = record("cause", "c1", statement="Zoning", findings=(FINDING.key,), behind=RecordKey("cause", "c2"))
OLD = record("cause", "c2", statement="Habit")


def plan(**changes):
    given = {
        "slug": "harmony",
        "name": "Harmony",
        "places": (GeoId.parse("29019"),),
        "language": "en",
        "records": {"finding": (FINDING,), "cause": (CAUSE,)},
        "withdrawn": {"cause": (OLD,)},
    }
    return PlanContent(**{**given, **changes})


def test_records_are_found_by_key_whether_they_stand_or_not():
    assert plan().find(RecordKey("cause", "c1")) is CAUSE
    assert plan().find(RecordKey("cause", "c2")) is OLD
    assert plan().find(RecordKey("vision", "v1")) is None
    assert [item.uid for item in plan().all_records()] == ["f1", "c1"]


def test_links_are_read_one_or_many():
    assert CAUSE.linked("behind") == (RecordKey("cause", "c2"),)
    assert CAUSE.linked("findings") == (FINDING.key,)
    assert CAUSE.linked("statement") == CAUSE.linked("themes") == ()


def test_a_link_to_no_record_is_named_and_one_to_a_withdrawn_record_is_not():
    found = list(dangling_links(load_catalog(), plan()))
    assert found == [(FINDING.key, "metrics", RecordKey("pinned-metric", "m1"))]
    without = list(dangling_links(load_catalog(), plan(withdrawn={})))
    assert (CAUSE.key, "behind", RecordKey("cause", "c2")) in without


def test_a_record_is_called_by_its_title_and_a_word_by_its_name():
    assert title_of(load_catalog(), FINDING) == "Homes are scarce."
    block = record("sustainability-rating", "s1", block="stable-funding")
    assert title_of(load_catalog("es"), block) != "stable-funding"
    assert str(FINDING.key) == "finding:f1"
