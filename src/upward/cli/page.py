"""`upward page`: one place's data page as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from upward.base.errors import UsageError
from upward.base.messages import LANGUAGES, use_language
from upward.base.writing import written_beside

if TYPE_CHECKING:
    from upward.warehouse.places import Place
    from upward.warehouse.read import Release

WRITTEN = (".html", ".pdf", ".docx", ".xlsx")
FORMS = ".html, .pdf, .docx or .xlsx"


@click.command(
    short_help="Write a place's data page to a file.", epilog="Example: upward page 29019 -o boone.html"
)
@click.argument("place")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="File to write: .html (one self-contained page), .pdf (tagged), .docx (Word) or .xlsx (a workbook).",
)
@click.option(
    "--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the page."
)
@click.option(
    "--figures-only",
    is_flag=True,
    help="Leave out what stands out, peers and positions: a smaller file, made sooner.",
)
@click.pass_obj
def page(home: Path | None, place: str, output: Path, lang: str, figures_only: bool) -> None:
    """Write the data page of PLACE to a file; the ending of its name says in which form."""
    check_output(output)
    from upward.insights.analysis import open_release

    release = open_release(home)
    found = release.place(place)
    write_page(release, found, output, language=lang, figures_only=figures_only)
    click.echo(f"{found.label}: {output} ({output.stat().st_size / 1000:,.0f} kB)", err=True)


def check_output(output: Path) -> None:
    """Raise UsageError when the file's ending or folder cannot be served."""
    ending = output.suffix.lower()
    if ending not in WRITTEN:
        raise UsageError(f"“{output.name}” has no ending that names a form.", advice=f"Write {FORMS}.")
    if not output.parent.is_dir():
        raise UsageError(
            f"The folder {output.parent} does not exist.", advice="Create it first, or name another."
        )


def write_page(
    release: Release, place: Place, output: Path, *, language: str, figures_only: bool = False
) -> None:
    """Write one place's page in the form that the file's ending names; nothing half-written stays behind.

    `figures_only` leaves out findings, peers and positions, which need every other place's numbers.
    """
    from datetime import date

    from upward.pipeline.place_views import views_of_place
    from upward.present.build import page_of_release
    from upward.present.document_docx import render_docx
    from upward.present.document_pdf import render_pdf
    from upward.present.html import render_place_page
    from upward.present.page_document import page_document
    from upward.present.xlsx import write_place_workbook

    with written_beside(output) as beside:
        with use_language(language):
            built = page_of_release(
                release,
                place,
                today=date.today(),
                language=language,
                views=None if figures_only else views_of_place(release, place, language),
            )
        ending = output.suffix.lower()
        if ending == ".xlsx":
            write_place_workbook(built, beside)
        elif ending == ".html":
            beside.write_text(render_place_page(built), encoding="utf-8")
        else:
            beside.write_bytes((render_pdf if ending == ".pdf" else render_docx)(page_document(built)))
