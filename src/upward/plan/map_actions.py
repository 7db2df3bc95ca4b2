"""What the plan will do, as sections: vision, theory of change, actions, measures with targets, how the work lasts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from upward.base.messages import _
from upward.plan.content import RecordContent
from upward.plan.map_context import Context, paragraphs
from upward.plan.map_findings import cause_evidence, evidence_of, pillar_of, quoted, quotes
from upward.present.document import (
    Block,
    Callout,
    Column,
    Columns,
    Facts,
    Heading,
    Missing,
    Paragraph,
    Rows,
    Run,
    Side,
    Table,
    Text,
    quiet,
    strong,
    text,
)

DETAILS = (
    "statement", "findings", "causes", "conditions", "population", "area", "equity_effect", "harm", "authority",
    "resources", "cost_note", "funding", "builds_on", "alignment", "support", "status",
)  # fmt: skip
PARTS = (
    "input",
    "activity",
    "output",
    "short-term-outcome",
    "medium-term-outcome",
    "long-term-outcome",
    "impact",
)
BESIDE = ("assumption", "external-factor")


def priorities(context: Context) -> list[RecordContent]:
    """Return the priorities in their order."""
    return sorted(
        context.content.of("priority"), key=lambda item: str(item.values.get("rank", "~")).zfill(12)
    )


def pillar_number(context: Context, record: RecordContent) -> int:
    """Return the number of a record's pillar; 0 for none."""
    pillar = context.catalog.pillars.get(pillar_of(context, record))
    return pillar.number if pillar else 0


def actions_of(context: Context, priority: RecordContent | None) -> list[RecordContent]:
    """Return the actions of a priority, or those of none, without dropped ones."""
    wanted = (priority.key,) if priority else ()
    return [
        action
        for action in context.content.of("strategic-action")
        if action.text("status") != "dropped" and action.linked("priority") == wanted
    ]


# --- vision and theory of change --------------------------------------------------------------------------------------
def vision(context: Context) -> Iterator[Block]:
    """Vision statements, with the themes they answer."""
    for item in context.content.of("vision"):
        yield Paragraph(text(item.text("statement"), *context.cite(item.linked("themes"))), "result")
        yield from paragraphs(item.text("voices"))
        facts = context.facts(item, ("dimensions", "adopted_on", "decision"))
        if facts:
            yield Facts(facts)


def theory_of_change(context: Context) -> Iterator[Block]:
    """Each priority with its result, its argument and its logic model."""
    for number, item in enumerate(priorities(context), 1):
        above = _("Priority {n}").format(n=number)
        yield Heading(2, item.text("name"), f"priority-{number}", above, pillar_number(context, item))
        if item.text("result"):
            yield Paragraph(text(item.text("result")), "result")
        yield from _argument(context, item)
        facts = context.facts(
            item, ("chosen_how", "long_term_goal", "preconditions", "external_factors", "dimensions")
        )
        if facts:
            yield Facts(facts)
        for action in actions_of(context, item):
            yield from _logic_model(context, action)
    for action in actions_of(context, None):
        yield from _logic_model(context, action)


def _argument(context: Context, item: RecordContent) -> Iterator[Block]:
    """Why it is a priority beside what residents said, then if, then, because."""
    findings = context.linked(item, "findings")
    marks = tuple(run for finding in findings for run in evidence_of(context, finding))
    reason = [Paragraph(text(item.text("reason"), *_once(marks)))] if item.text("reason") else []
    chain = [
        text(strong(f"{context.label('priority', name)} "), item.text(name))
        for name in ("if_we", "then", "because")
        if item.text(name)
    ]
    body: tuple[Block, ...] = (*reason, *(Paragraph(words) for words in chain))
    themes = {key for cause in context.linked(item, "causes") for key in cause.linked("themes")} | {
        key for finding in findings for key in finding.linked("themes")
    }
    pulled = next((quote for quote in quotes(context) if set(quote.linked("theme")) & themes), None)
    if pulled and body:
        yield Columns((Side(body, 5), Side((quoted(context, pulled, pulled=True),), 3)))
    else:
        yield from body
    causes = context.linked(item, "causes")
    if findings or causes:
        yield Facts((*context.facts(item, ("findings", "causes")),))


def _once(marks: Text) -> Text:
    """Marks with commas between them, each once."""
    kept = list(dict.fromkeys(run for run in marks if run.link))
    return tuple(
        part
        for number, run in enumerate(kept)
        for part in ((Run(", ", "reference"), run) if number else (run,))
    )


