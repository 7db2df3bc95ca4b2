"""Reading a release: numbers of one place, one number of all places, context, places.

What belongs here: queries over the files of one finished release, and nothing that writes. What does not:
making releases (`release.py`), wording and drawing (`present`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from itertools import chain, repeat
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from upward.base.errors import DataError, NotFoundError
from upward.base.ids import GeoLevel
from upward.catalog.load import load_catalog
from upward.catalog.model import Catalog
from upward.warehouse.home import home_folder, releases_folder
from upward.warehouse.places import PLACE_FIELDS, Place, PlaceFinder
from upward.warehouse.release import current_release_id, list_releases
from upward.warehouse.release_files import read_manifest
from upward.warehouse.schema import CONTEXT_COLUMNS

ALL_RELEASES = "all"
HALF = 0.5
#: Rows read at once when every place is streamed: a few hundred places, some hundred MB at most.
_ROWS_AT_ONCE = 200_000


class ResultRow(NamedTuple):
    """One number, with the fields of `RESULT_COLUMNS`; immutable."""

    metric: str
    variable: str
    edition: str
    geo_level: str
    geo_id: str
    geo_vintage: str | None
    period: str
    group_type: str
    group: str
    value: float | None
    lower: float | None
    upper: float | None
    se: float | None
    confidence: float | None
    n: float | None
    population: float | None
    quality: int | None
    status: str
    reason: str | None
    method: str | None
    source: str | None
    source_release: str
    source_file: str
    numerator: float | None
    denominator: float | None
    published_value: str | None
    published_quality: int | None
    flags: str | None
    current: bool


class ContextRow(NamedTuple):
    """One number in the nation or a state, with the fields of `CONTEXT_COLUMNS`; immutable."""

    variable: str
    edition: str
    source_release: str
    period: str
    group_type: str
    group: str
    geo_level: str
    scope: str
    median: float | None
    p05: float | None
    p95: float | None
    places: int
    places_total: int
    population_share: float | None
    weak_share: float | None
    published_median: float | None
    usable: bool


ContextKey = tuple[str, str, str, str, str, str, str]


class ContextIndex:
    """Context rows by what they describe; the nation or a state is read when it is first asked for."""

    def __init__(self, path: Path, populations: Path) -> None:
        """Remember the files of the context and of the residents of places; nothing is read yet."""
        self._frame = pl.scan_parquet(path)
        self._populations = populations
        self._scopes: dict[str, dict[ContextKey, ContextRow]] = {}

    def get(
        self,
        variable: str,
        edition: str,
        source_release: str,
        period: str,
        group_type: str,
        group: str,
        geo_level: str,
        scope: str,
    ) -> ContextRow | None:
        """Return the row of exactly this number and scope ("US" or a two-digit state code), or None."""
        rows = self._scopes.get(scope)
        if rows is None:
            rows = self._scopes[scope] = self._read(scope)
        return rows.get((variable, edition, source_release, period, group_type, group, geo_level))

    def outweighs_its_state(self, geo_level: str, geo_id: str) -> bool:
        """Tell whether more than half of the residents of a state's places of this level live in this one.

        The middle of its state is then its own value: a comparison of the place with itself.
        """
        return self.share_of_state(geo_level, geo_id) > HALF

    def share_of_state(self, geo_level: str, geo_id: str) -> float:
        """Return which part of the residents of a state's places of this level live in this one; 0 where unknown."""
        return self._shares.get((geo_level, geo_id), 0.0)

    @cached_property
    def _shares(self) -> dict[tuple[str, str], float]:
        state = pl.col("geo_id").str.slice(0, 2)
        residents = (
            pl.scan_parquet(self._populations)
            .filter(pl.col("population").is_not_null())
            .filter(pl.col("period") == pl.col("period").max().over("geo_level"))
            .with_columns(
                (pl.col("population") / pl.col("population").sum().over("geo_level", state)).alias("share")
            )
        )
        rows = residents.select("geo_level", "geo_id", "share").collect().iter_rows()
        return {(level, code): share for level, code, share in rows}

    def _read(self, scope: str) -> dict[ContextKey, ContextRow]:
        frame = self._frame.filter(pl.col("scope") == scope).select(list(CONTEXT_COLUMNS)).collect()
        return {row[:7]: ContextRow._make(row) for row in frame.rows()}


