"""A plan's document from its records and the release its numbers come from, and its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from upward.base.errors import DataError, NotFoundError, RefusedError, UpwardError, UsageError
from upward.base.messages import _, use_language
from upward.base.writing import written_beside
from upward.catalog.load import load_catalog
from upward.insights.analysis import Analysis, open_release
from upward.pipeline.place_views import views_of_place
from upward.pipeline.restate import restated
from upward.plan.assemble import assemble, edition_of
from upward.plan.content import PlanContent
from upward.present.build import page_of_release
from upward.present.document import Document
from upward.present.document_docx import render_docx
from upward.present.document_html import render_html
from upward.present.document_json import to_json
from upward.present.document_pdf import render_pdf
from upward.present.specs import PlacePage

#: Ending of a file -> what writes it.
RENDERERS: Mapping[str, Callable[[Document], bytes]] = {
    ".html": lambda document: render_html(document).encode("utf-8"),
    ".pdf": render_pdf,
    ".docx": render_docx,
    ".json": lambda document: to_json(document).encode("utf-8"),
}
FORMS = ".html, .pdf, .docx or .json"
#: Where a plan has no date of its own, pages of its places are made as of the release's.
NO_DATE = date(2000, 1, 1)


def plan_document(
    content: PlanContent,
    *,
    language: str,
    home: Path | str | None = None,
    steps: str = "",
    names: Mapping[str, str] | None = None,
) -> Document:
    """Return a plan as a document in a language, with charts from the release that the plan uses.

    Where that release is not in the home folder, the document has the plan's own numbers and no charts. `steps` is the
    address of the plan's steps, for links to what is missing. `names` are those of its places where no release names
    them.
    """
    catalog = load_catalog(language)
    release = _release(content, home)
    places, pages, sample = {}, {}, False
    with use_language(language):
        for place in content.places:
            try:
                found = release.place(place.code) if release else None
            except NotFoundError:
                found = None
            places[place.code] = found.label if found else (names or {}).get(place.code, place.code)
        edition = edition_of(content, language, places)
        if release:
            content = restated(content, catalog, release, language)
            sample = release.sample
            for code in places:
                page = _page(release, code, language, edition.date or NO_DATE)
                if page:
                    pages[code] = page
    edition = edition_of(content, language, places, sample=sample, steps=steps)
    return assemble(content, catalog, edition, pages=pages, names=_peer_names(content, release))


def _peer_names(content: PlanContent, release: Analysis | None) -> dict[str, str]:
    """The names of the places that a plan compares itself with, as far as the release knows them."""
    found = {}
    for group in content.of("peer-group") if release else ():
        places = group.values.get("places")
        for code in places if isinstance(places, tuple) else ():
            with suppress(UpwardError):
                found[str(code)] = release.place(str(code)).label  # type: ignore[union-attr]
    return found


def _release(content: PlanContent, home: Path | str | None) -> Analysis | None:
    """The release that the plan names; the current one for a plan that names none; none where it is not there."""
    try:
        return open_release(home, content.release or None)
    except (DataError, NotFoundError):
        return None


def _page(release: Analysis, code: str, language: str, today: date) -> PlacePage | None:
    try:
        place = release.place(code)
    except NotFoundError:
        return None
    views = views_of_place(release, place, language)
    return page_of_release(release, place, today=today, language=language, views=views)


def check_document_output(output: Path) -> None:
    """Raise UsageError where the ending names no form, or the folder is not there."""
    if output.suffix.lower() in RENDERERS or not output.suffix:
        if output.suffix and not output.parent.is_dir():
            raise UsageError(
                _("The folder {folder} does not exist.").format(folder=output.parent),
                advice=_("Create it first, or name another."),
            )
        return
    raise UsageError(
        _("“{name}” has no ending that names a form.").format(name=output.name),
        advice=_("Write {forms}; a name without an ending is a folder with all of them.").format(forms=FORMS),
    )


def write_document(document: Document, output: Path) -> None:
    """Write the document in the form that the file's ending names; nothing half-written stays behind."""
    with written_beside(output) as beside:
        beside.write_bytes(RENDERERS[output.suffix.lower()](document))


def write_all_forms(
    document: Document, folder: Path, name: str, *, endings: Iterable[str] = RENDERERS
) -> tuple[Path, ...]:
    """Write the document in every form into a folder, made where it is not there; files of others are refused."""
    files = tuple(folder / f"{name}{ending}" for ending in endings)
    foreign = sorted(path.name for path in folder.iterdir() if path not in files) if folder.is_dir() else []
    if foreign:
        raise RefusedError(
            _("The folder {folder} holds files of others: {files}.").format(
                folder=folder, files=", ".join(foreign[:3])
            ),
            advice=_("Name a new or an empty folder."),
        )
    folder.mkdir(parents=True, exist_ok=True)
    for path in files:
        write_document(document, path)
    return files
