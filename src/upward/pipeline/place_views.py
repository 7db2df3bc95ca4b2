"""What stands out at a place, its peers and its positions, in the form that pages show.

All places are surveyed at once, without words; only the few findings that a page shows are then written out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from upward.base.messages import _, current_language, ngettext, use_language
from upward.catalog import format as shown_as
from upward.catalog.load import load_catalog
from upward.catalog.model import Catalog, Form
from upward.insights.analysis import Analysis
from upward.insights.candidates import STRONG
from upward.insights.findings import Finding, Kind, Role, Side, Strength
from upward.insights.findings import Mark as FindingMark
from upward.insights.peers import COUNT, OUTCOME_PARTS, PARTS, Peer, parts_for
from upward.insights.ranking import POINTS_OF_SPREAD
from upward.insights.rules.caution import JointCaution, joint_cautions
from upward.insights.wording import words_in_force
from upward.insights.writer import Writer
from upward.present.build_findings import marks_table, mini_chart
from upward.present.specs import (
    FindingsView,
    FindingView,
    Mark,
    PeersView,
    PeerView,
    PlaceViews,
    Position,
    Reference,
)
from upward.present.wording import first_lower
from upward.warehouse.places import Place
from upward.warehouse.read import Release, ResultRow

#: Findings with a drawing, at most so many of one metric; further ones as lines; and what cannot be said, of which
#: so many are of two figures at once.
DRAWN, OF_ONE_METRIC, LINES, UNCLEAR, OF_TWO_FIGURES, UNTESTED, CAUTIONS = 6, 2, 5, 4, 1, 2, 4
#: An earlier finding of the same kind costs so many points among those with a drawing: as much as one usual
#: difference between places, so that a level, a change and a gap alternate where they are about as strong.
STEP_OF_KIND = POINTS_OF_SPREAD
#: A figure is held against so many middles; a third says little that is new, and stands after other findings.
MIDDLES = 2
#: Where so few metrics are graded Strong, and nothing could be told, they are named.
FEW_SOUND = 3
FOUND, NOT_FOUND, NOT_USABLE = ("clear", "likely"), "uncertain", "not usable"
#: The strength of what was tested -> the mark that stands before it.
TESTED = {
    Strength.CLEAR: str(FindingMark.CLEAR),
    Strength.LIKELY: str(FindingMark.LIKELY),
    Strength.UNCERTAIN: str(FindingMark.CANNOT_TELL),
}
PLACE = ("geo_level", "geo_id")
POSITIONS, CHOSEN, COUNTS = "positions", "chosen", "counts"
REFERENCES = (Role.NATION, Role.STATE, Role.PEERS)


@dataclass(frozen=True, slots=True)
class Survey:
    """The survey of many places, cut down to what their pages show."""

    chosen: pl.DataFrame  # candidates, with `part`: drawn, line, unclear or untested
    counts: pl.DataFrame  # by place: found, unclear and tested comparisons, and families
    positions: pl.DataFrame  # by place, variable, edition and period

    def write(self, folder: Path) -> None:
        """Write the survey for other processes."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in (CHOSEN, COUNTS, POSITIONS):
            getattr(self, name).write_parquet(folder / f"{name}.parquet", compression="lz4")

    @classmethod
    def read(cls, folder: Path) -> Survey:
        """Read what `write` wrote."""
        return cls(*(pl.read_parquet(folder / f"{name}.parquet") for name in (CHOSEN, COUNTS, POSITIONS)))


def survey_places(analysis: Analysis, places: Sequence[Place] | None = None) -> Survey:
    """Return the survey of some places, or of all."""
    table = analysis.findings_table(places).with_row_index("order")
    found = pl.col("strength").is_in(FOUND)
    counts = table.group_by(*PLACE).agg(
        found.sum().alias("found"),
        (pl.col("strength") == NOT_FOUND).sum().alias("unclear"),
        pl.col("p").is_not_null().sum().alias("tested"),
    )
    nation = (pl.col("kind") == str(Kind.STANDING)) & (pl.col("scope") == str(Role.NATION))
    positions = table.filter(nation, pl.col("percentile").is_not_null()).select(
        *PLACE,
        "first_variable",
        "edition",
        "first_period",
        "percentile",
        "percentile_lower",
        "percentile_upper",
        pl.col("strength").replace_strict(TESTED, default="").alias("strength"),
        (pl.col("estimate") > 0).fill_null(value=False).alias("above"),
    )
    shown = table.filter(pl.col("first_variable").is_in(variables_shown(analysis.catalog)))
    return Survey(_with_ranks(_that_differ(shown, analysis.catalog), found), counts, positions)


