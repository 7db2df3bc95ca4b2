"""The parts of a plan that can be made public, each with what it shows; apps above add theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from upward.base.messages import _, ngettext, to_translate
from upward.web.core.templating import day
from upward.web.plans.models import Plan, PlanDate
from upward.web.plans.queries import StepLine, plan_work


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a public part: a name, and what is said of it."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """What a part is called, what choosing it means, and its lines or its text; empty where a plan has none."""

    name: str
    meaning: str
    lines: Callable[[Plan], Sequence[Line]] = lambda _plan: ()
    text: Callable[[Plan], str] = lambda _plan: ""


def _progress(plan: Plan) -> list[Line]:
    return [
        Line(f"{line.step.number}. {line.step.name}", _step_words(line)) for line in plan_work(plan).values()
    ]


def _step_words(line: StepLine) -> str:
    if line.record is not None and line.record.signed_off_at is not None:
        return _("Finished {day}").format(day=day(line.record.signed_off_at))
    if not line.started:
        return _("Not started")
    total = len(line.states)
    return ngettext("{done} of {n} task done", "{done} of {n} tasks done", total).format(
        done=line.done, n=total
    )


PARTS: dict[str, Part] = {
    "led_by": Part(
        to_translate("Who leads"),
        to_translate("The office or organization that leads, from the plan facts."),
        text=lambda plan: plan.led_by,
    ),
    "about": Part(
        to_translate("About this plan"),
        to_translate("The text about the plan, from the plan facts."),
        text=lambda plan: plan.about,
    ),
    "progress": Part(
        to_translate("How far we are"),
        to_translate(
            "The ten steps, each with how many of its tasks are done. No names, no answers, no proofs."
        ),
        lines=_progress,
    ),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A part as it stands on the public page."""

    key: str
    name: str
    text: str
    lines: Sequence[Line]


def shown_parts(plan: Plan, keys: Sequence[str], parts: Mapping[str, Part] | None = None) -> list[Shown]:
    """Return the chosen parts that have something to show, in the order of the parts."""
    found = []
    for key, part in (PARTS if parts is None else parts).items():
        if key not in keys:
            continue
        text, lines = part.text(plan), part.lines(plan)
        if text or lines:
            found.append(Shown(key, _(part.name), text, lines))
    return found


def coming(dates: Sequence[PlanDate]) -> list[PlanDate]:
    """Return the dates that are not over."""
    today = timezone.localdate()
    return [entry for entry in dates if entry.day >= today]
