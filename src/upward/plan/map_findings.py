"""The plan's evidence as sections: findings with their numbers and charts, and what residents said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from upward.base.messages import _, ngettext
from upward.catalog import format as shown_as
from upward.plan.content import RecordContent
from upward.plan.map_context import Context, paragraphs
from upward.plan.map_references import source_of_metric
from upward.plan.map_representation import representation
from upward.present.document import (
    Block,
    Callout,
    Column,
    Columns,
    Facts,
    Heading,
    KeyNumber,
    Listing,
    Missing,
    Paragraph,
    Quote,
    Rows,
    Run,
    Side,
    Table,
    Text,
    quiet,
    strong,
    text,
)
from upward.present.document_charts import drawings_of, figure_of
from upward.present.specs import Chart, GroupsChart, LanesChart, MetricRow, NoChart, RangeChart, TrendChart
from upward.present.wording import finding_mark

STRENGTHS = {
    "clear": "clear",
    "likely": "likely",
    "unclear": "cannot tell",
    "unpublished": "no published margin",
}
PRINTED_CONSENTS = ("plan", "plan-with-name")
EVIDENCE_LINKS = ("metrics", "local_values", "sources", "events", "themes", "contributions")


def evidence_of(context: Context, finding: RecordContent, *, shapes: bool = False) -> Text:
    """Return the marks of everything a finding stands on, documents too."""
    keys = [key for name in EVIDENCE_LINKS for key in finding.linked(name)]
    marks = list(context.cite(keys, shapes=shapes))
    rows = finding.values.get("documents")
    for number, row in enumerate(rows if isinstance(rows, tuple) else ()):
        if not hasattr(row, "get"):
            continue
        address = str(row.get("address", ""))
        page = row.get("page")
        words = [str(row.get("title", "")), _("page {page}").format(page=page) if page else ""]
        web = address.startswith(("https://", "http://"))
        entry = text(
            ", ".join(part for part in words if part),
            " " if address else "",
            Run(address, "", address if web else ""),
        )
        marks += context.cite_words(
            f"{finding.key}:document:{number}", entry, shapes=shapes, follows=bool(marks)
        )
    return tuple(marks)


def key_number(context: Context, reading: RecordContent) -> KeyNumber:
    """Return a reading of a metric as a number set large, with its sentence, how sure it is, and its small drawing."""
    value, interval = context.published(reading)
    variable, row = context.variable(reading), context.metric_row(reading)
    shape, word = finding_mark(STRENGTHS.get(reading.text("insight_strength"), "not compared"))
    margin = _("Interval {interval}").format(interval=interval) if interval else _("No margin published")
    if not reading.text("insight_strength"):
        shape, word = ("○", margin) if not interval else ("●", margin)
        margin = ""
    said_twice = not interval and reading.text("insight_strength") == "unpublished"
    strength = f"{word}. {margin}. " if margin and not said_twice else f"{word}. "
    unit = context.catalog.units[variable.unit] if variable else None
    beside = unit.name if unit and not (unit.prefix or shown_as.suffix(unit)) else ""
    group = context.group(reading)
    said = text(
        f"{reading.text('claim')} ",
        quiet(", ".join(part for part in (group, context.words(reading, "year")) if part)),
    )
    chart = _chart(context, reading, row)
    drawing = None
    if row is not None and chart is not None and not isinstance(chart, NoChart):
        drawing = drawings_of(chart, row.name)[0]
    return KeyNumber(
        value,
        beside,
        (*said, *context.cite([reading.key])),
        shape,
        strength + context.quality(reading) + ".",
        drawing,
    )


def _chart(context: Context, reading: RecordContent, row: MetricRow | None) -> Chart | None:
    """The chart of a page that holds the very number: among groups for a group, else its standing, else over time."""
    if row is None:
        return None
    value, _interval = context.published(reading)
    charts = row.groups if context.group(reading) else (*row.standing, *row.trends)
    return next((chart for chart in charts if value in _values(chart)), None)


def _values(chart: Chart) -> set[str]:
    """The values of the place that a chart shows, as it shows them."""
    if isinstance(chart, RangeChart):
        return {chart.mark.text}
    if isinstance(chart, LanesChart):
        return {lane.mark.text for lane in chart.lanes}
    if isinstance(chart, TrendChart):
        return {mark.text for series in chart.series for mark in series.marks}
    if isinstance(chart, GroupsChart):
        return {mark.text for line in chart.lines for mark in line.marks}
    return set()


def _figures(context: Context, readings: Sequence[RecordContent]) -> Iterator[Block]:
    """The charts behind a finding, two side by side, each once in the plan, with a link to its table."""
    charts: list[tuple[Chart, MetricRow, RecordContent]] = []
    for reading in readings:
        row = context.metric_row(reading)
        if row is None:
            continue
        value, _interval = context.published(reading)
        trends = (chart for chart in row.trends if isinstance(chart, TrendChart) and not chart.panels)
        trend = next((chart for chart in trends if context.group(reading) or value in _values(chart)), None)
        charts += [
            (chart, row, reading) for chart in (_chart(context, reading, row), trend) if chart is not None
        ]
    seen: list[Chart] = []
    sides = []
    for chart, row, reading in charts:
        if chart in seen:
            continue
        seen.append(chart)
        table = f"t-{reading.text('place')}-{row.id}"
        if row.table:
            context.tables[table] = row
        caption = f"{row.short}. {getattr(chart, 'caption', '')}"
        sides.append(
            Side(
                (
                    figure_of(
                        chart,
                        what=row.name,
                        table=table if row.table else "",
                        caption=caption,
                        note=context.cite([reading.key]),
                    ),
                )
            )
        )
    for start in range(0, len(sides), 2):
        pair = tuple(sides[start : start + 2])
        yield Columns(pair if len(pair) == 2 else (*pair, Side(())))


def findings(context: Context) -> Iterator[Block]:
    """Findings the coalition has agreed on or talked about, by pillar, with their evidence; then the numbers."""
    content = context.content
    shown = [finding for finding in content.of("finding") if finding.text("status") != "draft"]
    drafts = len(content.of("finding")) - len(shown)
    if shown:
        yield from _coverage(context, shown)
    for pillar, group in _by_pillar(context, shown).items():
        known = context.catalog.pillars.get(pillar)
        yield Heading(
            2, known.name if known else _("Across the pillars"), pillar=known.number if known else 0
        )
        for finding in group:
            yield from _finding(context, finding)
    if drafts:
        words = ngettext(
            "{n} finding is still a draft and is not printed.",
            "{n} findings are still drafts and are not printed.",
            drafts,
        )
        yield Missing(words.format(n=drafts))
    yield from _readings(context)
    yield from _local_values(context)
    yield from _priorities(context)
    yield from _history(context)
    yield from _peers(context)
    yield from representation(context)


def _by_pillar(context: Context, found: Sequence[RecordContent]) -> dict[str, list[RecordContent]]:
    groups: dict[str, list[RecordContent]] = {pillar: [] for pillar in context.catalog.pillars}
    for finding in found:
        groups.setdefault(pillar_of(context, finding), []).append(finding)
    return {pillar: group for pillar, group in groups.items() if group}


def pillar_of(context: Context, record: RecordContent) -> str:
    """Return the pillar of a record's first predictor; empty for none."""
    names = record.values.get("predictors")
    first = next((name for name in names if isinstance(name, str)), "") if isinstance(names, tuple) else ""
    predictor = context.catalog.predictors.get(first)
    return predictor.pillar if predictor else ""


