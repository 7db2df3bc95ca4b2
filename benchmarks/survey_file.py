"""An invented file of survey records in the shape of the American Community Survey's, and its crosswalk.

2,252 survey areas, 3,143 counties and 486 cities through 6,250 pairs; 81 whole weights a record, whose
replicates vary as successive differences do; heaped incomes; rows of a state in no order.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

COUNTIES, CITIES, REPLICATES = 3143, 486, 80
PEOPLE = 333e6
SEED = 20261123
BLOCKS = 51
WEIGHTS = ["PWGTP", *(f"PWGTP{number}" for number in range(1, REPLICATES + 1))]


def write_survey(folder: Path, records: int) -> tuple[Path, Path]:
    """Return the file of records and the crosswalk in a folder, written first where they are not there."""
    source, crosswalk = folder / "records.parquet", folder / "crosswalk.csv"
    if source.is_file() and crosswalk.is_file():
        return source, crosswalk
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(SEED)
    people = _areas(random, crosswalk)
    parts = []
    counts = np.maximum(30, np.round(records * people / people.sum())).astype(int)
    for number, areas in enumerate(np.array_split(np.arange(len(people)), BLOCKS)):
        part = folder / f"part-{number:02d}.parquet"
        _block(random, areas, counts[areas], PEOPLE / records).write_parquet(part, compression="zstd")
        parts.append(part)
    pl.scan_parquet(parts).sink_parquet(source, compression="zstd", row_group_size=131_072)
    for part in parts:
        part.unlink()
    return source, crosswalk


def _areas(random: np.random.Generator, crosswalk: Path) -> np.ndarray:
    """Write the crosswalk and return the people of each survey area."""
    people = np.exp(random.normal(10.25, 1.45, COUNTIES))
    people = np.maximum(people * PEOPLE / people.sum(), 300)
    pairs: list[tuple[int, str, float]] = []
    areas: list[float] = []
    pool: list[int] = []
    for county in random.permutation(COUNTIES):
        if people[county] >= 100_000:
            count = max(1, int(people[county] // 135_000))
            for _part in range(count):
                pairs.append((len(areas), f"{county:05d}", people[county] / count))
                areas.append(people[county] / count)
            continue
        pool.append(county)
        if people[pool].sum() >= 110_000:
            pairs += [(len(areas), f"{one:05d}", people[one]) for one in pool]
            areas.append(people[pool].sum())
            pool = []
    if pool:
        pairs += [(len(areas), f"{one:05d}", people[one]) for one in pool]
        areas.append(people[pool].sum())
    for area in random.choice(len(areas), int(0.12 * len(areas)), replace=False):
        neighbour = f"{random.integers(COUNTIES):05d}"
        pairs.append((int(area), neighbour, areas[area] * random.uniform(0.02, 0.3)))
    frame = pl.DataFrame(pairs, schema=["puma", "area", "people"], orient="row")
    frame = frame.group_by("puma", "area").agg(pl.col("people").sum())
    frame = frame.select("puma", "area", afact=pl.col("people") / pl.col("people").sum().over("puma"))
    pl.concat([frame, _cities(random, len(areas))]).sort("area", "puma").write_csv(crosswalk)
    return np.array(areas)


def _cities(random: np.random.Generator, areas: int) -> pl.DataFrame:
    rows = []
    for city in range(CITIES):
        count = int(min(60, max(1, random.pareto(1.1) + 1)))
        first = int(random.integers(0, areas - count))
        for area in range(first, first + count):
            share = 1.0 if random.random() < 0.4 else float(random.uniform(0.05, 1))
            rows.append((area, f"9{city:06d}", share))
    return pl.DataFrame(rows, schema=["puma", "area", "afact"], orient="row")


def _block(random: np.random.Generator, areas: np.ndarray, counts: np.ndarray, mean: float) -> pl.DataFrame:
    """Return the records of one state."""
    n = int(counts.sum())
    puma = np.repeat(areas, counts).astype(np.int16)
    random.shuffle(puma)
    race = random.choice(4, n, p=[0.59, 0.12, 0.19, 0.10]).astype(np.int8)
    income = np.exp(
        random.normal(10.9 + 0.25 * np.sin(puma * 0.7) + np.array([0.1, -0.3, -0.2, 0.15])[race], 0.85)
    )
    income = np.where(random.random(n) < 0.6, np.round(income, -3), np.round(income, -1))
    income = np.where(random.random(n) < 0.01, 0, np.minimum(income, 2_000_000)).astype(np.int32)
    base = np.maximum(1, random.gamma(2.2, mean / 2.2, n))
    rows = _orthogonal(128)[:, 1 : REPLICATES + 1]
    factor = 1 + (rows[random.integers(0, 128, n)] - rows[random.integers(0, 128, n)]) * np.float32(0.3535)
    factor *= random.normal(1, 0.03, (n, REPLICATES)).astype(np.float32)
    replicates = np.minimum(32_000, np.round(base[:, None] * factor)).astype(np.int16)

    def some(share: float) -> np.ndarray:
        return (random.random(n) < share).astype(np.int8)

    return pl.DataFrame(
        {
            "PUMA": puma, "RACE": race, "SEX": some(0.51), "DIS": some(0.13), "TEN": some(0.35),
            "INCG": np.digitize(income, [35_000, 90_000]).astype(np.int8),
            "AGE": random.integers(0, 95, n).astype(np.int8), "HINCP": income, "EMP": some(0.75),
            "POV": (income < 25_000).astype(np.int8), "BURDEN": some(0.32), "COLL": some(0.35),
            "HOURS": random.integers(0, 80, n).astype(np.int8),
            "PWGTP": np.minimum(32_000, np.round(base)).astype(np.int16),
            **{name: replicates[:, at] for at, name in enumerate(WEIGHTS[1:])},
        }
    )  # fmt: skip


def _orthogonal(size: int) -> np.ndarray:
    """Return Sylvester's matrix of ±1 with orthogonal rows."""
    rows = np.ones((1, 1), np.float32)
    while len(rows) < size:
        rows = np.block([[rows, rows], [rows, -rows]])
    return rows
