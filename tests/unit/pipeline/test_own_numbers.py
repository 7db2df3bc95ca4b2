"""Own numbers stand in a new release beside the published ones; survey metrics follow their definitions."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from upward.base.errors import DataError, NotFoundError
from upward.catalog.load import load_catalog
from upward.engine.recipes.definitions import definition_of, load_definitions, resolve
from upward.pipeline.survey_metrics import MetricNumbers, MetricRun, add_to_release, run_metric
from upward.warehouse.read import open_release
from upward.warehouse.release import verify_release

WEIGHTS = ["WGTP", *(f"WGTP{number}" for number in range(1, 81))]


@pytest.fixture
def own_home(sample_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample_home, tmp_path / "home"))


def own_rows(home: Path) -> pl.DataFrame:
    """Return numbers of one county as if they had been computed from records."""
    release = open_release(home)
    rows = release.metrics(release.all_places("county")[0], metric="income", year="2018")
    assert not rows.is_empty()
    return rows.with_columns(pl.lit("own").alias("source_release"), pl.lit(value=False).alias("current"))


def test_own_numbers_stand_beside_the_published_ones(own_home: Path) -> None:
    before, rows = open_release(own_home), own_rows(own_home)
    info = add_to_release(MetricNumbers(rows, ()), home=own_home)
    after = open_release(own_home)
    place = after.all_places("county")[0]
    assert info.id == after.id != before.id
    assert verify_release(own_home, info.id) == ()
    assert after.metrics(place).equals(before.metrics(place)), "what is shown by default has not changed"
    own = after.metrics(place, source_release="own")
    assert len(own) == len(rows)
    assert any("income" in note for note in after.manifest["notes"])


def test_numbers_computed_again_replace_the_earlier_ones(own_home: Path) -> None:
    rows = own_rows(own_home)
    add_to_release(MetricNumbers(rows, ()), home=own_home)
    changed = rows.with_columns(pl.col("value") + 1)
    add_to_release(MetricNumbers(changed, ()), home=own_home)
    release = open_release(own_home)
    own = release.metrics(release.all_places("county")[0], source_release="own")
    assert own["value"].sort().equals(changed["value"].sort())


def test_numbers_of_unknown_places_are_refused(own_home: Path) -> None:
    rows = own_rows(own_home).with_columns(pl.lit("00999").alias("geo_id"))
    with pytest.raises(DataError, match="none of the places"):
        add_to_release(MetricNumbers(rows, ()), home=own_home)


def test_every_definition_names_variables_and_groups_of_the_catalogue() -> None:
    catalog = load_catalog("en")
    for metric, definition in load_definitions().items():
        named = [estimate.name for estimate in definition.estimates]
        if definition.pairs:
            named = [variable for _group, variable in definition.pairs.variables]
        if metric in catalog.metrics:
            assert set(named) <= set(catalog.variables), metric
        assert {kind for kind, _field in definition.groups} <= set(catalog.group_types), metric
        assert definition.effective_cases == 30


def test_a_metric_that_cannot_be_computed_is_named_with_those_that_can() -> None:
    with pytest.raises(NotFoundError) as caught:
        definition_of("turnout")
    assert "employment" in caught.value.candidates
    with pytest.raises(DataError, match="not computed") as refused:
        definition_of("housing_affordability")
    assert "income limits" in refused.value.advice


def households(folder: Path) -> Path:
    """Write 240 households of two survey areas; half the owners' homes are worth twice as much."""
    random = np.random.default_rng(7)
    count = 240
    full = random.integers(5, 30, count)
    frame = pl.DataFrame(
        {
            "ST": ["01"] * count, "PUMA": ["00100", "00200"] * (count // 2), "TYPE": [1] * count,
            "NP": [2] * count, "HINCP": random.integers(1, 200, count) * 1000, "ADJINC": [1_010_000] * count,
            "TEN": random.integers(1, 4, count), "VALP": random.integers(50, 400, count) * 1000,
            "HHLDRHISP": random.integers(1, 3, count), "HHLDRRAC1P": random.integers(1, 4, count),
            **{name: np.maximum(1, full + random.integers(-3, 4, count)) for name in WEIGHTS[1:]},
            "WGTP": full,
        }
    )  # fmt: skip
    path = folder / "households.parquet"
    frame.write_parquet(path)
    return path


def crosswalk(folder: Path) -> Path:
    path = folder / "crosswalk.csv"
    path.write_text(
        "statefip,puma,county,population,afact,geographic_allocation_quality,crosswalk_period\n"
        "01,00100,001,60000,0.6,2,2022\n01,00100,003,40000,0.4,2,2022\n01,00200,003,100000,1,1,2022\n"
        "01,00200,005,10,0.01,3,2022\n01,00100,001,60000,1,1,pre-2022\n"
    )
    return path


def run(metric: str, folder: Path, engine: str = "reference") -> pl.DataFrame:
    found = run_metric(
        MetricRun(metric, households(folder), 2023, crosswalk(folder), "county", engine=engine),
        home=folder / "home",
    )
    return found.rows


def test_income_is_adjusted_and_has_the_publishers_interval(tmp_path: Path) -> None:
    rows = run("income", tmp_path)
    whole = rows.filter((pl.col("geo_id") == "01001") & (pl.col("group_type") == "all"))
    assert whole["variable"].to_list() == ["pctl_income_20", "pctl_income_50", "pctl_income_80"]
    assert whole["method"].unique().to_list() == ["upward:acs-sdr/quantile-hf3/woodruff"]
    assert whole["value"].is_sorted()
    assert (whole["value"] / 1010 % 1).max() == pytest.approx(0, abs=1e-6), "thousands times the adjustment"
    assert (whole["source_release"].unique().to_list(), whole["current"].any()) == (["own"], False)


def test_under_thirty_effective_cases_there_is_no_value_and_no_quality(tmp_path: Path) -> None:
    rows = run("income", tmp_path)
    tiny = rows.filter(pl.col("geo_id") == "01005")
    assert set(tiny["status"]) == {"suppressed"}
    assert (
        tiny.select(pl.col("value", "lower", "upper", "se", "quality").is_null().all()).row(0) == (True,) * 5
    )
    assert tiny["reason"].unique().to_list() == ["fewer than 30 effective cases"]


def test_shares_of_housing_wealth_and_of_households_add_up_to_one(tmp_path: Path) -> None:
    rows = run("housing_wealth", tmp_path).filter(pl.col("geo_id") == "01003")
    shown = rows.filter(pl.col("status") == "ok")
    assert len(rows) == 4
    if len(shown) == 4:
        assert shown["numerator"].sum() == pytest.approx(1)
        assert shown["denominator"].sum() == pytest.approx(1)
    np.testing.assert_allclose(shown["value"], shown["numerator"] / shown["denominator"])
    assert rows["lower"].is_null().all()


def test_groups_whose_columns_are_missing_are_left_out_and_said(tmp_path: Path) -> None:
    definition = definition_of("income")
    columns = ["ST", "PUMA", "TYPE", "NP", "HINCP", "ADJINC", *WEIGHTS]
    resolved = resolve(definition, columns, crosswalk=tmp_path / "x.csv", level="county", year=2023)
    assert (resolved.group_types, resolved.left_out) == ((), ("race-ethnicity",))


@pytest.mark.parametrize(
    ("lacks", "said"),
    [("TYPE", "who is counted"), ("ADJINC", "ADJINC"), ("WGTP80", "replicate weights"), ("ST", "--state")],
)
def test_what_a_file_lacks_is_named(lacks: str, said: str, tmp_path: Path) -> None:
    columns = [name for name in ("ST", "PUMA", "TYPE", "NP", "HINCP", "ADJINC", *WEIGHTS) if name != lacks]
    with pytest.raises(DataError) as caught:
        resolve(definition_of("income"), columns, crosswalk=tmp_path / "x.csv", level="county", year=2023)
    assert said in str(caught.value)
