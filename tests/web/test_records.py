"""Records of every kind: models that agree with the specifications, pages, forms, links, flags, tables."""

from __future__ import annotations

import pytest
from django.urls import reverse
from records_world import CATALOG, one_of_each
from workbench_world import World

from upward.base.errors import DataError, UsageError
from upward.catalog.record_model import FieldKind
from upward.plan.content import RecordKey, dangling_links
from upward.web.core.models import HistoryEntry
from upward.web.core.refusals import NotAllowed, Outdated, StateForbids
from upward.web.records import actions
from upward.web.records.content import content_of
from upward.web.records.fields import columns_of
from upward.web.records.kinds import models_by_kind
from upward.web.records.models import Flag
from upward.web.records.values import values_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_release")]

COLUMN_OF = {
    FieldKind.LINE: "CharField", FieldKind.TEXT: "TextField", FieldKind.CHOICE: "CharField",
    FieldKind.CHOICES: "WordsField", FieldKind.DATE: "DateField", FieldKind.MONTH: "CharField",
    FieldKind.YEAR: "PositiveSmallIntegerField", FieldKind.NUMBER: "DecimalField", FieldKind.SHARE: "DecimalField",
    FieldKind.MONEY: "DecimalField", FieldKind.YES_NO: "BooleanField", FieldKind.LINK: "URLField",
    FieldKind.MEMBER: "ForeignKey", FieldKind.VARIABLE: "CharField", FieldKind.GROUP: "CharField",
    FieldKind.PLACE: "CharField", FieldKind.PLACES: "WordsField", FieldKind.UPLOAD: "ForeignKey",
    FieldKind.RECORD: "ForeignKey", FieldKind.RECORDS: "ManyToManyField", FieldKind.ROWS: "JSONField",
}  # fmt: skip


@pytest.fixture
def all_kinds(world: World):
    """One record of each kind, every field filled."""
    return one_of_each(world.access(), file=str(world.records["file"].pk))


def page(world: World, name: str, record=None, kind: str = "", **more) -> str:
    parts = {"kind": record.KIND, "uid": record.uid} if record is not None else {"kind": kind} if kind else {}
    return reverse(f"records:{name}", kwargs={"slug": world.plan.slug, **parts, **more})


@pytest.mark.parametrize("kind", CATALOG.records)
def test_a_model_has_the_fields_of_its_specification_and_no_others(kind):
    model, specified = models_by_kind()[kind], CATALOG.records[kind]
    assert list(columns_of(model)) != []
    assert set(columns_of(model)) == set(specified.fields)
    assert model._meta.app_label == specified.app
    for field in specified.fields.values():
        column = model._meta.get_field(field.id)
        assert type(column).__name__ == COLUMN_OF[field.kind], field.id
        if field.is_link:
            assert column.related_model is models_by_kind()[field.of], field.id


def test_every_value_that_is_kept_comes_back(world, all_kinds):
    for name, record in all_kinds.items():
        kept = values_of(models_by_kind()[name].objects.get(pk=record.pk), CATALOG.records[name])
        specified = CATALOG.records[name].fields
        missing = [
            field.id
            for field in specified.values()
            if field.id not in kept and field.of != name and not (name == "target" and field.given)
        ]
        assert missing == [], name
    content = content_of(world.plan, private=True)
    assert {name for name, records in content.records.items() if records} == set(CATALOG.records)
    assert list(dangling_links(CATALOG, content)) == []
    finding = content.of("finding")[0]
    assert finding.linked("metrics") == (RecordKey("pinned-metric", all_kinds["pinned-metric"].uid),)


def test_private_fields_and_unshared_ratings_stay_out_of_the_plan(world, all_kinds):
    content = content_of(world.plan)
    assert "contact" not in content.of("partner")[0].values
    assert "notes" not in content.of("engagement-activity")[0].values
    assert content.of("readiness-rating") == ()


@pytest.mark.parametrize("language", ["", "/es"])
def test_every_page_of_every_kind_can_be_read(world, all_kinds, language):
    browser = world.browser("owner")
    paths = [page(world, "index"), page(world, "thread")]
    for name, record in all_kinds.items():
        paths += [page(world, part, kind=name) for part in ("list", "add", "csv", "xlsx", "bring_in")]
        paths += [page(world, part, record) for part in ("record", "change", "withdraw", "merge")]
    assert [path for path in paths if browser.get(language + path).status_code != 200] == []


