"""Where a place's newest value stands: against the nation and the state, or why it is not set beside them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from math import isfinite

from upward.base.messages import _, current_language, ngettext
from upward.catalog import format as shown_as
from upward.catalog.model import Direction, Form, Unit
from upward.catalog.statements import load_statements
from upward.engine.comparability import refused_alone
from upward.engine.compare import middle_of_peers
from upward.present import theme
from upward.present.build_definitions import COUNTY
from upward.present.build_peers import WEAK, drawn_peers, is_drawn, peers_beside, tested_of
from upward.present.build_scopes import NATION
from upward.present.build_tables import IMPUTATION
from upward.present.build_values import AVAILABLE, Numbers, Sight, clusters, gone_reason, nation_of
from upward.present.describe import describe_groups, describe_lanes, describe_peers, describe_range
from upward.present.scales import lanes_right, ratio_ticks, round_ticks
from upward.present.specs import (
    Chart,
    GroupLine,
    GroupsChart,
    Lane,
    LanesChart,
    Mark,
    NoChart,
    RangeChart,
    Reference,
    Span,
)
from upward.present.wording import first_lower, says_both

#: A stored 0 that is a value; another one has no place in a middle.
ZERO_IS_ONE = "value"
LANED = (Form.PERCENTILES, Form.LEVELS, Form.BY_GROUP, Form.PAIRS)


def standing_of(sight: Sight, found: Sequence[Numbers]) -> tuple[Chart, ...]:
    """Return the charts that set a metric's newest values beside the nation and the state."""
    metric = found[0].metric
    if metric.form is Form.HALF_PAIRS:
        return _half(found)
    if not metric.comparable:
        return (
            NoChart(
                _("Place and nation"), metric.not_comparable_reason or _("Not compared with other places.")
            ),
        )
    if metric.form in LANED:
        return tuple(_lanes(sight, cluster) for cluster in clusters(found))
    shown = found[-1:] if metric.form is Form.COUNT_AND_SHARE else found
    return tuple(_range(sight, item, len(shown) > 1) for item in shown)


def direction_words(direction: Direction) -> str:
    """Return which way is favourable, in words."""
    return {
        Direction.HIGHER: _("higher is better"),
        Direction.LOWER: _("lower is better"),
        Direction.PARITY: _("parity is the aim"),
        Direction.CONTEXT: _("no better side"),
    }[direction]


def _period_of(item: Numbers) -> str:
    assert item.latest is not None
    row = item.latest[0]
    return shown_as.period_words(row.period, item.edition.period_years.get(row.geo_level, 1))


def _caption(
    item: Numbers, spans: Sequence[Span], label: str = "", peers: int = 0, *, most: bool = False
) -> str:
    """What stands in a drawing; `peers` are those that are drawn, at `most` where not each lane has so many."""
    beside = [ngettext("{n} peer", "{n} peers", peers).format(n=peers)] if peers else []
    if most:
        beside = [_("up to {peers}").format(peers=beside[0])]
    scopes = shown_as.listed([_("Place"), *(first_lower(span.short) for span in spans), *beside])
    words = f"{scopes}, {_period_of(item)}"
    words = f"{label}: {first_lower(words)}" if label else words
    return f"{words} · {direction_words(item.variable.direction)}"


def _range(sight: Sight, item: Numbers, named: bool) -> Chart:
    if item.latest is None:
        return NoChart(item.variable.short, gone_reason(sight.level, item))
    mark, spans = item.latest[1], item.spans
    label = item.variable.short if named else ""
    if not spans:
        return _alone(sight, item, mark, label)
    peers = peers_beside(sight, item)
    what = item.metric.short
    if len(item.metric.variables) > 1:
        name = item.variable.short
        what = name if says_both(what, name) else f"{what}, {first_lower(name)}"
    sentence = describe_range(f"{what}, {_period_of(item)}", sight.place.name, mark, spans, peers)
    caption = _caption(item, spans, label, drawn_peers(peers)) + _without_peers(sight, peers)
    if nation_of(spans) is None:
        caption += f" · {no_range(sight)}"
    return RangeChart(caption, sentence, mark, spans, peers=peers)


def _without_peers(sight: Sight, peers: Sequence[Mark]) -> str:
    """What a caption adds where a page has peers and a drawing none: why."""
    if sight.views.peers is None or drawn_peers(peers):
        return ""
    word = _("no peer with usable data") if peers else _("no comparable peer figure")
    return f" · {word}"


def _named(mark: Mark, name: str) -> Mark:
    return Mark(name, mark.value, mark.text, mark.lower, mark.upper, mark.interval, mark.quality)


