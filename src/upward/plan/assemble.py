"""The Mobility Action Plan as a document, assembled from the plan's records along the outline of the catalogue.

Pure: the same content, catalogue, pages and version give the same document. Each section holds the text people
wrote for it, then what its records say; an empty one says what is missing and where to add it. Private fields never
enter, quotes only with consent, drafts of findings not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from upward.base.messages import _, use_language
from upward.catalog.model import Catalog
from upward.catalog.step_model import Section
from upward.plan.content import PlanContent, RecordContent
from upward.plan.map_actions import (
    next_steps,
    priorities,
    strategic_actions,
    sustainability,
    theory_of_change,
    vision,
)
from upward.plan.map_context import Context, paragraphs
from upward.plan.map_findings import community_voice, findings
from upward.plan.map_measures import measurement_plan, target_chart, targets_of
from upward.plan.map_people import appendices, approach, coalition, short_version
from upward.present.document import (
    Block,
    Contents,
    Cover,
    Document,
    Heading,
    Missing,
    Paragraph,
    References,
    Run,
    text,
)
from upward.present.specs import PlacePage
from upward.present.svg_target import draw_cover

MOST_TITLE_LINES = 4
#: Lines of contents that one page holds.
MOST_CONTENTS = 36
#: Sections that are often short, or come after one: they follow the one before on its page.
FLOWING = ("coalition", "vision", "theory-of-change", "sustainability", "next-steps")


def nothing(_context: Context) -> Iterator[Block]:
    """A section that people write and no record fills."""
    yield from ()


MAKERS: Mapping[str, Callable[[Context], Iterator[Block]]] = {
    "letter": nothing,
    "short-version": short_version,
    "approach": approach,
    "coalition": coalition,
    "findings": findings,
    "community-voice": community_voice,
    "vision": vision,
    "theory-of-change": theory_of_change,
    "strategic-actions": strategic_actions,
    "measurement-plan": measurement_plan,
    "sustainability": sustainability,
    "next-steps": next_steps,
    "appendices": appendices,
}


@dataclass(frozen=True, slots=True)
class Edition:
    """Which edition of the plan a document is: language, date, version, and names of the plan's places by code."""

    language: str
    places: Mapping[str, str]
    date: date | None = None
    version: str = ""
    sample: bool = False  # the release holds invented data
    steps: str = (
        ""  # address of the plan's steps in the workbench, for links to what is missing: ".../steps/"
    )


def edition_of(
    content: PlanContent, language: str, places: Mapping[str, str], *, sample: bool = False, steps: str = ""
) -> Edition:
    """Return the edition that the newest version of the plan names; without one, a draft of the last change."""
    versions = [item for item in content.of("plan-version") if isinstance(item.values.get("on"), date)]
    if versions:
        newest = max(versions, key=lambda item: str(item.values["on"]))
        return Edition(language, places, newest.values["on"], newest.text("title"), sample, steps)  # type: ignore[arg-type]
    changed = max((record.changed_at.date() for record in content.all_records()), default=None)
    return Edition(language, places, changed, "", sample, steps)


def assemble(
    content: PlanContent,
    catalog: Catalog,
    edition: Edition,
    *,
    pages: Mapping[str, PlacePage] | None = None,
    names: Mapping[str, str] | None = None,
) -> Document:
    """Return the plan as a document in the edition's language; `catalog` is of that language.

    `pages` holds the data page of each place of the plan by code, made from the plan's release; without it the
    document has the numbers of the records and no charts. `names` are those of other places that records speak of.
    """
    with use_language(edition.language):
        context = Context(content, catalog, pages or {}, edition.places)
        context.names.update(names or {})
        blocks: list[Block] = []
        for section in catalog.outline.values():
            blocks += _section(context, edition, section)
        lines = sum(isinstance(block, Heading) and block.level <= 2 for block in blocks)
        contents = Contents(_("Contents"), 2 if lines <= MOST_CONTENTS else 1)
        blocks = [_cover(context, edition), contents, *blocks]
        blocks.append(Heading(1, _("References"), "references", new_page=True))
        blocks.append(
            References(tuple(context.entries)) if context.entries else Missing(_("No source is cited yet."))
        )
        title = _("{place} Mobility Action Plan").format(place=_place(edition, content))
        release = _("Data release {id}").format(id=content.release) if content.release else ""
        sample = _("Sample data, invented") if edition.sample else ""
        return Document(
            title=title,
            language=edition.language,
            blocks=tuple(blocks),
            date=edition.date.isoformat() if edition.date else "",
            author=content.name,
            subject=title,
            foot=(title, " · ".join(part for part in (release, sample) if part)),
        )


