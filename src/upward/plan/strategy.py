"""The logic model of an action: its parts in columns, the links between them, and where each stands in a drawing.

Columns follow Kellogg's guide (2004): inputs, activities, outputs, outcomes by horizon, impact. Assumptions and outside
factors stand below, for they belong to no column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from upward.base.messages import _, ngettext
from upward.catalog.model import Catalog
from upward.plan.arrow_ways import LANE, Layout, Place, Points, ways
from upward.plan.content import PlanContent, RecordContent, RecordKey
from upward.present.flow import Flow, FlowArrow, FlowBox, FlowHead

COLUMNS = (
    "input", "activity", "output", "short-term-outcome", "medium-term-outcome", "long-term-outcome", "impact",
)  # fmt: skip
BELOW = ("assumption", "external-factor")
SPACE, LINE = 24, 18  # between boxes, of a line of text
PADDING = 12
MOST_LINES = 5
HEAD = 40  # from the top of a band to its boxes, with a heading of one line


#: Six columns fit the page of a desktop.
ON_SCREEN = Layout(box=160, gap=44, letters=19, columns=len(COLUMNS), edge=32)
#: Fits the text of a page: 720 units, so that letters are about 9 points high when it is printed.
ON_PAPER = Layout(box=136, gap=40, letters=17, columns=4, edge=28)
WIDEST = 200  # of a box, where few columns have all the room


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
    place: Place


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
    points: Points


@dataclass(frozen=True, slots=True)
class LogicModel:
    """The drawing of one action's logic model; `columns` names those that hold something, left to right."""

    columns: tuple[ColumnHead, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    below: tuple[tuple[str, str], ...]  # part and title of assumptions and outside factors
    width: int
    height: int
    letters: int = ON_SCREEN.letters  # on a line of a box


def logic_model(content: PlanContent, action: RecordKey, layout: Layout = ON_SCREEN) -> LogicModel:
    """Return the logic model of an action as a drawing; parts stand in the order that people gave them."""
    by_part: dict[str, list[RecordContent]] = {}
    for element in elements_of(content, action):
        by_part.setdefault(element.text("part"), []).append(element)
    present = [part for part in COLUMNS if part in by_part]
    layout, paper = balanced(layout, len(present)), layout is ON_PAPER
    places = {element.key: index for index, part in enumerate(present) for element in by_part[part]}
    boxes: dict[RecordKey, Box] = {}
    columns: list[ColumnHead] = []
    links = [link for link in content.of("logic-model-link") if len(_ends(link)) == 2]
    if not paper and not _passes_sides(links, places):
        layout = replace(layout, edge=0)
    lanes: list[int] = []  # where the arrows that pass under each band begin
    long_ways = _long_ways(links, places, layout)
    top = 0
    for band in range(-(-len(present) // layout.columns)):
        bottom = top
        for index, part in enumerate(present[band * layout.columns :][: layout.columns]):
            columns.append(ColumnHead(part, layout.left_of(index), top))
            y = top + HEAD + (LINE if paper else 0)
            for row, element in enumerate(by_part[part]):
                box = _box(element, part, len(boxes) + 1, y, layout, (index, band, row))
                boxes[element.key] = box
                y += box.height + SPACE
                bottom = max(bottom, box.y + box.height)
        lanes.append(bottom)
        top = bottom + 2 * SPACE + LANE * long_ways[band]
    arrows = _arrows(links, boxes, lanes, layout)
    return LogicModel(
        columns=tuple(columns),
        boxes=tuple(boxes.values()),
        arrows=arrows,
        below=tuple((part, one.text("title")) for part in BELOW for one in by_part.get(part, ())),
        width=layout.left_of(min(len(present), layout.columns)) - layout.gap + layout.edge if present else 0,
        height=max([*lanes, *(y + LANE for arrow in arrows for _x, y in arrow.points)], default=0),
        letters=layout.letters,
    )


def balanced(layout: Layout, columns: int) -> Layout:
    """Return a layout whose bands hold about as many columns each, with boxes that take the room there is."""
    bands = -(-columns // layout.columns)
    if bands < 2:
        return layout
    held = -(-columns // bands)
    room = layout.left_of(layout.columns) - layout.gap - layout.edge
    box = min(WIDEST, (room + layout.gap) // held - layout.gap)
    letters = layout.letters * (box - 2 * PADDING) // (layout.box - 2 * PADDING)
    return replace(layout, box=box, letters=letters, columns=held)


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
    letters = model.letters + (0 if len({head.y for head in model.columns}) > 1 else 6)
    return Flow(
        title=title,
        sentence=sentence,
        heads=tuple(
            _flow_head(head, wrapped(entries[head.part].name, letters, 2), model) for head in model.columns
        ),
        boxes=tuple(
            FlowBox(box.x, box.y, box.width, box.height, box.number, box.lines) for box in model.boxes
        ),
        arrows=tuple(FlowArrow(arrow.points, arrow.weak) for arrow in model.arrows),
        width=model.width,
        height=model.height,
    )


def _flow_head(head: ColumnHead, lines: tuple[str, ...], model: LogicModel) -> FlowHead:
    """Return the name of a column, standing right above its boxes where it needs one line of the room for two."""
    below = min(box.y for box in model.boxes if box.y > head.y)
    spare = (below - head.y - HEAD) // LINE + 1 - len(lines)
    return FlowHead(head.x, head.y + 16 + LINE * max(0, spare), lines)


def _order(element: RecordContent) -> tuple[Decimal, str, str]:
    order = element.values.get("order")
    return (
        order if isinstance(order, Decimal) else Decimal(1000),
        element.created_at.isoformat(),
        element.uid,
    )


def _box(
    element: RecordContent, part: str, number: int, y: int, layout: Layout, at: tuple[int, int, int]
) -> Box:
    lines = wrapped(element.text("title"), layout.letters, MOST_LINES)
    height = 2 * PADDING + LINE * (len(lines) + 1)
    column, band, row = at
    place = Place(layout.left_of(column), y, layout.box, height, column, band, row)
    return Box(
        key=element.key,
        part=part,
        title=element.text("title"),
        number=number,
        x=place.x,
        y=y,
        width=layout.box,
        height=height,
        lines=lines,
        place=place,
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


def _passes_sides(links: Iterable[RecordContent], columns: Mapping[RecordKey, int]) -> bool:
    """Tell whether an arrow needs room beside the drawing: it leads back to the first column, or out of the last."""
    last = max(columns.values(), default=0)
    for link in links:
        at = [columns[end] for end in _ends(link) if end in columns]
        if len(at) == 2 and at[1] <= at[0] and (at[0] == last or 0 == at[1] < at[0]):
            return True
    return False


def _arrows(
    links: Iterable[RecordContent], boxes: Mapping[RecordKey, Box], lanes: Sequence[int], layout: Layout
) -> tuple[Arrow, ...]:
    """Return the arrows between boxes that are drawn; a link from a part to itself is none."""
    drawn: list[tuple[RecordContent, Box, Box]] = []
    for link in links:
        held = [boxes[end] for end in _ends(link) if end in boxes]
        if len(held) == 2 and held[0] is not held[1]:
            drawn.append((link, held[0], held[1]))
    found = ways(
        [(source.place, target.place) for _link, source, target in drawn], lanes=lanes, layout=layout
    )
    return tuple(
        Arrow(
            key=link.key,
            source=source,
            target=target,
            because=link.text("because"),
            weak=link.text("strength") in ("", "weak"),
            points=points,
        )
        for (link, source, target), points in zip(drawn, found, strict=True)
    )


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
