"""`upward plan`: plans from the shell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from upward.base.writing import written_beside
from upward.cli.output import json_option, print_json, print_table
from upward.web.commands.setting_up import ready_database, set_up

if TYPE_CHECKING:
    from upward.web.plans.models import Plan


@click.group(short_help="Plans of the workbench.", epilog="Example: upward plan list")
def plan() -> None:
    """List, start, show, check, export and import plans."""


@plan.command(name="list", epilog="Example: upward plan list --json")
@json_option
@click.pass_obj
def list_plans(home: Path | None, as_json: bool) -> None:
    """List the plans of this installation."""
    _ready(home)
    from upward.web.plans.models import Plan

    rows = [
        {
            "slug": found.slug,
            "name": found.name,
            "state": found.state,
            "places": [place.geo_id for place in found.places.all()],
            "members": found.members.count(),
        }
        for found in Plan.objects.prefetch_related("places")
    ]
    if as_json:
        print_json(rows)
        return
    table = [
        (row["slug"], row["name"], row["state"], " ".join(row["places"]), row["members"]) for row in rows
    ]
    print_table(
        ("slug", "name", "state", "places", "members"), table, wraps="name", right=frozenset({"members"})
    )


@plan.command(epilog="Example: upward plan new 'Boone County' --place 29019 --owner ana@example.org")
@click.argument("name")
@click.option(
    "--place", "places", multiple=True, required=True, help="County or city; may be given several times."
)
@click.option("--owner", required=True, help="Address of the account that owns the plan.")
@click.pass_obj
def new(home: Path | None, name: str, places: tuple[str, ...], owner: str) -> None:
    """Start a plan for one place or a group of places."""
    _ready(home)
    from upward.base.errors import NotFoundError
    from upward.web.accounts.models import User, normal_address
    from upward.web.plans.actions import start_plan
    from upward.web.plans.places import read_places

    person = User.objects.filter(email=normal_address(owner)).first()
    if person is None:
        raise NotFoundError(
            f"Nobody has an account with the address {owner}.",
            advice="Make one: upward user add EMAIL --name NAME",
        )
    made = start_plan(by=person, name=name, places=read_places("\n".join(places)))
    click.echo(made.slug)


@plan.command(epilog="Example: upward plan show boone-county --json")
@click.argument("slug", metavar="PLAN")
@json_option
@click.pass_obj
def show(home: Path | None, slug: str, as_json: bool) -> None:
    """Show a plan: its facts and how far each step is."""
    _ready(home)
    from upward.plan.progress import progress_by_step, progress_words
    from upward.web.plans import catalogue
    from upward.web.plans.queries import answered_in, marks_of, plan_work

    found = find_plan(slug)
    work = plan_work(found)
    counted = progress_by_step(catalogue.catalog(), marks_of(work), answered_in(work))
    steps = [
        {
            "number": line.step.number,
            "name": line.step.name,
            "tasks": len(line.states),
            "done": line.done,
            "without_proof": line.without_proof,
            "answered": len(line.answered),
            "questions": len(line.step.questions),
            "signed_off": line.signed_off,
        }
        for line in work.values()
    ]
    if as_json:
        print_json({"slug": found.slug, "name": found.name, "state": found.state, "steps": steps})
        return
    click.echo(f"{found.name} ({found.slug}), {found.state}, {found.members.count()} members")
    for step, progress in zip(steps, counted.values(), strict=True):
        click.echo(f"{step['number']:>3}  {step['name']}: {progress_words(progress)}")


@plan.command(epilog="Example: upward plan check boone-county")
@click.argument("slug", metavar="PLAN")
@json_option
@click.pass_obj
def check(home: Path | None, slug: str, as_json: bool) -> None:
    """List what a plan should know before it goes on. Cautions lock nothing, and end the command with 0."""
    _ready(home)
    from upward.plan.cautions import step_cautions
    from upward.web.plans import catalogue
    from upward.web.plans.queries import answered_in, marks_of, plan_work

    found = find_plan(slug)
    work = plan_work(found)
    lines: list[dict[str, Any]] = []
    for line in work.values():
        for caution in step_cautions(catalogue.catalog(), line.step.slug, marks_of(work), answered_in(work)):
            lines.append(
                {
                    "step": line.step.number,
                    "kind": str(caution.kind),
                    "subject": caution.subject,
                    "text": caution.text,
                }
            )
    if as_json:
        print_json(lines)
        return
    for entry in lines:
        click.echo(f"Step {entry['step']}: {entry['text']}")
    click.echo(f"{len(lines)} cautions.", err=True)


@plan.command(epilog="Example: upward plan export boone-county -o boone.upward.zip")
@click.argument("slug", metavar="PLAN")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write."
)
@click.pass_obj
def export(home: Path | None, slug: str, output: Path) -> None:
    """Write a whole plan into one file that `import` reads on another installation, with nothing lost."""
    _ready(home)
    from upward.web.plans.bundle import export_plan
    from upward.web.plans.policies import Access

    content = export_plan(by=Access(find_plan(slug), None, None, operator=True))
    with written_beside(output) as beside:
        beside.write_bytes(content)
    click.echo(f"{output} ({len(content) / 1000:,.0f} kB)", err=True)


@plan.command(name="import", epilog="Example: upward plan import boone.upward.zip")
@click.argument("bundle", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def bring_in(home: Path | None, bundle: Path) -> None:
    """Bring a plan in from the file that `export` wrote; its members keep their roles."""
    _ready(home)
    from upward.web.plans.bundle import import_plan

    made = import_plan(bundle.read_bytes(), by=None)
    click.echo(made.slug)


def _ready(home: Path | None) -> None:
    set_up(home)
    ready_database()


def find_plan(slug: str) -> Plan:
    """Return the plan of a slug; raises NotFoundError with the slugs that there are."""
    from upward.base.errors import NotFoundError
    from upward.web.plans.models import Plan

    found = Plan.objects.filter(slug=slug).first()
    if found is None:
        slugs = tuple(Plan.objects.values_list("slug", flat=True)[:10])
        raise NotFoundError(f"There is no plan “{slug}”.", advice="See: upward plan list", candidates=slugs)
    return found