class Release:
    """One finished release, opened for reading; it never changes, so everything read from it may be kept."""

    def __init__(self, folder: Path, manifest: dict[str, Any], catalog: Catalog) -> None:
        """Hold what `open_release` found; use that function instead."""
        self.folder = folder
        self.manifest = manifest
        self.catalog = catalog
        self.id: str = manifest["id"]
        self.sample: bool = manifest["sample"]
        self._results = pl.scan_parquet(folder / "results.parquet")
        self._by_variable = pl.scan_parquet(folder / "by_variable.parquet")

    def place(self, text: str) -> Place:
        """Return the place that a code or name means; raise NotFoundError with candidates otherwise."""
        return self._finder.find(text)

    def places(self, text: str, limit: int = 20) -> pl.DataFrame:
        """Return matching places, best first: the columns of `PLACE_COLUMNS` and `score` (0 to 100)."""
        found = self._finder.search(text, limit=limit)
        order = pl.DataFrame(
            {
                "geo_level": [place.geo_level for place, _score in found],
                "geo_id": [place.geo_id for place, _score in found],
                "score": [score for _place, score in found],
            },
            schema={"geo_level": pl.String(), "geo_id": pl.String(), "score": pl.Float64()},
        )
        joined = order.join(self.places_frame, on=["geo_level", "geo_id"], how="left", maintain_order="left")
        return joined.select([*PLACE_FIELDS, "score"])

    def all_places(self, level: str | None = None, current: bool = True) -> tuple[Place, ...]:
        """Return all places in the order of their codes; `current=False` adds former areas."""
        return tuple(
            place
            for place in self._places
            if (level is None or place.geo_level == level) and (place.current or not current)
        )

    def metrics(
        self,
        place: str | Place,
        *,
        metric: str | None = None,
        year: str | int | None = None,
        group_type: str | None = None,
        edition: str | None = None,
        source_release: str | None = None,
    ) -> pl.DataFrame:
        """Return numbers of one place as result rows.

        By default each number comes from the newest vintage that holds it and each variable from the newest
        edition that has it. `metric` is the id of a metric or of a variable; `source_release` is the id of a
        vintage, or "all" for every vintage and edition. Raises NotFoundError for a place that is not in the
        release.
        """
        found = place if isinstance(place, Place) else self.place(place)
        query = self._results.filter(pl.col("geo_level") == found.geo_level, pl.col("geo_id") == found.geo_id)
        if metric is not None:
            query = query.filter((pl.col("metric") == metric) | (pl.col("variable") == metric))
        return _selected(query, year, group_type, edition, source_release).collect()

    def metric(
        self,
        variable: str,
        *,
        year: str | int | None = None,
        group_type: str | None = None,
        group: str | None = None,
        geo_level: str | None = None,
        edition: str | None = None,
        source_release: str | None = None,
    ) -> pl.DataFrame:
        """Return one variable's numbers for all places, by default chosen as `metrics` does.

        Raises NotFoundError where no variable has this id; for a metric's id, its variables are the
        candidates.
        """
        self._check_variable(variable)
        query = self._by_variable.filter(pl.col("variable") == variable)
        if geo_level is not None:
            query = query.filter(pl.col("geo_level") == geo_level)
        if group is not None:
            query = query.filter(pl.col("group") == group)
        return _selected(query, year, group_type, edition, source_release).collect()

    def newest_overall(self) -> pl.DataFrame:
        """Return the overall numbers of every variable, level and place in the newest period of the newest edition,
        with a value, in the order of variables: what `metric` gives of each, read at once.
        """
        current = self._by_variable.filter(pl.col("current"), pl.col("value").is_not_null())
        editions = current.group_by("variable", "geo_level").agg(pl.col("edition").max())
        keys = ["variable", "geo_level", "edition"]
        newest = pl.col("period") == pl.col("period").max().over("variable", "geo_level")
        return (
            current.filter(pl.col("group_type") == "all")
            .join(editions, on=keys, how="semi", maintain_order="left")
            .filter(newest)
            .collect()
        )

    def place_rows(self, place: str | Place) -> list[ResultRow]:
        """Return the current numbers of one place in every edition, by metric, variable, group, period."""
        found = place if isinstance(place, Place) else self.place(place)
        query = self._results.filter(
            pl.col("geo_level") == found.geo_level, pl.col("geo_id") == found.geo_id, pl.col("current")
        )
        return list(map(_make_row, query.collect().rows()))

    def rows_by_place(
        self, levels: Iterable[str] = (GeoLevel.COUNTY, GeoLevel.PLACE)
    ) -> Iterator[tuple[Place, list[ResultRow]]]:
        """Yield every place of the levels, former areas too, with its current numbers, in the order of the
        file.

        The file is read a few hundred places at a time; a place without a number is yielded with an empty
        list.
        """
        by_id = {(place.geo_level, place.geo_id): place for place in self._places}
        wanted = {str(level) for level in levels}
        remaining = {key: place for key, place in by_id.items() if place.geo_level in wanted}
        for first, rows in self._batches(wanted):
            frame = self._results.slice(first, rows).filter(pl.col("current")).collect()
            yield from _places_in(frame, remaining)
        for place in remaining.values():
            yield place, []

    def rows_of(self, places: Sequence[Place]) -> Iterator[tuple[Place, list[ResultRow]]]:
        """Yield each of some places with its current numbers in every edition; they are read together."""
        remaining = {(place.geo_level, place.geo_id): place for place in places}
        if not remaining:
            return
        codes = sorted(code for _level, code in remaining)
        query = self._results.filter(
            # What lies beyond these codes is not even read.
            pl.col("geo_id").is_between(pl.lit(codes[0]), pl.lit(codes[-1])),
            pl.col("geo_level").is_in(sorted({level for level, _code in remaining})),
            pl.col("geo_id").is_in(codes),
            pl.col("current"),
        )
        yield from _places_in(query.collect(), remaining)
        for place in list(remaining.values()):
            yield place, []

    def all_populations(self) -> dict[tuple[str, str], list[tuple[str, float]]]:
        """Return the population by year of every place, oldest first, by level and code."""
        found: dict[tuple[str, str], list[tuple[str, float]]] = {}
        frame = pl.read_parquet(self.folder / "populations.parquet").sort("period")
        known = frame.filter(pl.col("population").is_not_null())
        for level, code, period, residents in known.select(
            "geo_level", "geo_id", "period", "population"
        ).iter_rows():
            found.setdefault((level, code), []).append((period, residents))
        return found

    def context(self) -> ContextIndex:
        """Return the context of the nation and the states, read scope by scope on demand."""
        return self._context

    def populations(self, place: str | Place) -> list[tuple[str, float]]:
        """Return a place's population by year, oldest first."""
        found = place if isinstance(place, Place) else self.place(place)
        query = pl.scan_parquet(self.folder / "populations.parquet").filter(
            pl.col("geo_level") == found.geo_level,
            pl.col("geo_id") == found.geo_id,
            pl.col("population").is_not_null(),
        )
        return list(query.select("period", "population").sort("period").collect().iter_rows())

    def problems(self, file: str | None = None) -> pl.DataFrame:
        """Return the problems of the input, of all files or of those with this text in their path."""
        query = pl.scan_parquet(self.folder / "problems.parquet")
        if file is not None:
            query = query.filter(pl.col("file").str.contains(file, literal=True))
        return query.collect()

    @cached_property
    def places_frame(self) -> pl.DataFrame:
        """The table of places, with the columns of `PLACE_COLUMNS`."""
        return pl.read_parquet(self.folder / "places.parquet")

    @cached_property
    def _places(self) -> tuple[Place, ...]:
        return tuple(Place(*row) for row in self.places_frame.select(PLACE_FIELDS).iter_rows())

    @cached_property
    def _finder(self) -> PlaceFinder:
        return PlaceFinder(self._places)

    @cached_property
    def _context(self) -> ContextIndex:
        return ContextIndex(self.folder / "context.parquet", self.folder / "populations.parquet")

    def _batches(self, levels: set[str]) -> list[tuple[int, int]]:
        """Return (first row, rows) of runs of whole places."""
        counts = (
            self._results.select("geo_level", "geo_id")
            .with_row_index("row")
            .group_by("geo_level", "geo_id", maintain_order=True)
            .agg(pl.col("row").first(), pl.len().alias("rows"))
            .filter(pl.col("geo_level").is_in(list(levels)))
            .collect()
        )
        batches: list[tuple[int, int]] = []
        for first, rows in counts.select("row", "rows").iter_rows():
            last_first, last_rows = batches[-1] if batches else (0, 0)
            joins = batches and last_first + last_rows == first and last_rows + rows <= _ROWS_AT_ONCE
            if joins:
                batches[-1] = (last_first, last_rows + rows)
            else:
                batches.append((first, rows))
        return batches

    def _check_variable(self, variable: str) -> None:
        if variable in self.catalog.variables:
            return
        metric = self.catalog.metrics.get(variable)
        names = tuple(found.id for found in metric.variables) if metric else ()
        raise NotFoundError(
            f"“{variable}” is a metric of several variables."
            if metric
            else f"There is no variable “{variable}”.",
            advice="Name one of its variables." if metric else "See the list of metrics in the reference.",
            candidates=names,
        )


