"""Invented counts of events and rates made from them, with the publishers' rules for small numbers.

What belongs here: homeless students, physicians, births, injury deaths, crime, arrests, associations and
learning rates. What does not: shares from surveys and tables (`sample_values.py`).
"""

from __future__ import annotations

import math
from collections.abc import Callable

from upward.warehouse.sample_places import SamplePlace
from upward.warehouse.sample_values import (
    MISSING,
    RACES,
    SHARE_MODELS,
    Z_95,
    Cell,
    Estimate,
    advantage,
    part,
    variation_quality,
)

STATE_POOL_LIMIT = 100_000  # the births table names only counties of this size; the others share one figure


def _count(cell: Cell, name: str, expected: float) -> int:
    """Return a whole number about the expected one, with the spread of rare events."""
    return max(0, round(expected + math.sqrt(max(expected, 0.0)) * cell.noise(name + "/events")))


# -- housing stability ---------------------------------------------


def _students(cell: Cell) -> float:
    return cell.place.population(cell.year) * 0.152 * part(cell.place, cell.group)


def homeless_students(cell: Cell, name: str) -> Estimate:
    """Return the number or the share of homeless students; the bounds come from imputed districts alone."""
    place, students = cell.place, _students(cell)
    rate = 0.024 * math.exp(-0.3 * place.prosperity - 0.9 * advantage(cell))
    rate *= math.exp(0.35 * cell.noise("homeless/place", yearly=False, grouped=False))
    rate *= math.exp(-0.35 if cell.year == 2020 else 0.0)
    count = _count(cell, "homeless", students * rate)
    districts = int(6 * cell.uniform("homeless/districts") ** 4) if place.level == "county" else 0
    if count < 10:
        return MISSING
    lower, upper = max(0, count - districts), count + districts
    spread = upper / lower if lower else 9.0
    quality = 1 if spread <= 1.05 else 2 if spread <= 1.1 else 3
    if count < 30 or students < 30:
        quality = 3
    if name == "share_homeless":
        return Estimate(count / students, quality=quality) if count <= students else MISSING
    return Estimate(float(count), float(lower), float(upper), quality)


# -- health ---------------------------------------------


def physicians(cell: Cell, name: str) -> Estimate:
    """Return residents per primary care physician; 0 says that a tiny place has none."""
    people = cell.place.population(cell.year)
    rate = 0.00062 * math.exp(0.25 * cell.place.prosperity + 0.8 * (cell.place.urbanity - 0.45))
    rate *= math.exp(0.3 * cell.noise(name + "/place", yearly=False))
    drift = 1 + 0.004 * (cell.year - 2018)
    number = math.floor(people * rate * drift + 0.5 * cell.uniform(name + "/rounding", yearly=False))
    if number == 0 or cell.place.key == "069":  # the planted case: no physician, though not tiny
        return Estimate(0.0, quality=3) if people <= 2000 else MISSING
    change = 1 / (number + 1)
    return Estimate(float(round(people / number)), quality=1 if change < 0.2 else 2 if change < 0.4 else 3)


def _births(cell: Cell) -> float:
    return cell.place.population(cell.year) * 0.0113 * part(cell.place, cell.group)


def _low_weight(cell: Cell, births: float) -> Estimate:
    """Return the share of low birth weight among so many births with its normal bounds."""
    truth = 0.083 * math.exp(-0.08 * cell.place.prosperity - 0.55 * advantage(cell))
    truth *= 1 + 0.004 * (cell.year - 2018)
    error = math.sqrt(truth * (1 - truth) / births)
    value = max(0.01, truth + error * cell.noise("births/error"))
    error = math.sqrt(value * (1 - value) / births)
    return Estimate(value, max(0.0, value - Z_95 * error), min(1.0, value + Z_95 * error))


#: The place that stands for all small counties of the state together: they share its figure.
_SMALL_COUNTIES = SamplePlace(
    "county", "small-counties", "999", "Unidentified Counties", 900_000.0, -0.15, 0.35, 0.0, 1.0,
    (("black", 0.06), ("hispanic", 0.09), ("other", 0.04), ("white", 0.81)), 2014, 2099,
)  # fmt: skip


def low_birth_weight(cell: Cell, name: str) -> Estimate:
    """Return the share of low weight births: every small county carries the pooled figure of the state."""
    del name
    if cell.place.size < STATE_POOL_LIMIT:
        pool = Cell(cell.seed, _SMALL_COUNTIES, cell.year, cell.group, cell.period)
        pooled = _low_weight(pool, _births(pool))
        return Estimate(pooled.value, pooled.lower, pooled.upper, 3)
    births = _births(cell)
    if births < 30:
        return MISSING
    found = _low_weight(cell, births)
    return Estimate(found.value, found.lower, found.upper, 3 if births < 100 else 2 if births < 200 else 1)


def injury_deaths(cell: Cell, name: str) -> Estimate:
    """Return injury deaths per 100,000 over five pooled years; fewer than 20 deaths are withheld."""
    people = 5 * cell.place.population(cell.year) * part(cell.place, cell.group)
    rate = 84.0 * math.exp(-0.14 * cell.place.prosperity - 0.3 * (cell.place.urbanity - 0.45))
    rate *= math.exp(0.022 * (cell.year - 2018) - 0.35 * advantage(cell))
    rate *= math.exp(0.1 * cell.noise(name + "/place", yearly=False, grouped=False))
    deaths = _count(cell, name, people * rate / 100_000)
    if deaths < 20:
        return MISSING
    per_100k, variation = deaths / people * 100_000, 1 / math.sqrt(deaths)
    reach = Z_95 * variation
    quality = variation_quality(variation, (0.2, 0.4))
    lower, upper = round(per_100k * (1 - reach), 1), round(per_100k * (1 + reach), 1)
    return Estimate(round(per_100k, 1), lower, upper, quality)


