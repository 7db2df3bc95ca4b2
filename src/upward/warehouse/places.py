"""Places by code or name: "29019", "Boone County, MO", "boone, missouri", "Dona Ana", "Saint Louis".

What belongs here: the place as an object, and finding it from what people type. What does not: reading the
table of places (`read.py`) and the history of codes (`catalog/geographies.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from rapidfuzz import fuzz, process

from upward.base.errors import NotFoundError
from upward.catalog.geographies import load_changes, load_states

#: Scores of the ways in which a text can name a place.
SAME, SAME_WITHOUT_KIND, BEGINS = 100.0, 97.0, 90.0
#: Letters that must agree, of 100, for a typing error to be forgiven; a misspelled name scores below a begun one.
CLOSE, _MISSPELLED = 70.0, 0.89
#: A misspelled name is taken as meant where its score is this high and no other comes this near.
_CLEAR, _CLEAR_MARGIN = 78.0, 3.0
_MOST_CANDIDATES = 60
#: What a name may end in that people leave out; the longest first.
_KINDS = (
    "city and borough",
    "consolidated government",
    "metropolitan government",
    "unified government",
    "urban county",
    "census area",
    "planning region",
    "municipality",
    "borough",
    "county",
    "parish",
    "village",
    "town",
    "city",
    "cdp",
)
_SHORT_FORMS = {
    "st": "saint",
    "ste": "sainte",
    "mt": "mount",
    "ft": "fort",
    "co": "county",
    "twp": "township",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A county, city, state or the nation, with the fields of `PLACE_COLUMNS`."""

    geo_level: str
    geo_id: str
    name: str
    state: str
    state_name: str
    state_abbreviation: str
    population: float | None
    population_year: str | None
    geo_vintage: str
    first_year: str | None
    last_year: str | None
    current: bool
    successors: str
    predecessors: str

    @property
    def label(self) -> str:
        """Return the name with its state: "Boone County, Missouri"."""
        alone = not self.state_name or self.state_name == self.name
        return self.name if alone else f"{self.name}, {self.state_name}"

    @property
    def successor_ids(self) -> tuple[str, ...]:
        """Return the codes of the areas that took a former area's ground; empty for a present one."""
        return tuple(self.successors.split())


PLACE_FIELDS = tuple(field.name for field in fields(Place))


@dataclass(frozen=True, slots=True)
class _Entry:
    place: Place
    full: str  # "boone county"
    bare: str  # "boone"


class PlaceFinder:
    """Finds places among those of one release."""

    def __init__(self, places: Sequence[Place]) -> None:
        """Prepare the names once; the places keep their order among equals: larger population first."""
        ordered = sorted(
            places, key=lambda place: (not place.current, -(place.population or 0), place.geo_id)
        )
        self._entries = [_entry(place) for place in ordered]
        self._by_code: dict[str, Place] = {place.geo_id: place for place in ordered}
        self._states = _state_words(places)

    def find(self, text: str) -> Place:
        """Return the one place that the text names.

        Raises NotFoundError with candidates where nothing or more than one place answers; a word is said
        about the successors where a former area's name or code is not in the release.
        """
        code = text.strip().upper()
        if code in self._by_code:
            return self._by_code[code]
        found = self.search(text, limit=_MOST_CANDIDATES)
        best = _clear_winner(found)
        if best is not None:
            return best
        raise self._former(code) or _not_one(text, found)

    def _former(self, code: str) -> NotFoundError | None:
        """Return the error for the code of a former area without numbers here, or None for any other text."""
        change = load_changes().get(code)
        if change is None or not change.successors:
            return None
        after = [self._by_code[successor] for successor in change.successors if successor in self._by_code]
        return NotFoundError(
            f"{code} was {change.name} until {change.valid_to}. {change.note}",
            advice="Use an area of today.",
            candidates=_lines(after),
        )

    def search(self, text: str, *, limit: int = 20) -> list[tuple[Place, float]]:
        """Return places with a score from 0 to 100, best first; larger places first among equals."""
        code = text.strip().upper()
        if code in self._by_code:
            return [(self._by_code[code], SAME)]
        if code.isdigit():
            return [(entry.place, BEGINS) for entry in self._entries if entry.place.geo_id.startswith(code)][
                :limit
            ]
        name, state = self._split(text)
        if not name:
            return [(entry.place, BEGINS) for entry in self._entries if state and entry.place.state == state][
                :limit
            ]
        entries = [entry for entry in self._entries if not state or entry.place.state == state]
        scored = [(entry.place, score) for entry, score in _scored(name, entries)]
        scored.sort(key=lambda pair: -pair[1])  # stable: the order of entries stays among equals
        return scored[:limit]

    def _split(self, text: str) -> tuple[str, str]:
        """Return the plain name and the code of the state that the text names, if it names one."""
        head, comma, tail = text.rpartition(",")
        if comma:
            state = self._state_of(plain(tail))
            if state:
                return plain(head), state
            return plain(text), ""
        words = plain(text).split()
        for count in (3, 2, 1):  # "north carolina", "district of columbia"
            state = self._states.get(" ".join(words[-count:]), "") if len(words) > count else ""
            name = " ".join(words[:-count])
            if state and self._has_name(name, state):
                return name, state
        return " ".join(words), ""

    def _state_of(self, word: str) -> str:
        if word in self._states:
            return self._states[word]
        close = process.extractOne(word, [name for name in self._states if len(name) > 2], score_cutoff=80)
        return self._states[close[0]] if close else ""

    def _has_name(self, name: str, state: str) -> bool:
        """Tell whether a place of that state has exactly this name, with or without its kind."""
        return any(entry.place.state == state and name in (entry.full, entry.bare) for entry in self._entries)