def _alone(sight: Sight, item: Numbers, mark: Mark, label: str) -> Chart:
    """No nation to stand against: the interval alone, or the reason in words."""
    reason = no_nation_reason(sight, item)
    peers = peers_beside(sight, item)
    middle = _middle_of(peers, item)
    words = [describe_peers(peers)] if drawn_peers(peers) else []
    if words:
        reason += f" {words[0]}{f'; {first_lower(middle.label)}' if middle else ''}."
    if not mark.bounded:
        return NoChart(_caption(item, (), label), reason)
    lines = (GroupLine(sight.place.name, (mark,)),)
    caption = " · ".join((_caption(item, (), label), no_range(sight), *words))
    return GroupsChart(caption, f"{describe_groups(lines)} {reason}", lines, own=True, reference=middle)


def _middle_of(peers: Sequence[Mark], item: Numbers) -> Reference | None:
    """Return the middle of the peers, which a finding may rest on; none of too few."""
    middle = middle_of_peers([peer.value for peer in peers if is_drawn(peer) and peer.value is not None])
    if middle is None or item.variable.zero != ZERO_IS_ONE:
        return None
    return Reference(middle, f"{_('Middle of peers')} {shown_as.shown(middle, item.unit)}")


def no_nation_reason(sight: Sight, item: Numbers) -> str:
    """Return why no US range is given for a variable's newest value."""
    assert item.latest is not None
    found = sight.scopes.row(item.latest[0], NATION)
    if found is None:
        return _("No US figures for this number.")
    why = _("{missing}: more than 15 of 100 residents live where the value is missing or weak.")
    missing = no_range(sight)
    return why.format(missing=f"{missing[:1].upper()}{missing[1:]}")


def no_range(sight: Sight) -> str:
    """Return what is said of a number that stands beside no nation."""
    return _("no US range") if sight.level == COUNTY else _("no range of US cities")


def with_margin(found: Sequence[Numbers]) -> list[Numbers]:
    """Return the variables whose newest value has a published margin and is not Weak: what a test would need. Limits
    from filling gaps are no margin.
    """
    return [
        item
        for item in found
        if item.latest
        and item.latest[1].interval
        and item.latest[1].quality != WEAK
        and item.edition.bounds != IMPUTATION
    ]


def untested_reason(sight: Sight, found: Sequence[Numbers]) -> str:
    """Return why a metric with a published margin was not tested against the nation; empty where it was, or where the
    row itself says what is wrong: weak data, no margin, never set beside other places.
    """
    held = with_margin(found)
    if not held or not sight.views.peers or not held[0].metric.comparable or tested_of(sight, found):
        return ""
    item = held[0]
    assert item.latest is not None
    row = item.latest[0]
    refusal = refused_alone(row)
    if refusal is not None:
        return load_statements(current_language()).refusals[refusal.value]
    middle = _("the US middle") if sight.level == COUNTY else _("the middle of large US cities")
    if nation_of(item.spans) is None:
        why = no_nation_reason(sight, item)
        return _("{why} So it is not tested against {middle}.").format(why=why, middle=middle)
    if (row.variable, row.edition, row.period) in sight.views.positions:  # of that year, then
        sentence = _("The interval is cut off at the end of the scale, so it is not tested against {middle}.")
        return sentence.format(middle=middle)
    sentence = ngettext(
        "The newest figure here is of {year}, so it is not tested against {middle}.",
        "The newest figures here are of {year}, so they are not tested against {middle}.",
        len(held),
    )
    return sentence.format(year=_period_of(item), middle=middle)


def _lanes(sight: Sight, found: Sequence[Numbers]) -> Chart:
    with_value = [item for item in found if item.latest]
    if not with_value:
        missing = found[0].missing_latest
        reason = missing.reason if missing else _("The release has no value.")
        return NoChart(found[0].variable.short.split(", ")[0], reason)
    lanes = []
    for item in found:
        if item.latest is None:
            missing = item.missing_latest
            lanes.append(
                Lane(Mark(item.variable.short, text=missing.text if missing else _("not available")), None)
            )
            continue
        span = item.spans[0] if item.spans else None
        lanes.append(Lane(_named(item.latest[1], _lane_label(item)), span, peers_beside(sight, item)))
    first = with_value[0]
    spans = [lane.span for lane in lanes if lane.span]
    logarithmic = first.metric.form is Form.PAIRS
    beside = [drawn_peers(lane.peers) for lane in lanes if lane.mark.value is not None]
    caption = _caption(first, spans[:1], _cluster_label(first), max(beside), most=min(beside) < max(beside))
    caption += _without_nation(sight, lanes)
    if not max(beside):
        caption += _without_peers(sight, [peer for lane in lanes for peer in lane.peers])
    reference = _reference(first)
    ticks = _ticks(lanes, first.unit, reference, logarithmic)
    sentence = describe_lanes(f"{sight.place.name}, {_period_of(first)}", lanes, reference)
    return LanesChart(caption, sentence, tuple(lanes), ticks, reference, logarithmic)


