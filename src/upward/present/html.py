"""A place page as one HTML file: no script, nothing loaded from elsewhere, readable with styles off."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from upward.base.messages import LANGUAGES, _, current_language, ngettext, use_language
from upward.present import svg
from upward.present.build_findings import peers_table
from upward.present.document_words import ICONS
from upward.present.escape import escaped
from upward.present.specs import Chart, Definition, Drawn, NoChart, PlacePage, TableSpec
from upward.present.svg_looks import style_rules
from upward.present.wording import finding_mark

FOLDER = Path(__file__).parent
#: Limits of a metric that its row shows; a page with all of them would be a third longer.
LIMITS_SHOWN = 2


def render_place_page(page: PlacePage) -> str:
    """Return the page as the text of one HTML file; the same page gives the same bytes."""
    with use_language(page.language):
        return environment().get_template("place.html").render(page=page, print_foot=_print_foot(page))


def environment() -> Environment:
    """Return the templates in the language in force, with everything they may call."""
    return _environment(current_language())


class _Words(NodeTransformer):
    """Puts the words of the language in force into a template: `_("Places")` is a constant of it."""

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        called, given = node.node, node.args
        if isinstance(called, nodes.Name) and called.name == "_" and isinstance(given[0], nodes.Const):
            return nodes.Const(_(given[0].value), lineno=node.lineno, environment=node.environment)
        return node


class _Templates(Environment):
    """Templates of one language: a word that is on every page is looked up and escaped once."""

    def _generate(self, source: nodes.Template, *args: Any, **named: Any) -> str:
        return super()._generate(_Words().visit(source), *args, **named)


@lru_cache(maxsize=len(LANGUAGES))
def _environment(_language: str) -> Environment:
    made = _Templates(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # packaged files do not change
    )
    made.globals.update(
        _=_,
        ngettext=ngettext,
        draw=svg.draw,
        track=svg.track,
        figures=figures,
        sentences=sentences,
        table=table,
        definition=definition,
        icon=icon,
        finding_mark=finding_mark,
        peers_table=peers_table,
        site=None,
        css=Markup(page_style()),  # our own file
    )
    return made


def page_style() -> str:
    """Return the style sheet of a place page, with the looks of all drawings."""
    return (FOLDER / "assets" / "page.css").read_text(encoding="utf-8") + style_rules()


def figures(charts: Sequence[Chart], sample: bool, words: str = "") -> Markup:
    """Return charts as figures with their captions, or the reason in a chart's place.

    `words` begins the ids of the elements that hold the charts' sentences, where the page writes them out; a number
    follows.
    """
    warning = f' · <b class="s">{escaped(_("Sample data, invented"))}</b>' if sample else ""
    parts = []
    for number, chart in enumerate(charts, 1):
        caption = f"{escaped(chart.caption)}{warning}"
        if isinstance(chart, NoChart):
            reason = escaped(chart.reason)
            parts.append(f'<figure class="none"><figcaption>{caption}</figcaption><p>{reason}</p></figure>')
            continue
        drawn = svg.drawn(chart, named_by=f"{words}{number}" if words else "")
        parts.append(f"<figure><figcaption>{caption}</figcaption>{drawn}</figure>")
    return Markup("".join(parts))


def sentences(charts: Sequence[Chart], words: str = "") -> Markup:
    """Return the charts' sentences, each as an element that names its drawing, or whose parts name its drawings.

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
    text = escaped(chart.sentence)
    for part, name in svg.names_of(chart, id_) if id_ else ():
        text = text.replace(escaped(part), f"<span id={name}>{escaped(part)}</span>", 1)
    return f"{text} "


#: What separates the cells of a table until they are escaped, all at once: no text holds a control character.
CELL, ROW, GROUP, REMARK = "\0", "\1", "\2", "\3"


def table(spec: TableSpec) -> Markup:
    """Return a table: caption, heads with scope, one body per group of rows.

    Optional end tags and empty cells at a row's end are left out, and columns of numbers stand first, so that a
    class of the table says which cells are aligned to the right: a page has a thousand rows.
    """
    numbers = sum([column.number for column in spec.columns])
    heads = "".join([f"<th scope=col>{escaped(column.head)}" for column in spec.columns])
    parts = []
    for group in spec.groups:
        parts.append(f"{GROUP}{group.head}")
        if group.remarks:
            parts += [f"{ROW}{row[0]}{REMARK}{row[1]}" for row in group.rows]
        else:
            parts += [ROW + CELL.join(row).rstrip(CELL) for row in group.rows]
    width = len(spec.columns)
    body = (
        str(escape("".join(parts)))
        .replace(CELL, "<td>")
        .replace(ROW, "<tr><th scope=row>")
        .replace(GROUP, f"<tbody><tr><th scope=rowgroup colspan={width}>")
        .replace(REMARK, f"<td colspan={width - 1}>")
    )
    return Markup(
        f"<table class=c{numbers}><caption>{escaped(spec.caption)}</caption><thead><tr>{heads}{body}</table>"
    )


@lru_cache(maxsize=512)
def definition(spec: Definition) -> Markup:
    """Return the essentials of a metric's definition and its first limits."""
    parts = [
        Markup("<p><b>{}</b> {}</p>").format(head, text) if head else Markup("<p>{}</p>").format(text)
        for head, text in spec.essentials
    ]
    if spec.limits:
        items = Markup("").join(Markup("<li>{}</li>").format(text) for text in spec.limits[:LIMITS_SHOWN])
        parts.append(Markup("<p><b>{}</b></p><ul>{}</ul>").format(_("Limits."), items))
    return Markup("").join(parts)


def icon(kind: str) -> Markup:
    """Return the marker of a note."""
    return Markup('<svg viewBox="0 0 20 20" width=20 height=20 aria-hidden=true><path d="{}"/></svg>').format(
        ICONS[kind]
    )


def _print_foot(page: PlacePage) -> Markup:
    """Return the texts of the printed foot as CSS strings."""
    parts = [page.title, _("release {id}").format(id=page.release.id)]
    if page.release.sample:
        parts.append(_("Sample data, invented"))
    return Markup(
        '@page{{@bottom-left{{content:"{}"}}@bottom-right{{content:counter(page) " / " counter(pages)}}}}'
    ).format(Markup(css_string(" · ".join(parts))))


def css_string(text: str) -> str:
    r"""Return the text for the inside of a CSS string: everything but letters, digits and spaces is escaped.

    >>> css_string('a"b')
    'a\\22 b'
    """
    return "".join(letter if letter == " " or letter.isalnum() else f"\\{ord(letter):x} " for letter in text)
