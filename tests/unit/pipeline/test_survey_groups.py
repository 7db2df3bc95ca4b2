"""Groups of survey metrics on invented records: by income, pairs within age, and what a file lacks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from upward.base.errors import DataError
from upward.pipeline.survey_metrics import MetricRun, run_metric

CROSSWALK = """\
statefip,county,puma,population,afact,geographic_allocation_quality,crosswalk_period
53,033,00101,100000,1,1,2022
53,061,00102,60000,0.6,2,2022
53,063,00102,40000,0.4,2,2022
"""
HOMES = {
    "ST": "53", "TYPEHUGQ": 1, "NP": 2, "ADJINC": 1_100_000, "LAPTOP": 1, "TABLET": 2, "HISPEED": 1,
    "HHLDRHISP": 1, "HHLDRRAC1P": 1,
}  # fmt: skip


@pytest.fixture
def homes() -> pl.DataFrame:
    random = np.random.default_rng(53)
    count = 600
    full = random.integers(5, 60, count)
    replicates = np.round(full[:, None] * random.choice([0.5, 1.0, 1.5], (count, 80))).astype(int)
    return pl.DataFrame(
        {
            **{name: [value] * count for name, value in HOMES.items()},
            "PUMA": random.choice(["00101", "00102"], count).tolist(),
            "HINCP": random.integers(0, 120_000, count),
            "VALP": random.integers(50_000, 900_000, count),
            "TEN": random.integers(1, 5, count),
            "HHLDRAGEP": random.integers(18, 90, count),
            "WGTP": full,
            **{f"WGTP{at + 1}": replicates[:, at] for at in range(80)},
        }
    ).with_columns(
        LAPTOP=pl.Series(random.integers(1, 3, count)), HHLDRRAC1P=pl.Series(random.integers(1, 3, count))
    )


def rows_for(frame: pl.DataFrame, metric: str, folder: Path, *, county: str = "53033"):
    crosswalk = folder / "crosswalk.csv"
    crosswalk.write_text(CROSSWALK, encoding="utf-8")
    source = folder / "homes.parquet"
    frame.write_parquet(source)
    run = MetricRun(metric, source, 2022, crosswalk, "county", None, "reference")
    found = run_metric(run, home=folder / "home")
    return found.rows.filter(pl.col("geo_id") == county), found.notes


def test_digital_access_by_income_counts_dollars_of_the_survey_year(
    homes: pl.DataFrame, tmp_path: Path
) -> None:
    rows, notes = rows_for(homes, "digital_access", tmp_path)
    assert not any("groups" in note for note in notes)
    own = homes.filter(pl.col("PUMA") == "00101")
    for group, chosen in (
        ("50k-or-more", own.filter(pl.col("HINCP") * 1.1 >= 50_000)),
        ("under-50k", own.filter(pl.col("HINCP") * 1.1 < 50_000)),
    ):
        (row,) = rows.filter(pl.col("group_type") == "income-50k", pl.col("group") == group).to_dicts()
        connected = chosen.filter(pl.col("LAPTOP") == 1)["WGTP"].sum()
        assert row["value"] == pytest.approx(connected / chosen["WGTP"].sum())


def test_housing_wealth_within_age_groups_compares_households_of_that_age(
    homes: pl.DataFrame, tmp_path: Path
) -> None:
    rows, _notes = rows_for(homes, "housing_wealth", tmp_path)
    own = homes.filter(pl.col("PUMA") == "00101")
    for group_type, group, chosen in (
        ("all", "all", own),
        ("age-householder", "under-45", own.filter(pl.col("HHLDRAGEP") < 45)),
        ("age-householder", "45-and-over", own.filter(pl.col("HHLDRAGEP") >= 45)),
    ):
        (row,) = rows.filter(
            pl.col("variable") == "ratio_black_nh_house_value_households",
            pl.col("group_type") == group_type,
            pl.col("group") == group,
        ).to_dicts()
        worth = chosen.filter(pl.col("TEN") <= 2).with_columns(pl.col("VALP") * pl.col("WGTP"))
        black = pl.col("HHLDRRAC1P") == 2
        assert row["numerator"] == pytest.approx(worth.filter(black)["VALP"].sum() / worth["VALP"].sum())
        assert row["denominator"] == pytest.approx(chosen.filter(black)["WGTP"].sum() / chosen["WGTP"].sum())
        assert row["value"] == pytest.approx(row["numerator"] / row["denominator"])
        assert [row[name] for name in ("se", "lower", "upper")] == [None] * 3


def test_a_column_that_the_metric_itself_needs_is_asked_for_by_name(
    homes: pl.DataFrame, tmp_path: Path
) -> None:
    for metric, column in (
        ("income", "HINCP"),
        ("digital_access", "HISPEED"),
        ("housing_wealth", "HHLDRHISP"),
    ):
        with pytest.raises(DataError, match=f"needs: {column}"):
            rows_for(homes.drop(column), metric, tmp_path)
