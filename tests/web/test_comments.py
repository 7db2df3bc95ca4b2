"""Comments beside records: said, asked, answered, closed, withdrawn, found, told, carried along."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from workbench_world import World, first_question, first_task

from upward.base.errors import DataError, NotFoundError
from upward.web.comments import actions
from upward.web.comments.models import Comment
from upward.web.comments.queries import comments_of, open_questions, state_of
from upward.web.core.models import HistoryEntry
from upward.web.core.refusals import NotAllowed, StateForbids
from upward.web.plans.models import Notice, Plan
from upward.web.records.actions import add_record

pytestmark = pytest.mark.django_db
TASK = f"task:{first_task()}"
QUESTION = f"question:{first_question()}"


def path(world: World, name: str, **parts: object) -> str:
    return reverse(f"comments:{name}", kwargs={"slug": world.plan.slug, **parts})


def ask(world: World, who: str = "editor", of: str | None = None, record: str = TASK) -> Comment:
    asked_of = world.people[of] if of else None
    return actions.write_comment(
        by=world.access(who), record=record, text="Who pays for it?", question=True, asked_of=asked_of
    )


def state(world: World, comment: Comment) -> str:
    return state_of(comments_of(world.plan).get(pk=comment.pk))


def test_a_comment_stands_beside_its_record_with_role_and_as_plain_text(world: World) -> None:
    thread = path(world, "thread", record=TASK)
    sent = world.browser("adviser").post(thread, {"text": "One\ntwo <b>three</b>", "back": "1"}, follow=True)
    text = sent.content.decode()
    assert sent.redirect_chain[0][0].startswith(reverse("plans:task", args=[world.plan.slug, first_task()]))
    assert "Adviser Person</b>, Resident adviser" in text
    assert "One\ntwo &lt;b&gt;three&lt;/b&gt;" in text


@pytest.mark.parametrize("language", ["", "/es"])
def test_the_menu_marks_where_one_is_among_comments(world: World, language: str) -> None:
    finding = add_record(
        by=world.access(), kind="finding", values={"statement": "Homes are scarce", "status": "draft"}
    )
    asked = ask(world)
    plan = [world.plan.slug]
    for page, part in (
        (path(world, "list"), reverse("comments:list", args=plan)),
        (path(world, "thread", record=TASK), reverse("plans:tasks", args=plan)),
        (path(world, "thread", record=QUESTION), reverse("plans:steps", args=plan)),
        (path(world, "thread", record=finding.key), reverse("records:index", args=plan)),
        (path(world, "answer", uid=asked.uid), reverse("plans:tasks", args=plan)),
    ):
        text = world.browser("owner").get(language + page).content.decode()
        marked = re.findall(r'<a href="([^"]+)" aria-current="(?:page|true)"', text)
        assert set(marked) == {language + part}, page


def test_comments_are_read_in_the_order_in_which_they_were_written(world: World) -> None:
    for number in range(3):
        actions.write_comment(by=world.access(), record=QUESTION, text=f"Remark {number}")
    page = world.browser("viewer").get(reverse("plans:question", args=[world.plan.slug, first_question()]))
    text = page.content.decode()
    assert text.index("Remark 0") < text.index("Remark 1") < text.index("Remark 2")
    assert "Your comment" not in text, "a viewer reads"


def test_a_long_talk_comes_in_pages_that_begin_at_its_end(world: World) -> None:
    for number in range(53):
        actions.write_comment(by=world.access(), record=TASK, text=f"Remark {number:02}.")
    browser = world.browser("viewer")
    beside = browser.get(reverse("plans:task", args=[world.plan.slug, first_task()])).content.decode()
    assert "Remark 52." in beside
    assert "Remark 32." not in beside
    last = browser.get(path(world, "thread", record=TASK)).content.decode()
    assert "Remark 50." in last
    assert "Remark 49." not in last
    assert "Remark 00." in browser.get(path(world, "thread", record=TASK) + "?page=1").content.decode()


@pytest.mark.parametrize("who", ["owner", "editor", "contributor", "adviser", "assistant"])
def test_everyone_but_viewers_writes(world: World, who: str) -> None:
    assert actions.write_comment(by=world.access(who), record=TASK, text="x").role == who
    with pytest.raises(NotAllowed):
        actions.write_comment(by=world.access("viewer"), record=TASK, text="x")


def test_a_question_is_open_until_it_is_answered(world: World) -> None:
    asked = ask(world)
    assert state(world, asked) == "open"
    answer = actions.write_comment(
        by=world.access("contributor"), record="", text="The county.", answers=asked
    )
    assert (state(world, asked), answer.record) == ("answered", TASK)
    actions.withdraw_comment(by=world.access("contributor"), comment=answer, reason="Wrong")
    assert state(world, asked) == "open", "an answer that was taken away answers nothing"


def test_a_question_is_closed_with_a_reason_only_and_opened_again(world: World) -> None:
    asked = ask(world)
    close = path(world, "close", uid=asked.uid)
    assert world.browser("editor").post(close, {"reason": " "}).status_code == 422
    world.browser("editor").post(close, {"reason": "The board decided otherwise"})
    assert state(world, asked) == "closed"
    text = world.browser("viewer").get(path(world, "thread", record=TASK)).content.decode()
    assert "The board decided otherwise" in text
    with pytest.raises(StateForbids):
        actions.close_question(by=world.access(), comment=asked, reason="Again")
    world.browser("editor").post(path(world, "reopen", uid=asked.uid))
    assert state(world, asked) == "open"


def test_only_the_author_and_those_who_run_the_plan_close_and_withdraw(world: World) -> None:
    asked = ask(world, "adviser")
    with pytest.raises(NotAllowed):
        actions.close_question(by=world.access("contributor"), comment=asked, reason="x")
    with pytest.raises(NotAllowed):
        actions.withdraw_comment(by=world.access("contributor"), comment=asked, reason="x")
    actions.withdraw_comment(by=world.access("editor"), comment=asked, reason="Names a neighbor")
    assert state(world, asked) == "withdrawn"


def test_a_withdrawn_comment_leaves_the_page_and_comes_back_within_thirty_days(world: World) -> None:
    said = actions.write_comment(by=world.access("adviser"), record=TASK, text="Too much said")
    browser = world.browser("adviser")
    browser.post(path(world, "withdraw", uid=said.uid), {"reason": "I was too quick"})
    text = browser.get(path(world, "thread", record=TASK)).content.decode()
    assert "Too much said" not in text
    assert "I was too quick" in text
    browser.post(path(world, "bring_back", uid=said.uid))
    assert "Too much said" in browser.get(path(world, "thread", record=TASK)).content.decode()
    actions.withdraw_comment(by=world.access("adviser"), comment=said, reason="No")
    Comment.objects.filter(pk=said.pk).update(withdrawn_at=timezone.now() - timedelta(days=31))
    assert browser.post(path(world, "bring_back", uid=said.uid)).status_code == 409


def test_those_whom_it_concerns_are_told_once_and_the_author_not(world: World) -> None:
    Notice.objects.all().delete()
    asked = ask(world, "editor", of="assistant")
    told = sorted(Notice.objects.values_list("user__name", "kind"))
    assert told == [("Assistant Person", "asked"), ("Contributor Person", "commented")], "its task"
    actions.write_comment(by=world.access("assistant"), record=TASK, text="The grant does.", answers=asked)
    new = Notice.objects.filter(kind="answered_question")
    assert [notice.user for notice in new] == [world.people["editor"]]
    assert (
        "Assistant Person answered your question" in world.browser("editor").get("/notices/").content.decode()
    )


def test_a_question_waits_on_the_home_page_of_whoever_is_asked(world: World) -> None:
    asked = ask(world, "editor", of="assistant")
    home = reverse("plans:home", args=[world.plan.slug])
    assert "Who pays for it?" in world.browser("assistant").get(home).content.decode()
    assert "Who pays for it?" not in world.browser("viewer").get(home).content.decode()
    actions.write_comment(by=world.access("owner"), record="", text="We do.", answers=asked)
    assert "Who pays for it?" not in world.browser("assistant").get(home).content.decode()


def test_only_members_who_can_answer_are_asked(world: World) -> None:
    with pytest.raises(DataError):
        ask(world, of="viewer")
    with pytest.raises(DataError):
        ask(world, of="outsider")


def test_a_record_that_is_not_there_takes_no_comment(world: World) -> None:
    for record in ("task:s99.t01", "question:x", "nothing", "answer:s01.q01", "task:own.99"):
        with pytest.raises(NotFoundError):
            actions.write_comment(by=world.access(), record=record, text="x")
        assert world.browser("owner").get(path(world, "thread", record=record)).status_code == 404


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5_001, "a\x00b"])
def test_an_impossible_text_is_kept_and_explained(world: World, text: str) -> None:
    sent = world.browser("owner").post(path(world, "thread", record=TASK), {"text": text})
    assert sent.status_code == 422
    assert "<title>Error:" in sent.content.decode()
    assert not Comment.objects.exists()


def test_a_comment_of_another_plan_cannot_be_reached(world: World) -> None:
    from upward.web.plans.actions import start_plan

    asked = ask(world)
    other = start_plan(by=world.people["outsider"], name="Other", places=[("98003", "Other")])
    for name in ("answer", "close", "withdraw"):
        address = reverse(f"comments:{name}", kwargs={"slug": other.slug, "uid": asked.uid})
        assert world.browser("outsider").get(address).status_code == 404


def test_a_closed_plan_takes_no_comments(world: World) -> None:
    asked = ask(world)
    Plan.objects.update(state="closed")
    sent = world.browser("owner").post(path(world, "thread", record=TASK), {"text": "late"})
    assert sent.status_code == 409
    assert world.browser("owner").get(path(world, "answer", uid=asked.uid)).status_code == 409
    assert (
        "Who pays for it?" in world.browser("owner").get(path(world, "thread", record=TASK)).content.decode()
    )


def test_the_history_tells_it_and_takes_it_back(world: World) -> None:
    asked = ask(world)
    history = reverse("plans:history", args=[world.plan.slug])
    text = world.browser("owner").get(history).content.decode()
    assert "Editor Person asked a question about" in text
    assert f'href="/plans/{world.plan.slug}/comments/beside/{TASK}/#c-{asked.uid}"' in text
    assert "hizo una pregunta" in world.browser("owner").get("/es" + history).content.decode()
    entry = HistoryEntry.objects.get(event="comment.asked")
    world.browser("owner").post(reverse("plans:undo", args=[world.plan.slug, entry.pk]))
    assert state(world, asked) == "withdrawn"
    entry.refresh_from_db()
    assert entry.undone_by
    actions.restore_comment(by=world.access(), comment=Comment.objects.get())
    actions.close_question(by=world.access(), comment=Comment.objects.get(), reason="Moot")
    closed = HistoryEntry.objects.get(event="comment.closed")
    world.browser("owner").post(reverse("plans:undo", args=[world.plan.slug, closed.pk]))
    assert state(world, asked) == "open"


def test_a_comment_does_not_stop_an_earlier_change_of_its_record_from_being_taken_back(world: World) -> None:
    ask(world)
    entry = HistoryEntry.objects.get(event="task.assigned")
    said = world.browser("owner").post(reverse("plans:undo", args=[world.plan.slug, entry.pk]), follow=True)
    assert "Taken back" in said.content.decode()


def test_search_finds_what_was_said_but_not_what_was_withdrawn(world: World) -> None:
    said = actions.write_comment(by=world.access(), record=TASK, text="The zebra crossing")
    search = reverse("plans:search", args=[world.plan.slug]) + "?q=zebra"
    assert "<mark>zebra</mark>" in world.browser("viewer").get(search).content.decode()
    actions.withdraw_comment(by=world.access(), comment=said, reason="No")
    assert "<mark>zebra</mark>" not in world.browser("viewer").get(search).content.decode()


def test_the_list_is_filtered_by_what_is_open_and_to_whom(world: World) -> None:
    ask(world, of="assistant")
    actions.write_comment(by=world.access(), record=QUESTION, text="A mere remark")
    every = path(world, "list")
    browser = world.browser("assistant")
    assert "2 of 2 comments" in browser.get(every).content.decode()
    mine = browser.get(every + "?show=mine").content.decode()
    assert "1 of 2 comments" in mine
    assert "A mere remark" not in mine
    assert "0 of 2 comments" in world.browser("editor").get(every + "?show=mine").content.decode()
    assert browser.get(every + "?show=%00<script>").status_code == 200


def test_comments_are_asked_for_in_a_bounded_number_of_queries(
    world: World, django_assert_max_num_queries
) -> None:
    for number in range(30):
        actions.write_comment(by=world.access(), record=TASK, text=f"Remark {number}")
    browser = world.browser("owner")
    with django_assert_max_num_queries(21):
        browser.get(reverse("plans:task", args=[world.plan.slug, first_task()]))
    with django_assert_max_num_queries(9):
        browser.get(path(world, "thread", record=TASK))


def test_a_lapsed_sign_in_keeps_the_comment(world: World) -> None:
    from workbench_world import PASSWORD

    browser = Client()
    thread = path(world, "thread", record=TASK)
    browser.post(thread, {"text": "Typed before the session ended", "kind": "note"})
    login = {"login": "owner@example.org", "password": PASSWORD, "next": thread}
    back = browser.post(reverse("account_login"), login, follow=True)
    assert "Typed before the session ended" in back.content.decode()


def test_programs_read_write_and_answer(world: World) -> None:
    from test_api import Caller

    caller = Caller(world, "contributor")
    asked = caller.send("post", "/comments", {"record": TASK, "text": "When?", "question": True}).json()
    assert asked["state"] == "open"
    assert [one["uid"] for one in caller.get("/comments?open=true").json()] == [asked["uid"]]
    answer = caller.send("post", "/comments", {"text": "In May.", "answers": asked["uid"]}).json()
    assert (answer["record"], answer["answers"]) == (TASK, asked["uid"])
    assert caller.get("/comments?open=true").json() == []
    assert len(caller.get(f"/comments?record={TASK}").json()) == 2
    assert Caller(world, "viewer").send("post", "/comments", {"record": TASK, "text": "x"}).status_code == 403
    assert caller.send("post", "/comments", {"record": "task:none", "text": "x"}).status_code == 404
    assert caller.send("post", "/comments", {"text": "x", "answers": answer["uid"]}).status_code == 409


def test_a_bundle_carries_comments_with_who_asked_whom(world: World) -> None:
    from upward.web.plans.bundle import bundle_of, import_plan

    asked = ask(world, of="assistant")
    actions.write_comment(by=world.access("assistant"), record="", text="We do.", answers=asked)
    actions.withdraw_comment(by=world.access(), comment=ask(world, "adviser"), reason="Twice")
    copy = import_plan(bundle_of(world.plan), by=None)
    assert open_questions().filter(plan=copy).count() == 0
    carried = Comment.objects.get(plan=copy, uid=asked.uid)
    assert carried.asked_of == world.people["assistant"]
    assert carried.answers.get().text == "We do."
    assert Comment.objects.filter(plan=copy).exclude(withdrawn_at=None).get().withdrawn_reason == "Twice"