# -- safety and policing ---------------------------------------------


def _reporting(cell: Cell) -> int | None:
    """Return how completely the agencies reported in the year: 1 all, 2 most, 3 some, None nobody."""
    drawn = cell.of_group("all").uniform("reporting") * (1.15 if cell.year == 2021 else 1.0)
    if cell.place.key == "001":
        return 2 if cell.year == 2021 else 1
    return 1 if drawn < 0.45 else 2 if drawn < 0.7 else 3 if drawn < 0.97 else None


def crime(cell: Cell, name: str) -> Estimate:
    """Return reported crimes per 100,000 residents of the agencies that reported."""
    quality = _reporting(cell)
    if quality is None:
        return MISSING
    base = 310.0 if name.endswith("violent") else 1650.0
    rate = base * math.exp(-0.35 * cell.place.prosperity + 1.1 * (cell.place.urbanity - 0.45))
    rate *= math.exp(0.25 * cell.noise(name + "/place", yearly=False) + (0.0 if quality == 1 else -0.2))
    number = _count(cell, name, cell.place.population(cell.year) * rate / 100_000)
    return Estimate(number / cell.place.population(cell.year) * 100_000, quality=quality)


def juvenile_arrests(cell: Cell, name: str) -> Estimate:
    """Return arrests per 100,000 juveniles; a tiny group can have more arrests than members."""
    quality = _reporting(cell)
    if quality is None:
        return MISSING
    juveniles = cell.place.population(cell.year) * 0.104 * part(cell.place, cell.group)
    if cell.place.key == "067" and cell.group == "black" and cell.year == 2023:  # the planted case
        return Estimate(4 / 2.5 * 100_000, quality=1)
    if juveniles < 1:
        return MISSING
    steps = {"female": -0.5, "male": 0.35, "10-14": -0.9, "15-17": 0.85}
    rate = 900.0 * math.exp(-0.3 * cell.place.prosperity + steps.get(cell.group, -0.9 * advantage(cell)))
    number = _count(cell, name, juveniles * rate / 100_000)
    return Estimate(number / juveniles * 100_000, quality=quality)


# -- neighbors and schools ---------------------------------------------


def associations(cell: Cell, name: str) -> Estimate:
    """Return membership associations per 10,000 residents with one decimal; none reported is missing."""
    people = cell.place.population(cell.year)
    rate = 10.5 * math.exp(0.1 * cell.place.prosperity - 0.35 * (cell.place.urbanity - 0.45))
    rate *= math.exp(0.2 * cell.noise(name + "/place", yearly=False)) * (0.94 if cell.year >= 2017 else 1.0)
    number = round(people * rate / 10_000)
    if number == 0:
        return MISSING
    weak = cell.place.level == "place" and cell.place.key == "57800"
    return Estimate(round(number / people * 10_000, 1), quality=2 if weak else 1)


def learning(cell: Cell, name: str) -> Estimate:
    """Return grade levels learned per grade; in tiny places the error is larger than the rate."""
    pupils = cell.place.population(cell.year) * 0.07 * part(cell.place, cell.group)
    if pupils < 25 or (cell.group in RACES and pupils < 45):
        return MISSING
    truth = 1.0 + 0.05 * cell.place.prosperity + 0.09 * advantage(cell)
    truth += {"female": 0.02, "male": -0.02}.get(cell.group, 0.0)
    truth += 0.07 * cell.noise(name + "/place", yearly=False, grouped=False)
    error = 3.6 / math.sqrt(pupils)
    value = truth + error * cell.noise(name + "/error")
    if cell.place.key == "073" and cell.year == 2016 and cell.group == "all":  # the planted case
        value = -0.21
    quality = 1 if pupils > 900 else 2 if pupils > 400 else 3
    return Estimate(value, value - Z_95 * error, value + Z_95 * error, quality)


def shortage_area(cell: Cell, name: str) -> Estimate:
    """Return 1 where the place counts as short of health professionals, an older edition's measure."""
    found = physicians(cell, "ratio_population_pc_physician").value
    short = found is None or found == 0 or float(found) > 2300
    return Estimate(1.0 if short else 0.0, quality=1 if name else None)


def doubled_connectedness(cell: Cell, name: str) -> Estimate:
    """Return economic connectedness on the older scale, twice the share of the newer edition."""
    del name
    found = SHARE_MODELS["share_economic_connectedness"](cell, "share_economic_connectedness")
    if found.value is None:
        return MISSING
    return Estimate(2 * float(found.value), quality=found.quality)


MODELS: dict[str, Callable[[Cell, str], Estimate]] = {
    **SHARE_MODELS,
    "count_homeless": homeless_students,
    "share_homeless": homeless_students,
    "ratio_population_pc_physician": physicians,
    "rate_low_birth_weight": low_birth_weight,
    "rate_injury_death": injury_deaths,
    "rate_crime_violent": crime,
    "rate_crime_property": crime,
    "rate_juv_arrest": juvenile_arrests,
    "count_membership_associations_per_10k": associations,
    "rate_learning": learning,
    "hpsa_yn": shortage_area,
    "ratio_high_low_ses_fb_friends": doubled_connectedness,
}
