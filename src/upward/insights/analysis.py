"""A release with everything that may be said about it: what `upward.open_release()` returns.

>>> import upward
>>> release = upward.open_release()                # doctest: +SKIP
>>> for finding in release.findings("29019")[:3]:  # doctest: +SKIP
...     print(finding.mark, finding.statement)

What belongs here: the questions that analysts ask, answered by the rest of the room.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import polars as pl

from upward.insights.evidence import Evidence
from upward.insights.findings import Finding
from upward.insights.peers import Peer
from upward.insights.representation import Body, Representation, read_body, represent
from upward.insights.rules.caution import find_cautions
from upward.insights.survey import survey
from upward.insights.target_input import find_variable, parse_value
from upward.insights.targets import TargetTest, gap_target_for, target_for
from upward.insights.wording import words_in_force
from upward.insights.writer import Writer
from upward.warehouse.places import Place
from upward.warehouse.read import Release, ResultRow, rows_in
from upward.warehouse.read import open_release as open_bare_release


class Analysis(Release):
    """A release, opened for reading and for questions."""

    @classmethod
    def of(cls, release: Release) -> Analysis:
        """Return the same release with the questions of this class."""
        return cls(release.folder, release.manifest, release.catalog)

    @cached_property
    def evidence(self) -> Evidence:
        """The release's numbers as the rules need them."""
        return Evidence(self)

    def peers(
        self,
        place: str | Place,
        *,
        count: int | None = None,
        metric: str | None = None,
        add: Sequence[str | Place] = (),
        drop: Sequence[str | Place] = (),
    ) -> list[Peer]:
        """Return the places most like a place, nearest first, each with the parts of its distance.

        `metric` leaves out the part that is this metric itself; `add` and `drop` adjust the proposal. Raises
        NotFoundError for an unknown place, UsageError for a peer of another level.
        """
        found = self._placed(place)
        return self.evidence.peer_finder(found.geo_level).peers(
            found,
            count=count,
            metric=metric,
            add=[self._placed(item) for item in add],
            drop=[self._placed(item) for item in drop],
        )

    def findings(self, place: str | Place) -> list[Finding]:
        """Return what the numbers of a place say, the clear and large first, cautions last, in the language
        in force.

        Raises NotFoundError for a place that is not in the release.
        """
        found = self._placed(place)
        rows = self.place_rows(found)
        return self._written(found, rows, survey(self.evidence, [found]))

    def target(
        self, place: str | Place, metric: str, *, to: float | str, by: int, group: str | None = None
    ) -> TargetTest:
        """Return what can be said of a target: honesty, detectability, people, and what the data cannot
        answer.

        `metric` is a variable, or a metric of one variable; `to` a stored value (0.85) or text (“85%”).
        Raises NotFoundError for what is not published, RefusedError for a wrong direction or a past year.
        """
        words, found = words_in_force(), self._placed(place)
        if isinstance(to, str):
            to = parse_value(to, find_variable(self.evidence, metric, found.geo_level), words)
        return target_for(self.evidence, words, found, metric, to=to, by=by, group=group)

    def gap_target(
        self, place: str | Place, metric: str, *, group: str, against: str, close: float, by: int
    ) -> TargetTest:
        """Return what can be said of the target that the gap of `group` to `against` closes by a share
        (0–1).
        """
        return gap_target_for(
            self.evidence,
            words_in_force(),
            self._placed(place),
            metric,
            group=group,
            against=against,
            close=close,
            by=by,
        )

    def representation(self, place: str | Place, officials: Path | str | Body) -> Representation:
        """Return the full metric of descriptive representation from a file of officials, or a body read
        before.

        Raises DataError, listing every problem of the file.
        """
        body = officials if isinstance(officials, Body) else read_body(Path(officials))
        return represent(self, words_in_force(), self._placed(place), body)

    def findings_table(self, places: Sequence[Place] | None = None) -> pl.DataFrame:
        """Return every finding but the cautions of some places, or of all, without words: one row each.

        Columns as `insights.survey.survey` gives them.
        """
        return survey(self.evidence, places)

    def findings_by_place(
        self, levels: Sequence[str] = ("county", "place"), *, tested_only: bool = False
    ) -> Iterator[tuple[Place, list[ResultRow], list[Finding]]]:
        """Yield every place of the levels with its current rows and findings: the way to write a whole site.

        All places are surveyed at once; former areas come with an empty list. `tested_only` leaves out bare
        figures, more than half of all: what a site with thousands of pages can spare.
        """
        table = self.findings_table()
        if tested_only:
            table = table.filter(pl.col("p").is_not_null())
        keys = table.select("geo_level", "geo_id").with_row_index("at")
        spans: dict[tuple[str, str], tuple[int, int]] = {
            (level, code): (first, length)
            for level, code, first, length in keys.group_by("geo_level", "geo_id")
            .agg(pl.col("at").min(), pl.len())
            .iter_rows()
        }
        for place, rows in self.rows_by_place(levels):
            span = spans.get((place.geo_level, place.geo_id))
            part = table.slice(*span) if span else table.head(0)
            yield place, rows, self._written(place, rows, part) if place.current else []

    def _placed(self, place: str | Place) -> Place:
        return place if isinstance(place, Place) else self.place(place)

    def _written(self, place: Place, rows: Sequence[ResultRow], table: pl.DataFrame) -> list[Finding]:
        words = words_in_force()
        writer = Writer(self.evidence, words, place, rows, self.overall_rows)
        written = [writer.write(candidate) for candidate in table.iter_rows(named=True)]
        return [*written, *find_cautions(words, place, rows)]

    @cached_property
    def overall_rows(self) -> Mapping[str, Mapping[str, ResultRow]]:
        """The newest overall row with a value of every place, by variable and code, read when asked for."""
        return _OverallRows(self)


class _OverallRows(Mapping[str, Mapping[str, ResultRow]]):
    """The newest overall row of every place, by variable and code: the numbers are read at once, the rows of a variable
    are made when asked for.
    """

    def __init__(self, release: Release) -> None:
        self._release = release
        self._made: dict[str, dict[str, ResultRow]] = {}

    @cached_property
    def _numbers(self) -> dict[str, pl.DataFrame]:
        parts = self._release.newest_overall().partition_by("variable", as_dict=True)
        return {str(variable): part for (variable,), part in parts.items()}

    def __getitem__(self, variable: str) -> dict[str, ResultRow]:
        if variable not in self._made:
            if variable not in self._release.catalog.variables:
                raise KeyError(variable)
            part = self._numbers.get(variable)
            rows = rows_in(part) if part is not None else ()
            self._made[variable] = {row.geo_id: row for row in rows}
        return self._made[variable]

    def __iter__(self) -> Iterator[str]:
        return iter(self._release.catalog.variables)

    def __len__(self) -> int:
        return len(self._release.catalog.variables)


def open_release(home: Path | str | None = None, release_id: str | None = None) -> Analysis:
    """Return the current release of a home folder, or the one with this id, with the questions it can answer.

    Raises DataError with advice where there is none or it cannot be read, NotFoundError for an unknown id.
    """
    return Analysis.of(open_bare_release(home, release_id))
