"""A whole plan as one file, and back: nothing of it is lost between two installations.

The file is a zip archive: `plan.json` (schema `upward.plan/2`; 1 is still read) and the uploaded files by checksum.
People, dates, files and lines of history are numbered within the bundle, so that the same plan makes the same bytes
wherever it lives. What belongs to an installation stays there: sessions, passwords, tokens, notices, and links of
invitations. Apps that stand on plans add parts of their own (`additions.Section`).
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Model

from upward.base.errors import DataError
from upward.base.messages import _
from upward.web.accounts.actions import free_sign_in_name
from upward.web.accounts.models import User, normal_address
from upward.web.accounts.sign_in_names import typed_account
from upward.web.core.history import record_history
from upward.web.core.models import HistoryEntry
from upward.web.plans.actions import Operator, actor_of, free_slug
from upward.web.plans.additions import Section, additions
from upward.web.plans.models import (
    Answer,
    AnswerVersion,
    Draft,
    Membership,
    Plan,
    PlanDate,
    PlanPlace,
    Role,
    StepRecord,
    Task,
    Upload,
)
from upward.web.plans.policies import Access, Permission, check_may
from upward.web.plans.uploads import check_content, clean_name

SCHEMA = "upward.plan/2"
MOST_UNPACKED = 2_000_000_000
FIRST_DATE = (1980, 1, 1, 0, 0, 0)

PLAN_FIELDS = (
    "slug",
    "name",
    "first_year",
    "last_year",
    "led_by",
    "about",
    "edition",
    "release",
    "state",
    "created_at",
    "version",
    "changed_at",
)
PERSON_FIELDS = ("email", "name", "language", "digest", "joined_at")
TASK_FIELDS = (
    "key",
    "step",
    "title",
    "due",
    "done_on",
    "proof",
    "proof_link",
    "set_aside",
    "version",
    "changed_at",
)
ANSWER_FIELDS = ("question", "value", "by_name", "version", "changed_at")
VERSION_FIELDS = ("number", "value", "by_name", "at")
STEP_FIELDS = ("step", "signed_off_at", "signed_off_by", "note", "version", "changed_at")
DATE_FIELDS = ("title", "day", "time", "place", "note", "version", "changed_at")
FILE_FIELDS = ("task", "name", "kind", "size", "sha256", "about", "by_name", "at")
HISTORY_FIELDS = ("at", "by_name", "event", "record", "record_name", "before", "after")
#: Records whose number in a row of history is that of this installation.
NUMBERED = ("member", "date", "file")


def export_plan(*, by: Access) -> bytes:
    """Return the bundle of a plan; the history says who took it out."""
    check_may(by, Permission.EXPORT)
    with transaction.atomic():
        content = bundle_of(by.plan)
        record_history(
            "plan.exported", by=actor_of(by), plan=by.plan.pk, record="plan", record_name=by.plan.name
        )
    return content


def bundle_of(plan: Plan) -> bytes:
    """Return the bundle of a plan as it stands; the same content gives the same bytes."""
    uploads = list(plan.files.order_by("at", "pk"))
    text = json.dumps(_document(plan, uploads), ensure_ascii=False, indent=1, sort_keys=True)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        _put(packed, "plan.json", text.encode())
        for checksum in sorted({upload.sha256 for upload in uploads}):
            upload = next(item for item in uploads if item.sha256 == checksum)
            with upload.file.open("rb") as file:
                _put(packed, f"files/{checksum}", file.read())
    return buffer.getvalue()


def _put(packed: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, date_time=FIRST_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    packed.writestr(entry, content)


def _document(plan: Plan, uploads: list[Upload]) -> dict[str, Any]:
    history = list(HistoryEntry.objects.filter(plan=plan.pk).order_by("at", "pk"))
    tasks, answers = list(plan.tasks.order_by("key")), list(plan.answers.order_by("question"))
    members = list(plan.members.select_related("user").order_by("user__email"))
    drafts = list(Draft.objects.filter(plan=plan).order_by("user__email", "form"))
    people = _people(plan, history, members, tasks, answers, drafts)
    numbers = {
        "member": {person.pk: number for number, person in enumerate(people, 1)},
        "date": {
            entry.pk: number for number, entry in enumerate(plan.dates.order_by("day", "time", "pk"), 1)
        },
        "file": {upload.pk: number for number, upload in enumerate(uploads, 1)},
    }
    person = numbers["member"]
    lines = {entry.pk: number for number, entry in enumerate(history, 1)}
    return {
        "schema": SCHEMA,
        "plan": _fields(plan, PLAN_FIELDS),
        "places": [_fields(place, ("geo_id", "name")) for place in plan.places.order_by("position", "pk")],
        "people": [_fields(one, PERSON_FIELDS) for one in people],
        "members": [
            {**_fields(member, ("role", "function", "joined_at")), "person": person[member.user_id]}
            for member in members
        ],
        "tasks": [{**_fields(row, TASK_FIELDS), "owner": person.get(row.owner_id)} for row in tasks],
        "answers": [
            {
                **_fields(row, ANSWER_FIELDS),
                "by": person.get(row.by_id),
                "versions": [_fields(one, VERSION_FIELDS) for one in row.versions.order_by("number")],
            }
            for row in answers
        ],
        "steps": [_fields(row, STEP_FIELDS) for row in plan.steps.order_by("step")],
        "dates": [_fields(entry, DATE_FIELDS) for entry in plan.dates.order_by("day", "time", "pk")],
        "files": [_fields(upload, FILE_FIELDS) for upload in uploads],
        "drafts": [_draft_entry(draft, numbers) for draft in drafts],
        "history": [_history_line(entry, numbers, lines) for entry in history],
        "parts": {name: section.write(plan, numbers) for name, section in _sections().items()},
    }


def _draft_entry(draft: Draft, numbers: Mapping[str, Mapping[int, int]]) -> dict[str, Any]:
    return {
        "form": draft.form,
        "fields": _draft_fields(draft.form, draft.fields, numbers),
        "saved_at": draft.saved_at.isoformat(),
        "person": numbers["member"][draft.user_id],
        "numbered": True,  # people and files go by their numbers here; in bundles from before they did not
    }


def _draft_fields(
    form: str, fields: Mapping[str, Any], numbers: Mapping[str, Mapping[int, int]]
) -> dict[str, Any]:
    """Return what was typed into a form with the numbers of people and files replaced; empty where one is gone."""

    def renumber(kind: str, number: str) -> str:
        found = numbers[kind].get(int(number)) if number.isdecimal() else None
        return "" if found is None else str(found)

    for one in additions():
        if one.draft is not None:
            fields = one.draft(form, fields, renumber)
    return dict(fields)


def _sections() -> dict[str, Section]:
    """Return the parts that other apps add to the bundle."""
    return {name: section for one in additions() for name, section in one.sections.items()}


def _people(plan: Plan, history: list[HistoryEntry], *owners: Any) -> list[User]:
    """Return everyone whom the plan's records name, by address."""
    numbers = {entry.by for entry in history}
    for section in _sections().values():
        numbers |= set(section.people(plan))
    for entry in history:
        sides = (entry.before, entry.after)
        numbers |= {side.get("owner") for side in sides if isinstance(side.get("owner"), int)}
        named = [key for side in sides for value in side.values() for key in _named_in(value)]
        for name in (entry.record, *named):
            kind, _colon, key = name.partition(":")
            if kind == "member" and key.isdigit():
                numbers.add(int(key))
    for records in owners:
        for record in records:
            numbers |= {getattr(record, name, None) for name in ("user_id", "owner_id", "by_id")}
    return list(
        User.objects.filter(pk__in=[number for number in numbers if isinstance(number, int)]).order_by(
            "email"
        )
    )


