"""The ways of arrows between boxes that stand in columns, so that no arrow crosses a box or hides another.

An arrow to the next column turns once in the gap between them; one to the box below goes straight down; all others run
below the boxes of a band. Each has a place of its own where it leaves, where it arrives, and where it turns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

LANE = 14  # between arrows that run below the boxes
START, END = 6, 16  # room for the first turn after a box, and for the head before one
Points = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box stands: its corner and size, its column and band, and its row in the column."""

    x: int
    y: int
    width: int
    height: int
    column: int
    band: int
    row: int

    @property
    def right(self) -> int:
        """Return where its right side is."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """Return where its lower side is."""
        return self.y + self.height

    @property
    def middle(self) -> int:
        """Return the height of its middle."""
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Layout:
    """How wide boxes and gaps are (in units of the drawing), the letters on a line, and the columns beside each other.

    More columns go on in a band below; `edge` leaves room at both sides for arrows that pass there.
    """

    box: int
    gap: int
    letters: int
    columns: int
    edge: int = 0

    def left_of(self, column: int) -> int:
        """Return where a column begins."""
        return self.edge + column * (self.box + self.gap)


class Way(Enum):
    """How an arrow goes."""

    DOWN = "to the box below, or above"
    NEXT = "to the next column"
    BESIDE = "within a column, past others"
    LONG = "below the boxes of a band"


def way_of(source: Place, target: Place) -> Way:
    """Return how an arrow between two boxes goes."""
    if source.band == target.band and source.column == target.column:
        return Way.DOWN if abs(source.row - target.row) == 1 else Way.BESIDE
    return Way.NEXT if source.band == target.band and target.column == source.column + 1 else Way.LONG


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a box where arrows leave or arrive."""

    box: Place
    right: bool


@dataclass(frozen=True, slots=True)
class _Turn:
    """One vertical stretch of an arrow, at its beginning or its end: in which gap, from where to where."""

    arrow: int
    first: bool
    gap: tuple[int, int]  # band, and the column on its left; -1 before the first
    start: int
    end: int


def ways(ends: Sequence[tuple[Place, Place]], *, lanes: Sequence[int], layout: Layout) -> list[Points]:
    """Return the corners of each arrow, from its box to the other; `lanes` begin below each band."""
    kinds = [way_of(source, target) for source, target in ends]
    heights = _heights(ends, kinds)
    lane_of = _lanes(ends, kinds, lanes)
    turns = list(_turns(ends, kinds, heights, lane_of))
    across = _across(turns, layout)
    found = []
    for number, ((source, target), kind) in enumerate(zip(ends, kinds, strict=True)):
        if kind is Way.DOWN:
            found.append(_straight(source, target))
            continue
        out, into = heights[number, True], heights[number, False]
        first = across.get((number, True), 0)
        arrival = (target.right if kind is Way.BESIDE else target.x, into)
        if kind is Way.LONG:
            last, lane = across[number, False], lane_of[number]
            middle: Points = ((first, out), (first, lane), (last, lane), (last, into))
        else:
            middle = ((first, out), (first, into)) if first else ()
        found.append(((source.right, out), *middle, arrival))
    return found


def _straight(source: Place, target: Place) -> Points:
    """Return a straight way down, or up; the two ways between two boxes stand beside each other."""
    down = target.row > source.row
    x = source.x + source.width * (1 if down else 2) // 3
    return ((x, source.bottom), (x, target.y)) if down else ((x, source.y), (x, target.bottom))


# --- where arrows leave and arrive -----------------------------------------------------------------------------------
def _heights(ends: Sequence[tuple[Place, Place]], kinds: Sequence[Way]) -> dict[tuple[int, bool], int]:
    """Return the height at which each arrow leaves (True) and arrives (False), spread over the side of its box."""
    sides: dict[_Side, list[tuple[float, int, bool]]] = {}
    for number, ((source, target), kind) in enumerate(zip(ends, kinds, strict=True)):
        if kind is Way.DOWN:
            continue
        far = 1e6  # a lane stands below all boxes of its band, and above those of the next
        leaves = far if kind is Way.LONG and source.band <= target.band else target.middle
        comes = (-far if source.band < target.band else far) if kind is Way.LONG else source.middle
        if kind is Way.LONG and source.band > target.band:
            leaves = -far
        sides.setdefault(_Side(source, right=True), []).append((leaves, number, True))
        sides.setdefault(_Side(target, right=kind is Way.BESIDE), []).append((comes, number, False))
    found: dict[tuple[int, bool], int] = {}
    for side, held in sides.items():
        for place, (_far, number, leaving) in enumerate(sorted(held), 1):
            found[number, leaving] = side.box.y + side.box.height * place // (len(held) + 1)
    for number, ((source, target), kind) in enumerate(zip(ends, kinds, strict=True)):
        alone = kind is Way.NEXT and all(
            len(sides[side]) == 1 for side in (_Side(source, right=True), _Side(target, right=False))
        )
        top, bottom = max(source.y, target.y), min(source.bottom, target.bottom)
        if alone and bottom - top >= END:
            found[number, True] = found[number, False] = (top + bottom) // 2
    return found


def _lanes(ends: Sequence[tuple[Place, Place]], kinds: Sequence[Way], lanes: Sequence[int]) -> dict[int, int]:
    """Return where each long arrow runs: one below the other."""
    used = [0] * len(lanes)
    found = {}
    for number, ((source, target), kind) in enumerate(zip(ends, kinds, strict=True)):
        if kind is Way.LONG:
            band = min(source.band, target.band)
            used[band] += 1
            found[number] = lanes[band] + LANE * used[band]
    return found


# --- where arrows turn -----------------------------------------------------------------------------------------------
def _turns(
    ends: Sequence[tuple[Place, Place]],
    kinds: Sequence[Way],
    heights: Mapping[tuple[int, bool], int],
    lane_of: Mapping[int, int],
) -> Iterator[_Turn]:
    for number, ((source, target), kind) in enumerate(zip(ends, kinds, strict=True)):
        if kind is Way.DOWN:
            continue
        out, into = heights[number, True], heights[number, False]
        if kind is Way.LONG:
            yield _Turn(number, True, (source.band, source.column), out, lane_of[number])
            yield _Turn(number, False, (target.band, target.column - 1), lane_of[number], into)
        elif out != into:
            yield _Turn(number, True, (source.band, source.column), out, into)


def _across(turns: Sequence[_Turn], layout: Layout) -> dict[tuple[int, bool], int]:
    """Return how far right each arrow turns, every turn of a gap at a place of its own.

    Of those that go down, what begins higher turns further right, so that neighbors do not cross; upwards it is the
    other way round.
    """
    gaps: dict[tuple[int, int], list[_Turn]] = {}
    for turn in turns:
        band, column = turn.gap
        # Ways between bands run down the left edge past others: there all bands share the room.
        gaps.setdefault((band if column >= 0 else 0, column), []).append(turn)
    found = {}
    for (_band, column), held in gaps.items():
        begins = layout.left_of(column) + layout.box if column >= 0 else 0
        room = (layout.edge if column in (-1, layout.columns - 1) else layout.gap) - START - END
        held.sort(key=lambda turn: (turn.end >= turn.start, _rank(turn), turn.arrow, turn.first))
        for place, turn in enumerate(held):
            step = max(0, room) * (2 * place + 1) // (2 * len(held))
            found[turn.arrow, turn.first] = begins + START + step
    return found


def _rank(turn: _Turn) -> int:
    return -turn.start if turn.end >= turn.start else turn.start
