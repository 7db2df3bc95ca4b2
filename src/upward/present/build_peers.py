"""Peers and positions beside a place's numbers: only the very same number of another place is set beside it."""

from __future__ import annotations

from dataclasses import replace

from upward.base.messages import _
from upward.catalog.model import Direction, Unit
from upward.present.build_values import Sight, mark_of
from upward.present.specs import Mark, Position
from upward.warehouse.read import ResultRow

WEAK = 3
SIDED = (Direction.HIGHER, Direction.LOWER)


def peers_of(sight: Sight, row: ResultRow, unit: Unit) -> tuple[Mark, ...]:
    """Return the peers' marks of the same number, in the order of the peers; those without a value say so."""
    views = sight.views
    if views.peers is None:
        return ()
    number = _number(row)
    rows = {item.geo_id: item for item in views.peer_rows.get(row.variable, ()) if _number(item) == number}
    if not rows:
        return ()
    marks = []
    for peer in views.peers.peers:
        key = (row.variable, row.edition, row.period, peer.code)
        mark = views.made.get(key)
        if mark is None:
            mark = views.made[key] = _peer_mark(rows.get(peer.code), unit, peer.name)
        marks.append(mark)
    return tuple(marks)


def _number(row: ResultRow) -> tuple[str, ...]:
    """What a row's number is, apart from its place."""
    return row.edition, row.source_release, row.period, row.group_type, row.group


def _peer_mark(row: ResultRow | None, unit: Unit, name: str) -> Mark:
    if row is None:
        return Mark(name, text=_("not published"), reason=_("The release has no value for this peer."))
    mark = mark_of(row, unit, name)
    if mark.quality == WEAK:
        return replace(mark, note=f"{_('Weak data: listed, not drawn.')} {mark.note}".strip())
    return mark


def is_drawn(mark: Mark) -> bool:
    """Tell whether a peer has a dot: a value that is not weak."""
    return mark.value is not None and mark.quality != WEAK


def position_of(sight: Sight, row: ResultRow, direction: Direction) -> Position | None:
    """Return how many of 100 residents live with a less favorable value, where a side is favorable and data hold."""
    if direction not in SIDED or row.quality == WEAK or row.value is None:
        return None
    return sight.views.positions.get((row.variable, row.edition, row.period))
