"""`upward map`: a plan of the workbench as a Mobility Action Plan."""

from __future__ import annotations

from pathlib import Path

import click

from upward.base.messages import LANGUAGES
from upward.web.commands.setting_up import ready_database, set_up


@click.command(
    name="map",
    short_help="Write a plan as a Mobility Action Plan.",
    epilog="Example: upward map boone-county -o boone-map.pdf",
)
@click.argument("slug", metavar="PLAN")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE|DIR",
    help="File to write: .html (self-contained), .pdf (tagged), .docx (Word) or .json (the document itself); a name "
    "without an ending is a folder that gets all of them.",
)
@click.option(
    "--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the document."
)
@click.pass_obj
def write_map(home: Path | None, slug: str, output: Path, lang: str) -> None:
    """Write PLAN as a Mobility Action Plan, with its charts, its sources, and what is still missing.

    The same plan gives the same bytes. Private fields and quotes without consent are left out.
    """
    from upward.pipeline.publish import check_document_output, plan_document, write_all_forms, write_document

    check_document_output(output)
    set_up(home)
    ready_database()
    from upward.base.messages import use_language
    from upward.web.commands.plans import find_plan
    from upward.web.records.content import content_of

    with use_language(lang):
        plan = find_plan(slug)
        names = {place.geo_id: place.name for place in plan.places.all()}
        document = plan_document(content_of(plan), language=lang, home=home, names=names)
        files = (output,) if output.suffix else write_all_forms(document, output, slug)
        if output.suffix:
            write_document(document, output)
    for path in files:
        click.echo(f"{path} ({path.stat().st_size / 1000:,.0f} kB)", err=True)
