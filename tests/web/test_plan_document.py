"""The plan as a document in the workbench: completeness, files made in the background, a look at them."""

from __future__ import annotations

import pytest
from workbench_world import World

from upward.web.documents.made import file_of, made_files
from upward.web.documents.tasks import make_documents

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    from dataclasses import replace

    settings.OPTIONS = replace(settings.OPTIONS, home=tmp_path)


def address(world: World, rest: str = "") -> str:
    return f"/plans/{world.plan.slug}/document/{rest}"


def test_the_page_names_every_section_and_what_it_lacks(world: World) -> None:
    text = world.browser("viewer").get(address(world)).content.decode()
    assert "Summary of Upward Mobility Findings" in text
    assert "No finding has been agreed yet" in text
    assert "Not there:" in text
    assert "No files have been made" in text
    assert "Make the files" not in text  # a viewer reads only


def test_files_are_made_in_the_background_and_given_out(world: World) -> None:
    from django_tasks_db.models import DBTaskResult

    browser = world.browser("editor")
    assert browser.post(address(world)).status_code == 302
    waiting = DBTaskResult.objects.get(task_path="upward.web.documents.tasks.make_documents")
    assert waiting.args_kwargs["kwargs"] == {"plan": world.plan.pk, "language": "en"}
    assert make_documents.func(**waiting.args_kwargs["kwargs"]) == 4
    assert [file.ending for file in made_files(world.plan, "en")] == ["html", "pdf", "docx", "json"]
    assert made_files(world.plan, "es") == []
    given = browser.get(address(world, "files/pdf/"))
    assert b"".join(given.streaming_content).startswith(b"%PDF-")
    assert given.headers["Content-Disposition"] == f'attachment; filename="{world.plan.slug}.pdf"'
    shown = browser.get(address(world, "look/"))
    assert shown.headers["Content-Security-Policy"].endswith("sandbox")
    assert b"Mobility Action Plan" in shown.content
    assert b"Example County" in shown.content, "no release is here: the plan's own name of its place"
    assert b"98001" not in shown.content
    assert f"/plans/{world.plan.slug}/steps/5/" in shown.content.decode()
    assert "Look at it in the browser" in browser.get(address(world)).content.decode()


def test_files_not_made_yet_lead_back_and_unknown_forms_are_not_there(world: World) -> None:
    browser = world.browser("owner")
    assert browser.get(address(world, "files/docx/")).headers["Location"].endswith("/document/")
    assert browser.get(address(world, "look/")).headers["Location"].endswith("/document/")
    assert browser.get(address(world, "files/exe/")).status_code == 404
    with pytest.raises(KeyError):
        file_of(world.plan, "en", "../../secret")


def test_a_plan_that_is_gone_makes_nothing() -> None:
    assert make_documents.func(plan=987654, language="en") == 0
