"""Invented values with the manners of real ones: correlated, trending, with errors that fit the bounds.

A true share follows from the place's prosperity and urbanity, a trend, a lasting peculiarity of the place and
the group's advantage. What is published is the true value plus an error that fits the size of the (invented)
sample, and the bounds describe that error. Groups are centered: they average to the value of everybody.

What belongs here: survey and table shares, incomes, ratios, pairs. Counts of events: `sample_counts.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from upward.warehouse.sample_places import (
    SamplePlace,
    allocation_quality,
    noise,
    published_area_share,
    uniform,
)

T_95 = 1.99  # Student's t for bounds from 80 replicate weights
Z_95 = 1.96


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a file publishes for one number: missing values are None."""

    value: float | str | None
    lower: float | None = None
    upper: float | None = None
    quality: int | None = None


MISSING = Estimate(None)


@dataclass(frozen=True, slots=True)
class Cell:
    """One number to invent: whose, when, for which group, from how many pooled years."""

    seed: int
    place: SamplePlace
    year: int
    group: str
    period: int

    def noise(self, name: str, *, yearly: bool = True, grouped: bool = True) -> float:
        """Return the cell's standard normal number of that name, one for all years or groups on request."""
        parts = [name, self.place.key]
        if grouped:
            parts.append(self.group)
        if yearly:
            parts.append(f"{self.year}/{self.period}")
        return noise(self.seed, "/".join(parts))

    def uniform(self, name: str, *, yearly: bool = True) -> float:
        """Return the cell's number between 0 and 1 of that name."""
        year = f"{self.year}/{self.period}" if yearly else ""
        return uniform(self.seed, f"{name}/{self.place.key}/{self.group}/{year}")

    def of_group(self, group: str) -> Cell:
        """Return the same cell for another group."""
        return Cell(self.seed, self.place, self.year, group, self.period)


# -- groups ---------------------------------------------

RACES = ("black", "hispanic", "other", "white")
NEIGHBORHOODS = ("color", "mixed", "majority-white")
_FIXED_TYPES: dict[str, dict[str, tuple[float, float]]] = {  # type -> group -> (part of the whole, advantage)
    "gender": {"female": (0.505, 0.03), "male": (0.495, -0.03)},
    "disability": {"with-disability": (0.09, -1.15), "without-disability": (0.91, 0.1)},
    "tenure": {"owner": (0.66, -0.12), "renter": (0.34, 0.2)},
    "age-householder": {"under-45": (0.36, 0.0), "45-and-over": (0.64, 0.0)},
    "age-youth": {"10-14": (0.63, -0.5), "15-17": (0.37, 0.8)},
    "mothers-education": {
        "less-than-high-school": (0.12, -0.5), "high-school": (0.27, -0.2), "some-college": (0.29, 0.0),
        "college": (0.32, 0.45),
    },
    "industry": {
        "goods-producing": (0.2, 0.18), "public-administration": (0.07, 0.12),
        "trade-transit-utilities": (0.22, -0.12), "information": (0.02, 0.35), "professional": (0.17, 0.3),
        "education-health": (0.2, 0.02), "leisure-other": (0.12, -0.62),
    },
    "neighborhood-poverty": {"high-poverty": (0.12, -0.8), "not-high-poverty": (0.88, 0.11)},
}  # fmt: skip
_RACE_ADVANTAGE = {"black": -0.55, "hispanic": -0.4, "other": 0.0, "white": 0.2}
_NEIGHBORHOOD_ADVANTAGE = {"color": -0.5, "mixed": -0.15, "majority-white": 0.25}


