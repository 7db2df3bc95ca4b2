"""Where nothing differs, false clear claims stay at or under 5 %; where something does, power is as in
theory."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import polars as pl
import pytest
from worlds import World, families

from upward.insights.candidates import LEVEL, with_strength
from upward.insights.rules.change import find_changes
from upward.insights.rules.gap import find_gaps

WORLDS = 24
PLACE = ["geo_level", "geo_id"]


@pytest.fixture(scope="module")
def empty_worlds(analysis):
    return [families(World(analysis, seed)) for seed in range(WORLDS)]


@pytest.mark.parametrize("family", ["gap", "change", "standing", "relation", "pattern"])
def test_the_share_of_places_with_a_false_clear_claim_is_at_most_five_percent(empty_worlds, family):
    shares = []
    for world in empty_worlds:
        tested = world[family]
        places = max(1, world["change"].select(PLACE).unique().height)
        false = tested.filter(pl.col("strength") == "clear").select(PLACE).unique().height
        shares.append(false / places)
    # Worlds are independent of each other; places of one world share their peers.
    error = np.std(shares, ddof=1) / math.sqrt(WORLDS)
    assert np.mean(shares) <= LEVEL + 2.6 * error
    assert max(shares) > 0 or family in ("relation", "pattern"), "a test that can never fail tests nothing"


def test_no_place_of_an_empty_world_is_called_clear_for_a_quarter_more_often(empty_worlds):
    """A quarter is named only in a finding that says a side, so it adds no false claim of its own."""
    for world in empty_worlds:
        named = world["standing"].filter(pl.col("quarter").is_in(["bottom", "top"]))
        clear = named.filter(pl.col("strength") == "clear")
        assert clear.height <= world["standing"].filter(pl.col("strength") == "clear").height


def planted(frame: pl.DataFrame) -> pl.Series:
    """Women's employment differs from men's: half the effect on each side, in units of each one's own
    error."""
    women = (pl.col("variable") == "share_employed") & (pl.col("group") == "female")
    return frame.select(pl.when(women).then(EFFECT).otherwise(0.0)).to_series()


EFFECT = 4.0


def test_a_planted_gap_is_found_as_often_as_theory_says(analysis):
    normal = NormalDist()
    expected, hits, tested = 0.0, 0, 0
    for seed in range(WORLDS):
        world = World(analysis, 1000 + seed, planted)
        gaps = with_strength(find_gaps(world, world.numbers()))
        planted_gaps = gaps.filter(
            pl.col("first_variable") == "share_employed", pl.col("group_type") == "gender"
        )
        for p, below, se in planted_gaps.select("p", "first_below", "se").iter_rows():
            effect = EFFECT * below / se
            expected += normal.cdf(effect - 1.959964) + normal.cdf(-effect - 1.959964)
            hits += p <= LEVEL
            tested += 1
    assert tested > 500
    assert hits / tested == pytest.approx(expected / tested, abs=2.6 * math.sqrt(0.25 / tested))


def test_a_planted_change_is_found_as_often_as_theory_says(analysis):
    def newest(frame: pl.DataFrame) -> pl.Series:
        late = (
            (pl.col("variable") == "share_employed")
            & (pl.col("group_type") == "all")
            & (pl.col("year") >= 2022)
        )
        return frame.select(pl.when(late).then(EFFECT).otherwise(0.0)).to_series()

    normal = NormalDist()
    expected, hits, tested = 0.0, 0, 0
    for seed in range(WORLDS):
        world = World(analysis, 2000 + seed, newest)
        changes = with_strength(find_changes(world, world.numbers()))
        overall = changes.filter(pl.col("first_variable") == "share_employed", pl.col("form") == "change")
        for p, below, se in overall.select("p", "second_below", "se").iter_rows():
            effect = EFFECT * below / se
            expected += normal.cdf(effect - 1.959964) + normal.cdf(-effect - 1.959964)
            hits += p <= LEVEL
            tested += 1
    assert tested > 500
    assert hits / tested == pytest.approx(expected / tested, abs=2.6 * math.sqrt(0.25 / tested))
