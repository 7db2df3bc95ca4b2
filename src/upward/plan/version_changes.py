"""What changed between two frozen states of a plan: its facts, the sections of its document, and its records.

Sections are compared as the document says them, without the charts and tables that a data release adds; that the
release is another one is said among the facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cached_property

from upward.base.messages import _, ngettext, pgettext
from upward.catalog.model import Catalog
from upward.catalog.record_model import Field, FieldKind, RecordKind
from upward.plan.assemble import Edition, assemble
from upward.plan.content import RecordContent, RecordKey, Value, title_of
from upward.plan.differences import Stretch, count_lines, text_differences, whole_differences
from upward.plan.frozen import FrozenPlan
from upward.plan.record_values import value_words
from upward.present.document import Block, Document, Drawing, Heading, Missing, Run, plain

#: Versions themselves are what is compared.
LEFT_ASIDE = "plan-version"
RUNNING_TEXT = (FieldKind.LINE, FieldKind.TEXT)
#: Fields of blocks that are no words for people.
_NO_WORDS = frozenset(
    ("id", "level", "pillar", "new_page", "role", "marker", "mark", "shape", "share", "table")
)


class Change(StrEnum):
    """What became of a section or a record."""

    ADDED = "added"
    CHANGED = "changed"
    LEFT_OUT = "left out"
    WITHDRAWN = "withdrawn"
    BROUGHT_BACK = "brought back"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: what it is called, its words before and after, and how the one became the other."""

    label: str
    before: str
    after: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record: what became of it, what it is called now, its changed fields, and why it was withdrawn."""

    key: RecordKey
    change: Change
    title: str
    fields: tuple[FieldChange, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class KindChanges:
    """The changes of the records of one kind, by the name of the kind."""

    kind: str
    name: str
    records: tuple[RecordChange, ...]


@dataclass(frozen=True, slots=True)
class SectionChange:
    """One section of the document: what became of it, and how many of its lines were added and left out."""

    id: str
    name: str
    change: Change | None
    added: int = 0
    left_out: int = 0


@dataclass(frozen=True)
class VersionChanges:
    """Everything that differs between two states of a plan; `sections` holds those that stayed, too."""

    facts: tuple[FieldChange, ...]
    sections: tuple[SectionChange, ...]
    kinds: tuple[KindChanges, ...]

    @cached_property
    def counts(self) -> Mapping[Change, int]:
        """Return how many records there are of each change."""
        found = [record.change for kind in self.kinds for record in kind.records]
        return {change: found.count(change) for change in Change}

    @cached_property
    def section_counts(self) -> Mapping[Change, int]:
        """Return how many sections there are of each change."""
        found = [section.change for section in self.sections]
        return {change: found.count(change) for change in Change}

    @property
    def nothing(self) -> bool:
        """Tell whether the two states say the same."""
        return not self.facts and not self.kinds and all(section.change is None for section in self.sections)


def changes_between(
    catalog: Catalog, older: FrozenPlan, newer: FrozenPlan, *, language: str
) -> VersionChanges:
    """Return what changed from one state of a plan to another; `catalog` is of the language."""
    return VersionChanges(
        facts=tuple(_fact_changes(older, newer)),
        sections=tuple(_section_changes(catalog, older, newer, language)),
        kinds=tuple(_kind_changes(catalog, older, newer)),
    )


# --- facts ---------------------------------------------------------------------------------------------------------
def _fact_changes(older: FrozenPlan, newer: FrozenPlan) -> Iterator[FieldChange]:
    pairs = (
        (_("Name"), older.content.name, newer.content.name),
        (_("Places"), "; ".join(older.places.values()), "; ".join(newer.places.values())),
        (_("Data release"), older.content.release, newer.content.release),
    )
    for label, before, after in pairs:
        if before != after:
            yield FieldChange(label, before, after, whole_differences(before, after))


# --- sections ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    lines: list[str]
    missing: bool


def _section_changes(
    catalog: Catalog, older: FrozenPlan, newer: FrozenPlan, language: str
) -> Iterator[SectionChange]:
    before = _sections(_document(catalog, older, language))
    after = _sections(_document(catalog, newer, language))
    for name in (*after, *(name for name in before if name not in after)):
        was, is_now = before.get(name), after.get(name)
        said_before = was is not None and not was.missing
        says_now = is_now is not None and not is_now.missing
        if not said_before and not says_now:
            continue
        old, new = was.lines if was and said_before else [], is_now.lines if is_now and says_now else []
        added, left_out = count_lines(old, new)
        if said_before and says_now:
            change = Change.CHANGED if added or left_out else None
        else:
            change = Change.ADDED if says_now else Change.LEFT_OUT
        yield SectionChange(name, (is_now or was).name, change, added, left_out)  # type: ignore[union-attr]


def _document(catalog: Catalog, frozen: FrozenPlan, language: str) -> Document:
    return assemble(frozen.content, catalog, Edition(language, frozen.places))


def _sections(document: Document) -> dict[str, _Section]:
    """Return the sections of a document by the id of their heading: what they are called and the lines they say."""
    found: dict[str, _Section] = {}
    held: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 1:
            held = []
            found[block.id] = _Section(block.text, [], missing=False)
            name = block.id
        elif found:
            held.append(block)
            lines = [*found[name].lines, *lines_of(block)]
            missing = all(isinstance(one, Missing) for one in held)
            found[name] = _Section(found[name].name, lines, missing)
    return found


def lines_of(part: object) -> Iterator[str]:
    """Yield what a block of a document says, a line for each text in it."""
    if isinstance(part, str):
        if part.strip():
            yield part
    elif isinstance(part, Drawing):
        yield from lines_of(part.sentence)
    elif isinstance(part, tuple):
        if part and all(isinstance(item, Run) for item in part):
            yield from lines_of(plain(tuple(run for run in part if not _is_mark(run))))
        else:
            for item in part:
                yield from lines_of(item)
    elif is_dataclass(part):
        for one in fields(part):
            if one.name not in _NO_WORDS:
                yield from lines_of(getattr(part, one.name))


def _is_mark(run: Run) -> bool:
    """Tell whether a run leads to a reference: marks are numbered anew when a source before them comes or goes."""
    return run.look == "reference" or run.link.startswith("#")


# --- records -------------------------------------------------------------------------------------------------------
def _kind_changes(catalog: Catalog, older: FrozenPlan, newer: FrozenPlan) -> Iterator[KindChanges]:
    before_names, after_names = _names(catalog, older), _names(catalog, newer)
    for kind in catalog.records.values():
        if kind.id == LEFT_ASIDE:
            continue
        found = tuple(_record_changes(catalog, kind, (older, newer), (before_names, after_names)))
        if found:
            yield KindChanges(kind.id, kind.plural, found)


def _names(catalog: Catalog, frozen: FrozenPlan) -> dict[str, str]:
    content = frozen.content
    everything = (*content.all_records(), *(r for rs in content.withdrawn.values() for r in rs))
    return {str(record.key): title_of(catalog, record) for record in everything} | dict(frozen.places)


def _record_changes(
    catalog: Catalog,
    kind: RecordKind,
    sides: tuple[FrozenPlan, FrozenPlan],
    names: tuple[dict[str, str], dict[str, str]],
) -> Iterator[RecordChange]:
    older, newer = (side.content for side in sides)
    stood = {record.uid: record for record in older.of(kind.id)}
    stands = {record.uid: record for record in newer.of(kind.id)}
    was_withdrawn = {record.uid for record in older.withdrawn.get(kind.id, ())}
    withdrawn = {record.uid: record for record in newer.withdrawn.get(kind.id, ())}
    for uid, record in stands.items():
        title = title_of(catalog, record)
        if uid not in stood:
            change = Change.BROUGHT_BACK if uid in was_withdrawn else Change.ADDED
            yield RecordChange(
                record.key, change, title, tuple(_field_changes(catalog, kind, None, record, names))
            )
        elif changed := tuple(_field_changes(catalog, kind, stood[uid], record, names)):
            yield RecordChange(record.key, Change.CHANGED, title, changed)
    for uid, record in stood.items():
        if uid not in stands:
            gone = withdrawn.get(uid)
            change = Change.WITHDRAWN if gone else Change.LEFT_OUT
            yield RecordChange(
                record.key, change, title_of(catalog, record), (), gone.withdrawn_reason if gone else ""
            )


def _field_changes(
    catalog: Catalog,
    kind: RecordKind,
    was: RecordContent | None,
    now: RecordContent,
    names: tuple[dict[str, str], dict[str, str]],
) -> Iterator[FieldChange]:
    for field in kind.fields.values():
        old, new = was.values.get(field.id) if was else None, now.values.get(field.id)
        if _same(old, new) or (was is None and field.title):
            continue
        before = value_words(catalog, field, old, names=names[0])
        after = value_words(catalog, field, new, names=names[1])
        if before != after:
            yield FieldChange(field.label, before, after, _stretches_of(field, before, after))


def _same(old: Value | None, new: Value | None) -> bool:
    """Tell whether two values say the same; links of several have no order."""
    if (
        isinstance(old, tuple)
        and isinstance(new, tuple)
        and all(isinstance(key, RecordKey) for key in (*old, *new))
    ):
        return set(old) == set(new)
    return old == new


def _stretches_of(field: Field, before: str, after: str) -> tuple[Stretch, ...]:
    how = text_differences if field.kind in RUNNING_TEXT else whole_differences
    return how(before, after)


# --- as a table ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One line of the table with the same changes: part of the plan, what it is called, what became of it."""

    part: str
    title: str
    change: str
    field: str = ""
    before: str = ""
    after: str = ""


