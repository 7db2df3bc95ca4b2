"""The pages that lead to places: start, states, letters, and the pages of words: framework, glossary, about."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence

from upward.base.messages import _, use_language
from upward.catalog import format as shown_as
from upward.catalog.model import Catalog, Metric
from upward.engine.context import NATION
from upward.present.maps import lead_variable, mapped_variables
from upward.present.site.frame import NOWHERE, Frame, SiteFacts, render
from upward.present.site.nation import NationNumbers, by_state
from upward.present.specs import Column, TableGroup, TableSpec
from upward.warehouse.places import Place

Page = tuple[str, str]  # path below the folder of the site, text


def start_page(facts: SiteFacts, language: str, catalog: Catalog, places: Sequence[Place]) -> Page:
    """Return the start page: search, states, letters, pillars."""
    frame = Frame(
        facts, language, "index.html", _("Mobility Metrics of US counties and large cities"),
        _("Mobility Metrics of every US county and large city, with intervals, data quality and groups."),
        section="places", scripts=True,
    )  # fmt: skip
    states = [
        {"code": code, "name": found[0].state_name, "places": shown_as.number(len(found))}
        for code, found in by_state(places).items()
    ]
    values = {
        "states": states,
        "letters": letters_of(places),
        "pillars": _pillars(catalog),
        "metrics": len(catalog.metrics),
    }
    return frame.output, render("index.html", frame, values)


def _pillars(catalog: Catalog) -> list[dict[str, object]]:
    metrics: dict[str, list[Metric]] = {}
    for metric in catalog.metrics.values():
        metrics.setdefault(metric.predictor, []).append(metric)
    return [
        {
            "id": pillar.id,
            "number": pillar.number,
            "name": pillar.name,
            "why": pillar.why,
            "predictors": [
                {
                    "id": item.id,
                    "name": item.name,
                    "meaning": item.meaning,
                    "metrics": metrics.get(item.id, []),
                }
                for item in catalog.predictors.values()
                if item.pillar == pillar.id
            ],
        }
        for pillar in catalog.pillars.values()
    ]


def first_letter(name: str) -> str:
    """Return the letter that a name is filed under, without its accent.

    >>> first_letter("Ñuble"), first_letter("O'Brien")
    ('N', 'O')
    """
    return next(
        (letter for letter in unicodedata.normalize("NFD", name).upper() if "A" <= letter <= "Z"), "Z"
    )


def letters_of(places: Sequence[Place]) -> list[str]:
    """Return the letters under which there is a place."""
    return sorted({first_letter(place.name) for place in places})


def letter_pages(facts: SiteFacts, language: str, places: Sequence[Place]) -> Iterator[Page]:
    """Yield one page for each first letter."""
    by_letter: dict[str, list[Place]] = {}
    for place in places:
        by_letter.setdefault(first_letter(place.name), []).append(place)
    letters = sorted(by_letter)
    for letter in letters:
        title = _("Places with {letter}").format(letter=letter)
        frame = Frame(
            facts, language, f"browse/{letter.lower()}.html", title, title, section="places",
            trail=((_("Places"), "index.html"),),
        )  # fmt: skip
        found = sorted(
            by_letter[letter],
            key=lambda place: (_folded(place.name), place.state_abbreviation, place.geo_id),
        )
        yield (
            frame.output,
            render("browse.html", frame, {"letter": letter, "letters": letters, "places": found}),
        )


def _folded(name: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(letter)
    )


def state_page(facts: SiteFacts, nation: NationNumbers, state: str, places: Sequence[Place]) -> Page:
    """Return the page of a state: its places, its figures beside the nation's, its maps."""
    own = [place for place in places if place.state == state]
    name = own[0].state_name
    frame = Frame(
        facts, nation.language, f"states/{state}.html", name,
        _("Counties and large cities of {state} and their Mobility Metrics.").format(state=name), section="places",
        trail=((_("Places"), "index.html"),),
    )  # fmt: skip
    key = lambda place: (_folded(place.name), place.geo_id)  # noqa: E731
    counties = sorted((place for place in own if place.geo_level == "county"), key=key)
    cities = sorted((place for place in own if place.geo_level == "place"), key=key)
    residents = sum(place.population or 0 for place in counties)
    values = {
        "facts": [
            (_("Counties"), shown_as.number(len(counties))),
            (_("Large cities"), shown_as.number(len(cities))),
            (_("Residents of its counties"), shown_as.number(residents)),
        ],
        "groups": [(_("Counties"), "counties", counties), (_("Large cities"), "cities", cities)],
        "numbers": _state_table(nation, state, name),
        "maps": [
            (metric.short, f"maps/{metric.id}/{state}.html")
            for metric in nation.catalog.metrics.values()
            if mapped_metric(nation, metric)
        ],
    }
    return frame.output, render("state.html", frame, values)


