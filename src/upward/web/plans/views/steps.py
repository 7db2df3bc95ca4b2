"""The ten steps: one view renders all; their guidance, questions, sign-off, and the chapters as a second way in."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upward.base.errors import RefusedError
from upward.base.messages import _
from upward.catalog.step_model import Passage, Step
from upward.plan.cautions import step_cautions
from upward.plan.ways import questions_of_chapter, tasks_of_chapter
from upward.web.core.templating import address
from upward.web.plans import actions, catalogue
from upward.web.plans.additions import additions, pages_beside
from upward.web.plans.forms import AnswerForm, OwnTaskForm, SignOffForm
from upward.web.plans.models import Answer
from upward.web.plans.policies import Access, Permission
from upward.web.plans.queries import answered_in, answers_of, marks_of, plan_work
from upward.web.plans.views.parts import Editing, edit, plan_page, say_saved, show

NOTES = {"key concept": "concept", "community": "community", "caution": "caution"}


@plan_page()
@require_safe
def steps(request: HttpRequest, access: Access) -> HttpResponse:
    """List the ten steps, and the seven chapters as a second way in."""
    return show(
        request,
        "steps",
        access,
        "steps",
        work=plan_work(access.plan),
        here_now="",
        chapters=list(catalogue.catalog().chapters.values()),
    )


@plan_page()
@require_safe
def step(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """Show a step: purpose, progress, cautions, tasks, questions, and what the guide notes."""
    work = plan_work(access.plan)
    held = catalogue.step_numbered(number)
    line = work[held.slug]
    cautions = [
        caution
        for caution in step_cautions(catalogue.catalog(), held.slug, marks_of(work), answered_in(work))
        if caution.subject == held.slug
    ]
    return show(
        request,
        "step",
        access,
        "steps",
        step=held,
        line=line,
        work=work,
        cautions=cautions,
        notes=_first_notes(held),
        answers=answers_of(access.plan, held.questions),
        beside=[catalogue.step_called(slug) for slug in held.beside],
        own=OwnTaskForm(),
        pages=pages_beside(held.records, access.plan.slug),
        kept=[
            kept for one in additions() if one.step_lines is not None for kept in one.step_lines(access, held)
        ],
    )


def _first_notes(held: Step) -> list[tuple[str, Passage]]:
    """Return the first passage of each marker: a step's page shows one of each, the guidance page all."""
    found: dict[str, Passage] = {}
    for passage in held.guidance.values():
        if passage.marker is not None:
            found.setdefault(NOTES[passage.marker.value], passage)
    return sorted(found.items(), key=lambda pair: list(NOTES.values()).index(pair[0]))


@plan_page()
@require_safe
def guide(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """Show all guidance of a step."""
    held = catalogue.step_numbered(number)
    readings = [
        catalogue.catalog().readings[key] for key in held.reading if key in catalogue.catalog().readings
    ]
    return show(
        request,
        "guide",
        access,
        "steps",
        step=held,
        work=plan_work(access.plan),
        marks=NOTES,
        readings=readings,
    )


@plan_page(post=Permission.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, access: Access, key: str) -> HttpResponse:
    """Show a question, its answer and versions, and the form to answer it."""
    asked = catalogue.catalog().questions.get(key)
    if asked is None:
        raise Http404
    row = Answer.objects.filter(plan=access.plan, question=key).first()

    def current(record: Answer) -> dict[str, Any]:
        return {"answer": record.value.get("value"), "version": record.version}

    def save(values: dict[str, Any]) -> None:
        actions.save_answer(by=access, question=key, version=values["version"], value=values["answer"])

    held = catalogue.step_called(asked.step)
    order = list(held.questions)
    at = order.index(key)
    return edit(
        request,
        access,
        Editing(
            template="question",
            part="steps",
            save=save,
            done=address("plans:question", slug=access.plan.slug, key=key),
            said=_("Your answer is kept as a new version."),
            draft=f"question:{key}",
            current=current,
        ),
        make=lambda *args, **kwargs: AnswerForm(*args, question=asked, **kwargs),
        initial=current(row) if row else {"version": 0},
        question=asked,
        step=held,
        answer=row,
        answer_text=catalogue.answer_text(row.value) if row else "",
        versions=[(v, catalogue.answer_text(v.value)) for v in row.versions.all()] if row else [],
        next_question=held.questions[order[at + 1]] if at + 1 < len(order) else None,
        previous_question=held.questions[order[at - 1]] if at else None,
    )


@plan_page(post=Permission.ANSWER)
@require_POST
def drafts(request: HttpRequest, access: Access, form: str) -> HttpResponse:
    """Keep, or drop, what the person has typed into a form; scripts send it now and then, a button does too."""
    if "drop" in request.POST:
        actions.drop_draft(by=access, form=form)
        return redirect("plans:question", slug=access.plan.slug, key=form.removeprefix("question:"))
    fields = {
        name: request.POST.getlist(name) if len(request.POST.getlist(name)) > 1 else request.POST[name]
        for name in request.POST
        if name != "csrfmiddlewaretoken"
    }
    actions.keep_draft(by=access, form=form, fields=fields)
    return HttpResponse(_("Draft kept. Only you see it."), content_type="text/plain; charset=utf-8")


@plan_page(Permission.ASSIGN, opened=True)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_off(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """Sign a step off, or take the sign-off back. Open tasks ask for a note; they stop nothing."""
    held = catalogue.step_numbered(number)
    line = plan_work(access.plan)[held.slug]
    back = address("plans:step", slug=access.plan.slug, number=number)
    if request.method == "POST" and "reopen" in request.POST:
        actions.reopen_step(by=access, step=held.slug)
        say_saved(request, _("The step is open again."))
        return redirect(back)
    form = SignOffForm(request.POST or None)
    open_tasks = line.states.count("open")
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_off_step(
                by=access, step=held.slug, note=form.cleaned_data["note"], open_tasks=open_tasks
            )
        except RefusedError as problem:
            if type(problem) is not RefusedError:
                raise
            form.add_error("note", str(problem))
        else:
            say_saved(request, _("The step is signed off."))
            return redirect(back)
    return show(
        request,
        "sign_off",
        access,
        "steps",
        form=form,
        step=held,
        line=line,
        open_tasks=open_tasks,
        status=422 if form.errors else 200,
    )


@plan_page()
@require_safe
def chapter(request: HttpRequest, access: Access, key: str) -> HttpResponse:
    """Show a chapter of the toolkit with the tasks and questions of the steps that belong to it."""
    held = catalogue.catalog()
    if key not in held.chapters:
        raise Http404
    work = plan_work(access.plan)
    lines = {line.key: line for entry in work.values() for line in entry.tasks}
    return show(
        request,
        "chapter",
        access,
        "steps",
        chapter=held.chapters[key],
        chapters=list(held.chapters.values()),
        tasks=[lines[task.id] for task in tasks_of_chapter(held, key)],
        questions=questions_of_chapter(held, key),
        answers=answers_of(access.plan, {q.id: q for q in questions_of_chapter(held, key)}),
    )
