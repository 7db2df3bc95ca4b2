"""A plan carried to another installation and back loses nothing; a backup brings everything back."""

from __future__ import annotations

import io
import json
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import date, time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workbench_world import PASSWORD, World

from upward.base.errors import DataError
from upward.catalog.load import load_catalog
from upward.web.accounts.models import User
from upward.web.comments.actions import withdraw_comment, write_comment
from upward.web.plans import actions
from upward.web.plans.bundle import bundle_of, import_plan
from upward.web.plans.models import Membership, Plan, Role
from upward.web.plans.queries import access_to
from upward.web.plans.uploads import add_upload
from upward.web.publishing.actions import publish, withdraw

pytestmark = pytest.mark.django_db
CATALOG = load_catalog()
#: Any text that a database takes.
TEXT = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), min_size=1, max_size=60
)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
QUESTIONS = [key for key, question in CATALOG.questions.items() if question.kind.value == "long text"]


def document(content: bytes) -> dict:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return json.loads(packed.read("plan.json"))


def leave_installation(plan: Plan) -> None:
    """Make it as if this were another installation: the plan and all its people are gone."""
    from upward.web.core.models import HistoryEntry

    HistoryEntry.objects.filter(plan=plan.pk).delete()
    plan.delete()
    User.objects.all().delete()


def talk(data: st.DataObject, by, owner: User) -> None:
    """Let the owner ask, answer and withdraw."""
    for text in data.draw(st.lists(TEXT, max_size=3)):
        if text.strip():
            asked = write_comment(
                by=by,
                record="task:s01.t01",
                text=text,
                question=True,
                asked_of=data.draw(st.sampled_from([None, owner])),
            )
            if data.draw(st.booleans()):
                write_comment(by=by, record="", text=text, answers=asked)
            elif data.draw(st.booleans()):
                withdraw_comment(by=by, comment=asked, reason=text)


def go_public(data: st.DataObject, by) -> None:
    """Let the owner choose what is public, and perhaps take it away again."""
    if data.draw(st.booleans()):
        publish(by=by, version=0, parts=["about", "progress"], dates=list(by.plan.dates.all()))
        if data.draw(st.booleans()):
            withdraw(by=by)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_plan_comes_back_the_same(db, data: st.DataObject) -> None:
    User.objects.all().delete()
    owner = User.objects.create_user("owner@example.org", name=data.draw(TEXT))
    plan = actions.start_plan(
        by=owner,
        name=data.draw(TEXT),
        places=[("29019", data.draw(TEXT))],
        about=data.draw(TEXT),
        first_year=2027,
    )
    by = access_to(plan, owner)
    for number in range(data.draw(st.integers(0, 4))):
        member = User.objects.create_user(f"member{number}@example.org", name=data.draw(TEXT))
        Membership.objects.create(
            plan=plan, user=member, role=data.draw(st.sampled_from(Role.values)), function=data.draw(TEXT)
        )
    people = list(User.objects.all())
    for key in data.draw(st.lists(st.sampled_from(list(CATALOG.tasks)), max_size=5, unique=True)):
        values = {"owner": data.draw(st.sampled_from([None, *people])), "due": data.draw(st.none() | DAYS)}
        values |= {"proof": data.draw(st.just("") | TEXT), "done_on": data.draw(st.none() | DAYS)}
        actions.change_task(by=by, key=key, version=0, values=values)
    for title in data.draw(st.lists(TEXT, max_size=2)):
        actions.add_task(by=by, step="approach", title=title)
    for key in data.draw(st.lists(st.sampled_from(QUESTIONS), max_size=3, unique=True)):
        for version in range(data.draw(st.integers(1, 3))):
            value = {
                "schema": "upward.answer/1",
                "question": key,
                "kind": "long text",
                "value": data.draw(TEXT),
            }
            value["value"] += str(version)
            actions.save_answer(by=by, question=key, version=version, value=value)
    for _date in range(data.draw(st.integers(0, 2))):
        entry = actions.add_date(
            by=by, title=data.draw(TEXT), day=data.draw(DAYS), time=data.draw(st.none() | st.just(time(17, 30))),
            place=data.draw(TEXT), note=data.draw(TEXT),
        )  # fmt: skip
        if data.draw(st.booleans()):
            actions.remove_date(by=by, entry=entry)
    for content in data.draw(st.lists(st.binary(min_size=1, max_size=40), max_size=2)):
        add_upload(by=by, file=SimpleUploadedFile("a.pdf", b"%PDF-" + content), about=data.draw(TEXT))
    if data.draw(st.booleans()):
        actions.sign_off_step(by=by, step="approach", note=data.draw(TEXT).strip() or "n", open_tasks=1)
    talk(data, by, owner)
    go_public(data, by)
    actions.keep_draft(by=by, form="question:x", fields={"answer": data.draw(TEXT)})
    plan.refresh_from_db()
    first = bundle_of(plan)
    leave_installation(plan)
    again = import_plan(first, by=None)
    assert document(bundle_of(again)) == document(first)
    assert bundle_of(again) == first


