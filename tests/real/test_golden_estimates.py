"""Estimates agree with R's survey package, the Census Bureau, srvyr's documentation and Stata.

`reference_r_survey.csv` was computed with R 4.2.2 and survey 4.1-1, and again with survey 4.5; each row holds
its call. The others are published figures, compared to the digits that were printed.
"""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import polars as pl
import pytest
from r_calls import AGES, Golden, design_of, estimate_of, specification_of

from upward.engine.design import design_by_method, design_by_scale
from upward.engine.estimate import FAST_INTERVALS, Settings, estimate
from upward.engine.microdata import column_names
from upward.engine.quantiles import FAST_RULES
from upward.engine.specification import Between, Estimate, Missing, Not, OneOf, Specification

pytestmark = pytest.mark.real

ESTIMATE_TOLERANCE, SE_TOLERANCE = 1e-9, 1e-7
REPLICATES = [f"pwgtp{number}" for number in range(1, 81)]
GROUPS = (
    ("acs2011_ak_hi_person", "JK1_mse"), ("acs2011_ak_hi_person", "JK1_nomse"), ("acs2015_wa_housing", "ACS"),
    ("acs2015_wa_housing", "JK1_mse"), ("acs2015_wa_housing", "JK1_nomse"), ("acs2015_wa_housing", "SDR"),
    ("acs2015_wa_housing", "srvyr"), ("acs2016_seattle_person", "ACS"), ("acs2016_seattle_person", "JK1_mse"),
    ("acs2016_seattle_person", "JK1_nomse"),
    ("acs_louisville_person_sample", "ACS"), ("acs_louisville_person_sample", "JK1_mse"),
    ("acs_louisville_person_sample", "JK1_nomse"), ("acs_louisville_person_sample", "SDR"),
    ("nhanes2brr", ""), ("nhanes2fay", ""), ("nhanes2jknife2", ""),
)  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


@lru_cache(maxsize=1)
def results_of_r(folder: Path) -> dict[tuple[str, str], dict[str, list[Golden]]]:
    """Return dataset and design name -> call of the design -> its results."""
    found: dict = defaultdict(lambda: defaultdict(list))
    for number, row in enumerate(rows(folder / "reference_r_survey.csv")):
        golden = Golden(row, estimate_of(row, f"row {number + 2}"))
        found[row["dataset"], row["design_name"]][row["design"]].append(golden)
    return found


def file_of(folder: Path, dataset: str) -> Path:
    return folder / f"{dataset}.csv.gz"


def test_every_group_of_results_is_looked_at(survey_data: Path) -> None:
    assert set(results_of_r(survey_data)) == set(GROUPS)
    assert sum(len(one) for calls in results_of_r(survey_data).values() for one in calls.values()) == 460


@pytest.mark.parametrize("engine", ["reference", "local"])
@pytest.mark.parametrize(("dataset", "design_name"), GROUPS)
def test_estimates_equal_those_of_r(
    dataset: str, design_name: str, engine: str, survey_data: Path, shared_by_workers: Path
) -> None:
    for golden in results_of_r(survey_data)[dataset, design_name].values():
        path = file_of(survey_data, dataset)
        mine = [one for one in golden if engine == "reference" or computed_by_all(one.estimate)]
        design = design_of(golden[0].row, column_names(path))
        settings = Settings(engine=engine, floor=0, cache=shared_by_workers / "prepared")
        found = estimate(specification_of(design, mine), path, settings).table
        ours = {row["name"]: row for row in found.iter_rows(named=True)}
        problems = [line for one in mine for line in differences(one, ours[one.estimate.name])]
        assert problems == [], "\n".join(problems)


def computed_by_all(asked: Estimate) -> bool:
    return asked.rule in FAST_RULES and asked.interval in FAST_INTERVALS


