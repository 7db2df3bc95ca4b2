"""Peers' shares for targets are those that a plain script finds in the published files.

The script shares no code with the software: it reads a file with Python's csv module, keeps what is not Weak and
has both years, takes the noise out by the method of moments, and counts. Only the list of peers is the software's.
"""

from __future__ import annotations

import csv
import gzip
import math
import statistics
from dataclasses import dataclass
from pathlib import Path

import pytest

from upward.insights.analysis import Analysis

pytestmark = pytest.mark.real

ROOT = "mobility-from-poverty"
#: variable -> file of all counties.
FILES = {
    "share_employed": f"{ROOT}/09_employment/data/final/metrics_employment_county_all_longitudinal.csv.gz",
    "share_in_preschool": f"{ROOT}/08_education/data/final/metrics_preschool_county_all_longitudinal_all.csv.gz",
}
#: Bedford County took in the city of Bedford: figures of two boundary vintages are not compared there.
MOVED = {"51019"}
CASES = [
    ("29019", "share_employed", 0.88, 2030),
    ("06065", "share_employed", 0.83, 2028),
    ("42101", "share_employed", 0.82, 2026),
    ("39153", "share_in_preschool", 0.45, 2032),
    ("12111", "share_in_preschool", 0.42, 2028),
]


@dataclass(frozen=True)
class Seen:
    """One published number."""

    value: float
    error: float | None
    quality: str


def published(file: Path, variable: str) -> dict[str, dict[int, Seen]]:
    found: dict[str, dict[int, Seen]] = {}
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row[variable] in ("", "NA"):
                continue
            value, low, high = (
                None if row[name] in ("", "NA") else float(row[name])
                for name in (variable, f"{variable}_lb", f"{variable}_ub")
            )
            error = None
            if low is not None and high is not None and 0 < low < high < 1:
                down, up = value - low, high - value
                even = abs(down - up) <= 0.02 * max(down, up)
                error = (high - low) / 3.92 if even else max(down, up) / 1.96
            code = row["state"].zfill(2) + row["county"].zfill(3)
            found.setdefault(code, {})[int(row["year"])] = Seen(value, error, row[f"{variable}_quality"])
    return found


@pytest.mark.parametrize(("county", "variable", "to", "by"), CASES)
def test_shares_are_those_of_a_plain_count_in_the_published_file(
    county: str, variable: str, to: float, by: int, real_release: Analysis, shared_data: Path
) -> None:
    analysis = Analysis.of(real_release)
    found = analysis.target(county, variable, to=to, by=by)
    series = published(shared_data / FILES[variable], variable)
    newest = max(series[county])
    assert found.baseline.year == newest
    assert found.baseline.value == pytest.approx(series[county][newest].value)
    years = sorted({year for rows in series.values() for year in rows})
    apart = [
        (second - first, second, first)
        for second in years
        for first in years
        if 0 < second - first <= by - newest
    ]
    span, second, first = max(apart)
    assert (found.reached_all.first_year, found.reached_all.second_year) == (first, second)
    assert span <= by - newest

    changes: dict[str, tuple[float, float | None]] = {}
    for code, rows in series.items():
        pair = [rows.get(year) for year in (first, second)]
        if code not in MOVED and all(pair) and all(item.quality != "3" for item in pair):
            errors = [item.error for item in pair]
            error = None if None in errors else math.hypot(*errors)
            changes[code] = (pair[1].value - pair[0].value, error)
    with_error = [(change, error) for change, error in changes.values() if error is not None]
    mean = statistics.fmean(change for change, _error in with_error)
    noise = statistics.fmean(error**2 for _change, error in with_error)
    true = max(0.0, statistics.variance([change for change, _error in with_error]) - noise)

    def reached(code: str) -> bool:
        change, error = changes[code]
        calm = change if error is None else mean + (change - mean) * math.sqrt(true / (true + error**2))
        return calm >= to - found.baseline.value

    others = set(changes) - {county}
    assert found.reached_all.of == len(others)
    assert found.reached_all.count == sum(map(reached, others))
    peers = {peer.place.geo_id for peer in analysis.peers(county)} & others
    assert found.reached.of == len(peers)
    assert found.reached.count == sum(map(reached, peers))
    assert found.reached.share == pytest.approx(found.reached.count / found.reached.of)
