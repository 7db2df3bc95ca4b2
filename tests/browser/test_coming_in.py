"""Coming in by a link for several people, in a browser: without a mail server on a phone at a meeting, and by mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from mail_server import MailServer
from workbench_visit import PASSWORD, Served, Visitor, begin_a_plan, serve_beside

pytestmark = pytest.mark.browser


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """A mail server that keeps what it is given."""
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def served(
    request: pytest.FixtureRequest, tmp_path: Path, sample_home: Path, empty_workbench: Path
) -> Iterator[Served]:
    """A workbench, with a mail server where the test has one."""
    settings = {}
    if "mail" in request.fixturenames:
        settings["UPWARD_MAIL_URL"] = request.getfixturevalue("mail").address
    yield from serve_beside(sample_home, tmp_path / "home", empty_workbench, settings)


def link_for_several(ana: Visitor) -> str:
    """Begin a plan and return a link that several may use."""
    begin_a_plan(ana)
    ana.open("/plans/alder/people/invite/")
    ana.page.check("main input[value=adviser]")
    ana.fill(places="20")
    ana.send()
    return ana.page.locator("#invitation-link").inner_text()


def sign_in(visitor: Visitor, login: str) -> None:
    visitor.open("/account/sign-in/")
    visitor.fill(login=login, password=PASSWORD)
    visitor.page.click("main form button.btn")
    visitor.page.wait_for_load_state()


def test_a_resident_comes_in_without_an_address_and_comes_back_with_the_name(visitors: list[Visitor]) -> None:
    ana, rosa = visitors
    link = link_for_several(ana)
    rosa.page.goto(link)
    rosa.check()
    assert rosa.page.locator("main [name=email]").count() == 0
    rosa.send()  # nothing filled in
    assert rosa.page.title().startswith("Error:")
    name = rosa.page.input_value("main [name=sign_in_name]")
    rosa.fill(name="Rosa Vega", password=PASSWORD)
    rosa.send()
    assert rosa.page.url.endswith(f"{rosa.prefix}/plans/alder/")
    assert name in rosa.page.inner_text("main")
    rosa.open("/account/")
    assert name in rosa.page.inner_text("main")
    rosa.context.clear_cookies()
    sign_in(rosa, name.title())
    rosa.open("/plans/alder/")
    rosa.context.clear_cookies()
    # Someone else with the same link gets another name; who has an account signs in and comes back to accept.
    rosa.page.goto(link)
    assert rosa.page.input_value("main [name=sign_in_name]") != name
    rosa.page.click("main a[href*='sign-in']")
    rosa.fill(login="ana@example.org", password=PASSWORD)
    rosa.page.click("main form button.btn")
    rosa.page.wait_for_url(re.compile("/invitations/"))
    rosa.check()
    ana.open("/plans/alder/people/")
    assert name in ana.page.inner_text("main")


def test_where_mail_is_sent_everyone_follows_a_link_of_their_own(
    mail: MailServer, visitors: list[Visitor]
) -> None:
    ana, ben = visitors
    link = link_for_several(ana)
    said = []
    for address in ("ben@example.org", "ana@example.org"):
        ben.page.goto(link)
        ben.check()
        ben.fill(email=address)
        ben.send()
        said.append((ben.page.url, ben.page.content()))
    assert said[0] == said[1], "whether an address has an account is not told"
    links = [re.search(r"http://\S+", sent.get_content()).group() for sent in mail.kept]
    assert len(links) == 2
    ben.page.goto(links[1])
    ben.check()
    assert ben.page.locator("main form").count() == 0, "she has an account: she signs in"
    ben.page.goto(links[0])
    ben.check()
    ben.fill(name="Ben Ode", password=PASSWORD)
    ben.send()
    assert ben.page.url.endswith(f"{ben.prefix}/plans/alder/")
    ben.context.clear_cookies()
    sign_in(ben, "ben@example.org")
    ben.open("/plans/alder/")


def test_an_address_changes_by_the_link_in_its_mail(mail: MailServer, visitors: list[Visitor]) -> None:
    ana, _ben = visitors
    begin_a_plan(ana)
    ana.open("/account/")
    ana.page.click("main a[href$='/account/address/']")
    ana.check()
    assert ana.page.locator("main [name=email]").count() == 0, "first she confirms who she is"
    ana.fill(password=PASSWORD)
    ana.send()
    ana.send()  # nothing filled in
    assert ana.page.title().startswith("Error:")
    ana.fill(email="ruiz@example.org")
    ana.send()
    [sent] = mail.kept
    assert sent["To"] == "ruiz@example.org"
    ana.page.goto(re.search(r"http://\S+", sent.get_content()).group())
    ana.check()
    ana.send()
    assert "ruiz@example.org" in ana.page.inner_text("main")
    assert mail.kept[-1]["To"] == "ana@example.org"
    ana.context.clear_cookies()
    sign_in(ana, "ruiz@example.org")
    ana.open("/plans/alder/")
