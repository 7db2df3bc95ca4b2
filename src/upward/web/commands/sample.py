"""A sample plan with invented people, so that a newcomer sees a plan at work."""

from __future__ import annotations

import os
import secrets
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from upward.web.commands.serving import LOCAL, run_server_with_worker
from upward.web.commands.setting_up import ready_database, set_up

if TYPE_CHECKING:
    from upward.web.accounts.models import User
    from upward.web.plans.policies import Access

PORT = 8000
#: Name of the sample plan's files, without their endings.
SAMPLE_MAP = "sample-plan"
LAST_SIGNED_OFF = 6  # step of the sample plan
LEAD = "lead@example.org"
TEAM = (("Rosa Delgado", "editor", "Data analyst"), ("Sam Whitfield", "contributor", "School district"))
ADVISERS = (
    ("Ines Okafor", "adviser", "Lives in the north of the county"),
    ("Theo Lang", "viewer", "Community foundation"),
)


def _keep_to_the_home() -> None:
    """Let invented people never come into the database that a county's settings name."""
    os.environ.pop("UPWARD_DATABASE_URL", None)


def serve_sample(home: Path) -> None:
    """Put the sample plan into a home folder, say how to sign in, and serve until stopped."""
    _keep_to_the_home()
    os.environ.setdefault("UPWARD_ADDRESS", f"http://{LOCAL}:{PORT}")
    set_up(home)
    ready_database()
    password = make_sample_plan()
    click.echo(f"\nThe workbench: {os.environ['UPWARD_ADDRESS']}")
    click.echo(f"Sign in as {LEAD} with the password: {password}")
    click.echo("Ctrl-C stops it.")
    run_server_with_worker(LOCAL, PORT, 2)


def write_sample_plan(home: Path, folder: Path) -> tuple[Path, ...]:
    """Put the sample plan into a home folder and return its Mobility Action Plan as files, written into a folder."""
    from upward.base.messages import use_language
    from upward.pipeline.publish import plan_document, write_all_forms

    _keep_to_the_home()
    set_up(home)
    ready_database()
    make_sample_plan()
    from upward.web.plans.models import Plan
    from upward.web.records.content import content_of

    plan = Plan.objects.get(members__user__email=LEAD)
    with use_language("en"):
        document = plan_document(content_of(plan), language="en", home=home)
        return write_all_forms(document, folder, SAMPLE_MAP)


def make_sample_plan() -> str:
    """Make the plan where it is not there yet, and return a new password of its invented lead."""
    from django.db import transaction

    from upward.web.accounts.actions import add_person, set_password
    from upward.web.accounts.models import User

    password = new_password()
    lead = User.objects.filter(email=LEAD).first()
    if lead is not None:
        set_password(person=lead, password=password)
        return password
    with transaction.atomic():
        lead = add_person(by=None, email=LEAD, name="Dana Marsh", password=password, staff=True)
        by = _start(lead)
        _work_on(by)
        _fill(by)
    return password


def new_password() -> str:
    """Return a password that can be read out and is used nowhere else."""
    words = [
        "river",
        "maple",
        "stone",
        "lamp",
        "cloud",
        "field",
        "amber",
        "plain",
        "harbor",
        "thistle",
        "copper",
        "willow",
    ]
    return "-".join([*(secrets.choice(words) for _word in range(4)), str(secrets.randbelow(9000) + 1000)])


