"""Small words that many parts of the page share: quality, flags, reasons of missing values, scopes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from upward.base.messages import _, current_language
from upward.catalog import format as shown_as
from upward.warehouse.schema import FLAGS


def quality_word(quality: int | None) -> str:
    """Return the word for a quality level: Strong, Marginal, Weak, or Not graded."""
    words = quality_words()
    return words.get(quality, words[None])


def quality_words() -> Mapping[int | None, str]:
    """Return the words of all quality levels, for one who looks many up; None is the word without a grade."""
    return _quality_words(current_language())


@lru_cache(maxsize=4)
def _quality_words(_language: str) -> dict[int | None, str]:
    return {1: _("Strong"), 2: _("Marginal"), 3: _("Weak"), None: _("Not graded")}


def finding_mark(mark: str) -> tuple[str, str]:
    """Return the shape and the word that stand before a finding; an unknown mark is a dash and the mark itself."""
    marks = {
        "clear": ("●", _("Clear")),
        "likely": ("◐", _("Likely")),
        "cannot tell": ("○", _("Cannot tell")),
        "no published margin": ("–", _("No published margin")),
        "not compared": ("–", _("Not compared")),
        "not tested": ("–", _("Not tested")),
        "years not compared": ("–", _("Years not compared")),
        "groups not compared": ("–", _("Groups not compared")),
        "weak data": ("–", _("Weak data")),
        "missing": ("–", _("Not available")),
        "old data": ("–", _("Old data")),
        "half a metric": ("–", _("Half a metric")),
    }
    return marks.get(mark, ("–", mark))


def flag_text(flag: str) -> str:
    """Return the sentence of a flag in the language in force; an unknown flag is shown as it is."""
    return _(FLAGS[flag]) if flag in FLAGS else flag


def reason_text(status: str, reason: str | None) -> tuple[str, str]:
    """Return the short and the long reason why a value is missing; the long one is the row's own where it has one."""
    if status == "suppressed":
        short, long = _("not shown"), _("Not shown, to protect privacy or because too few cases were seen.")
    elif status == "not_computed":
        short, long = _("not computed"), _("Not computed for this place and year.")
    else:
        short, long = _("not available"), _("The publisher gives no value for this place and year.")
    return short, _(reason).replace("'", "’") if reason else long  # a release holds plain apostrophes


def first_lower(text: str) -> str:
    """Return the text with a small first letter, unless it begins with an abbreviation."""
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]


def says_both(whole: str, part: str) -> bool:
    """Tell whether the name of a part says the name of the whole too: both begin with the same word, or have two words
    in a row in common.

    >>> says_both("Debt in collections", "Any debt in collections"), says_both("Students without a home", "Share of students")
    (True, False)
    """
    words, own = whole.casefold().split(), part.casefold().split()
    return words[:1] == own[:1] or not set(pairwise(words)).isdisjoint(pairwise(own))


def listed_once(names: Sequence[str]) -> str:
    """Return the names as a list; words that all begin or end with are said once.

    >>> listed_once(["20th percentile", "50th percentile", "80th percentile"])
    '20th, 50th and 80th percentile'
    """
    split = [name.split() for name in names]
    room = min(map(len, split), default=0) - 1  # each keeps a word of its own
    start = end = 0
    while start < room and len({words[start] for words in split}) == 1:
        start += 1
    while end < room - start and len({words[-1 - end] for words in split}) == 1:
        end += 1
    own = [" ".join(words[start : len(words) - end]) for words in split]
    first, last = (split[0][:start], split[0][len(split[0]) - end :]) if split else ([], [])
    return " ".join([*first, shown_as.listed(own), *last])
