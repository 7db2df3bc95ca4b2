"""Upward's main job, once through: a Mobility Action Plan for Warren County, Kentucky, made by hand in a browser.

On a release of the published files, a person types a plan through all ten steps, as the story beside this file has it,
and releases it as HTML, PDF and DOCX. Every form and page on the way passes the accessibility checker, empty and filled
in, and fits its screen; the files are opened by others' readers.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml
from checking_pdfs import complaints
from playwright.sync_api import Browser
from reading_documents import docx_outline, docx_words, html_outline, pdf_outline
from reading_html import parse, words
from workbench_visit import PASSWORD, Served, Visitor, serve_beside

from upward.catalog.load import load_catalog
from upward.catalog.record_model import Field, FieldKind, RecordKind

pytestmark = [pytest.mark.browser, pytest.mark.real]
STORIES = Path(__file__).parent
KINDS = load_catalog("en").records
DESKTOP, PHONE = 1280, 390
TRIES = 120
SENDS = "main form:not(.inline):not(.filters) button.btn"
SETTINGS = list(itertools.product(("en", "es"), (DESKTOP, PHONE), (True, False)))
#: After whom somebody else comes who reads in the other language, on the other screen.
READ_BY_ANOTHER = (("en", DESKTOP, True), ("es", PHONE, False))
#: What readers of the plan must never find: contacts, raw notes, stances, quotes without consent.
NEVER_TOLD = ("555-0142", "spoke of a manager", "not for the plan", "By way of the New Neighbors")


@pytest.fixture
def served(tmp_path: Path, real_home: Path, empty_workbench: Path) -> Iterator[Served]:
    """A workbench on the release of the published files, with a database of its own."""
    yield from serve_beside(real_home, tmp_path / "home", empty_workbench)


def visitor_of(
    browser: Browser, served: Served, axe: str, *, width: int, language: str, scripts: bool
) -> Visitor:
    """Return somebody with a browser of a width, in a language; without scripts another page looks for her."""
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, java_script_enabled=scripts)
    looker = None if scripts else browser.new_context(viewport=size).new_page()
    return Visitor(context, served, axe, language, looker)


def follow(visitor: Visitor, what: str) -> None:
    """Choose a link or a button, and wait until the next page stands."""
    with visitor.page.expect_navigation():
        visitor.page.locator(what).first.click()


def leave(visitor: Visitor) -> None:
    """Close a visitor's browser, and that of whoever looks for her."""
    if visitor.looker is not None:
        visitor.looker.context.close()
    visitor.context.close()