def mapped_metric(nation: NationNumbers, metric: Metric) -> bool:
    """Tell whether a metric has a map in this release."""
    variables = mapped_variables(metric)
    return bool(variables) and nation.newest(lead_variable(metric, variables).id, "county") is not None


def _state_table(nation: NationNumbers, state: str, name: str) -> TableSpec:
    columns = (
        Column(_("Number")), Column(_("5th percentile"), True), Column(_("Middle"), True), Column(_("95th percentile"), True),
        Column(_("US middle"), True), Column(_("Year")),
    )  # fmt: skip
    groups = []
    for pillar in nation.catalog.pillars.values():
        rows = []
        for metric in nation.catalog.metrics.values():
            if nation.catalog.predictors[metric.predictor].pillar != pillar.id:
                continue
            for variable in mapped_variables(metric):
                found = nation.newest(variable.id, "county")
                if found is None:
                    continue
                span, whole = nation.span(found, state, name), nation.span(found, NATION, NATION)
                figures = (
                    (span.low_text, span.middle_text, span.high_text)
                    if span
                    else ("–", nation.why_no_span(found, state), "–")
                )
                rows.append((variable.label, *figures, whole.middle_text if whole else "–", found.years))
        if rows:
            groups.append(TableGroup(pillar.name, tuple(rows)))
    return TableSpec(
        _("{state}, residents by the county they live in").format(state=name), columns, tuple(groups)
    )


def framework_page(facts: SiteFacts, language: str, catalog: Catalog) -> Page:
    """Return the page of pillars, predictors and metrics."""
    frame = Frame(
        facts, language, "metrics/index.html", _("What is measured, and why"),
        _("Five pillars, 24 predictors and the metrics that measure them."), section="metrics",
    )  # fmt: skip
    return frame.output, render("framework.html", frame, {"pillars": _pillars(catalog)})


def glossary_page(facts: SiteFacts, language: str, catalog: Catalog) -> Page:
    """Return the glossary, in the order of its terms."""
    frame = Frame(
        facts, language, "glossary.html", _("Glossary"), _("The words of this site in plain sentences."),
        trail=((_("Places"), "index.html"),),
    )  # fmt: skip
    terms = sorted(catalog.glossary.values(), key=lambda term: _folded(term.term))
    return frame.output, render("glossary.html", frame, {"terms": terms})


def word_pages(facts: SiteFacts, language: str) -> Iterator[Page]:
    """Yield the page about the site and the one for addresses that lead nowhere."""
    for path, title in (("about.html", _("About this site")), (NOWHERE, _("Nothing here"))):
        frame = Frame(facts, language, path, title, title, trail=((_("Places"), "index.html"),))
        yield frame.output, render(path, frame, {})


def search_index(places: Sequence[Place]) -> str:
    """Return the index of the place search as a script: code, name, and further words to find it by."""
    with use_language("en"):
        rows = [
            [place.geo_id, f"{place.name}, {place.state_abbreviation}", place.state_name]
            for place in sorted(places, key=lambda place: (-(place.population or 0), place.geo_id))
        ]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return f"window.upwardPlaces=[\n{lines}\n];\n".replace("</", "<\\/")
