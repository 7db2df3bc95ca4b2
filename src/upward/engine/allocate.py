"""From the geography that records carry (PUMAs) to the one that is asked for (counties, cities, own areas).

Every record of a PUMA has the same factor for a county: the share of the PUMA's people who live there. Sums
can therefore be made for the PUMA first and multiplied by the factor after; that is exact, and nearly free.
Areas that take the same PUMAs in the same proportions cannot be told apart in the data: they get the same
means, shares, ratios and quantiles, and `twins` names them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from upward.base.errors import DataError
from upward.base.messages import _, ngettext
from upward.engine.specification import Geography

STATE_COLUMNS = ("statefip", "state", "st", "statefp")
PERIOD_COLUMN = "crosswalk_period"
MOST_NAMED = 8

Code = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Allocation:
    """Which share of each source geography goes where.

    `parts`: target -> {source code: factor}, targets and codes sorted. Codes are without leading zeros, one
    text for each column of `Geography.columns`.
    """

    parts: Mapping[str, Mapping[Code, float]]

    def by_source(self) -> dict[Code, list[tuple[str, float]]]:
        """Return source code -> [(target, factor)]."""
        found: dict[Code, list[tuple[str, float]]] = defaultdict(list)
        for target, sources in self.parts.items():
            for code, factor in sources.items():
                found[code].append((target, factor))
        return dict(found)


def code_of(texts: Iterable[str]) -> Code:
    """Return a geography's code without leading zeros: files differ in whether they keep them."""
    return tuple(text.strip().lstrip("0") or "0" for text in texts)


def load_allocation(geography: Geography) -> Allocation:
    """Return the allocation of a specification; raise DataError for a crosswalk that cannot be right."""
    if geography.crosswalk is None:
        return allocation_from(
            (area, code_of(code.split("-") if len(geography.matching) > 1 else [code]), factor)
            for area, codes in geography.areas
            for code, factor in codes
        )
    path = Path(geography.crosswalk)
    frame = _read(path)
    named = {name.lower(): name for name in frame.columns}
    source = [_column(named, theirs, path) for _ours, theirs in geography.matching]
    target = [_column(named, name, path) for name in geography.to]
    factor = _column(named, geography.factor, path)
    for name, value in geography.keep:
        frame = frame.filter(pl.col(_column(named, name, path)).str.strip_chars() == value)
    _check_rows(frame, path, named, source, target)
    rows = zip(
        (code_of(codes) for codes in frame.select(source).iter_rows()),
        ("".join(codes) for codes in frame.select(target).iter_rows()),
        _factors(frame[factor], path, factor),
        strict=True,
    )
    return allocation_from((name, code, share) for code, name, share in rows)


def allocation_from(rows: Iterable[tuple[str, Code, float]]) -> Allocation:
    """Return the allocation of (target, code, factor) rows; factors of 0 are left out."""
    parts: dict[str, dict[Code, float]] = defaultdict(dict)
    for target, code, factor in rows:
        if factor > 0:
            parts[target][code] = parts[target].get(code, 0.0) + factor
    return Allocation({target: dict(sorted(parts[target].items())) for target in sorted(parts)})


