"""Peers and positions beside a place's numbers: only the very same number of another place is set beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from upward.base.messages import _
from upward.catalog.model import Direction, Unit
from upward.engine.comparability import refused_alone
from upward.present.build_values import Numbers, Sight, mark_of, nation_of
from upward.present.specs import Mark, Position
from upward.warehouse.read import ResultRow

WEAK = 3
SIDED = (Direction.HIGHER, Direction.LOWER)
#: Strengths of a test that found a side.
FOUND = ("clear", "likely")


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
    metric = sight.catalog.variables[row.variable].metric
    marks = []
    for peer in views.own_peers.get(metric, views.peers.peers):
        mark = made.get(peer.code)
        if mark is None:
            mark = made[peer.code] = _peer_mark(peer_rows.get(peer.code), number, unit, peer.name)
        marks.append(mark)
    found = tuple(marks) if any(mark.value is not None for mark in marks) else ()
    sight.beside[number] = found
    return found


def peers_beside(sight: Sight, item: Numbers) -> tuple[Mark, ...]:
    """Return the peers' marks that are set beside a variable's newest value: without the nation only where that value
    itself may be compared.
    """
    if item.latest is None or not item.metric.comparable:
        return ()
    row = item.latest[0]
    return peers_of(sight, row, item.unit) if item.spans or refused_alone(row) is None else ()


def _number(row: ResultRow) -> tuple[str, ...]:
    """What a row's number is, apart from its place."""
    return row.variable, row.edition, row.source_release, row.period, row.group_type, row.group


def _peer_mark(row: ResultRow | None, number: tuple[str, ...], unit: Unit, name: str) -> Mark:
    if row is None or _number(row) != number:
        return Mark(name, text=_("not in the release"))
    mark = mark_of(row, unit, name)
    return mark if refused_alone(row) is None else replace(mark, apart=True)


def is_drawn(mark: Mark) -> bool:
    """Tell whether a peer has a dot: a value that may be compared, as findings do."""
    return mark.value is not None and mark.quality != WEAK and not mark.apart


def position_of(sight: Sight, row: ResultRow, direction: Direction) -> Position | None:
    """Return how many of 100 residents live with a less favorable value, where a side is favorable and data hold."""
    if direction not in SIDED or row.quality == WEAK or row.value is None:
        return None
    return sight.views.positions.get((row.variable, row.edition, row.period))


def tested_of(sight: Sight, found: Sequence[Numbers]) -> tuple[Numbers, Position] | None:
    """Return the number of a metric whose newest value was tested against the US middle, and how that stands; of
    several the one in the middle, where it was tested, else the first that was.
    """
    tested = _all_tested(sight, found)
    middle = found[len(found) // 2].variable.id if found else ""
    return next((pair for pair in tested if pair[0].variable.id == middle), tested[0] if tested else None)


def _all_tested(sight: Sight, found: Sequence[Numbers]) -> list[tuple[Numbers, Position]]:
    tested = []
    for item in found:
        if item.latest and nation_of(item.spans):
            row = item.latest[0]
            position = sight.views.positions.get((row.variable, row.edition, row.period))
            if position and position.strength:
                tested.append((item, position))
    return tested


def differ(sight: Sight, found: Sequence[Numbers]) -> bool:
    """Tell whether what was found of one number of a metric does not hold for all of them."""
    tested = _all_tested(sight, found)
    said = {(position.strength, position.strength in FOUND and position.above) for _item, position in tested}
    return len(said) > 1 or len(tested) < len(found)


def drawn_peers(peers: Sequence[Mark]) -> int:
    """Return how many peers have a dot."""
    return sum(is_drawn(peer) for peer in peers)