def _coverage(context: Context, shown: Sequence[RecordContent]) -> Iterator[Block]:
    held = {name for finding in shown for name in _names(finding, "dimensions")}
    lacking = [dimension.name for name, dimension in context.catalog.dimensions.items() if name not in held]
    count = ngettext("{n} finding", "{n} findings", len(shown)).format(n=len(shown))
    words = _(
        "{count}, from numbers, records and what residents said. Marks such as E1 lead to the evidence."
    ).format(count=count)
    yield Paragraph(text(words), "lead")
    if lacking:
        yield Missing(_("No finding speaks yet of: {dimensions}.").format(dimensions=", ".join(lacking)))


def _names(record: RecordContent, field: str) -> tuple[str, ...]:
    value = record.values.get(field)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, tuple) else ()


def _finding(context: Context, finding: RecordContent) -> Iterator[Block]:
    marks = evidence_of(context, finding)
    yield Heading(3, finding.text("statement"))
    notes = [context.words(finding, name) for name in ("tag", "dimensions", "confidence")]
    if finding.text("status") != "agreed":
        notes.append(_("talked about, not yet agreed"))
    yield Paragraph(
        text(". ".join(note for note in notes if note) + ". ", _("Evidence: ") if marks else "", *marks),
        "meta",
    )
    if not marks:
        yield Missing(
            _("This finding stands on no evidence yet."),
            text(_("Tie it to numbers or to what was said, in Step 5.")),
        )
    yield from paragraphs(finding.text("detail"))
    yield from _figures(context, context.linked(finding, "metrics"))
    facts = context.facts(
        finding, ("population", "area", "disparity", "hypotheses", "responses", "open_question")
    )
    if facts:
        yield Facts(facts)
    if finding.text("dissent"):
        yield Callout("caution", context.label("finding", "dissent"), (text(finding.text("dissent")),))