class Team:
    """Whoever types the plan: what has been made so far, and where."""

    def __init__(self, visitor: Visitor, story: Mapping[str, Any]) -> None:
        self.visitor, self.story = visitor, story
        self.made: dict[str, str] = {}  # name in the story -> the record's number
        self.seen: set[str] = set()  # kinds whose forms and pages were checked
        self.today = date.today()

    def go(self, path: str, *, check: bool = True) -> None:
        """Open a page of the plan."""
        if check:
            self.visitor.open(f"/plans/warren/{path}")
        else:
            self.visitor.page.goto(f"{self.visitor.served.address}{self.visitor.prefix}/plans/warren/{path}")

    def pin(self, name: str, predictor: str, words: str) -> None:
        """Pin what the numbers say of a predictor, as a person does with one click: the first that has the words."""
        self.go(f"findings/?predictor={predictor}", check=not self.made)
        said = self.visitor.page.locator("main ol.finds li").filter(has_text=words)
        with self.visitor.page.expect_navigation():
            said.locator("form button").first.click()
        self.keep(name)
        if len(self.made) == 1:
            self.visitor.check()

    def add(self, name: str, entry: Mapping[str, Any]) -> None:
        """Add a record by its form: found from its step, opened, filled in, saved."""
        kind, page = KINDS[entry["kind"]], self.visitor.page
        first = kind.id not in self.seen
        if first:
            page.goto(self.address_of_step(kind))
            follow(self.visitor, f"main a[href*='/records/{kind.id}/new/']")
            self.visitor.check()
        else:
            self.go(f"records/{kind.id}/new/", check=False)
        for field, typed in entry.items():
            if field != "kind":
                self.put(kind.fields["kind" if field == "kind_of" else field], typed)
        if first:
            self.visitor.check()
        follow(self.visitor, "main form.form .btns button.btn")
        self.keep(name)
        if first:
            self.visitor.check()
        self.seen.add(kind.id)

    def address_of_step(self, kind: RecordKind) -> str:
        """Return the address of the step that a kind belongs to."""
        number = load_catalog("en").steps[kind.step].number
        return f"{self.visitor.served.address}{self.visitor.prefix}/plans/warren/steps/{number}/"

    def keep(self, name: str) -> None:
        """Remember the record whose page is open."""
        found = re.search(r"/records/[\w-]+/(?!new/)(\w+)/$", self.visitor.page.url)
        faults = self.visitor.page.locator("main .errsum, main .errorlist")
        assert found, f"{name}: {faults.all_inner_texts()}"
        self.made[name] = found.group(1)

    def put(self, field: Field, typed: Any) -> None:
        """Type a value as the story has it: links by the names of its records, days counted from today."""
        main = self.visitor.page.locator("main form.form")
        values = typed if isinstance(typed, list) else [typed]
        if field.is_link:
            values = [self.made[value] for value in values]
        if field.kind is FieldKind.MEMBER:
            main.locator(f"select[name={field.id}]").select_option(label=values[0])
        elif field.kind is FieldKind.ROWS:
            self.paste(field, self.dated(values[0]))
        elif main.locator(f"select[name={field.id}]").count():
            main.locator(f"select[name={field.id}]").select_option(values)
        elif main.locator(
            f"input[type=radio][name={field.id}], input[type=checkbox][name={field.id}]"
        ).count():
            for value in values:
                main.locator(f"input[name={field.id}][value='{value}']").check()
        else:
            main.locator(f"[name={field.id}]").fill(self.dated(values[0]))

    def paste(self, field: Field, lines: str) -> None:
        """Type rows as lines: into the one box, or into the box for many rows at once."""
        main = self.visitor.page.locator("main form.form")
        several = main.locator(f"[name={field.id}-lines]")
        if several.count():
            main.locator(f"details:has([name={field.id}-lines]) summary").click()
            several.fill(lines)
        else:
            main.locator(f"[name={field.id}]").fill(lines)

    def dated(self, text: str) -> str:
        """Return a text whose days, such as +30d, are days of the calendar."""
        return re.sub(
            r"(?<!\w)([+-]\d+)d\b", lambda found: str(self.today + timedelta(days=int(found.group(1)))), text
        )


def begin(visitor: Visitor) -> None:
    """Come in by the printed link, and start a plan for the county."""
    visitor.open(visitor.served.first_link.removeprefix(visitor.served.address))
    visitor.fill(name="Ana Ruiz", email="ana@example.org", password=PASSWORD)
    follow(visitor, SENDS)
    visitor.fill(name="Warren", places="Warren County, Kentucky")
    follow(visitor, SENDS)
    visitor.check()
    assert visitor.page.url.endswith("/plans/warren/")


def sign_in(visitor: Visitor) -> None:
    """Come back to the plan."""
    visitor.page.goto(f"{visitor.served.address}{visitor.prefix}/account/sign-in/")
    visitor.fill(login="ana@example.org", password=PASSWORD)
    follow(visitor, "main form button.btn")


def story_in(language: str) -> Mapping[str, Any]:
    """Return the plan as a team tells it in a language."""
    return yaml.load((STORIES / f"warren_{language}.yaml").read_text(), Loader=yaml.BaseLoader)


def fill_in(visitor: Visitor, story: Mapping[str, Any]) -> Team:
    """Take the plan through all ten steps."""
    team = Team(visitor, story)
    for name, pinned in story["pins"].items():
        team.pin(name, pinned["predictor"], pinned["words"])
    for name, entry in story["records"].items():
        team.add(name, entry)
    return team


def make_files(visitor: Visitor) -> dict[str, bytes]:
    """Have the plan's files made, wait as a person does, and take them out."""
    visitor.open("/plans/warren/document/")
    follow(visitor, "main form button.btn")
    visitor.check()
    for _try in range(TRIES):
        if visitor.page.locator("main a[href$='/document/files/json/']").count():
            break
        visitor.page.wait_for_timeout(250)
        visitor.page.reload()
    visitor.check()
    found = {}
    for ending in ("html", "pdf", "docx"):
        link = visitor.page.get_attribute(f"main a[href$='/document/files/{ending}/']", "href")
        answer = visitor.context.request.get(visitor.served.address + str(link))
        assert answer.ok
        found[ending] = answer.body()
    return found