def _that_differ(table: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """Return the candidates without those that no test is possible for and whose two figures people read as the same:
    there is nothing to look into.
    """
    units = {variable.id: catalog.units[variable.unit] for variable in catalog.variables.values()}
    steps = {name: 10.0**-unit.decimals / unit.scale for name, unit in units.items()}
    step = pl.col("first_variable").replace_strict(steps)
    near = (pl.col("first_value") - pl.col("second_value")).abs() < step
    levels = (pl.col("strength") == NOT_USABLE) & (pl.col("kind") == str(Kind.STANDING))
    pairs = table.filter(levels & near).select("order", "first_variable", "first_value", "second_value")
    alike = [
        order
        for order, name, first, second in pairs.iter_rows()
        if shown_as.shown(first, units[name]) == shown_as.shown(second, units[name])
    ]
    return table.filter(~pl.col("order").is_in(alike)) if alike else table


def variables_shown(catalog: Catalog) -> list[str]:
    """Return the variables that pages show: those of the newest edition of their metric."""
    newest = {
        metric.id: max(variable.editions[-1].edition for variable in metric.variables)
        for metric in catalog.metrics.values()
    }
    return [
        variable.id
        for variable in catalog.variables.values()
        if any(edition.edition == newest[variable.metric] for edition in variable.editions)
    ]


def _with_ranks(table: pl.DataFrame, found: pl.Expr) -> pl.DataFrame:
    """Return the candidates that a page shows, each with the part of the page it belongs to, in their order."""
    part = (
        pl.when(found).then(pl.lit("found"))
        .when(pl.col("strength") == NOT_FOUND).then(pl.lit("unclear"))
        .otherwise(pl.lit("untested"))
    )  # fmt: skip
    parts = table.with_columns(part.alias("part"))
    told = parts.filter(pl.col("part") == "found")
    drawn = _drawn(told)
    lines = _lines(told, drawn)
    unclear = _unclear(parts.filter(pl.col("part") == "unclear"))
    return pl.concat([drawn, lines, unclear, _untested(parts.filter(pl.col("part") == "untested"))])


def _drawn(told: pl.DataFrame) -> pl.DataFrame:
    """Return the findings with a drawing: the strongest of each metric, then the second ones where there is room.

    Kinds alternate where they are about as strong; two of one metric stand beside each other.
    """
    by_metric = told.filter(pl.col("kind") != str(Kind.RELATION)).with_columns(
        pl.int_range(pl.len()).over(*PLACE, "metric").alias("of_metric")
    )
    scored = by_metric.filter(pl.col("of_metric") < OF_ONE_METRIC).with_columns(
        (pl.col("strength") != str(Strength.CLEAR)).alias("weaker"),
        pl.col("score") - STEP_OF_KIND * pl.int_range(pl.len()).over(*PLACE, "of_metric", "strength", "kind"),
    )
    best = scored.sort("of_metric", "weaker", "score", "order", descending=[False, False, True, False])
    ranked = best.with_columns(pl.int_range(pl.len()).over(*PLACE).alias("rank"))
    chosen = ranked.filter(pl.col("rank") < DRAWN).with_columns(
        pl.col("rank").min().over(*PLACE, "metric").alias("first"), pl.lit("drawn").alias("part")
    )
    return chosen.sort("first", "rank").select(told.columns)


def _lines(told: pl.DataFrame, drawn: pl.DataFrame) -> pl.DataFrame:
    """Return the further findings, those last that set a figure beside one more middle."""
    middle = pl.int_range(pl.len()).over(*PLACE, "first_variable", "kind")
    further = told.with_columns(
        ((middle >= MIDDLES) & (pl.col("kind") == str(Kind.STANDING))).alias("later")
    ).join(drawn.select("order"), on="order", how="anti")
    return _first(further.sort("later", "order"), LINES).select(told.columns)


def _unclear(table: pl.DataFrame) -> pl.DataFrame:
    """Return what a test could not tell: the first of each metric, and few that join two figures. Where just one of
    the two is open, the pair says no more than that figure alone, and a finding elsewhere tells of the other.
    """
    relation = pl.col("kind") == str(Kind.RELATION)
    before = pl.int_range(pl.len()).over(*PLACE, "kind")
    kept = table.filter(pl.col("open").is_null()).filter(~relation | (before < OF_TWO_FIGURES))
    return _first(kept.filter(pl.int_range(pl.len()).over(*PLACE, "metric") == 0), UNCLEAR)


def _untested(table: pl.DataFrame) -> pl.DataFrame:
    """Return the figures without a margin that stand farthest from the middle of the nation, one of each metric: with
    it, it is known how many residents live beyond them.
    """
    nation = pl.col("scope") == str(Role.NATION)
    far = pl.when(nation).then((pl.col("percentile") - 0.5).abs())
    levels = table.filter(pl.col("kind") == str(Kind.STANDING)).with_columns(far.alias("far"))
    ranked = levels.sort("far", "order", descending=[True, False], nulls_last=True)
    of_metric = ranked.filter(pl.int_range(pl.len()).over(*PLACE, "metric") == 0)
    return _first(of_metric, UNTESTED).select(table.columns)


def _first(table: pl.DataFrame, most: int) -> pl.DataFrame:
    """Return the first rows of each place."""
    return table.filter(pl.int_range(pl.len()).over(*PLACE) < most)


def views_of_place(release: Release, place: Place, language: str) -> PlaceViews:
    """Return what is known of one place beyond its own numbers, in one language."""
    analysis = release if isinstance(release, Analysis) else Analysis.of(release)
    with use_language(language):
        maker = ViewMaker(analysis, survey_places(analysis, [place]))
        return maker.views_of(place, analysis.place_rows(place), load_catalog(language))


class ViewMaker:
    """Makes the views of one place after another from a survey."""

    def __init__(self, analysis: Analysis, survey: Survey) -> None:
        """Hold the opened release and the survey of its places."""
        self._analysis, self._survey = analysis, survey
        self._made: dict[str, dict[tuple[str, ...], dict[str, Mark]]] = {}
        self._chosen: dict[tuple[object, ...], str] = {}

    def views_of(self, place: Place, rows: Sequence[ResultRow], catalog: Catalog) -> PlaceViews:
        """Return what is known of a place beyond its numbers, in the language in force; nothing of a former area."""
        if not place.current:
            return PlaceViews()
        return PlaceViews(
            self._findings(place, rows, catalog),
            self._peers(place, catalog),
            self._own_peers(place),
            self._analysis.overall_rows,
            self._positions.get((place.geo_level, place.geo_id), {}),
            self._made.setdefault(current_language(), {}),
        )

    def _own_peers(self, place: Place) -> dict[str, tuple[PeerView, ...]]:
        """The peers of the metrics that are themselves a part of what makes places alike: the very peers that the
        findings on them rest on.
        """
        finder = self._analysis.evidence.peer_finder(place.geo_level)
        by_parts: dict[tuple[str, ...], tuple[PeerView, ...]] = {}
        found = {}
        for metric in OUTCOME_PARTS:
            parts = parts_for(metric)
            if parts not in by_parts:
                peers = finder.alike(place, metric=metric)
                by_parts[parts] = tuple(PeerView(peer.geo_id, _peer_name(peer), "", ()) for peer in peers)
            found[metric] = by_parts[parts]
        return found

    def _peers(self, place: Place, catalog: Catalog) -> PeersView:
        finder = self._analysis.evidence.peer_finder(place.geo_level)
        others = len(finder.places) - 1
        found = finder.peers(place, count=min(COUNT, others)) if others else []
        names = {
            "size": _("Residents"), "growth": _("Growth in five years"), "region": _("Region"),
            "composition": _("Race and ethnicity"), "income": _("Income"),
        }  # fmt: skip
        peers = tuple(
            PeerView(
                peer.place.geo_id,
                _peer_name(peer.place),
                f"{peer.distance:.2f}",
                tuple(_part_text(peer, part) for part in PARTS),
            )
            for peer in found
        )
        unknown = finder.unknown_parts(place)
        counted = {part: first_lower(names[part]) for part in PARTS if found and part in found[0].parts}
        gaps = any(peer.unknown for peer in found)
        key = (current_language(), *counted, *unknown, gaps)
        if key not in self._chosen:  # the same for most places
            lacking = [first_lower(names[part]) for part in unknown]
            self._chosen[key] = _chosen(counted, lacking, catalog, gaps=gaps)
        chosen = self._chosen[key]
        if found and found[0].distance > 1:
            far = _("Even the nearest is far from it: {distance}.")
            chosen += " " + far.format(distance=f"{found[0].distance:.2f}")
        return PeersView(chosen, tuple(names[part] for part in PARTS), peers)

    def _findings(self, place: Place, rows: Sequence[ResultRow], catalog: Catalog) -> FindingsView:
        words = words_in_force()
        writer = Writer(self._analysis.evidence, words, place, rows, self._analysis.overall_rows, apart=True)
        parts: dict[str, list[FindingView]] = {"drawn": [], "found": [], "unclear": [], "untested": []}
        for candidate in self._by_place.get((place.geo_level, place.geo_id), ()):
            part = str(candidate["part"])
            parts[part].append(finding_view(writer.write(candidate), catalog, drawn=part == "drawn"))
        cautions = [
            _caution_view(item, catalog)
            for item in joint_cautions(words, place, rows, without=FindingMark.MISSING, most=CAUTIONS)
        ]
        found, unclear, tested = self._counts.get((place.geo_level, place.geo_id), (0, 0, 0))
        return FindingsView(
            _lead(found, unclear, tested, parts["drawn"], "" if found else _sound(rows, catalog)),
            tuple(parts["drawn"]),
            tuple(parts["found"]),
            (*parts["unclear"], *parts["untested"], *cautions),
            words.granted() if parts["drawn"] else "",
            _further(len(parts["found"]), found - len(parts["drawn"])),
        )

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, str], list[dict[str, object]]]:
        found: dict[tuple[str, str], list[dict[str, object]]] = {}
        for candidate in self._survey.chosen.iter_rows(named=True):
            found.setdefault((candidate["geo_level"], candidate["geo_id"]), []).append(candidate)
        return found

    @cached_property
    def _counts(self) -> Mapping[tuple[str, str], tuple[int, int, int]]:
        rows = self._survey.counts.select(*PLACE, "found", "unclear", "tested").iter_rows()
        return {(level, code): (found, unclear, tested) for level, code, found, unclear, tested in rows}

    @cached_property
    def _positions(self) -> Mapping[tuple[str, str], dict[tuple[str, str, str], Position]]:
        found: dict[tuple[str, str], dict[tuple[str, str, str], Position]] = {}
        for (
            level, code, variable, edition, period, share, lower, upper, strength, above,
        ) in self._survey.positions.iter_rows():  # fmt: skip
            position = Position(
                100 * share,
                None if lower is None else 100 * lower,
                None if upper is None else 100 * upper,
                strength,
                above,
            )
            found.setdefault((level, code), {})[variable, edition, period] = position
        return found


