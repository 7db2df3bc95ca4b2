"""What pages of records show: lines of lists, values in words with their links, filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.http import QueryDict

from upward.base.errors import UpwardError
from upward.base.messages import _, pgettext
from upward.catalog.format import shown
from upward.catalog.record_model import Field, FieldKind, RecordKind
from upward.plan.content import RecordKey, Value
from upward.plan.record_values import options_of_field, value_words
from upward.web.core.release import current_release
from upward.web.core.templating import address
from upward.web.plans.catalogue import catalog
from upward.web.plans.models import Plan, Upload
from upward.web.plans.policies import Access
from upward.web.plans.queries import assignable_people
from upward.web.records.models import PlanRecord
from upward.web.records.options import Search, narrowed, titles_of
from upward.web.records.queries import FILTERED, SORTED, Filters, fields_for, one_links
from upward.web.records.values import plain_value, title_of, value_of

NOBODY = "none"
NUMERIC = (FieldKind.NUMBER, FieldKind.MONEY, FieldKind.SHARE, FieldKind.YEAR)


def record_page(record: PlanRecord, slug: str, name: str = "record") -> str:
    """Return the address of a page of a record."""
    return address(f"records:{name}", slug=slug, kind=record.KIND, uid=record.uid)


def place_names(plan: Plan, codes: Iterable[str] = ()) -> dict[str, str]:
    """Return the names of the plan's places and of other codes that the current release knows."""
    names = {place.geo_id: place.name for place in plan.places.all()}
    missing = [code for code in codes if code not in names]
    release = current_release() if missing else None
    for code in missing if release else ():
        names[code] = _label(release, code)
    return names


def _label(release: object, code: str) -> str:
    try:
        return str(release.place(code).label)  # type: ignore[attr-defined]
    except UpwardError:
        return code


def codes_in(kind: RecordKind, values: Mapping[str, Value]) -> list[str]:
    """Return the codes of places among the values."""
    found: list[str] = []
    for name, value in values.items():
        if kind.fields[name].kind is FieldKind.PLACE:
            found.append(str(value))
        elif kind.fields[name].kind is FieldKind.PLACES and isinstance(value, tuple):
            found += [str(item) for item in value]
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """A field of a record on its page: words, or the links they stand for."""

    field: Field
    words: str
    links: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def shown_fields(access: Access, kind: RecordKind, record: PlanRecord) -> list[Shown]:
    """Return the fields of a record that have a value, without its title, as a person may see them."""
    fields = [field for field in fields_for(access, kind) if not field.title]
    values = {field.id: value_of(record, field) for field in fields}
    given = {name: value for name, value in values.items() if value is not None}
    names = place_names(access.plan, codes_in(kind, given))
    return [_shown(access, record, kind.fields[name], value, names) for name, value in given.items()]


def _shown(access: Access, record: PlanRecord, field: Field, value: Value, names: Mapping[str, str]) -> Shown:
    slug = access.plan.slug
    if field.is_link:
        held = getattr(record, field.id)
        targets = [held] if field.kind is FieldKind.RECORD else list(held.all())
        return Shown(field, "", tuple((title_of(one), record_page(one, slug)) for one in targets))
    if field.kind is FieldKind.MEMBER:
        return Shown(field, getattr(record, field.id).get_full_name())
    if field.kind is FieldKind.UPLOAD:
        file = getattr(record, field.id)
        return Shown(field, "", ((file.name, address("plans:file", slug=slug, number=file.pk)),))
    if field.kind is FieldKind.LINK:
        return Shown(field, "", ((str(value), str(value)),))
    if field.kind is FieldKind.ROWS and isinstance(value, tuple):
        return Shown(
            field,
            "",
            rows=tuple(
                tuple(
                    value_words(catalog(), column, row.get(name), names=names)  # type: ignore[union-attr]
                    for name, column in field.columns.items()
                )
                for row in value
            ),
        )
    return Shown(
        field, number_words(record, field, value) or value_words(catalog(), field, value, names=names)
    )


#: Numbers of a release, in its unit; all other numbers stand in the unit that people see.
OF_RELEASE = frozenset(
    ("value", "lower", "upper", "peer_value", "national_value", "national_low", "national_high")
)
IN_UNIT = {
    "local-value": frozenset(("value", "lower", "upper")),
    "measure": frozenset(("baseline", "baseline_lower", "baseline_upper")),
    "target": frozenset(("value", "detectable_change")),
}


def number_words(record: PlanRecord, field: Field, value: object) -> str:
    """Return a number with its unit, where its record says which; empty for everything else."""
    if not isinstance(value, Decimal):
        return ""
    held = catalog()
    if record.KIND == "pinned-metric" and field.id in OF_RELEASE:
        variable = held.variables.get(getattr(record, "variable", ""))
        return shown(float(value), held.units[variable.unit]) if variable else ""
    if field.id not in IN_UNIT.get(record.KIND, ()):
        return ""
    owner = getattr(record, "measure", None) if record.KIND == "target" else record
    unit = held.units.get(getattr(owner, "unit", ""))
    if unit is None:
        return value_words(held, field, value)
    if getattr(owner, "baseline_release", ""):  # what comes from a release is as exact as its unit is shown
        value = round(value, unit.decimals)
    return f"{unit.prefix}{value_words(held, field, value)}{unit.suffix}"