def _members(place: SamplePlace, group: str) -> dict[str, tuple[float, float]]:
    """Return part and advantage of every group of the type that `group` belongs to."""
    if group in RACES:
        return {race: (place.share_of(race), place.gap * _RACE_ADVANTAGE[race]) for race in RACES}
    if group in NEIGHBORHOODS:
        of_color = 1.0 - place.share_of("white")
        parts = {"color": of_color**1.5, "mixed": 0.15 * place.urbanity}
        parts["majority-white"] = max(0.05, 1.0 - sum(parts.values()))
        return {name: (part, place.gap * _NEIGHBORHOOD_ADVANTAGE[name]) for name, part in parts.items()}
    if group in ("50k-or-more", "under-50k"):
        rich = _inverse_logit(0.35 + 0.5 * place.prosperity)
        return {"50k-or-more": (rich, 0.55), "under-50k": (1 - rich, -0.6)}
    if group in ("disadvantaged", "not-disadvantaged"):
        poor = _inverse_logit(-0.1 - 0.6 * place.prosperity)
        return {"disadvantaged": (poor, -0.45), "not-disadvantaged": (1 - poor, 0.4)}
    return next(members for members in _FIXED_TYPES.values() if group in members)


def part(place: SamplePlace, group: str) -> float:
    """Return the group's part of the whole, 1 for everybody."""
    return 1.0 if group == "all" else _members(place, group)[group][0]


def advantage(cell: Cell) -> float:
    """Return how much better off the group is than everybody, in log odds for a usual outcome."""
    if cell.group == "all":
        return 0.0
    members = _members(cell.place, cell.group)
    total = sum(share for share, _ in members.values())
    mean = sum(share * value for share, value in members.values()) / total
    own = members[cell.group][1] - mean
    return own * (1 + 0.25 * cell.noise("advantage", yearly=False))


def has_neighborhood(place: SamplePlace, group: str) -> bool:
    """Tell whether the place has a neighborhood of the kind at all (small places often have not)."""
    threshold = {
        "color": 0.12,
        "mixed": 0.07,
        "majority-white": 0.05,
        "high-poverty": 0.0,
        "not-high-poverty": 0.0,
    }
    if group == "high-poverty":
        return place.prosperity < 0.3 and place.size > 12000
    return part(place, group) >= threshold[group]


# -- quality ---------------------------------------------


def survey_quality(cell: Cell) -> int:
    """Return the flag from the part of the sample that lies in the place; areas were redrawn in 2022."""
    period = "2022" if cell.year >= 2022 else "pre-2022"
    if cell.place.level == "place":
        return allocation_quality(published_area_share(cell.place.code, period))
    center = min(0.97, max(0.08, 0.42 * math.log10(cell.place.size) - 1.45))
    return allocation_quality(center + 0.07 * noise(cell.seed, f"areas/{cell.place.key}/{period}"))


def variation_quality(variation: float, limits: tuple[float, float]) -> int:
    """Return the flag that a coefficient of variation gets."""
    return 1 if variation < limits[0] else 2 if variation < limits[1] else 3


# -- shares ---------------------------------------------


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


def _inverse_logit(value: float) -> float:
    return 1 / (1 + math.exp(-value))


@dataclass(frozen=True, slots=True)
class Share:
    """How a true share comes about, in log odds; `universe` is the part of the residents it speaks of."""

    base: float
    prosperity: float
    urbanity: float = 0.0
    trend: float = 0.0
    spread: float = 0.2
    advantage: float = 1.0
    universe: float = 1.0
    jumps: tuple[tuple[str, int, float], ...] = ()  # place, first year, change: what a real change looks like