def test_what_was_typed_is_shown_escaped(world, all_kinds):
    text = world.browser("owner").get(page(world, "record", all_kinds["finding"])).content.decode()
    assert "¿cómo? &lt;b&gt;" in text
    assert "5 &lt; 6 &amp; more." in text


def test_a_form_opened_and_saved_changes_nothing(world, all_kinds):
    """What a form shows is what it reads: saving it unchanged writes no history."""
    browser = world.browser("owner")
    for name, record in all_kinds.items():
        path = page(world, "change", record)
        form = _form_data(browser, path)
        before = HistoryEntry.objects.count()
        answered = browser.post(path, form)
        assert answered.status_code == 302, (name, answered.content.decode()[:3000])
        after = list(HistoryEntry.objects.order_by("-pk")[: HistoryEntry.objects.count() - before])
        assert [(entry.event, entry.before, entry.after) for entry in after] == [], name


def _form_data(browser, path: str) -> dict[str, list[str]]:
    """Return what a browser would send if its form were submitted as it stands."""
    import html5lib

    tree = html5lib.parse(browser.get(path).content, namespaceHTMLElements=False)
    data: dict[str, list[str]] = {}
    form = next(
        item
        for item in tree.iter("form")
        if item.find(".//textarea") is not None or item.find(".//input[@name='version']") is not None
    )
    for item in form.iter():
        name = item.get("name")
        if not name or name in ("csrfmiddlewaretoken", "keep_draft"):
            continue
        if item.tag == "textarea":
            data.setdefault(name, []).append((item.text or "").removeprefix("\n"))
        elif item.tag == "select":
            chosen = [
                option.get("value") for option in item.iter("option") if option.get("selected") is not None
            ]
            data.setdefault(name, []).extend(chosen or [""])
        elif item.tag == "input" and (
            item.get("type") not in ("radio", "checkbox") or item.get("checked") is not None
        ):
            data.setdefault(name, []).append(item.get("value") or "")
    return data


def add(world: World, kind: str, who: str = "owner", **values):
    return actions.add_record(by=world.access(who), kind=kind, values=values)


def test_a_form_without_what_is_needed_says_so_and_keeps_the_rest(world):
    answered = world.browser("owner").post(
        page(world, "add", kind="finding"), {"version": "0", "detail": "Kept text", "status": "draft"}
    )
    assert answered.status_code == 422
    text = answered.content.decode()
    assert "<title>Error:" in text
    assert "Finding is missing." in text
    assert "Kept text" in text


def test_a_record_is_added_by_its_form_and_lands_on_its_page(world):
    answered = world.browser("contributor").post(
        page(world, "add", kind="history-event"),
        {"version": "0", "title": "The bridge was closed", "year": "1962"},
        follow=True,
    )
    assert "The bridge was closed" in answered.content.decode()
    entry = HistoryEntry.objects.get(event="record.added")
    assert (entry.record_name, entry.after["year"]) == ("The bridge was closed", 1962)


def test_two_people_who_change_a_record_are_shown_both_texts(world):
    record = add(world, "history-event", title="Old", year=1962)
    actions.change_record(by=world.access("editor"), record=record, version=1, values={"title": "Theirs"})
    answered = world.browser("owner").post(
        page(world, "change", record), {"version": "1", "title": "Mine", "year": "1962"}
    )
    assert answered.status_code == 409
    text = answered.content.decode()
    assert "Theirs" in text
    assert "Mine" in text
    assert "Editor Person" in text


def test_an_outdated_version_is_refused(world):
    record = add(world, "history-event", title="Old", year=1962)
    actions.change_record(by=world.access(), record=record, version=1, values={"title": "New"})
    with pytest.raises(Outdated):
        actions.change_record(by=world.access(), record=record, version=1, values={"title": "Other"})


