"""Simulated worlds in the shape of the sample release: nothing differs, or exactly what is planted does."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np
import polars as pl

from upward.insights.candidates import with_strength
from upward.insights.evidence import Evidence
from upward.insights.rules.change import find_changes
from upward.insights.rules.gap import find_gaps
from upward.insights.rules.relation import find_patterns, find_relations
from upward.insights.rules.standing import find_standings

TRUTH = 0.5
Plant = Callable[[pl.DataFrame], pl.Series]


class World(Evidence):
    """A release whose every number has the same true value, seen with its own error."""

    #: The sample's frames and peers, read once: every world has the same shape.
    _frames: ClassVar[dict[object, pl.DataFrame]] = {}
    _shared_peers: ClassVar[dict] = {}

    def __init__(self, release, seed: int, plant: Plant | None = None) -> None:
        super().__init__(release, self._shared_peers)
        self._generator = np.random.default_rng(seed)
        self._plant = plant

    def _prepared(self, query, **options):
        key = (self.release.id, *sorted(options.items()))
        if key not in self._frames:
            self._frames[key] = super()._prepared(query, **options)
        frame = self._frames[key]
        size = len(frame)
        error = self._generator.uniform(0.005, 0.05, size)
        truth = np.full(size, TRUTH)
        if self._plant is not None:
            truth = truth + self._plant(frame).to_numpy() * error
        seen = truth + self._generator.normal(size=size) * error
        return frame.with_columns(
            pl.Series("value", seen),
            pl.Series("below", error),
            pl.Series("above", error),
            pl.lit(1, dtype=pl.Int8()).alias("quality"),
            pl.lit(None, dtype=pl.String()).alias("refusal"),
        )

    @property
    def context(self):
        return super().context.with_columns(pl.lit(TRUTH).alias("median"), pl.lit(99).alias("places"))


def families(world: World) -> dict[str, pl.DataFrame]:
    """Return the tested candidates of every place by family."""
    numbers = world.numbers()
    gaps = with_strength(find_gaps(world, numbers))
    standings = find_standings(world)
    return {
        "gap": gaps,
        "change": with_strength(find_changes(world, numbers)),
        "standing": with_strength(standings),
        "relation": with_strength(find_relations(standings)),
        "pattern": find_patterns(world, gaps),
    }
