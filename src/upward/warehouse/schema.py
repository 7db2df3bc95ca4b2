"""The result table: one row = one number, and the other tables of a release.

Shares are 0–1. Missing is null with a status, never a magic number. Codes are text.
"""

from __future__ import annotations

import polars as pl

from upward.base.messages import to_translate

RELEASE_SCHEMA = "upward/release/1"

#: Columns of `results.parquet`, in order. `period` is the publisher's year as text ("2023"; a pooled figure carries
#: its last year, `method` says how many years it pools). `group_type`/`group` are catalogue ids ("all"/"all" for
#: everybody; "race-ethnicity"/"all" for the All row of a race file, which may have another source).
#: `numerator` and `denominator` are the two sides of an "a:b" pair (value = a / b).
#: `published_value` and `published_quality` hold what the file said where we corrected or marked it, else null.
#: `flags` is a space-separated list of words from `FLAGS`. `current` marks the row that a reader gets by default.
RESULT_COLUMNS: dict[str, pl.DataType] = {
    "metric": pl.String(),
    "variable": pl.String(),
    "edition": pl.String(),
    "geo_level": pl.String(),
    "geo_id": pl.String(),
    "geo_vintage": pl.String(),
    "period": pl.String(),
    "group_type": pl.String(),
    "group": pl.String(),
    "value": pl.Float64(),
    "lower": pl.Float64(),
    "upper": pl.Float64(),
    "se": pl.Float64(),
    "confidence": pl.Float64(),
    "n": pl.Float64(),
    "population": pl.Float64(),
    "quality": pl.Int8(),
    "status": pl.String(),
    "reason": pl.String(),
    "method": pl.String(),
    "source": pl.String(),
    "source_release": pl.String(),
    "source_file": pl.String(),
    "numerator": pl.Float64(),
    "denominator": pl.Float64(),
    "published_value": pl.String(),
    "published_quality": pl.Int8(),
    "flags": pl.String(),
    "current": pl.Boolean(),
}

STATUSES = ("ok", "suppressed", "not_available", "not_computed")

#: What a row may be marked with, and what it means to a reader.
FLAGS: dict[str, str] = {
    "quality-recomputed": to_translate(
        "The published quality flag rests on a faulty crosswalk; the recomputed one is used."
    ),
    "no-physician": to_translate("A published 0 means that the place has no primary care physician."),
    "zero-as-missing": to_translate("A published 0 cannot be a value here and is treated as missing."),
    "over-100000": to_translate("The rate exceeds one per person because the group is tiny."),
    "underreported": to_translate(
        "Known under-reporting: the publisher’s own combined tables leave this value out."
    ),
    "capped": to_translate("The publisher capped the value at 100%."),
    "state-pool": to_translate(
        "The value is the pooled figure of the state’s small counties, not of this county alone."
    ),
    "bounds-not-computable": to_translate(
        "Everybody, or nobody, in the sample has the trait: bounds cannot be computed."
    ),
    "no-imputation": to_translate(
        "Lower and upper bound are equal because nothing was imputed, not because there is no error."
    ),
    "one-sided-bounds": to_translate("Only one bound was published."),
    "code-padded": to_translate("The file had lost the leading zeros of its codes; they were put back."),
    "code-mapped": to_translate("The file used an older code for this place."),
    "quality-without-value": to_translate(
        "The file gave a quality flag without a value; the flag is dropped."
    ),
    "value-without-quality": to_translate("The file gave a value without a quality flag."),
    "unknown-group": to_translate("The file’s group label is not one of the published groups."),
    "former-area": to_translate("The value is that of the former area of which this place was a part."),
    "other-boundary": to_translate(
        "The file uses a code, and with it a boundary, that was not in force in that year."
    ),
    "range-warning": to_translate("The value lies outside the usual range."),
}

#: Columns of `places.parquet`.
PLACE_COLUMNS: dict[str, pl.DataType] = {
    "geo_level": pl.String(),
    "geo_id": pl.String(),
    "name": pl.String(),  # "Boone County"
    "state": pl.String(),  # "29"
    "state_name": pl.String(),  # "Missouri"
    "state_abbreviation": pl.String(),
    "population": pl.Float64(),  # newest
    "population_year": pl.String(),
    "geo_vintage": pl.String(),  # newest boundary vintage in which the code exists
    "first_year": pl.String(),
    "last_year": pl.String(),
    "current": pl.Boolean(),  # False: a former area (an old Connecticut county)
    "successors": pl.String(),  # codes, space separated
    "predecessors": pl.String(),
}

#: Columns of `populations.parquet`.
POPULATION_COLUMNS: dict[str, pl.DataType] = {
    "geo_level": pl.String(),
    "geo_id": pl.String(),
    "period": pl.String(),
    "population": pl.Float64(),
    "name": pl.String(),
}

#: Columns of `problems.parquet`: every rejected or doubtful input row.
PROBLEM_COLUMNS: dict[str, pl.DataType] = {
    "file": pl.String(),
    "line": pl.Int64(),  # line in the file, header = 1; null for the whole file
    "column": pl.String(),
    "value": pl.String(),
    "kind": pl.String(),  # rejected | doubtful | ignored | repaired
    "rule": pl.String(),  # short id, e.g. "year-not-a-number"
    "message": pl.String(),  # what, and what was done
    "rows": pl.Int64(),  # how many input rows this line stands for
}

#: Columns of `context.parquet`: what the nation and each state look like, per number that places have.
CONTEXT_COLUMNS: dict[str, pl.DataType] = {
    "variable": pl.String(),
    "edition": pl.String(),
    "source_release": pl.String(),
    "period": pl.String(),
    "group_type": pl.String(),
    "group": pl.String(),
    "geo_level": pl.String(),  # level of the places summarised: county | place
    "scope": pl.String(),  # "US" or a two-digit state code
    "median": pl.Float64(),  # population-weighted
    "p05": pl.Float64(),
    "p95": pl.Float64(),
    "places": pl.Int64(),  # with a value
    "places_total": pl.Int64(),
    "population_share": pl.Float64(),  # share of the scope's population that the values cover
    "weak_share": pl.Float64(),  # share of that population under quality 3
    "published_median": pl.Float64(),  # where the publisher gives one
    "usable": pl.Boolean(),  # False: more than 15 % of the population missing or weak (publisher's own rule)
}
