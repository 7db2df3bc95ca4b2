"""A place in the site: its page, and beside it a page with every drawing as a table and in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from upward.base.messages import _
from upward.present.site.frame import START, File, Frame, SiteFacts, render
from upward.present.specs import PlacePage
from upward.warehouse.places import Place

FORMS = ("csv", "json", "xlsx")


def place_pages(
    facts: SiteFacts, language: str, place: Place, page: PlacePage, forms: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield path and text of a place's page and of the page of its tables; `forms` are the files it offers."""
    trail = ((_("Places"), START), (place.state_name, f"states/{place.state}.html"))
    description = _("Mobility Metrics of {place}, with intervals, data quality and groups.").format(
        place=page.title
    )
    bare = Frame(facts, language, f"places/{place.geo_id}.html", page.title, description, "places", trail)
    frame = replace(bare, files=_files(bare, place.geo_id, forms))
    yield frame.output, render("place.html", frame, {"page": page})
    tables = replace(
        bare,
        path=f"places/{place.geo_id}-tables.html",
        title=_("Tables of {place}").format(place=page.title),
        trail=(*trail, (page.title, frame.path)),
    )
    yield tables.output, render("tables.html", tables, {"page": page})


def _files(frame: Frame, code: str, forms: Collection[str]) -> tuple[File, ...]:
    what = {
        "csv": _("the figures in the published column standard"),
        "json": _("every field of every number, with status and reason"),
        "xlsx": _("a workbook with definitions and sources"),
    }
    return tuple(
        File(f"{frame.to if form == 'xlsx' else frame.root}data/{code}.{form}", f"{code}.{form}", what[form])
        for form in FORMS
        if form in forms
    )
