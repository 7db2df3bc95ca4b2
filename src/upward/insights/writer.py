"""Candidates become findings: the rows that each rests on, its sides to draw, and its words.

What belongs here: one place at a time, from its candidates and its result rows. What does not: the rules, the
tests, the cautions (`rules/caution.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from upward.catalog import format as shown_as
from upward.engine.comparability import first_year_joined
from upward.engine.compare import (
    EVEN_METHOD,
    LOPSIDED_METHOD,
    Bounded,
    Comparison,
    Trend,
    bounded,
    fit_trend,
)
from upward.engine.context import NATION
from upward.insights.candidates import LEVEL, MARGINAL, WEAK
from upward.insights.evidence import Evidence
from upward.insights.findings import Finding, Kind, Mark, Role, Side, Strength
from upward.insights.rules.standing import NO_PEER
from upward.insights.wording import Fields, Words, capital, filled, mark_of
from upward.warehouse.places import Place
from upward.warehouse.read import ContextRow, ResultRow

Candidate = Mapping[str, Any]
RowKey = tuple[str, str, str, str]
#: Trends need this many years; fewer are two points and a line.
LEAST_YEARS = 3


def key_of(row: ResultRow) -> RowKey:
    """Return what tells a row from the others of its place and edition."""
    return (row.variable, row.period, row.group_type, row.group)


def stable_id(kind: str, *what: str) -> str:
    """Return an id made from what a finding is about, the same in every release."""
    digest = hashlib.sha256("\0".join((kind, *what)).encode()).hexdigest()
    return f"{kind}-{digest[:12]}"


class Writer:
    """Writes the findings of one place."""

    def __init__(
        self,
        evidence: Evidence,
        words: Words,
        place: Place,
        rows: Sequence[ResultRow],
        peer_rows: Mapping[str, Mapping[str, ResultRow]],
        *,
        apart: bool = False,
    ) -> None:
        """Take the place's current rows, and `peer_rows`: the newest overall rows of other places by variable
        and code. What is taken for granted in every test is left out of findings that are read together, where it
        stands `apart` from them, once (`Words.granted`); so are the names of peers, which stand in a metric's table.
        """
        self._evidence = evidence
        self._words = words
        self._place = place
        # By edition and variable, because the findings of a place rest on few of its rows.
        self._rows: dict[tuple[str, str], list[ResultRow]] = {}
        for key, run in groupby(rows, key=attrgetter("edition", "variable")):
            self._rows.setdefault(key, []).extend(run)
        self._peer_rows, self._apart = peer_rows, apart

    def write(self, candidate: Candidate) -> Finding:
        """Return the finding of a candidate."""
        form = candidate["form"]
        sides = self._sides(candidate)
        fields = self._fields(candidate, sides)
        strength = Strength(candidate["strength"])
        favorable = self._favorable(candidate, strength)
        numbers = self._numbers(candidate)
        # Strength already says whether a side may be named; a side of no use is not passed on.
        statement = self._words.statement(
            form,
            strength,
            candidate["estimate"],
            fields,
            quarter=self._quarter(candidate),
            favorable=favorable,
            one_open=bool(candidate["open"]),
        )
        return Finding(
            id=stable_id(
                candidate["kind"],
                self._place.geo_id,
                form,
                candidate["first_variable"],
                candidate["second_variable"],
                candidate["group_type"] or "",
                candidate["first_group"] or "",
                candidate["second_group"] or "",
                candidate["scope"] or "",
            ),
            kind=Kind(candidate["kind"]),
            strength=strength,
            mark=self._mark(candidate, strength),
            metric=candidate["metric"],
            variable=candidate["first_variable"],
            year=max(candidate["first_period"], candidate["second_period"]),
            years=tuple(dict.fromkeys((candidate["first_period"], candidate["second_period"]))),
            group_type=candidate["group_type"] or "all",
            groups=self._groups(candidate),
            scope=candidate["scope"] or "",
            heading=self._words.heading(form, strength, candidate["estimate"], fields),
            statement=statement,
            detail=self._detail(candidate, numbers),
            why_first=self._why(candidate, strength),
            p=candidate["p"],
            p_adjusted=candidate["p_adjusted"],
            family=self._family(candidate),
            family_size=candidate["family_size"] or 0,
            sides=sides,
            comparison=self._comparison(candidate),
            favorable=favorable,
            score=candidate["score"],
            unit=self._words.catalog.variables[candidate["first_variable"]].unit,
            numbers=numbers,
        )

    def _quarter(self, candidate: Candidate) -> str:
        """Return the name of a quarter and of what it is one; empty where no quarter is sure."""
        if not candidate["quarter"]:
            return ""
        of_peers = candidate["scope"] == Role.PEERS
        return f"{candidate['quarter']}-{'peers' if of_peers else self._place.geo_level}"

    def _groups(self, candidate: Candidate) -> tuple[str, ...]:
        groups = dict.fromkeys((candidate["first_group"], candidate["second_group"]))
        return tuple(group for group in groups if group and group != "all")

    def _favorable(self, candidate: Candidate, strength: Strength) -> bool | None:
        if strength not in (Strength.CLEAR, Strength.LIKELY) or not candidate["side"]:
            return None
        return bool(candidate["estimate"] * candidate["side"] > 0)

    def _mark(self, candidate: Candidate, strength: Strength) -> Mark:
        weak = WEAK in (candidate["first_quality"], candidate["second_quality"])
        return Mark.WEAK if weak else mark_of(strength)

    def _sides(self, candidate: Candidate) -> tuple[Side, ...]:
        if candidate["form"] == "pattern":
            return ()
        return tuple(self._side(candidate, name) for name in ("first", "second"))

    def _side(self, candidate: Candidate, name: str) -> Side:
        variable, value = candidate[f"{name}_variable"], candidate[f"{name}_value"]
        role, label = self._role(candidate, name)
        lower, upper = candidate[f"{name}_lower"], candidate[f"{name}_upper"]
        if lower is not None and upper is not None and lower == upper:
            lower = upper = None  # nothing was imputed, or everybody has the trait: no margin
        return Side(
            role=role,
            label=label,
            value=value,
            lower=lower,
            upper=upper,
            shown=self._words.value(variable, value),
            shown_interval=self._words.interval(variable, lower, upper),
            quality=candidate[f"{name}_quality"],
            period=candidate[f"{name}_period"],
        )

    def _role(self, candidate: Candidate, name: str) -> tuple[Role, str]:
        kind, first = candidate["kind"], name == "first"
        if kind == Kind.GAP:
            group = self._words.group(
                candidate["group_type"], candidate[f"{name}_group"], candidate["metric"]
            )
            return Role.GROUP, capital(group)
        if kind == Kind.CHANGE:
            return (Role.EARLIER if first else Role.LATER), self._years(candidate, name)
        if kind == Kind.STANDING and not first:
            role = Role(candidate["scope"])
            if role is Role.NATION:
                return role, capital(self._words.statements.middles[self._place.geo_level])
            return role, self._place.state_name if role is Role.STATE else ""
        if kind == Kind.RELATION:
            return Role.PLACE, self._words.short(candidate[f"{name}_variable"])
        return Role.PLACE, self._place.name

    def _fields(self, candidate: Candidate, sides: Sequence[Side]) -> Fields:
        words, group_type = self._words, candidate["group_type"] or "all"
        metric = "" if candidate["members"] else candidate["metric"]
        fields = Fields(
            {
                "thing": words.thing(candidate["first_variable"]),
                "short": words.short(candidate["first_variable"]),
                "other_thing": words.thing(candidate["second_variable"]),
                "other_short": words.short(candidate["second_variable"]),
                "first_group": words.group(group_type, candidate["first_group"] or "all", metric),
                "second_group": words.group(group_type, candidate["second_group"] or "all", metric),
                "year": self._years(candidate, "first"),
                "first_year": self._years(candidate, "first"),
                "second_year": self._years(candidate, "second"),
                "state": self._place.state_name,
                "middle": words.statements.middles[self._place.geo_level],
                "count": str(len(candidate["members"] or _known(candidate["peers"]))),
            }
        )
        if candidate["kind"] == Kind.GAP and candidate["first_variable"] != candidate["second_variable"]:
            # The variables are the groups: the sentence names what they share.
            fields |= {"thing": words.thing(metric), "short": words.catalog.metrics[metric].short}
        if sides:
            fields |= {"first": sides[0].shown, "second": sides[1].shown}
        if candidate["open"]:
            fields["open_short"] = words.short(candidate[f"{candidate['open']}_variable"])
        if candidate["members"]:
            metrics = [words.catalog.variables[variable].metric for variable in candidate["members"]]
            names = [words.catalog.metrics[name].short for name in metrics]
            fields["topics"] = "; ".join(names)
        return fields

    def _years(self, candidate: Candidate, name: str) -> str:
        """Return the years that a side's figure covers: “2023”, or “2019–2023” where it pools five."""
        variable, group_type = candidate[f"{name}_variable"], candidate["group_type"] or "all"
        if candidate["kind"] == Kind.GAP and candidate["first_variable"] != candidate["second_variable"]:
            group_type = "all"  # the variables are the groups
        pooled = self._evidence.pooled_years(
            variable, candidate["edition"], self._place.geo_level, group_type
        )
        return shown_as.period_words(candidate[f"{name}_period"], pooled)

    def _family(self, candidate: Candidate) -> str:
        # A pattern is as sure as the gaps that it joins, tested among all gaps.
        kind = Kind.GAP if candidate["form"] == "pattern" else candidate["kind"]
        return filled(self._words.statements.families[str(kind)], {"place": self._place.name})

    def _comparison(self, candidate: Candidate) -> Comparison | None:
        if candidate["se"] is None:
            return None
        return Comparison(
            estimate=candidate["estimate"],
            se=candidate["se"],
            lower=candidate["difference_lower"],
            upper=candidate["difference_upper"],
            p=candidate["p"],
            method=EVEN_METHOD if self._even(candidate) else LOPSIDED_METHOD,
        )

    def _even(self, candidate: Candidate) -> bool:
        return all(candidate[f"{name}_below"] == candidate[f"{name}_above"] for name in ("first", "second"))

    def _numbers(self, candidate: Candidate) -> tuple[ResultRow, ...]:
        kind = candidate["kind"]
        if candidate["members"]:
            keys = [
                (variable, period, candidate["group_type"], group)
                for variable, period in zip(candidate["members"], candidate["periods"], strict=True)
                for group in (candidate["first_group"], candidate["second_group"])
            ]
        elif kind == Kind.CHANGE:
            return tuple(self._series(candidate))
        else:
            sides = ("first",) if kind == Kind.STANDING else ("first", "second")
            keys = [
                (
                    candidate[f"{name}_variable"],
                    candidate[f"{name}_period"],
                    candidate["group_type"],
                    candidate[f"{name}_group"] or "all",
                )
                for name in sides
            ]
        edition, variables = candidate["edition"], {key[0] for key in keys}
        rows = {key_of(row): row for name in variables for row in self._rows.get((edition, name), ())}
        found = [rows[key] for key in keys if key in rows]
        if not found and kind == Kind.GAP:  # the group is in the variable's name
            found = [rows[key[0], key[1], "all", "all"] for key in keys]
        if kind == Kind.STANDING:
            found += self._beside(candidate, found[0])
        return tuple(found)

    def _beside(self, candidate: Candidate, own: ResultRow) -> list[ResultRow]:
        """Return the rows of the peers, or the middle of the state or nation as a row."""
        if candidate["scope"] == Role.PEERS:
            finder = self._evidence.peer_finder(self._place.geo_level)
            by_code = self._peer_rows.get(own.variable, {})
            codes = [finder.places[at].geo_id for at in _known(candidate["peers"])]
            return [by_code[code] for code in codes if code in by_code]
        scope = NATION if candidate["scope"] == Role.NATION else self._place.state
        found = self._evidence.release.context().get(
            own.variable, own.edition, own.source_release, own.period, "all", "all", own.geo_level, scope
        )
        return [] if found is None else [median_row(own, found)]

    def _series(self, candidate: Candidate) -> list[ResultRow]:
        """Return the years that a change joins, oldest first."""
        of_group = candidate["group_type"], candidate["second_group"]
        series = [
            row
            for row in self._rows[candidate["edition"], candidate["second_variable"]]
            if (row.group_type, row.group) == of_group
        ]
        last = next(row for row in series if row.period == candidate["second_period"])
        metric = self._evidence.catalog.metrics[last.metric]
        start = max(
            int(candidate["first_period"]), first_year_joined(metric, last.geo_level, int(last.period))
        )
        joined = [
            row
            for row in series
            if start <= int(row.period) <= int(last.period)
            and row.value is not None
            and (row.source_release, row.method) == (last.source_release, last.method)
        ]
        return sorted(joined, key=lambda row: row.period)

    def _trend(self, candidate: Candidate, numbers: Sequence[ResultRow]) -> Trend | None:
        """Return the line through the years of a change that do not share their samples, or None."""
        variable = self._evidence.catalog.variables[candidate["first_variable"]]
        edition = next(item for item in variable.editions if item.edition == candidate["edition"])
        pooled = edition.period_years.get(self._place.geo_level, 1)
        if pooled > 1 or candidate["group_type"] != "all" or candidate["p"] is None:
            return None
        points = []
        for row in numbers:
            assert row.value is not None
            item = bounded(
                row.value, row.lower, row.upper, minimum=variable.minimum, maximum=variable.maximum
            )
            error = _longer_side(item)
            if error is not None and row.quality != WEAK:
                points.append((int(row.period), row.value, error))
        if len(points) < LEAST_YEARS:
            return None
        years, values, errors = zip(*points, strict=True)
        return fit_trend(years, values, errors)

    def _detail(self, candidate: Candidate, numbers: Sequence[ResultRow]) -> str:
        words, texts = self._words, self._words.statements.details
        variable = candidate["first_variable"]
        parts = []
        if candidate["se"] is not None:
            parts.append(
                filled(
                    texts["test"],
                    {
                        "difference": words.difference(variable, candidate["estimate"]),
                        "interval": words.differences(
                            variable, candidate["difference_lower"], candidate["difference_upper"]
                        )
                        or "–",
                        "p": shown_p(candidate["p"]),
                        "adjusted": shown_p(candidate["p_adjusted"]),
                        "size": str(candidate["family_size"]),
                        "family": self._family(candidate),
                    },
                )
            )
            if not self._even(candidate):
                parts.append(texts["uneven"])
            elif not self._apart:
                parts.append(texts["even"])
        trend = self._trend(candidate, numbers) if candidate["kind"] == Kind.CHANGE else None
        if trend is not None:
            agrees = trend.p <= LEVEL and trend.slope * candidate["estimate"] > 0
            parts.append(
                filled(
                    texts["trend" if agrees else "trend-apart"],
                    {
                        "years": f"{trend.years[0]}–{trend.years[-1]}",
                        "slope": words.difference(variable, trend.slope),
                    },
                )
            )
        if candidate["kind"] == Kind.STANDING:
            parts += self._standing_details(candidate)
        qualities = dict.fromkeys((candidate["first_quality"], candidate["second_quality"]))
        if candidate["scope"] == Role.PEERS or candidate["kind"] == Kind.STANDING:
            qualities = {candidate["first_quality"]: None}
        parts.append(filled(texts["quality"], {"words": words.quality(qualities)}))
        parts.append(words.direction(words.catalog.variables[variable]))
        return " ".join(parts)

    def _standing_details(self, candidate: Candidate) -> list[str]:
        texts = self._words.statements.details
        parts = []
        if candidate["scope"] == Role.PEERS and self._apart:
            parts.append(texts["peers-in-table"])  # each with its figure
        elif candidate["scope"] == Role.PEERS:
            finder = self._evidence.peer_finder(self._place.geo_level)
            names = "; ".join(finder.places[at].label for at in _known(candidate["peers"]))
            parts.append(filled(texts["peers"], {"names": names}))
        elif not self._apart:
            parts.append(texts["reference"])
        if candidate["percentile"] is not None and candidate["percentile_lower"] is not None:
            others = 100  # of the residents of the nation; peers are counted as they are
            if candidate["scope"] == Role.PEERS:
                others = len(_known(candidate["peers"]))
            below, low, high = (
                f"{others * candidate[name]:.0f}"
                for name in ("percentile", "percentile_lower", "percentile_upper")
            )
            fields = {"count": str(others), "below": below, "interval": f"{low}–{high}"}
            parts.append(filled(texts[f"standing-{candidate['scope']}"], fields))
        return parts

    def _why(self, candidate: Candidate, strength: Strength) -> str:
        texts = self._words.statements.reasons
        marginal = strength is Strength.LIKELY and (candidate["p_adjusted"] or 1.0) <= LEVEL
        name = "marginal" if marginal else str(strength)
        parts = [filled(texts[name], {"size": str(candidate["family_size"])})]
        if strength is not Strength.NOT_USABLE and candidate["times"] is not None:
            parts.append(filled(texts["size"], {"times": f"{candidate['times']:.1f}"}))
        if candidate["kind"] == Kind.RELATION:
            parts.append(texts["several"])
        if candidate["repeats"]:
            parts.append(texts["repeated"])
        return " ".join(parts)


def median_row(own: ResultRow, found: ContextRow) -> ResultRow:
    """Return the population-weighted median of a scope as a result row beside a place's own."""
    nation = found.scope == NATION
    return own._replace(
        geo_level="nation" if nation else "state",
        geo_id=found.scope,
        value=found.median,
        lower=None,
        upper=None,
        se=None,
        n=None,
        population=None,
        quality=None,
        reason=None,
        method=f"population-weighted median of {found.places} places",
        numerator=None,
        denominator=None,
        published_value=None if found.published_median is None else str(found.published_median),
        published_quality=None,
        flags=None,
    )


def _known(peers: Sequence[int] | None) -> list[int]:
    """Return the peers that have a number."""
    return [at for at in peers or () if at != NO_PEER]


def _longer_side(item: Bounded) -> float | None:
    if item.below is None or item.above is None:
        return None
    return max(item.below, item.above)


def shown_p(p: float | None) -> str:
    """Return a p-value with the digits that matter, behind its sign: “= 0.034”, “< 0.001”."""
    if p is None:
        return "–"
    return "< 0.001" if p < 0.001 else f"= {p:.3f}"


__all__ = ["MARGINAL", "Writer", "key_of", "median_row", "shown_p", "stable_id"]
