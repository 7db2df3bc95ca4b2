"""The invented state of the sample data: its counties, its cities and what makes each of them as it is.

Nothing here describes a real place. The state's code and its names are used by no real state or county, so a
sample can never be taken for one.

What belongs here: names, codes, sizes and the hidden traits from which all values follow. What does not: how
a value follows from them (`sample_values.py`), or how a file looks (`sample_files.py`).
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

STATE_CODE = "98"
STATE_NAME = "Cardinal"
STATE_ABBREVIATION = "CD"

_STANDARD_NORMAL = NormalDist()
_TWO_POW_53 = float(1 << 53)


@lru_cache(maxsize=1 << 18)
def uniform(seed: int, key: str) -> float:
    """Return a number between 0 and 1 that depends on the seed and the key alone, not on the order of use."""
    digest = hashlib.blake2b(f"{seed}|{key}".encode(), digest_size=8).digest()
    return ((int.from_bytes(digest, "big") >> 11) + 0.5) / _TWO_POW_53


def noise(seed: int, key: str) -> float:
    """Return a standard normal number that depends on the seed and the key alone."""
    return _STANDARD_NORMAL.inv_cdf(uniform(seed, key))


@dataclass(frozen=True, slots=True)
class SamplePlace:
    """An invented county or city and its hidden traits.

    `key` is what the traits are drawn from: it stays the same when a county gets another code.
    `prosperity` is in standard deviations; `urbanity` runs from 0 to 1; `shares` are the residents' shares by
    race and ethnicity; `gap` scales the differences between groups (1 = usual).
    """

    level: str
    key: str
    code: str
    name: str
    size: float
    prosperity: float
    urbanity: float
    growth: float
    gap: float
    shares: tuple[tuple[str, float], ...]
    first_year: int
    last_year: int

    @property
    def geo_id(self) -> str:
        """The full code: state and county, or state and city."""
        return STATE_CODE + self.code

    def population(self, year: int) -> int:
        """Return the invented population of a year."""
        return max(64, round(self.size * math.exp(self.growth * (year - 2018))))

    def share_of(self, group: str) -> float:
        """Return the residents' share of a group by race and ethnicity."""
        return dict(self.shares)[group]


# code, name, population of 2018, prosperity, first and last year of the code
_COUNTIES = """
001 Tanager      1123000  0.3 | 003 Plover        412000  0.9 | 005 Willowmark    233000 -0.6
007 Kestrel       187000  1.4 | 009 Castaño       151000 -1.1 | 011 Goldfinch     118000  0.5
013 Larkmoor       96400  0.1 | 015 Fernhollow     81200 -0.4 | 017 Sparrowhill    74800  1.0
019 Meadowlark     66100 -0.9 | 021 Foxglove       58300  0.2 | 023 Quillback      51900 -1.5
025 Thistledown    46700  0.4 | 027 Bunting        41300 -0.2 | 029 Hawthornby     38800  0.7
031 Nuthatch       35500 -0.7 | 033 Siskin         31900  0.0 | 035 Larchwood      28700  1.2
037 Brindle        26200 -0.3 | 039 Harebell       24400 -1.0 | 041 Wrenfield      22800  0.3
043 Cloverfield    20900 -0.5 | 045 Bittern        18700  0.6 | 047 Towhee         16900 -1.3
049 Marigold       15300  0.1 | 051 Oriole         13800 -0.1 | 053 Whimbrel       12400  0.8
055 Tamarisk       11100 -0.8 | 057 Juniperly       9800  0.2 | 059 Sedgewater      8700 -0.6
063 Crossbill       7400  0.4 | 065 Kinglet         6100 -1.2 | 067 Rushmere        4900  0.0
069 Sorrel          3700 -0.4 | 071 Yarrowby        2600  0.5 | 073 Waxwing         1640 -0.2
075 Dovetail         790  0.1
"""
#: The one county that was renamed and given a new code in 2015, and the one that was split in two in 2020.
RENAMED = ("113", "Starling", "102", "Heronmere", 13500, -1.6, 2015)
SPLIT = ("061", "Vireo", 17100, 0.2, 2020, (("062", "North Vireo", 0.36), ("064", "South Vireo", 0.64)))
# code, name, home county, population of 2018, prosperity relative to the county, first year
_CITIES = (
    ("04000", "Tanager city", "001", 641000, -0.3, 2014),
    ("12500", "Plover Bay city", "003", 208000, 0.1, 2014),
    ("20750", "Willowmark city", "005", 131000, -0.2, 2014),
    ("33100", "Castaño city", "009", 97400, -0.1, 2014),
    ("41250", "Kestrel Heights city", "007", 84300, 0.2, 2014),
    ("57800", "New Alderwick city", "001", 88900, -0.5, 2018),
)

