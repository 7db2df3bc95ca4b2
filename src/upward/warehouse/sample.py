"""The sample data: published files of an invented state, for a machine with no files and no network.

The files have the shapes of the real ones and go through the ordinary build, faults and all. Nothing in them
is real: code and names belong to no state, and every release made from them is marked as a sample.

What belongs here: writing the folder. What does not: places, values, shapes and faults (`sample_*.py`).
"""

from __future__ import annotations

import gzip
from pathlib import Path

from upward.warehouse.sample_faults import FAULTS
from upward.warehouse.sample_files import Row, csv_text, file_rows, places_of, read_plan
from upward.warehouse.sample_places import (
    CITY_AREA_SHARE,
    STATE_CODE,
    STATE_NAME,
    allocation_quality,
    published_area_share,
    sample_cities,
)

NOTICE_FILE = "SAMPLE-DATA.txt"
NOTICE = (
    "Sample data, invented.\n"
    "\n"
    "Every file in this folder was made by a program.\n"
    f"The state of {STATE_NAME} (code {STATE_CODE}), its counties and its cities do not exist;\n"
    "no figure says anything about a real place. Use them to try the software.\n"
)
_POPULATION_YEARS = range(2014, 2024)
_POPULATION_FOLDER = "mobility-from-poverty/geographic-crosswalks/data/"
#: Written compressed, as large published files are shared.
_COMPRESSED_ABOVE = 60_000


def write_sample_files(folder: Path, *, seed: int = 2025) -> None:
    """Write the invented published files into a folder, which is made if it is not there.

    The same seed gives the same bytes. Raises OSError where the folder cannot be written.
    """
    tables = read_plan()
    for plan in tables.files:
        rows = list(file_rows(seed, plan, tables))
        for fault in FAULTS.get(plan.path, ()):
            fault(rows)
        content = csv_text(plan.header, rows, plan.style).encode("utf-8")
        if plan.path.endswith("share_debt_2018_long.csv"):
            content = _doubly_encoded(content)
        _write(folder / plan.path, content)
    _write(folder / _POPULATION_FOLDER / "county-populations.csv", _county_populations(seed))
    _write(folder / _POPULATION_FOLDER / "place-populations.csv", _city_populations(seed))
    _write(folder / _POPULATION_FOLDER / "crosswalk_puma_to_place.csv", _city_areas(seed))
    _write(folder / NOTICE_FILE, NOTICE.encode("utf-8"))


def sample_years() -> dict[str, int]:
    """Return file name -> year for the sample's files without a year column, as the build takes them."""
    return {Path(plan.path).name: plan.years[0] for plan in read_plan().files if "year" not in plan.header}


def _write(path: Path, content: bytes) -> None:
    """Write a file, compressed if it is large; without a time in it, so that the bytes stay the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if len(content) > _COMPRESSED_ABOVE:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))
    else:
        path.write_bytes(content)


def _doubly_encoded(content: bytes) -> bytes:
    """Return the bytes as a program writes them that took UTF-8 for Latin-1 and encoded it once more."""
    return content.decode("latin-1").encode("utf-8")


def _populations(seed: int, level: str, name: str) -> list[Row]:
    rows = []
    for year in _POPULATION_YEARS:
        for place in places_of(seed, level, year):
            rows.append(
                {
                    "year": str(year),
                    "state": STATE_CODE,
                    level: place.code,
                    "state_name": STATE_NAME,
                    name: place.name,
                    "population": str(place.population(year)),
                }
            )
    return rows


def _city_populations(seed: int) -> bytes:
    """Return the population file of the cities."""
    header = ("year", "state", "place", "state_name", "place_name", "population")
    return csv_text(header, _populations(seed, "place", "place_name"), frozenset()).encode("utf-8")


def _county_populations(seed: int) -> bytes:
    """Return the population file of the counties with its faults: blanks, a merged row, two encodings."""
    header = ("year", "state", "county", "state_name", "county_name", "population")
    rows = _populations(seed, "county", "county_name")
    for row in rows:
        if row["year"] == "2014":
            row["county_name"] = " " + row["county_name"]
            if not row["county_name"].isascii():  # the merged row: state and county in one field
                row["state_name"] = f"{STATE_NAME},{row['county_name']}"
                row["county_name"] = "NA"
    lines = csv_text(header, rows, frozenset()).splitlines(keepends=True)
    mixed = [
        line.encode("latin-1" if line.startswith(("2014", "2021", "2023")) else "utf-8") for line in lines
    ]
    return b"".join(mixed)


def _city_areas(seed: int) -> bytes:
    """Return the table of survey areas and cities; before 2022 some shares count another city's people."""
    header = (
        *(
            "statefip",
            "place",
            "state_name",
            "place_name",
            "puma",
            "population",
            "afact",
            "afact2",
            "products",
        ),
        *("sum_products", "place_pop", "geographic_allocation_quality", "crosswalk_period"),
    )
    rows = []
    for period, year in (("2022", 2022), ("pre-2022", 2018)):
        for number, city in enumerate(sample_cities(seed), start=1):
            people = city.population(year)
            total = published_area_share(city.code, period)
            for side, share in enumerate((0.6, 0.4), start=1):
                within = CITY_AREA_SHARE[city.code]
                part = share * total / within  # 1 over both areas, or less where two cities were mixed up
                values = (
                    *(STATE_CODE, city.code, STATE_NAME, city.name, f"{number:03d}{side:02d}"),
                    *(str(round(people * share)), f"{within:.4f}", f"{part:.4f}", f"{within * part:.8g}"),
                    *(f"{total:.8g}", str(people), str(allocation_quality(total)), period),
                )
                rows.append(dict(zip(header, values, strict=True)))
    return csv_text(header, rows, frozenset()).encode("utf-8")