def test_changing_a_source_flags_what_stands_on_it_until_somebody_has_looked(world):
    reading = add(world, "history-event", title="The plant closed", year=1990)
    finding = add(
        world,
        "finding",
        statement="Jobs are scarce",
        status="draft",
        events=(RecordKey("history-event", reading.uid),),
    )
    cause = add(
        world,
        "cause",
        statement="One employer",
        level="symptom",
        findings=(RecordKey("finding", finding.uid),),
    )
    actions.change_record(by=world.access(), record=reading, version=1, values={"year": 1991})
    assert [flag.record for flag in Flag.objects.filter(settled_at=None)] == [finding.key]
    actions.change_record(by=world.access(), record=finding, version=1, values={"status": "agreed"})
    assert not Flag.objects.filter(record=cause.key).exists(), "a stage is no new content"
    home = (
        world.browser("owner").get(reverse("plans:home", kwargs={"slug": world.plan.slug})).content.decode()
    )
    assert "Check whether this still holds" in home
    flag = Flag.objects.get(record=finding.key)
    path = page(world, "settle", finding)
    world.browser("owner").post(path, {"flag": str(flag.pk), "note": "Same decade."})
    flag.refresh_from_db()
    assert (flag.settled_by, flag.note) == ("Owner Person", "Same decade.")
    assert HistoryEntry.objects.filter(event="record.settled", record=finding.key).count() == 1


def test_every_link_of_the_thread_flags_what_stands_on_a_changed_source(world, all_kinds):
    """For each link that carries weight: a change of the one end flags the other, which says so on its page."""
    browser, seen = world.browser("owner"), 0
    for kind in CATALOG.records.values():
        for link in kind.links:
            if not link.stands_on or link.of == kind.id:
                continue
            source, rests = all_kinds[link.of], all_kinds[kind.id]
            source.refresh_from_db()
            Flag.objects.all().delete()
            loud = next(
                field.id
                for field in CATALOG.records[link.of].fields.values()
                if field.kind in (FieldKind.TEXT, FieldKind.LINE) and not (field.private or field.given)
            )
            actions.change_record(
                by=world.access(), record=source, version=source.version, values={loud: f"Other {seen}"}
            )
            flag = Flag.objects.get(record=rests.key, source=source.key, settled_at=None)
            assert "look again" in browser.get(page(world, "record", rests)).content.decode(), (
                kind.id,
                link.id,
            )
            assert flag.what
            seen += 1
    assert seen >= 30


def test_a_withdrawn_record_leaves_the_list_and_can_come_back(world):
    record = add(world, "history-event", title="The plant closed", year=1990)
    with pytest.raises(UsageError):
        actions.withdraw_record(by=world.access(), record=record, version=1, reason=" ")
    actions.withdraw_record(by=world.access(), record=record, version=1, reason="Told twice")
    browser = world.browser("owner")
    assert "The plant closed" not in browser.get(page(world, "list", kind="history-event")).content.decode()
    assert (
        "The plant closed"
        in browser.get(page(world, "list", kind="history-event") + "?withdrawn=1").content.decode()
    )
    with pytest.raises(StateForbids):
        actions.change_record(by=world.access(), record=record, version=2, values={"year": 1991})
    browser.post(page(world, "restore", record))
    assert "The plant closed" in browser.get(page(world, "list", kind="history-event")).content.decode()


def test_merging_moves_every_link_and_loses_no_text(world):
    kept = add(world, "finding", statement="Homes are scarce", detail="Mine.", status="draft")
    gone = add(world, "finding", statement="Few homes", detail="Theirs.", status="draft", area="North")
    cause = add(
        world, "cause", statement="Zoning", level="symptom", findings=(RecordKey("finding", gone.uid),)
    )
    spoken = add(
        world, "contribution", subject="Rent", words="Too high", answer_status="waiting",
        about=RecordKey("finding", gone.uid),
    )  # fmt: skip
    actions.merge_records(by=world.access(), kept=kept, gone=gone, versions=(1, 1))
    kept.refresh_from_db()
    assert (kept.detail, kept.area) == ("Mine.\n\nTheirs.", "North")
    assert [item.uid for item in cause.findings.all()] == [kept.uid]
    spoken.refresh_from_db()
    assert spoken.about_id == kept.pk
    gone.refresh_from_db()
    assert gone.withdrawn_at is not None
    assert list(dangling_links(CATALOG, content_of(world.plan, private=True))) == []