def _peer_name(peer: Place) -> str:
    return f"{peer.name}, {peer.state_abbreviation}"


def _part_text(peer: Peer, part: str) -> str:
    return "–" if part in peer.unknown or part not in peer.parts else f"{peer.parts[part]:.2f}"


def _chosen(counted: Mapping[str, str], unknown: Sequence[str], catalog: Catalog, *, gaps: bool) -> str:
    """How peers are chosen (`counted`: the names of parts), what is not known of the place or of peers, and which rows
    have peers of their own.
    """
    texts = [_("The places most like this one in {parts}.").format(parts=", ".join(counted.values()))]
    if unknown:
        parts = shown_as.listed(unknown)
        texts.append(_("Not known of this place, and left out: {parts}.").format(parts=parts))
    if gaps:
        texts.append(_("A dash: not known there, and counted as is usual."))
    by_parts: dict[str, list[str]] = {}
    for metric, outcome in OUTCOME_PARTS.items():
        without = shown_as.listed([counted[part] for part in outcome if part in counted])
        if without:
            by_parts.setdefault(without, []).append(catalog.metrics[metric].short)
    own = [
        _("{metric} (found without {part})").format(metric=shown_as.listed(metrics), part=without)
        for without, metrics in by_parts.items()
    ]
    if own:
        texts.append(_("Rows with peers of their own: {rows}.").format(rows="; ".join(own)))
    texts.append(_("A distance of 1 is that of two places taken at random."))
    return " ".join(texts)


