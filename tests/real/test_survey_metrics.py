"""Metrics computed from public records agree with published ones, and the crosswalk's grades with their
rule.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from plain_reading import rows_of

from upward.engine.exposure import exposure, poverty_exposure
from upward.engine.recipes.quality import crosswalk_quality
from upward.pipeline.survey_metrics import MetricRun, run_metric

pytestmark = pytest.mark.real

CROSSWALKS = Path("mobility-from-poverty", "geographic-crosswalks", "data")


@pytest.mark.parametrize("engine", ["reference", "local", "duckdb"])
def test_employment_in_seattle_in_2016_is_recomputed(
    engine: str, survey_data: Path, shared_data: Path, shared_by_workers: Path
) -> None:
    with (survey_data / "urban_check_seattle_2016.csv").open(encoding="utf-8") as handle:
        check = next(csv.DictReader(handle))
    crosswalk = shared_data / CROSSWALKS / "crosswalk_puma_to_place.csv.gz"
    run = MetricRun(
        "employment", survey_data / "acs2016_seattle_person.csv.gz", 2016, crosswalk, "place", "53", engine
    )
    found = run_metric(run, home=shared_by_workers / "estimates")
    (row,) = found.rows.filter(
        (found.rows["geo_id"] == "5363000") & (found.rows["group_type"] == "all")
    ).to_dicts()
    for ours, theirs in (("value", "share"), ("se", "se"), ("lower", "lb"), ("upper", "ub")):
        assert row[ours] == pytest.approx(float(check[f"recomputed_{theirs}"]), rel=1e-9)
    assert row["value"] == pytest.approx(float(check["urban_share_employed"]), abs=2e-5)
    assert (row["quality"], row["status"]) == (1, "ok")  # published as 2: the fault of the crosswalk
    assert any("disability" in note for note in found.notes)
    assert any("not covered in full" in note and "5363000" in note for note in found.notes)


@pytest.mark.parametrize(
    ("level", "period", "areas", "agree"),
    [("county", "pre-2022", 3143, 3143), ("county", "2022", 3222, 3222), ("place", "2022", 486, 486),
     ("place", "pre-2022", 485, 328)],
)  # fmt: skip
def test_quality_recomputed_for_each_state_differs_only_for_cities_before_2022(
    level: str, period: str, areas: int, agree: int, shared_data: Path
) -> None:
    crosswalk = shared_data / CROSSWALKS / f"crosswalk_puma_to_{level}.csv.gz"
    quality = crosswalk_quality(crosswalk, level=level, period=period)
    assert len(quality) == areas
    assert (quality["quality"] == quality["published_quality"]).sum() == agree


def test_exposure_of_the_counties_of_california_equals_the_published_one(shared_data: Path) -> None:
    folder = shared_data / "tract-inputs"
    tracts = list(rows_of(folder / "cdc_svi2018_california_tracts.csv.gz"))
    county = [tract["STCNTY"] for tract in tracts]
    people = np.array([float(tract["E_TOTPOP"]) for tract in tracts])
    poor = np.array([max(float(tract["E_POV"]), 0) for tract in tracts])
    white = people - np.array([float(tract["E_MINRTY"]) for tract in tracts])
    rate = np.array([float(tract["EP_POV"]) for tract in tracts]) / 100
    ours_white, ours_poor = exposure(county, white, people), poverty_exposure(county, poor, rate)
    published = list(rows_of(folder / "exposure_check_california_2018.csv"))
    assert len(published) == 58
    other = []
    for row in published:
        assert ours_white[row["fips"]] == pytest.approx(float(row["white_exposure_urban"]), abs=1e-12)
        assert ours_poor[row["fips"]] == pytest.approx(float(row["poverty_exposure_recomputed"]), abs=1e-12)
        if ours_poor[row["fips"]] != pytest.approx(float(row["poverty_exposure_urban"]), abs=1e-12):
            other.append(row["fips"])
    assert other == ["06019", "06077"]  # a tract there has a rate that is rounded to 40.0
