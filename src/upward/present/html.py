"""A place page as one HTML file: no script, nothing loaded from elsewhere, readable with styles off."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from upward.base.messages import _, ngettext, use_language
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


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the templates with everything they may call; one for all pages of a process."""
    made = Environment(
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
        figure=figure,
        sentence=sentence,
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


def figure(chart: Chart, sample: bool, words: str = "") -> Markup:
    """Return a chart as a figure with its caption, or the reason in its place.

    `words` is the id of the element that holds the chart's sentence, where the page writes it out.
    """
    caption = escaped(chart.caption)
    if sample:
        caption += f' · <b class="s">{escaped(_("Sample data, invented"))}</b>'
    if isinstance(chart, NoChart):
        reason = escaped(chart.reason)
        return Markup(f'<figure class="none"><figcaption>{caption}</figcaption><p>{reason}</p></figure>')
    drawn = svg.draw(chart, named_by=words)
    return Markup(f"<figure><figcaption>{caption}</figcaption>{drawn}</figure>")


def sentence(chart: Drawn, id_: str) -> Markup:
    """Return a chart's sentence as an element that names its drawing, or whose parts name its drawings."""
    text = escaped(chart.sentence)
    for part, name in svg.names_of(chart, id_):
        text = text.replace(escaped(part), f"<span id={name}>{escaped(part)}</span>", 1)
    return Markup(text)


def table(spec: TableSpec) -> Markup:
    """Return a table: caption, heads with scope, one body per group of rows.

    Optional end tags and empty cells at a row's end are left out, and columns of numbers stand first, so that a
    class of the table says which cells are aligned to the right: a page has a thousand rows.
    """
    numbers = sum(column.number for column in spec.columns)
    heads = "".join(f"<th scope=col>{escaped(column.head)}" for column in spec.columns)
    parts = [f"<table class=c{numbers}><caption>{escaped(spec.caption)}</caption><thead><tr>{heads}"]
    width = len(spec.columns)
    for group in spec.groups:
        parts.append(f"<tbody><tr><th scope=rowgroup colspan={width}>{escaped(group.head)}")
        for row in group.rows:
            if group.remarks:
                parts.append(f"<tr><th scope=row>{escaped(row[0])}<td colspan={width - 1}>{escaped(row[1])}")
                continue
            filled = max(index for index, cell in enumerate(row) if cell or index == 0) + 1
            cells = "<td>".join(map(escaped, row[:filled]))
            parts.append(f"<tr><th scope=row>{cells}")
    parts.append("</table>")
    return Markup("".join(parts))  # every text was escaped above


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