def _lead(found: int, unclear: int, tested: int, drawn: Sequence[FindingView], sound: str = "") -> str:
    """What was tested and what came of it; `drawn` are the findings that stand below it, further ones are folded and
    counted there. `sound` says which figures are, where nothing could be told.
    """
    if not tested:
        text = _(
            "No comparison of this place could be tested: its figures are missing, weak or older than those of the "
            "nation, or published without a margin. The figures below stand on their own."
        )
        return f"{text} {sound}".strip()
    if not found:
        text = ngettext(
            "{n} comparison was tested, and it cannot be told from chance. The figures below stand on their own.",
            "{n} comparisons were tested, and none can be told from chance. The figures below stand on their own.",
            tested,
        ).format(n=shown_as.number(tested))
        return f"{text} {sound}".strip()
    if unclear:
        text = ngettext(
            "{n} comparisons were tested: {found} can be told from chance, {unclear} cannot.",
            "{n} comparisons were tested: {found} can be told from chance, {unclear} cannot.",
            found,
        )
    else:
        text = ngettext(
            "{n} comparison was tested, and it can be told from chance.",
            "{n} comparisons were tested, and all can be told from chance.",
            tested,
        )
    counted = {"n": tested, "found": found, "unclear": unclear}
    texts = [text.format_map({name: shown_as.number(count) for name, count in counted.items()})]
    if 0 < len(drawn) < found:
        texts.append(_standing_here(drawn))
    texts.append(_("“Clear” means that it holds even when all tests of its kind are counted together."))
    return " ".join(texts)