def check_files(files: Mapping[str, bytes], *, language: str, folder: Path) -> None:
    """Fail where the three forms differ in outline, or the PDF lacks what readers aloud need."""
    text = files["html"].decode()
    wanted = html_outline(text)
    assert len(wanted) > 12
    assert pdf_outline(files["pdf"]) == wanted
    assert docx_outline(files["docx"]) == wanted
    assert parse(text).get("lang") == language
    title = parse(text).find(".//title").text
    with pikepdf.open(io.BytesIO(files["pdf"])) as pdf:
        assert str(pdf.Root.Lang).startswith(language)
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.pages) > 8
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert about["dc:title"] == title
    path = folder / f"plan-{language}.pdf"
    path.write_bytes(files["pdf"])
    assert complaints(path) == []


def check_words(files: Mapping[str, bytes], story: Mapping[str, Any], release: str) -> None:
    """Fail where a claim of the story is not in the plan, a number has no release, or something private is told."""
    said = {"html": words(parse(files["html"].decode())), "docx": docx_words(files["docx"])}
    for name, text in said.items():
        for entry in story["records"].values():
            kind = KINDS[entry["kind"]]
            if kind.id in ("finding", "cause", "strategic-action", "vision", "theme", "target", "milestone"):
                typed = entry["statement" if kind.id == "vision" else kind.title.id]
                assert typed in text, (name, typed)
        assert release in text, name
        assert all(pinned["words"] in text for pinned in story["pins"].values()), name
        assert not [secret for secret in NEVER_TOLD if secret in text], name


def look_around(visitor: Visitor) -> None:
    """Look at the pages that gather the plan."""
    for path in ("", "records/", "thread/", "readiness/", "logic-model/", "coverage/", "data/", "findings/",
                 "records/finding/", "records/measure/", "records/target/"):  # fmt: skip
        visitor.open(f"/plans/warren/{path}")


def say_again(visitor: Visitor, team: Team) -> None:
    """Change a record once more, and come by the plan's page to the form of a section."""
    finding = f"records/finding/{team.made['finding']}/"
    visitor.open(f"/plans/warren/{finding}change/")
    visitor.fill(detail="Said again, more plainly.")
    follow(visitor, "main form.form .btns button.btn")
    assert visitor.page.url.endswith(f"/{finding}")
    visitor.check()
    visitor.open("/plans/warren/document/")
    follow(visitor, "main a[href*='/plan-section/new/?section=']")
    visitor.check()
    assert visitor.page.input_value("main select[name=section]")


def look_at_the_plan(visitor: Visitor) -> None:
    """Look at the plan as its readers will."""
    visitor.open("/plans/warren/document/")
    follow(visitor, "main a[href$='/document/look/']")
    assert visitor.page.locator("h2").count() > 8


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_story_has_a_record_of_every_kind_that_is_typed(language: str) -> None:
    told = {entry["kind"] for entry in story_in(language)["records"].values()}
    assert told == set(KINDS) - {"pinned-metric"}, "pinned with a click, not typed"


@pytest.mark.parametrize(
    ("language", "width", "scripts"),
    SETTINGS,
    ids=[
        f"{language}-{width}-{'script' if scripts else 'no-script'}" for language, width, scripts in SETTINGS
    ],
)
def test_a_county_makes_its_plan_through_all_ten_steps(
    browser: Browser,
    served: Served,
    axe_script: str,
    tmp_path: Path,
    language: str,
    width: int,
    scripts: bool,
) -> None:
    story = story_in(language)
    ana = visitor_of(browser, served, axe_script, width=width, language=language, scripts=scripts)
    begin(ana)
    team = fill_in(ana, story)
    ana.open("/plans/warren/data/")
    release = ana.page.locator("main dl.facts code").first.inner_text()
    look_around(ana)
    say_again(ana, team)
    files = make_files(ana)
    check_files(files, language=language, folder=tmp_path)
    check_words(files, story, release)
    look_at_the_plan(ana)
    if (language, width, scripts) in READ_BY_ANOTHER:
        other = {"en": "es", "es": "en"}[language]
        ben = visitor_of(
            browser, served, axe_script, width=DESKTOP + PHONE - width, language=other, scripts=not scripts
        )
        sign_in(ben)
        look_around(ben)
        check_files(make_files(ben), language=other, folder=tmp_path)
        look_at_the_plan(ben)
        leave(ben)
    leave(ana)
