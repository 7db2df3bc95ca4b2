"""Reading a page back: the strict parser, and drawings, tables and texts taken out of the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

SVG = "{http://www.w3.org/2000/svg}"
#: A number as pages write it: sign, dollar, digits with commas, decimals, percent.
NUMBER = re.compile(r"−?\$?\d[\d,]*(?:\.\d+)?%?")


def parse(text: str) -> Element:
    """Return the tree of a page; any error in the HTML raises."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(text)


def words(element: Element) -> str:
    """Return the text of an element with single blanks."""
    return " ".join("".join(element.itertext()).split())


def numbers(text: str) -> set[str]:
    """Return the numbers in a text, as written."""
    return {found.rstrip(",") for found in NUMBER.findall(text)}


def articles(tree: Element) -> Iterator[Element]:
    """Yield every metric's row."""
    return (element for element in tree.iter("article"))


def drawings(element: Element) -> Iterator[Element]:
    """Yield the drawings that are charts."""
    return (svg for svg in element.iter(f"{SVG}svg") if svg.get("role") == "img")


def spoken_name(svg: Element, tree: Element) -> str:
    """Return the name of a drawing: its own, or the words of the element of the page that names it."""
    names = svg.get("aria-labelledby")
    if names is None:
        return svg.get("aria-label") or ""
    (element,) = (element for element in tree.iter() if element.get("id") == names)
    return words(element)


def drawn_numbers(svg: Element) -> set[str]:
    """Return the numbers written in a drawing, without the round numbers of an axis."""
    found: set[str] = set()
    for kind, text in drawn_texts(svg):
        if kind == "t" and svg.get("class") == "lanes":
            continue  # the axis
        if kind in ("l", "s"):
            continue  # labels
        year = svg.get("class") in ("trend", "panel") and re.fullmatch(r"[12]\d{3}", text)
        if not year:  # the ends of the axis
            found |= numbers(text)
    return found


def drawn_texts(svg: Element) -> Iterator[tuple[str, str]]:
    """Yield the texts of a drawing with their kind: the first letter of their own class or of their group's."""
    for parent in (svg, *svg.iter(f"{SVG}g")):
        for text in parent.findall(f"{SVG}text"):
            yield (text.get("class") or parent.get("class") or "")[0], words(text)
