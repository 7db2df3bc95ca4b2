"""One metric as a row of the page: headline, meta lines, charts, reading, table, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isinf

from upward.base.messages import _, ngettext
from upward.catalog import format as shown_as
from upward.catalog.geographies import new_area
from upward.catalog.model import Form, Metric, Predictor
from upward.engine.comparability import Refusal, refused_alone
from upward.present.build_definitions import COUNTY, definition_of
from upward.present.build_groups import MissingGroup, groups_of
from upward.present.build_peers import SIDED, differ, position_of, tested_of
from upward.present.build_standing import no_range, standing_of, with_margin
from upward.present.build_tables import IMPUTATION, table_of
from upward.present.build_trends import trend_of
from upward.present.build_values import (
    AVAILABLE,
    Numbers,
    Sight,
    clusters,
    gone_reason,
    nation_of,
    numbers_of,
    of_this_area,
)
from upward.present.readings import reading_of
from upward.present.specs import (
    Chart,
    Glance,
    Headline,
    Mark,
    MetricRow,
    Missing,
    Note,
    Span,
)
from upward.present.wording import finding_mark, first_lower, quality_word, says_both
from upward.warehouse.codes import REASONS, TOO_FEW
from upward.warehouse.read import ResultRow

#: Forms whose variables are small drawings of their own over the years.
PANELLED = (Form.BY_GROUP, Form.PAIRS, Form.HALF_PAIRS)
WEAK = 3


def row_of(
    sight: Sight, metric: Metric, predictor: Predictor, part: str
) -> tuple[MetricRow, tuple[Glance, ...], tuple[Missing, ...]]:
    """Return a metric's row, its lines in the profile, and its lines of what is missing."""
    found = _current(sight, metric)
    with_value = [item for item in found if item.latest]
    if not with_value:
        return _empty(sight, metric, predictor, part, found)
    charts, missing_groups = groups_of(sight, found)
    standing = standing_of(sight, found)
    trends = _trends(sight, with_value)
    headed = _headed(metric, found)
    row = MetricRow(
        id=metric.id,
        predictor=predictor.name,
        part=part,
        name=metric.name,
        short=metric.short,
        level=sight.level,
        headlines=_headlines(headed),
        pair_heads=_pair_heads(metric),
        meta=_meta(sight, metric, with_value, headed),
        standing=standing,
        trends=trends,
        groups=charts,
        tag=_tag(sight, metric, with_value),
        reading=reading_of(sight, found),
        note=_note(sight, with_value),
        table=table_of(sight, found, trends, charts),
        empty_reason="",
        local=_local(metric),
        definition=definition_of(sight.catalog, metric, sight.level),
        spans=tuple(
            (item.variable.id, item.latest[0].period, span)
            for item in with_value
            for span in item.spans
            if item.latest
        ),
    )
    return row, _glances(sight, metric, with_value), _missing(sight, metric, found, missing_groups)


def _current(sight: Sight, metric: Metric) -> list[Numbers]:
    """The variables of the newest edition; those of an older one only where the newest has no value at all."""
    found = of_this_area([numbers_of(sight, metric, variable) for variable in metric.variables])
    newest = max(item.variable.editions[-1].edition for item in found)
    current = [item for item in found if any(e.edition == newest for e in item.variable.editions)]
    older = [item for item in found if item not in current]
    if older and not any(item.latest for item in current) and any(item.latest for item in older):
        return [item for item in older if item.latest]
    return current


def _empty(
    sight: Sight, metric: Metric, predictor: Predictor, part: str, found: Sequence[Numbers]
) -> tuple[MetricRow, tuple[Glance, ...], tuple[Missing, ...]]:
    reason, rule = _empty_reason(sight, found)
    row = MetricRow(
        id=metric.id, predictor=predictor.name, part=part, name=metric.name, short=metric.short, level=sight.level,
        headlines=(), pair_heads=None, meta=(), standing=(), trends=(), groups=(), tag=None, reading=(), note=None,
        table=None, empty_reason=f"{reason} {rule}".rstrip(), local=_local(metric), definition=definition_of(sight.catalog, metric, sight.level),
    )  # fmt: skip
    return (
        row,
        (Glance(metric.id, metric.short, "", _("not available")),),
        (Missing(metric.short, reason, _advice(metric)),),
    )


def _empty_reason(sight: Sight, found: Sequence[Numbers]) -> tuple[str, str]:
    """Why a metric has no value here: not published for this level, or the newest row's own reason, and its rule."""
    published = any(sight.level in edition.years for item in found for edition in item.variable.editions)
    if not published or not any(
        edition.years.get(sight.level) for item in found for edition in item.variable.editions
    ):
        if sight.level == "place":
            return _("This metric is published for counties only, not for cities."), ""
        return _("This metric is not published for places of this kind."), ""
    for item in found:
        if item.missing_latest:
            row, mark = item.overall[-1]
            # The rule on small numbers is said only where it is the reason.
            return mark.reason, item.metric.suppression if row.reason == REASONS[TOO_FEW] else ""
    change = new_area(sight.place.geo_id)
    if change:
        sentence = _("The published tables have no row for this area, in the data since {year}.")
        return sentence.format(year=change.valid_from), ""
    return _("The release has no value of this metric for this place."), ""


