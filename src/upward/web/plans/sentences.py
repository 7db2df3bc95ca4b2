"""History as sentences: who, what, with before and after; and which events can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse

from upward.base.messages import _, to_translate
from upward.catalog.record_model import Field
from upward.plan.record_values import value_from_stored
from upward.plan.record_values import value_words as words_of
from upward.web.core.models import HistoryEntry
from upward.web.core.templating import day
from upward.web.plans import catalogue
from upward.web.plans.additions import additions, sentence_of
from upward.web.plans.models import Plan
from upward.web.plans.policies import ROLES

SENTENCES: Mapping[str, str] = {
    "plan.started": to_translate("{by} started the plan"),
    "plan.changed": to_translate("{by} changed the facts of the plan"),
    "plan.moved": to_translate("{by} moved the plan to newer data"),
    "plan.closed": to_translate("{by} closed the plan"),
    "plan.opened": to_translate("{by} opened the plan again"),
    "plan.exported": to_translate("{by} took a copy of the whole plan out"),
    "plan.imported": to_translate("{by} brought the plan in from another installation"),
    "member.invited": to_translate("{by} invited {name}"),
    "member.joined": to_translate("{by} joined the plan"),
    "member.changed": to_translate("{by} changed the role of {name}"),
    "member.removed": to_translate("{by} ended the membership of {name}"),
    "member.withdrawn": to_translate("{by} withdrew the invitation of {name}"),
    "task.added": to_translate("{by} added the task “{name}”"),
    "task.removed": to_translate("{by} deleted the task “{name}”"),
    "task.changed": to_translate("{by} changed the task “{name}”"),
    "task.assigned": to_translate("{by} gave the task “{name}” to {owner}"),
    "task.released": to_translate("{by} left the task “{name}” without an owner"),
    "task.done": to_translate("{by} said that the task “{name}” is done"),
    "task.reopened": to_translate("{by} opened the task “{name}” again"),
    "task.set_aside": to_translate("{by} set the task “{name}” aside"),
    "task.taken_up": to_translate("{by} took the task “{name}” up again"),
    "answer.saved": to_translate("{by} answered “{name}”"),
    "step.signed_off": to_translate("{by} signed off the step “{name}”"),
    "step.reopened": to_translate("{by} opened the step “{name}” again"),
    "date.added": to_translate("{by} added the date “{name}”"),
    "date.changed": to_translate("{by} changed the date “{name}”"),
    "date.removed": to_translate("{by} deleted the date “{name}”"),
    "file.added": to_translate("{by} added the file “{name}”"),
    "file.removed": to_translate("{by} deleted the file “{name}”"),
    "record.added": to_translate("{by} added “{name}” ({kind})"),
    "record.changed": to_translate("{by} changed “{name}” ({kind})"),
    "record.withdrawn": to_translate("{by} withdrew “{name}” ({kind})"),
    "record.restored": to_translate("{by} brought “{name}” back ({kind})"),
    "record.merged": to_translate("{by} merged “{name}” into another ({kind})"),
    "record.took_in": to_translate("{by} merged “{other}” into “{name}” ({kind})"),
    "record.settled": to_translate("{by} noted that “{name}” still holds ({kind})"),
    "undone": to_translate("{by} took back: {name}"),
}
FIELDS: Mapping[str, str] = {
    "name": to_translate("name"),
    "first_year": to_translate("first year"),
    "last_year": to_translate("last year"),
    "led_by": to_translate("led by"),
    "about": to_translate("about"),
    "edition": to_translate("edition"),
    "release": to_translate("data release"),
    "places": to_translate("places"),
    "role": to_translate("role"),
    "function": to_translate("function"),
    "due": to_translate("due date"),
    "done_on": to_translate("done on"),
    "proof": to_translate("proof"),
    "proof_link": to_translate("link of the proof"),
    "set_aside": to_translate("reason for setting aside"),
    "owner_name": to_translate("owner"),
    "title": to_translate("title"),
    "day": to_translate("day"),
    "time": to_translate("time"),
    "place": to_translate("place"),
    "note": to_translate("note"),
    "value": to_translate("answer"),
    "visible": to_translate("public"),
    "text": to_translate("text"),
    "reason": to_translate("reason"),
}
DAYS = frozenset({"due", "done_on", "day"})
#: Subjects of a history by the first word of their events, for filters.
ABOUT: Mapping[str, str] = {
    "plan": to_translate("The plan itself"),
    "member": to_translate("People"),
    "step": to_translate("Steps"),
    "task": to_translate("Tasks"),
    "answer": to_translate("Answers"),
    "record": to_translate("Records"),
    "comment": to_translate("Comments"),
    "date": to_translate("Dates"),
    "file": to_translate("Files"),
}
LONGEST = 160


@dataclass(frozen=True, slots=True)
class Line:
    """One line of history: a sentence, what changed, where it leads, and whether it can be taken back."""

    entry: HistoryEntry
    sentence: str
    changes: tuple[tuple[str, str, str], ...]
    link: str
    undoable: bool


def history_line(entry: HistoryEntry, plan: Plan) -> Line:
    """Return one row of history for people, in the language in force."""
    from upward.web.plans.undo import can_undo

    template = SENTENCES.get(entry.event) or sentence_of(entry.event)
    parts = {
        "by": entry.by_name or _("Someone"),
        "name": _name(entry),
        "owner": entry.after.get("owner_name", ""),
        "kind": _kind(entry),
        "other": entry.after["other"][0]["title"] if entry.event == "record.took_in" else "",
    }
    return Line(
        entry=entry,
        sentence=_(template).format_map(parts) if template else f"{entry.by_name}: {entry.event}",
        changes=tuple(_changes(entry)),
        link=_link(entry, plan),
        undoable=can_undo(entry, plan),
    )


def _kind(entry: HistoryEntry) -> str:
    kind = catalogue.catalog().records.get(entry.record.partition(":")[0])
    return kind.name if kind else ""


def _name(entry: HistoryEntry) -> str:
    """Return what the record is called: of the catalogue, in the language in force; else as it was called then."""
    kind, _colon, key = entry.record.partition(":")
    held = catalogue.catalog()
    if kind == "task" and key in held.tasks and entry.event != "file.added":
        return held.tasks[key].title
    if kind == "question" and key in held.questions:
        return held.questions[key].text
    if kind == "step" and key in held.steps:
        return held.steps[key].name
    if kind == "invitation" and not entry.record_name:
        return _("several people, by a link")
    return entry.record_name


def _changes(entry: HistoryEntry) -> list[tuple[str, str, str]]:
    kind = catalogue.catalog().records.get(entry.record.partition(":")[0])
    if kind is not None:
        return [
            (field.label, _told(field, entry.before.get(name)), _told(field, entry.after.get(name)))
            for name, field in kind.fields.items()
            if name in entry.after and (entry.before.get(name) or entry.after.get(name))
        ]
    names = [name for name in {**entry.before, **entry.after} if name in FIELDS]
    pairs = [(name, entry.before.get(name), entry.after.get(name)) for name in names]
    return [
        (_(FIELDS[name]), value_words(name, before), value_words(name, after))
        for name, before, after in pairs
        if before != after and (before or after)
    ]


def _told(field: Field, value: Any) -> str:
    """Return a record's value as its history keeps it, in words."""
    if value in (None, "", []):
        return _("nothing")
    if field.private:
        return _("private")
    if isinstance(value, list) and all(isinstance(item, Mapping) and "title" in item for item in value):
        return _cut("; ".join(str(item["title"]) for item in value))
    try:
        return _cut(words_of(catalogue.catalog(), field, value_from_stored(field, value)))
    except (ValueError, TypeError, ArithmeticError, AttributeError):
        return _cut(str(value))


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def value_words(name: str, value: Any) -> str:
    """Return a value of a history row as words, cut where it is long."""
    if value in (None, "", [], {}):
        return _("nothing")
    if name == "role" and value in ROLES:
        return _(ROLES[value].name)
    if name in DAYS and isinstance(value, str):
        return _day_words(value)
    if isinstance(value, Mapping):
        value = catalogue.answer_text(value)
    if isinstance(value, list):
        value = ", ".join(_(str(item)) if name == "visible" else str(item) for item in value if item)
    return _cut(str(value))


def _day_words(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return _cut(text)


def _link(entry: HistoryEntry, plan: Plan) -> str:
    for addition in additions():
        if addition.link is not None and (found := addition.link(entry, plan)):
            return found
    kind, _colon, key = entry.record.partition(":")
    targets: dict[str, tuple[str, dict[str, object]]] = {
        "task": ("plans:task", {"key": key}),
        "question": ("plans:question", {"key": key}),
        "member": ("plans:people", {}),
        "date": ("plans:calendar", {}),
        "file": ("plans:files", {}),
        "plan": ("plans:facts", {}),
    }
    if kind == "step":
        step = catalogue.catalog().steps.get(key)
        return reverse("plans:step", kwargs={"slug": plan.slug, "number": step.number}) if step else ""
    if kind not in targets or entry.event.endswith("removed"):
        return ""
    name, more = targets[kind]
    try:
        return reverse(name, kwargs={"slug": plan.slug, **more})
    except NoReverseMatch:
        return ""