def _standing_here(drawn: Sequence[FindingView]) -> str:
    shown = len(drawn)
    if shown == len({finding.rows for finding in drawn}) > 1:
        text = _("The {n} that weigh most, one for each metric, stand here.")
    else:
        text = ngettext("The {n} that weighs most stands here.", "The {n} that weigh most stand here.", shown)
    return text.format(n=shown_as.number(shown))


def _further(listed: int, others: int) -> str:
    """What further findings are called: how many are listed, and of how many, where that is not all."""
    if listed < others:
        text = _("{n} of {others} more findings")
    else:
        text = ngettext("{n} more finding", "{n} more findings", listed)
    return text.format_map({"n": shown_as.number(listed), "others": shown_as.number(others)})


def _sound(rows: Sequence[ResultRow], catalog: Catalog) -> str:
    """Which metrics have a newest figure that is graded Strong, where they are few; empty where they are many."""
    shown = set(variables_shown(catalog))
    newest: dict[str, ResultRow] = {}
    for row in rows:
        metric = catalog.metrics[row.metric]
        if not metric.comparable or metric.form is Form.HALF_PAIRS:
            continue  # a report, and half of a metric
        if row.group_type == "all" and row.value is not None and row.variable in shown:
            known = newest.get(row.variable)
            if known is None or (row.edition, row.period) > (known.edition, known.period):
                newest[row.variable] = row
    strong = {row.metric for row in newest.values() if row.quality == STRONG}
    if len(strong) > FEW_SOUND:
        return ""
    if not strong:
        return _("No figure that can be compared is graded Strong.")
    names = [metric.short for metric in catalog.metrics.values() if metric.id in strong]
    text = ngettext(
        "Of the figures that can be compared, only {metrics} is graded Strong.",
        "Of the figures that can be compared, only {metrics} are graded Strong.",
        len(names),
    )
    return text.format(metrics=shown_as.listed(names))


def _linked(metrics: Sequence[str], catalog: Catalog) -> tuple[tuple[str, str], ...]:
    return tuple((metric, catalog.metrics[metric].short) for metric in dict.fromkeys(metrics))


def _caution_view(item: JointCaution, catalog: Catalog) -> FindingView:
    metrics = [item.metric] if item.metric else []
    return FindingView(item.id, str(item.mark), "", item.text, "", "", _linked(metrics, catalog), None, None)


def finding_view(finding: Finding, catalog: Catalog, *, drawn: bool) -> FindingView:
    """Return a finding as a page shows it; its words are taken as they are."""
    joined = [row.metric for row in finding.numbers] if finding.kind is Kind.RELATION else []
    chart = table = None
    if drawn and finding.kind is not Kind.RELATION:
        marks = [_mark(side) for side in finding.sides if side.role not in REFERENCES]
        chart = mini_chart(marks, _reference(finding.sides))
        table = marks_table(finding.heading, [_mark(side) for side in finding.sides])
    return FindingView(
        finding.id, str(finding.mark), finding.heading, finding.statement, finding.detail, finding.why_first,
        _linked([finding.metric, *joined], catalog), chart, table,
    )  # fmt: skip


def _mark(side: Side) -> Mark:
    year = int(side.period) if side.period.isdigit() else 0
    label = _role_name(side) if side.role in REFERENCES else side.label
    interval = side.shown_interval
    if not interval and side.role in REFERENCES:
        interval = "–"  # computed here, so nobody has kept a margin back
    return Mark(label, side.value, side.shown, side.lower, side.upper, interval, side.quality, year=year)


def _role_name(side: Side) -> str:
    if side.role is Role.NATION:
        return side.label
    return (
        _("Middle of peers") if side.role is Role.PEERS else _("Middle of {place}").format(place=side.label)
    )


def _reference(sides: Sequence[Side]) -> Reference | None:
    for side in sides:
        if side.role in REFERENCES:
            return Reference(side.value, f"{_role_name(side)} {side.shown}")
    return None
