"""A place page as one HTML file: no script, nothing loaded from elsewhere, readable with styles off."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from upward.base.messages import LANGUAGES, _, current_language, ngettext, use_language
from upward.catalog import format as shown_as
from upward.present import svg
from upward.present.build_findings import peers_table
from upward.present.html_parts import glance_lines, note, sentences, table
from upward.present.html_row import metric_row
from upward.present.specs import PlacePage
from upward.present.svg_looks import signs, style_rules
from upward.present.wording import finding_mark

FOLDER = Path(__file__).parent


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
        day=shown_as.day,
        draw=svg.draw,
        glance_lines=glance_lines,
        metric_row=metric_row,
        sentences=sentences,
        table=table,
        note=note,
        finding_mark=finding_mark,
        peers_table=peers_table,
        site=None,
        css=Markup(page_style()),  # our own file
        signs=Markup(signs()),
    )
    return made


def page_style() -> str:
    """Return the style sheet of a place page, with the looks of all drawings."""
    return (FOLDER / "assets" / "page.css").read_text(encoding="utf-8") + style_rules()


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
