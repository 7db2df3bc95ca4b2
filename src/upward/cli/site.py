"""`upward site`: a whole release as a folder of pages that opens anywhere."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from upward.base.errors import UsageError
from upward.base.messages import LANGUAGES
from upward.cli.output import end_progress, progress_printer

if TYPE_CHECKING:
    from upward.warehouse.places import Place
    from upward.warehouse.read import Release

ALL = "all"
BOTH = "both"
FORMS = ("csv", "json", "xlsx")


@click.command(short_help="Write a site of all places into a folder.", epilog="Example: upward site -o site")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder of the site; one that holds anything but an earlier site is refused.",
)
@click.option(
    "--places",
    default=ALL,
    show_default=True,
    metavar="all|FIPS,…",
    help="Places that get a page: all counties and cities, or codes and names with commas (names without a comma).",
)
@click.option(
    "--language",
    "--lang",
    type=click.Choice((*LANGUAGES, BOTH)),
    default="en",
    show_default=True,
    help="Language of the pages; with both, Spanish lies in the folder es and each page links to its twin.",
)
@click.option(
    "--downloads",
    default=",".join(FORMS),
    show_default=True,
    metavar="FORM,…",
    help="Files of each place: csv, json, xlsx, or none.",
)
@click.option(
    "--address",
    default="",
    metavar="URL",
    help="Public address of the folder, for canonical links and for links of the page “404”; works without.",
)
@click.option(
    "--processes", type=click.IntRange(min=1), metavar="N", help="Processes to work with (all processors)."
)
@click.pass_obj
def site(
    home: Path | None,
    output: Path,
    places: str,
    language: str,
    downloads: str,
    address: str,
    processes: int | None,
) -> None:
    """Write the pages of places, maps, metrics, data and the release into DIR.

    The folder opens from a disk or any web server, without scripts and without a network. It is written beside
    and renamed when it is complete; a run that was stopped goes on where it was.
    """
    from datetime import date

    from upward.insights.analysis import open_release
    from upward.pipeline.site import check_folder, publish_site

    forms = chosen_forms(downloads)
    check_folder(output)
    release = open_release(home)
    chosen = chosen_places(release, places)
    start, tell = time.perf_counter(), progress_printer()
    try:
        report = publish_site(
            release,
            output,
            places=chosen,
            languages=LANGUAGES if language == BOTH else (language,),
            forms=forms,
            processes=processes,
            today=date.today(),
            address=public_address(address),
            progress=lambda done, of: tell(f"Writing pages: {done} of {of}"),
        )
    finally:
        end_progress()
    seconds = time.perf_counter() - start
    places_written = "1 place" if report.places == 1 else f"{report.places:,} places"
    size = f"{report.files:,} files, {report.bytes / 1e6:,.0f} MB in {seconds:,.0f} s"
    resumed = f"; {report.resumed} steps were finished before." if report.resumed else "."
    click.echo(f"{places_written}, {size}{resumed}", err=True)
    click.echo(f"Open {(output / 'index.html').absolute()} in a browser.", err=True)


def chosen_places(release: Release, text: str) -> list[Place] | None:
    """Return the places of a list with commas, each once; None for all. Raises NotFoundError for an unknown one."""
    if text.strip().lower() == ALL:
        return None
    found = [release.place(part.strip()) for part in text.split(",") if part.strip()]
    if not found:
        raise UsageError("No place was named.", advice="Name codes with commas, or all.")
    former = [place for place in found if not place.current]
    if former:
        raise UsageError(
            f"{former[0].label} is a former area and has no page in a site.",
            advice=f"Name its successors: {former[0].successors.replace(' ', ', ')}."
            if former[0].successors
            else "",
        )
    return list({(place.geo_level, place.geo_id): place for place in found}.values())


def chosen_forms(text: str) -> tuple[str, ...]:
    """Return the forms of a list with commas; raise UsageError for an unknown one."""
    wanted = {part.strip().lower() for part in text.split(",") if part.strip()} - {"none"}
    unknown = sorted(wanted - set(FORMS))
    if unknown:
        raise UsageError(
            f"There is no download “{unknown[0]}”.", advice=f"Name any of {', '.join(FORMS)}, or none."
        )
    return tuple(form for form in FORMS if form in wanted)


def public_address(text: str) -> str:
    """Return an address with one slash at its end; raise UsageError for one that is no web address."""
    if not text:
        return ""
    if not text.startswith(("https://", "http://")) or any(letter in text for letter in " \"'<>?#"):
        raise UsageError(f"“{text}” is no web address.", advice="Write one like https://example.org/metrics/")
    return f"{text.rstrip('/')}/"
