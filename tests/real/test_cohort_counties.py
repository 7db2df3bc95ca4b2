"""The printed values of eight counties in the 2022 edition are those that a release holds."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest

from upward.warehouse.read import Release, ResultRow

pytestmark = pytest.mark.real

COUNTIES = ("06001", "29019", "42101", "27123", "06065", "12111", "39153", "11001")
#: variable -> decimals, values in the order of COUNTIES; None where nothing is published. Rates as printed.
PRINTED: dict[str, tuple[int, tuple[float | None, ...]]] = {
    "share_in_preschool": (3, (0.516, 0.361, 0.339, 0.325, 0.246, 0.299, 0.333, 0.680)),
    "rate_learning": (2, (1.11, 0.96, 1.00, 1.00, 1.04, 0.94, 0.95, 0.94)),
    "share_hs_degree": (3, (0.958, 0.980, 0.862, 0.878, 0.920, 0.855, 0.970, 0.928)),
    "share_digital_access": (3, (0.924, 0.857, 0.836, 0.905, 0.915, 0.911, 0.900, 0.841)),
    "pctl_income_20": (0, (41180, 24142, 17263, 32085, 32949, 28781, 25439, 29294)),
    "pctl_income_50": (0, (110196, 61425, 53300, 72659, 79220, 61779, 63683, 89579)),
    "pctl_income_80": (0, (232726, 121606, 118396, 147056, 146720, 109071, 124703, 209157)),
    "share_debt_coll": (3, (0.149, 0.219, 0.350, 0.157, 0.261, 0.304, 0.272, 0.223)),
    "ratio_population_pc_physician": (0, (902, 851, 1339, 919, 2275, 2855, 1027, 808)),
    "rate_low_birth_weight": (3, (0.070, 0.070, 0.110, 0.084, 0.067, 0.092, 0.093, 0.096)),
    "rate_injury_death": (1, (44.8, 56.7, 120.4, 75.2, 60.5, 81.4, 95.4, 94.9)),
    "share_affordable_80_ami": (2, (1.31, 1.67, 1.38, 1.59, 1.13, 1.49, 1.69, 1.33)),
    "share_homeless": (3, (0.018, 0.008, 0.029, 0.012, 0.045, 0.034, 0.024, 0.071)),
    "share_election_turnout": (3, (0.706, 0.668, 0.650, 0.762, 0.627, 0.726, 0.675, 0.652)),
    "share_poverty_exposure": (3, (0.063, 0.251, 0.275, 0.045, 0.007, 0.134, 0.105, 0.142)),
    "share_employed": (3, (0.804, 0.843, 0.757, 0.850, 0.749, 0.784, 0.812, 0.830)),
    "ratio_living_wage": (3, (0.758, 0.650, 0.873, 0.769, 0.571, 0.591, 0.694, 1.069)),
    "rate_crime_violent": (0, (None, 1512, 1698, 1072, None, None, 1354, 1345)),
    "rate_juv_arrest": (0, (None, 3410, 728, 863, None, None, 1222, 1047)),
    "ratio_high_low_ses_fb_friends": (3, (0.916, 0.939, 0.721, 0.855, 0.748, 0.668, 0.735, 0.996)),
    "count_membership_associations_per_10k": (1, (6.7, 10.5, 7.5, 11.5, 4.2, 5.2, 11, 29)),
}
BLACK_HOME_WEALTH = (
    (4.9, 11.1),
    (4.0, 7.3),
    (26.4, 39.2),
    (2.4, 10.9),
    (5.2, 6.6),
    (9.6, 16.3),
    (4.5, 12.0),
    (28.8, 40.8),
)
RECENT_FILE = "00_mobility-metrics_recent"


def _recent(release: Release, county: str, variable: str) -> list[ResultRow]:
    """Return the row of the table with the most recent values, or the component row that stands for it."""
    frame = release.metrics(county, metric=variable, group_type="all", source_release="2023-24")
    rows = [row for row in map(ResultRow._make, frame.rows()) if row.variable == variable]
    newest = max((row.period for row in rows), default="")
    recent = [row for row in rows if RECENT_FILE in row.source_file]
    return recent or [row for row in rows if row.period == newest]


def _printed_as(value: float, printed: float, decimals: int) -> bool:
    """Tell whether a value is printed so: rounded, halves up, or cut off."""
    step, exact = Decimal(1).scaleb(-decimals), Decimal(repr(value))
    rounded = exact.quantize(step, ROUND_HALF_UP), exact.quantize(step, ROUND_DOWN)
    return Decimal(repr(printed)).quantize(step) in rounded


@pytest.mark.parametrize("variable", list(PRINTED))
def test_values_of_the_2022_edition_are_those_printed(variable: str, real_release: Release) -> None:
    decimals, printed = PRINTED[variable]
    for county, expected in zip(COUNTIES, printed, strict=True):
        rows = _recent(real_release, county, variable)
        assert all(row.source_release == "2023-24" for row in rows)
        values = [row.value for row in rows if row.value is not None]
        if expected is None:
            assert values == [], f"{county} {variable}"
        else:
            (value,) = values
            assert _printed_as(value, expected, decimals), f"{county} {variable}: {value} against {expected}"


def test_housing_wealth_pairs_of_the_2022_edition_are_those_printed(real_release: Release) -> None:
    for county, (wealth, households) in zip(COUNTIES, BLACK_HOME_WEALTH, strict=True):
        (row,) = _recent(real_release, county, "ratio_black_nh_house_value_households")
        assert row.numerator is not None
        assert row.denominator is not None
        assert round(100 * row.numerator, 1) == wealth
        assert round(100 * row.denominator, 1) == households