#: City -> the part of its survey areas' people who live in it; what the quality of survey figures rests on.
CITY_AREA_SHARE = {
    "04000": 0.93,
    "12500": 0.81,
    "20750": 0.62,
    "33100": 0.52,
    "41250": 0.78,
    "57800": 0.30,
}
#: Cities whose area shares before 2022 were computed with a city of another state that has the same code:
#: the published sum is too small by this factor, and so the published flag is too weak.
MIXED_UP_BEFORE_2022 = {"12500": 0.55, "33100": 0.6}


def published_area_share(code: str, period: str) -> float:
    """Return the sum in the published table of a city's survey areas; the period `pre-2022` has the fault."""
    factor = MIXED_UP_BEFORE_2022.get(code, 1.0) if period == "pre-2022" else 1.0
    return CITY_AREA_SHARE[code] * factor


def allocation_quality(area_share: float) -> int:
    """Return the flag of survey figures whose areas lie in the place with that share."""
    return 1 if area_share >= 0.75 else 2 if area_share >= 0.35 else 3


def _traits(seed: int, key: str, size: float) -> tuple[float, float, float, tuple[tuple[str, float], ...]]:
    """Draw growth, group gap, urbanity and shares by race and ethnicity of a place."""
    urbanity = min(1.0, max(0.0, (math.log10(size) - 3.0) / 3.0 + 0.06 * noise(seed, key + "/urban")))
    growth = 0.002 + 0.009 * (urbanity - 0.4) + 0.005 * noise(seed, key + "/growth")
    gap = math.exp(0.3 * noise(seed, key + "/gap"))
    black = min(0.55, math.exp(-3.0 + 1.2 * urbanity + 0.8 * noise(seed, key + "/black")))
    hispanic = min(0.6, math.exp(-2.5 + 0.9 * urbanity + 0.7 * noise(seed, key + "/hispanic")))
    other = min(0.3, math.exp(-3.3 + 1.2 * urbanity + 0.4 * noise(seed, key + "/other")))
    scale = min(1.0, 0.9 / (black + hispanic + other))
    parts = {"black": black * scale, "hispanic": hispanic * scale, "other": other * scale}
    shares = (*parts.items(), ("white", 1.0 - sum(parts.values())))
    return growth, gap, urbanity, shares


def _county(
    seed: int, code: str, name: str, size: float, prosperity: float, years: tuple[int, int], key: str = ""
) -> SamplePlace:
    growth, gap, urbanity, shares = _traits(seed, key or code, size)
    full_name = f"{name} County"
    return SamplePlace(
        "county", key or code, code, full_name, size, prosperity, urbanity, growth, gap, shares, *years
    )


def sample_counties(seed: int) -> tuple[SamplePlace, ...]:
    """Return every county code of the invented state, former ones included, with the years it was in use."""
    counties = []
    for entry in _COUNTIES.replace("\n", "|").split("|"):
        if entry.strip():
            code, name, size, prosperity = entry.split()
            counties.append(_county(seed, code, name, float(size), float(prosperity), (2014, 2099)))
    old, old_name, new, new_name, renamed_size, renamed_prosperity, change = RENAMED
    counties.append(_county(seed, old, old_name, renamed_size, renamed_prosperity, (2014, change - 1), new))
    counties.append(_county(seed, new, new_name, renamed_size, renamed_prosperity, (change, 2099)))
    whole, whole_name, whole_size, whole_prosperity, split_year, parts = SPLIT
    counties.append(_county(seed, whole, whole_name, whole_size, whole_prosperity, (2014, split_year - 1)))
    for code, name, part in parts:
        counties.append(_county(seed, code, name, whole_size * part, whole_prosperity, (split_year, 2099)))
    return tuple(sorted(counties, key=lambda place: place.code))


def sample_cities(seed: int) -> tuple[SamplePlace, ...]:
    """Return the cities of the invented state with the first year in which they are published."""
    homes = {county.code: county for county in sample_counties(seed)}
    cities = []
    for code, name, home, size, step, first in _CITIES:
        county = homes[home]
        growth, gap, urbanity, _ = _traits(seed, code, size)
        shares = _city_shares(county)
        prosperity = county.prosperity + step
        cities.append(
            SamplePlace(
                "place", code, code, name, size, prosperity, urbanity, growth, gap, shares, first, 2099
            )
        )
    return tuple(cities)


def _city_shares(county: SamplePlace) -> tuple[tuple[str, float], ...]:
    """A city has a third more residents of color than its county, within the whole."""
    parts = {group: min(0.4, share * 1.33) for group, share in county.shares if group != "white"}
    return (*parts.items(), ("white", 1.0 - sum(parts.values())))