def test_merging_through_the_page(world):
    kept = add(world, "history-event", title="Closed", year=1990)
    gone = add(world, "history-event", title="Shut", year=1990, source="Library")
    world.browser("editor").post(page(world, "merge", kept), {"gone": gone.uid})
    kept.refresh_from_db()
    assert kept.source == "Library"


def test_a_record_does_not_stand_on_itself_nor_on_another_plans_record(world, person):
    from upward.web.plans.actions import start_plan
    from upward.web.plans.queries import access_to

    cause = add(world, "cause", statement="Zoning", level="symptom")
    with pytest.raises(UsageError):
        actions.change_record(
            by=world.access(), record=cause, version=1, values={"behind": RecordKey("cause", cause.uid)}
        )
    other = start_plan(by=world.people["outsider"], name="Other", places=[("98002", "Other")])
    foreign = actions.add_record(
        by=access_to(other, world.people["outsider"]),
        kind="cause",
        values={"statement": "X", "level": "symptom"},
    )
    with pytest.raises(DataError):
        actions.change_record(
            by=world.access(), record=cause, version=1, values={"behind": RecordKey("cause", foreign.uid)}
        )


def test_private_fields_are_hidden_from_who_may_not_see_them(world):
    partner = add(world, "partner", name="Ana", contact="ana@example.net 555-0100", status="identified")
    for who, sees in (("owner", True), ("editor", True), ("contributor", False), ("viewer", False)):
        browser = world.browser(who)
        for path in (page(world, "record", partner), page(world, "csv", kind="partner")):
            assert (b"555-0100" in browser.get(path).content) is sees, (who, path)
    assert (
        b"555-0100"
        not in world.browser("owner").get(reverse("plans:history", kwargs={"slug": world.plan.slug})).content
    )
    assert "555-0100" not in str(list(HistoryEntry.objects.values_list("before", "after")))
    with pytest.raises(NotAllowed):
        actions.change_record(
            by=world.access("contributor"), record=partner, version=1, values={"contact": "x"}
        )
    answered = world.browser("contributor").post(
        page(world, "change", partner), {"version": "1", "name": "Ana B", "status": "joined"}
    )
    assert answered.status_code == 302
    partner.refresh_from_db()
    assert (partner.name, partner.contact) == ("Ana B", "ana@example.net 555-0100")


def test_a_rating_is_its_makers_until_it_is_shared(world):
    from upward.web.readiness.actions import share_ratings

    rating = add(world, "readiness-rating", who="editor", condition="staff-time", rating="2")
    assert world.browser("owner").get(page(world, "record", rating)).status_code == 404
    assert world.browser("editor").get(page(world, "record", rating)).status_code == 200
    with pytest.raises(UsageError):
        add(world, "readiness-rating", who="editor", condition="staff-time", rating="3")
    assert share_ratings(by=world.access("editor")) == 1
    assert world.browser("owner").get(page(world, "record", rating)).status_code == 200
    rating.refresh_from_db()
    with pytest.raises(NotAllowed):
        actions.change_record(
            by=world.access("owner"), record=rating, version=rating.version, values={"rating": "4"}
        )


def test_a_list_is_filtered_searched_sorted_and_paged(world):
    for number in range(55):
        add(
            world,
            "history-event",
            title=f"Event {number:02d}",
            year=1950 + number,
            predictors=("digital-access",) if number % 2 else (),
        )
    browser = world.browser("viewer")
    path = page(world, "list", kind="history-event")
    assert "Page 1 of 2" in browser.get(path).content.decode()
    assert "27 of 55 shown" in browser.get(path + "?predictors=digital-access").content.decode()
    assert "1 of 55 shown" in browser.get(path + "?q=event+07").content.decode()
    last = browser.get(path + "?sort=-year").content.decode()
    assert last.index("Event 54") < last.index("Event 53")
    assert 'aria-sort="descending"' in last
    assert browser.get(path + "?sort=nonsense&predictors=%27&page=99").status_code == 200


