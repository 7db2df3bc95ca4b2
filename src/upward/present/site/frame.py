"""What every page of a site knows of the site: where it lies, how to get elsewhere from it, in which languages.

All addresses are relative, so that the folder opens from anywhere: a disk, a web server, a stick.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from upward.base.messages import _, use_language
from upward.present.html import environment
from upward.present.specs import ReleaseFacts

LANGUAGE_NAMES = {"en": "English", "es": "Español"}
START = "index.html"
#: The page that web servers show for an address that leads nowhere.
NOWHERE = "404.html"
#: Word of the navigation -> address, in order.
SECTIONS = ("places", "maps", "metrics", "data")


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What all pages of one site share."""

    release: ReleaseFacts
    made: str  # date in ISO form
    languages: tuple[str, ...]  # the first lies at the root, each other in a folder of its name
    counties: int
    cities: int
    address: str = ""  # where the site will be published, with a slash at the end; empty if not known


@dataclass(frozen=True, slots=True)
class File:
    """A file to download: address from the page, name and what it is."""

    href: str
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One page's place in the site. `path` is its address below the folder of its language."""

    facts: SiteFacts
    language: str
    path: str
    title: str
    description: str
    section: str = ""
    trail: tuple[
        tuple[str, str], ...
    ] = ()  # names and addresses (below the language's folder) of what lies above
    files: tuple[File, ...] = ()
    scripts: bool = False  # the page has the place search

    @property
    def to(self) -> str:
        """Return what leads from the page to the folder of its language."""
        return "../" * self.path.count("/")

    @property
    def root(self) -> str:
        """Return what leads from the page to the folder of the site, where assets and data lie."""
        return self.to if self.language == self.facts.languages[0] else f"../{self.to}"

    @property
    def others(self) -> tuple[tuple[str, str, str], ...]:
        """Return (language, its own name, address of this page in it) of the other languages."""
        return tuple(
            (language, LANGUAGE_NAMES[language], f"{self.root}{folder_of(self.facts, language)}{self.path}")
            for language in self.facts.languages
            if language != self.language
        )

    @property
    def canonical(self) -> str:
        """Return the public address of the page, where it is known."""
        if not self.facts.address:
            return ""
        return f"{self.facts.address}{folder_of(self.facts, self.language)}{self.path}"

    @property
    def base(self) -> str:
        """Return the public address of the folder for a page that a server shows under any address; else empty.

        Where the address is not known, its links lead from the folder of the site, as those of every page do.
        """
        if self.path != NOWHERE or not self.facts.address:
            return ""
        return f"{self.facts.address}{folder_of(self.facts, self.language)}"

    @property
    def navigation(self) -> tuple[tuple[str, str, str], ...]:
        """Return (section, name, address from this page) of the main navigation."""
        names = {"places": _("Places"), "maps": _("Maps"), "metrics": _("Metrics"), "data": _("Data")}
        addresses = {"places": START}
        return tuple(
            (section, names[section], self.to + addresses.get(section, f"{section}/{START}"))
            for section in SECTIONS
        )

    @property
    def output(self) -> str:
        """Return the path of the page's file below the folder of the site."""
        return f"{folder_of(self.facts, self.language)}{self.path}"


def folder_of(facts: SiteFacts, language: str) -> str:
    """Return the folder of a language below the site's: empty for the first, else its name and a slash."""
    return "" if language == facts.languages[0] else f"{language}/"


def render(template: str, frame: Frame, values: Mapping[str, object]) -> str:
    """Return a page of the site; the same frame and values give the same bytes."""
    with use_language(frame.language):
        page = environment().get_template(f"site/{template}").render(**values, site=frame)
    return f"{page}\n"