def _logic_model(context: Context, action: RecordContent) -> Iterator[Block]:
    elements = [
        item for item in context.content.of("logic-model-element") if action.key in item.linked("action")
    ]
    if not elements:
        return
    yield Heading(3, _("Logic model: {action}").format(action=action.text("title")))
    links = [
        link
        for link in context.content.of("logic-model-link")
        if any(item.key in link.linked("from_element") for item in elements)
    ]
    groups = []
    for part in (*PARTS, *BESIDE):
        held = sorted(
            (item for item in elements if item.text("part") == part),
            key=lambda item: str(item.values.get("order", "~")).zfill(12),
        )
        rows = tuple(
            (_element(context, item), _leads_to(context, item, links), _followed(context, item))
            for item in held
        )
        if rows:
            groups.append(Rows(rows, context.option("logic-model-parts", part)))
    columns = (
        Column(_("Part"), share=4),
        Column(_("Leads to, because"), share=5),
        Column(_("Followed by"), share=3),
    )
    yield Table(_("Logic model of “{action}”").format(action=action.text("title")), columns, tuple(groups))


def _element(context: Context, item: RecordContent) -> Text:
    year = context.words(item, "by_year")
    return text(strong(item.text("title")), quiet(f"\n{_('by {year}').format(year=year)}") if year else "")


def _leads_to(context: Context, item: RecordContent, links: Sequence[RecordContent]) -> Text:
    lines = []
    for link in links:
        if item.key in link.linked("from_element"):
            targets = "; ".join(context.title(target) for target in context.linked(link, "to_element"))
            assumption = (
                f" {_('Only if: {assumption}').format(assumption=link.text('assumption'))}"
                if link.text("assumption")
                else ""
            )
            lines.append(f"→ {targets}: {link.text('because')}{assumption}")
    return text("\n".join(lines) or "–")


def _followed(context: Context, item: RecordContent) -> Text:
    measures = [
        measure for measure in context.content.of("measure") if item.key in measure.linked("elements")
    ]
    return text("; ".join(measure.text("name") for measure in measures) or _("no measure yet"))


# --- actions ----------------------------------------------------------------------------------------------------------
def strategic_actions(context: Context) -> Iterator[Block]:
    """A table for each priority, what could prove it wrong, and every action in full with its thread."""
    number = 0
    groups: list[tuple[RecordContent | None, list[RecordContent]]] = [
        (item, actions_of(context, item)) for item in priorities(context)
    ]
    groups.append((None, actions_of(context, None)))
    for place, (priority, actions) in enumerate(groups, 1):
        if not actions:
            continue
        if priority:
            yield Heading(
                2,
                priority.text("name"),
                above=_("Priority {n}").format(n=place),
                pillar=pillar_number(context, priority),
            )
        elif len(actions) < len(context.content.of("strategic-action")):
            yield Heading(2, _("Further actions"))
        yield _action_table(context, actions, number)
        yield Paragraph(
            text(
                "■ ",
                _("Published number"),
                "   ● ",
                _("Residents’ voices"),
                "   ▲ ",
                _("Study, record or document"),
                "   ○ ",
                _("None yet"),
            ),
            "meta",
        )
        yield from _doubts(priority, actions)
        level = 3 if priority or len(groups) > 1 else 2
        for action in actions:
            number += 1
            yield from _action(context, action, number, level if priority else 2)


def _action_table(context: Context, actions: Sequence[RecordContent], before: int) -> Table:
    rows = []
    for number, action in enumerate(actions, before + 1):
        kind = ". ".join(part for part in (context.words(action, "type"), action.text("population")) if part)
        rows.append(
            (
                text(strong(f"{number}. {action.text('title')}"), quiet(f"\n{kind}." if kind else "")),
                text(_owner(context, action) or _("not named yet")),
                text(context.words(action, "partners") or "–"),
                text(_time(context, action) or "–"),
                text(context.words(action, "cost") or "–"),
                action_evidence(context, action) or text("○ ", _("None yet")),
            )
        )
    columns = (
        Column(_("Action"), share=6), Column(_("Owner"), share=4), Column(_("Partners"), share=4),
        Column(_("Time"), share=3),
        Column(_("First-year cost"), True, 3), Column(_("Evidence"), share=3),
    )  # fmt: skip
    return Table(_("Strategic actions, with owner, time, cost and evidence"), columns, (Rows(tuple(rows)),))


def action_evidence(context: Context, action: RecordContent) -> Text:
    """Return sign and mark of everything an action rests on: of its findings, its causes, and studies."""
    runs: list[Run] = []
    for finding in context.linked(action, "findings"):
        runs += evidence_of(context, finding, shapes=True)
    for cause in context.linked(action, "causes"):
        runs += cause_evidence(context, cause, shapes=True)
    if action.text("evidence"):
        strength = context.words(action, "evidence_strength")
        address = action.text("evidence_address")
        words = text(
            action.text("evidence"),
            f" ({strength})" if strength else "",
            " " if address else "",
            Run(address, "", address),
        )
        runs += context.cite_words(f"{action.key}:evidence", words, shapes=True)
    kept: list[Run] = []
    seen: set[str] = set()
    for sign, mark in zip(runs[::2], runs[1::2], strict=True):
        if mark.link not in seen:
            seen.add(mark.link)
            kept += [Run(f" {sign.text.strip()} " if kept else sign.text.lstrip(), sign.look), mark]
    return tuple(kept)


