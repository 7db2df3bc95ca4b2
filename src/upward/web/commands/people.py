"""`upward user`: accounts from the shell."""

from __future__ import annotations

from pathlib import Path

import click

from upward.cli.output import json_option, print_json, print_table
from upward.web.commands.setting_up import ready_database, set_up


@click.group(
    short_help="Accounts of the workbench.", epilog="Example: upward user add ana@example.org --name Ana"
)
def user() -> None:
    """Add, list and close accounts of the workbench."""


@user.command(epilog="Example: upward user add ana@example.org --name 'Ana Ruiz' --staff")
@click.argument("email")
@click.option("--name", required=True, help="The name that others see.")
@click.option("--staff", is_flag=True, help="Looks after this installation.")
@click.option(
    "--language", type=click.Choice(["en", "es"]), default="en", show_default=True, help="Language of mail."
)
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of asking for it."
)
@click.pass_obj
def add(home: Path | None, email: str, name: str, staff: bool, language: str, password_stdin: bool) -> None:
    """Add a person with an account."""
    set_up(home)
    ready_database()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from upward.base.errors import UsageError
    from upward.web.accounts.actions import add_person
    from upward.web.accounts.models import User

    try:
        validate_email(email)
    except ValidationError:
        raise UsageError(
            f"“{email}” is not an e-mail address.", advice="Write it as ana@example.org."
        ) from None
    password = (
        click.get_text_stream("stdin").readline().rstrip("\n")
        if password_stdin
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as problem:
        raise UsageError(" ".join(problem.messages)) from None
    person = add_person(by=None, email=email, name=name, password=password, language=language, staff=staff)
    click.echo(f"{person.email} has an account.")


@user.command(name="list", epilog="Example: upward user list --json")
@json_option
@click.pass_obj
def list_people(home: Path | None, as_json: bool) -> None:
    """List the accounts."""
    set_up(home)
    ready_database()
    from upward.web.accounts.models import User

    people = list(
        User.objects.order_by("email").values("email", "name", "is_staff", "is_active", "last_login")
    )
    if as_json:
        print_json(people)
        return
    rows = [
        (
            one["email"],
            one["name"],
            "staff" if one["is_staff"] else None,
            "open" if one["is_active"] else "closed",
            one["last_login"].date() if one["last_login"] else None,
        )
        for one in people
    ]
    print_table(("email", "name", "part", "state", "last sign-in"), rows, wraps="name")


@user.command(epilog="Example: upward user close ana@example.org")
@click.argument("email")
@click.pass_obj
def close(home: Path | None, email: str) -> None:
    """Close an account: the person can no longer sign in; what was written stays."""
    _set_active(home, email, active=False)


@user.command(name="open", epilog="Example: upward user open ana@example.org")
@click.argument("email")
@click.pass_obj
def open_account(home: Path | None, email: str) -> None:
    """Open a closed account again."""
    _set_active(home, email, active=True)


def _set_active(home: Path | None, email: str, *, active: bool) -> None:
    set_up(home)
    ready_database()
    from upward.base.errors import NotFoundError
    from upward.web.accounts.actions import set_active
    from upward.web.accounts.models import User, normal_address

    person = User.objects.filter(email=normal_address(email)).first()
    if person is None:
        raise NotFoundError(
            f"Nobody has an account with the address {email}.", advice="See: upward user list"
        )
    set_active(person=person, active=active)
    click.echo(f"{person.email} is {'open' if active else 'closed'}.")
