"""`upward demo`: the program on invented data, or on the published files, without a question asked."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import click

from upward.base.messages import _, use_language
from upward.catalog.format import number
from upward.cli.output import end_progress, progress_printer
from upward.cli.page import write_page
from upward.cli.workbench import serve_demo, write_sample_plan
from upward.warehouse.home import home_folder

if TYPE_CHECKING:
    from upward.warehouse.places import Place
    from upward.warehouse.read import Release

#: Folder of the sample plan below that of the pages.
PLAN = "plan"
#: Shown on published data: a county of middle size, one of the smallest kind, and a city.
REAL_PLACES = ("29019", "48301", "4260000")
#: The pages that lead to the others: language, its own name, file.
INDEXES = (("en", "English", "index.html"), ("es", "Español", "index.es.html"))
REAL_DATA = """\
How to get the real data:
  upward demo --real                   (make demo REAL=1) downloads the published files, makes pages
  upward data pull                     downloads them into your home folder
  upward data build --from FOLDER      takes the files you already have"""


@click.command(short_help="See it all on invented sample data.", epilog="Example: upward demo --no-serve")
@click.option("--no-serve", is_flag=True, help="Stop when the files are written.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    metavar="DIR",
    help="Folder for the pages.",
)
@click.option(
    "--real", is_flag=True, help="Download the published files and show real places instead of the sample."
)
@click.pass_obj
def demo(home: Path | None, no_serve: bool, into: Path, real: bool) -> None:
    """Make a release of invented sample data, the pages of three places, and a sample plan taken through all ten steps
    with its Mobility Action Plan; then serve the workbench.

    Your current release stays the current one if it holds published data: the sample then lives in DIR/home.
    """
    into.mkdir(parents=True, exist_ok=True)
    home = home if real else _home_for_sample(home, into)
    release = _release(home, real=real)
    places = [release.place(code) for code in REAL_PLACES] if real else sample_places(release)
    for place in places:
        write_page(release, place, into / f"{place.geo_id}.html", language="en")
        write_page(release, place, into / f"{place.geo_id}.es.html", language="es")
        write_page(release, place, into / f"{place.geo_id}.xlsx", language="en")
    plan = write_sample_plan(home_folder(home), into / PLAN) if release.sample else ()
    for language, _name, file in INDEXES:
        page = index_page(release, places, plan, language=language)
        (into / file).write_text(page, encoding="utf-8")
    _tell(home, into, places, plan, real=real)
    if not no_serve:
        serve_demo(home_folder(home))


def _home_for_sample(home: Path | None, into: Path) -> Path | None:
    """Return the home folder, unless it holds published data: invented numbers must not take their place."""
    from upward.warehouse.read import open_release
    from upward.warehouse.release import current_release_id

    if current_release_id(home) is None or open_release(home).sample:
        return home
    click.echo(f"Your current release holds published data; the sample goes to {into / 'home'}.", err=True)
    return into / "home"


def _release(home: Path | None, *, real: bool) -> Release:
    from upward.pipeline.refresh import build_sample_release, pull_release
    from upward.warehouse.read import open_release

    make = pull_release if real else build_sample_release
    try:
        make(home=home, progress=progress_printer())
    finally:
        end_progress()
    return open_release(home)


def sample_places(release: Release) -> list[Place]:
    """Return the county with the most residents, the one with the fewest, and the largest city."""
    counties = sorted(
        release.all_places("county"), key=lambda place: (-(place.population or 0), place.geo_id)
    )
    cities = sorted(release.all_places("place"), key=lambda place: (-(place.population or 0), place.geo_id))
    return [counties[0], counties[-1], cities[0]]


def index_page(
    release: Release, places: Sequence[Place], plan: Sequence[Path] = (), *, language: str = "en"
) -> str:
    """Return the page that leads to the others, in one language."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    style = (resources.files("upward.present") / "assets" / "page.css").read_text(encoding="utf-8")
    environment = Environment(loader=PackageLoader("upward.cli"), autoescape=True, undefined=StrictUndefined)
    environment.globals["_"] = _
    ending = ".html" if language == "en" else f".{language}.html"
    with use_language(language):
        shown = [(place, f"{place.geo_id}{ending}", _residents(place)) for place in places]
        page = environment.get_template("demo_index.html").render(
            release=release,
            places=shown,
            plan=plan,
            language=language,
            languages=INDEXES,
            css=Markup(style),  # noqa: S704 - our own file, not input
        )
    return f"{page}\n"


def _residents(place: Place) -> str:
    """How many people live there, in which year; the empty text where it is not known."""
    if not place.population:
        return ""
    residents = _("{n} residents").format(n=number(place.population))
    year = place.population_year
    return _("{residents} in {year}").format(residents=residents, year=year) if year else residents


def _tell(home: Path | None, into: Path, places: list[Place], plan: Sequence[Path], *, real: bool) -> None:
    click.echo(f"Written to {into}:")
    click.echo("  index.html  .es.html")
    for place in places:
        click.echo(f"  {place.geo_id}.html  .es.html  .xlsx   {place.label}")
    for path in plan:
        click.echo(f"  {PLAN}/{path.name}   the Mobility Action Plan of the sample")
    click.echo(f"\nOpen {(into / 'index.html').absolute()} in a browser.")
    click.echo(f"Ask more: upward --home {home_folder(home)} metrics {places[0].geo_id}")
    if not real:
        click.echo(f"\nAll of this is sample data, invented. {REAL_DATA}")
