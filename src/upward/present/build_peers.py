"""Peers and positions beside a place's numbers: only the very same number of another place is set beside it."""

from __future__ import annotations

from dataclasses import replace

from upward.base.messages import _
from upward.catalog.model import Direction, Unit
from upward.present.build_values import Sight, mark_of
from upward.present.specs import Mark, NumberKey, Position
from upward.warehouse.read import ResultRow

WEAK = 3
SIDED = (Direction.HIGHER, Direction.LOWER)


def number_key(row: ResultRow) -> NumberKey:
    """Return what a row's number is, apart from its place."""
    return row.variable, row.edition, row.source_release, row.period, row.group_type, row.group


def peers_of(sight: Sight, row: ResultRow, unit: Unit) -> tuple[Mark, ...]:
    """Return the peers' marks of the same number, in the order of the peers; those without a value say so."""
    views = sight.views
    if views.peers is None or not views.peers.peers:
        return ()
    rows = dict(views.peer_rows.get(number_key(row), ()))
    if not rows:
        return ()
    return tuple(_peer_mark(rows.get(peer.name), unit, peer.name) for peer in views.peers.peers)


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
    return sight.views.positions.get(number_key(row))