def _local(metric: Metric) -> str:
    return metric.supplements[0] if metric.supplements else ""


def _advice(metric: Metric, number: int = 1) -> str:
    """The supplement of a number, counted from 1; of what no supplement has, that none is known."""
    if not metric.supplements:
        return _("Wait for the next release.")
    return metric.supplements[number - 1] if number else _("None known by group")


def _headed(metric: Metric, found: Sequence[Numbers]) -> Sequence[Numbers]:
    """The variables whose newest values stand big: of levels, those of the first axis that has any value."""
    if metric.form is not Form.LEVELS:
        return found
    axes = clusters(found)
    return next((axis for axis in axes if any(item.latest for item in axis)), axes[0])


def _headlines(found: Sequence[Numbers]) -> tuple[Headline, ...]:
    several = len(found) > 1
    lines = []
    for item in found:
        mark = item.latest[1] if item.latest else item.missing_latest or Mark("", text=_("not available"))
        words = "" if mark.value is None or isinf(mark.value) else _unit_words(item)
        if mark.interval and item.edition.bounds == IMPUTATION:  # else it reads as a margin of error
            limits = _("limits from filling gaps: {interval}").format(interval=mark.interval)
            mark = replace(mark, interval=limits)
        lines.append(Headline(item.variable.short if several else "", mark, words))
    return tuple(lines)


def _unit_words(item: Numbers) -> str:
    """What stands under the big number: what it is a share of, or the unit's name where the number does not say it."""
    if item.variable.of_what and item.edition is item.variable.editions[-1]:
        return item.variable.of_what
    if item.unit.suffix == "%" or item.unit.prefix == "$":
        return ""
    return item.unit.name


def _pair_heads(metric: Metric) -> tuple[str, str] | None:
    if metric.form is Form.PAIRS:
        return _("home value"), _("households")
    if metric.form is Form.HALF_PAIRS:
        return _("officials"), _("residents")
    return None


def _meta(
    sight: Sight, metric: Metric, found: Sequence[Numbers], headed: Sequence[Numbers]
) -> tuple[tuple[str, str], ...]:
    """Lines under the value: interval or its absence, quality, year and age, why a newer year is missing, and of the
    numbers that stand there (`headed`) why one has no value.
    """
    lines = [(_margin(metric, found), "")]
    if metric.form is Form.LEVELS:
        lines.insert(0, (_("Homes per 100 households; % is of area median income"), ""))
    words: dict[str, list[str]] = {}
    for item in found:
        assert item.latest is not None
        words.setdefault(quality_word(item.latest[1].quality), []).append(item.variable.short)
    if len(words) == 1:
        lines.append((_("Data quality:"), next(iter(words))))
    else:
        lines += [
            (_("Data quality, {what}:").format(what="; ".join(names)), word) for word, names in words.items()
        ]
    lines += [(line, "") for line in dict.fromkeys(_dated(sight, item) for item in found)]
    gone: dict[str, list[str]] = {}
    for item in headed:
        if item.latest is None and (mark := item.missing_latest):
            gone.setdefault(mark.reason, []).append(item.variable.short)
    late = dict.fromkeys([line for item in found for line in _late(item, gone)])
    lines += [(line, "") for line in late]
    lines += [(f"{'; '.join(names)}: {first_lower(reason)}", "") for reason, names in gone.items()]
    return tuple(lines)


def _late(item: Numbers, gone: dict[str, list[str]]) -> list[str]:
    """Why years after the newest value have none: a line for each reason, with its years, and with the numbers that have
    none at all for the same reason, which are taken out of `gone`.
    """
    assert item.latest is not None
    by_reason: dict[str, list[int]] = {}
    for row, mark in item.overall:
        if mark.value is None and row.period > item.latest[0].period:
            by_reason.setdefault(mark.reason, []).append(mark.year)
    lines = []
    for reason, years in by_reason.items():
        names = gone.pop(reason, None)
        sentence = (
            _("{names}; newer values ({years}): {reason}")
            if names
            else _("No newer value ({years}): {reason}")
        )
        lines.append(
            sentence.format(
                names="; ".join(names or ()), years=shown_as.years(years), reason=first_lower(reason)
            )
        )
    return lines