def _readings(context: Context) -> Iterator[Block]:
    """Every published number of the plan, with year, interval, quality, source and release."""
    readings = context.content.of("pinned-metric")
    if not readings:
        return
    rows = []
    for reading in readings:
        variable = context.variable(reading)
        value, interval = context.published(reading)
        name = variable.label if variable else reading.text("variable")
        what = ", ".join(filter(None, (name, context.group(reading), context.words(reading, "place"))))
        rows.append(
            (
                text(what, *context.cite([reading.key])),
                text(context.words(reading, "year")),
                text(value),
                text(interval or "–"),
                text(context.option("number-qualities", reading.text("quality")) or "–"),
                text(
                    context.words(reading, "tag"),
                    f". {reading.text('reading')}" if reading.text("reading") else "",
                ),
            )
        )
    columns = (
        Column(_("Number"), share=5), Column(_("Year"), True, 2), Column(_("Value"), True, 2),
        Column(_("Interval"), True, 3),
        Column(_("Quality"), share=2), Column(_("What it means here"), share=6),
    )  # fmt: skip
    yield Heading(2, _("The numbers we looked at"))
    sources = sorted({source_of_metric(context, reading) for reading in readings})
    yield Table(_("Published numbers of this plan"), columns, (Rows(tuple(rows)),), "plan-numbers")
    yield Paragraph(text(" ".join(sources)), "meta")


def _peers(context: Context) -> Iterator[Block]:
    """The places that this one is compared with, and why."""
    groups = context.content.of("peer-group")
    if not groups:
        return
    fields = context.catalog.records["peer-group"].fields
    rows = tuple(
        (
            text(strong(group.text("name")), quiet(f"\n{context.words(group, 'basis')}")),
            text(context.words(group, "places")),
            text(group.text("why")),
            text(group.text("left_out") or "–"),
        )
        for group in groups
    )
    columns = (
        Column(fields["name"].label, share=3), Column(fields["places"].label, share=4),
        Column(fields["why"].label, share=4), Column(fields["left_out"].label, share=3),
    )  # fmt: skip
    yield Heading(2, context.catalog.records["peer-group"].plural)
    yield Table(_("Places that this plan compares itself with"), columns, (Rows(rows),))


def _local_values(context: Context) -> Iterator[Block]:
    values = context.content.of("local-value")
    if not values:
        return
    rows = tuple(
        (
            text(
                value.text("name"),
                *context.cite([value.key]),
                quiet(f"\n{value.text('period')}" if value.text("period") else ""),
            ),
            text(context.words(value, "year")),
            text(context.own(value, "value")),
            text(context.own_interval(value, "lower", "upper") or "–"),
            text(context.words(value, "quality")),
            text(
                ", ".join(
                    part for part in (context.words(value, "source"), value.text("source_words")) if part
                )
                or _("not named")
            ),
        )
        for value in values
    )
    columns = (
        Column(_("Local number"), share=5), Column(_("Year"), True, 2), Column(_("Value"), True, 2),
        Column(_("Interval"), True, 3),
        Column(_("Quality"), share=2), Column(_("Source"), share=5),
    )  # fmt: skip
    yield Heading(2, _("Local numbers"))
    yield Table(_("Local numbers of this plan"), columns, (Rows(rows),))


def _priorities(context: Context) -> Iterator[Block]:
    chosen = context.content.of("priority-predictor")
    if chosen:
        yield Heading(2, context.catalog.records["priority-predictor"].plural)
        yield Listing(
            tuple(
                text(
                    strong(context.words(item, "predictor")),
                    f". {item.text('reason')}",
                    *context.cite(item.linked("metrics")),
                )
                for item in chosen
            ),
            True,
        )


def _history(context: Context) -> Iterator[Block]:
    events = sorted(context.content.of("history-event"), key=lambda event: str(event.values.get("year", "")))
    if events:
        yield Heading(2, _("How it came to be so"))
        rows = tuple(
            (
                text(
                    " – ".join(
                        part for part in (context.words(event, "year"), context.words(event, "ended")) if part
                    )
                ),
                text(event.text("title"), *context.cite([event.key])),
                text(event.text("effect") or event.text("what")),
            )
            for event in events
        )
        columns = (Column(_("Year")), Column(_("What happened"), share=3), Column(_("What it made"), share=4))
        yield Table(_("Local history behind the findings"), columns, (Rows(rows),))


