"""All rules over some places, or all of them: tested together, given their strength, and put in order.

What belongs here: the order of the work. What does not: the rules themselves, and words.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from upward.insights.candidates import with_strength
from upward.insights.evidence import Evidence
from upward.insights.ranking import with_scores
from upward.insights.rules.change import find_changes
from upward.insights.rules.gap import find_gaps
from upward.insights.rules.relation import find_patterns, find_relations
from upward.insights.rules.standing import find_standings
from upward.warehouse.places import Place


def survey(evidence: Evidence, places: Sequence[Place] | None = None) -> pl.DataFrame:
    """Return every candidate of some places, or of all, with strength and score, best first by place.

    Columns: those of a candidate, `p_adjusted`, `family_size`, `strength`, `times`, `repeats` and `score`.
    """
    numbers = evidence.numbers(places)
    gaps = with_strength(find_gaps(evidence, numbers))
    standings = find_standings(evidence, places)
    tested = [
        gaps,
        with_strength(find_changes(evidence, numbers)),
        with_strength(standings),
        with_strength(find_relations(standings)),
        find_patterns(evidence, gaps),
    ]
    return with_scores(pl.concat(tested, how="vertical_relaxed"))
