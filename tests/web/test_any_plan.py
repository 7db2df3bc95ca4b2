"""Any plan with records of all kinds: carried elsewhere, thinned out and merged, it loses no text and no link."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from records_world import CATALOG
from test_bundle import document, leave_installation

from upward.base.errors import DataError, RefusedError, UsageError
from upward.catalog.record_model import Field, FieldKind, RecordKind
from upward.plan.content import PlanContent, RecordContent, RecordKey, dangling_links
from upward.plan.record_values import options_of_field
from upward.web.accounts.models import User
from upward.web.comments.actions import withdraw_comment, write_comment
from upward.web.comments.models import Comment
from upward.web.core.models import HistoryEntry
from upward.web.plans import actions as plan_actions
from upward.web.plans.bundle import bundle_of, import_plan
from upward.web.plans.models import Draft, Membership, Plan, Role
from upward.web.plans.queries import access_to
from upward.web.plans.uploads import add_upload, remove_upload
from upward.web.records import actions
from upward.web.records.content import content_of
from upward.web.records.kinds import models_by_kind
from upward.web.records.models import Flag

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_release")]
#: Any text that a database takes, and some that separators, formulas and markup could break.
TEXT = st.one_of(
    st.text(
        st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), min_size=1, max_size=40
    ),
    st.sampled_from(["a | b", "=1+1", "<b>&", "line\nline", "¿Qué?", "“”", "\\", "  spaces  "]),
)
CHANGES = ("change", "change", "withdraw", "restore", "merge", "merge", "ask", "settle")


@dataclass
class Made:
    """A plan being made from one number and a few drawn texts."""

    by: Any
    dice: random.Random
    texts: list[str]
    people: list[str]
    files: list[str]
    records: dict[str, list[str]] = field(default_factory=dict)

    def value(self, one: Field, kind: RecordKind) -> Any:
        """Return something a field can hold, or None."""
        held, dice = one.kind, self.dice
        if one.given or (not one.needed and dice.random() < 0.4):
            return None
        if held in (FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.VARIABLE, FieldKind.GROUP):
            options = list(options_of_field(CATALOG, one))
            if held is not FieldKind.CHOICES:
                return dice.choice(options)
            return tuple(name for name in options if dice.random() < 0.5) or None
        if one.is_link:
            targets = [RecordKey(one.of, uid) for uid in self.records.get(one.of, ())]
            if held is FieldKind.RECORD:
                return dice.choice(targets) if targets else None
            return tuple(dice.sample(targets, dice.randint(0, min(3, len(targets))))) or None
        if held is FieldKind.ROWS:
            return tuple(self.row(one, kind) for _row in range(dice.randint(1, 3)))
        return self.plain(held)

    def row(self, one: Field, kind: RecordKind) -> dict[str, Any]:
        """Return one row of a small table."""
        cells = {name: self.value(column, kind) for name, column in one.columns.items()}
        return {name: cell for name, cell in cells.items() if cell is not None}

    def plain(self, held: FieldKind) -> Any:
        """Return a value that is no choice and no link."""
        dice = self.dice
        if held is FieldKind.MEMBER:
            return dice.choice(self.people)
        if held is FieldKind.UPLOAD:
            return dice.choice(self.files) if self.files else None
        if held in (FieldKind.NUMBER, FieldKind.MONEY):
            return (
                Decimal(dice.randint(-(10**18), 10**18))
                .scaleb(-dice.randint(6, 10))
                .quantize(Decimal("0.000001"))
                .normalize()
            )
        day = date(2020, 1, 1) + timedelta(days=dice.randint(0, 7000))
        return {
            FieldKind.LINE: f"{dice.choice(self.texts)[:200]} {dice.randint(0, 10**9)}",
            FieldKind.TEXT: f"{dice.choice(self.texts)} {dice.randint(0, 10**9)}",
            FieldKind.DATE: day,
            FieldKind.MONTH: f"{day:%Y-%m}",
            FieldKind.YEAR: day.year,
            FieldKind.SHARE: (Decimal(dice.randint(0, 10**6)) / 10**6).normalize(),
            FieldKind.YES_NO: dice.random() < 0.5,
            FieldKind.LINK: f"https://example.org/{dice.randint(0, 999)}",
            FieldKind.PLACE: dice.choice(("98001", "98002")),
            FieldKind.PLACES: ("98001", "98002")[: dice.randint(1, 2)],
        }[held]

    def values(self, kind: RecordKind) -> dict[str, Any]:
        """Return values for a new record or a change."""
        found = {one.id: self.value(one, kind) for one in kind.fields.values()}
        return {name: value for name, value in found.items() if value is not None}

    def add(self, kind: RecordKind) -> None:
        """Add a record, unless a rule of its kind refuses what was drawn."""
        try:
            record = actions.add_record(by=self.by, kind=kind.id, values=self.values(kind))
        except (UsageError, RefusedError):
            return
        self.records.setdefault(kind.id, []).append(record.uid)

    def one(self) -> Any:
        """Return any record."""
        kind = self.dice.choice(sorted(self.records))
        return models_by_kind()[kind].objects.get(plan=self.by.plan, uid=self.dice.choice(self.records[kind]))

    def happen(self, what: str) -> None:
        """Let one thing happen to the records; what a rule refuses changes nothing."""
        # Of private texts that were replaced, the history says only that they changed.
        before = everything_said(self.by.plan) - private_texts(self.by.plan)
        with suppress(UsageError, RefusedError, DataError):
            self._happen(what)
        check_whole(self.by.plan, before)

    def _happen(self, what: str) -> None:
        record = self.one()
        kind = CATALOG.records[record.KIND]
        if what == "change":
            actions.change_record(by=self.by, record=record, version=record.version, values=self.values(kind))
        elif what == "withdraw":
            actions.withdraw_record(by=self.by, record=record, version=record.version, reason="Twice there")
        elif what == "restore":
            actions.restore_record(by=self.by, record=record, version=record.version)
        elif what == "merge":
            gone = (
                models_by_kind()[record.KIND].objects.filter(plan=self.by.plan).exclude(pk=record.pk).first()
            )
            if gone is not None:
                said, heard = said_in(record_of(gone)), comments_on(gone)
                actions.merge_records(
                    by=self.by, kept=record, gone=gone, versions=(record.version, gone.version)
                )
                check_merged(record, gone, said, heard)
        elif what == "ask":
            asked = write_comment(
                by=self.by, record=record.key, text="And why?", question=True, asked_of=None
            )
            if self.dice.random() < 0.3:
                withdraw_comment(by=self.by, comment=asked, reason="Found it")
        else:
            flag = Flag.objects.filter(plan=self.by.plan, record=record.key, settled_at=None).first()
            if flag is not None:
                actions.settle_flag(by=self.by, flag=flag, record=record, note="It holds")


def record_of(row: Any) -> RecordContent:
    """Return a record as it stands in the database, as plain values."""
    found = content_of(row.plan, kinds=[row.KIND], private=True).find(RecordKey(row.KIND, row.uid))
    assert found is not None
    return found


def comments_on(row: Any) -> int:
    return Comment.objects.filter(plan=row.plan, record=row.key).count()


def texts_in(value: Any) -> Iterator[str]:
    """Yield the texts in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for cell in value.values():
            yield from texts_in(cell)
    elif isinstance(value, list | tuple) and not isinstance(value, RecordKey):
        for item in value:
            yield from texts_in(item)