def differences(golden: Golden, ours: dict) -> list[str]:
    """Return what differs from R's result: estimate, standard error, bounds, degrees of freedom."""
    at = f"{ours['name']} {golden.row['statistic']} {golden.row['variable']} {golden.row['domain']}"
    found = []
    bound = 1e-7
    expected = {"value": ("estimate", ESTIMATE_TOLERANCE), "se": ("se", SE_TOLERANCE)}
    if golden.row["ci_level"] != "NA":
        expected |= {"lower": ("ci_low", bound), "upper": ("ci_high", bound)}
    for mine, (theirs, tolerance) in expected.items():
        value = golden.number(theirs)
        if mine in {"lower", "upper"} and golden.estimate.kind == "share" and value is not None:
            value = min(max(value, 0.0), 1.0)  # R does not cut them
        if close(ours[mine], golden.number(f"{theirs}_survey_4_5"), tolerance):
            continue  # version 4.5 differs from 4.1 in intervals of type beta and xlogit, and is right
        if value is None and (mine == "value" or not golden.estimate.interval.startswith("woodruff")):
            continue  # R was not asked for it
        if value is None and ours[mine] is not None:
            found.append(f"{at}: {mine} is {ours[mine]}, R has none")
        if value is not None and not close(ours[mine], value, tolerance):
            found.append(f"{at}: {mine} is {ours[mine]}, R has {value}")
    if (df := golden.number("df")) is not None and ours["df"] != df:
        found.append(f"{at}: df is {ours['df']}, R has {df}")
    return found


def close(ours: float | None, theirs: float | None, tolerance: float) -> bool:
    return None not in (ours, theirs) and math.isclose(ours, theirs, rel_tol=tolerance, abs_tol=1e-12)


@pytest.mark.parametrize("engine", ["reference", "local", "duckdb"])
def test_published_figures_of_the_census_bureau_agree_to_the_unit(
    engine: str, survey_data: Path, shared_by_workers: Path
) -> None:
    published = rows(survey_data / "published_census_wa2015.csv")
    path = file_of(survey_data, "acs2015_wa_housing")
    design = design_by_method("acs-sdr", "WGTP", [f"wgtp{number}" for number in range(1, 81)])
    asked = tuple(
        Estimate(row["characteristic"], "total", where=filter_of(row["filter"])) for row in published
    )
    settings = Settings(engine=engine, cache=shared_by_workers / "prepared")
    table = estimate(Specification(design, asked), path, settings).table
    ours = {row["name"]: row for row in table.iter_rows(named=True)}
    for row in published:
        one = ours[row["characteristic"]]
        assert (round(one["value"]), round(one["se"]), round(1.645 * one["se"])) == tuple(
            int(row[column]) for column in ("estimate", "se", "moe90")
        )


def filter_of(text: str):
    if text == "all records":
        return None
    if text == "VACS not missing":
        return Not(Missing("VACS"))
    name, values = text.replace(" in ", "=").split("=")
    return OneOf(name.strip(), tuple(int(value) for value in values.split(",")))


@pytest.mark.parametrize("engine", ["reference", "local", "duckdb"])
def test_figures_in_the_documentation_of_srvyr_agree_as_printed(
    engine: str, survey_data: Path, shared_by_workers: Path, tmp_path: Path
) -> None:
    published = rows(survey_data / "published_srvyr_ak_hi_2011.csv")
    assert len(published) == 16
    models = [row for row in published if row["statistic"] == "linear model"]
    others = [
        row
        for row in published
        if row not in models and not (engine == "duckdb" and row["statistic"].startswith("quantile"))
    ]
    path = file_of(survey_data, "acs2011_ak_hi_person")
    design = design_by_scale("pwgtp", REPLICATES, scale=4 / 80)
    settings = Settings(engine=engine, cache=shared_by_workers / "prepared")
    # R's svyglm takes negative replicate weights for 0, Upward keeps them: its model is made of weights without them.
    for some, source in ((others, path), (models, without_negative_weights(path, tmp_path))):
        asked = tuple(srvyr_estimate(row, str(number)) for number, row in enumerate(some))
        table = estimate(Specification(design, asked), source, settings).table
        ours = {row["name"]: row for row in table.iter_rows(named=True)}
        for number, row in enumerate(some):
            one = ours[str(number)]
            assert as_printed(one["value"], row["estimate_printed"]), row
            assert as_printed(one["se"], row["se_printed"]), row


def without_negative_weights(path: Path, folder: Path) -> Path:
    """Write the file again with each negative replicate weight as 0; there must be some."""
    frame = pl.read_csv(path, infer_schema=False)
    weights = frame.select(pl.col(REPLICATES).cast(pl.Int64))
    assert sum((column < 0).sum() for column in weights) == 267
    changed = folder / "without-negative-weights.csv"
    frame.with_columns(weights.with_columns(pl.all().clip(lower_bound=0)).iter_columns()).write_csv(changed)
    return changed


