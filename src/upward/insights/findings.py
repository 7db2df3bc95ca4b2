"""A finding: one thing that the numbers of a place say, and how strongly they say it.

What belongs here: the shapes of a finding. What does not: how findings are found (`rules`), tested together
(`survey.py`), ordered (`ranking.py`) or worded (`wording.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from upward.engine.compare import Comparison
from upward.warehouse.read import ResultRow


class Kind(StrEnum):
    """What a finding is about."""

    GAP = "gap"  # two groups of one place
    CHANGE = "change"  # one number of one place over time
    STANDING = "standing"  # one place beside its peers, its state or the nation
    RELATION = "relation"  # two metrics of one place that agree or pull apart
    CAUTION = "caution"  # what cannot be said, and why


class Strength(StrEnum):
    """How much the numbers allow to be said (statistics.md, “Claims”)."""

    CLEAR = "clear"  # passes after correction for its family, every number graded Strong
    LIKELY = "likely"  # passes on its own, or passes but rests on a Marginal number
    UNCERTAIN = "uncertain"  # does not pass
    NOT_USABLE = "not usable"  # no published margin, or Weak, or not to be compared


class Mark(StrEnum):
    """The word and shape that stand before a finding's sentence."""

    CLEAR = "clear"
    LIKELY = "likely"
    CANNOT_TELL = "cannot tell"
    NO_MARGIN = "no published margin"
    NOT_COMPARED = "not compared"  # never set beside other places
    YEARS_NOT_COMPARED = "years not compared"
    GROUPS_NOT_COMPARED = "groups not compared"
    WEAK = "weak data"
    MISSING = "missing"
    OLD = "old data"
    HALF = "half a metric"


class Role(StrEnum):
    """What one side of a finding is."""

    PLACE = "place"
    GROUP = "group"
    EARLIER = "earlier"
    LATER = "later"
    PEERS = "peers"
    STATE = "state"
    NATION = "nation"


@dataclass(frozen=True, slots=True)
class Side:
    """One number of a finding, ready to be drawn: value and bounds in the stored unit, and as text.

    `lower` and `upper` are None where no margin was published; a bare number is drawn open.
    """

    role: Role
    label: str
    value: float
    lower: float | None
    upper: float | None
    shown: str
    shown_interval: str
    quality: int | None
    period: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about a place. Everything a reader is told can be opened to `numbers`, its result rows.

    `statement` is the main sentence or two, worded only as strongly as `strength`; `detail` says on what it
    rests (test, correction, quality, method); `why_first` says why it stands where it stands in the list.
    `p` is two-sided, `p_adjusted` after Benjamini–Hochberg over the `family_size` tests of `family`; both are
    None where nothing was tested. `sides` are the numbers to draw, the place or first group first;
    `comparison` is their difference, later minus earlier, first minus second, place minus reference.
    `favorable` is True where the first side is on the better side, False where not, None where there is no
    better side or nothing may be said. `scope` is peers, state or nation for a standing, else empty.
    `id` is made from what the finding is about, so the same finding keeps it in the next release.
    """

    id: str
    kind: Kind
    strength: Strength
    mark: Mark
    metric: str
    variable: str
    year: str
    years: tuple[str, ...]
    group_type: str
    groups: tuple[str, ...]
    scope: str
    heading: str
    statement: str
    detail: str
    why_first: str
    p: float | None
    p_adjusted: float | None
    family: str
    family_size: int
    sides: tuple[Side, ...]
    comparison: Comparison | None
    favorable: bool | None
    score: float
    unit: str
    numbers: tuple[ResultRow, ...]

    def as_contract(self) -> dict[str, Any]:
        """Return the finding with the keys of the command line's JSON; further keys come after those."""
        return {
            "id": self.id,
            "kind": str(self.kind),
            "strength": str(self.strength),
            "metric": self.metric,
            "year": self.year,
            "groups": list(self.groups),
            "statement": self.statement,
            "p": self.p,
            "p_adjusted": self.p_adjusted,
            "family": self.family,
            "numbers": [row._asdict() for row in self.numbers],
            "variable": self.variable,
            "mark": str(self.mark),
            "scope": self.scope,
            "group_type": self.group_type,
            "years": list(self.years),
            "family_size": self.family_size,
            "estimate": self.comparison.estimate if self.comparison else None,
            "lower": self.comparison.lower if self.comparison else None,
            "upper": self.comparison.upper if self.comparison else None,
            "method": self.comparison.method if self.comparison else None,
            "favorable": self.favorable,
            "heading": self.heading,
            "detail": self.detail,
            "why_first": self.why_first,
        }
