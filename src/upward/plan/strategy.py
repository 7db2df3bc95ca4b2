"""The logic model of an action: its parts in columns, the links between them, and where each stands in a drawing.

Columns follow Kellogg's guide (2004): inputs, activities, outputs, outcomes by horizon, impact. Assumptions and outside
factors stand below, for they belong to no column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from upward.base.messages import _, ngettext
from upward.catalog.model import Catalog
from upward.plan.content import PlanContent, RecordContent, RecordKey
from upward.present.flow import Flow, FlowArrow, FlowBox, FlowHead

COLUMNS = (
    "input", "activity", "output", "short-term-outcome", "medium-term-outcome", "long-term-outcome", "impact",
)  # fmt: skip
BELOW = ("assumption", "external-factor")
SPACE, LINE = 24, 18  # between boxes, of a line of text
PADDING = 12
MOST_LINES = 5
LANE = 14  # between arrows that run below the boxes
STEPS = 5  # of arrows that turn beside each other
HEAD = 40  # from the top of a band to its boxes, with a heading of one line


@dataclass(frozen=True, slots=True)
class Layout:
    """How wide boxes and gaps are (in units of the drawing), the letters on a line, and the columns beside each other.

    More columns go on in a band below; `edge` leaves room at both sides for arrows between bands.
    """

    box: int
    gap: int
    letters: int
    columns: int
    edge: int = 0


ON_SCREEN = Layout(box=168, gap=56, letters=20, columns=len(COLUMNS))
#: Fits the text of a page: 720 units, so that letters are about 9 points high when it is printed.
ON_PAPER = Layout(box=136, gap=40, letters=17, columns=4, edge=28)


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the model: where it stands (in units of the drawing), its text in lines, and its number."""

    key: RecordKey
    part: str
    title: str
    number: int
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]
    band: int = 0


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """The name of a part above its column: where its first line stands, and its corner."""

    part: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """A link between two boxes; `weak`: its evidence is weak or missing. `points` go from the first to the second."""

    key: RecordKey
    source: Box
    target: Box
    because: str
    weak: bool
    points: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class LogicModel:
    """The drawing of one action's logic model; `columns` names those that hold something, left to right."""

    columns: tuple[ColumnHead, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    below: tuple[tuple[str, str], ...]  # part and title of assumptions and outside factors
    width: int
    height: int


def logic_model(content: PlanContent, action: RecordKey, layout: Layout = ON_SCREEN) -> LogicModel:
    """Return the logic model of an action as a drawing; parts stand in the order that people gave them."""
    by_part: dict[str, list[RecordContent]] = {}
    for element in elements_of(content, action):
        by_part.setdefault(element.text("part"), []).append(element)
    present = [part for part in COLUMNS if part in by_part]
    boxes: dict[RecordKey, Box] = {}
    columns: list[ColumnHead] = []
    links = [link for link in content.of("logic-model-link") if len(_ends(link)) == 2]
    lanes: list[int] = []  # where the arrows that pass under each band begin
    places = {element.key: index for index, part in enumerate(present) for element in by_part[part]}
    long_ways = _long_ways(links, places, layout)
    top = 0
    for band in range(-(-len(present) // layout.columns)):
        bottom = top
        for index, part in enumerate(present[band * layout.columns :][: layout.columns]):
            x = layout.edge + index * (layout.box + layout.gap)
            columns.append(ColumnHead(part, x, top))
            y = top + HEAD + (LINE if layout is ON_PAPER else 0)
            for element in by_part[part]:
                box = _box(element, part, len(boxes) + 1, x, y, layout, band)
                boxes[element.key] = box
                y += box.height + SPACE
                bottom = max(bottom, box.y + box.height)
        lanes.append(bottom)
        top = bottom + 2 * SPACE + LANE * long_ways[band]
    arrows = tuple(_arrows(links, boxes, lanes, layout))
    width = min(len(present), layout.columns) * (layout.box + layout.gap) - layout.gap + 2 * layout.edge
    return LogicModel(
        columns=tuple(columns),
        boxes=tuple(boxes.values()),
        arrows=arrows,
        below=tuple((part, one.text("title")) for part in BELOW for one in by_part.get(part, ())),
        width=width if present else 0,
        height=max([*lanes, *(y + LANE for arrow in arrows for _x, y in arrow.points)], default=0),
    )


def elements_of(content: PlanContent, action: RecordKey) -> list[RecordContent]:
    """Return the parts of an action's logic model, in the order that people gave them."""
    found = (one for one in content.of("logic-model-element") if action in one.linked("action"))
    return sorted(found, key=_order)


def flow_of(catalog: Catalog, model: LogicModel, *, title: str) -> Flow:
    """Return the model as `upward.present.flow` draws it, with the sentence that says the same."""
    entries = catalog.vocabularies["logic-model-parts"].entries
    sentence = _("{parts}, {links}. Dashed arrows rest on weak evidence or on none.").format(
        parts=ngettext("{n} part", "{n} parts", len(model.boxes)).format(n=len(model.boxes)),
        links=ngettext("{n} link", "{n} links", len(model.arrows)).format(n=len(model.arrows)),
    )
    letters = ON_SCREEN.letters + 6 if len({head.y for head in model.columns}) < 2 else ON_PAPER.letters
    return Flow(
        title=title,
        sentence=sentence,
        heads=tuple(
            FlowHead(head.x, head.y + 16, wrapped(entries[head.part].name, letters, 2))
            for head in model.columns
        ),
        boxes=tuple(
            FlowBox(box.x, box.y, box.width, box.height, box.number, box.lines) for box in model.boxes
        ),
        arrows=tuple(FlowArrow(arrow.points, arrow.weak) for arrow in model.arrows),
        width=model.width,
        height=model.height,
    )


def _order(element: RecordContent) -> tuple[Decimal, str, str]:
    order = element.values.get("order")
    return (
        order if isinstance(order, Decimal) else Decimal(1000),
        element.created_at.isoformat(),
        element.uid,
    )


def _box(element: RecordContent, part: str, number: int, x: int, y: int, layout: Layout, band: int) -> Box:
    lines = wrapped(element.text("title"), layout.letters, MOST_LINES)
    return Box(
        key=element.key,
        part=part,
        title=element.text("title"),
        number=number,
        x=x,
        y=y,
        width=layout.box,
        height=2 * PADDING + LINE * (len(lines) + 1),
        lines=lines,
        band=band,
    )


def _ends(link: RecordContent) -> tuple[RecordKey, ...]:
    return (*link.linked("from_element"), *link.linked("to_element"))


def _long_ways(links: Iterable[RecordContent], columns: Mapping[RecordKey, int], layout: Layout) -> list[int]:
    """Return how many arrows run below each band: those that pass over a column, and those to another band."""
    found = [0] * (max(columns.values(), default=0) // layout.columns + 1)
    for link in links:
        at = [columns[end] for end in _ends(link) if end in columns]
        if len(at) == 2 and (
            at[0] // layout.columns != at[1] // layout.columns or at[1] - at[0] not in (0, 1)
        ):
            found[min(at) // layout.columns] += 1
    return found


def _arrows(
    links: Iterable[RecordContent], boxes: Mapping[RecordKey, Box], lanes: Sequence[int], layout: Layout
) -> Iterator[Arrow]:
    """Yield the arrows; one that passes over a column, or to another band, runs below all boxes of a band."""
    used = [0] * len(lanes)
    for index, link in enumerate(links):
        ends = _ends(link)
        if not all(end in boxes for end in ends) or ends[0] == ends[1]:
            continue
        source, target = boxes[ends[0]], boxes[ends[1]]
        same = source.band == target.band
        shift = STEPS * (index % 4)
        if same and target.x - source.x in (layout.box + layout.gap, 0):
            points = _short_way(source, target, shift, layout.gap)
        else:
            band = min(source.band, target.band)
            used[band] += 1
            points = _long_way(source, target, lanes[band] + LANE * used[band], shift)
        yield Arrow(
            key=link.key,
            source=source,
            target=target,
            because=link.text("because"),
            weak=link.text("strength") in ("", "weak"),
            points=points,
        )


Points = tuple[tuple[int, int], ...]


def _short_way(source: Box, target: Box, shift: int, gap: int) -> Points:
    """Return the corners of an arrow to the next column, or within one: round its side."""
    start = (source.x + source.width, source.y + source.height // 2)
    within = source.x == target.x
    end = (target.x + (target.width if within else 0), target.y + target.height // 2)
    bend = start[0] + min(gap // 3 + shift, gap - 16)
    return (start, (bend, start[1]), (bend, end[1]), end)


def _long_way(source: Box, target: Box, lane: int, shift: int) -> Points:
    """Return the corners of an arrow that runs below the boxes of a band, forward, back, or to another band."""
    start = (source.x + source.width, source.y + source.height // 2 + 8)
    end = (target.x, target.y + target.height // 2 + 8)
    out, back = start[0] + 8 + shift // 2, end[0] - 2 * STEPS - 8 - shift // 2
    return (start, (out, start[1]), (out, lane), (back, lane), (back, end[1]), end)


def wrapped(text: str, letters: int, most: int) -> tuple[str, ...]:
    """Return a text in lines of so many letters, cut with an ellipsis after the last; words are kept whole.

    >>> wrapped("Two bus routes on Sunday", 12, 2)
    ('Two bus', 'routes on S…')
    """
    words, lines = text.split(), [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= letters or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    lines = [line if len(line) <= letters else line[: letters - 1] + "…" for line in lines]
    if len(lines) > most:
        rest = " ".join(lines[most - 1 :])
        lines = [*lines[: most - 1], rest[: letters - 1].rstrip() + "…"]
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class Coverage:
    """One part of the logic model with the measures that follow it; `needed`: it should have one."""

    element: RecordContent
    measures: tuple[RecordContent, ...]
    needed: bool


def coverage(content: PlanContent, action: RecordKey | None = None) -> tuple[Coverage, ...]:
    """Return the parts of the logic model, in the order of the columns, with what measures them."""
    measures: dict[RecordKey, list[RecordContent]] = {}
    for measure in content.of("measure"):
        for key in measure.linked("elements"):
            measures.setdefault(key, []).append(measure)
    parts = [*COLUMNS, *BELOW]
    elements = [
        one for one in content.of("logic-model-element") if action is None or action in one.linked("action")
    ]
    elements.sort(
        key=lambda one: (parts.index(one.text("part")) if one.text("part") in parts else 99, _order(one))
    )
    return tuple(
        Coverage(one, tuple(measures.get(one.key, ())), one.text("part") not in ("activity", *BELOW))
        for one in elements
    )