def _margin(metric: Metric, found: Sequence[Numbers]) -> str:
    marks = [item.latest[1] for item in found if item.latest]
    bounded = [mark for mark in marks if mark.interval]
    if bounded and len(marks) == 1:
        if found[0].edition.bounds == IMPUTATION:
            return _("Limits from filling gaps: {interval}").format(interval=bounded[0].interval)
        return _("95% interval {interval}").format(interval=bounded[0].interval)
    if bounded and found[0].edition.bounds == IMPUTATION:
        return _("No sampling margin; limits from filling gaps")
    if bounded:
        return _("95% intervals in the chart and table")
    if metric.form is Form.RATES:
        return _("A count of reports: no margin applies")
    return _("No margin published")


def _dated(sight: Sight, item: Numbers) -> str:
    """Year of the value and its age: `2019–2023 pooled, 3 years ago`."""
    assert item.latest is not None
    row, mark = item.latest
    pooled = item.edition.period_years.get(sight.level, 1)
    words = shown_as.period_words(row.period, pooled)
    if pooled > 1:
        words = _("{years} pooled").format(years=words)
    age = sight.year - mark.year
    if mark.year and age > 0:
        words += ", " + ngettext("{age} year ago", "{age} years ago", age).format(age=age)
    return words


def _trends(sight: Sight, found: Sequence[Numbers]) -> tuple[Chart, ...]:
    form = found[0].metric.form
    if form in PANELLED:
        return (trend_of(sight, found, panels=True),)
    if form is Form.LEVELS:
        return (trend_of(sight, clusters(found)[0]),)
    if form in (Form.PERCENTILES, Form.RATES):
        return (trend_of(sight, found),)
    shown = [item for item in found if item.unit.id != "count"] or list(found)
    if len(shown) == 1:
        return (trend_of(sight, shown, beside=[item for item in found if item not in shown]),)
    return tuple(trend_of(sight, [item], label=item.variable.short) for item in shown)


