"""Names of peers in the tables of a page: short, and never those of two places at once."""

from __future__ import annotations

import pytest

from upward.present.build_tables import _short_names


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["Roanoke County, VA", "Kent County, DE"], ["Roanoke", "Kent, DE"]),
        (["Baltimore city, MD", "Baltimore County, MD"], ["Baltimore city, MD", "Baltimore County, MD"]),
        (["St. Louis County, VA", "St. Louis County, MN"], ["St. Louis County, VA", "St. Louis County, MN"]),
        (["Capitol Planning Region, CT", "Salem city, VA"], ["Capitol Planning Region, CT", "Salem city"]),
    ],
)
def test_a_short_name_is_that_of_one_place(labels, names) -> None:
    assert _short_names(tuple(labels), ", VA") == names