def _owner(context: Context, record: RecordContent, person: str = "owner", partner: str = "lead") -> str:
    return "; ".join(part for part in (context.words(record, partner), context.words(record, person)) if part)


def _time(context: Context, record: RecordContent) -> str:
    starts, ends = context.words(record, "starts"), context.words(record, "ends")
    return _("{starts} to {ends}").format(starts=starts, ends=ends) if starts and ends else starts or ends


def _doubts(priority: RecordContent | None, actions: Sequence[RecordContent]) -> Iterator[Block]:
    """What could prove the priority wrong: assumptions and risks, named by the people who plan."""
    said = [priority.text("assumptions")] if priority and priority.text("assumptions") else []
    said += [
        action.text(name) for action in actions for name in ("assumptions", "risks") if action.text(name)
    ]
    if said:
        yield Callout(
            "caution", _("what could prove us wrong"), tuple(text(words) for words in dict.fromkeys(said))
        )


def _action(context: Context, action: RecordContent, number: int, level: int) -> Iterator[Block]:
    yield Heading(level, f"{number}. {action.text('title')}")
    owner = _owner(context, action)
    led = ((context.label("strategic-action", "lead"), text(owner)),) if owner else ()
    yield Facts((*led, *context.facts(action, DETAILS)))
    for name, words in (
        ("causes", _("This action acts on no recorded cause yet.")),
        ("findings", _("This action answers no recorded finding yet.")),
    ):
        if not action.linked(name):
            yield Missing(words, text(_("Tie it in Step 7.")))


# --- how the work lasts -----------------------------------------------------------------------------------------------
def sustainability(context: Context) -> Iterator[Block]:
    """Ratings of the building blocks, and funding."""
    ratings = context.content.of("sustainability-rating")
    if ratings:
        rows = tuple(
            (
                text(strong(context.words(item, "block"))),
                text(context.words(item, "rating") or "–"),
                text(item.text("strengths") or "–"),
                text(item.text("weaknesses") or "–"),
                text(
                    item.text("action") or "–",
                    quiet(
                        "\n"
                        + ", ".join(filter(None, (context.words(item, "owner"), context.words(item, "due"))))
                    ),
                ),
            )
            for item in ratings
        )
        columns = (
            Column(_("Building block"), share=3), Column(_("How firm, 1 to 7"), share=3),
            Column(_("What is strong"), share=4),
            Column(_("What needs work"), share=4), Column(_("What we will do"), share=4),
        )  # fmt: skip
        yield Table(_("How firm the work stands"), columns, (Rows(rows),))
    funds = context.content.of("funding")
    if funds:
        yield Heading(2, _("Money"))
        rows = tuple(
            (
                text(
                    strong(fund.text("source")),
                    quiet(f"\n{fund.text('purpose')}" if fund.text("purpose") else ""),
                ),
                text(context.words(fund, "amount") or "–"),
                text(_time(context, fund) or "–"),
                text(context.words(fund, "status")),
                text(context.words(fund, "actions") or "–"),
            )
            for fund in funds
        )
        columns = (
            Column(_("Source"), share=4),
            Column(_("Amount"), True, 2),
            Column(_("Period"), share=3),
            Column(_("Secured?"), share=2),
            Column(_("Pays for"), share=4),
        )
        yield Table(_("Funding of the plan"), columns, (Rows(rows),))


def next_steps(context: Context) -> Iterator[Block]:
    """Milestones by date, events and reviews."""
    milestones = sorted(
        context.content.of("milestone"),
        key=lambda item: str(item.values.get("due", "9999")),
    )
    if milestones:
        rows = tuple(
            (
                text(context.words(item, "due")),
                text(strong(item.text("title"))),
                text(_owner(context, item, "owner", "owner_partner") or _("not named yet")),
                text(context.words(item, "status")),
            )
            for item in milestones
        )
        columns = (
            Column(_("By when"), share=2),
            Column(_("Milestone"), share=5),
            Column(_("Who leads it"), share=3),
            Column(_("State"), share=2),
        )
        yield Table(_("Milestones"), columns, (Rows(rows),))
    dated = [*context.content.of("release-event"), *context.content.of("review")]
    if dated:
        yield Heading(2, _("Follow and join the work"))
        yield Facts(
            tuple(
                (
                    context.title(item),
                    text(
                        ", ".join(
                            part
                            for part in (
                                context.words(item, "on"),
                                item.text("place") if item.kind == "release-event" else item.text("who"),
                            )
                            if part
                        )
                    ),
                )
                for item in dated
            )
        )
