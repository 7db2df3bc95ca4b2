"""What members do: answer, work on tasks, sign off, undo, and never lose what they typed."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from workbench_world import PASSWORD, World, first_question, first_task

from upward.base.errors import RefusedError
from upward.catalog.load import load_catalog
from upward.web.core.models import HistoryEntry
from upward.web.core.refusals import NotAllowed, Outdated, StateForbids
from upward.web.plans import actions
from upward.web.plans.models import Answer, AnswerVersion, Draft, Notice, Plan, PlanDate, Task

pytestmark = pytest.mark.django_db
QUESTION = first_question()
TASK = first_task()
CATALOG = load_catalog()


def page(world: World, name: str, **parts: object) -> str:
    return reverse(f"plans:{name}", kwargs={"slug": world.plan.slug, **parts})


def answer(world: World, who: str, text: str, version: int):
    path = page(world, "question", key=QUESTION)
    return world.browser(who).post(path, {"answer": text, "version": version}, follow=True)


def test_an_answer_is_kept_in_every_version(world: World) -> None:
    answer(world, "owner", "First", 0)
    answered = answer(world, "adviser", "Second\nline", 1)
    assert "Second\nline" in answered.content.decode()
    row = Answer.objects.get(plan=world.plan)
    assert (row.version, row.by_name) == (2, "Adviser Person")
    texts = [version.value["value"] for version in AnswerVersion.objects.order_by("number")]
    assert texts == ["First", "Second\nline"]


def test_two_people_at_once_see_both_texts_and_lose_none(world: World) -> None:
    answer(world, "owner", "From the start", 0)
    answer(world, "editor", "The editor was faster", 1)
    conflict = answer(world, "contributor", "My longer text", 1)
    text = conflict.content.decode()
    assert conflict.status_code == 409
    assert "The editor was faster" in text
    assert "My longer text" in text
    assert "Editor Person" in text
    assert Answer.objects.get(plan=world.plan).value["value"] == "The editor was faster"
    path = page(world, "question", key=QUESTION)
    fields = {"version": 2, "answer": "My longer text", "theirs_answer": "The editor was faster"}
    world.browser("contributor").post(path, {**fields, "choose_answer": "mine"})
    assert Answer.objects.get(plan=world.plan).value["value"] == "My longer text"
    world.browser("contributor").post(path, {**fields, "version": 3, "choose_answer": "theirs"})
    assert Answer.objects.get(plan=world.plan).value["value"] == "The editor was faster"


def test_a_conflict_on_a_task_keeps_the_choice_of_each_field(world: World) -> None:
    row = Task.objects.get(plan=world.plan, key=TASK)
    path = page(world, "task", key=TASK)
    mine = {
        "version": row.version,
        "done": "on",
        "proof": "Minutes of May 3",
        "proof_link": "",
        "set_aside": "",
    }
    actions.change_task(by=world.access(), key=TASK, version=row.version, values={"proof": "Letter of May 1"})
    conflict = world.browser("contributor").post(path, mine)
    assert conflict.status_code == 409
    assert "Letter of May 1" in conflict.content.decode()
    saved = world.browser("contributor").post(
        path,
        {**mine, "version": row.version + 1, "choose_proof": "theirs", "theirs_proof": "Letter of May 1"},
    )
    assert saved.status_code == 302
    row.refresh_from_db()
    assert (row.proof, row.done_on) == ("Letter of May 1", date.today())


def test_a_lapsed_sign_in_returns_to_the_filled_form(world: World) -> None:
    browser = Client()
    path = page(world, "question", key=QUESTION)
    sent = browser.post(path, {"answer": "Typed before the session ended", "version": 0})
    assert sent.headers["Location"].startswith("/account/sign-in/")
    login = {"login": "owner@example.org", "password": PASSWORD, "next": path}
    back = browser.post(reverse("account_login"), login, follow=True)
    assert back.redirect_chain[-1][0] == path
    assert "Typed before the session ended" in back.content.decode()
    assert not Answer.objects.exists()


def test_a_draft_is_kept_for_its_author_alone_and_goes_when_the_answer_is_saved(world: World) -> None:
    path = page(world, "question", key=QUESTION)
    world.browser("owner").post(path, {"answer": "Half a thought", "version": 0, "keep_draft": "1"})
    assert "Half a thought" in world.browser("owner").get(path).content.decode()
    assert "Half a thought" not in world.browser("editor").get(path).content.decode()
    answer(world, "owner", "A whole one", 0)
    assert not Draft.objects.exists()


def test_a_draft_from_before_another_s_change_does_not_overwrite_it(world: World) -> None:
    path = page(world, "question", key=QUESTION)
    browser = world.browser("owner")
    browser.post(page(world, "drafts", form=f"question:{QUESTION}"), {"answer": "My thought", "version": 0})
    answer(world, "editor", "The editor's answer", 0)
    form = browser.get(path).content.decode()
    assert "My thought" in form
    version = re.search(r'name="version" value="(\d*)"', form).group(1)
    both = browser.post(path, {"answer": "My thought", "version": version})
    assert both.status_code == 409
    assert "The editor&#39;s answer" in both.content.decode()
    assert Answer.objects.get().version == 1


def test_what_outlives_a_lapsed_sign_in_does_not_overwrite_another_s_change(world: World) -> None:
    path = page(world, "question", key=QUESTION)
    browser = Client()
    browser.post(path, {"answer": "Typed before the session ended", "version": 0})
    answer(world, "editor", "The editor's answer", 0)
    login = {"login": "owner@example.org", "password": PASSWORD, "next": path}
    form = browser.post(reverse("account_login"), login, follow=True).content.decode()
    assert "Typed before the session ended" in form
    assert re.search(r'name="version" value="(\d*)"', form).group(1) == "0"


def test_home_sends_nobody_where_their_role_can_do_nothing(world: World) -> None:
    from upward.web.records.actions import add_record

    said = {"subject": "The last bus", "words": "It leaves too early", "answer_status": "waiting"}
    due = {"answer_due": date.today() + timedelta(days=1)}
    add_record(by=world.access(), kind="contribution", values={**said, **due})
    home = reverse("plans:home", args=[world.plan.slug])
    for who, sent in (("editor", True), ("contributor", True), ("viewer", False), ("assistant", False)):
        text = world.browser(who).get(home).content.decode()
        assert ("Answer 1 contribution from residents" in text) is sent, who
        assert "Prepare for “Coalition meeting”" in text, "a date concerns everyone"
        first = text.split('id="next-h"')[1].split("</section>")[0]
        assert ("/tasks/" in first) is sent, who
        assert ("Tasks without an owner" in text) is (who == "editor"), "the contributor has a task"


def test_an_impossible_answer_keeps_what_was_typed_and_says_what_to_do(world: World) -> None:
    said = answer(world, "owner", "x" * 20_001, 0)
    assert said.status_code == 422
    assert "x" * 20_001 in said.content.decode()
    assert "<title>Error:" in said.content.decode()


def test_a_task_is_done_with_proof_or_said_done_without(world: World) -> None:
    from upward.web.plans.queries import find_task

    done = {"done_on": date.today()}
    row = actions.change_task(by=world.access("contributor"), key=TASK, version=1 + 1, values=done)
    assert find_task(world.plan, TASK).state == "said"
    actions.change_task(
        by=world.access("contributor"), key=TASK, version=row.version, values={"proof": "Minutes"}
    )
    assert find_task(world.plan, TASK).state == "done"


def test_a_contributor_works_on_own_and_free_tasks_only(world: World) -> None:
    from upward.web.plans.models import Membership

    others = actions.change_task(
        by=world.access(), key="s01.t02", version=0, values={"owner": world.people["editor"]}
    )
    with pytest.raises(NotAllowed):
        actions.change_task(
            by=world.access("contributor"), key="s01.t02", version=others.version, values={"proof": "Mine"}
        )
    with pytest.raises(NotAllowed):
        actions.change_task(
            by=world.access("contributor"), key=TASK, version=2, values={"owner": world.people["editor"]}
        )
    assert Membership.objects.filter(plan=world.plan).count() == 6


def test_being_given_a_task_is_noticed_and_mailed_once(world: World) -> None:
    from upward.web.jobs.tasks import send_digests

    assert Notice.objects.filter(user=world.people["contributor"], kind="assigned").count() == 1
    assert send_digests.func() == 1
    assert send_digests.func() == 0
    assert mail.outbox[-1].to == ["contributor@example.org"]
    assert f"http://testserver/plans/{world.plan.slug}/tasks/{TASK}/" in mail.outbox[-1].body


def test_people_are_reminded_of_due_tasks_and_dates_once(world: World) -> None:
    from upward.web.jobs.tasks import remind_of_dates

    day = date.today() + timedelta(days=3)
    actions.change_task(by=world.access(), key=TASK, version=2, values={"due": day})
    actions.add_date(by=world.access(), title="Vote", day=day, time=None, place="", note="")
    assert remind_of_dates.func() == 1 + 6
    assert remind_of_dates.func() == 0


def test_signing_off_with_open_tasks_asks_for_a_note_and_keeps_it(world: World) -> None:
    with pytest.raises(RefusedError):
        actions.sign_off_step(by=world.access(), step="approach", note=" ", open_tasks=2)
    actions.sign_off_step(by=world.access(), step="approach", note="Council wants to go on", open_tasks=2)
    entry = HistoryEntry.objects.get(event="step.signed_off")
    assert entry.after == {"note": "Council wants to go on", "open_tasks": 2}
    actions.reopen_step(by=world.access(), step="approach")
    assert HistoryEntry.objects.get(event="step.reopened").before["note"] == "Council wants to go on"


def test_a_closed_plan_is_read_not_changed(world: World) -> None:
    actions.set_plan_state(by=world.access(), state=Plan.State.CLOSED)
    with pytest.raises(StateForbids):
        actions.save_answer(by=world.access(), question=QUESTION, version=0, value={})
    actions.set_plan_state(by=world.access(), state=Plan.State.OPEN)


def test_the_last_owner_cannot_leave(world: World) -> None:
    member = world.plan.members.get(role="owner")
    with pytest.raises(StateForbids, match="needs an owner"):
        actions.remove_member(by=world.access(), member=member)


def test_an_outdated_save_writes_nothing(world: World) -> None:
    before = HistoryEntry.objects.count()
    with pytest.raises(Outdated):
        actions.change_date(
            by=world.access(), entry=world.records["date"], version=7, title="X", day=date.today(), time=None
        )
    assert HistoryEntry.objects.count() == before
    assert PlanDate.objects.get().title == "Coalition meeting"


@pytest.mark.parametrize(
    ("event", "act", "holds"),
    [
        (
            "task.done",
            lambda world: actions.change_task(
                by=world.access(), key=TASK, version=2, values={"done_on": date.today(), "proof": "P"}
            ),
            lambda world: Task.objects.get(plan=world.plan, key=TASK).done_on is None,
        ),
        (
            "task.assigned",
            lambda world: None,
            lambda world: Task.objects.get(plan=world.plan, key=TASK).owner is None,
        ),
        (
            "date.removed",
            lambda world: actions.remove_date(by=world.access(), entry=world.records["date"]),
            lambda world: PlanDate.objects.filter(title="Coalition meeting", place="Library").exists(),
        ),
    ],
    ids=["task", "assignment", "date"],
)
def test_an_event_is_taken_back(world: World, event: str, act, holds) -> None:
    act(world)
    entry = HistoryEntry.objects.filter(event=event).latest("pk")
    path = page(world, "undo", number=entry.pk)
    said = world.browser("owner").post(path, follow=True).content.decode()
    assert "Taken back" in said
    assert holds(world)
    again = world.browser("owner").post(path, follow=True).content.decode()
    assert "cannot be taken back" in again


def test_an_event_is_not_taken_back_over_a_newer_change(world: World) -> None:
    row = actions.change_task(by=world.access(), key=TASK, version=2, values={"proof": "One"})
    actions.change_task(by=world.access(), key=TASK, version=row.version, values={"proof": "Two"})
    entry = HistoryEntry.objects.filter(event="task.changed").order_by("pk").first()
    said = world.browser("owner").post(page(world, "undo", number=entry.pk), follow=True).content.decode()
    assert "has changed again" in said
    assert Task.objects.get(plan=world.plan, key=TASK).proof == "Two"


def test_history_is_written_in_sentences_of_the_page_s_language(world: World) -> None:
    answer(world, "owner", "Words", 0)
    english = world.browser("viewer").get(page(world, "history")).content.decode()
    spanish = world.browser("viewer").get("/es" + page(world, "history")).content.decode()
    assert "Owner Person answered" in english
    assert "Owner Person respondió" in spanish


def test_history_is_narrowed_by_person_subject_record_and_days_and_taken_out_as_a_table(world: World) -> None:
    answer(world, "editor", "=1+1", 0)
    browser, path = world.browser("viewer"), page(world, "history")
    editor, today = str(world.people["editor"].pk), date.today()
    for query, count in (
        ({}, HistoryEntry.objects.filter(plan=world.plan.pk).count()),
        ({"about": "answer"}, 1),
        ({"person": editor}, 1),
        ({"person": editor, "about": "task"}, 0),
        ({"record": f"question:{QUESTION}"}, 1),
        ({"first": (today + timedelta(days=2)).isoformat()}, 0),
        ({"last": (today - timedelta(days=2)).isoformat()}, 0),
        ({"about": "answer", "first": (today - timedelta(days=2)).isoformat(), "last": "9999-12-31"}, 1),
        (
            {"about": "x' OR 1=1", "first": "yesterday", "person": "²"},
            HistoryEntry.objects.filter(plan=world.plan.pk).count(),
        ),
    ):
        shown = browser.get(path, query).content.decode()
        assert f"{count} {'entry' if count == 1 else 'entries'}" in shown, query
        rows = list(
            csv.reader(io.StringIO(browser.get(f"{path[:-1]}.csv", query).content.decode("utf-8-sig")))
        )
        assert len(rows) == count + 1, query
    table = browser.get(f"{path[:-1]}.csv", {"about": "answer"}).content.decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(table)))[1]
    assert row[1:3] == ["Editor Person", f"Editor Person answered “{CATALOG.questions[QUESTION].text}”"]
    assert row[5] == "answer: nothing → =1+1"
    spanish = browser.get(f"/es{path[:-1]}.csv").content.decode("utf-8-sig")
    assert spanish.startswith("Cuándo,Persona,Qué pasó,")


def test_a_name_that_is_a_formula_is_none_in_the_table_of_the_history(world: World) -> None:
    from upward.web.accounts.models import User

    User.objects.filter(pk=world.people["owner"].pk).update(name="=cmd|' /C calc'!A0")
    answer(world, "owner", "Words", 0)
    table = world.browser("owner").get(f"{page(world, 'history')[:-1]}.csv").content.decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(table)))[1]
    assert row[1] == "'=cmd|' /C calc'!A0"
    assert row[2].startswith("'=cmd")


def test_days_of_the_history_stand_in_words(world: World) -> None:
    actions.change_task(by=world.access(), key=TASK, version=2, values={"due": date(2031, 5, 3)})
    assert (
        "due date: nothing → May 3, 2031"
        in world.browser("viewer").get(page(world, "history")).content.decode()
    )
    spanish = world.browser("viewer").get("/es" + page(world, "history")).content.decode()
    assert "3 de mayo de 2031" in spanish


def test_tasks_are_listed_in_other_orders_and_late_ones_alone(world: World) -> None:
    late, soon = date.today() - timedelta(days=3), date.today() + timedelta(days=3)
    actions.change_task(by=world.access(), key="s02.t01", version=0, values={"due": late})
    actions.change_task(by=world.access(), key="s03.t01", version=0, values={"due": soon})
    browser, path = world.browser("viewer"), page(world, "tasks")

    def keys(query: str) -> list[str]:
        return re.findall(
            r'<th scope="row"><a href="[^"]*/tasks/([^/"]+)/"', browser.get(path + query).content.decode()
        )

    assert keys("?state=late") == ["s02.t01"]
    assert keys("?order=due")[:2] == ["s02.t01", "s03.t01"]
    assert keys("?order=owner")[0] == TASK
    assert keys("?order=title") == sorted(keys("?order=title"), key=lambda key: title(key).casefold())
    assert keys("?order=nonsense") == keys("")
    shown = browser.get(f"{path}?order=due&state=open").content.decode()
    assert '<th scope="col" aria-sort="ascending">Due' in shown
    assert "?state=open&amp;order=owner" in shown


def title(key: str) -> str:
    return CATALOG.tasks[key].title if key in CATALOG.tasks else "Call the library"


def test_the_step_where_most_of_the_work_is_was_not_signed_off(world: World) -> None:
    actions.sign_off_step(by=world.access(), step="approach", note="On we go", open_tasks=9)
    actions.change_task(
        by=world.access(), key="s03.t01", version=0, values={"done_on": date.today(), "proof": "P"}
    )
    shown = world.browser("owner").get(page(world, "home")).content.decode()
    here = shown.index('<li class="here">')
    assert "/steps/3/" in shown[here : here + 300]


def test_search_finds_what_the_team_wrote_whatever_the_accents(world: World) -> None:
    answer(world, "owner", "Más educación y vivienda <b>digna</b>", 0)
    found = world.browser("viewer").get(page(world, "search"), {"q": "EDUCACION digna"}).content.decode()
    assert "<mark>educación</mark>" in found
    assert "<b>digna" not in found


def test_home_always_has_a_next_thing_and_puts_it_off(world: World) -> None:
    browser = world.browser("owner")
    first = browser.get(page(world, "home")).content.decode()
    assert "Do this next" in first
    assert "Prepare for “Coalition meeting”" in first
    browser.post(page(world, "postpone"), {"thing": f"date:date:{world.records['date'].pk}"})
    assert '<p class="what">Prepare for' not in browser.get(page(world, "home")).content.decode()


def test_the_calendar_feed_opens_with_its_secret_and_follows_the_rules_of_icalendar(world: World) -> None:
    from upward.web.accounts.actions import renew_calendar
    from upward.web.accounts.tokens import calendar_token

    viewer = world.people["viewer"]
    actions.add_date(
        by=world.access(), title="Very, long; title " * 8, day=date.today(), time=None, place="", note="a\nb"
    )
    token = calendar_token(viewer)
    feed = Client().get(reverse("plans:feed", kwargs={"token": token}))
    text = feed.content.decode()
    assert feed.headers["Content-Type"].startswith("text/calendar")
    assert text.count("BEGIN:VEVENT") == 2
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "DESCRIPTION:a\\nb" in text
    renew_calendar(by=viewer)
    assert Client().get(reverse("plans:feed", kwargs={"token": token})).status_code == 404


def test_pages_ask_the_database_a_bounded_number_of_times(
    world: World, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(48):  # each kind of record and of link is read once after a change
        world.browser("owner").get(page(world, "home"))
    for name, most in (
        ("home", 17),
        ("steps", 8),
        ("tasks", 8),
        ("history", 8),
        ("people", 9),
        ("calendar", 9),
    ):
        browser = world.browser("owner")
        with django_assert_max_num_queries(most):
            browser.get(page(world, name))
    browser = world.browser("owner")
    with django_assert_max_num_queries(11):
        browser.get(page(world, "step", number=1))
    with django_assert_max_num_queries(15):
        browser.get(reverse("plans:list"))