def test_a_bundle_brought_in_beside_its_plan_stands_on_its_own(world: World) -> None:
    copy = import_plan(bundle_of(world.plan), by=None)
    assert copy.slug != world.plan.slug
    assert copy.members.count() == world.plan.members.count()
    assert User.objects.count() == 8
    actions.change_plan(by=world.access(), version=1, places=[("98001", "x")], name="Changed")
    copy.refresh_from_db()
    assert copy.name == "Example County"


def form_with_person_and_file() -> tuple[tuple[str, str], tuple[str, str]]:
    """A kind whose form asks for a person, and one whose form asks for a file, with the names of the fields."""
    held = [
        (kind.id, field.id, field.kind.value)
        for kind in CATALOG.records.values()
        for field in kind.fields.values()
    ]
    return (
        next((kind, name) for kind, name, what in held if what == "member"),
        next((kind, name) for kind, name, what in held if what == "upload"),
    )


def drafted(plan: Plan) -> dict[str, dict]:
    from upward.web.plans.models import Draft

    return {draft.form: draft.fields for draft in Draft.objects.filter(plan=plan)}


def keep_drafts_that_name(world: World, person: str, file: str) -> tuple[str, str, str, str]:
    """Drafts of a new record, of one that is there, and of a table that waits; return forms and fields."""
    (kind, owner), (other, upload) = form_with_person_and_file()
    for form in (f"record:{kind}", f"record:{kind}:abcd1234"):
        actions.keep_draft(by=world.access(), form=form, fields={owner: person, "title": "7"})
    actions.keep_draft(by=world.access(), form=f"record:{other}", fields={upload: file})
    actions.keep_draft(by=world.access(), form="question:x", fields={"answer": person})
    rows = [{"uid": "", "version": 0, "values": {owner: person, "title": person}}]
    actions.keep_draft(by=world.access(), form=f"import:{kind}", fields={"rows": rows})
    return kind, owner, other, upload


def test_drafts_name_the_same_person_and_file_on_another_installation(world: World) -> None:
    person, file = world.people["viewer"], world.records["file"]
    kind, owner, other, upload = keep_drafts_that_name(world, str(person.pk), str(file.pk))
    content = bundle_of(world.plan)
    was, email = str(person.pk), person.email
    leave_installation(world.plan)
    User.objects.create_user("somebody@example.org", name="Somebody else")
    again = import_plan(content, by=None)
    held, now = drafted(again), str(User.objects.get(email=email).pk)
    assert now != was
    assert held[f"record:{kind}"] == {owner: now, "title": "7"}
    assert held[f"record:{kind}:abcd1234"][owner] == now
    assert held[f"record:{other}"] == {upload: str(again.files.get(name=file.name).pk)}
    assert held["question:x"] == {"answer": was}, "a number that somebody typed is no person"
    assert held[f"import:{kind}"]["rows"][0]["values"] == {owner: now, "title": was}
    assert bundle_of(again) == content


def test_a_draft_that_names_who_is_not_in_the_plan_comes_in_without_the_name_and_says_so(
    world: World,
) -> None:
    kind, owner, other, upload = keep_drafts_that_name(world, "987654", "987654")
    content = bundle_of(world.plan)
    again = import_plan(content, by=None)
    assert drafted(again)[f"record:{kind}"] == {owner: "", "title": "7", "left_empty": [owner]}
    assert drafted(again)[f"record:{other}"] == {upload: "", "left_empty": [upload]}
    page = world.browser("owner").get(f"/plans/{again.slug}/records/{kind}/new/").content.decode()
    assert "was left empty" in page
    assert CATALOG.records[kind].fields[owner].label in page
    assert document(bundle_of(again))["drafts"] == document(content)["drafts"]


def test_a_draft_of_any_shape_does_not_keep_a_plan_from_being_carried(world: World) -> None:
    (kind, owner), _other = form_with_person_and_file()
    for form in (f"import:{kind}", f"record:{kind}", "record:", "import:x:y", "no form"):
        for fields in ({}, {"rows": ["a", "b"]}, {"rows": "a", owner: ["1", "2"], "left_empty": "owner"}):
            actions.keep_draft(by=world.access(), form=form, fields=fields)
            assert import_plan(bundle_of(world.plan), by=None)


def test_drafts_of_a_bundle_from_before_lose_the_numbers_of_its_installation(world: World) -> None:
    kind, owner, *_rest = keep_drafts_that_name(world, str(world.people["viewer"].pk), "")

    def as_before(held: dict) -> None:
        for draft in held["drafts"]:
            del draft["numbered"]
        held["files"] = []

    again = import_plan(damaged(bundle_of(world.plan), as_before), by=None)
    assert drafted(again)[f"record:{kind}"] == {owner: "", "title": "7", "left_empty": [owner]}