def _place(edition: Edition, content: PlanContent) -> str:
    return ", ".join(edition.places.values()) or content.name


def _cover(context: Context, edition: Edition) -> Cover:
    content = context.content
    names = tuple(f"{item.text('name').rstrip('.')}." for item in priorities(context))
    title = names if 0 < len(names) <= MOST_TITLE_LINES else (content.name,)
    drawing = None
    left: tuple[str, ...] = ()
    for measure in content.of("measure"):
        charts = (target_chart(context, measure, target) for target in reversed(targets_of(context, measure)))
        chart = next((item for item in charts if item is not None), None)
        if chart:
            drawing = draw_cover(chart)
            left = (
                _("The drawing is data: {what}, with the margin of each number, and our target.").format(
                    what=measure.text("name")
                ),
            )
            break
    released = str(format_date(edition.date, "long", locale=edition.language)) if edition.date else ""
    right = (
        ", ".join(part for part in (released, edition.version) if part) or _("Draft"),
        _("Draft: no version has been released yet") if not edition.version else "",
        _("Data release {id}").format(id=content.release) if content.release else "",
        _("Sample data, invented") if edition.sample else "",
    )
    return Cover(
        _place(edition, content), _what(content), title, drawing, left, tuple(part for part in right if part)
    )


def _what(content: PlanContent) -> str:
    """“Mobility Action Plan 2027–2032”, with the years of its actions where they are known."""
    years = sorted(
        {
            words[:4]
            for action in content.of("strategic-action")
            for name in ("starts", "ends")
            if (words := action.text(name))
        }
    )
    span = "" if not years else years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}"
    return f"{_('Mobility Action Plan')} {span}".strip()


def written(content: PlanContent, section: Section) -> list[RecordContent]:
    """Return the texts that people wrote for a section."""
    return [item for item in content.of("plan-section") if item.text("section") == section.id]


def _section(context: Context, edition: Edition, section: Section) -> list[Block]:
    texts = written(context.content, section)
    own = next((item.text("heading") for item in texts if item.text("heading")), "")
    made = list(MAKERS[section.id](context)) if section.id in MAKERS else []
    if not section.needed and not made and not any(item.text("text") for item in texts):
        return []
    blocks: list[Block] = [
        Heading(
            1,
            own or section.name,
            section.id,
            section.name if own else "",
            new_page=section.id not in FLOWING,
        )
    ]
    for number, item in enumerate(texts):
        role = "lead" if section.id == "short-version" and number == 0 else "body"
        blocks += paragraphs(item.text("text"), role)
        if item.text("signed_by"):
            blocks.append(Paragraph(text(item.text("signed_by")), "meta"))
    if len(blocks) == 1 and not made:
        blocks.append(missing_note(context, edition, section))
    return blocks + made


def missing_note(context: Context, edition: Edition, section: Section) -> Missing:
    """Return what stands in an empty section: what is missing, and a link to where it is added, where one is known."""
    step = context.catalog.steps.get(section.step)
    if not edition.steps or step is None:
        return Missing(section.missing)
    words = _("Step {n}: {name}").format(n=step.number, name=step.name)
    return Missing(section.missing, text(Run(words, "", f"{edition.steps}{step.number}/")))
