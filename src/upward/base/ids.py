"""Identifiers: places are text from end to end, because a lost leading zero is another place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from upward.base.errors import UsageError


class GeoLevel(StrEnum):
    """Levels of geography in a release."""

    COUNTY = "county"
    PLACE = "place"
    STATE = "state"
    NATION = "nation"
    PUMA = "puma"
    CUSTOM = "custom"


_LEVEL_BY_LENGTH = {2: GeoLevel.STATE, 5: GeoLevel.COUNTY, 7: GeoLevel.PLACE}
NATION_ID = "US"


@dataclass(frozen=True, slots=True, order=True)
class GeoId:
    """A geography's code with its level: `29019` is a county, `4260000` a place (city), `29` a state.

    >>> GeoId.parse("29019")
    GeoId(level=<GeoLevel.COUNTY: 'county'>, code='29019')
    """

    level: GeoLevel
    code: str

    @classmethod
    def parse(cls, text: str) -> GeoId:
        """Return the geography that a FIPS code or `US` names; raise UsageError for any other text."""
        text = text.strip()
        if text.upper() == NATION_ID:
            return cls(GeoLevel.NATION, NATION_ID)
        if re.fullmatch(r"[0-9]+", text) and len(text) in _LEVEL_BY_LENGTH:
            return cls(_LEVEL_BY_LENGTH[len(text)], text)
        raise UsageError(
            f"“{text}” is not a FIPS code.",
            advice="Use 5 digits for a county (29019), 7 for a city (4260000); keep leading zeros.",
        )

    @property
    def state(self) -> str:
        """Return the two-digit state code, or an empty text for the nation."""
        return "" if self.level is GeoLevel.NATION else self.code[:2]

    def __str__(self) -> str:
        """Return the code alone."""
        return self.code
