"""A place's page as one frozen object: everything the renderers show is decided here, nothing is drawn.

The page says what the data say and no more: figures with their intervals, years, quality and reasons. Comparisons
that need a test, peers and findings are not part of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from upward.base.messages import _, current_language, ngettext, use_language
from upward.catalog import format as shown_as
from upward.catalog.geographies import load_changes, new_area
from upward.catalog.load import load_catalog
from upward.catalog.model import Catalog, Metric, Pillar
from upward.present.build_definitions import COUNTY
from upward.present.build_peers import WEAK, is_drawn
from upward.present.build_rows import row_of
from upward.present.build_scopes import scopes_of
from upward.present.build_values import SILENT_FLAGS, Sight, rows_by_variable
from upward.present.scales import percentile_scale
from upward.present.specs import (
    Cited,
    Fact,
    Glance,
    MetricRow,
    Missing,
    Note,
    PillarSection,
    PlacePage,
    PlaceViews,
    RangeChart,
    ReleaseFacts,
)
from upward.present.wording import flag_text
from upward.warehouse.places import Place
from upward.warehouse.read import ContextIndex, Release, ResultRow

STRONG = 1
USABLE = (1, 2)
PUBLISHER = "mobility-metrics"
NAMES_SHOWN = 3
#: Of a state's residents: a place with more of them is often the middle of its state.
LARGE_PART = 0.1


def page_of_release(
    release: Release,
    place: Place,
    *,
    today: date,
    language: str | None = None,
    views: PlaceViews | None = None,
) -> PlacePage:
    """Return the page of one place of an opened release; `today` is printed and gives values their age."""
    language = language or current_language()
    return build_place_page(
        place,
        release.place_rows(place),
        release.context(),
        load_catalog(language),
        populations=release.populations(place),
        release_info=release_facts(release),
        today=today,
        language=language,
        views=views,
    )


def release_facts(release: Release) -> ReleaseFacts:
    """Return what pages say of a release."""
    manifest = release.manifest
    return ReleaseFacts(
        release.id, release.sample, str(manifest.get("built", ""))[:10], str(manifest.get("identity", ""))
    )


def build_place_page(
    place: Place,
    rows: Sequence[ResultRow],
    context: ContextIndex,
    catalog: Catalog,
    *,
    populations: Sequence[tuple[str, float]],
    release_info: ReleaseFacts,
    today: date,
    language: str | None = None,
    views: PlaceViews | None = None,
) -> PlacePage:
    """Return everything the page of a place shows, in one language.

    `rows` are the place's current result rows of every edition; `catalog` is the one of the language; `populations`
    are (year, residents); `views` adds findings, peers and positions. The same input gives the same object.
    """
    with use_language(language or current_language()):
        views = views or PlaceViews()
        scopes = scopes_of(context, catalog.hash, current_language())
        known = [residents for _year, residents in populations] + [place.population or 0.0]
        most = max(known) or None
        sight = Sight(place, catalog, scopes, rows_by_variable(rows), today.year, views, most)
        pillars, missing = _pillars(sight)
        made = [row for pillar in pillars for row in pillar.rows]
        key, key_label = _key(made)
        return PlacePage(
            language=current_language(),
            title=place.label,
            place_code=place.geo_id,
            level=place.geo_level,
            release=release_info,
            made=today.isoformat(),
            facts=_facts(sight, populations, release_info, made),
            banner=_banner(place),
            own_middle=_own_middle(sight, made),
            key=key,
            key_label=key_label,
            pillars=pillars,
            missing=missing,
            sources=_sources(sight, made),
            vintages=_vintages(sight, rows),
            flags=_flags(rows, made),
            quality=tuple((level.name, level.meaning) for level in catalog.quality_levels),
            findings=views.findings,
            peers=views.peers,
            rows=tuple(rows),
        )


def _pillars(sight: Sight) -> tuple[tuple[PillarSection, ...], tuple[Missing, ...]]:
    catalog = sight.catalog
    by_predictor: dict[str, list[Metric]] = {}
    for metric in catalog.metrics.values():
        by_predictor.setdefault(metric.predictor, []).append(metric)
    sections: list[PillarSection] = []
    missing: list[Missing] = []
    for pillar in catalog.pillars.values():
        rows: list[MetricRow] = []
        glances: list[Glance] = []
        predictors = [item for item in catalog.predictors.values() if item.pillar == pillar.id]
        for predictor in predictors:
            metrics = by_predictor.get(predictor.id, [])
            for index, metric in enumerate(metrics, 1):
                part = _("{n} of {of}").format(n=index, of=len(metrics)) if len(metrics) > 1 else ""
                row, lines, absent = row_of(sight, metric, predictor, part)
                rows.append(row)
                glances += lines
                missing += absent
        sections.append(_section(pillar, len(predictors), rows, glances, bool(sight.views.findings)))
    return tuple(sections), tuple(missing)


def _section(
    pillar: Pillar, predictors: int, rows: Sequence[MetricRow], glances: Sequence[Glance], findings: bool
) -> PillarSection:
    counted = ", ".join(
        (
            ngettext("{n} predictor", "{n} predictors", predictors).format(n=predictors),
            ngettext("{n} metric", "{n} metrics", len(rows)).format(n=len(rows)),
        )
    )
    return PillarSection(
        pillar.id,
        pillar.number,
        pillar.name,
        pillar.why,
        counted,
        tuple(glances),
        tuple(rows),
        None if findings and pillar.number == 1 else _pillar_note(pillar),  # findings end with that note
    )


def _pillar_note(pillar: Pillar) -> Note | None:
    if pillar.number == 1:
        return Note(
            "people",
            _("Numbers show where to look, not why. Take one of these to residents and ask what they see."),
        )
    if pillar.number == 2:
        return Note(
            "key",
            _(
                "A predictor is a condition that research ties to moving up; a metric is one way to measure it. "
                "A figure describes conditions, not people."
            ),
        )
    if pillar.number == 5:
        return Note(
            "people",
            _(
                "Records show what institutions did, not what people lived through. Ask residents, and write down what "
                "they answer."
            ),
        )
    return None


def _facts(
    sight: Sight, populations: Sequence[tuple[str, float]], release: ReleaseFacts, rows: Sequence[MetricRow]
) -> tuple[Fact, ...]:
    place = sight.place
    facts = []
    if populations:
        year, residents = max(populations)
        facts.append(Fact(_("Residents"), shown_as.number(residents), year))
        first_year, first = min(populations)
        if first and first_year != year and _same_ground(place, first_year):
            facts.append(Fact(_("Since {year}").format(year=first_year), shown_as.change(first, residents)))
    facts.append(Fact(_("Code"), place.geo_id))
    facts.append(Fact(_("Boundaries as of"), place.geo_vintage))
    name, _dash, mark = release.id.rpartition("-")
    facts.append(Fact(_("Release"), name or mark, mark if name else ""))
    usable = sum(_is_usable(row) for row in rows)
    facts.append(Fact(_("Metrics with a usable value"), _("{n} of {of}").format(n=usable, of=len(rows))))
    return tuple(facts)


def _same_ground(place: Place, year: str) -> bool:
    """Tell whether a place has had the same ground since a year: a change before it says nothing of the years since."""
    ended = [
        load_changes()[code].valid_to if code in load_changes() else None
        for code in place.predecessors.split()
    ]
    return not place.successors and all(last is not None and str(last) < year for last in ended)


def _is_usable(row: MetricRow) -> bool:
    """Tell whether a metric has a newest value of Strong or Marginal quality; of a pair both sides count, and one of
    them alone, waiting for local entry, is half a metric.
    """
    return any(
        line.mark.value is not None
        and line.mark.quality in USABLE
        and (row.pair_heads is None or line.mark.pair is not None)
        for line in row.headlines
    )


def _banner(place: Place) -> str:
    if place.current:
        return _new_area(place)
    text = _("This is a former area: its figures end in {year}.").format(year=place.last_year or "")
    if place.successors:
        codes = shown_as.listed(place.successors.split())
        text += " " + _("Its ground now belongs to {codes}.").format(codes=codes)
    return text


def _new_area(place: Place) -> str:
    """Since when a new area exists, and of which it was made; empty for one that is as it always was."""
    change = new_area(place.geo_id) if place.geo_level == "county" else None
    if change is None:
        return ""
    former = shown_as.listed([load_changes()[code].name for code in change.predecessors])
    if change.exact:
        text = _(
            "New area, in the data since {year}: it was part of {areas}. Older figures are of that area and are not joined."
        )
    elif len(change.predecessors) == 1:
        text = _(
            "New area, in the data since {year}: it took the place of {areas}, or parts of it. Older figures are of that area "
            "and are not joined."
        )
    else:
        text = _(
            "New area, in the data since {year}: it took the place of parts of {areas}. Older figures are of those areas and are "
            "not joined."
        )
    return text.format(year=change.valid_from, areas=former)


def _own_middle(sight: Sight, rows: Sequence[MetricRow]) -> str:
    """Why a percentile of a state can be the place's own value, where one is and many of its residents live here."""
    share = sight.scopes.share_of_state(sight.place)
    charts = [chart for row in rows for chart in row.standing if isinstance(chart, RangeChart)]
    own = [
        not span.national and chart.mark.value in (span.low, span.middle, span.high)
        for chart in charts
        for span in chart.spans
    ]
    if share < LARGE_PART or not any(own):
        return ""
    sentence = (
        _("Where its tick or an end is this place’s own value: {n} of 100 residents of the state live here.")
        if sight.level == COUNTY
        else _(
            "Where its tick or an end is this place’s own value: {n} of 100 residents of the state’s large cities "
            "live here."
        )
    )
    return sentence.format(n=shown_as.number(share * 100))


