"""The logic model of an action: its parts in columns, the links between them, and where each stands in a drawing.

Columns follow Kellogg's guide (2004): inputs, activities, outputs, outcomes by horizon, impact. Assumptions and outside
factors stand below, for they belong to no column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from upward.base.messages import _, ngettext
from upward.catalog.model import Catalog
from upward.plan.content import PlanContent, RecordContent, RecordKey
from upward.present.flow import Flow, FlowArrow, FlowBox

COLUMNS = (
    "input", "activity", "output", "short-term-outcome", "medium-term-outcome", "long-term-outcome", "impact",
)  # fmt: skip
BELOW = ("assumption", "external-factor")
WIDTH, GAP, SPACE, LINE = 168, 56, 24, 18  # of a box, between columns, between boxes, of a line of text
PADDING = 12
LETTERS = 20  # that fit on a line of a box
MOST_LINES = 5
LANE = 14  # between arrows that run below the boxes
STEPS = 5  # of arrows that turn beside each other


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

    columns: tuple[tuple[str, int], ...]  # part and x
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    below: tuple[tuple[str, str], ...]  # part and title of assumptions and outside factors
    width: int
    height: int


def logic_model(content: PlanContent, action: RecordKey) -> LogicModel:
    """Return the logic model of an action as a drawing; parts stand in the order that people gave them."""
    elements = sorted(
        (one for one in content.of("logic-model-element") if action in one.linked("action")), key=_order
    )
    by_part: dict[str, list[RecordContent]] = {}
    for element in elements:
        by_part.setdefault(element.text("part"), []).append(element)
    present = [part for part in COLUMNS if part in by_part]
    boxes: dict[RecordKey, Box] = {}
    columns = []
    for index, part in enumerate(present):
        x = index * (WIDTH + GAP)
        columns.append((part, x))
        y = 40
        for element in by_part[part]:
            box = _box(element, part, len(boxes) + 1, x, y)
            boxes[element.key] = box
            y += box.height + SPACE
    height = max((box.y + box.height for box in boxes.values()), default=0)
    arrows = tuple(_arrows(content, boxes, height))
    return LogicModel(
        columns=tuple(columns),
        boxes=tuple(boxes.values()),
        arrows=arrows,
        below=tuple((part, one.text("title")) for part in BELOW for one in by_part.get(part, ())),
        width=max(0, len(present) * (WIDTH + GAP) - GAP),
        height=max([height, *(y + LANE for arrow in arrows for _x, y in arrow.points)]),
    )


def flow_of(catalog: Catalog, model: LogicModel, *, title: str) -> Flow:
    """Return the model as `upward.present.flow` draws it, with the sentence that says the same."""
    entries = catalog.vocabularies["logic-model-parts"].entries
    sentence = _("{parts}, {links}. Dashed arrows rest on weak evidence or on none.").format(
        parts=ngettext("{n} part", "{n} parts", len(model.boxes)).format(n=len(model.boxes)),
        links=ngettext("{n} link", "{n} links", len(model.arrows)).format(n=len(model.arrows)),
    )
    return Flow(
        title=title,
        sentence=sentence,
        columns=tuple((entries[part].name, x) for part, x in model.columns),
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


def _box(element: RecordContent, part: str, number: int, x: int, y: int) -> Box:
    lines = wrapped(element.text("title"), LETTERS, MOST_LINES)
    return Box(
        key=element.key,
        part=part,
        title=element.text("title"),
        number=number,
        x=x,
        y=y,
        width=WIDTH,
        height=2 * PADDING + LINE * (len(lines) + 1),
        lines=lines,
    )


def _arrows(content: PlanContent, boxes: Mapping[RecordKey, Box], bottom: int) -> Iterator[Arrow]:
    """Yield the arrows; one that passes over a column runs below all boxes, so that it crosses none."""
    lanes = 0
    for index, link in enumerate(content.of("logic-model-link")):
        ends = (*link.linked("from_element"), *link.linked("to_element"))
        if len(ends) != 2 or not all(end in boxes for end in ends):
            continue
        source, target = boxes[ends[0]], boxes[ends[1]]
        beside = target.x - source.x == WIDTH + GAP
        shift = STEPS * (index % 4)
        if beside or source.x == target.x:
            points = _short_way(source, target, shift)
        else:
            lanes += 1
            points = _long_way(source, target, bottom + LANE * lanes, shift)
        yield Arrow(
            key=link.key,
            source=source,
            target=target,
            because=link.text("because"),
            weak=link.text("strength") in ("", "weak"),
            points=points,
        )


Points = tuple[tuple[int, int], ...]


def _short_way(source: Box, target: Box, shift: int) -> Points:
    """Return the corners of an arrow to the next column, or within one: round its side."""
    start = (source.x + source.width, source.y + source.height // 2)
    within = source.x == target.x
    end = (target.x + (target.width if within else 0), target.y + target.height // 2)
    bend = start[0] + GAP // 3 + shift
    return (start, (bend, start[1]), (bend, end[1]), end)


def _long_way(source: Box, target: Box, lane: int, shift: int) -> Points:
    """Return the corners of an arrow that runs below the boxes, forward or back."""
    start = (source.x + source.width, source.y + source.height // 2 + 8)
    end = (target.x, target.y + target.height // 2 + 8)
    out, back = start[0] + 8 + shift, end[0] - 2 * STEPS - 8 - shift
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