def _not_one(text: str, found: list[tuple[Place, float]]) -> NotFoundError:
    same = [place for place, score in found if score >= BEGINS]
    if same:
        return NotFoundError(
            f"“{text}” names more than one place.",
            advice="Add the state or the kind (“Name County, ST”), or use the code.",
            candidates=_lines(same),
        )
    return NotFoundError(
        f"There is no place “{text}” in this release.",
        advice="Use 5 digits for a county, 7 for a city, or a name such as “Boone County, MO”.",
        candidates=_lines([place for place, _score in found[:10]]),
    )


def _lines(places: Iterable[Place]) -> tuple[str, ...]:
    return tuple(f"{place.geo_id}  {place.label}{_former_note(place)}" for place in places)


def plain(text: str) -> str:
    """Return the text without accents, punctuation and capitals, short forms written out.

    >>> plain("Doña  Ana"), plain("St. Louis city")
    ('dona ana', 'saint louis city')
    """
    stripped = "".join(
        char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)
    )
    words = re.sub(r"[^a-z0-9]+", " ", re.sub(r"['’`]", "", stripped.lower())).split()
    return " ".join(_SHORT_FORMS.get(word, word) for word in words)


def _entry(place: Place) -> _Entry:
    full = plain(place.name)
    return _Entry(place, full, _without_kind(full))


def _without_kind(name: str) -> str:
    for kind in _KINDS:
        if name.endswith(f" {kind}"):
            return name.removesuffix(f" {kind}")
    return name


def _state_words(places: Iterable[Place]) -> dict[str, str]:
    words = {}
    for state in load_states().values():
        words[state.name.lower()] = words[state.abbreviation.lower()] = state.code
    for place in places:  # an invented state of sample data is in no list
        if place.state and place.state_name:
            words[plain(place.state_name)] = place.state
        if place.state and place.state_abbreviation:
            words[place.state_abbreviation.lower()] = place.state
    return words


def _scored(name: str, entries: list[_Entry]) -> Iterable[tuple[_Entry, float]]:
    joined = name.replace(" ", "")  # "De Witt", "DeWitt" and "La Salle", "LaSalle" are one name
    for entry in entries:
        if name == entry.full:
            yield entry, SAME
        elif name == entry.bare or joined in (entry.bare.replace(" ", ""), entry.full.replace(" ", "")):
            yield entry, SAME_WITHOUT_KIND
        elif entry.full.startswith(name) or f" {name}" in entry.full:
            yield entry, BEGINS
        else:
            score = max(fuzz.ratio(name, entry.full), fuzz.ratio(name, entry.bare))
            if score >= CLOSE:
                yield entry, score * _MISSPELLED


def _clear_winner(found: list[tuple[Place, float]]) -> Place | None:
    """Return the place that is meant: the only one of the best kind, where a typing error was small."""
    if not found:
        return None
    best = found[0][1]
    margin = 0.0 if best >= SAME_WITHOUT_KIND else _CLEAR_MARGIN
    rivals = [place for place, score in found if score >= best - margin]
    present = [place for place in rivals if place.current]
    rivals = present or rivals
    return rivals[0] if len(rivals) == 1 and best >= _CLEAR else None


def _former_note(place: Place) -> str:
    if place.current:
        return ""
    after = f", now {' '.join(place.successor_ids)}" if place.successors else ""
    return f" (former area{after})"