def open_release(home: Path | str | None = None, release_id: str | None = None) -> Release:
    """Return the current release of a home folder, or the one with this id.

    Raises DataError with advice where there is none or it cannot be read, NotFoundError for an unknown id.
    """
    chosen = release_id or current_release_id(home)
    if chosen is None:
        raise DataError(
            f"There is no release in {home_folder(home)}.",
            advice="Build one: upward data build --from DIR, or see sample data: upward demo.",
        )
    folder = releases_folder(home) / chosen
    if not folder.is_dir():
        raise NotFoundError(
            f"There is no release “{chosen}” in {home_folder(home)}.",
            advice="See upward data list.",
            candidates=tuple(info.id for info in list_releases(home)),
        )
    return Release(folder, read_manifest(folder), load_catalog())


def _selected(
    query: pl.LazyFrame,
    year: str | int | None,
    group_type: str | None,
    edition: str | None,
    source_release: str | None,
) -> pl.LazyFrame:
    if source_release is None:
        query = query.filter(pl.col("current"))
    elif source_release != ALL_RELEASES:
        query = query.filter(pl.col("source_release") == source_release)
    if edition is not None:
        query = query.filter(pl.col("edition") == edition)
    elif source_release is None:
        query = query.filter(pl.col("edition") == pl.col("edition").max().over("variable", "geo_level"))
    if year is not None:
        query = query.filter(pl.col("period") == str(year))
    if group_type is not None:
        query = query.filter(pl.col("group_type") == group_type)
    return query


