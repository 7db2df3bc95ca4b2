"""Pages of comments: all of a plan, those beside one record, and the acts on one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upward.base.errors import DataError, NotFoundError
from upward.base.messages import _
from upward.web.accounts.sign_in import kept_form
from upward.web.comments import actions
from upward.web.comments.forms import (
    AnswerQuestionForm,
    CloseForm,
    CommentForm,
    ShortCommentForm,
    WithdrawForm,
)
from upward.web.comments.models import Comment
from upward.web.comments.policies import can_write, check_may_answer, check_may_restore, check_may_tend
from upward.web.comments.queries import comments_of, find_comment, lines_of, open_questions, people_to_ask
from upward.web.core.forms import HouseForm
from upward.web.core.refusals import StateForbids
from upward.web.core.templating import address
from upward.web.plans.policies import Access, Permission
from upward.web.plans.records import NamedRecord, named_record
from upward.web.plans.views.parts import plan_page, say_saved, show

PAGE = 50
BESIDE = 20
SHOWN = ("open", "mine", "questions")


@plan_page()
@require_safe
def every(request: HttpRequest, access: Access) -> HttpResponse:
    """List the comments of the plan, newest first: all, questions, open ones, or those to the person."""
    wanted = request.GET.get("show", "")
    found = comments_of(access.plan)
    if wanted in {"open", "mine"}:
        found = open_questions(found)
    if wanted == "mine":
        found = found.filter(asked_of=access.person)
    if wanted == "questions":
        found = found.filter(kind=Comment.Kind.QUESTION)
    page = Paginator(found.order_by("-at", "-pk"), PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "comments/list",
        access,
        "comments",
        page=page,
        lines=[(line, _where(access, line.comment.record)) for line in lines_of(access, page)],
        wanted=wanted if wanted in SHOWN else "",
        total=comments_of(access.plan).count(),
    )


def _where(access: Access, record: str) -> NamedRecord:
    """Return the record of a comment; one that is gone keeps its name without a page."""
    try:
        return named_record(access.plan, record)
    except NotFoundError:
        return NamedRecord(record, record, "")


def _part(record: str) -> str:
    """Return the word of the navigation that a record's own page belongs to: its comments belong there too."""
    return {"task": "tasks", "question": "steps"}.get(record.partition(":")[0], "records")


@plan_page(post=Permission.COMMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, access: Access, record: str) -> HttpResponse:
    """Show the comments beside a record, and take a new one."""
    held = named_record(access.plan, record)
    people = people_to_ask(access.plan)
    initial: dict[str, Any] = {"kind": "question" if request.GET.get("kind") == "question" else "note"}
    form: HouseForm = CommentForm(initial={**initial, **(kept_form(request) or {})}, people=people)
    if request.method == "POST":
        form = CommentForm({"kind": "note", **request.POST.dict()}, people=people)
        if form.is_valid():
            asks = form.cleaned_data["kind"] == "question"
            try:
                comment = actions.write_comment(
                    by=access,
                    record=record,
                    text=form.cleaned_data["text"],
                    question=asks,
                    asked_of=form.cleaned_data["asked_of"] if asks else None,
                )
            except DataError as problem:
                form.add_error("text", str(problem))
            else:
                say_saved(request, _("Your question is here.") if asks else _("Your comment is here."))
                return redirect(f"{held.link if request.POST.get('back') else request.path}#c-{comment.uid}")
    found = comments_of(access.plan, record=record)
    paginator = Paginator(found, PAGE)
    page = paginator.get_page(request.GET.get("page") or paginator.num_pages)
    return show(
        request,
        "comments/thread",
        access,
        _part(record),
        record=held,
        page=page,
        lines=lines_of(access, page),
        form=form,
        status=422 if form.errors else 200,
    )


