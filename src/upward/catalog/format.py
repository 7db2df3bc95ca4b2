"""Numbers, intervals, years and lists as people read them, by unit and language.

American English and the Spanish of the United States write numbers alike (1,234.5), so only words differ.
Stored values are changed into shown ones here and nowhere else: shares become percent, and so on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from math import floor, trunc
from typing import Final

from upward.base.messages import _, current_language, pgettext
from upward.catalog.model import Unit

#: Units whose shown number is cut off, not rounded, as the publisher's own pages do.
CUT_OFF: Final = ("per_100k_crime", "arrests_per_100k_youth")
_I_SOUND = re.compile(r"h?i(?!e)", re.IGNORECASE)
PHYSICIANS: Final = "residents_per_physician"

#: How a number of so many decimals is written, and the power of ten that makes it whole.
_DECIMALS: Final = [f",.{decimals}f" for decimals in range(10)]
_POWERS: Final = [10.0**decimals for decimals in range(10)]
#: Numbers as written, by decimals and whole steps: pages share most of them.
_written: Final[list[dict[int, str]]] = [{} for _decimals in _DECIMALS]
_MOST_STEPS: Final = 100_000


def number(value: float, decimals: int = 0) -> str:
    """Return a number with thousands separated and a true minus sign: 1234.5 → `1,234.5`.

    Halves are rounded as Python writes them, by the number that is stored: 0.125 → `0.12`, 0.375 → `0.38`.
    """
    steps = value * _POWERS[decimals]
    if 0 <= steps < _MOST_STEPS:
        nearest = floor(steps + 0.5)
        if abs(steps - nearest) < 0.4999:  # nearer to a half, the last bit decides
            known = _written[decimals].get(nearest)
            if known is None:
                known = _written[decimals][nearest] = format(value, _DECIMALS[decimals])
            return known
    text = format(value, _DECIMALS[decimals])
    if text[0] == "-":
        return text[1:] if not any(digit in text for digit in "123456789") else "−" + text[1:]
    return text


def shown(value: float, unit: Unit) -> str:
    """Return a stored value as the unit shows it: 0.395 → `39.5%`, 24142.0 → `$24,142`.

    A value at the physicians' unit is shown without “ to 1”: charts and tables name the unit beside it.
    """
    scaled = value * unit.scale
    if unit.id in CUT_OFF:
        scaled = float(trunc(scaled))
    text = number(scaled, unit.decimals)
    after = suffix(unit)
    if text[0] == "−":
        return f"−{unit.prefix}{text[1:]}{after}"
    return f"{unit.prefix}{text}{after}" if unit.prefix else text + after


def suffix(unit: Unit) -> str:
    """Return what is written behind each number of the unit."""
    return "" if unit.id == PHYSICIANS else unit.suffix


def interval(lower: float, upper: float, unit: Unit) -> str:
    """Return an interval in words: `32.1% to 47.7%`."""
    return between(shown(lower, unit), shown(upper, unit))


def between(lower: str, upper: str) -> str:
    """Return the two ends of a range in words."""
    return _("{lower} to {upper}").replace("{lower}", lower).replace("{upper}", upper)


def change(first: float, last: float) -> str:
    """Return the change between two counts in percent, with its sign: `+9.7%`."""
    percent = (last / first - 1) * 100
    text = number(abs(percent), 1)
    sign = "" if text == "0.0" else "+" if percent > 0 else "−"
    return f"{sign}{text}%"


def years(values: Iterable[int]) -> str:
    """Return years as ranges: 2014 … 2019, 2021 → `2014–2019, 2021`."""
    runs: list[list[int]] = []
    for year in sorted(set(values)):
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(str(a) if a == b else f"{a}, {b}" if b == a + 1 else f"{a}–{b}" for a, b in runs)


def day(iso: str) -> str:
    """Return a date in words of the language: `2026-11-29` → `November 29, 2026`, `29 de noviembre de 2026`."""
    return _day(iso, current_language()) if iso else ""


@lru_cache(maxsize=16)
def _day(iso: str, language: str) -> str:
    from babel.dates import format_date  # heavy; most commands show no date

    return str(format_date(date.fromisoformat(iso), format="long", locale=language))


def listed(items: Sequence[str]) -> str:
    """Return a list as a sentence has it: `a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    # Spanish writes “e” for “and” before the sound of an i.
    if _I_SOUND.match(items[-1]):
        joined = pgettext("before the sound of an i", "{first} and {last}")
    else:
        joined = _("{first} and {last}")
    return joined.format(first=", ".join(items[:-1]), last=items[-1])


def period_words(period: str, pooled: int) -> str:
    """Return the years that a figure covers: `2019–2023` for five pooled years that end in 2023."""
    if pooled > 1 and period.isdigit():
        return f"{int(period) - pooled + 1}–{period}"
    return period