def _tag(sight: Sight, metric: Metric, found: Sequence[Numbers]) -> tuple[str, str] | None:
    """How strongly the newest value stands apart from the US middle, or why that was not tested."""
    if metric.form is Form.HALF_PAIRS:
        return finding_mark("half a metric")
    if not metric.comparable:
        return finding_mark("not compared")
    marks = [item.latest[1] for item in found if item.latest]
    if all(mark.quality == WEAK for mark in marks):
        return finding_mark("weak data")
    tested = tested_of(sight, found)
    if tested:
        shape, word = finding_mark(tested[1].strength)
        if metric.form is Form.PERCENTILES and tested[0] is found[len(found) // 2] and differ(sight, found):
            word = _("{strength} (middle household)").format(strength=word)
        return shape, word
    if with_margin(found):
        return finding_mark("not tested") if sight.views.peers else None
    return finding_mark("no published margin")


def _note(sight: Sight, found: Sequence[Numbers]) -> Note | None:
    """A caution where a flag or a weak grade asks for one; at most one note per row."""
    texts: list[str] = []
    for item in found:
        assert item.latest is not None
        mark = item.latest[1]
        drawn = mark.value is not None and not isinf(mark.value)
        for text in (
            mark.note if drawn else "",  # “no physician” says itself what its note explains
            mark.published,
        ):
            if text and text not in texts:
                texts.append(text)
    weak = [item.variable.short for item in found if item.latest and item.latest[1].quality == WEAK]
    if len(weak) == len(found):
        texts.insert(0, _("The data are weak: do not act on this figure alone."))
    elif weak:
        words = ngettext(
            "Weak: {names}. Do not act on that figure alone.",
            "Weak: {names}. Do not act on those figures alone.",
            len(weak),
        )
        texts.insert(0, words.format(names="; ".join(weak)))
    texts += [text for text in (_shared_area(sight, found), _change(found)) if text]
    of_cities = found[0].metric.city_limitations if found else 0
    if of_cities and found[0].latest and found[0].latest[0].geo_level != COUNTY:
        texts.append(found[0].metric.limitations[0])
    return Note("caution", " ".join(texts)) if texts else None


def _shared_area(sight: Sight, found: Sequence[Numbers]) -> str:
    """What must be known of a place too small for a survey area of its own, in the words of the source."""
    for item in found:
        source = sight.catalog.sources[item.edition.source or item.metric.source]
        if sight.most_residents is not None and sight.most_residents < source.shared_below:
            return source.shared_note
    return ""


def _change(found: Sequence[Numbers]) -> str:
    """What to think of before a change between any two of the years is believed."""
    several = any(sum([mark.value is not None for _row, mark in item.overall]) > 1 for item in found)
    return found[0].metric.change_note if several else ""


def _glances(sight: Sight, metric: Metric, found: Sequence[Numbers]) -> tuple[Glance, ...]:
    if metric.form is Form.HALF_PAIRS:
        return (Glance(metric.id, metric.short, "", _("waiting for entry")),)
    if not metric.comparable:
        return (Glance(metric.id, metric.short, "", _("not compared")),)
    if metric.form in (Form.BY_GROUP, Form.PAIRS):
        weak = all(item.latest and item.latest[1].quality == WEAK for item in found)
        words = _("weak data, no position") if weak and sight.views.positions else _("by group, see below")
        return (Glance(metric.id, metric.short, "", words),)
    shown = [item for item in found if item.unit.id != "count"]
    if metric.form is Form.LEVELS:
        shown = clusters(shown)[0]
    return tuple(_glance(sight, metric, item, len(shown) > 1) for item in shown)


def _positioned(sight: Sight, item: Numbers, label: str, span: Span) -> Glance:
    """A line with the position among residents, or the words why a place is not ranked there."""
    assert item.latest is not None
    row, mark = item.latest
    position = position_of(sight, row, item.variable.direction)
    if position is None:
        sided = item.variable.direction in SIDED
        words = _no_position(row) if sided else _("context, no better side")
        return Glance(item.metric.id, label, "", words)
    text = shown_as.number(position.share)
    said = (
        _("{label}: {share} of 100 US residents live with a less favorable value")
        if row.geo_level == COUNTY
        else _("{label}: {share} of 100 residents of large US cities live with a less favorable value")
    )
    sentence, spoken = said.format(label=label, share=text), ""
    if position.lower is not None and position.upper is not None:
        low, high = map(shown_as.number, (position.lower, position.upper))
        interval = _(" (from {low} to {high})").format(low=low, high=high)
        sentence, spoken = sentence + interval, _("of 100") + interval
    return Glance(item.metric.id, label, text, "", mark, span, f"{sentence}.", position, spoken)


def _no_position(row: ResultRow) -> str:
    """Why a number that has a better side is not set beside those of all places."""
    refusal = refused_alone(row)
    if refusal is Refusal.WEAK:
        return _("weak data, no position")
    if refusal is Refusal.STATE_POOL:
        return _("of several counties, no position")
    if refusal is Refusal.OTHER_BOUNDARY:
        return _("other boundaries, no position")
    if refusal is Refusal.DOUBTFUL:
        return _("figure in doubt, no position")
    return _("older ({year}), no position").format(year=row.period)


def _glance(sight: Sight, metric: Metric, item: Numbers, named: bool) -> Glance:
    assert item.latest is not None
    mark = item.latest[1]
    label = metric.short
    if named and metric.form is Form.SINGLE:
        label = item.variable.short
    elif metric.form is Form.LEVELS:
        label = _level_label(item)
    elif named:
        label = f"{metric.short}, {first_lower(item.variable.short)}"
    span = nation_of(item.spans)
    if span is None:
        # Among positions a bare number would be read as one; documents have a column for it.
        text = "" if sight.views.positions else mark.text
        words = _("weak data, no position") if mark.quality == WEAK and not text else no_range(sight)
        return Glance(metric.id, label, text, words, mark)
    if sight.views.positions:
        return _positioned(sight, item, label, span)
    parts = [f"{label}: {mark.text}" + (f" ({mark.interval})" if mark.interval else "")]
    parts.append(
        _("US 5th percentile {low}, middle {middle}, 95th percentile {high}").format(
            low=span.low_text, middle=span.middle_text, high=span.high_text
        )
    )
    return Glance(metric.id, label, mark.text, "", mark, span, "; ".join(parts) + ".")


def _level_label(item: Numbers) -> str:
    level = item.variable.short.rpartition(", ")[2]
    if AVAILABLE in item.variable.id:
        return _("Homes available up to {level} of area median income").format(level=level)
    return _("Homes affordable up to {level} of area median income").format(level=level)


def _missing(
    sight: Sight, metric: Metric, found: Sequence[Numbers], groups: Sequence[MissingGroup]
) -> tuple[Missing, ...]:
    by_reason: dict[tuple[str, str], list[str]] = {}
    for item in found:
        if item.latest is None:
            reason = gone_reason(sight.level, item)
            advice = _advice(metric, metric.supplements_for.get(item.variable.id, 1))
            by_reason.setdefault((reason, advice), []).append(item.variable.short)
    for group in groups:
        advice = _advice(metric, metric.supplements_for.get(group.group_type, 0))
        names = by_reason.setdefault((group.reason, advice), [])
        if group.name not in names:
            names.append(group.name)
    lines = []
    for (reason, advice), names in by_reason.items():
        what = "; ".join(names)  # names hold commas
        alone = len(names) == 1 and says_both(metric.short, what)
        lines.append(Missing(what if alone else f"{metric.short}: {what}", reason, advice))
    if metric.form is Form.HALF_PAIRS:
        lines.append(
            Missing(
                _("Elected officials by group"),
                _("No national source records them."),
                _("Count the members of the elected body."),
            )
        )
    return tuple(lines)