# --- what residents said --------------------------------------------------------------------------------------------
def quotes(context: Context, theme: RecordContent | None = None) -> list[RecordContent]:
    """Return the quotes that may be printed, of a theme or all."""
    return [
        quote
        for quote in context.content.of("quote")
        if quote.text("consent") in PRINTED_CONSENTS and (theme is None or theme.key in quote.linked("theme"))
    ]


def quoted(context: Context, quote: RecordContent, *, pulled: bool = False) -> Quote:
    """Return a quote; a name only where the person has agreed to it."""
    named = quote.text("consent") == "plan-with-name" and quote.text("speaker")
    who = [quote.text("speaker") if named else _("A resident")]
    who += [context.title(activity) for activity in context.linked(quote, "activity")]
    bare = quote.text("words").strip('“”"')
    words = f"“{bare}”"
    if quote.text("translation"):
        words += f"\n{quote.text('translation')}"
    return Quote(
        words, (*text(", ".join(who)), *context.cite(quote.linked("theme"))), _("Residents") if pulled else ""
    )


def community_voice(context: Context) -> Iterator[Block]:
    """Engagement, themes with quotes, and causes."""
    content = context.content
    if content.of("engagement-activity"):
        yield from _activities(context)
    for theme in content.of("theme"):
        yield Heading(2, theme.text("title"))
        voices = context.words(theme, "voices")
        said = _("{n} people said this.").format(n=voices) if voices else ""
        yield Paragraph(
            text(f"{said} " if said else "", context.words(theme, "dimensions"), *context.cite([theme.key])),
            "meta",
        )
        yield from paragraphs(theme.text("description"))
        yield from (quoted(context, quote) for quote in quotes(context, theme))
        if theme.text("differs"):
            yield Facts(context.facts(theme, ("differs",)))
    apart = [quote for quote in quotes(context) if not quote.linked("theme")]
    if apart:
        yield Heading(2, _("In residents’ own words"))
        yield from (quoted(context, quote) for quote in apart)
    yield from _causes(context)


def _activities(context: Context) -> Iterator[Block]:
    rows = tuple(
        (
            text(
                strong(activity.text("title")),
                quiet(f"\n{context.words(activity, 'method')}"),
                *context.cite([activity.key]),
            ),
            text(", ".join(part for part in (context.words(activity, "on"), activity.text("place")) if part)),
            text(context.words(activity, "attendance") or "–"),
            text(activity.text("heard") or "–"),
            text(activity.text("changed") or "–"),
        )
        for activity in context.content.of("engagement-activity")
    )
    columns = (
        Column(_("Activity"), share=4), Column(_("When and where"), share=3),
        Column(_("People"), True, 2), Column(_("What we heard"), share=4),
        Column(_("What changed because of it"), share=4),
    )  # fmt: skip
    yield Heading(2, _("How residents took part"))
    yield Table(_("Engagement for this plan"), columns, (Rows(rows),))


def _causes(context: Context) -> Iterator[Block]:
    causes = context.content.of("cause")
    if not causes:
        return
    yield Heading(2, _("What lies behind it"), "causes")
    rows = tuple(
        (
            text(strong(cause.text("statement")), *cause_evidence(context, cause)),
            text(
                "; ".join(context.title(finding) for finding in context.linked(cause, "findings"))
                or context.words(cause, "behind")
                or "–"
            ),
            text(context.words(cause, "level")),
            text(
                " · ".join(
                    part
                    for part in (context.words(cause, "control"), context.words(cause, "holders"))
                    if part
                )
                or "–"
            ),
        )
        for cause in causes
    )
    columns = (
        Column(_("Cause"), share=5), Column(_("What it explains"), share=4), Column(_("Level"), share=2),
        Column(_("Can it be changed here, and who holds the lever"), share=4),
    )  # fmt: skip
    yield Table(_("Causes"), columns, (Rows(rows),))


def cause_evidence(context: Context, cause: RecordContent, *, shapes: bool = False) -> Text:
    """Return the marks of what shows a cause: themes, local history, and its own words on evidence."""
    marks = context.cite([*cause.linked("themes"), *cause.linked("events")], shapes=shapes)
    if cause.text("evidence"):
        marks = (
            *marks,
            *context.cite_words(
                f"{cause.key}:evidence", text(cause.text("evidence")), shapes=shapes, follows=bool(marks)
            ),
        )
    return marks