def said_in(record: RecordContent) -> set[str]:
    """Return what people wrote into a record: lines, texts, cells of rows."""
    written = (FieldKind.LINE, FieldKind.TEXT, FieldKind.ROWS)
    fields = CATALOG.records[record.kind].fields
    values = [value for name, value in record.values.items() if fields[name].kind in written]
    return set(texts_in(values))


def longer_texts(record: RecordContent) -> set[str]:
    """Return the texts of several lines and the cells of rows: they have room beside others."""
    fields = CATALOG.records[record.kind].fields
    roomy = (FieldKind.TEXT, FieldKind.ROWS)
    return set(texts_in([value for name, value in record.values.items() if fields[name].kind in roomy]))


def everything_said(plan: Plan) -> set[str]:
    """Return every text of the plan: of records standing or withdrawn, and of what the history keeps."""
    content = content_of(plan, private=True)
    found = set().union(*(said_in(record) for record in every_record(content)))
    for before, after in HistoryEntry.objects.filter(plan=plan.pk).values_list("before", "after"):
        found |= {*texts_in(before), *texts_in(after)}
    return found


def every_record(content: PlanContent) -> list[RecordContent]:
    return [*content.all_records(), *(one for records in content.withdrawn.values() for one in records)]


def private_texts(plan: Plan) -> set[str]:
    """Return the texts that the history does not keep."""
    return {
        text
        for record in every_record(content_of(plan, private=True))
        for name in CATALOG.records[record.kind].private
        for text in texts_in(record.values.get(name))
    }


def check_whole(plan: Plan, before: set[str]) -> None:
    """Nothing dangles and nothing that was said is gone; flags name two records that are there."""
    content = content_of(plan, private=True)
    assert list(dangling_links(CATALOG, content)) == []
    keys = {str(record.key) for record in every_record(content)}
    for flag in Flag.objects.filter(plan=plan):
        assert flag.record in keys
        assert flag.source in keys
        assert flag.record != flag.source
    assert before - everything_said(plan) == set()