SURVEY_SHARES = {
    "share_employed": Share(
        0.79, 0.3, 0.1, 0.012, 0.14, 0.75, 0.38, (("019", 2021, -0.38), ("033", 2021, 0.3))
    ),
    "share_in_preschool": Share(
        0.44, 0.24, 0.3, 0.0, 0.22, 0.7, 0.025, (("005", 2021, 0.55), ("33100", 2021, 0.4))
    ),
    "share_hs_degree": Share(0.90, 0.3, 0.2, 0.045, 0.2, 1.0, 0.028, (("009", 2021, 0.6),)),
}
PLAIN_SHARES = {
    "share_digital_access": Share(0.68, 0.4, 0.5, 0.05, 0.12, 1.1, 0.4),
    "share_digital_access_people": Share(0.84, 0.4, 0.5, 0.05, 0.12, 1.1, 0.4),
    "share_debt_coll": Share(0.28, -0.42, 0.0, -0.02, 0.12, -1.0, 0.7),
    "share_medical_debt_coll": Share(0.07, -0.4, -0.6, -0.02, 0.25, -0.9, 0.7),
    "share_election_turnout": Share(0.60, 0.25, 0.1, 0.07, 0.12, 1.0, 0.75),
    "share_meps20_black": Share(0.56, -1.1, 1.3, -0.02, 0.8),
    "share_meps20_hispanic": Share(0.50, -1.1, 1.2, -0.02, 0.8),
    "share_meps20_white": Share(0.27, -1.2, 0.8, -0.02, 0.8),
    "share_transit_commuter": Share(0.012, 0.0, 3.2, -0.05, 0.5, -0.6),
    "share_transportation_cost": Share(0.27, -0.1, -0.75, 0.0, 0.1, 0.25),
    "share_economic_connectedness": Share(0.40, 0.28, -0.1, 0.0, 0.12),
    "share_poverty_exposure": Share(0.07, -1.5, 1.8, -0.03, 0.7, -0.9),
    "index_air": Share(0.62, 0.05, -3.4, 0.0, 0.45, 0.35),
    "frpl40": Share(0.66, -1.0, 0.6, 0.0, 0.5, 0.0),
    "index_transit_trips": Share(0.40, 0.1, 3.0, 0.0, 0.4, -0.2),
    "index_transportation_cost": Share(0.30, 0.1, 2.6, 0.0, 0.4, -0.2),
}  # fmt: skip


def true_share(cell: Cell, name: str, shape: Share) -> float:
    """Return the share that a complete count would give."""
    place = cell.place
    value = (
        _logit(shape.base) + shape.prosperity * place.prosperity + shape.urbanity * (place.urbanity - 0.45)
    )
    value += shape.trend * (cell.year - 2018)
    value += shape.spread * cell.noise(name + "/place", yearly=False, grouped=False)
    value += 0.012 * (cell.year - 2018) * cell.noise(name + "/drift", yearly=False, grouped=False)
    value += shape.advantage * advantage(cell)
    if cell.group != "all":
        value += 0.35 * shape.spread * cell.noise(name + "/group", yearly=False)
    for key, first_year, change in shape.jumps:
        if place.key == key and cell.year >= first_year:
            value += change
    return _inverse_logit(value)


def survey_share(cell: Cell, name: str) -> Estimate:
    """Return a share from survey microdata: with bounds, and nothing at all from fewer than 30 cases."""
    shape = SURVEY_SHARES[name]
    cases = (
        cell.place.population(cell.year) * shape.universe * part(cell.place, cell.group) * 0.01 * cell.period
    )
    if cases < 30:
        return MISSING
    truth = true_share(cell, name, shape)
    error = math.sqrt(truth * (1 - truth) * 1.8 / cases)
    value = min(1.0, max(0.001, truth + error * cell.noise(name + "/error")))
    if value > 0.9995:  # everybody in the sample has the trait
        return Estimate(1.0, 1.0, 1.0, survey_quality(cell))
    lower, upper = max(0.0, value - T_95 * error), min(1.0, value + T_95 * error)
    return Estimate(value, lower, upper, survey_quality(cell))


def digital_access(cell: Cell, name: str) -> Estimate:
    """Return the share of households with computer and broadband; also the older share of people."""
    shape = PLAIN_SHARES[name]
    cases = cell.place.population(cell.year) * shape.universe * part(cell.place, cell.group) * 0.05
    if cases < 30:
        return MISSING
    truth = true_share(cell, name, shape)
    error = math.sqrt(truth * (1 - truth) * 1.8 / cases)
    value = min(0.995, max(0.02, truth + error * cell.noise(name + "/error")))
    return Estimate(
        value, max(0.0, value - T_95 * error), min(1.0, value + T_95 * error), survey_quality(cell)
    )


