"""Which parts of the logic model are measured; taking a newer baseline, testing a target again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from upward.base.messages import _, ngettext
from upward.plan.strategy import coverage
from upward.web.measurement.actions import check_again, take_baseline
from upward.web.plans.catalogue import catalog
from upward.web.plans.policies import Access, Permission
from upward.web.plans.views.parts import plan_page, show
from upward.web.records.content import content_of
from upward.web.records.queries import find_record
from upward.web.records.views.button import act_on_record

KINDS = ("strategic-action", "logic-model-element", "measure", "target")


@plan_page()
@require_safe
def table(request: HttpRequest, access: Access) -> HttpResponse:
    """Show each part of the logic model with the measures that follow it; what lacks one is named."""
    content = content_of(access.plan, kinds=KINDS)
    lines = coverage(content)
    aimed_at = {key for target in content.of("target") for key in target.linked("measure")}
    return show(
        request,
        "measurement/coverage",
        access,
        "records",
        lines=lines,
        parts=catalog().vocabularies["logic-model-parts"].entries,
        actions={record.key: record.text("title") for record in content.of("strategic-action")},
        needed=sum(line.needed for line in lines),
        missing=sum(line.needed and not line.measures for line in lines),
        aimed_at=aimed_at,
    )


@plan_page(Permission.WORK, post=Permission.WORK)
@require_POST
def baseline(request: HttpRequest, access: Access, uid: str) -> HttpResponse:
    """Take the number that the plan's data have for a year as the baseline, and test the targets again."""
    row = find_record(access, "measure", uid)
    year = request.POST.get("year", "")

    def take() -> str:
        tested = take_baseline(by=access, measure=row, year=int(year) if year.isdigit() else 0)  # type: ignore[arg-type]
        said = _("The baseline is taken from the plan’s data.")
        again = ngettext("{n} target was tested again.", "{n} targets were tested again.", tested).format(
            n=tested
        )
        return f"{said} {again}" if tested else said

    return act_on_record(request, access, row, take)


@plan_page(Permission.WORK, post=Permission.WORK)
@require_POST
def check(request: HttpRequest, access: Access, uid: str) -> HttpResponse:
    """Test a target against the plan's data as they are now."""
    row = find_record(access, "target", uid)

    def test() -> str:
        changed = check_again(by=access, target=row)  # type: ignore[arg-type]
        return _("Tested again.") if changed else _("Tested again: nothing differs.")

    return act_on_record(request, access, row, test)
