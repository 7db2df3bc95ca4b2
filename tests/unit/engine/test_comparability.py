"""What may be compared: every rule refuses with its own reason, and the column rules agree with the plain
ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import polars as pl
import pytest

from upward.catalog.load import load_catalog
from upward.catalog.model import Break
from upward.catalog.statements import load_statements
from upward.engine.comparability import (
    Refusal,
    first_year_joined,
    refused_alone,
    refused_alone_many,
    refused_groups,
    refused_places,
    refused_years,
    refused_years_many,
)

CATALOG = load_catalog()


@dataclass(frozen=True)
class Row:
    """A number with the fields that the rules look at."""

    variable: str = "share_employed"
    edition: str = "2025"
    geo_level: str = "county"
    geo_id: str = "29019"
    geo_vintage: str | None = "2015"
    period: str = "2023"
    group_type: str = "all"
    group: str = "all"
    value: float | None = 0.8
    quality: int | None = 1
    method: str | None = "acs-1yr"
    source_release: str = "2025.01"
    flags: str | None = None


EMPLOYMENT = CATALOG.metrics["employment"]
EARLIER, LATER = Row(period="2018"), Row()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"value": None}, Refusal.NO_VALUE),
        ({"quality": 3}, Refusal.WEAK),
        ({"quality": None}, None),
        ({"flags": "state-pool"}, Refusal.STATE_POOL),
        ({"flags": "code-padded former-area"}, Refusal.OTHER_BOUNDARY),
        ({"flags": "underreported"}, Refusal.DOUBTFUL),
        ({"edition": "2022"}, Refusal.OTHER_EDITION),
        ({"source_release": "2024-09"}, Refusal.OTHER_PUBLICATION),
        ({"method": "acs-5yr"}, Refusal.OTHER_METHOD),
        ({"variable": "share_hs_degree"}, Refusal.OTHER_NUMBER),
        ({"geo_id": "29021"}, Refusal.OTHER_NUMBER),
    ],
)
def test_years_are_joined_only_where_nothing_else_changed(change, refusal):
    assert (
        refused_years(replace(EARLIER, **change), LATER, EMPLOYMENT, pooled_years=1, moved=False) is refusal
    )


def test_a_gap_in_a_series_is_no_break_but_a_new_source_is():
    assert (
        refused_years(Row(period="2019"), Row(period="2021"), EMPLOYMENT, pooled_years=1, moved=False) is None
    )
    debt = CATALOG.metrics["debt"]
    old, new = (Row(variable="share_debt_coll", period=year) for year in ("2018", "2022"))
    assert refused_years(old, new, debt, pooled_years=1, moved=False) is Refusal.BREAK
    assert first_year_joined(debt, "county", 2023) == 2023
    assert first_year_joined(debt, "place", 2023) == 0


def test_boundaries_count_only_for_a_place_that_moved():
    later = replace(LATER, geo_vintage="2022")
    assert refused_years(EARLIER, later, EMPLOYMENT, pooled_years=1, moved=False) is None
    assert refused_years(EARLIER, later, EMPLOYMENT, pooled_years=1, moved=True) is Refusal.OTHER_BOUNDARY


def test_pooled_years_must_not_share_their_people():
    for year, refusal in (("2019", Refusal.SHARED_YEARS), ("2018", None)):
        found = refused_years(Row(period=year), LATER, EMPLOYMENT, pooled_years=5, moved=False)
        assert found is refusal


def test_dollars_of_two_years_are_not_compared():
    income = CATALOG.metrics["income"]
    old, new = (Row(variable="pctl_income_20", period=year) for year in ("2018", "2023"))
    assert refused_years(old, new, income, pooled_years=1, moved=False, dollars=True) is Refusal.OTHER_PRICES


def test_groups_are_compared_with_groups_that_do_not_share_people():
    black, white = (Row(group_type="race-ethnicity", group=group) for group in ("black-nh", "white-nh"))
    assert refused_groups(black, white, CATALOG) is None
    everybody = replace(white, group="all")
    assert refused_groups(black, everybody, CATALOG) is Refusal.PART_AND_WHOLE
    overlapping = [replace(row, group_type="race-ethnicity-overlapping") for row in (black, white)]
    assert refused_groups(*overlapping, CATALOG) is Refusal.OVERLAPPING_GROUPS
    assert refused_groups(black, replace(white, period="2021"), CATALOG) is Refusal.OTHER_YEAR
    assert refused_groups(black, replace(white, quality=3), CATALOG) is Refusal.WEAK


def test_a_city_is_never_set_beside_a_county_nor_crime_beside_crime():
    debt = CATALOG.variables["share_debt_coll"]
    county = Row(variable=debt.id)
    city = replace(county, geo_level="place", geo_id="4260000")
    assert refused_places(county, city, CATALOG.metrics["debt"], debt) is Refusal.OTHER_LEVEL
    for metric in ("crime", "juvenile_arrests"):
        variable = CATALOG.metrics[metric].variables[0]
        row = Row(variable=variable.id)
        other = replace(row, geo_id="29021")
        assert refused_places(row, other, CATALOG.metrics[metric], variable) is Refusal.NOT_RANKED
    exposure = CATALOG.variables["share_black_nh_exposure"]
    row = Row(variable=exposure.id)
    assert refused_places(row, row, CATALOG.metrics[exposure.metric], exposure) is Refusal.NO_BETTER_SIDE
    assert refused_places(county, replace(county, geo_id="1"), CATALOG.metrics["debt"], debt) is None


def test_every_refusal_has_its_sentence_in_both_languages():
    for language in ("en", "es"):
        assert set(load_statements(language).refusals) == {str(refusal) for refusal in Refusal}


def test_the_column_rules_agree_with_the_plain_ones():
    flags = (None, "state-pool", "other-boundary", "capped", "quality-recomputed")
    alone = [Row(value=v, quality=q, flags=f) for v, q, f in product((None, 0.5), (None, 1, 2, 3), flags)]
    frame = pl.DataFrame([{"value": row.value, "quality": row.quality, "flags": row.flags} for row in alone])
    assert frame.select(refused_alone_many()).to_series().to_list() == [refused_alone(row) for row in alone]
    metric = replace(EMPLOYMENT, breaks=(Break(2015, 2016, "source", "why", "new"),))
    cases = [
        (
            replace(EARLIER, period=year, edition=e, source_release=r, method=m, geo_vintage=g),
            pooled,
            moved,
            dollars,
        )
        for year, e, r, m, g, pooled, moved, dollars in product(
            ("2014", "2018", "2022"),
            ("2022", "2025"),
            ("2024-09", "2025.01"),
            (None, "acs-1yr"),
            ("2015", "2020"),
            (1, 5),
            (False, True),
            (False, True),
        )
    ]
    pairs = pl.DataFrame(
        [
            {
                **{
                    f"earlier_{n}": getattr(row, n)
                    for n in ("edition", "source_release", "method", "geo_vintage")
                },
                **{
                    f"later_{n}": getattr(LATER, n)
                    for n in ("edition", "source_release", "method", "geo_vintage")
                },
                "earlier_year": int(row.period),
                "later_year": 2023,
                "joined_from": first_year_joined(metric, "county", 2023),
                "pooled_years": pooled,
                "moved": moved,
                "dollars": dollars,
            }
            for row, pooled, moved, dollars in cases
        ]
    )
    plain = [
        refused_years(row, LATER, metric, pooled_years=pooled, moved=moved, dollars=dollars)
        for row, pooled, moved, dollars in cases
    ]
    assert pairs.select(refused_years_many()).to_series().to_list() == plain
    assert set(plain) > {None, Refusal.BREAK, Refusal.OTHER_PRICES, Refusal.SHARED_YEARS}