def change_words(change: Change | None) -> str:
    """Return what became of a section or a record, in the language in force."""
    return {
        None: pgettext("between versions", "The same"),
        Change.ADDED: pgettext("between versions", "Added"),
        Change.CHANGED: pgettext("between versions", "Changed"),
        Change.LEFT_OUT: pgettext("between versions", "Left out"),
        Change.WITHDRAWN: pgettext("between versions", "Withdrawn"),
        Change.BROUGHT_BACK: pgettext("between versions", "Brought back"),
    }[change]


def line_words(section: SectionChange) -> str:
    """Return how many lines of a section were added and left out; empty where it stayed."""
    if section.change is None:
        return ""
    parts = []
    if section.added:
        parts.append(ngettext("{n} line added", "{n} lines added", section.added).format(n=section.added))
    if section.left_out:
        gone = section.left_out
        parts.append(ngettext("{n} line left out", "{n} lines left out", gone).format(n=gone))
    return ", ".join(parts)


def rows_of(changes: VersionChanges) -> Iterator[ChangeRow]:
    """Yield the changes as lines of a table: facts, sections that changed, then each field of each record."""
    for fact in changes.facts:
        yield ChangeRow(_("The plan"), fact.label, change_words(Change.CHANGED), "", fact.before, fact.after)
    for section in changes.sections:
        if section.change is not None:
            yield ChangeRow(
                _("Sections"), section.name, change_words(section.change), "", "", line_words(section)
            )
    for kind in changes.kinds:
        for record in kind.records:
            said = change_words(record.change)
            if not record.fields:
                yield ChangeRow(kind.name, record.title, said, "", "", record.reason)
            for field in record.fields:
                yield ChangeRow(kind.name, record.title, said, field.label, field.before, field.after)