def check_merged(kept: Any, gone: Any, said: set[str], heard: int) -> None:
    """No record that stands leads to the one that went, its texts are in the one that stays, comments moved."""
    kept.refresh_from_db()
    content = content_of(kept.plan, private=True)
    away = RecordKey(gone.KIND, gone.uid)
    leading = [
        (record.key, link.id)
        for record in every_record(content)
        for link in CATALOG.records[record.kind].links
        if away in record.linked(link.id)
    ]
    assert leading == []
    there = "\n".join(said_in(record_of(kept)))
    assert [text for text in longer_texts(record_of(gone)) if text not in there] == []
    assert said_in(record_of(gone)) == said  # what had no room stays with it, and the history leads there
    row = HistoryEntry.objects.filter(plan=kept.plan_id, record=kept.key, event="record.took_in").first()
    assert row is not None
    assert row.after["other"][0]["key"] == gone.key
    assert comments_on(gone) == 0
    assert comments_on(kept) >= heard


def told_people(plan: Plan) -> list[tuple[str, str, str]]:
    """Return whom each record and each draft names, by address: the same everywhere."""
    found = []
    for record in every_record(content_of(plan, private=True)):
        for one in CATALOG.records[record.kind].fields.values():
            if one.kind is FieldKind.MEMBER and one.id in record.values:
                found.append((str(record.key), one.id, User.objects.get(pk=record.values[one.id]).email))
    members = {str(one.user_id): one.user.email for one in plan.members.select_related("user")}
    for draft in Draft.objects.filter(plan=plan):
        for name, one in CATALOG.records[draft.form.partition(":")[2]].fields.items():
            if one.kind is FieldKind.MEMBER and draft.fields.get(name) in members:
                found.append((draft.form, name, members[draft.fields[name]]))
    return sorted(found)


def leave_drafts(made: Made) -> None:
    """Leave forms half filled in, with people and files chosen in them."""
    for kind in made.dice.sample(list(CATALOG.records.values()), 12):
        typed = {
            name: value
            for name, value in made.values(kind).items()
            if isinstance(value, str) and kind.fields[name].kind is not FieldKind.RECORD
        }
        plan_actions.keep_draft(by=made.by, form=f"record:{kind.id}", fields=typed)


@settings(
    max_examples=6,
    deadline=None,
    phases=(Phase.generate,),  # what grows from a number does not become plainer with a smaller one
    suppress_health_check=list(HealthCheck),
)
@given(
    seed=st.integers(0, 2**32),
    texts=st.lists(TEXT, min_size=2, max_size=5),
    happening=st.lists(st.sampled_from(CHANGES), min_size=10, max_size=25),
)
def test_any_plan_keeps_every_text_and_link_and_travels_whole(db, seed, texts, happening) -> None:
    User.objects.all().delete()
    owner = User.objects.create_user("owner@example.org", name="Owner")
    plan = plan_actions.start_plan(by=owner, name="Any", places=[("98001", "Anywhere")])
    people = [owner, *(User.objects.create_user(f"m{n}@example.org", name=f"M {n}") for n in range(2))]
    for one in people[1:]:
        Membership.objects.create(plan=plan, user=one, role=Role.EDITOR)
    by = access_to(plan, owner)
    files = [
        add_upload(by=by, file=SimpleUploadedFile(f"{n}.pdf", b"%PDF-" + bytes([n])), about="")
        for n in range(2)
    ]
    made = Made(
        by, random.Random(seed), texts, [str(one.pk) for one in people], [str(one.pk) for one in files]
    )
    kinds = list(CATALOG.records.values())
    made.dice.shuffle(kinds)
    for kind in [*kinds, *made.dice.sample(kinds, 20)]:
        made.add(kind)
    assert len(made.records) >= 40
    if made.dice.random() < 0.5:  # somebody leaves, and a file is deleted
        Membership.objects.filter(plan=plan, user=people[2]).delete()
        remove_upload(by=by, upload=files[1])
    for what in happening:
        made.happen(what)
    leave_drafts(made)
    first, named = bundle_of(plan), told_people(plan)
    beside = import_plan(first, by=None)
    assert {**document(bundle_of(beside)), "plan": None} == {**document(first), "plan": None}
    beside.delete()
    HistoryEntry.objects.exclude(plan=plan.pk).delete()
    leave_installation(plan)
    User.objects.create_user("somebody@example.org", name="Somebody else")
    again = import_plan(first, by=None)
    assert bundle_of(again) == first
    assert told_people(again) == named