def srvyr_estimate(row: dict[str, str], name: str) -> Estimate:
    field, _, value = row["domain"].partition("=")
    universe = None if row["domain"] == "all" else OneOf(field, (value,) if field == "st" else (int(value),))
    statistic, variable = row["statistic"], row["variable"]
    if statistic == "total":
        return Estimate(name, "total", universe=universe)
    if statistic == "mean":
        return Estimate(name, "mean", of=variable, universe=universe)
    if statistic == "linear model":
        outcome, fields, term = re.fullmatch(r"(\w+) ~ (.+): (.+)", variable).groups()
        term = "intercept" if term == "(Intercept)" else term
        return Estimate(name, "coefficient", of=outcome, on=tuple(fields.split(" + ")), term=term)
    if statistic.startswith("quantile"):
        at = float(statistic.split()[1])
        return Estimate(
            name, "quantile", of=variable, at=(at,), universe=universe, rule="hf3", interval="woodruff"
        )
    if variable.startswith("age "):
        return Estimate(name, "share", where=Between("agep", *AGES[variable[4:]]), universe=universe)
    field, _, value = variable.partition("=")
    return Estimate(name, "share", where=OneOf(field, (int(value),)), universe=universe)


def as_printed(ours: float, printed: str) -> bool:
    """Tell whether a number rounds to what was printed."""
    decimals = len(printed.partition(".")[2])
    return f"{ours:.{decimals}f}" == f"{float(printed):.{decimals}f}"


@pytest.mark.parametrize("dataset", ["nhanes2brr", "nhanes2fay", "nhanes2jknife2"])
@pytest.mark.parametrize("engine", ["reference", "local", "duckdb"])
def test_standard_errors_of_stata_agree(
    dataset: str, engine: str, survey_data: Path, shared_by_workers: Path
) -> None:
    published = [
        row for row in rows(survey_data / "published_stata_nhanes2.csv") if row["dataset"] == dataset
    ]
    assert published
    path = file_of(survey_data, dataset)
    prefix = {"nhanes2brr": "brr_", "nhanes2fay": "fay_", "nhanes2jknife2": "jkw_"}[dataset]
    weights = [name for name in column_names(path) if name.startswith(prefix)]
    for centre in {row["centre"] for row in published}:
        some = [row for row in published if row["centre"] == centre]
        design = stata_design(some[0]["estimator"], weights, centred="mse" in centre)
        asked = tuple(stata_estimate(row, str(number)) for number, row in enumerate(some))
        settings = Settings(engine=engine, cache=shared_by_workers / "prepared")
        table = estimate(Specification(design, asked), path, settings).table
        ours = {row["name"]: row for row in table.iter_rows(named=True)}
        for number, row in enumerate(some):
            assert ours[str(number)]["se"] == pytest.approx(
                float(row["published_se"]), rel=1e-5, abs=max(float(row["tolerance"]), 5e-8)
            ), row


def stata_design(estimator: str, weights: list[str], *, centred: bool):
    if estimator.startswith("jackknife"):
        return design_by_scale("finalwgt", weights, scale=61 / 62, centred_on_estimate=centred)
    if "Fay" in estimator or "fay" in estimator:
        return design_by_method("fay", "finalwgt", weights, rho=0.3, centred_on_estimate=centred)
    return design_by_method("brr", "finalwgt", weights, centred_on_estimate=centred)


def stata_estimate(row: dict[str, str], name: str) -> Estimate:
    universe = None
    if row["domain"] != "all":
        universe = OneOf("region", (int(row["domain"].removeprefix("region")),))
    statistic, variable = row["statistic"], row["variable"]
    if statistic == "total":
        return Estimate(name, "total", of=variable, universe=universe)
    if statistic == "ratio":
        above, below = (part.strip() for part in variable.split("/"))
        return Estimate(name, "ratio", numerator=above, denominator=below, universe=universe)
    if statistic == "proportion":
        field, value = variable.removeprefix("factor(").split(")")
        return Estimate(name, "share", where=OneOf(field, (float(value),)), universe=universe)
    return Estimate(name, "mean", of=variable, universe=universe)
