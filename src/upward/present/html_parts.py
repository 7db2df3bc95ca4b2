"""Pieces of pages as HTML, ready to be put into a template: figures, sentences, tables, definitions, notes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from markupsafe import Markup

from upward.base.messages import _
from upward.present import svg
from upward.present.document_words import ICONS
from upward.present.escape import escaped, escaped_once
from upward.present.specs import Chart, Definition, Drawn, Glance, GroupsChart, NoChart, TableSpec
from upward.present.svg_looks import CAUTION

#: Limits of a metric that its row shows; a page with all of them would be a third longer.
LIMITS_SHOWN: Final = 2
#: What separates the cells of a table until they are escaped, all at once: no text holds a control character.
CELL: Final = "\0"
ROW: Final = "\1"
GROUP: Final = "\2"
REMARK: Final = "\3"
BODY: Final = "\4"


def figures(charts: Sequence[Chart], sample: bool, kind: str, words: str = "") -> Markup:
    """Return charts as figures with their captions, or the reason in a chart's place, in a box of a kind.

    A single figure is its own box. `words` begins the ids of the elements that hold the charts' sentences, where the
    page writes them out; a number follows.
    """
    if not charts:  # an empty box would still take a line of the row's grid
        return Markup("")
    label = escaped(_("Sample data, invented"))
    warning = f' · <b class="s">{label}</b>' if sample else ""
    parts = []
    for number, chart in enumerate(charts, 1):
        # No line begins with the dot.
        caption = f"{escaped(chart.caption)}{warning}".replace(" · ", "\u00a0· ")
        instead = _instead(chart)
        if instead:
            reason = escaped(instead)
            classes = f"none {kind}" if len(charts) == 1 else "none"
            parts.append(f'<figure class="{classes}"><figcaption>{caption}</figcaption><p>{reason}</figure>')
            continue
        drawn = svg.drawn(chart, named_by=f"{words}{number}" if words else "")
        box = f"<figure class={kind}>" if len(charts) == 1 else "<figure>"
        parts.append(f"{box}<figcaption>{caption}</figcaption>{drawn}</figure>")
    inside = "".join(parts)
    return Markup(inside if len(charts) == 1 else f"<div class={kind}>{inside}</div>")


def _instead(chart: Chart | Drawn) -> str:
    """What stands in a chart's place; nothing where it is drawn."""
    if isinstance(chart, NoChart):
        return chart.reason
    return chart.instead if isinstance(chart, GroupsChart) else ""


def sentences(charts: Sequence[Chart], words: str = "") -> Markup:
    """Return the charts' sentences, each a paragraph that holds the element, or elements, that name its drawings.

    `words` begins the ids, as in `figures`; without it there are no such elements.
    """
    return Markup(
        "".join(
            [
                _sentence(chart, f"{words}{number}" if words else "")
                for number, chart in enumerate(charts, 1)
                if not isinstance(chart, NoChart)
            ]
        )
    )


def _sentence(chart: Drawn, id_: str) -> str:
    text = escaped_once(chart.sentence)
    for part, name in svg.names_of(chart, id_) if id_ and not _instead(chart) else ():
        said = text if part == chart.sentence else escaped_once(part)
        text = text.replace(said, f"<span id={name}>{said}</span>", 1)
    return f"<p>{text}"


def table(spec: TableSpec) -> Markup:
    """Return a table: caption, heads, one body per group of rows.

    Heads of columns, and those at the start of a row, need no scope: HTML takes them for what they are, and so do
    browsers. Optional end tags and empty cells at a row's end are left out, and columns of numbers stand first, so that a
    class of the table says which cells are aligned to the right: a page has a thousand rows.
    """
    width, numbers = len(spec.columns), sum([column.number for column in spec.columns])
    heads = "".join([f"<th>{escaped(column.head)}" for column in spec.columns])
    parts = []
    for group in spec.groups:
        parts.append(f"{GROUP}{group.head}" if group.head else BODY)
        # A remark is no number, also where the table has one column of them.
        if group.remarks or (group.wide and width > 2):
            parts += [f"{ROW}{row[0]}{REMARK}{row[1]}" for row in group.rows]
        else:
            parts += [ROW + CELL.join(row).rstrip(CELL) for row in group.rows]
    body = (
        escaped_once("".join(parts))
        .replace(CELL, "<td>")
        .replace(ROW, "<tr><th>")
        .replace(GROUP, f"<tbody><tr><th scope=rowgroup colspan={width}>")
        .replace(BODY, "<tbody>")
        .replace(REMARK, f"<td colspan={width - 1}>")
    )
    return Markup(
        f"<table class=c{numbers}><caption>{escaped(spec.caption)}</caption><thead><tr>{heads}{body}</table>"
    )


def glance_lines(glances: Sequence[Glance]) -> Markup:
    """Return the lines of a pillar's profile: each with its drawing and number, or with words in their place.

    Optional end tags are left out, as in tables.
    """
    parts = []
    for line in glances:
        parts.append(f'<li><a href="#{escaped(line.id)}">{escaped(line.label)}</a>')
        text, words = escaped(line.text), escaped(line.words)
        if line.span:
            spoken = f"<span class=vh> {escaped(line.spoken)}</span>" if line.spoken else ""
            parts.append(f"{svg.track(line)}<span class=pv>{text}{spoken}</span>")
        elif line.text:
            parts.append(f"<span class=np>{words}</span><span class=pv>{text}</span>")
        else:
            parts.append(f'<span class="np wide">{words}</span>')
    return Markup("".join(parts))


@lru_cache(maxsize=512)
def definition(spec: Definition) -> Markup:
    """Return the essentials of a metric's definition and its first limits; optional end tags are left out."""
    parts = [
        Markup("<p><b>{}</b> {}").format(head, text) if head else Markup("<p>{}").format(text)
        for head, text in spec.essentials
    ]
    if spec.limits:
        items = Markup("").join(Markup("<li>{}").format(text) for text in spec.limits[:LIMITS_SHOWN])
        parts.append(Markup("<p><b>{}</b><ul>{}</ul>").format(_("Limits."), items))
    return Markup("").join(parts)


def note(kind: str, text: str) -> Markup:
    """Return a note with the marker of its kind: caution, people or key."""
    heads = {"caution": _("Caution."), "people": _("Community.")}
    head = heads.get(kind) or _("Key concept.")
    if kind == "caution":
        sign = f'<svg width=20 height=20 aria-hidden=true><use href="#{CAUTION}"/></svg>'
    else:
        path = f'<path d="{ICONS[kind]}"/>'
        sign = f'<svg viewBox="0 0 20 20" width=20 height=20 aria-hidden=true>{path}</svg>'
    return Markup(
        f'<div class="note {kind}" role=note>{sign}<p><strong>{escaped(head)}</strong> {escaped(text)}</p></div>'
    )