def _places_in(
    frame: pl.DataFrame, remaining: dict[tuple[str, str], Place]
) -> Iterator[tuple[Place, list[ResultRow]]]:
    """Yield the places of a frame that is ordered by place, taking each from `remaining`."""
    counts = frame.group_by("geo_level", "geo_id", maintain_order=True).len()
    columns = [_values_of(column) for column in frame.iter_columns()]
    first = 0
    for level, code, count in counts.iter_rows():
        place = remaining.pop((level, code), None)
        if place is not None:
            parts = (column[first : first + count] for column in columns)
            yield place, list(map(_make_row, zip(*parts, strict=True)))
        first += count


def rows_in(frame: pl.DataFrame) -> list[ResultRow]:
    """Return the rows of a frame that has the columns of a result row; by columns, three times faster than by rows."""
    return list(map(_make_row, zip(*map(_values_of, frame.iter_columns()), strict=True)))


#: What `ResultRow._make` does, without its check of the length: the columns are as many as the fields.
_make_row: Callable[[Iterable[Any]], ResultRow] = partial(tuple.__new__, ResultRow)


def _values_of(column: pl.Series) -> list[Any]:
    """Return the values of a column; equal texts are one object, which is faster to make and to compare."""
    if column.dtype != pl.String():
        return column.to_list()
    runs = column.rle().struct.unnest()
    if len(runs) > len(column) // 2:
        texts = column.to_list()
        known: dict[str | None, str | None] = {}
        return list(map(known.setdefault, texts, texts))
    return list(chain.from_iterable(map(repeat, runs["value"].to_list(), runs["len"].to_list())))
