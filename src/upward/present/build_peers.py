"""Peers and positions beside a place's numbers: only the very same number of another place is set beside it."""

from __future__ import annotations

from upward.base.messages import _
from upward.catalog.model import Direction, Unit
from upward.present.build_values import Sight, mark_of
from upward.present.specs import Mark, Position
from upward.warehouse.read import ResultRow

WEAK = 3
SIDED = (Direction.HIGHER, Direction.LOWER)


def peers_of(sight: Sight, row: ResultRow, unit: Unit) -> tuple[Mark, ...]:
    """Return the peers' marks of the same number, in the order of the peers; those without a value say so.

    None of them where no peer has a value.
    """
    views = sight.views
    if views.peers is None:
        return ()
    number = _number(row)
    if number in sight.beside:
        return sight.beside[number]
    made, peer_rows = views.made.setdefault(number, {}), views.peer_rows.get(row.variable, {})
    marks = []
    for peer in views.peers.peers:
        mark = made.get(peer.code)
        if mark is None:
            mark = made[peer.code] = _peer_mark(peer_rows.get(peer.code), number, unit, peer.name)
        marks.append(mark)
    found = tuple(marks) if any(mark.value is not None for mark in marks) else ()
    sight.beside[number] = found
    return found


def _number(row: ResultRow) -> tuple[str, ...]:
    """What a row's number is, apart from its place."""
    return row.variable, row.edition, row.source_release, row.period, row.group_type, row.group


def _peer_mark(row: ResultRow | None, number: tuple[str, ...], unit: Unit, name: str) -> Mark:
    if row is None or _number(row) != number:
        return Mark(name, text=_("not in the release"))
    return mark_of(row, unit, name)


def is_drawn(mark: Mark) -> bool:
    """Tell whether a peer has a dot: a value that is not weak."""
    return mark.value is not None and mark.quality != WEAK


def position_of(sight: Sight, row: ResultRow, direction: Direction) -> Position | None:
    """Return how many of 100 residents live with a less favorable value, where a side is favorable and data hold."""
    if direction not in SIDED or row.quality == WEAK or row.value is None:
        return None
    return sight.views.positions.get((row.variable, row.edition, row.period))