@dataclass(frozen=True, slots=True)
class Line:
    """A record in a list."""

    record: PlanRecord
    title: str
    link: str
    cells: tuple[tuple[Field, str], ...]
    flags: int


def listed_fields(kind: RecordKind) -> list[Field]:
    """Return the columns of a kind's list, without the title."""
    return [field for field in kind.fields.values() if field.listed and not field.title]


def lines(
    access: Access, kind: RecordKind, records: Iterable[PlanRecord], flags: Mapping[str, list[object]]
) -> list[Line]:
    """Return records as lines of a list; what a link of one leads to must be fetched with them."""
    columns = listed_fields(kind)
    found = list(records)
    codes = [
        getattr(record, field.id) for record in found for field in columns if field.kind is FieldKind.PLACE
    ]
    codes += [
        code
        for record in found
        for field in columns
        if field.kind is FieldKind.PLACES
        for code in getattr(record, field.id)
    ]
    names = place_names(access.plan, dict.fromkeys(code for code in codes if code)) if codes else {}
    return [
        Line(
            record,
            title_of(record),
            record_page(record, access.plan.slug),
            tuple((field, _cell(record, field, names)) for field in columns),
            len(flags.get(record.key, ())),
        )
        for record in found
    ]


def _cell(record: PlanRecord, field: Field, names: Mapping[str, str]) -> str:
    if field.kind is FieldKind.RECORD:
        target = getattr(record, field.id)
        return title_of(target) if target else ""
    if field.kind is FieldKind.MEMBER:
        person = getattr(record, field.id)
        return person.get_full_name() if person else ""
    value = plain_value(field, getattr(record, field.id))
    words = number_words(record, field, value) or value_words(catalog(), field, value, names=names)
    return words if len(words) <= 160 else words[:159] + "…"


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter of a list: its field, the options, and what is chosen."""

    field: Field
    options: tuple[tuple[str, str], ...]
    chosen: str
    without: str  # the query without it
    search: Search | None = None

    @property
    def words(self) -> str:
        """What is chosen, in words."""
        return dict(self.options).get(self.chosen, self.chosen)


def read_filters(kind: RecordKind, query: QueryDict) -> Filters:
    """Return the filters of an address; what does not belong to the kind is left out."""
    chosen = {
        field.id: query[field.id][:60]
        for field in kind.fields.values()
        if field.filtered and field.kind in FILTERED and query.get(field.id)
    }
    sort = query.get("sort", "")[:60]
    sortable = {field.id for field in kind.fields.values() if field.kind in SORTED and not field.private}
    return Filters(
        words=query.get("q", "").strip()[:200],
        chosen=chosen,
        sort=sort if sort.removeprefix("-") in sortable else "",
        withdrawn=query.get("withdrawn") == "1",
        flagged=query.get("flagged") == "1",
    )


def query_of(filters: Filters, **changes: str) -> str:
    """Return filters as the query of an address, with some changed; an empty value leaves one out."""
    held = {
        "q": filters.words,
        **(filters.chosen or {}),
        "withdrawn": "1" if filters.withdrawn else "",
        "flagged": "1" if filters.flagged else "",
        "sort": filters.sort,
        **changes,
    }
    return urlencode({name: value for name, value in held.items() if value})


def choices(access: Access, kind: RecordKind, filters: Filters, query: QueryDict) -> list[Choice]:
    """Return the filters that a list offers; of many records or people, those that fit the words of the query."""
    found = []
    for field in kind.fields.values():
        if not field.filtered or field.kind not in FILTERED:
            continue
        options = _filter_options(access, field)
        if options:
            chosen, search = (filters.chosen or {}).get(field.id, ""), None
            if field.kind in (FieldKind.RECORD, FieldKind.MEMBER):
                words = query.get(f"find_{field.id}", "").strip()[:200]
                options, search = narrowed(options, words, {chosen, NOBODY})
                if search:
                    search.asked = f"narrow_{field.id}" in query
            found.append(Choice(field, tuple(options), chosen, query_of(filters, **{field.id: ""}), search))
    return found


def _filter_options(access: Access, field: Field) -> list[tuple[str, str]]:
    if field.kind is FieldKind.MEMBER:
        people = [(str(one.pk), one.get_full_name()) for one in assignable_people(access.plan)]
        return [(NOBODY, _("Nobody yet")), *people]
    if field.kind is FieldKind.YES_NO:
        return [
            ("yes", pgettext("answer", "Yes")),
            ("no", pgettext("answer", "No")),
            ("none", pgettext("answer", "Not said")),
        ]
    if field.kind is FieldKind.RECORD:
        return titles_of(access.plan, field.of)
    return list(options_of_field(catalog(), field).items())


def fetched(kind: RecordKind) -> list[str]:
    """Return what to fetch along with the records of a list."""
    listed = {field.id for field in listed_fields(kind)}
    return [name for name in one_links(kind) if name in listed or (kind.id, name) == ("target", "measure")]


def key_of(record: PlanRecord) -> RecordKey:
    """Return the key of a record."""
    return RecordKey(record.KIND, record.uid)


def upload_names(plan: Plan) -> dict[str, str]:
    """Return the names of the plan's files by number."""
    return {str(upload.pk): upload.name for upload in Upload.objects.filter(plan=plan)}
