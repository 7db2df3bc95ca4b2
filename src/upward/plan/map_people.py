"""Who stands behind the plan, as sections: letter, short version, approach, coalition, appendices."""

from __future__ import annotations

from collections.abc import Iterator

from upward.base.messages import _
from upward.plan.content import RecordContent
from upward.plan.map_actions import actions_of, pillar_number, priorities
from upward.plan.map_context import Context, paragraphs
from upward.plan.map_findings import key_number, quoted, quotes
from upward.present.document import (
    Block,
    Column,
    Columns,
    Facts,
    Heading,
    Listing,
    Paragraph,
    Rows,
    Run,
    Side,
    Table,
    quiet,
    strong,
    text,
)
from upward.present.document_charts import table_of

KEY_NUMBERS, KEY_QUOTES, KEY_PRIORITIES = 3, 2, 5
CHARTER = (
    "purpose", "geography", "scope", "structure", "decision_rule", "meeting_rhythm", "conduct", "conflict_of_interest",
    "data_agreement", "compensation", "term", "review_on", "adopted_on",
)  # fmt: skip


def short_version(context: Context) -> Iterator[Block]:
    """Three numbers, what will be done, and what residents said: made from the records, below the written text."""
    yield from (key_number(context, reading) for reading in _key_readings(context))
    chosen = priorities(context)[:KEY_PRIORITIES]
    if chosen:
        yield Heading(2, _("What we will do"))
        sides = []
        for item in chosen:
            actions = actions_of(context, item)
            words = (
                "; ".join(action.text("title") for action in actions)
                or item.text("result")
                or item.text("reason")
            )
            sides.append(
                Side(
                    (
                        Heading(3, item.text("name"), pillar=pillar_number(context, item)),
                        Paragraph(text(words), "meta"),
                    )
                )
            )
        for start in range(0, len(sides), 3):
            row = sides[start : start + 3]
            yield Columns((*row, *[Side(())] * (3 - len(row) if start else 0)))
    said = quotes(context)[:KEY_QUOTES]
    if said:
        yield Heading(2, _("Residents told us"))
        yield Columns(tuple(Side((quoted(context, quote),)) for quote in said))


def _key_readings(context: Context) -> list[RecordContent]:
    """The readings behind the priorities' findings first, then others that are a concern; never a weak number."""
    ranked = [
        reading
        for priority in priorities(context)
        for finding in context.linked(priority, "findings")
        for reading in context.linked(finding, "metrics")
    ]
    ranked += [reading for reading in context.content.of("pinned-metric") if reading.text("tag") == "concern"]
    ranked += list(context.content.of("pinned-metric"))
    usable = {
        str(reading.key): reading
        for reading in ranked
        if reading.text("quality") != "weak" and reading.values.get("value") is not None
    }
    return list(usable.values())[:KEY_NUMBERS]


def approach(context: Context) -> Iterator[Block]:
    """The shared approach, with place, principles and process."""
    for item in context.content.of("shared-approach"):
        yield from paragraphs(item.text("statement"), "lead")
        if item.text("process"):
            yield Heading(2, context.label("shared-approach", "process"))
            yield from paragraphs(item.text("process"))
        facts = context.facts(item, ("place", "edition", "principles", "briefed", "adopted_on", "adopted_by"))
        if facts:
            yield Facts(facts)


def coalition(context: Context) -> Iterator[Block]:
    """Partners who have joined, working groups, the charter, and decisions with dissent."""
    content = context.content
    partners = [item for item in content.of("partner") if item.text("status") == "joined"]
    if partners:
        rows = tuple(
            (
                text(
                    strong(item.text("name")),
                    quiet(f"\n{item.text('organization')}" if item.text("organization") else ""),
                ),
                text(context.words(item, "sectors") or context.words(item, "actor_type") or "–"),
                text(context.words(item, "roles") or "–"),
                text(item.text("represents") or "–"),
                text(item.text("contribution") or "–"),
            )
            for item in partners
        )
        columns = (
            Column(_("Person or organization"), share=4), Column(_("Sector"), share=3),
            Column(_("Role"), share=3), Column(_("Speaks for"), share=3),
            Column(_("What they give"), share=4),
        )  # fmt: skip
        yield Table(_("The coalition"), columns, (Rows(rows),))
    groups = content.of("working-group")
    if groups:
        yield Heading(2, context.catalog.records["working-group"].plural)
        yield Facts(
            tuple(
                (
                    item.text("name"),
                    text(
                        ". ".join(
                            part.rstrip(".")
                            for part in (
                                item.text("task"),
                                _("Lead: {name}").format(name=context.words(item, "lead"))
                                if item.linked("lead")
                                else "",
                                context.words(item, "members"),
                            )
                            if part
                        )
                    ),
                )
                for item in groups
            )
        )
    for charter in content.of("charter"):
        yield Heading(2, charter.text("title"))
        yield Facts(context.facts(charter, CHARTER))
    yield from _decisions(context)