def test_queries_for_a_list_do_not_grow_with_it(world, django_assert_max_num_queries):
    for number in range(40):
        add(
            world,
            "milestone",
            title=f"Do {number}",
            due="2027-03-01",
            status="on-track",
            owner=str(world.people["owner"].pk),
        )
    browser = world.browser("viewer")
    with django_assert_max_num_queries(22):
        browser.get(page(world, "list", kind="milestone"))


def test_undoing_a_change_and_a_withdrawal(world):
    record = add(world, "history-event", title="Old", year=1962)
    actions.change_record(by=world.access(), record=record, version=1, values={"title": "New", "year": 1963})
    entry = HistoryEntry.objects.get(event="record.changed")
    browser = world.browser("owner")
    browser.post(reverse("plans:undo", kwargs={"slug": world.plan.slug, "number": entry.pk}))
    record.refresh_from_db()
    assert (record.title, record.year) == ("Old", 1962)
    actions.withdraw_record(by=world.access(), record=record, version=record.version, reason="No")
    entry = HistoryEntry.objects.get(event="record.withdrawn")
    browser.post(reverse("plans:undo", kwargs={"slug": world.plan.slug, "number": entry.pk}))
    record.refresh_from_db()
    assert record.withdrawn_at is None


def test_search_finds_records_and_the_step_page_counts_them(world):
    add(world, "history-event", title="The bridge was closed", year=1962)
    browser = world.browser("viewer")
    found = browser.get(
        reverse("plans:search", kwargs={"slug": world.plan.slug}) + "?q=bridge"
    ).content.decode()
    assert "Event in local history" in found
    step = browser.get(reverse("plans:step", kwargs={"slug": world.plan.slug, "number": 5})).content.decode()
    assert "Events in local history" in step


def test_the_home_page_of_a_rich_plan_asks_a_bounded_number_of_times(
    world, all_kinds, django_assert_max_num_queries
):
    home = reverse("plans:home", kwargs={"slug": world.plan.slug})
    for most in (56, 20):  # what calls for action is looked for once after a change
        browser = world.browser("viewer")
        with django_assert_max_num_queries(most):
            browser.get(home)


def test_a_record_and_its_form_ask_a_bounded_number_of_times(world, all_kinds, django_assert_max_num_queries):
    browser = world.browser("owner")
    with django_assert_max_num_queries(75):
        browser.get(page(world, "record", all_kinds["finding"]))
    with django_assert_max_num_queries(45):
        browser.get(page(world, "change", all_kinds["strategic-action"]))


def test_the_thread_page_is_narrowed_and_paged(world):
    findings = [add(world, "finding", statement=f"Claim {n}", status="draft") for n in range(60)]
    causes = [add(world, "cause", statement=f"Cause {n}", level="symptom") for n in range(3)]
    leaning = add(
        world, "cause", statement="Leaning", level="symptom",
        findings=(RecordKey("finding", findings[0].uid),),
    )  # fmt: skip
    actions.change_record(by=world.access(), record=findings[0], version=1, values={"detail": "More"})
    browser, path = world.browser("viewer"), page(world, "thread")
    text = browser.get(path).content.decode()
    assert "50" not in text.partition("<main")[0]
    assert text.count('<th scope="row">') == 50
    assert f"{60 + 3 + 1} of {60 + 3 + 1} shown" in text
    assert text.index("Leaning") < text.index("Claim 0"), "what has changed stands first"
    assert browser.get(f"{path}?page=2").content.decode().count('<th scope="row">') == 14
    only = browser.get(f"{path}?kind=cause&matter=finding").content.decode()
    assert only.count('<th scope="row">') == 3
    assert causes[0].statement in only
    changed = browser.get(f"{path}?matter=changed").content.decode()
    assert changed.count('<th scope="row">') == 1
    assert leaning.statement in changed
    broken = browser.get(f"{path}?matter=broken&step=findings").content.decode()
    assert "Leaning" not in broken
    assert "Claim 3" in broken
    assert browser.get(f"{path}?matter=nonsense&page=x").status_code == 200


def test_the_thread_page_of_a_big_plan_asks_few_questions(world, django_assert_max_num_queries):
    for n in range(40):
        add(world, "finding", statement=f"Claim {n}", status="draft")
    browser, path = world.browser("viewer"), page(world, "thread")
    browser.get(path)
    with django_assert_max_num_queries(12):
        browser.get(path)