def _read(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise DataError(f"There is no crosswalk {path}.", advice="The name is relative to the specification.")
    try:
        return pl.read_csv(path, infer_schema=False, encoding="utf8-lossy")
    except (pl.exceptions.PolarsError, OSError) as problem:
        raise DataError(f"The crosswalk {path} cannot be read: {str(problem).splitlines()[0]}.") from problem


def _column(named: Mapping[str, str], name: str, path: Path) -> str:
    if name.lower() not in named:
        raise DataError(
            f"The crosswalk {path.name} lacks the column “{name}”.",
            advice=f"It has: {', '.join(named.values())}. "
            "`from: {ST: statefip, PUMA: puma}` pairs the names of the data with its own.",
        )
    return named[name.lower()]


def _check_rows(
    frame: pl.DataFrame,
    path: Path,
    named: Mapping[str, str],
    source: Sequence[str],
    target: Sequence[str],
) -> None:
    """Raise DataError where codes of several states or several vintages would be mixed up."""
    if frame.is_empty():
        raise DataError(f"No row of {path.name} is left.", advice="Look at `keep` in the specification.")
    period = named.get(PERIOD_COLUMN)
    if period and frame[period].n_unique() > 1:
        periods = ", ".join(sorted(frame[period].drop_nulls().unique()))
        raise DataError(
            f"{path.name} holds several vintages of boundaries: {periods}.",
            advice=f"Choose one: keep: {{{period}: …}} (data before 2022 use the PUMAs of 2010).",
        )
    state = next((named[name] for name in STATE_COLUMNS if name in named), None)
    if state and frame[state].n_unique() > 1:
        for key, columns in (("from", source), ("to", target)):
            if state not in columns:
                raise DataError(
                    f"{path.name} holds several states, whose codes repeat; `{key}` does not tell which.",
                    advice=f"Name the state too, as in {key}: "
                    + (
                        f"{{ST: {state}, PUMA: {source[-1]}}}"
                        if key == "from"
                        else f"[{state}, {target[-1]}]"
                    )
                    + f", or keep one: keep: {{{state}: …}}.",
                )


def _factors(column: pl.Series, path: Path, name: str) -> list[float]:
    factors = column.str.strip_chars().cast(pl.Float64, strict=False)
    for row, factor in enumerate(factors):
        if factor is None or not math.isfinite(factor) or not 0 <= factor <= 1.001:
            raise DataError(
                f"{path.name}, row {row + 2} of what is kept, column {name}: found “{column[row]}”, "
                "expected a share from 0 to 1."
            )
    return factors.to_list()


def twins(allocation: Allocation, codes: Iterable[Code]) -> list[tuple[str, ...]]:
    """Return groups of targets that cannot be told apart by records with these codes."""
    present = set(codes)
    groups: dict[tuple[tuple[Code, float], ...], list[str]] = defaultdict(list)
    for target in allocation.parts:
        mix = proportions(allocation, target, present)
        if mix:
            groups[mix].append(target)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def proportions(allocation: Allocation, target: str, present: set[Code]) -> tuple[tuple[Code, float], ...]:
    """Return the sources of a target that the data hold, with their factors in proportion to the largest."""
    parts = [(code, factor) for code, factor in allocation.parts[target].items() if code in present]
    largest = max((factor for _code, factor in parts), default=1.0)
    return tuple((code, round(factor / largest, 12)) for code, factor in parts)


def notes(allocation: Allocation, codes: Iterable[Code]) -> tuple[str, ...]:
    """Return sentences about what the allocation cannot do with records of these codes."""
    present = set(codes)
    said = []
    groups = twins(allocation, present)
    for group in groups[:MOST_NAMED]:
        said.append(
            _(
                "These cannot be told apart in the data, because they take the same areas of the sample in "
                "the same proportions; only their totals differ: {names}."
            ).format(names=", ".join(group))
        )
    if len(groups) > MOST_NAMED:
        said.append(_("{count} more groups cannot be told apart.").format(count=len(groups) - MOST_NAMED))
    known = {code for parts in allocation.parts.values() for code in parts}
    unknown = sorted("-".join(code) for code in present - known)
    if unknown:
        said.append(
            ngettext(
                "{count} area of the sample is not in the crosswalk, its records count nowhere: {names}.",
                "{count} areas of the sample are not in the crosswalk, their records count nowhere: {names}.",
                len(unknown),
            ).format(count=len(unknown), names=_some(unknown))
        )
    partial = [
        target
        for target, parts in allocation.parts.items()
        if any(code in present for code in parts) and not all(code in present for code in parts)
    ]
    if partial:
        said.append(
            _(
                "Part of what belongs to these is not in the data, so they are not covered in full: {names}."
            ).format(names=_some(partial))
        )
    return tuple(said)


def _some(names: Sequence[str]) -> str:
    more = f" … ({len(names)})" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
