"""Who represents us, as a part of the findings: seats as officials say themselves, beside who lives here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from upward.base.messages import _
from upward.insights.representation import (
    DECLINED,
    GROUP_TYPE,
    MOST_SEATS,
    Body,
    GroupSeats,
    resident_rows,
    seats_of_groups,
)
from upward.insights.wording import words_in_force
from upward.plan.content import Cell, RecordContent
from upward.plan.map_context import Context
from upward.plan.record_values import value_words
from upward.present.document import Block, Column, Facts, Heading, Rows, Table, strong, text


def representation(context: Context) -> Iterator[Block]:
    """Each form on who represents us: a table of seats beside residents, and how it is known."""
    for form in context.content.of("representation-form"):
        yield Heading(2, f"{context.catalog.records['representation-form'].name}: {form.text('body')}")
        yield _seats(context, form)
        yield Facts(
            context.facts(form, ("seats", "declined", "other_groups", "counted_on", "source", "note"))
        )


def _seats(context: Context, form: RecordContent) -> Table:
    """Seats of each group beside the residents' share, with what chance allows to be said of it."""
    tested = {item.group: item for item in seats_beside_residents(context, form)}
    found = []
    for row in seat_counts(form):
        kind, _slash, group = str(row.get("group", "")).partition("/")
        item = tested.get(group)
        column = context.catalog.records["representation-form"].fields["counts"].columns
        typed = {name: value_words(context.catalog, column[name], row.get(name)) for name in column}
        names = {one.id: one.name for one in context.catalog.group_types[kind].groups} if kind else {}
        found.append(
            (
                text(strong(names.get(group, typed["group"]))),
                text(typed["seats"]),
                text(item.ratio if item else typed["residents"] or "–"),
                text(item.statement if item else "–"),
            )
        )
    columns = (
        Column(_("Group"), share=3), Column(_("Seats"), True, 1),
        Column(_("Seats : residents"), True, 3), Column(_("What can be said"), share=6),
    )  # fmt: skip
    return Table(_("Seats beside the residents’ shares"), columns, (Rows(tuple(found)),))


def seat_counts(form: RecordContent) -> list[Mapping[str, Cell]]:
    """Return the rows of a form on who represents us: group, seats, share of residents."""
    rows = form.values.get("counts")
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, tuple) else []


def seats_beside_residents(context: Context, form: RecordContent) -> tuple[GroupSeats, ...]:
    """Return each group's seats tested against its share of residents; none where the release is not there."""
    page = next(iter(context.pages.values()), None)
    seats: list[str] = []
    for row in seat_counts(form):
        kind, _slash, group = str(row.get("group", "")).partition("/")
        if kind == GROUP_TYPE:
            seats += [group] * int(str(row.get("seats") or 0).partition(".")[0])
    declined = form.values.get("declined")
    seats += [DECLINED] * (int(declined) if isinstance(declined, Decimal) else 0)
    if page is None or not seats or len(seats) > MOST_SEATS:
        return ()
    words = words_in_force()
    rows = resident_rows(words, page.rows)
    body = Body(form.text("body"), str(form.values.get("counted_on", "")), tuple(seats))
    return seats_of_groups(words, body, rows) if rows else ()