def debt(cell: Cell, name: str) -> Estimate:
    """Return a share from the credit bureau panel: none below its limit or without such a neighborhood."""
    shape = PLAIN_SHARES[name]
    if cell.group != "all" and not has_neighborhood(cell.place, cell.group):
        return MISSING
    people = cell.place.population(cell.year) * shape.universe * part(cell.place, cell.group) * 0.04
    if people < 50:
        return MISSING
    truth = true_share(cell, name, shape)
    error = math.sqrt(truth * (1 - truth) / people)
    value = min(0.95, max(0.005, truth + error * cell.noise(name + "/error")))
    return Estimate(value, max(0.0, value - Z_95 * error), min(1.0, value + Z_95 * error), 1)


def turnout(cell: Cell, name: str) -> Estimate:
    """Return turnout, capped at 1 where the few citizens of voting age are themselves an estimate."""
    citizens = cell.place.population(cell.year) * PLAIN_SHARES[name].universe
    variation = 0.9 / math.sqrt(citizens)
    truth = true_share(cell, name, PLAIN_SHARES[name])
    value = truth * (1 + 4 * variation * cell.noise(name + "/error"))
    if cell.place.key == "075" and cell.year == 2020:  # the planted case: more votes than estimated citizens
        value = 1.2
    return Estimate(min(1.0, max(0.2, value)), quality=variation_quality(variation * 2.2, (0.05, 0.15)))


def high_poverty_schools(cell: Cell, name: str) -> Estimate:
    """Return the share of a race's pupils in high-poverty schools; few pupils make a weak value."""
    race = name.rsplit("_", 1)[1]
    shape = PLAIN_SHARES[name]
    pupils = cell.place.population(cell.year) * 0.155 * cell.place.share_of(race)
    if pupils < 1:
        return MISSING
    truth = true_share(cell, name, shape)
    schools = max(1.0, cell.place.size / 1500)
    value = min(
        1.0, max(0.0, truth + math.sqrt(truth * (1 - truth) / schools) * cell.noise(name + "/schools"))
    )
    return Estimate(value, quality=1 if pupils >= 30 else 2 if pupils >= 15 else 3)


def poverty_exposure(cell: Cell, name: str) -> Estimate:
    """Return the share of poor residents in high-poverty neighborhoods; often truly zero in small places."""
    rate = _inverse_logit(-1.9 - 0.5 * cell.place.prosperity - 0.6 * advantage(cell))
    poor = cell.place.population(cell.year) * part(cell.place, cell.group) * rate
    if poor <= 30:
        return MISSING
    truth = true_share(cell, name, PLAIN_SHARES[name])
    value = 0.0 if truth < 0.045 or not has_neighborhood(cell.place, "high-poverty") else truth
    return Estimate(value, quality=variation_quality(3.2 / math.sqrt(poor), (0.2, 0.4)))


def racial_exposure(cell: Cell, name: str) -> Estimate:
    """Return the share of a group's neighbors who belong to other groups."""
    race = name.split("_")[1]
    share = cell.place.share_of(race)
    people = cell.place.population(cell.year) * share
    if people <= 30:
        return MISSING
    apart = 0.28 * _inverse_logit(0.8 * cell.noise(name + "/apart", yearly=False)) + 0.1 * cell.place.urbanity
    value = (1 - share) * (1 - apart) * (1 + 0.004 * (cell.year - 2018))
    variation = 4.0 / math.sqrt(people)
    return Estimate(min(0.995, max(0.01, value)), quality=variation_quality(variation, (0.2, 0.4)))


def transportation(cell: Cell, name: str) -> Estimate:
    """Return the modeled transit share or cost share; a neighborhood of the kind must exist."""
    if cell.group != "all" and not has_neighborhood(cell.place, cell.group):
        return MISSING
    value = true_share(cell, name, PLAIN_SHARES[name])
    if name.endswith("commuter") and cell.place.size < 9000:
        value = 0.0
    if (
        name == "share_transportation_cost" and cell.place.key == "071"
    ):  # long ways, low wages: outside the usual
        value = 0.83
    variation = 2.2 / math.sqrt(cell.place.size * 0.05)
    return Estimate(value, quality=variation_quality(variation, (0.1, 0.3)))


