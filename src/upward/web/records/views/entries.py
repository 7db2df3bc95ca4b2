"""One record: its page, the form to add or change it, withdrawing and bringing back, merging, settling a flag."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upward.base.errors import RefusedError
from upward.base.messages import _
from upward.catalog.record_model import FieldKind, RecordKind
from upward.web.core.refusals import NotAllowed, Outdated, StateForbids, allows
from upward.web.core.templating import address
from upward.web.plans.catalogue import catalog
from upward.web.plans.policies import Access, Permission, can
from upward.web.plans.queries import HistoryFilter, history_of
from upward.web.plans.sentences import history_line
from upward.web.plans.views.parts import Editing, edit, plan_page, say_saved, show
from upward.web.records import actions
from upward.web.records.forms import (
    ReasonForm,
    asks_for_another_shape,
    record_form,
    typed_values,
)
from upward.web.records.kinds import kind_called
from upward.web.records.models import Flag, PlanRecord, new_uid
from upward.web.records.options import narrowed, shortened, titles_of
from upward.web.records.pages import codes_in, place_names, record_page, shown_fields
from upward.web.records.queries import find_record, links_from, links_to, may_see_private, standing
from upward.web.records.values import title_of, values_of

HISTORY = 8


@plan_page()
@require_safe
def record(request: HttpRequest, access: Access, kind: str, uid: str) -> HttpResponse:
    """Show a record: its fields, what it stands on, what stands on it, flags, and what happened."""
    held, row = kind_called(kind), find_record(access, kind, uid)
    from_here = links_from(row, held)
    to_here = links_to(access, row)
    entries = history_of(access.plan, HistoryFilter(record=row.key))[:HISTORY]
    may_write = allows(lambda: actions.check_may_write(access, held, row))
    return show(
        request,
        "records/record",
        access,
        "records",
        kind=held,
        step=catalog().steps[held.step],
        row=row,
        title=title_of(row),
        fields=[shown for shown in shown_fields(access, held, row) if not shown.field.stands_on],
        stands_on=_with_pages(access, [tie for tie in from_here if tie.field.stands_on]),
        rests=_with_pages(access, [tie for tie in to_here if tie.field.stands_on], back=True),
        named=_with_pages(access, [tie for tie in to_here if not tie.field.stands_on], back=True),
        flags=[
            (flag, _page_of_key(access, flag.source))
            for flag in Flag.objects.filter(plan=access.plan, record=row.key, settled_at=None)
        ],
        lines=[history_line(entry, access.plan) for entry in entries],
        may_write=may_write and row.withdrawn_at is None,
        begun=_begun_from_here(access, held, row)
        if can(access, Permission.WORK) and row.withdrawn_at is None
        else [],
        may_restore=may_write and row.withdrawn_at is not None,
        hidden=bool(held.private) and not may_see_private(access),
        record_key=row.key,
    )


def _begun_from_here(access: Access, kind: RecordKind, row: PlanRecord) -> list[tuple[str, str]]:
    """Return name and form of the kinds that can stand on a record, with the link to it filled in.

    Where none stands on it, one kind that names it in a single field is offered: the actions of a priority.
    """
    links = [
        (other, field) for other in catalog().records.values() for field in other.links if field.of == kind.id
    ]
    found = [(other, field) for other, field in links if field.stands_on and not field.given]
    if not found:
        single = [(other, field) for other, field in links if field.kind is FieldKind.RECORD]
        found = single if len({other.id for other, _field in single}) == 1 else []
    first: dict[str, tuple[str, str]] = {}
    for other, field in found:
        form = address("records:add", slug=access.plan.slug, kind=other.id)
        first.setdefault(other.id, (other.name, f"{form}?{urlencode({field.id: row.uid})}"))
    return list(first.values())


def _page_of_key(access: Access, key: str) -> str:
    kind, _colon, uid = key.partition(":")
    if kind == "release":
        return address("evidence:data", slug=access.plan.slug)
    return address("records:record", slug=access.plan.slug, kind=kind, uid=uid)


def _with_pages(access: Access, ties: list[Any], *, back: bool = False) -> list[Any]:
    """Return ties by field (or by kind, where they lead here) with title, page and whether they were withdrawn."""
    groups: dict[str, list[Any]] = {}
    for tie in ties:
        label = tie.kind.plural if back else tie.field.label
        entry = (tie.title, record_page(tie.record, access.plan.slug), tie.record.withdrawn_at is not None)
        if entry not in groups.setdefault(label, []):
            groups[label].append(entry)
    return list(groups.items())


def _form(access: Access, kind: RecordKind, row: PlanRecord | None) -> tuple[Any, dict[str, Any], Any]:
    """Return how a form of a kind is made, what it begins with, and how a row that has moved on is read."""
    values = values_of(row, kind) if row else {}
    names = place_names(access.plan, codes_in(kind, values))
    made = record_form(access, kind, known=names)
    shown = set(made.base_fields)

    def current(record: PlanRecord) -> dict[str, Any]:
        typed = typed_values(kind, values_of(record, kind), places=names)
        return {**{name: value for name, value in typed.items() if name in shown}, "version": record.version}

    return made, current(row) if row else {"version": 0}, current


@plan_page(Permission.WORK, post=Permission.WORK, opened=True)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, access: Access, kind: str) -> HttpResponse:
    """Show the empty form of a kind, and add a record."""
    held = kind_called(kind)
    made, initial, _current = _form(access, held, None)
    begun = {  # a link can begin a form: ?action=…
        name: request.GET.getlist(name) if held.fields[name].kind == "records" else value
        for name, value in request.GET.items()
        if name in made.base_fields
    }
    uid = new_uid()
    return edit(
        request,
        access,
        Editing(
            template="records/form",
            part="records",
            save=lambda values: _added(access, held, uid, values),
            done=address("records:record", slug=access.plan.slug, kind=kind, uid=uid),
            said=_("{kind}: added.").format(kind=held.name),
            draft=f"record:{kind}",
            reshapes=asks_for_another_shape,
        ),
        make=made,
        initial=initial,
        begun=begun,
        draft_name=f"record:{kind}",
        kind=held,
        row=None,
        title="",
        step=catalog().steps[held.step],
        back=address("records:list", slug=access.plan.slug, kind=kind),
    )


def _added(access: Access, kind: RecordKind, uid: str, values: dict[str, Any]) -> None:
    actions.add_record(by=access, kind=kind.id, values=_given(kind, values), uid=uid)


def _given(kind: RecordKind, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in kind.fields}


@plan_page(Permission.WORK, post=Permission.WORK, opened=True)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, access: Access, kind: str, uid: str) -> HttpResponse:
    """Show the form of a record, and change it."""
    held, row = kind_called(kind), find_record(access, kind, uid)
    actions.check_may_write(access, held, row)
    made, initial, current = _form(access, held, row)
    page = record_page(row, access.plan.slug)
    return edit(
        request,
        access,
        Editing(
            template="records/form",
            part="records",
            save=lambda values: _changed(access, held, row, values),
            done=page,
            said=_("{kind}: changed.").format(kind=held.name),
            draft=f"record:{row.key}",
            current=current,
            history=f"{address('plans:history', slug=access.plan.slug)}?record={row.key}",
            reshapes=asks_for_another_shape,
        ),
        make=made,
        initial=initial,
        draft_name=f"record:{row.key}",
        kind=held,
        row=row,
        title=title_of(row),
        step=catalog().steps[held.step],
        back=page,
    )


def _changed(access: Access, kind: RecordKind, row: PlanRecord, values: dict[str, Any]) -> None:
    actions.change_record(by=access, record=row, version=values["version"], values=_given(kind, values))


@plan_page(Permission.WORK, post=Permission.WORK, opened=True)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, access: Access, kind: str, uid: str) -> HttpResponse:
    """Withdraw a record, after a page that says what depends on it and what stays."""
    held, row = kind_called(kind), find_record(access, kind, uid)
    actions.check_may_write(access, held, row)
    if row.withdrawn_at is not None:
        raise StateForbids(_("This was withdrawn already."))
    return edit(
        request,
        access,
        Editing(
            template="records/withdraw",
            part="records",
            save=lambda values: actions.withdraw_record(
                by=access, record=row, version=values["version"], reason=values["reason"]
            ),
            done=record_page(row, access.plan.slug),
            said=_("{kind}: withdrawn. It can be brought back.").format(kind=held.name),
        ),
        make=ReasonForm,
        initial={"version": row.version},
        kind=held,
        row=row,
        title=title_of(row),
        ties=_with_pages(access, links_to(access, row), back=True),
        back=record_page(row, access.plan.slug),
    )


@plan_page(Permission.WORK, post=Permission.WORK)
@require_POST
def restore(request: HttpRequest, access: Access, kind: str, uid: str) -> HttpResponse:
    """Bring a withdrawn record back."""
    row = find_record(access, kind, uid)
    actions.restore_record(by=access, record=row, version=row.version)
    say_saved(request, _("It is back."))
    return redirect(record_page(row, access.plan.slug))


@plan_page(Permission.EDIT, post=Permission.EDIT, opened=True)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, access: Access, kind: str, uid: str) -> HttpResponse:
    """Merge another record of the kind into this one, after a page that says what happens to each."""
    held, row = kind_called(kind), find_record(access, kind, uid)
    others = standing(access, held).exclude(pk=row.pk)
    if request.method == "POST":
        gone = others.filter(uid=request.POST.get("gone", "")[:32]).first()
        if gone is None:
            messages.warning(request, _("Choose the record that goes into this one."))
            return redirect(record_page(row, access.plan.slug, "merge"))
        try:
            actions.merge_records(by=access, kept=row, gone=gone, versions=(row.version, gone.version))
        except (NotAllowed, StateForbids):
            raise
        except (RefusedError, Outdated) as problem:
            messages.warning(request, str(problem))
            return redirect(record_page(row, access.plan.slug, "merge"))
        say_saved(request, _("“{title}” is merged into this.").format(title=shortened(title_of(gone))))
        return redirect(record_page(row, access.plan.slug))
    words = request.GET.get("find", "").strip()[:200]
    seen = set(others.values_list("uid", flat=True))
    everything = [option for option in titles_of(access.plan, kind) if option[0] in seen]
    offered, search = narrowed(everything, words, ())
    return show(
        request,
        "records/merge_with",
        access,
        "records",
        kind=held,
        row=row,
        title=title_of(row),
        others=offered,
        search=search,
        back=record_page(row, access.plan.slug),
    )


@plan_page(Permission.WORK, post=Permission.WORK)
@require_POST
def settle(request: HttpRequest, access: Access, kind: str, uid: str) -> HttpResponse:
    """Say that a record still holds though its source changed."""
    row = find_record(access, kind, uid)
    number = request.POST.get("flag", "")
    flag = Flag.objects.filter(
        plan=access.plan, record=row.key, pk=int(number) if number.isdigit() else 0
    ).first()
    if flag is None:
        messages.warning(request, _("Somebody has looked at this already."))
        return redirect(record_page(row, access.plan.slug))
    actions.settle_flag(by=access, flag=flag, record=row, note=request.POST.get("note", "")[:2_000])
    say_saved(request, _("Noted: it still holds."))
    return redirect(record_page(row, access.plan.slug))
