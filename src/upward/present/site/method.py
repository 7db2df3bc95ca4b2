"""Pages of method: one for each metric, and the predictors' stories that set a predictor's metrics side by side."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from upward.base.messages import _
from upward.catalog import format as shown_as
from upward.catalog.model import Form, Metric, Predictor, Variable
from upward.catalog.questions import load_questions
from upward.engine.context import NATION
from upward.present.build_definitions import definition_of
from upward.present.build_standing import direction_words, tick_text
from upward.present.describe import describe_span
from upward.present.maps import mapped_variables, why_no_map
from upward.present.site.frame import File, Frame, SiteFacts, render
from upward.present.site.nation import NationNumbers, Newest
from upward.present.site.pages import Page
from upward.present.specs import Column, Span, TableGroup, TableSpec
from upward.present.svg_story import StateRange, draw_hundred, draw_states, story_ticks


def map_links(nation: NationNumbers, metric: Metric) -> list[tuple[str, str]]:
    """Return (name, address) of each map of a metric in this release."""
    variables = [item for item in mapped_variables(metric) if nation.newest(item.id, "county")]
    return [
        (metric.short if len(variables) == 1 else f"{metric.short}: {item.short}", f"maps/{item.id}.html")
        for item in variables
    ]


def metric_page(facts: SiteFacts, nation: NationNumbers, metric: Metric) -> Page:
    """Return the page of a metric: definition, formula, source, quality rule, limits, breaks, numbers."""
    catalog = nation.catalog
    predictor = catalog.predictors[metric.predictor]
    frame = Frame(
        facts, nation.language, f"metrics/{metric.id}.html", metric.short, metric.name, section="metrics",
        trail=((_("Metrics"), "metrics/index.html"), (predictor.name, f"predictors/{predictor.id}.html")),
    )  # fmt: skip
    frame = Frame(
        facts, frame.language, frame.path, frame.title, frame.description, section=frame.section, trail=frame.trail,
        files=(File(f"{frame.root}data/package/metrics/{metric.id}.csv.gz", f"{metric.id}.csv.gz", _("every figure of this metric, all places and years")),),
    )  # fmt: skip
    values = {
        "metric": metric,
        "predictor": predictor,
        "pillar": catalog.pillars[predictor.pillar],
        "direction": direction_words(metric.direction),
        "words": definition_of(catalog, metric, "county"),
        "breaks": _breaks(metric),
        "variables": _variables(nation, metric),
        "source": catalog.sources[metric.source],
        "maps": map_links(nation, metric),
        "no_map": why_no_map(metric) or _("The release has no figures of counties for it."),
    }
    return frame.output, render("metric.html", frame, values)


def _breaks(metric: Metric) -> TableSpec | None:
    if not metric.breaks:
        return None
    levels = {"county": _("counties"), "place": _("cities")}
    rows = tuple(
        (
            f"{item.after} | {item.before}",
            shown_as.listed([levels[level] for level in item.levels]),
            item.reason,
        )
        for item in metric.breaks
    )
    columns = (Column(_("Between")), Column(_("Where")), Column(_("Why")))
    return TableSpec(_("Breaks"), columns, (TableGroup(metric.short, rows),))


def _variables(nation: NationNumbers, metric: Metric) -> TableSpec:
    groups = []
    for variable in metric.variables:
        rows = []
        for edition in reversed(variable.editions):
            types = {item.group_type for item in variable.groups if item.edition == edition.edition}
            names = [nation.catalog.group_types[kind].name for kind in sorted(types)]
            rows.append(
                (
                    nation.catalog.editions[edition.edition].name,
                    shown_as.years(edition.years.get("county", ())) or "–",
                    shown_as.years(edition.years.get("place", ())) or "–",
                    edition.bounds,
                    ", ".join(names) or "–",
                )
            )
        groups.append(
            TableGroup(f"{variable.label} ({variable.id}; {nation.unit(variable).name})", tuple(rows))
        )
    columns = (
        Column(_("Edition")), Column(_("Years, counties")), Column(_("Years, cities")), Column(_("Bounds")), Column(_("Groups")),
    )  # fmt: skip
    return TableSpec(_("Published numbers of this metric"), columns, tuple(groups))


def predictor_page(facts: SiteFacts, nation: NationNumbers, predictor: Predictor) -> Page:
    """Return the story of a predictor: its metrics side by side for the nation and every state, and questions."""
    catalog = nation.catalog
    metrics = [metric for metric in catalog.metrics.values() if metric.predictor == predictor.id]
    frame = Frame(
        facts, nation.language, f"predictors/{predictor.id}.html", predictor.name, predictor.meaning, section="metrics",
        trail=((_("Metrics"), "metrics/index.html"),),
    )  # fmt: skip
    values = {
        "predictor": predictor,
        "pillar": catalog.pillars[predictor.pillar],
        "metrics": metrics,
        "stories": [story for metric in metrics for story in _stories(nation, metric)],
        "questions": load_questions(nation.language).get(predictor.id, ()),
        "supplements": tuple(dict.fromkeys(text for metric in metrics for text in metric.supplements)),
        "others": [
            item
            for item in catalog.predictors.values()
            if item.pillar == predictor.pillar and item.id != predictor.id
        ],
    }
    return frame.output, render("predictor.html", frame, values)


def _stories(nation: NationNumbers, metric: Metric) -> list[dict[str, object]]:
    reason = why_no_map(metric)
    if reason:
        return [_without(metric.id, metric.short, reason)]
    stories = []
    for variable in mapped_variables(metric):
        found = nation.newest(variable.id, "county")
        if found is None:
            stories.append(
                _without(variable.id, variable.label, _("The release has no figures of counties for it."))
            )
        else:
            stories.append(_story(nation, metric, variable, found))
    return stories or [_without(metric.id, metric.short, _("The release has no figures of counties for it."))]


def _without(id_: str, title: str, reason: str, map_: str = "") -> dict[str, object]:
    return {"id": id_, "title": title, "reason": reason, "map": map_}


def _story(nation: NationNumbers, metric: Metric, variable: Variable, found: Newest) -> dict[str, object]:
    title = f"{variable.label}, {found.years}"
    address = f"maps/{variable.id}.html"
    span = nation.span(found, NATION, _("United States"))
    if span is None:
        reason = _("No US range: more than 15 of 100 residents live where the value is missing or weak.")
        return _without(variable.id, title, reason, address)
    values = [value for value in nation.hundred(found) if isfinite(value)]
    states = _states(nation, found)
    ends = [*values, *(end for item in states if item.span for end in (item.span.low, item.span.high))]
    unit = nation.unit(variable)
    logarithm_free = story_ticks(min(values), max(values)), story_ticks(min(ends), max(ends))
    dots_ticks, states_ticks = ([(tick, tick_text(tick, unit)) for tick in ticks] for ticks in logarithm_free)
    sentence = f"{title}. {describe_span(span)}. {direction_words(variable.direction)}."
    dots_words = _(
        "Of 100 residents, 5 live with a value up to {low}, 50 up to {middle}, and 95 up to {high}."
    ).format(low=span.low_text, middle=span.middle_text, high=span.high_text)
    return {
        "id": variable.id,
        "title": title,
        "reason": "",
        "sentence": f"{dots_words} {_note_on_direction(metric, variable)}".strip(),
        "dots_caption": _("Each dot is 1 of 100 US residents, by the county where they live"),
        "dots": draw_hundred(values, dots_ticks, span.middle, f"{_('US middle')} {span.middle_text}", f"{sentence} {dots_words}"),
        "states_caption": _("Each state: 5th to 95th percentile of its residents, the tick is the middle"),
        "states": draw_states(states, states_ticks, span, _states_words(title, states)),
        "table": _states_table(title, states, span),
        "map": address,
    }  # fmt: skip


def _note_on_direction(metric: Metric, variable: Variable) -> str:
    words = direction_words(variable.direction)
    return f"{words[:1].upper()}{words[1:]}." + (
        f" {metric.direction_note}" if metric.form is Form.SINGLE else ""
    )


def _states(nation: NationNumbers, found: Newest) -> list[StateRange]:
    names = sorted({(place.state_name, place.state) for place in nation.known.values() if place.current})
    return [
        StateRange(name, span, "" if span else nation.why_no_span(found, code))
        for name, code in names
        for span in (nation.span(found, code, name),)
    ]


def _states_words(title: str, states: Sequence[StateRange]) -> str:
    parts = [
        f"{item.name} {item.span.middle_text}" if item.span else f"{item.name} {item.reason}"
        for item in states
    ]
    return f"{title}, {_('middle of each state')}: {'; '.join(parts)}."


def _states_table(title: str, states: Sequence[StateRange], nation: Span) -> TableSpec:
    columns = (
        Column(_("State")), Column(_("5th percentile of residents"), True), Column(_("Middle (median)"), True),
        Column(_("95th percentile of residents"), True),
    )  # fmt: skip
    rows = [
        (item.name, item.span.low_text, item.span.middle_text, item.span.high_text)
        if item.span
        else (item.name, "–", item.reason, "–")
        for item in states
    ]
    whole = (nation.name, nation.low_text, nation.middle_text, nation.high_text)
    return TableSpec(
        title, columns, (TableGroup(_("United States"), (whole,)), TableGroup(_("States"), tuple(rows)))
    )
