"""Generated surveys and specifications: small, and full of what real files hold.

Missing values and codes, ties, negative and zero replicate weights, records without weight, groups of one
record, areas that belong to several targets, areas that are in no crosswalk.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from upward.engine.design import Design, design_by_scale
from upward.engine.specification import (
    AnyOf,
    Between,
    Categories,
    Condition,
    Estimate,
    Every,
    Geography,
    Missing,
    Not,
    OneOf,
    Product,
    Specification,
)

AREAS = ("00101", "00102", "00203", "10000")
TARGETS = (
    ("north", (("101", 1.0), ("102", 0.25))),
    ("north again", (("101", 0.5), ("102", 0.125))),
    ("south", (("102", 0.75), ("203", 1.0))),
    ("tiny", (("203", 0.01),)),
    ("elsewhere", (("999", 1.0),)),
)
GROUPINGS = (
    (),
    ("AREA",),
    ("SEX",),
    ("AREA", "SEX"),
    ("SEX", "AREA"),
    ("band", "SEX"),
    ("AREA", "band", "RACE"),
)


@dataclass(frozen=True)
class Case:
    """A file and what is asked of it."""

    specification: Specification
    source: Path


def make_case(seed: int, folder: Path, *, replicates: int = 80, quantiles: bool = True) -> Case:
    """Return the case of a seed; the same seed gives the same case."""
    random = np.random.default_rng(seed)
    records = int(random.choice([0, 1, 7, 60, 300]))
    frame = survey(random, records, replicates)
    ending = random.choice([".csv", ".csv.gz", ".parquet"])
    source = folder / f"survey-{seed}-{replicates}{ending}"
    write(frame, source)
    return Case(specification(random, replicates, quantiles=quantiles), source)


def write(frame: pl.DataFrame, source: Path) -> None:
    """Write records in the form that the name says."""
    if source.suffix == ".parquet":
        frame.write_parquet(source)
    elif source.name.endswith(".gz"):
        import gzip

        source.write_bytes(gzip.compress(frame.write_csv().encode()))
    else:
        frame.write_csv(source)


def survey(random: np.random.Generator, records: int, replicates: int) -> pl.DataFrame:
    """Return invented records with a full weight and replicates."""
    full = random.integers(0, 120, records)
    full[random.random(records) < 0.1] = 0
    factor = 1 + random.choice([-0.7, 0.0, 0.0, 0.7], (records, replicates))
    weights = np.round(full[:, None] * factor).astype(np.int64)
    weights[random.random((records, replicates)) < 0.03] *= -1
    weights[full == 0] = 0
    if random.random() < 0.3:
        weights = weights * 1.25
    heaped = np.round(random.lognormal(10, 1, records), -3)
    return pl.DataFrame(
        {
            "AREA": gaps(random, random.choice(AREAS, records).tolist(), 0.05),
            "SEX": gaps(random, random.integers(1, 3, records).tolist(), 0.05),
            "RACE": gaps(random, random.choice(["a", "b c", "d,e", "é"], records).tolist(), 0.1),
            "AGE": random.integers(0, 95, records),
            "WORK": gaps(random, random.integers(0, 6, records).tolist(), 0.2),
            "PAY": gaps(random, heaped.tolist(), 0.15),
            "COST": gaps(random, (random.integers(-50, 5000, records) / 8).tolist(), 0.1),
            "W": full,
            **{f"W{at + 1}": weights[:, at] for at in range(replicates)},
        },
        schema_overrides={"AREA": pl.String, "SEX": pl.Int64, "RACE": pl.String, "WORK": pl.Int64,
                          "PAY": pl.Float64, "COST": pl.Float64},
    )  # fmt: skip


def gaps(random: np.random.Generator, values: list, share: float) -> list:
    """Return the values with some of them missing."""
    return [None if random.random() < share else value for value in values]


def design(random: np.random.Generator, replicates: int) -> Design:
    names = [f"W{at + 1}" for at in range(replicates)]
    rscales = random.choice([0.0, 0.5, 1.0, 2.0], replicates).tolist() if random.random() < 0.3 else [1.0]
    return design_by_scale("W", names, scale=4 / replicates, rscales=rscales,
                           centred_on_estimate=bool(random.random() < 0.7))  # fmt: skip


def specification(random: np.random.Generator, replicates: int, *, quantiles: bool) -> Specification:
    chosen = random.permutation(len(GROUPINGS))[: random.integers(1, 4)]
    by = tuple(GROUPINGS[at] for at in chosen)
    geography = None
    if random.random() < 0.5:
        geography = Geography((("AREA", "AREA"),), (), "place", areas=TARGETS)
    return Specification(
        design(random, replicates),
        estimates(random, quantiles=quantiles),
        by,
        condition(random, 2) if random.random() < 0.5 else None,
        (
            Categories(
                "band", (("low", Between("PAY", None, 20000)), ("high", Between("PAY", 40000, None))), "mid"
            ),
            Product("spent", ("COST", "WORK"), 0.5),
        ),
        geography,
        missing=("", "NA"),
    )


def estimates(random: np.random.Generator, *, quantiles: bool) -> tuple[Estimate, ...]:
    def maybe() -> Condition | None:
        return condition(random, 1) if random.random() < 0.4 else None

    found = [
        Estimate("people", "total", universe=maybe()),
        Estimate("some", "total", where=condition(random, 2), universe=maybe()),
        Estimate("bill", "total", of="spent"),
        Estimate("pay", "mean", of="PAY", universe=maybe()),
        Estimate("share", "share", where=condition(random, 2), universe=maybe()),
        Estimate("odds", "share", where=condition(random, 1), interval="logit"),
        Estimate("angle", "share", where=condition(random, 1), interval="asin"),
        Estimate("level", "coefficient", of="PAY", on=("AGE", "COST"), universe=maybe()),
        Estimate("slope", "coefficient", of="WORK", on=("AGE",), term="AGE"),
        Estimate("ratio", "ratio", numerator="COST", denominator="PAY", universe=maybe()),
    ]
    if quantiles:
        at = tuple(np.round(random.random(2) * 0.98 + 0.01, 2).tolist())
        found += [
            Estimate("middle", "quantile", of="PAY", at=(0.2, 0.5, 0.8), universe=maybe()),
            Estimate("spent at", "quantile", of="spent", at=tuple(dict.fromkeys(at))),
            Estimate("as R", "quantile", of="PAY", at=(0.25, 0.5), rule="hf3", interval="woodruff"),
            Estimate("reached", "quantile", of="COST", at=(0.9,), rule="hf1", interval="woodruff"),
        ]
    return tuple(found)


def condition(random: np.random.Generator, depth: int) -> Condition:
    kind = random.integers(0, 8 if depth else 5)
    match int(kind):
        case 0:
            return OneOf("WORK", tuple(int(value) for value in random.integers(0, 7, 3)))
        case 1:
            low = float(random.integers(0, 60))
            return Between("AGE", low, low + 25 if random.random() < 0.7 else None)
        case 2:
            return OneOf("RACE", ("a", "d,e"))
        case 3:
            return Missing("PAY")
        case 4:
            return OneOf("SEX", (1,))
        case 5:
            return Not(condition(random, depth - 1))
        case 6:
            return Every((condition(random, depth - 1), condition(random, depth - 1)))
        case _:
            return AnyOf((condition(random, depth - 1), condition(random, depth - 1)))
