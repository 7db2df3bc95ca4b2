"""What the pages of a plan share: getting in, the layout, saving with a version, drafts, the line after saving."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from markupsafe import Markup

from upward.base.errors import DataError, RefusedError, UsageError
from upward.base.messages import _
from upward.web.accounts.sign_in import kept_form, signed_in
from upward.web.core.refusals import NotAllowed, Outdated, StateForbids
from upward.web.core.templating import clock
from upward.web.plans import actions
from upward.web.plans.additions import additions
from upward.web.plans.policies import Access, Permission, can, check_may, check_permission
from upward.web.plans.queries import draft_of, open_plan

View = Callable[..., HttpResponse]
Show = Callable[[forms.Form], list[tuple[str, str, str]]]


def plan_page(
    permission: Permission = Permission.READ, *, post: Permission | None = None, opened: bool = False
) -> Callable[[View], View]:
    """Give a view the standing of the person in the plan of its address, if the role permits what the page is for.

    `post` is what sending its form needs, in a plan that is open; `opened`: the page itself is for open plans only.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        @signed_in
        def wrapped(request: HttpRequest, slug: str, **parts: Any) -> HttpResponse:
            access = open_plan(slug, request.user)
            check_permission(access, permission)
            if request.method == "POST" and post is not None:
                check_may(access, post)
            if opened:
                check_may(access, permission)
            return view(request, access, **parts)

        return wrapped

    return decorate


def show(request: HttpRequest, template: str, access: Access, part: str, **context: Any) -> HttpResponse:
    """Return a page of a plan; `part` is the word of the navigation that it belongs to.

    `template` is a name of our own folder, or `app/name` of another app's.
    """
    status = context.pop("status", 200)
    held = {
        "access": access,
        "plan": access.plan,
        "part": part,
        "beside": partial(_beside, request, access),
        "may": {permission.value: can(access, permission) for permission in Permission},
        **context,
    }
    folder = "" if "/" in template else "plans/"
    return render(request, f"{folder}{template}.html", held, status=status)


def _beside(request: HttpRequest, access: Access, record: str) -> Markup:
    """Return what other apps put beside a record, for templates: `{{ beside("task:" ~ line.key) }}`."""
    parts = [one.beside(request, access, record) for one in additions() if one.beside is not None]
    return Markup("").join(Markup(part) for part in parts)  # noqa: S704 - rendered by our own templates


def say_saved(request: HttpRequest, what: str, link: str = "") -> None:
    """Put one line at the top of the next page: what changed, and when."""
    said = _("{what} Saved {time}.").format(what=what, time=clock(timezone.now()))
    messages.success(request, said.replace("..", "."), extra_tags=link)  # “p.m.” ends with a point of its own


@dataclass(frozen=True, slots=True)
class Editing:
    """One form over a record: what the page shows, where it leads, and how it is saved.

    `current(record)` returns the initial values of a record that has moved on, so that both texts can be shown.
    `reshapes(data)` tells whether what was sent asks for another shape of the form (one more row), not to be saved.
    """

    template: str
    part: str
    save: Callable[[dict[str, Any]], None]
    done: str
    said: str
    draft: str = ""
    current: Callable[[Any], dict[str, Any]] | None = None
    history: str = ""
    reshapes: Callable[[Mapping[str, Any]], bool] | None = None


def edit(
    request: HttpRequest,
    access: Access,
    editing: Editing,
    *,
    make: Callable[..., forms.Form],
    initial: Mapping[str, Any],
    begun: Mapping[str, Any] = MappingProxyType({}),
    **context: Any,
) -> HttpResponse:
    """Show a form, save it, or show both texts where someone else was faster. Nothing typed is ever lost.

    `begun` is what the link to the form has filled in; it goes before a draft.
    """
    initial = {**initial, **begun}
    if request.method == "POST":
        data = _with_choices(request)
        if editing.reshapes and editing.reshapes(data):
            form = make(initial={**initial, **_typed(data), "version": data.get("version")})
            return show(request, editing.template, access, editing.part, form=form, draft=None, **context)
        if editing.draft and _about_draft(request, access, editing.draft, data):
            return redirect(request.path)
        form = make(data, request.FILES or None, initial=initial)
        if form.is_valid():
            try:
                editing.save(form.cleaned_data)
            except Outdated as problem:
                return _merge(request, access, editing, make, form, problem)
            except (NotAllowed, StateForbids):
                raise
            except (RefusedError, UsageError, DataError) as problem:  # a rule of the record says what to do
                form.add_error(None, str(problem))
            else:
                if editing.draft:
                    actions.drop_draft(by=access, form=editing.draft)
                say_saved(request, editing.said, editing.history)
                return redirect(editing.done)
        return show(
            request, editing.template, access, editing.part, form=form, draft=None, **context, status=422
        )
    draft = draft_of(access.person, access.plan, editing.draft) if editing.draft and access.person else None
    typed = kept_form(request) or (draft.fields if draft else {})
    form = make(
        initial={**initial, **typed, **begun, "version": _opened_version(typed, initial.get("version"))}
    )
    return show(request, editing.template, access, editing.part, form=form, draft=draft, **context)


