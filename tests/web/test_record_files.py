"""Records out of and into files: bundles of whole plans, tables of one kind."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from records_world import CATALOG, one_of_each
from workbench_world import World

from upward.base.errors import DataError
from upward.catalog.load import load_catalog
from upward.web.core.models import HistoryEntry
from upward.web.records import actions
from upward.web.records.kinds import models_by_kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_release")]


@pytest.fixture
def all_kinds(world: World):
    """One record of each kind, every field filled."""
    return one_of_each(world.access(), file=str(world.records["file"].pk))


def page(world: World, name: str, record=None, kind: str = "", **more) -> str:
    parts = {"kind": record.KIND, "uid": record.uid} if record is not None else {"kind": kind} if kind else {}
    return reverse(f"records:{name}", kwargs={"slug": world.plan.slug, **parts, **more})


def add(world: World, kind: str, who: str = "owner", **values):
    return actions.add_record(by=world.access(who), kind=kind, values=values)


def test_a_bundle_carries_every_record_link_flag_and_file(world, all_kinds):
    from test_bundle import document, leave_installation

    from upward.web.plans.bundle import bundle_of, import_plan

    actions.withdraw_record(
        by=world.access(),
        record=_fresh(all_kinds["theme"]),
        version=_fresh(all_kinds["theme"]).version,
        reason="Twice",
    )
    first = bundle_of(world.plan)
    assert set(document(first)["parts"]["work"]["records"]) == set(CATALOG.records)
    assert document(first)["parts"]["work"]["flags"]
    leave_installation(world.plan)
    again = import_plan(first, by=None)
    assert bundle_of(again) == first


def test_the_history_names_people_and_files_and_means_the_same_ones_elsewhere(world):
    from test_bundle import leave_installation

    from upward.web.accounts.models import User
    from upward.web.plans.bundle import bundle_of, import_plan
    from upward.web.plans.queries import access_to
    from upward.web.plans.undo import undo

    editor = world.people["editor"]
    record = add(world, "milestone", title="Open", due="2027-03-01", owner=str(editor.pk), status="planned")
    actions.change_record(by=world.access(), record=record, version=1, values={"owner": None})
    seen = world.browser("owner").get(reverse("plans:history", kwargs={"slug": world.plan.slug}))
    assert editor.get_full_name() in seen.content.decode()
    first, uid = bundle_of(world.plan), record.uid
    leave_installation(world.plan)
    User.objects.create_user("first@example.org", name="Somebody else")
    again = import_plan(first, by=None)
    assert bundle_of(again) == first
    owner = User.objects.get(email=world.people["owner"].email)
    undo(
        by=access_to(again, owner),
        entry=HistoryEntry.objects.filter(plan=again.pk, event="record.changed").get(),
    )
    assert models_by_kind()["milestone"].objects.get(uid=uid).owner.email == editor.email


def _fresh(record):
    return models_by_kind()[record.KIND].objects.get(pk=record.pk)


def test_a_bundle_of_the_first_form_is_still_read(world):
    import io
    import json
    import zipfile

    from test_bundle import document

    from upward.web.plans.bundle import bundle_of, import_plan

    held = document(bundle_of(world.plan))
    held["schema"] = "upward.plan/1"
    del held["parts"], held["plan"]["release"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bundle_of(world.plan))) as whole, zipfile.ZipFile(buffer, "w") as packed:
        for name in whole.namelist():
            packed.writestr(name, json.dumps(held) if name == "plan.json" else whole.read(name))
    plan = import_plan(buffer.getvalue(), by=None)
    assert plan.tasks.count() == world.plan.tasks.count()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_table_taken_out_and_brought_in_changes_nothing(world, all_kinds, ending):
    from upward.web.records import tables

    for name in CATALOG.records:
        kind, access = CATALOG.records[name], world.access("editor" if name == "x" else "owner")
        content = tables.csv_of(access, kind) if ending == "csv" else tables.workbook_of(access, kind)
        rows = tables.preview(access, kind, tables.read_table(content, f"t.{ending}"))
        assert [(row.does, row.problems, dict(row.values)) for row in rows] == [("same", (), {})], name


@pytest.mark.parametrize("kind", CATALOG.records)
@pytest.mark.parametrize("language", ["en", "es"])
def test_each_column_of_a_table_that_was_taken_out_is_read_into_its_own_field(world, kind, language):
    from upward.web.records.tables import _heads

    fields = CATALOG.records[kind].fields
    for head, field in (
        *((name, name) for name in fields),
        *((field.label, field.id) for field in load_catalog(language).records[kind].fields.values()),
    ):
        title = CATALOG.records[kind].title.id
        _at, [found, _title] = _heads(world.access(), CATALOG.records[kind], [[head, title]])
        assert found is None or found.id == field, head


def test_contributions_are_brought_in_with_where_their_answer_stands(world):
    table = "In a few words,What was said,Answer,What we answered\nThe bus,It leaves early,Used,It is in Finding 1\n"
    browser, path = world.browser("owner"), page(world, "bring_in", kind="contribution")
    seen = browser.post(path, {"file": SimpleUploadedFile("table.csv", table.encode())})
    assert "1 new" in seen.content.decode()
    browser.post(path, {"confirm": "1"})
    record = models_by_kind()["contribution"].objects.get()
    assert (record.answer_status, record.answer) == ("used", "It is in Finding 1")


def test_a_table_is_brought_in_after_a_preview_with_its_mistakes_named(world):
    finding = add(world, "finding", statement="Jobs are scarce", status="draft")
    table = (
        "Cause,Level,Findings it explains\n"
        "One employer,Symptom,Jobs are scarce\n"
        "Zoning,no-such-level,\n"
        ",Symptom,\n"
        f"Old road,policy-or-practice,Any title [{finding.uid}]\n"
    )
    browser = world.browser("editor")
    path = page(world, "bring_in", kind="cause")
    shown = browser.post(path, {"file": SimpleUploadedFile("causes.csv", table.encode())}).content.decode()
    assert "2 new, 0 changed, 0 as they are, 2 with something to fix." in shown
    assert "Level: “no-such-level” is not one of the options." in shown
    assert "Cause is missing." in shown
    assert not models_by_kind()["cause"].objects.exists()
    answered = browser.post(path, {"confirm": "1"}, follow=True).content.decode()
    assert "2 added, 0 changed." in answered
    causes = models_by_kind()["cause"].objects.all()
    assert [(cause.statement, cause.findings.count()) for cause in causes] == [
        ("One employer", 1),
        ("Old road", 1),
    ]
    assert HistoryEntry.objects.filter(event="record.added", record__startswith="cause:").count() == 2


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"a,b\n1,2\n", "t.csv"), (b"PK\x03\x04 broken", "t.xlsx"), (b"\x00\x01", "t.csv"), (b"", "t.csv")],
)
def test_what_is_no_table_of_the_kind_is_refused(world, content, name):
    from upward.web.records import tables

    with pytest.raises(DataError):
        tables.preview(world.access(), CATALOG.records["cause"], tables.read_table(content, name))


def test_no_cell_is_run_as_a_formula(world):
    from upward.web.records import tables

    add(world, "history-event", title='=HYPERLINK("http://x")', year=1962)
    assert b"'=HYPERLINK" in tables.csv_of(world.access(), CATALOG.records["history-event"])
    made = load_workbook(io.BytesIO(tables.workbook_of(world.access(), CATALOG.records["history-event"])))
    cells = [cell for row in made.worksheets[0].iter_rows() for cell in row if "HYPERLINK" in str(cell.value)]
    assert [(cell.data_type, cell.quotePrefix) for cell in cells] == [("s", True)]