def _without_nation(sight: Sight, lanes: Sequence[Lane]) -> str:
    """What a caption adds where not each value has the nation beside it."""
    bare = [lane.mark.label for lane in lanes if lane.span is None and lane.mark.value is not None]
    if not bare:
        return ""
    if not any(lane.span for lane in lanes):
        return f" · {no_range(sight)}"
    return f" · {no_range(sight)}: {'; '.join(bare)}"


def _lane_label(item: Numbers) -> str:
    """The name of a lane; of a level only the level, because the caption says what it is a level of."""
    if item.metric.form is Form.LEVELS:
        return _("Up to {level}").format(level=item.variable.short.rpartition(", ")[2])
    return item.variable.short


def _cluster_label(item: Numbers) -> str:
    if item.metric.form is not Form.LEVELS:
        return ""
    if AVAILABLE in item.variable.id:
        return _("Affordable and available homes per 100 households")
    return _("Affordable homes per 100 households")


def _reference(item: Numbers) -> Reference | None:
    if item.metric.form is Form.LEVELS:
        return Reference(1.0, _("one home each"))
    if item.metric.form is Form.PAIRS:
        return Reference(1.0, _("parity"))
    return None


def _ticks(
    lanes: Sequence[Lane], unit: Unit, reference: Reference | None, logarithmic: bool
) -> tuple[tuple[float, str], ...]:
    values = [reference.value] if reference else []
    for lane in lanes:
        mark = lane.mark
        if mark.value is not None and isfinite(mark.value):
            values.append(mark.value)
        if mark.bounded and mark.lower is not None and mark.upper is not None:
            values += [mark.lower, mark.upper]
        if lane.span:
            values += [lane.span.low, lane.span.high]
        values += [
            peer.value
            for peer in lane.peers
            if is_drawn(peer) and peer.value is not None and isfinite(peer.value)
        ]
    ticks = ratio_ticks(min(values), max(values)) if logarithmic else round_ticks(min(values), max(values))
    texts = [tick_text(value, unit) for value in ticks]
    right = lanes_right([lane.mark.text for lane in lanes if lane.mark.value is not None])
    kept = labelled_ticks(texts, ticks.index(1.0) if logarithmic else 0, right)
    return tuple(
        (value, text if index in kept else "")
        for index, (value, text) in enumerate(zip(ticks, texts, strict=True))
    )


def labelled_ticks(texts: Sequence[str], first: int, right: float = theme.LANE_RIGHT) -> tuple[int, ...]:
    """Return which ticks of a lanes axis that ends at `right` are labelled: each that has room, at equal steps, and
    always the `first`.
    """
    room = (right - theme.LANE_LEFT) / max(len(texts) - 1, 1)
    widths = [theme.text_width(text) for text in texts]
    for step in range(1, len(texts)):
        kept = tuple(range(first % step, len(texts), step))
        if all((widths[a] + widths[b]) / 2 + 4 <= step * room for a, b in itertools.pairwise(kept)):
            return kept
    return (first,)


def tick_text(value: float, unit: Unit) -> str:
    """Return a short label for an axis: `$50k`, `20%`, `0.25`."""
    scaled = value * unit.scale
    if unit.prefix == "$":
        return f"${scaled / 1000:g}k" if scaled else "$0"
    return f"{scaled:,.10g}{shown_as.suffix(unit)}"


def _half(found: Sequence[Numbers]) -> tuple[Chart, ...]:
    """Representation: the officials' side is for local entry; the residents' side is drawn."""
    reason = _(
        "Waiting for local entry: no national source records who sits on elected bodies. Count the members of the "
        "council or board by group and set their shares beside those of residents."
    )
    waiting = NoChart(_("Place and elected body"), reason)
    known = [item for item in found if item.latest]
    if not known:
        return (waiting,)
    lines = tuple(GroupLine(item.variable.short, (_residents(item),)) for item in found)
    caption = _("Residents by group, {period}").format(period=_period_of(known[0]))
    return waiting, GroupsChart(caption, f"{caption}: {describe_groups(lines)}", lines)


def _residents(item: Numbers) -> Mark:
    if item.latest is None:
        return Mark(item.variable.short, text=_("not available"), reason=_("The release has no value."))
    return _named(item.latest[1], item.variable.short)
