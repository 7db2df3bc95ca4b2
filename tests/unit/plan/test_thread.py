"""The evidence thread: what stands on what, and where it is broken."""

from dataclasses import replace
from datetime import UTC, datetime

from upward.base.ids import GeoId
from upward.catalog.load import load_catalog
from upward.plan.content import Person, PlanContent, RecordContent, RecordKey
from upward.plan.thread import Lack, breaks, everything_above, lack_words, links_of, stands_on_it

AT = datetime(2027, 3, 1, tzinfo=UTC)
CATALOG = load_catalog()


def key(kind):
    return RecordKey(kind, "a")


def record(kind, uid="a", **values):
    return RecordContent(key=RecordKey(kind, uid), values=values, created_at=AT, changed_at=AT)


def plan(*records, withdrawn=()):
    by_kind = {}
    for item in records:
        by_kind.setdefault(item.kind, []).append(item)
    return PlanContent(
        slug="p", name="P", places=(GeoId.parse("29019"),), language="en",
        records={kind: tuple(items) for kind, items in by_kind.items()},
        withdrawn={item.kind: (item,) for item in withdrawn},
        people={"7": Person("Ana", "Lead")},
    )  # fmt: skip


WHOLE = (
    record("history-event", title="The plant closed"),
    record("finding", statement="Jobs", events=(key("history-event"),)),
    record("cause", statement="One employer", findings=(key("finding"),)),
    record("strategic-action", title="Train", causes=(key("cause"),), owner="7"),
    record("logic-model-element", title="Trainers", part="input", action=key("strategic-action")),
    record("logic-model-element", "b", title="Trained", part="output", action=key("strategic-action")),
    record(
        "logic-model-link", because="They teach", from_element=key("logic-model-element"),
        to_element=RecordKey("logic-model-element", "b"),
    ),
    record(
        "measure", name="Trained people", collector="7", baseline=0,
        elements=(key("logic-model-element"), RecordKey("logic-model-element", "b")),
    ),
    record("target", statement="75", measure=key("measure")),
    record("milestone", title="Hire", owner="7"),
)  # fmt: skip


def test_a_whole_thread_is_not_broken():
    assert breaks(CATALOG, plan(*WHOLE)) == ()


def test_who_has_left_the_plan_answers_for_nothing():
    left = replace(plan(*WHOLE), people={})
    assert {(item.key.kind, item.lack) for item in breaks(CATALOG, left)} == {
        ("strategic-action", Lack.OWNER),
        ("measure", Lack.COLLECTOR),
        ("milestone", Lack.OWNER),
    }


def test_each_missing_link_is_named():
    loose = plan(
        record("pinned-metric", claim="Low", quality="weak"),
        record("finding", statement="F"),
        record("engagement-activity", title="Walk", heard="Much"),
        record("cause", statement="C"),
        record("strategic-action", title="A"),
        record("logic-model-element", title="E", part="output"),
        record("measure", name="M"),
        record("milestone", title="S", status="on-track"),
    )
    found = [(item.key.kind, item.lack) for item in breaks(CATALOG, loose)]
    assert found == [
        ("pinned-metric", Lack.REASON), ("finding", Lack.EVIDENCE), ("engagement-activity", Lack.ANSWER),
        ("cause", Lack.FINDING), ("strategic-action", Lack.CAUSE), ("strategic-action", Lack.OWNER),
        ("logic-model-element", Lack.ACTION), ("logic-model-element", Lack.MEASURE), ("logic-model-element", Lack.LINK),
        ("measure", Lack.ELEMENT), ("measure", Lack.COLLECTOR), ("measure", Lack.BASELINE), ("measure", Lack.TARGET),
        ("milestone", Lack.OWNER),
    ]  # fmt: skip
    assert {lack for _kind, lack in found} == set(Lack)
    assert all(lack_words(lack) for lack in Lack)


def test_what_was_dropped_retired_or_done_lacks_nothing():
    finished = plan(
        record("strategic-action", title="A", status="dropped"),
        record("measure", name="M", status="retired"),
        record("milestone", title="S", status="done"),
    )
    assert breaks(CATALOG, finished) == ()


def test_what_stands_on_something_is_found_through_all_that_lies_between():
    above = everything_above(CATALOG, plan(*WHOLE), key("history-event"))
    assert [item.kind for item in above][:3] == ["finding", "cause", "strategic-action"]
    assert key("target") in above
    assert stands_on_it(CATALOG, plan(*WHOLE))[key("finding")] == (key("cause"),)


def test_a_circle_ends():
    circle = plan(
        record("cause", "a", statement="A", behind=RecordKey("cause", "b")),
        record("cause", "b", statement="B", behind=RecordKey("cause", "a")),
    )
    assert everything_above(CATALOG, circle, key("cause")) == (RecordKey("cause", "b"),)


def test_a_link_to_what_was_withdrawn_carries_nothing():
    finding = record("finding", statement="F")
    content = plan(record("cause", statement="C", findings=(finding.key,)), withdrawn=(finding,))
    assert list(links_of(CATALOG, content)) == []