def _history_line(
    entry: HistoryEntry, numbers: Mapping[str, Mapping[int, int]], lines: Mapping[int, int]
) -> dict[str, Any]:
    line = {**_fields(entry, HISTORY_FIELDS), "by": numbers["member"].get(entry.by or 0)}
    line["record"] = _renumbered(entry.record, numbers)
    for side in ("before", "after"):
        line[side] = _renumbered_values(line[side], numbers)
    line["undone_by"] = lines.get(entry.undone_by or 0)
    return line


def _renumbered(record: str, numbers: Mapping[str, Mapping[int, int]]) -> str:
    """Return the name of a record with its number replaced; one that is gone keeps a name that no record has."""
    kind, _colon, key = record.partition(":")
    if kind not in NUMBERED or not key.isdigit():
        return record
    number = numbers[kind].get(int(key))
    return f"{kind}:{number}" if number is not None else f"{kind}:gone.{key}"


def _renumbered_values(values: Mapping[str, Any], numbers: Mapping[str, Mapping[int, int]]) -> dict[str, Any]:
    """Return the values of a row of history with the numbers of people and files replaced, wherever they stand."""
    found = {
        name: [{**item, "key": _renumbered(item["key"], numbers)} for item in value]
        if isinstance(value, list) and any(_named_in(value))
        else value
        for name, value in values.items()
    }
    owner = found.get("owner")
    return {**found, "owner": numbers["member"].get(owner)} if isinstance(owner, int) else found