def _about_draft(request: HttpRequest, access: Access, name: str, data: Mapping[str, Any]) -> bool:
    """Keep or drop a draft where a button of the form asked for it, and say so; return whether one did."""
    if "keep_draft" in data:
        actions.keep_draft(by=access, form=name, fields=_typed(data))
        messages.success(request, _("Your draft is kept for 30 days. Only you see it."))
        return True
    if "drop_draft" in data:
        actions.drop_draft(by=access, form=name)
        messages.success(request, _("Your draft is gone."))
        return True
    return False


def _opened_version(typed: Mapping[str, Any], now: int | None) -> int | None:
    """Return the version that what was typed began from, so that saving it shows what others saved in between."""
    held = str(typed.get("version", ""))
    return int(held) if now is not None and held.isdecimal() and len(held) < 10 else now


def _typed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the texts of a form as a draft keeps them; choices of several keep all."""
    left_out = {"csrfmiddlewaretoken", "keep_draft"}
    held = {}
    for name in data:
        values = data.getlist(name) if hasattr(data, "getlist") else [data[name]]
        if name not in left_out:
            held[name] = values if len(values) > 1 else values[0]
    return held


def _with_choices(request: HttpRequest) -> Any:
    """Return the posted fields, with the other person's text where the merge page chose it."""
    data = request.POST.copy()
    for name in [key for key in data if key.startswith("choose_")]:
        field = name.removeprefix("choose_")
        if data[name] == "theirs":
            data.setlist(field, data.getlist(f"theirs_{field}"))
    return data


def _merge(
    request: HttpRequest,
    access: Access,
    editing: Editing,
    make: Callable[..., forms.Form],
    form: forms.Form,
    problem: Outdated,
) -> HttpResponse:
    """Show both texts, field by field, and a form that saves over the version that is there now."""
    record: Any = problem.current
    theirs = editing.current(record) if editing.current else {}
    other = make(initial={**theirs, "version": record.version})
    data = form.data.copy()
    data["version"] = str(record.version)
    mine = make(data, initial=theirs)
    mine.is_valid()
    pairs = [
        (mine[name], other[name], _shown(mine[name]), _shown(other[name]))
        for name in mine.fields
        if name != "version" and _shown(mine[name]) != _shown(other[name])
    ]
    same = [
        mine[name]
        for name in mine.fields
        if name == "version" or name not in {pair[0].name for pair in pairs}
    ]
    return show(
        request,
        "merge",
        access,
        editing.part,
        pairs=pairs,
        same=same,
        saved_at=record.changed_at,
        saved_by=_saved_by(access, record),
        back=editing.done,
        status=409,
    )


def _shown(bound: Any) -> str:
    """Return a field's value in words."""
    value = bound.value()
    if hasattr(bound.field, "words"):
        return str(bound.field.words(value))
    choices = dict(getattr(bound.field, "choices", ()) or ())
    if choices:
        values = value if isinstance(value, list | tuple) else [value]
        names = {str(getattr(key, "value", key)): str(name) for key, name in choices.items()}
        return ", ".join(names.get(str(item), str(item)) for item in values if item not in (None, ""))
    if isinstance(value, bool) or isinstance(bound.field, forms.BooleanField):
        return _("yes") if value else _("no")
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _saved_by(access: Access, record: Any) -> str:
    """Return who saved last, as the history knows it."""
    from upward.web.core.models import HistoryEntry

    kind = {"Task": "task", "Answer": "question", "PlanDate": "date", "Plan": "plan"}.get(
        type(record).__name__, ""
    )
    key = {"task": "key", "question": "question", "date": "pk"}.get(kind)
    name = f"{kind}:{getattr(record, key)}" if key else kind or str(getattr(record, "key", ""))
    entry = HistoryEntry.objects.filter(plan=access.plan.pk, record=name).first()
    return entry.by_name if entry else ""
