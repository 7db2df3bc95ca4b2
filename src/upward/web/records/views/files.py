"""Tables of records: taken out as CSV or workbook, brought in after a preview."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from upward.base.errors import DataError, RefusedError, UsageError
from upward.base.messages import _
from upward.web.core.forms import HouseForm
from upward.web.core.refusals import NotAllowed, StateForbids
from upward.web.core.templating import address
from upward.web.plans.catalogue import catalog
from upward.web.plans.policies import Access, Permission
from upward.web.plans.views.parts import plan_page, say_saved, show
from upward.web.records import tables
from upward.web.records.kinds import kind_called
from upward.web.records.queries import fields_for

SHOWN_ROWS = 200


class TableForm(HouseForm):
    """The table to bring in."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = forms.FileField(
            label=_("Table"), help_text=_("A CSV file or a workbook (XLSX), up to 5 MB and 2,000 rows.")
        )


def _attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@plan_page()
@require_safe
def export_csv(_request: HttpRequest, access: Access, kind: str) -> HttpResponse:
    """Give the records of a kind out as CSV."""
    held = kind_called(kind)
    return _attachment(
        tables.csv_of(access, held), "text/csv; charset=utf-8", f"{access.plan.slug}-{kind}.csv"
    )


@plan_page()
@require_safe
def export_xlsx(_request: HttpRequest, access: Access, kind: str) -> HttpResponse:
    """Give the records of a kind out as a workbook."""
    held = kind_called(kind)
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _attachment(tables.workbook_of(access, held), media, f"{access.plan.slug}-{kind}.xlsx")


@plan_page(Permission.ASSIGN, post=Permission.ASSIGN, opened=True)
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest, access: Access, kind: str) -> HttpResponse:
    """Take a table, show what each row would do, and save all of it or nothing."""
    held = kind_called(kind)
    back = address("records:list", slug=access.plan.slug, kind=kind)
    if request.method == "POST" and "confirm" in request.POST:
        return _confirm(request, access, kind, back)
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    incoming = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            incoming = tables.preview(access, held, tables.read_table(file.read(), file.name or ""))
        except DataError as problem:
            form.add_error("file", f"{problem.message} {problem.advice or ''}".strip())
        else:
            tables.keep_preview(by=access, kind=held, incoming=incoming)
    count = {
        does: sum(row.does == does and not row.problems for row in incoming)
        for does in ("new", "change", "same")
    }
    return show(
        request,
        "records/bring_in",
        access,
        "records",
        kind=held,
        step=catalog().steps[held.step],
        form=form,
        incoming=incoming[:SHOWN_ROWS],
        more=max(0, len(incoming) - SHOWN_ROWS),
        count=count,
        wrong=sum(bool(row.problems) for row in incoming),
        columns=[field for field in fields_for(access, held) if not field.given],
        back=back,
        status=422 if form.errors else 200,
    )


def _confirm(request: HttpRequest, access: Access, kind: str, back: str) -> HttpResponse:
    try:
        added, changed = tables.bring_in(by=access, kind=kind_called(kind))
    except (NotAllowed, StateForbids):
        raise
    except (RefusedError, DataError, UsageError) as problem:
        messages.warning(request, f"{problem.message} {problem.advice or ''}".strip())
        return redirect(request.path)
    say_saved(request, _("{added} added, {changed} changed.").format(added=added, changed=changed))
    return redirect(back)