def _named_in(value: Any) -> Iterator[str]:
    """Yield the keys of what a value of a row of history names."""
    for item in value if isinstance(value, list) else ():
        if isinstance(item, Mapping) and isinstance(item.get("key"), str):
            yield item["key"]


def _fields(record: Model, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in names}
    return {
        name: value.isoformat() if isinstance(value, date | datetime | time) else value
        for name, value in values.items()
    }


# --- import ------------------------------------------------------------------------------------------------------
def import_plan(content: bytes, *, by: User | None) -> Plan:
    """Return the plan of a bundle, new on this installation; raises DataError where the bundle is none or is damaged.

    People are found by their address; who has no account gets one without a password, and sets one by mail.
    """
    document, files = _read_bundle(content)
    try:
        with transaction.atomic():
            return _restore(document, files, by=by)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as problem:
        raise DataError(
            _("The bundle is damaged: {problem}.").format(
                problem=f"{type(problem).__name__} {problem}"[:120]
            ),
            advice=_("Export it again. Nothing was brought in."),
        ) from problem


def _read_bundle(content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
                raise DataError(_("The bundle is too large."))
            document = json.loads(packed.read("plan.json"))
            files = {
                name.removeprefix("files/"): packed.read(name)
                for name in packed.namelist()
                if name.startswith("files/")
            }
    except (zipfile.BadZipFile, KeyError, ValueError, UnicodeDecodeError, RuntimeError) as problem:
        raise DataError(
            _("This is not a bundle of a plan."), advice=_("Choose the file that “Export this plan” made.")
        ) from problem
    document = _upgraded(document)
    for checksum, data in files.items():
        if hashlib.sha256(data).hexdigest() != checksum:
            raise DataError(_("A file in the bundle is damaged."), advice=_("Export it again."))
    return document, files


def _upgraded(document: Any) -> dict[str, Any]:
    """Return a document in the form of this version; raises DataError for one that it does not know."""
    if isinstance(document, dict) and document.get("schema") == "upward.plan/1":
        facts = document.get("plan")
        if isinstance(facts, dict):
            facts.setdefault("release", "")
        document = {**document, "schema": SCHEMA, "parts": {}}
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise DataError(_("This bundle has a form that this version does not know."))
    return document


def _restore(document: dict[str, Any], files: Mapping[str, bytes], *, by: User | None) -> Plan:
    facts = _parsed(document["plan"], PLAN_FIELDS)
    facts["slug"] = free_slug(facts["slug"])
    if facts["state"] not in Plan.State.values:
        raise ValueError("state")
    plan = Plan.objects.create(**facts)
    for position, place in enumerate(document["places"]):
        PlanPlace.objects.create(plan=plan, position=position, **_parsed(place, ("geo_id", "name")))
    people = {number: _person(entry) for number, entry in enumerate(document["people"], 1)}
    for entry in document["members"]:
        if entry["role"] not in Role.values:
            raise ValueError("role")
        Membership.objects.create(
            plan=plan, user=people[entry["person"]], **_parsed(entry, ("role", "function", "joined_at"))
        )
    if by is not None:
        Membership.objects.update_or_create(plan=plan, user=by, defaults={"role": Role.OWNER})
    _restore_work(plan, document, people)
    numbers = {"member": {number: person.pk for number, person in people.items()}}
    numbers["date"] = {
        number: PlanDate.objects.create(plan=plan, **_parsed(entry, DATE_FIELDS)).pk
        for number, entry in enumerate(document["dates"], 1)
    }
    numbers["file"] = {
        number: _restore_file(plan, entry, files) for number, entry in enumerate(document["files"], 1)
    }
    for name, section in _sections().items():
        if name in document["parts"]:
            section.read(plan, document["parts"][name], numbers)
    _restore_drafts(plan, document["drafts"], people, numbers)
    _restore_history(plan, document["history"], numbers)
    if by is not None:
        record_history(
            "plan.imported", by=by or Operator(), plan=plan.pk, record="plan", record_name=plan.name
        )
    return plan


def _restore_work(plan: Plan, document: Mapping[str, Any], people: Mapping[int, User]) -> None:
    for entry in document["tasks"]:
        Task.objects.create(plan=plan, owner=people.get(entry["owner"]), **_parsed(entry, TASK_FIELDS))
    for entry in document["answers"]:
        answer = Answer.objects.create(plan=plan, by=people.get(entry["by"]), **_parsed(entry, ANSWER_FIELDS))
        AnswerVersion.objects.bulk_create(
            AnswerVersion(answer=answer, **_parsed(one, VERSION_FIELDS)) for one in entry["versions"]
        )
    for entry in document["steps"]:
        StepRecord.objects.create(plan=plan, **_parsed(entry, STEP_FIELDS))


def _restore_drafts(
    plan: Plan, entries: list[Any], people: Mapping[int, User], numbers: Mapping[str, Mapping[int, int]]
) -> None:
    nobody: Mapping[str, Mapping[int, int]] = {kind: {} for kind in numbers}
    for entry in entries:
        if not isinstance(entry["fields"], dict):
            raise TypeError("fields")
        there = numbers if entry.get("numbered") else nobody
        Draft.objects.create(
            plan=plan,
            user=people[entry["person"]],
            form=entry["form"],
            fields=_draft_fields(entry["form"], entry["fields"], there),
            saved_at=datetime.fromisoformat(entry["saved_at"]),
        )


def _person(entry: Mapping[str, Any]) -> User:
    values = _parsed(entry, PERSON_FIELDS)
    email = normal_address(values.pop("email"))
    if "@" not in email:
        raise ValueError("email")
    found = User.objects.filter(email=email).first()
    if found is not None and (found.has_address or found.name == values["name"]):
        return found
    if values["language"] not in ("en", "es") or values["digest"] not in User.Digest.values:
        raise ValueError("person")
    if found is not None:
        # The sign-in name of someone else: another installation drew the same.
        email = typed_account(free_sign_in_name())
    person = User.objects.create_user(email, password=None, **values)
    if person.has_address:
        EmailAddress.objects.create(user=person, email=email, verified=False, primary=True)
    return person


def _restore_file(plan: Plan, entry: Mapping[str, Any], files: Mapping[str, bytes]) -> int:
    values = _parsed(entry, FILE_FIELDS)
    content = files[values["sha256"]]
    values["name"] = clean_name(values["name"])
    values["kind"], values["size"] = check_content(values["name"], content), len(content)
    upload = Upload(plan=plan, **values)
    upload.file.save(upload.name, ContentFile(content), save=False)
    upload.save()
    return int(upload.pk)


def _restore_history(plan: Plan, history: list[Any], numbers: Mapping[str, Mapping[int, int]]) -> None:
    made: list[HistoryEntry] = []
    for line in history:
        values = _parsed(line, HISTORY_FIELDS)
        values["record"] = _renumbered(values["record"], numbers)
        for side in ("before", "after"):
            values[side] = _renumbered_values(values[side], numbers)
        made.append(
            HistoryEntry.objects.create(plan=plan.pk, by=numbers["member"].get(line["by"] or 0), **values)
        )
    for line, entry in zip(history, made, strict=True):
        if line["undone_by"]:
            entry.undone_by = made[line["undone_by"] - 1].pk
            entry.save(update_fields=["undone_by"])


READERS: Mapping[str, Any] = {
    **dict.fromkeys(
        ("created_at", "changed_at", "joined_at", "at", "signed_off_at", "saved_at"), datetime.fromisoformat
    ),
    **dict.fromkeys(("day", "due", "done_on"), date.fromisoformat),
    "time": time.fromisoformat,
}


def _parsed(entry: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return the named fields with dates and times read."""
    values = {name: entry[name] for name in names}
    return {
        name: READERS[name](value) if name in READERS and value is not None else value
        for name, value in values.items()
    }
