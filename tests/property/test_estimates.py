"""What must not change estimates does not, and what theory says of standard errors holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from upward.engine.design import design_by_method
from upward.engine.estimate import Settings, estimate
from upward.engine.specification import Estimate, Geography, OneOf, Specification

WEIGHTS = ["W", *(f"W{number}" for number in range(1, 9))]
ASKED = (
    Estimate("people", "total"),
    Estimate("pay", "mean", of="PAY"),
    Estimate("works", "share", where=OneOf("WORK", (1,))),
    Estimate("part", "ratio", numerator="WORK", denominator="PAY"),
    Estimate("middle", "quantile", of="PAY", at=(0.2, 0.5, 0.8)),
    Estimate("as R", "quantile", of="PAY", at=(0.5,), rule="hf3", interval="woodruff"),
)
SPECIFICATION = Specification(
    design_by_method("acs-sdr", "W", WEIGHTS[1:]), ASKED, ((), ("AREA",), ("AREA", "SEX"))
)
NUMBERS = ("value", "se", "lower", "upper")


@pytest.fixture(params=["local", "reference"])
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def records() -> pl.DataFrame:
    random = np.random.default_rng(20261124)
    full = random.integers(1, 100, 400)
    weights = np.round(full[:, None] * (1 + random.choice([-0.7, 0, 0.7], (400, 8)))).astype(int)
    return pl.DataFrame(
        {
            "AREA": random.choice(["1", "2", "3"], 400).tolist(),
            "SEX": random.integers(1, 3, 400),
            "WORK": random.integers(0, 2, 400),
            "PAY": random.permutation(400) * 64,
            "W": full,
            **{name: weights[:, at] for at, name in enumerate(WEIGHTS[1:])},
        }
    )


def run(
    frame: pl.DataFrame, engine: str, folder: Path, specification: Specification = SPECIFICATION
) -> pl.DataFrame:
    source = folder / f"{len(list(folder.iterdir()))}.parquet"
    frame.write_parquet(source)
    return estimate(specification, source, Settings(engine=engine, floor=0, cache=folder / "prepared")).table


def same(one: pl.DataFrame, other: pl.DataFrame, *columns: str) -> None:
    assert one.select("name", "at", "by").equals(other.select("name", "at", "by"))
    for column in columns:
        ours = one[column].fill_null(float("nan")).to_numpy()
        theirs = other[column].fill_null(float("nan")).to_numpy()
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


def test_the_order_of_records_changes_nothing(records: pl.DataFrame, engine: str, tmp_path: Path) -> None:
    same(
        run(records, engine, tmp_path),
        run(records.sample(fraction=1, shuffle=True, seed=3), engine, tmp_path),
        *NUMBERS,
        "n",
    )


def test_records_without_weight_change_nothing(records: pl.DataFrame, engine: str, tmp_path: Path) -> None:
    idle = records.head(50).with_columns(pl.lit(0).alias(name).cast(pl.Int64) for name in WEIGHTS)
    idle = idle.with_columns(pl.lit("9").alias("AREA"))
    same(
        run(records, engine, tmp_path),
        run(pl.concat([records, idle]), engine, tmp_path),
        *NUMBERS,
        "n",
        "missing",
    )


def test_scaling_weights_scales_totals_and_nothing_else(
    records: pl.DataFrame, engine: str, tmp_path: Path
) -> None:
    plain, scaled = (
        run(records, engine, tmp_path),
        run(records.with_columns(pl.col(WEIGHTS) * 8), engine, tmp_path),
    )
    same(plain.filter(pl.col("kind") != "total"), scaled.filter(pl.col("kind") != "total"), *NUMBERS)
    totals = plain.filter(pl.col("kind") == "total").with_columns(pl.col(NUMBERS) * 8)
    same(totals, scaled.filter(pl.col("kind") == "total"), *NUMBERS)


def test_totals_of_a_split_file_add_up(records: pl.DataFrame, engine: str, tmp_path: Path) -> None:
    whole = run(records, engine, tmp_path).filter((pl.col("name") == "people") & (pl.col("by") == ""))
    parts = [
        run(part, engine, tmp_path).filter((pl.col("name") == "people") & (pl.col("by") == ""))
        for part in (records.head(150), records.tail(250))
    ]
    assert sum(part["value"][0] for part in parts) == pytest.approx(whole["value"][0])
    assert sum(part["n"][0] for part in parts) == whole["n"][0]


def test_areas_merged_by_a_crosswalk_are_areas_merged_in_the_file(
    records: pl.DataFrame, engine: str, tmp_path: Path
) -> None:
    geography = Geography((("AREA", "AREA"),), (), "both", areas=(("joined", (("1", 1.0), ("2", 1.0))),))
    by_crosswalk = Specification(
        SPECIFICATION.design, ASKED, (("AREA",), ("AREA", "SEX")), geography=geography
    )
    merged = records.filter(pl.col("AREA") != "3").with_columns(pl.lit("joined").alias("AREA"))
    in_file = Specification(SPECIFICATION.design, ASKED, (("AREA",), ("AREA", "SEX")))
    ours = run(records, engine, tmp_path, by_crosswalk).with_columns(pl.col("by").str.replace("both", "AREA"))
    same(ours, run(merged, engine, tmp_path, in_file), *NUMBERS, "n", "population")


def test_a_constant_has_no_standard_error(records: pl.DataFrame, engine: str, tmp_path: Path) -> None:
    constant = records.with_columns(pl.lit(7).alias("PAY"), pl.lit(1).alias("WORK"))
    found = run(constant, engine, tmp_path).filter(pl.col("kind") != "total")
    assert found["se"].drop_nulls().abs().max() < 1e-12
    means = found.filter(pl.col("name").is_in(["pay", "middle"]))
    np.testing.assert_allclose(means["value"].to_numpy(), 7)
