"""Faults planted in the sample on purpose: one of every kind that the published files really have.

Each fault is invented, small and named; the ordinary build must find it, say so and go on.

What belongs here: changes to rows that are already written. What does not: faults that follow from a file's
style (line ends, lost zeros, quoting), which `sample_files.py` writes.
"""

from __future__ import annotations

from collections.abc import Callable

from upward.warehouse.sample_files import Row


def _rows_of(rows: list[Row], **keys: str) -> list[Row]:
    return [row for row in rows if all(row[name] == value for name, value in keys.items())]


def _one_bound_only(rows: list[Row]) -> None:
    """Three incomes of a group lose one of their bounds."""
    found = [row for row in rows if row["pctl_income_80"] not in ("", "NA") and row["subgroup"] == "Hispanic"]
    for row, column in zip(
        found, ("pctl_income_80_ub", "pctl_income_80_ub", "pctl_income_20_lb"), strict=False
    ):
        row[column] = "NA"


def _unknown_group(rows: list[Row]) -> None:
    """A group label that is no label, as in a file of housing wealth by age."""
    copied = dict(next(row for row in rows if row["year"] == "2018" and row["subgroup"] == "Under Age 45"))
    copied["subgroup"] = "NA"
    rows.append(copied)


def _zero_pay(rows: list[Row]) -> None:
    """A pay ratio of zero with the best flag: undisclosed pay that slipped through."""
    for row in (*_rows_of(rows, year="2018", county="053"), *_rows_of(rows, year="2023", county="039")):
        row["ratio_living_wage"], row["ratio_living_wage_quality"] = "0", "1"


def _flag_without_value(column: str) -> Callable[[list[Row]], None]:
    def plant(rows: list[Row]) -> None:
        """Missing values keep the weakest flag."""
        for row in rows:
            if row[column] in ("", "NA"):
                row[f"{column}_quality"] = "3"

    return plant


def _air_flag_without_value(rows: list[Row]) -> None:
    """Two missing values of a group carry a middling flag."""
    for row in [row for row in rows if row["subgroup"] == "High-Poverty" and row["index_air_hazard"] == "NA"][
        :2
    ]:
        row["index_air_hazard_quality"] = "2"


def _value_without_flag(column: str) -> Callable[[list[Row]], None]:
    def plant(rows: list[Row]) -> None:
        """One value lacks its flag."""
        row = next(row for row in rows if row[column] not in ("", "NA"))
        row[f"{column}_quality"] = "NA"

    return plant


def _homeless_value_without_flag(rows: list[Row]) -> None:
    """A small number of students that should have been withheld, without share and flag."""
    row = next(
        row
        for row in rows
        if row["subgroup"] == "Black, Non-Hispanic" and row["count_homeless"] in ("", "NA")
    )
    row.update(count_homeless="3", count_homeless_lb="0", count_homeless_ub="6")


def _underreported(rows: list[Row]) -> None:
    """The largest county reported next to nothing in 2021, yet its flag is only marginal."""
    for row in _rows_of(rows, year="2021", county="001"):
        row.update(rate_crime_violent="19.95", rate_crime_property="50.7")


def _text_for_a_year(rows: list[Row]) -> None:
    """A line whose year is text: nobody can say when its value holds."""
    broken = dict(rows[-1])
    broken["year"] = "2023 (preliminary)"
    rows.append(broken)


def _repeated_line(rows: list[Row]) -> None:
    """One line stands twice."""
    rows.append(dict(rows[7]))


def _value_outside_bounds(rows: list[Row]) -> None:
    """One value lies above its own upper bound."""
    row = next(row for row in rows if row["year"] == "2017" and row["share_employed"] not in ("", "NA"))
    row["share_employed_ub"] = f"{float(row['share_employed']) - 0.05:.10g}"


def _missing_transport(rows: list[Row]) -> None:
    """The smallest county has no transportation figures in 2015."""
    for row in _rows_of(rows, year="2015", county="075"):
        row.update(dict.fromkeys([name for name in row if name.startswith("share_")], "NA"))


_HOME = "mobility-from-poverty/"
#: What is planted where; the file must be part of the plan.
FAULTS: dict[str, tuple[Callable[[list[Row]], None], ...]] = {
    _HOME + "01_financial-well-being/final/metrics_income_place_race-ethnicity_longitudinal.csv": (
        _one_bound_only,
    ),
    _HOME + "01_financial-well-being/final/households_house_value_race_ethnicity_subgroup_city.csv": (
        _unknown_group,
    ),
    _HOME + "09_employment/data/final/living_wage_county_all_longitudinal.csv": (_zero_pay,),
    _HOME + "01_financial-well-being/county-debt-coll-shares-2022.csv": (
        _flag_without_value("share_debt_coll"),
    ),
    _HOME + "01_financial-well-being/share_debt_2018_long.csv": (_flag_without_value("share_debt_coll"),),
    _HOME + "06_neighborhoods/environment/data/final/environment_county_poverty_longitudinal.csv": (
        _air_flag_without_value,
    ),
    _HOME + "06_neighborhoods/social-capital/final/economic_connectedness_version2025_place_2022.csv": (
        _value_without_flag("share_economic_connectedness"),
    ),
    _HOME + "02_housing/data/final/homelessness_2019-2022_subgroups_county.csv": (
        _homeless_value_without_flag,
    ),
    _HOME + "07_safety/final/rates_crime_county_all.csv": (_underreported,),
    _HOME + "06_neighborhoods/social-capital/final/social_associations_all_county.csv": (_text_for_a_year,),
    _HOME + "08_education/data/final/meps_county_2014-2021.csv": (_repeated_line,),
    _HOME + "09_employment/data/final/metrics_employment_place_all_longitudinal.csv": (
        _value_outside_bounds,
    ),
    _HOME + "06_neighborhoods/Transportation/final/transportation_all_county.csv": (_missing_transport,),
}
