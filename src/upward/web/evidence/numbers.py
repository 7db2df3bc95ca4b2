"""Numbers of a release as values of records: what is pinned, what a baseline is, what would change."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import polars as pl

from upward.base.errors import UpwardError
from upward.catalog.model import Catalog
from upward.engine.compare import middle_of_peers
from upward.insights.analysis import Analysis
from upward.insights.findings import Finding, Mark
from upward.plan.content import Value
from upward.warehouse.read import ContextRow, ResultRow

QUALITY = {1: "strong", 2: "marginal", 3: "weak"}
STRENGTH = {Mark.CLEAR: "clear", Mark.LIKELY: "likely", Mark.CANNOT_TELL: "unclear"}
OVERALL = "all"
FROM_ROW = (
    "value", "lower", "upper", "quality", "source_release", "national_value", "national_low", "national_high",
)  # fmt: skip
DIGITS = Decimal("0.000001")


def decimal_of(number: float | None) -> Decimal | None:
    """Return a number of a release as records keep it: to six digits."""
    return None if number is None else Decimal(repr(float(number))).quantize(DIGITS).normalize()


def find_row(
    analysis: Analysis, *, place: str, variable: str, group: str = "", year: int | None = None
) -> ResultRow | None:
    """Return one number of a place: of a year, or the newest that has a value; None where there is none."""
    group_type, _slash, name = group.partition("/")
    try:
        found = analysis.metrics(place, metric=variable)
    except UpwardError:
        return None
    rows = found.filter(pl.col("variable") == variable)
    rows = (
        rows.filter((pl.col("group_type") == group_type) & (pl.col("group") == name))
        if group
        else rows.filter((pl.col("group") == OVERALL) & (pl.col("group_type") == OVERALL))
    )
    if year is not None:
        rows = rows.filter(pl.col("period").str.ends_with(str(year)))
    rows = rows.sort([pl.col("value").is_not_null(), pl.col("period")], descending=True)
    return ResultRow(*rows.row(0)) if rows.height else None


def pinned_values(
    analysis: Analysis, catalog: Catalog, row: ResultRow | None, *, peers: Sequence[str] = ()
) -> dict[str, Value | None]:
    """Return what Upward sets of a reading from its row; without a row, that there is no number.

    `peers` are codes of the places that the team compares with; without them the nearest places are taken.
    """
    if row is None:
        empty = (*FROM_ROW, "peer_places", "peer_value")
        return {**dict.fromkeys(empty), "status": "not_available", "release": analysis.id}
    middle = nation_of(analysis, row)
    places, peer_middle = peers_beside(analysis, catalog, row, peers)
    return {
        "value": decimal_of(row.value),
        "lower": decimal_of(row.lower),
        "upper": decimal_of(row.upper),
        "quality": QUALITY.get(row.quality or 0, "unknown"),
        "status": row.status,
        "source_release": row.source_release,
        "release": analysis.id,
        "peer_places": places or None,
        "peer_value": peer_middle,
        "national_value": decimal_of(middle.median) if middle else None,
        "national_low": decimal_of(middle.p05) if middle else None,
        "national_high": decimal_of(middle.p95) if middle else None,
        "break_note": catalog.variables[row.variable].editions[-1].definition_note or None,
    }


def peers_beside(
    analysis: Analysis, catalog: Catalog, row: ResultRow, chosen: Sequence[str]
) -> tuple[tuple[str, ...], Decimal | None]:
    """Return the peers of a number that have one for the same group and period, and their middle value.

    Peers are those chosen, or the nearest places by everything but this metric itself. Too few of them
    give no middle.
    """
    near = chosen or _nearest(analysis, catalog, row)
    found = analysis.metric(
        row.variable, group_type=row.group_type, group=row.group, geo_level=row.geo_level, edition=row.edition
    ).filter(
        pl.col("geo_id").is_in(list(near)),
        pl.col("geo_id") != row.geo_id,
        pl.col("period") == row.period,
        pl.col("value").is_not_null(),
    )
    values = dict(found.select("geo_id", "value").iter_rows())
    places = tuple(code for code in near if code in values)
    return places, decimal_of(middle_of_peers(list(values.values())))


def _nearest(analysis: Analysis, catalog: Catalog, row: ResultRow) -> tuple[str, ...]:
    try:
        found = analysis.peers(row.geo_id, metric=catalog.variables[row.variable].metric)
    except UpwardError:  # the place stands alone in the release
        return ()
    return tuple(peer.place.geo_id for peer in found)


def nation_of(analysis: Analysis, row: ResultRow) -> ContextRow | None:
    """Return the middle of the nation beside a number, where it was published and may be used."""
    found = analysis.context().get(
        row.variable,
        row.edition,
        row.source_release,
        row.period,
        row.group_type,
        row.group,
        row.geo_level,
        "US",
    )
    return found if found is not None and found.usable else None


def values_of_finding(
    analysis: Analysis, catalog: Catalog, finding: Finding, *, place: str
) -> dict[str, Value | None]:
    """Return the reading that pins a finding: its sentence, its first number with bounds and quality, its strength."""
    row = finding.numbers[0] if finding.numbers else None
    group = f"{row.group_type}/{row.group}" if row is not None and row.group != OVERALL else None
    tag = {True: "strength", False: "concern", None: "unclear"}[finding.favorable]
    gap = finding.comparison.estimate if finding.comparison is not None and finding.kind == "gap" else None
    values: dict[str, Value | None] = {
        "claim": " ".join(finding.statement.split())[:300],
        "variable": finding.variable,
        "predictor": catalog.metrics[finding.metric].predictor,
        "place": place,
        "group": group,
        "year": int(finding.year[-4:]),
        "tag": tag,
        "limits": finding.detail or None,
        "gap": decimal_of(gap),
        "insight": finding.id,
        "insight_strength": STRENGTH.get(finding.mark, "unpublished"),
    }
    return {**values, **pinned_values(analysis, catalog, row)}