def test_people_without_an_account_come_in_without_a_password(world: World) -> None:
    content = bundle_of(world.plan)
    leave_installation(world.plan)
    import_plan(content, by=None)
    assert User.objects.count() == 6
    assert not any(person.has_usable_password() for person in User.objects.all())
    assert not any(person.is_staff for person in User.objects.all())


def damaged(content: bytes, change) -> bytes:
    held = document(content)
    change(held)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("plan.json", json.dumps(held))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        lambda held: held.pop("tasks"),
        lambda held: held.update(schema="upward.plan/9"),
        lambda held: held["members"][0].update(role="king"),
        lambda held: held["members"][0].update(person=99),
        lambda held: held["plan"].update(created_at="yesterday"),
        lambda held: held["people"][0].update(email="no address"),
        lambda held: held.update(history=[{}]),
        lambda held: held["files"].append({}),
        lambda held: held["drafts"].append(
            {"form": "x", "fields": [], "saved_at": "2027-01-01", "person": 1}
        ),
    ],
)
def test_a_damaged_bundle_brings_nothing_in(world: World, change) -> None:
    content = damaged(bundle_of(world.plan), change)
    with pytest.raises(DataError):
        import_plan(content, by=None)
    assert Plan.objects.count() == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip at all"])
def test_what_is_no_bundle_is_said_to_be_none(db, content: bytes) -> None:
    with pytest.raises(DataError, match="not a bundle"):
        import_plan(content, by=None)


def test_only_those_who_look_after_the_installation_bring_a_bundle_in(world: World) -> None:
    content = bundle_of(world.plan)
    for who, status in (("owner", 403), ("staff", 302)):
        sent = world.browser(who).post("/plans/import/", {"file": SimpleUploadedFile("b.zip", content)})
        assert sent.status_code == status
    assert Plan.objects.count() == 2


def upward(home: Path, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    code = "import sys; from upward.cli.main import run; sys.exit(run(sys.argv[1:]))"
    import os

    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("UPWARD_", "DJANGO_", "PYTEST"))
    }
    return subprocess.run(
        [sys.executable, "-c", code, "--home", str(home), *words],
        capture_output=True, text=True, input=text, env=environment, check=False,
    )  # fmt: skip


def everything(path: Path) -> dict[str, list]:
    """Every row of every table of an SQLite database."""
    with closing(sqlite3.connect(path)) as held:
        tables = [
            row[0]
            for row in held.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ]
        return {table: held.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables}


def test_a_backup_brings_everything_back_and_the_shell_works_with_plans(home: Path, tmp_path: Path) -> None:
    added = upward(
        home, "user", "add", "ana@example.org", "--name", "Ana", "--password-stdin", text=PASSWORD + "\n"
    )
    assert added.returncode == 0, added.stderr
    assert (
        upward(
            home, "user", "add", "ana@example.org", "--name", "A", "--password-stdin", text=PASSWORD
        ).returncode
        == 5
    )
    made = upward(home, "plan", "new", "Boone", "--place", "29019", "--owner", "ana@example.org")
    assert made.stdout.strip() == "boone"
    (home / "uploads").mkdir()
    (home / "uploads" / "a").write_bytes(b"a file")
    kept = tmp_path / "kept.zip"
    assert upward(home, "backup", str(kept)).returncode == 0
    assert kept.stat().st_mode & 0o077 == 0
    before = everything(home / "workbench.sqlite3")
    key = (home / "key").read_text()
    assert (
        upward(home, "plan", "new", "Other", "--place", "29019", "--owner", "ana@example.org").returncode == 0
    )
    (home / "uploads" / "b").write_bytes(b"another")
    for target in (home, tmp_path / "elsewhere"):
        restored = upward(target, "restore", str(kept), "--yes")
        assert restored.returncode == 0, restored.stderr
        assert everything(target / "workbench.sqlite3") == before
        assert [path.name for path in (target / "uploads").iterdir()] == ["a"]
        assert (target / "key").read_text() == key
    listed = json.loads(upward(home, "plan", "list", "--json").stdout)
    assert [plan["slug"] for plan in listed] == ["boone"]
    shown = json.loads(upward(home, "plan", "show", "boone", "--json").stdout)
    assert len(shown["steps"]) == 10
    assert upward(home, "plan", "show", "nowhere").returncode == 4
    assert upward(home, "plan", "check", "boone", "--json").returncode == 0
    bundle = tmp_path / "boone.zip"
    assert upward(home, "plan", "export", "boone", "-o", str(bundle)).returncode == 0
    assert upward(tmp_path / "third", "plan", "import", str(bundle)).stdout.strip() == "boone"
    assert upward(home, "restore", str(bundle), "--yes").returncode == 3
    assert upward(home, "user", "close", "ana@example.org").returncode == 0
    assert json.loads(upward(home, "user", "list", "--json").stdout)[0]["is_active"] is False
