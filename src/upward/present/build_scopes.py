"""What the nation and the states look like beside a number: made once, for it is the same on the pages of many places."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, TypeVar

from upward.base.messages import _
from upward.catalog import format as shown_as
from upward.catalog.model import Unit
from upward.present.build_definitions import COUNTY
from upward.present.specs import Mark, Span
from upward.warehouse.places import Place
from upward.warehouse.read import ContextIndex, ContextRow, ResultRow

Kept = TypeVar("Kept")
NATION: Final = "US"
#: Percentiles of fewer places would be those places.
LEAST_PLACES = 5
#: Numbers kept at once: more than a release has of both levels and all states.
_MOST_KEPT = 30_000


class Scopes:
    """The context of one release in the words of one language; units are those of its catalogue."""

    def __init__(self, context: ContextIndex) -> None:
        """Remember where the figures are; nothing is read yet."""
        self._context = context
        self._middles: dict[tuple[str, ...], Mark | None] = {}
        self._spans: dict[tuple[str, ...], tuple[Span, ...]] = {}

    def row(self, row: ResultRow, scope: str) -> ContextRow | None:
        """Return the summary of a scope for exactly this number, or None."""
        return self._context.get(*_number(row), scope)

    def middle(self, row: ResultRow, unit: Unit) -> Mark | None:
        """Return the US middle of a number in its year; None where there is none that is usable."""
        key = _number(row)
        made = self._middles.get(key)
        if made is not None or key in self._middles:
            return made
        found = self._context.get(*key, NATION)
        known = None if found is None or not found.usable else found.median
        made = None if known is None else _middle(known, row, unit)
        _room(self._middles)[key] = made
        return made

    def spans(self, row: ResultRow, unit: Unit, place: Place) -> tuple[Span, ...]:
        """Return the percentiles of the nation and of the place's state for a number, where they are known.

        A place where most residents of its state live is not set beside the state, whose middle it is.
        """
        heavy = self._context.outweighs_its_state(row.geo_level, row.geo_id)
        key = (*_number(row), "" if heavy else place.state, place.state_abbreviation, place.state_name)
        if key not in self._spans:
            nation = self._span(row, unit, NATION, *_nation(row.geo_level))
            state = (
                None if heavy
                else self._span(row, unit, place.state, place.state_abbreviation, place.state_name)
            )  # fmt: skip
            _room(self._spans)[key] = tuple(span for span in (nation, state) if span)
        return self._spans[key]

    def share_of_state(self, place: Place) -> float:
        """Return which part of the residents of its state's places of its level live in a place."""
        return self._context.share_of_state(place.geo_level, place.geo_id)

    def _span(self, row: ResultRow, unit: Unit, scope: str, short: str, name: str) -> Span | None:
        found = self.row(row, scope)
        if (
            found is None
            or not found.usable
            or found.median is None
            or found.p05 is None
            or found.p95 is None
        ):
            return None
        if scope != NATION and found.places < LEAST_PLACES:
            return None
        low, middle, high = found.p05, found.median, found.p95
        published = "" if found.published_median is None else shown_as.shown(found.published_median, unit)
        low_text, middle_text, high_text = (shown_as.shown(value, unit) for value in (low, middle, high))
        national = scope == NATION
        return Span(short, name, low, middle, high, low_text, middle_text, high_text, published, national)


@lru_cache(maxsize=8)
def scopes_of(context: ContextIndex, _catalog: str, _language: str) -> Scopes:
    """Return the scopes of a context; the catalogue's hash and the language in force tell its words apart."""
    return Scopes(context)


def _number(row: ResultRow) -> tuple[str, str, str, str, str, str, str]:
    return (
        row.variable, row.edition, row.source_release, row.period, row.group_type, row.group, row.geo_level,
    )  # fmt: skip


def _middle(median: float, row: ResultRow, unit: Unit) -> Mark:
    return Mark(_nation(row.geo_level)[0], median, shown_as.shown(median, unit), year=year_of(row))


def _nation(level: str) -> tuple[str, str]:
    """What the nation is called beside a place, shortly and in full: of cities it is the large ones."""
    return (_("US"), _("United States")) if level == COUNTY else (_("US cities"), _("Large US cities"))


def year_of(row: ResultRow) -> int:
    """Return the year of a number, 0 where its period is none."""
    return int(row.period) if row.period.isdigit() else 0


def _room(kept: dict[tuple[str, ...], Kept]) -> dict[tuple[str, ...], Kept]:
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    return kept