def _decisions(context: Context) -> Iterator[Block]:
    decisions = context.content.of("decision")
    if decisions:
        yield Heading(2, context.catalog.records["decision"].plural)
        rows = tuple(
            (
                text(context.words(item, "on")),
                text(
                    strong(item.text("title")),
                    quiet(f"\n{item.text('detail')}" if item.text("detail") else ""),
                ),
                text(
                    ", ".join(
                        part for part in (item.text("made_by"), item.text("rule"), item.text("vote")) if part
                    )
                ),
                text(item.text("dissent") or "–"),
            )
            for item in decisions
        )
        columns = (
            Column(_("Date"), share=2),
            Column(_("Decision"), share=4),
            Column(_("By whom, and how"), share=3),
            Column(_("Who saw it differently"), share=3),
        )
        yield Table(_("Decisions"), columns, (Rows(rows),))


def appendices(context: Context) -> Iterator[Block]:
    """Tables of the charts, data sources, current actions, and how this document was made."""
    content = context.content
    for id_, row in context.tables.items():
        if row.table:
            yield Heading(2, row.short)
            yield from table_of(row.table, id_)
    sources = content.of("data-source")
    if sources:
        yield Heading(2, context.catalog.records["data-source"].plural)
        rows = tuple(
            (
                text(strong(item.text("name"))),
                text(item.text("owner") or "–"),
                text(item.text("years") or "–"),
                text(item.text("quality_notes") or "–"),
                text(item.text("equity_notes") or "–"),
            )
            for item in sources
        )
        columns = (
            Column(_("Data set"), share=4),
            Column(_("Who holds it"), share=3),
            Column(_("Years"), share=2),
            Column(_("Quality"), share=4),
            Column(_("Equity"), share=4),
        )
        yield Table(_("Local data sources"), columns, (Rows(rows),))
    yield from _current_actions(context)
    yield from _about(context)


def _current_actions(context: Context) -> Iterator[Block]:
    actions = context.content.of("current-action")
    if actions:
        yield Heading(2, context.catalog.records["current-action"].plural)
        rows = tuple(
            (
                text(strong(item.text("name")), quiet(f"\n{context.words(item, 'type')}")),
                text(item.text("lead") or context.words(item, "partner") or "–"),
                text(item.text("population") or "–"),
                text(item.text("gap") or item.text("outcomes") or "–"),
                text(context.words(item, "answer") or "–"),
            )
            for item in actions
        )
        columns = (
            Column(_("Action"), share=4),
            Column(_("Who leads it"), share=3),
            Column(_("For whom"), share=3),
            Column(_("Where it falls short or overlaps"), share=4),
            Column(_("What we do about it"), share=3),
        )
        yield Table(_("Plans, programs and policies already at work"), columns, (Rows(rows),))


def _about(context: Context) -> Iterator[Block]:
    content = context.content
    yield Heading(2, _("How this document was made"))
    made = _(
        "This plan was assembled by Upward from the records of the coalition. Every published number names its year, "
        "interval, data quality, publisher's release and data release; a mark such as E1 leads to what a "
        "statement rests on."
    )
    yield Paragraph(text(made))
    release = content.release or _("none; numbers were typed")
    yield Facts(((_("Data release"), text(release)), (_("Plan"), text(content.name))))
    cited = {source.name: source for page in context.pages.values() for source in page.sources}
    if cited:
        yield Listing(
            tuple(
                text(
                    f"{source.citation} ",
                    quiet(f"{source.licence} "),
                    Run(source.address, "", source.address),
                )
                for source in cited.values()
            )
        )