def _key(rows: Sequence[MetricRow]) -> tuple[RangeChart | None, str]:
    """The real chart of the page that shows most signs; none where no chart has the bar of the US."""
    charts = [
        (chart, row.name)
        for row in rows
        for chart in row.standing
        if isinstance(chart, RangeChart) and chart.spans[0].national
    ]
    best = max(charts, key=lambda item: _shows(item[0]), default=None)
    return best if best else (None, "")


def _shows(chart: RangeChart) -> tuple[bool, bool, bool, bool, bool, bool, int, int]:
    """How well a chart explains the signs: its value inside the drawing, Strong with an interval, not Weak, with peers,
    nothing cut off, with any interval, with its state, with peers at how many places.
    """
    mark, scale = chart.mark, percentile_scale(chart.spans[0])
    inside = mark.value is not None and scale.holds(mark.value)
    ends = [end for span in chart.spans for end in (span.low, span.high)]
    ends += [end for end in (mark.lower, mark.upper) if end is not None]
    whole = all(scale.holds(end) for end in ends)
    strong = mark.bounded and mark.quality == STRONG
    peers = len({peer.value for peer in chart.peers if is_drawn(peer)})
    bars = sum([span.low < span.high for span in chart.spans])
    return inside, strong, mark.quality != WEAK, peers > 0, whole, mark.bounded, bars, peers


