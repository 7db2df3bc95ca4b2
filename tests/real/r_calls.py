"""Calls of R's survey package, as they stand beside the reference results, put into specifications.

Only the forms that occur there are known; anything else is an error, never a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from upward.engine.design import Design, design_by_method, design_by_scale
from upward.engine.specification import (
    Between,
    Categories,
    Condition,
    Derived,
    Estimate,
    Every,
    Missing,
    Not,
    OneOf,
    Product,
    Specification,
)

WORKING = (1, 2, 4, 5)
IN_UNIVERSE = Every((Between("AGEP", 25, 54), Not(OneOf("RELP", (16, 17)))))
RACES = Categories(
    "race",
    (
        ("Hispanic", Not(OneOf("HISP", (1,)))),
        ("White", OneOf("RAC1P", (1,))),
        ("Black", OneOf("RAC1P", (2,))),
    ),
    "Other",
)
AGES = {"0-18": (None, 18), "19-34": (19, 34), "35-49": (35, 49), "50-64": (50, 64), "65+": (65, None)}
#: Variable that R made -> the condition that it indicates, or the field that it is.
INDICATORS = {
    "emp": OneOf("ESR", WORKING),
    "unins": OneOf("hicov", (2,)),
    "hs": OneOf("EDUC_ATTAINMENT", ("High school or beyond",)),
    "I(TEN<=2)": Between("TEN", None, 2),
    "TEN<=2": Between("TEN", None, 2),
    "I(TEN <= 2)TRUE": Between("TEN", None, 2),
    "I(TEN <= 2)FALSE": Not(Between("TEN", None, 2)),
    "I(VACS==6)": OneOf("VACS", (6,)),
    "NP>=5": Between("NP", 5, None),
}
RENT = Product("rent12", ("GRNTP",), 12.0)
INTERVALS = {"mean": "woodruff", "beta": "woodruff-beta", "xlogit": "woodruff-logit", "quantile": "t"}
SHARE_INTERVALS = {
    "mean": "t", "xlogit": "logit", "beta": "beta", "asin": "asin", "logit": "logit-replicates",
}  # fmt: skip


@dataclass(frozen=True)
class Golden:
    """One reference result: what was asked, and what R answered."""

    row: dict[str, str]
    estimate: Estimate

    def number(self, column: str) -> float | None:
        text = self.row.get(column, "").strip()
        return None if text in {"", "NA", "NaN"} else float(text)


def design_of(row: dict[str, str], columns: list[str]) -> Design:
    """Return the design of a call, over the columns of the file."""
    pattern = re.compile(row["replicate_weights_regex"])
    replicates = [name for name in columns if pattern.match(name)]
    replicates = [name for name in replicates if name != row["weight"]]
    call = row["design"]
    if "inside r_call" in call:
        call = 'type="JK1", scale=4/80, mse=TRUE'
    centred = "mse=TRUE" in call
    if 'type="ACS"' in call or "successive-difference" in call:
        return design_by_method("acs-sdr", row["weight"], replicates, centred_on_estimate=centred)
    if 'type="BRR"' in call:
        return design_by_method("brr", row["weight"], replicates, centred_on_estimate=centred)
    if 'type="Fay"' in call:
        return design_by_method("fay", row["weight"], replicates, rho=0.3, centred_on_estimate=centred)
    if 'type="JKn"' in call:
        return design_by_method("jkn", row["weight"], replicates, rscales=(0.5,), centred_on_estimate=centred)
    scale = re.search(r"scale=(\d+)/(\d+)", call)
    assert scale, call
    return design_by_scale(
        row["weight"], replicates, scale=int(scale[1]) / int(scale[2]), centred_on_estimate=centred
    )


def estimate_of(row: dict[str, str], name: str) -> Estimate:
    """Return what a reference result asks for, its domain as the estimate's universe."""
    call, statistic, variable = row["r_call"], row["statistic"], row["variable"]
    universe = domain_of(call, row)
    if "quantile" in statistic:
        rule = re.search(r'qrule="(\w+)"', call)[1]
        interval = re.search(r'interval.type="(\w+)"', call)
        return Estimate(
            name, "quantile", of=variable, at=(float(row["probability"]),), universe=universe, rule=rule,
            interval=INTERVALS[interval[1] if interval else "mean"],
        )  # fmt: skip
    if statistic.startswith("proportion_ci"):
        interval = SHARE_INTERVALS[statistic.removeprefix("proportion_ci_")]
        return Estimate(name, "share", where=INDICATORS[variable[1:]], universe=universe, interval=interval)
    if statistic == "ratio":
        above, below = (part.strip().lstrip("~") for part in variable.split("/"))
        if below == "one":
            return _mean_of(name, above, universe)
        return Estimate(name, "ratio", numerator=above, denominator=below, universe=universe)
    if statistic == "total":
        if variable == "one":
            return Estimate(name, "total", universe=universe)
        if variable in INDICATORS:
            return Estimate(name, "total", where=INDICATORS[variable], universe=universe)
        return Estimate(name, "total", of=variable, universe=universe)
    return _mean_of(name, variable, universe)


def _mean_of(name: str, variable: str, universe: Condition | None) -> Estimate:
    level = re.fullmatch(r"factor\((\w+)\)(.+)", variable)
    if level and level[1] == "agecat":
        return Estimate(name, "share", where=Between("agep", *AGES[level[2]]), universe=universe)
    if level:
        return Estimate(name, "share", where=OneOf(level[1], (float(level[2]),)), universe=universe)
    if variable in INDICATORS:
        return Estimate(name, "share", where=INDICATORS[variable], universe=universe)
    return Estimate(name, "mean", of=variable, universe=universe)


def domain_of(call: str, row: dict[str, str]) -> Condition | None:
    """Return the subset that a call takes of its design."""
    found = re.search(r"des\[(.*?),\]", call)
    parts = [_part(text.strip()) for text in found[1].split("&")] if found else []
    for inner in re.findall(r"filter\(!is.na\((\w+)\)\)", call):
        parts.append(Not(Missing(inner)))
    if "group_by(TEN)" in call:
        parts.append(OneOf("TEN", (int(re.search(r"TEN=(\d)", row["domain"])[1]),)))
    return Every(tuple(parts)) if parts else None


def _part(text: str) -> Condition:
    if text == "d$inuni":
        return IN_UNIVERSE
    if missing := re.fullmatch(r"!is.na\(d\$(\w+)\)", text):
        name = "GRNTP" if missing[1] == "rent12" else missing[1]
        return Not(Missing(name))
    name, sign, value = re.fullmatch(r'd\$(\w+)\s*(==|>=|%in%)\s*"?([^"]+)"?', text).groups()
    if name == "agecat":
        return Between("agep", *AGES[value])
    if sign == ">=":
        return Between(name, float(value), None)
    if value == "1:2":
        return OneOf(name, (1, 2))
    return OneOf(name, (value,) if '"' in text else (int(value),))


def specification_of(design: Design, golden: list[Golden]) -> Specification:
    """Return one specification for all results of a design."""
    used = {golden_row.row["dataset"] for golden_row in golden}
    fields: tuple[Derived, ...] = ()
    if used == {"acs2016_seattle_person"}:
        fields = (RACES,)
    if used == {"acs2015_wa_housing"}:
        fields = (RENT,)
    return Specification(design, tuple(one.estimate for one in golden), fields=fields, missing=("", "NA"))
