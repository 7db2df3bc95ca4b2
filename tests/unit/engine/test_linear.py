"""Coefficients of linear models: as R's svyglm gives them, exact lines found, fields that cannot be told apart."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from upward.engine.design import design_by_scale
from upward.engine.estimate import Settings, estimate
from upward.engine.specification import Estimate, OneOf, Specification

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "linear_reference.json").read_text())
REPLICATES = [f"r{number}" for number in range(1, 13)]
TERMS = ("intercept", "x", "z")


@pytest.fixture(params=["reference", "duckdb", "local"])
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


def records() -> pl.DataFrame:
    """Return the records that linear_reference.R makes."""
    count = range(1, 61)
    weights = [1 + (i * 13) % 17 for i in count]

    def factor(i: int, r: int) -> float:
        return 0.0 if (i + r) % 12 == 0 else 1.5 if (i * r) % 5 == 0 else 1.0

    return pl.DataFrame(
        {
            "y": [(i * 37) % 101 for i in count], "x": [(i * 7) % 23 for i in count],
            "z": [(i * i) % 11 for i in count], "group": [i % 2 for i in count], "w": weights,
            **{
                name: [w * factor(i, r) for i, w in zip(count, weights, strict=True)]
                for r, name in enumerate(REPLICATES, 1)
            },
        }
    )  # fmt: skip


def run(
    frame: pl.DataFrame, asked: tuple[Estimate, ...], engine: str, folder: Path, *, mse: bool = True
) -> dict:
    source = folder / "records.parquet"
    frame.write_parquet(source)
    design = design_by_scale("w", REPLICATES, scale=11 / 12, centred_on_estimate=mse)
    settings = Settings(engine=engine, floor=0, cache=folder / "prepared")
    table = estimate(Specification(design, asked), source, settings).table
    return {row["name"]: row for row in table.iter_rows(named=True)}


@pytest.mark.parametrize("mse", [True, False])
def test_coefficients_equal_those_of_r(mse: bool, engine: str, tmp_path: Path) -> None:
    asked = tuple(
        Estimate(f"{part} {term}", "coefficient", of="y", on=("x", "z"), term=term,
                 universe=None if part == "all" else OneOf("group", (1,)))
        for part in ("all", "1") for term in TERMS
    )  # fmt: skip
    ours = run(records(), asked, engine, tmp_path, mse=mse)
    golden = [row for row in GOLDEN["rows"] if row["mse"] is mse]
    assert len(golden) == len(ours)
    for row in golden:
        one = ours[f"{row['part']} {row['term']}"]
        assert one["value"] == pytest.approx(row["value"], rel=1e-9)
        assert one["se"] == pytest.approx(row["se"], rel=1e-7)
        if (
            row["part"] == "all"
        ):  # of a part, R counts the degrees of freedom anew; ours are the whole design's
            assert one["df"] == row["df"]
            assert (one["lower"], one["upper"]) == pytest.approx((row["lower"], row["upper"]), rel=1e-7)


def test_an_exact_line_is_found_without_error(engine: str, tmp_path: Path) -> None:
    frame = records().with_columns(y=3 - 2 * pl.col("x") + 5 * pl.col("z"))
    asked = tuple(Estimate(term, "coefficient", of="y", on=("x", "z"), term=term) for term in TERMS)
    ours = run(frame, asked, engine, tmp_path)
    assert [ours[term]["value"] for term in TERMS] == pytest.approx([3, -2, 5], abs=1e-9)
    assert [ours[term]["se"] for term in TERMS] == pytest.approx([0, 0, 0], abs=1e-9)


def test_fields_that_cannot_be_told_apart_have_no_value(engine: str, tmp_path: Path) -> None:
    frame = records().with_columns(z=4 * pl.col("x") + 1)
    asked = (Estimate("twice", "coefficient", of="y", on=("x", "z"), term="z"),)
    (row,) = run(frame, asked, engine, tmp_path).values()
    assert (row["value"], row["se"], row["status"]) == (None, None, "not_computed")
    assert row["reason"] == "the records do not tell the model's fields apart"