def air_quality(cell: Cell, name: str) -> Estimate:
    """Return the whole percentile of clean air; higher is better in spite of the published name."""
    if cell.group != "all" and not has_neighborhood(cell.place, cell.group):
        return MISSING
    value = 100 * true_share(cell, name, PLAIN_SHARES["index_air"])
    doubtful = cell.place.key in ("055", "063")
    return Estimate(float(round(value)), quality=2 if doubtful else 1)


def connectedness(cell: Cell, name: str) -> Estimate:
    """Return the share of high-status friends; counties carry bounds, tiny ones have no value."""
    if cell.place.population(2022) < 2000:
        return MISSING
    value = true_share(cell, name, PLAIN_SHARES[name])
    error = 0.35 / math.sqrt(cell.place.population(2022))
    quality = 1 if cell.place.level == "county" else 1 + int(3 * cell.uniform(name + "/zip", yearly=False))
    return Estimate(value, value - Z_95 * error, value + Z_95 * error, quality)


def representation(cell: Cell, name: str) -> Estimate:
    """Return the residents' share of a group; the officials' share is the community's to fill in."""
    race = name.removeprefix("share_desc_rep_").removesuffix("_nonhispanic")
    drift = {"white": -0.003}.get(race, 0.001) * (cell.year - 2018)
    return Estimate(min(1.0, max(0.0, cell.place.share_of(race) + drift)), quality=1)


def plain(cell: Cell, name: str) -> Estimate:
    """Return an older edition's index or share without an error of its own."""
    shape = name.rsplit("_", 1)[0] if name.startswith("frpl40") else name
    scale = 100 if name.startswith("index") else 1
    return Estimate(scale * true_share(cell, name, PLAIN_SHARES[shape]), quality=1)


# -- incomes, homes, pay ---------------------------------------------

_PERCENTILE_RATIO = {"20": 0.41, "50": 1.0, "80": 1.93}


def income(cell: Cell, name: str) -> Estimate:
    """Return a percentile of household income with bounds, in dollars of the year."""
    place = cell.place
    cases = place.population(cell.year) * 0.4 * part(place, cell.group) * 0.01 * cell.period
    if cases < 30:
        return MISSING
    percentile = name.rsplit("_", 1)[1]
    log_median = math.log(55500) + 0.2 * place.prosperity + 0.17 * (place.urbanity - 0.45)
    log_median += 0.033 * (cell.year - 2018) - 0.033 * (cell.period - 1) / 2 * 0.8
    log_median += 0.05 * cell.noise("income/place", yearly=False, grouped=False) + 0.6 * advantage(cell)
    spread = math.log(_PERCENTILE_RATIO[percentile]) * (1 - 0.06 * place.prosperity + 0.08 * place.urbanity)
    error = {"20": 1.15, "50": 0.95, "80": 1.1}[percentile] / math.sqrt(cases)
    value = math.exp(log_median + spread + error * cell.noise(name + "/error"))
    reach = T_95 * error
    return Estimate(value, value * math.exp(-reach), value * math.exp(reach), survey_quality(cell))


_AFFORDABLE = {"30": 1.02, "50": 1.24, "80": 1.44}
_AVAILABLE = {"30": 0.42, "50": 0.66, "80": 0.93}


def affordability(cell: Cell, name: str) -> Estimate:
    """Return homes per household at an income level; more than 1 is possible, few households give nothing."""
    place, level = cell.place, name.split("_")[-2]
    available = "available" in name
    below = {"30": 0.14, "50": 0.26, "80": 0.43}[level] * math.exp(-0.15 * place.prosperity)
    cases = place.population(cell.year) * 0.4 * below * part(place, cell.group) * 0.02
    if cases < 30:
        return MISSING
    base = (_AVAILABLE if available else _AFFORDABLE)[level]
    pressure = -0.55 * (place.urbanity - 0.45) - 0.02 * (cell.year - 2018)
    pressure += 0.1 * cell.noise("homes/place", yearly=False, grouped=False) + 0.5 * advantage(cell)
    value = base * math.exp(pressure * (1.3 if level == "30" else 1.0))
    value *= math.exp(0.6 / math.sqrt(cases) * cell.noise(name + "/error"))
    return Estimate(value, quality=survey_quality(cell))