def _act(
    request: HttpRequest,
    access: Access,
    comment: Comment,
    form: HouseForm,
    save: Callable[[dict[str, Any]], object],
    **words: str,
) -> HttpResponse:
    """Show a comment with the form of one act on it, or do the act and go back to where it stands."""
    record = _where(access, comment.record)
    back = address("comments:thread", slug=access.plan.slug, record=comment.record)
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except DataError as problem:
            form.add_error(next(iter(form.fields)), str(problem))
        else:
            say_saved(request, words["said"])
            return redirect(f"{back}#c-{comment.uid}")
    return show(
        request,
        "comments/act",
        access,
        _part(comment.record),
        form=form,
        line=lines_of(access, [comment])[0],
        record=record,
        back=back,
        status=422 if form.errors else 200,
        **words,
    )


@plan_page(Permission.COMMENT, post=Permission.COMMENT, opened=True)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, access: Access, uid: str) -> HttpResponse:
    """Answer a question."""
    comment = find_comment(access.plan, uid)
    check_may_answer(access, comment)
    return _act(
        request,
        access,
        comment,
        AnswerQuestionForm(request.POST or None, initial=kept_form(request) or {}),
        lambda values: actions.write_comment(
            by=access, record=comment.record, text=values["text"], answers=comment
        ),
        heading=_("Answer a question"),
        word=_("Answer"),
        said=_("Your answer is here."),
        explained="",
    )


@plan_page(Permission.COMMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, access: Access, uid: str) -> HttpResponse:
    """Close a question without an answer, with the reason."""
    comment = find_comment(access.plan, uid)
    check_may_tend(access, comment)
    if not open_questions().filter(pk=comment.pk).exists():
        raise StateForbids(_("This question is not open any more."))
    return _act(
        request,
        access,
        comment,
        CloseForm(request.POST or None),
        lambda values: actions.close_question(by=access, comment=comment, reason=values["reason"]),
        heading=_("Close a question without an answer"),
        word=_("Close this question"),
        said=_("The question is closed."),
        explained=_(
            "Who asked gets a notice. The question stays here with your reason, and can be opened again."
        ),
    )


@plan_page(Permission.COMMENT)
@require_POST
def reopen(request: HttpRequest, access: Access, uid: str) -> HttpResponse:
    """Open a closed question again."""
    comment = find_comment(access.plan, uid)
    actions.reopen_question(by=access, comment=comment)
    say_saved(request, _("The question is open again."))
    return redirect("comments:thread", slug=access.plan.slug, record=comment.record)


@plan_page(Permission.COMMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, access: Access, uid: str) -> HttpResponse:
    """Withdraw a comment, after a page that says what stays."""
    comment = find_comment(access.plan, uid)
    check_may_tend(access, comment)
    return _act(
        request,
        access,
        comment,
        WithdrawForm(request.POST or None),
        lambda values: actions.withdraw_comment(by=access, comment=comment, reason=values["reason"]),
        heading=_("Withdraw a comment"),
        word=_("Withdraw it"),
        said=_("The comment is withdrawn. You can bring it back for 30 days."),
        explained=_(
            "Its text leaves the page; your name, the day and your reason stand there instead. The history of the "
            "plan, which members can read, keeps the text."
        ),
    )


@plan_page(Permission.COMMENT)
@require_POST
def bring_back(request: HttpRequest, access: Access, uid: str) -> HttpResponse:
    """Bring a withdrawn comment back."""
    comment = find_comment(access.plan, uid)
    check_may_restore(access, comment)
    actions.restore_comment(by=access, comment=comment)
    say_saved(request, _("The comment is back."))
    return redirect("comments:thread", slug=access.plan.slug, record=comment.record)


def beside(request: HttpRequest, access: Access, record: str) -> str:
    """Return the newest comments beside a record, oldest first, with a form for one more; for templates of any app."""
    newest = list(comments_of(access.plan, record=record).order_by("-at", "-pk")[: BESIDE + 1])
    more = len(newest) > BESIDE
    return render_to_string(
        "comments/beside.html",
        {
            "plan": access.plan,
            "record": record,
            "lines": lines_of(access, reversed(newest[:BESIDE])),
            "more": more,
            "may_write": can_write(access),
            "comment_form": ShortCommentForm(auto_id="id_comment_%s"),
        },
        request=request,
    )
