"""How the plan will know: measures with baseline and targets, and whether each target is honest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from upward.base.messages import _
from upward.plan.content import RecordContent
from upward.plan.map_actions import actions_of, priorities
from upward.plan.map_context import Context
from upward.plan.map_references import publication
from upward.present.document import (
    Block,
    Column,
    Columns,
    Facts,
    Figure,
    Heading,
    Paragraph,
    Rows,
    Side,
    Table,
    Text,
    quiet,
    strong,
    text,
)
from upward.present.specs import Mark
from upward.present.svg_target import TargetChart, draw_target, line_of
from upward.warehouse.read import ResultRow

DETAILS = (
    "definition", "learning_question", "numerator", "denominator", "groups", "gap_target", "source", "source_words",
    "method", "frequency", "limits", "community_defined", "review_on",
)  # fmt: skip
ALL = "all"
MOST_LINES = 3


def measurement_plan(context: Context) -> Iterator[Block]:
    """A table of all measures, each measure with its target and the test of it, and who hears what when."""
    measures = [item for item in context.content.of("measure") if item.text("status") != "retired"]
    if measures:
        yield _overview(context, measures)
        yield Paragraph(
            text(
                _(
                    "A number without an interval has no published margin; a change smaller than the margin cannot be "
                    "told from chance."
                )
            ),
            "meta",
        )
        for measure in measures:
            yield from _measure(context, measure)
    yield from _communication(context)


def targets_of(context: Context, measure: RecordContent) -> list[RecordContent]:
    """Return the targets of a measure, the nearest year first."""
    found = [target for target in context.content.of("target") if measure.key in target.linked("measure")]
    return sorted(found, key=lambda target: str(target.values.get("year", "")))


def _overview(context: Context, measures: Sequence[RecordContent]) -> Table:
    elements = {item.key: item for item in context.content.of("logic-model-element")}
    homes: dict[str, str] = {}
    for priority in priorities(context):
        actions = {action.key for action in actions_of(context, priority)}
        for measure in measures:
            linked = {
                key
                for element in measure.linked("elements")
                if element in elements
                for key in elements[element].linked("action")
            }
            if linked & actions:
                homes.setdefault(measure.uid, priority.text("name"))
    heads = [*dict.fromkeys(homes.values()), ""]
    groups = tuple(
        Rows(rows, head or (_("Further measures") if homes else ""))
        for head in heads
        if (rows := tuple(_line(context, item) for item in measures if homes.get(item.uid, "") == head))
    )
    columns = (
        Column(_("Measure"), share=5), Column(_("Now"), share=4), Column(_("Target"), share=4),
        Column(_("Collected by"), share=3),
        Column(_("Told to"), share=3),
    )  # fmt: skip
    return Table(
        _("Measures, where they stand, where they should be, and who looks after them"),
        columns,
        groups,
        "plan-measures",
    )


def _line(context: Context, measure: RecordContent) -> tuple[Text, ...]:
    targets = targets_of(context, measure)
    aims = "\n".join(
        f"{context.own(item, 'value', unit=measure.text('unit'))} · "
        + _("by {year}").format(year=context.words(item, "year"))
        for item in targets
    )
    told = ", ".join(part for part in (measure.text("audience"), measure.text("frequency")) if part)
    return (
        text(strong(measure.text("name")), quiet(f"\n{context.words(measure, 'layer')}")),
        baseline_text(context, measure),
        text(aims or _("no target yet")),
        text(_who(context, measure, "collector") or _("not named yet")),
        text(told or "–"),
    )


def _who(context: Context, measure: RecordContent, role: str) -> str:
    return "; ".join(
        part for part in (context.words(measure, f"{role}_partner"), context.words(measure, role)) if part
    )


def baseline_text(context: Context, measure: RecordContent) -> Text:
    """Return the baseline with interval, year, quality and source; or that there is none yet."""
    value = context.own(measure, "baseline")
    if not value:
        return text(_("no baseline yet"))
    interval = context.own_interval(measure, "baseline_lower", "baseline_upper")
    vintage = measure.text("baseline_source")
    source = (
        (publication(context, vintage) if vintage else "")
        or context.words(measure, "source")
        or measure.text("source_words")
        or _("source not named")
    )
    release = measure.text("baseline_release")
    cited = _("data release {id}").format(id=release) if release else ""
    notes = [
        interval or _("no margin"),
        context.words(measure, "baseline_year"),
        context.quality(measure, "baseline_quality"),
        source,
        cited,
    ]
    return text(strong(value), quiet(f"\n{'; '.join(note for note in notes if note)}"))


def _measure(context: Context, measure: RecordContent) -> Iterator[Block]:
    yield Heading(2, measure.text("name"))
    yield Facts((*context.facts(measure, DETAILS), (_("Baseline"), baseline_text(context, measure))))
    for target in targets_of(context, measure):
        yield Heading(3, target.text("statement"))
        chart = target_chart(context, measure, target)
        if chart:
            note = text(
                _("{place}, with 95% margins and our target").format(
                    place=context.words(measure, "place") or ", ".join(context.places.values())
                )
            )
            row = context.metric_row(measure)
            table = (
                f"t-{measure.text('place') or context.content.places[0].code}-{row.id}"
                if row and row.table
                else ""
            )
            if table and row:
                context.tables[table] = row
            yield Figure(measure.text("name"), note, (draw_target(chart),), table)
        yield from _honesty(context, measure, target)
        facts = context.facts(
            target,
            ("basis", "basis_note", "group", "group_words", "sector", "check_notes", "checked_release"),
        )
        if facts:
            yield Facts(facts)


def target_chart(context: Context, measure: RecordContent, target: RecordContent) -> TargetChart | None:
    """Return the measure over the years with its target, where the release of the plan holds it."""
    variable, page = context.variable(measure), context.page_of(measure)
    aim, year = target.values.get("value"), target.values.get("year")
    if variable is None or page is None or not isinstance(aim, Decimal) or not isinstance(year, int):
        return None
    metric, unit = context.catalog.metrics[variable.metric], context.catalog.units[variable.unit]
    kind, _sep, group = (target.text("group") or measure.text("group") or f"{ALL}/{ALL}").partition("/")
    rows: dict[str, list[ResultRow]] = {}
    for row in page.rows:
        if row.variable == variable.id and row.group_type == kind:
            rows.setdefault(row.group, []).append(row)
    known = context.catalog.group_types.get(kind)
    names = {item.id: item.name for item in known.groups} if known else {}
    names[ALL] = _("All residents")
    breaks = [item for item in metric.breaks if page.level in item.levels]
    line = line_of(rows.get(group, []), breaks, unit, names.get(group, group))
    if line is None or line.marks[-1].year >= year:
        return None
    others = [name for name in rows if name not in (group, ALL)]
    beside = (
        [line_of(rows[name], breaks, unit, names.get(name, name)) for name in others]
        if len(others) < MOST_LINES
        else []
    )
    mark = Mark(
        str(year), float(aim) / unit.scale, context.own(target, "value", unit=variable.unit), year=year
    )
    return TargetChart(
        measure.text("name"), line, tuple(item for item in beside if item), mark, tuple(breaks)
    )


def _honesty(context: Context, measure: RecordContent, target: RecordContent) -> Iterator[Block]:
    """What the test of the target says: who got there before, what the measure can show, when."""
    unit = measure.text("unit")
    count, of = target.values.get("reached_count"), target.values.get("reached_of")
    sides: list[tuple[str, str]] = []
    if isinstance(count, Decimal) and isinstance(of, Decimal) and of:
        head = _("{count} of {of}").format(
            count=context.words(target, "reached_count"), of=context.words(target, "reached_of")
        )
        sides.append((head, _("similar places ever made a change as large in as many years.")))
    change = context.own(target, "detectable_change", unit=unit)
    if change:
        points = change.replace("%", " " + _("points")) if unit == "share" else change
        sides.append((points, _("is the smallest change this measure can tell from chance.")))
    if target.values.get("first_year"):
        sides.append((context.words(target, "first_year"), _("is the first year in which it could be seen.")))
    if target.values.get("people") is not None:
        sides.append(
            (context.words(target, "people"), _("people it would mean, counted from today’s population."))
        )
    if not sides:
        return
    yield Heading(4, _("Is the target honest?"))
    yield Columns(
        tuple(
            Side((Paragraph(text(strong(head)), "result"), Paragraph(text(words), "meta")))
            for head, words in sides
        ),
        True,
    )


def _communication(context: Context) -> Iterator[Block]:
    plans = context.content.of("results-communication")
    if plans:
        yield Heading(2, _("Who hears what, and when"))
        rows = tuple(
            (
                text(strong(item.text("audience"))),
                text(context.words(item, "horizon")),
                text(", ".join(part for part in (item.text("product"), item.text("channel")) if part) or "–"),
                text(context.words(item, "owner") or "–"),
                text(
                    ", ".join(part for part in (context.words(item, "on"), item.text("frequency")) if part)
                    or "–"
                ),
                text(item.text("languages") or "–"),
            )
            for item in plans
        )
        columns = (
            Column(_("Audience"), share=3), Column(_("Horizon"), share=2),
            Column(_("What they get"), share=4), Column(_("Who prepares it"), share=3),
            Column(_("When"), share=3), Column(_("Languages"), share=2),
        )  # fmt: skip
        yield Table(_("How results are shared"), columns, (Rows(rows),))
