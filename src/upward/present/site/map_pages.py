"""Pages of maps: the country by counties for each variable, and each state for each metric with all its figures."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from markupsafe import Markup

from upward.base.messages import _
from upward.catalog import format as shown_as
from upward.catalog.model import Metric, Variable
from upward.present.build_values import mark_of
from upward.present.escape import escaped
from upward.present.maps import MapSpec, lead_variable, mapped_variables, why_no_map
from upward.present.site.frame import Frame, SiteFacts, render
from upward.present.site.method import map_links
from upward.present.site.nation import NationNumbers
from upward.present.site.pages import Page
from upward.present.specs import Mark
from upward.present.svg_map import draw_nation, draw_state, swatch
from upward.present.wording import quality_word
from upward.warehouse.places import Place


def maps_index(facts: SiteFacts, nation: NationNumbers) -> Page:
    """Return the list of all maps, and why some metrics have none."""
    frame = Frame(
        facts,
        nation.language,
        "maps/index.html",
        _("Maps"),
        _("Maps of the Mobility Metrics by county."),
        section="maps",
    )
    catalog = nation.catalog
    pillars = [
        {
            "id": pillar.id,
            "number": pillar.number,
            "name": pillar.name,
            "metrics": [
                {"short": metric.short, "maps": map_links(nation, metric), "reason": _no_map(nation, metric)}
                for metric in catalog.metrics.values()
                if catalog.predictors[metric.predictor].pillar == pillar.id
            ],
        }
        for pillar in catalog.pillars.values()
    ]
    return frame.output, render("maps.html", frame, {"pillars": pillars})


def _no_map(nation: NationNumbers, metric: Metric) -> str:
    if map_links(nation, metric):
        return ""
    return why_no_map(metric) or _("The release has no figures of counties for it.")


def map_page(
    facts: SiteFacts, nation: NationNumbers, metric: Metric, variable: Variable, states: Mapping[str, str]
) -> Page | None:
    """Return the map of the country for one variable, or None where the release has no figures.

    `states` are the names by code of those that have pages.
    """
    spec = nation.map_of(variable.id)
    if spec is None:
        return None
    frame = Frame(
        facts, nation.language, f"maps/{variable.id}.html", variable.label, spec.sentence[:300], section="maps",
        trail=((_("Maps"), "maps/index.html"),),
    )  # fmt: skip
    link = lambda state: f"{metric.id}/{state}.html" if state in states else None  # noqa: E731
    links = map_links(nation, metric)
    values = {
        "spec": spec,
        "drawing": draw_nation(spec, nation.state_names, link) if spec.drawable else "",
        "classes": _class_rows(spec),
        "states": [
            {"code": code, "name": name, "counts": _counts(spec, code)}
            for code, name in sorted(states.items(), key=lambda item: item[1])
        ],
        "variants": [(name, address.removeprefix("maps/"), address == frame.path) for name, address in links]
        if len(links) > 1
        else [],
    }
    return frame.output, render("map.html", frame, values)


def _class_rows(spec: MapSpec, state: str = "") -> list[dict[str, object]]:
    """Return the classes of a map with their counties in the country, or in one state."""
    counts, weak, missing = (
        spec.counts_of(state)
        if state
        else ([len(item.codes) for item in spec.classes], len(spec.weak), len(spec.missing))
    )
    rows: list[dict[str, object]] = [
        {
            "swatch": swatch(index, len(spec.classes)),
            "label": item.label,
            "counties": shown_as.number(counts[index]),
            "residents": shown_as.number(item.residents),
        }
        for index, item in enumerate(spec.classes)
    ]
    if spec.weak:
        rows.append(
            {
                "swatch": swatch(None, 1),
                "label": _("weak data"),
                "counties": shown_as.number(weak),
                "residents": "",
            }
        )
    if spec.missing:
        rows.append(
            {
                "swatch": swatch(None, 1, missing=True),
                "label": _("no value"),
                "counties": shown_as.number(missing),
                "residents": "",
            }
        )
    return rows


def _counts(spec: MapSpec, state: str) -> list[str]:
    counts, weak, missing = spec.counts_of(state)
    if spec.weak:
        counts.append(weak)
    if spec.missing:
        counts.append(missing)
    return list(map(shown_as.number, counts))


def state_maps(facts: SiteFacts, nation: NationNumbers, state: str, pages: Collection[str]) -> Iterator[Page]:
    """Yield, for each mapped metric, the page of one state: its map and every county and city with its figures.

    `pages` are the codes of the places that have a page.
    """
    for metric in nation.catalog.metrics.values():
        variables = [item for item in mapped_variables(metric) if nation.newest(item.id, "county")]
        if not variables:
            continue
        spec = nation.map_of(lead_variable(metric, variables).id)
        if spec is not None:
            yield _state_map(facts, nation, metric, variables, spec, state, pages)


def _state_map(
    facts: SiteFacts,
    nation: NationNumbers,
    metric: Metric,
    variables: Sequence[Variable],
    spec: MapSpec,
    state: str,
    pages: Collection[str],
) -> Page:
    name = nation.state_names[state]
    title = f"{metric.short}, {name}"
    frame = Frame(
        facts, nation.language, f"maps/{metric.id}/{state}.html", title,
        _("{metric} in every county of {state}.").format(metric=metric.short, state=name), section="maps",
        trail=((_("Maps"), "maps/index.html"), (spec.label, f"maps/{spec.variable}.html"), (name, f"states/{state}.html")),
    )  # fmt: skip
    link = lambda code: f"../../places/{code}.html" if code in pages else None  # noqa: E731
    classes = _class_rows(spec, state)
    sentence = _sentence(spec, name, classes)
    values = {
        "spec": spec,
        "drawing": draw_state(spec, state, sentence, link),
        "classes": classes,
        "sentence": sentence,
        "county_table": _table(nation, variables, "county", state, spec, pages, title),
        "city_table": _table(nation, variables, "place", state, None, pages, title),
    }
    return frame.output, render("map_state.html", frame, values)


def _sentence(spec: MapSpec, name: str, classes: Sequence[Mapping[str, object]]) -> str:
    parts = [f"{row['label']}: {row['counties']}" for row in classes]
    return _("{state}, {number}, {years}, counties in each class. {counts}.").format(
        state=name, number=spec.label, years=spec.years, counts="; ".join(parts)
    )


def _table(
    nation: NationNumbers,
    variables: Sequence[Variable],
    level: str,
    state: str,
    spec: MapSpec | None,
    pages: Collection[str],
    title: str,
) -> Markup:
    """Return the table of a state's places: a value, interval and quality for each variable; empty without any place."""
    columns = [(item, nation.newest(item.id, level)) for item in variables]
    marks: dict[str, dict[str, Mark]] = {}
    for variable, found in columns:
        for row in found.by_state.get(state, ()) if found else ():
            marks.setdefault(row.geo_id, {})[variable.id] = mark_of(row, nation.unit(variable), "")
    if not marks:
        return Markup("")
    several = len(variables) > 1
    heads = [_("County") if level == "county" else _("City")]
    for variable, found in columns:
        if found:
            label = f"{variable.short}, {found.years}" if several else f"{_('Value')}, {found.years}"
            heads += [label, _("95% interval"), _("Data quality")] if not several else [label]
    if spec:
        heads.append(_("Class of the map"))
    parts = ["".join(f"<th scope=col>{escaped(head)}" for head in heads)]
    body = []
    shown = [item for item, found in columns if found]
    for place in nation.places_of(level, state):
        if place.geo_id in marks:
            body.append(_table_row(place, shown, marks[place.geo_id], spec, pages))
    kind = "c1" if several else "c2"
    return Markup(
        f'<table class="{kind} places"><caption>{escaped(title)}</caption><thead><tr>{parts[0]}</thead><tbody>{"".join(body)}</tbody></table>'
    )


def _table_row(
    place: Place,
    variables: Sequence[Variable],
    marks: Mapping[str, Mark],
    spec: MapSpec | None,
    pages: Collection[str],
) -> str:
    code, name = place.geo_id, escaped(place.name)
    cells = [f'<a href="../../places/{code}.html">{name}</a>' if code in pages else name]
    for variable in variables:
        mark = marks.get(variable.id) or Mark("", text=_("not available"))
        grade = quality_word(mark.quality) if mark.value is not None else (mark.reason or _("Not available"))
        if len(variables) == 1:
            cells += [escaped(mark.text), escaped(mark.interval), escaped(grade)]
        else:
            small = ", ".join(text for text in (mark.interval, grade if mark.quality != 1 else "") if text)
            cells.append(
                f"{escaped(mark.text)} <small>{escaped(small)}</small>" if small else escaped(mark.text)
            )
    if spec:
        number = spec.class_of(code)
        cells.append(escaped(spec.classes[number].label if number is not None else "–"))
    return f"<tr><th scope=row>{'<td>'.join(cells)}"
