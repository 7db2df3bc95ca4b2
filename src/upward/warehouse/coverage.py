"""Which areas a file lacks that the population tables have: a lost leading zero can cost nine states."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from upward.warehouse.problems import ProblemLog

#: A file that covers less than this part of the areas is a table of some places, and lacks nothing.
_WHOLE_TABLE = 0.5
_LISTED_AREAS = 12
_STATE_FACTOR = {"county": 1_000, "place": 100_000}


class AreaFrame:
    """The areas of the population tables with the years in which they exist."""

    def __init__(self, populations: list[pl.DataFrame]) -> None:
        self._spans: dict[str, dict[int, tuple[int, int]]] = {"county": {}, "place": {}}
        if populations:
            frame = pl.concat(populations).select("geo_level", "geo_id", year=pl.col("period").cast(pl.Int32))
            spans = frame.group_by("geo_level", "geo_id").agg(
                first=pl.col("year").min(), last=pl.col("year").max()
            )
            for level, code, first, last in spans.rows():
                self._spans[level][int(code)] = (first, last)

    def codes(self, level: str) -> frozenset[int]:
        """Return the codes of a level, empty if there is no population table for it."""
        return frozenset(self._spans[level])

    def report_missing(self, file: str, level: str, frame: pl.DataFrame, log: ProblemLog) -> None:
        """Report areas that should have a row in a year of a file and have none.

        `frame` has columns geo and period; without periods every area of the tables is expected once.
        """
        missing: dict[frozenset[int], list[int]] = {}
        for year, present in self._present(frame):
            expected = self._expected(level, year)
            lacking = expected - present
            if lacking and len(expected - lacking) >= _WHOLE_TABLE * len(expected):
                missing.setdefault(frozenset(lacking), []).append(year)
        for areas, years in missing.items():
            self._report(file, level, areas, [year for year in years if year], log)

    @staticmethod
    def _present(frame: pl.DataFrame) -> list[tuple[int, set[int]]]:
        grouped = (
            frame.select(pl.col("period").fill_null(0).cast(pl.Int32), "geo").unique().group_by("period")
        )
        return sorted((year, set(codes)) for year, codes in grouped.agg("geo").rows())

    def _expected(self, level: str, year: int) -> set[int]:
        """Return the areas that exist in a year; all of them for year 0, which stands for no year."""
        spans: Mapping[int, tuple[int, int]] = self._spans[level]
        return {geo for geo, (first, last) in spans.items() if not year or first <= year <= last}

    def _report(
        self, file: str, level: str, areas: frozenset[int], years: list[int], log: ProblemLog
    ) -> None:
        factor = _STATE_FACTOR[level]
        states = {geo // factor for geo in areas}
        whole = {state for state in states if self._of_state(level, state) <= areas}
        when = f" in {', '.join(map(str, years))}" if years else ""
        if whole:
            listed = " ".join(f"{state:02d}" for state in sorted(whole))
            message = f"No row for any area of these states{when}; were leading zeros lost?"
            log.add(file, "doubtful", "states-missing", message, value=listed, rows=0)
        width = len(str(factor)) + 1
        shown = " ".join(f"{geo:0{width}d}" for geo in sorted(areas)[:_LISTED_AREAS])
        counted = "one area" if len(areas) == 1 else f"{len(areas)} areas"
        message = f"No row for {counted} of the population tables{when}."
        log.add(file, "doubtful", "areas-missing", message, value=shown, rows=0)

    def _of_state(self, level: str, state: int) -> set[int]:
        return {geo for geo in self._spans[level] if geo // _STATE_FACTOR[level] == state}
