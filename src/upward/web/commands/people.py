"""`upward user`: accounts from the shell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from upward.base.errors import NotFoundError, UsageError
from upward.cli.output import json_option, print_json, print_table
from upward.web.commands.setting_up import ready_database, set_up

if TYPE_CHECKING:
    from upward.web.accounts.models import User


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
    from upward.web.accounts.actions import add_person
    from upward.web.accounts.models import User

    _check_address(email)
    password = _read_password(User(email=email, name=name), from_stdin=password_stdin)
    person = add_person(by=None, email=email, name=name, password=password, language=language, staff=staff)
    click.echo(f"{person.email} has an account.")


def _check_address(email: str) -> None:
    """Raise UsageError where a text is no e-mail address."""
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(email)
    except ValidationError:
        raise UsageError(
            f"“{email}” is not an e-mail address.", advice="Write it as ana@example.org."
        ) from None


@user.command(name="address", epilog="Example: upward user address mango-4821 ana@example.org")
@click.argument("email")
@click.argument("new")
@click.pass_obj
def new_address(home: Path | None, email: str, new: str) -> None:
    """Give a person another address, or a first one in place of a sign-in name, where no mail can.

    Make sure that the address is theirs: from then on the person signs in with it, and whoever reads its mail can set
    a new password. The former address is told by mail.
    """
    person = _person_called(home, email)
    from upward.web.accounts.actions import change_address

    _check_address(new)
    former = person.sign_in_name
    change_address(by=None, person=person, email=new)
    click.echo(f"{former} now signs in with {person.sign_in_name}.")


@user.command(name="password", epilog="Example: upward user password ana@example.org")
@click.argument("email")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of asking for it."
)
@click.option(
    "--without-second-factor", is_flag=True, help="Also remove codes and keys that the person has lost."
)
@click.pass_obj
def new_password(home: Path | None, email: str, password_stdin: bool, without_second_factor: bool) -> None:
    """Give a person another password, where no mail can; the person is signed out everywhere."""
    person = _person_called(home, email)
    from upward.web.accounts.actions import drop_second_factor, set_password

    set_password(person=person, password=_read_password(person, from_stdin=password_stdin))
    if without_second_factor:
        drop_second_factor(person=person)
    click.echo(
        f"{person.sign_in_name} has another password{', and no second factor' if without_second_factor else ''}."
    )


def _read_password(person: User, *, from_stdin: bool) -> str:
    """Return a password that is good enough for a person; raises UsageError, saying why, where it is not."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    password: str = (
        click.get_text_stream("stdin").readline().rstrip("\n")
        if from_stdin
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    try:
        validate_password(password, person)
    except ValidationError as problem:
        raise UsageError(" ".join(problem.messages)) from None
    return password


@user.command(name="list", epilog="Example: upward user list --json")
@json_option
@click.pass_obj
def list_people(home: Path | None, as_json: bool) -> None:
    """List the accounts."""
    set_up(home)
    ready_database()
    from upward.web.accounts.models import User
    from upward.web.accounts.sign_in_names import NO_ADDRESS

    people = list(
        User.objects.order_by("email").values("email", "name", "is_staff", "is_active", "last_login")
    )
    if as_json:
        print_json(people)
        return
    rows = [
        (
            one["email"].removesuffix(NO_ADDRESS),
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
    person = _person_called(home, email)
    from upward.web.accounts.actions import set_active

    set_active(person=person, active=active)
    click.echo(f"{person.sign_in_name} is {'open' if active else 'closed'}.")


def _person_called(home: Path | None, email: str) -> User:
    """Return the person with an address, in a workbench that is ready; raises NotFoundError where there is none."""
    set_up(home)
    ready_database()
    from upward.web.accounts.models import User
    from upward.web.accounts.sign_in_names import typed_account

    person = User.objects.filter(email=typed_account(email)).first()
    if person is None:
        raise NotFoundError(
            f"Nobody has an account with the address or sign-in name {email}.", advice="See: upward user list"
        )
    return person
