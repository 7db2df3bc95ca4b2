"""Small numbers that stand for words while a build runs, and the words that they become in the result table.

Statuses, reasons, methods and flags are few; rows are millions. Rows carry a code, and the words are put
in once, at the end.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from upward.base.messages import to_translate
from upward.warehouse.schema import FLAGS

FLAG_WORDS = tuple(FLAGS)
_BITS = {word: 1 << position for position, word in enumerate(FLAG_WORDS)}

STATUS_WORDS = ("ok", "suppressed", "not_available", "not_computed")
OK, SUPPRESSED, NOT_AVAILABLE, NOT_COMPUTED = range(4)

#: Why a row has no value; every text is a message for people and its own key for translation.
REASONS = (
    "",
    to_translate("Suppressed by the publisher: too few cases for a figure that can be relied on."),
    to_translate("Not published for this place and year."),
    to_translate(
        "The publisher's own combined tables leave this value out: crimes and arrests were under-reported here."
    ),
    to_translate("The published value is 0, which cannot be: the figure was not disclosed."),
    to_translate("There is no household of this group here, so the shares cannot be compared."),
    to_translate("The source still counted the former counties, not this new area."),
    to_translate(
        "The source still counted the former area, or it had too few cases here: the file does not say which."
    ),
)
NO_REASON, TOO_FEW, NOT_PUBLISHED, UNDERREPORTED, ZERO, NOBODY, FORMER_COUNTIES, FORMER_OR_FEW = range(8)

#: What `method` says.
METHODS = (
    "published",
    "acs-1yr",
    "acs-5yr",
    "pooled-5yr",
    "published-median",
    "acs-1yr; All row of a table of groups",
    "acs-5yr; All row of a table of groups",
    "pooled-5yr; All row of a table of groups",
    "published; All row of a table of groups",
)
PUBLISHED, ACS_1YR, ACS_5YR, POOLED_5YR, PUBLISHED_MEDIAN = range(5)
#: Method of an overall row taken from the All row of a table of groups, by method of that row.
FROM_ALL_ROW = {ACS_1YR: 5, ACS_5YR: 6, POOLED_5YR: 7, PUBLISHED: 8}


def flag(word: str) -> int:
    """Return the bit of a flag; raise KeyError for a word that is not in `FLAGS`."""
    return _BITS[word]


def flag_text(mask: int) -> str:
    """Return the words of a mask, space separated."""
    return " ".join(word for word in FLAG_WORDS if mask & _BITS[word])


def words_of(codes: pl.Series, words: Sequence[str | None]) -> pl.Series:
    """Return the words for a series of codes."""
    table = pl.Series("words", list(words), dtype=pl.String)
    return table.gather(codes.cast(pl.UInt32)).alias(codes.name)


def flags_of(masks: pl.Series) -> pl.Series:
    """Return the text of each mask, null where there is no flag."""
    distinct = masks.unique()
    texts = pl.Series([flag_text(mask) or None for mask in distinct.to_list()], dtype=pl.String)
    return masks.replace_strict(distinct, texts, return_dtype=pl.String)