_HOME_VALUE = {"black": -0.65, "hispanic": -0.5, "other": -0.05, "white": 0.12}


def housing_wealth(cell: Cell, name: str) -> Estimate:
    """Return the pair "share of home value:share of households" of a race, as text with three decimals."""
    place = cell.place
    race = name.split("_")[1]
    if place.population(cell.year) * 0.4 * place.share_of(race) * 0.01 * part(place, cell.group) < 1:
        return MISSING
    households, values = {}, {}
    for other in RACES:
        drawn = cell.of_group(f"{cell.group}-{other}").noise("homes/owners")
        cases = max(2.0, place.population(cell.year) * 0.004 * place.share_of(other))
        households[other] = place.share_of(other) * math.exp(0.25 * drawn / math.sqrt(cases))
        values[other] = households[other] * math.exp(
            place.gap * _HOME_VALUE[other] + 0.5 * drawn / math.sqrt(cases)
        )
    of_value = values[race] / sum(values.values())
    of_households = households[race] / sum(households.values())
    enough = place.population(cell.year) * 0.004 * place.share_of(race) >= 30
    return Estimate(f"{of_value:.3f}:{of_households:.3f}", quality=survey_quality(cell) if enough else 3)


def living_wage(cell: Cell, name: str) -> Estimate:
    """Return average pay over the living wage; few establishments make it weak, undisclosed pay missing."""
    workers = cell.place.population(cell.year) * 0.42 * part(cell.place, cell.group)
    if workers < 60:
        return MISSING
    value = 0.80 + 0.06 * cell.place.prosperity + 0.2 * (cell.place.urbanity - 0.45)
    value += 0.008 * (cell.year - 2018) + 0.05 * cell.noise(name + "/place", yearly=False)
    value *= math.exp(0.8 * advantage(cell) + 0.02 * cell.noise(name + "/error"))
    return Estimate(min(2.4, max(0.3, value)), quality=1 if workers > 450 else 3)


_GROUPED_NAMES: tuple[tuple[str, str, Callable[[Cell, str], Estimate]], ...] = (
    ("share_meps20_{}", "black hispanic white", high_poverty_schools),
    ("share_{}_exposure", "black_nh hispanic other_nh white_nh", racial_exposure),
    ("share_desc_rep_{}", "black_nonhispanic hispanic other white_nonhispanic", representation),
    ("frpl40_{}", "black hispanic white", plain),
    ("index_transit_{}", "trips", plain),
    ("index_transportation_{}", "cost", plain),
    ("pctl_income_{}", "20 50 80", income),
    ("share_affordable_{}_ami", "30 50 80 available_30 available_50 available_80", affordability),
    ("ratio_{}_house_value_households", "black_nh hispanic other_nh white_nh", housing_wealth),
)

#: Which model makes a variable's number.
SHARE_MODELS: dict[str, Callable[[Cell, str], Estimate]] = {
    **dict.fromkeys(SURVEY_SHARES, survey_share),
    "share_digital_access": digital_access,
    "share_digital_access_people": digital_access,
    "share_debt_coll": debt,
    "share_medical_debt_coll": debt,
    "share_election_turnout": turnout,
    "share_poverty_exposure": poverty_exposure,
    "share_transit_commuter": transportation,
    "share_transportation_cost": transportation,
    "index_air_hazard": air_quality,
    "share_economic_connectedness": connectedness,
    "ratio_living_wage": living_wage,
    **{name.format(part): model for name, parts, model in _GROUPED_NAMES for part in parts.split()},
}