def _start(lead: User) -> Access:
    """Return the lead's standing in a new plan of the sample's largest county, with its members."""
    from django.utils import timezone

    from upward.web.accounts.actions import add_person
    from upward.web.core.release import current_release
    from upward.web.plans.actions import start_plan
    from upward.web.plans.models import Membership
    from upward.web.plans.queries import access_to

    release = current_release()
    places = [("98001", "Example County")]
    if release is not None:
        county = max(release.all_places("county"), key=lambda place: place.population or 0)
        places = [(county.geo_id, county.label)]
    year = timezone.localdate().year
    plan = start_plan(
        by=lead,
        name=places[0][1].split(",")[0],
        places=places,
        first_year=year + 1,
        last_year=year + 6,
        led_by="County executive’s office (invented)",
        about="A sample plan with invented people.",
    )
    for name, role, function in (*TEAM, *ADVISERS):
        person = add_person(by=lead, email=f"{name.split()[0].lower()}@example.org", name=name, password=None)
        Membership.objects.create(plan=plan, user=person, role=role, function=function)
    return access_to(plan, lead)


def _work_on(by: Access) -> None:
    """Let the invented team do its first weeks."""
    from django.utils import timezone

    from upward.web.accounts.models import User
    from upward.web.plans.actions import add_date, change_task, save_answer, sign_off_step

    today, lead = timezone.localdate(), by.person
    analyst = User.objects.get(email="rosa@example.org")
    for key in ("s01.t01", "s01.t02", "s01.t03"):
        done = {"done_on": today, "proof": f"Minutes of the team meeting, {today:%B %d, %Y}"}
        change_task(by=by, key=key, version=0, values={"owner": lead, **done})
    change_task(by=by, key="s01.t04", version=0, values={"owner": lead, "done_on": today})
    change_task(by=by, key="s02.t01", version=0, values={"owner": analyst, "due": today + timedelta(days=10)})
    change_task(by=by, key="s02.t02", version=0, values={"owner": lead, "due": today + timedelta(days=20)})
    for key, text in SAMPLE_ANSWERS.items():
        value = {"schema": "upward.answer/1", "question": key, "kind": "long text", "value": text}
        save_answer(by=by, question=key, version=0, value=value)
    sign_off_step(by=by, step="approach", note="We go on; the brief follows next week.", open_tasks=1)
    dates = (
        (6, "Coalition meeting", "Public library"),
        (16, "Work session with the county board", "Courthouse"),
    )
    for days, title, place in dates:
        add_date(by=by, title=title, day=today + timedelta(days=days), time=None, place=place, note="")


def _fill(by: Access) -> None:
    """Take the plan through all ten steps."""
    from django.utils import timezone

    from upward.web.accounts.models import User
    from upward.web.commands.sample_records import fill_sample_plan

    assert by.person is not None
    analyst, partner = (User.objects.get(email=f"{name}@example.org") for name in ("rosa", "sam"))
    people = {"lead": by.person, "analyst": analyst, "partner": partner}
    fill_sample_plan(by=by, people=people, today=timezone.localdate())
    _finish_steps(by, list(people.values()))


def _finish_steps(by: Access, people: list[User]) -> None:
    """Mark the tasks of Steps 2 to 8 as done, but for the last of each, and sign Steps 2 to 6 off."""
    from django.utils import timezone

    from upward.web.plans.actions import change_task, sign_off_step
    from upward.web.plans.catalogue import catalog
    from upward.web.plans.models import Task

    today = timezone.localdate()
    for step in list(catalog().steps.values())[1:8]:
        *done, _last = step.tasks
        for number, key in enumerate(done):
            row = Task.objects.filter(plan=by.plan, key=key).first()
            values = {
                "owner": people[number % len(people)],
                "done_on": today,
                "proof": f"Records of Step {step.number}",
            }
            change_task(by=by, key=key, version=row.version if row else 0, values=values)
        if step.number <= LAST_SIGNED_OFF:
            note = "Agreed by the coalition; the last task goes on."
            sign_off_step(by=by, step=step.slug, note=note, open_tasks=1)


SAMPLE_ANSWERS = {
    "s01.q01": "Enough to live on, a say in what happens on our street, and being greeted by name.",
}


if __name__ == "__main__":
    for written in write_sample_plan(Path(sys.argv[1]), Path(sys.argv[2])):
        click.echo(str(written))