def _sources(sight: Sight, rows: Sequence[MetricRow]) -> tuple[Cited, ...]:
    catalog = sight.catalog
    by_source: dict[str, list[str]] = {PUBLISHER: []}
    for row in rows:
        if row.headlines:  # of a metric without a value nothing is shown that came from its source
            metric = catalog.metrics[row.id]
            for name in (metric.source, *metric.further_sources):
                by_source.setdefault(name, []).append(row.short)
    cited = []
    for source_id, names in by_source.items():
        source = catalog.sources.get(source_id)
        if source is None:
            continue
        licence = source.licence
        metrics = _("all figures") if source_id == PUBLISHER else ", ".join(names)
        of_cities = sight.level != COUNTY and source.city_citation
        citation = source.city_citation if of_cities else source.citation
        address = source.city_address if of_cities else source.address
        cited.append(Cited(source.name, citation, licence, address, metrics))
    return tuple(cited)


def _vintages(sight: Sight, rows: Sequence[ResultRow]) -> tuple[str, ...]:
    used = {row.source_release for row in rows}
    ordered = sorted(sight.catalog.vintages.values(), key=lambda vintage: -vintage.rank)
    return tuple(f"{vintage.name}: {vintage.note}" for vintage in ordered if vintage.id in used)


def _flags(rows: Sequence[ResultRow], made: Sequence[MetricRow]) -> tuple[str, ...]:
    """What the marks of the figures that the page shows mean, each with the metrics whose notes have it."""
    marked: dict[str, dict[str, set[str]]] = {}
    years: dict[str, set[str]] = {}
    for row in rows:
        if row.value is not None:
            years.setdefault(row.metric, set()).add(row.period)
        for flag in row.flags.split() if row.flags else ():
            marked.setdefault(row.metric, {}).setdefault(flag, set()).add(row.period)
    found: dict[str, list[str]] = {}
    for line in made:
        notes = _notes(line)
        for flag, periods in marked.get(line.id, {}).items() if notes else ():
            if flag not in SILENT_FLAGS and flag_text(flag) in notes:
                some = years.get(line.id, set()) - periods and all(map(str.isdigit, periods))
                words = f"{line.short}, {shown_as.years(map(int, periods))}" if some else line.short
                found.setdefault(flag, []).append(words)
    return tuple(f"{flag_text(flag)[:-1]} ({_several(found[flag])})." for flag in sorted(found))


def _notes(row: MetricRow) -> str:
    """Everything that a row's table says of single figures."""
    groups = [group for group in row.table.groups if group.remarks] if row.table else []
    return " ".join([cell for group in groups for cells in group.rows for cell in cells])


def _several(names: Sequence[str]) -> str:
    """Return a few names as a list, of many the first and how many more there are."""
    if len(names) <= NAMES_SHOWN:
        return "; ".join(names)
    more = len(names) - NAMES_SHOWN
    shown = "; ".join(names[:NAMES_SHOWN])
    return ngettext("{names} and {n} more", "{names} and {n} more", more).format(names=shown, n=more)
