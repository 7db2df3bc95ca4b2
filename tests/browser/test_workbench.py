"""The journeys of the workbench in a real browser: phone and desktop, English and Spanish, with and without scripts.

A first person comes in by the printed link and starts a plan; a second comes by invitation; they answer, finish a task,
meet in an edit conflict and read the history. Every page on the way passes the accessibility checker, before and after
what is done on it, and fits its screen.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page
from workbench_visit import PASSWORD, Served, Visitor, begin_a_plan

pytestmark = pytest.mark.browser
WORDS = {
    "en": {"done": "The task is changed.", "kept": "new version", "conflict": "Two people changed this",
           "history": "answered"},
    "es": {"done": "La tarea cambió.", "kept": "versión nueva", "conflict": "Dos personas cambiaron esto",
           "history": "respondió"},
}  # fmt: skip


def tie_a_finding(ana: Visitor, ben: Visitor) -> None:
    """A finding is tied to what it stands on; a change of its source marks it; a number is pinned."""
    ana.open("/plans/alder/records/history-event/new/")
    ana.send()  # nothing filled in
    assert ana.page.title().startswith("Error:")
    ana.fill(title="The bridge was closed", year="1962")
    ana.send()
    event = ana.page.url
    ana.open("/plans/alder/records/finding/new/")
    ana.fill(statement="Nobody crosses the river on foot")
    ana.page.check("main [name=status][value=draft]")
    ana.page.check("main [name=events]")
    ana.send()
    assert not ana.page.url.endswith("/new/")
    assert "The bridge was closed" in ana.page.inner_text("main")
    ben.page.goto(f"{event}change/")
    ben.fill(year="1963")
    ben.send()
    ana.open("/plans/alder/thread/")
    assert "The bridge was closed" in ana.page.inner_text("main")
    ana.open("/plans/alder/findings/")
    ana.send()  # pins the first of what the numbers say
    assert "/records/pinned-metric/" in ana.page.url


def test_a_team_begins_a_plan_and_works_on_it(visitors: list[Visitor]) -> None:
    ana, ben = visitors
    words = WORDS[ana.language]
    # The first person comes in by the printed link, and starts a plan.
    ana.open(ana.served.first_link.removeprefix(ana.served.address))
    ana.send()  # nothing filled in: the errors lead to their fields
    assert ana.page.title().startswith("Error:")
    ana.fill(name="Ana Ruiz", email="ana@example.org", password=PASSWORD)
    ana.send()
    ana.fill(name="Alder", places="98001")
    ana.send()
    assert ana.page.url.endswith(f"{ana.prefix}/plans/alder/")
    assert ana.page.locator(".next .what").inner_text()
    # She invites the second, who makes an account.
    ana.open("/plans/alder/people/invite/")
    ana.fill(email="ben@example.org")
    ana.page.check("main input[value=editor]")
    ana.send()
    link = ana.page.locator("#invitation-link").inner_text()
    ben.page.goto(link)
    ben.check()
    ben.fill(name="Ben Ode", password=PASSWORD)
    ben.send()
    assert "/plans/alder/" in ben.page.url
    meet(ana, ben)
    # A task is taken, done, and proved.
    ben.open("/plans/alder/tasks/s01.t01/")
    ben.page.click("main form.inline button.link")
    ben.page.wait_for_load_state()
    ben.check()
    ben.page.check("main [name=done]")
    ben.fill(proof="Minutes of the first meeting")
    ben.send()
    assert words["done"] in ben.page.inner_text("main")
    assign(ana, ben)
    talk(ana, ben)
    tie_a_finding(ana, ben)
    release(ana)
    go_public(ana, ben)
    # The history tells it, and every other page stands.
    ana.open("/plans/alder/history/")
    assert words["history"] in ana.page.inner_text("main")
    for path in ("", "steps/", "steps/1/", "steps/1/guide/", "steps/7/", "chapters/data/", "tasks/", "people/",
                 "calendar/", "calendar/new/", "files/", "records/", "records/finding/", "records/finding/import/",
                 "records/measure/new/", "records/partner/new/", "readiness/", "logic-model/", "coverage/", "data/",
                 "search/?q=a", "facts/", "steps/1/sign-off/",
                 "export/", "waiting/", "comments/", "comments/?show=open", "public/"):  # fmt: skip
        ana.open(f"/plans/alder/{path}")
    for path in ("/nothing-here/", "/plans/alder/tasks/none/", "/plans/new/", "/account/password/change/",
                 "/accessibility/", "/privacy/"):  # fmt: skip
        ana.open(path)
    refuse(ben)
    for path in ("/account/", "/account/tokens/", "/places/?q=alder", "/framework/", "/help/", "/gallery/", "/jobs/",
                 "/notices/", "/plans/", "/plans/overview/", "/account/second-factor/", "/p/"):  # fmt: skip
        ana.open(path)


def refuse(ben: Visitor) -> None:
    """Ben, who has signed out meanwhile, meets the doors; signed in again, a page that only owners see."""
    for path in ("/", "/account/sign-in/", "/account/password/reset/", "/account/inactive/", "/places/"):
        ben.open(path)
    ben.open(f"/account/sign-in/?next={ben.prefix}/plans/alder/state/")
    ben.fill(login="ben@example.org", password="a wrong password")
    ben.send()
    assert ben.page.title().startswith("Error:")
    ben.fill(login="ben@example.org", password=PASSWORD)
    ben.page.click("main form button.btn")
    ben.page.wait_for_load_state()
    ben.check()
    assert ben.page.locator("main form").count() == 0, "only owners close a plan"


def meet(ana: Visitor, ben: Visitor) -> None:
    """Both answer the same question at once; nobody's text is lost."""
    words = WORDS[ana.language]
    for person in (ana, ben):
        person.open("/plans/alder/questions/s01.q01/")
    ana.fill(answer="What Ana wrote")
    ana.send()
    assert words["kept"] in ana.page.inner_text("main")
    ben.fill(answer="What Ben wrote")
    ben.send()
    assert words["conflict"] in ben.page.inner_text("main")
    assert "What Ana wrote" in ben.page.inner_text("main")
    ben.fill(answer="What both wrote")
    ben.send()
    assert "What both wrote" in ben.page.inner_text("main")


def assign(ana: Visitor, ben: Visitor) -> None:
    """Ana gives Ben a task; it waits on his home page."""
    ana.open("/plans/alder/tasks/s01.t02/")
    ana.page.select_option("main [name=owner]", label="Ben Ode")
    ana.page.fill("main [name=due]", "2031-05-03")
    ana.send()
    ben.open("/plans/alder/")
    assert ben.page.locator("main .waits a[href$='/tasks/s01.t02/']").count() == 1


def talk(ana: Visitor, ben: Visitor) -> None:
    """Ana asks Ben beside a task; he answers from his home page; a remark is withdrawn."""
    ana.open("/plans/alder/comments/beside/task:s01.t02/?kind=question")
    ana.page.select_option("main [name=asked_of]", label="Ben Ode")
    ana.send()  # without words: the error leads to its field
    assert ana.page.title().startswith("Error:")
    ana.fill(text="When can this be ready?")
    ana.send()
    assert "When can this be ready?" in ana.page.inner_text("main")
    ben.open("/plans/alder/")
    ben.page.click("main .waits a:has-text('When can this be ready?')")
    ben.page.wait_for_load_state()
    ben.check()
    ben.fill(text="By the end of May.")
    ben.send()
    ana.open("/plans/alder/tasks/s01.t02/")
    assert "By the end of May." in ana.page.inner_text("main .comments")
    ana.fill(text="Thank you.")
    ana.page.click("main .comments form button.btn")
    ana.page.wait_for_load_state()
    ana.check()
    ana.page.locator("main .comments .tools a[href$='/withdraw/']").last.click()
    ana.page.wait_for_load_state()
    ana.check()
    ana.fill(reason="Not needed")
    ana.send()
    assert "Thank you." not in ana.page.inner_text("main")


def release(ana: Visitor) -> None:
    """A version is recorded; what is added after it stands on the page of changes."""
    ana.open("/plans/alder/document/changes/")
    ana.open("/plans/alder/records/plan-version/new/")
    ana.fill(title="First edition", on="2031-05-03")
    ana.send()
    ana.page.click("main a[href*='older=']")
    ana.page.wait_for_load_state()
    ana.check()
    ana.open("/plans/alder/records/vision/new/")
    ana.fill(title="Home by ten", statement="Everyone gets home")
    ana.send()
    ana.open("/plans/alder/document/changes/")
    assert "Everyone gets home" in ana.page.inner_html("main")
    ana.page.locator("main details > summary").last.click()
    ana.check()


def go_public(ana: Visitor, ben: Visitor) -> None:
    """Ana looks at what becomes visible, makes it so, and takes it back; Ben reads it without his account."""
    ana.open("/plans/alder/public/")
    ana.page.uncheck("main input[value=about]")
    ana.send()
    assert "/public/review/" in ana.page.url
    ana.page.click("main form[method=post] button.btn")
    ana.page.wait_for_load_state()
    ana.check()
    ben.context.clear_cookies()
    ben.open("/p/alder/")
    assert ben.page.inner_text("main h1") == "Alder"
    ana.open("/plans/alder/public/withdraw/")
    ana.page.click("main form button.btn")
    ana.page.wait_for_load_state()
    ana.check()
    gone = ben.page.goto(f"{ben.served.address}{ben.prefix}/p/alder/")
    assert gone is not None
    assert gone.status == 404


def test_the_keyboard_reaches_the_next_thing_and_the_language_switch_keeps_the_place(
    browser: Browser, served: Served, axe_script: str
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    ana = Visitor(context, served, axe_script, "en")
    begin_a_plan(ana)
    ana.page.goto(f"{served.address}/plans/alder/steps/3/")
    ana.page.keyboard.press("Tab")
    assert ana.page.evaluate("document.activeElement.className") == "skip"
    ana.page.keyboard.press("Enter")
    assert ana.page.evaluate("document.activeElement.id") == "main"
    ana.page.click("header a[lang=es]")
    assert ana.page.url.endswith("/es/plans/alder/steps/3/")
    assert ana.page.get_attribute("html", "lang") == "es"
    ana.page.goto(f"{served.address}/plans/alder/questions/s01.q01/")
    ana.page.type("main [name=answer]", "A thought that is not finished")
    ana.page.locator("#draft-line:has-text('Draft kept')").wait_for()
    ana.page.on("dialog", lambda dialog: dialog.accept())
    ana.page.goto(f"{served.address}/plans/alder/questions/s01.q01/")
    assert "A thought that is not finished" in ana.page.input_value("main [name=answer]")
    context.close()


def focused(page: Page) -> dict[str, str]:
    """What has the focus: its words, and whether a ring shows it."""
    return page.evaluate(
        """() => { const e = document.activeElement, s = getComputedStyle(e); return {
            words: (e.innerText || e.name || '').trim().slice(0, 40), name: e.name || '', tag: e.tagName,
            ring: s.outlineStyle + ' ' + s.outlineWidth, inside: String(!!e.closest('main')),
            seen: String(e.getBoundingClientRect().width > 0) } }"""
    )


def tab_to(page: Page, *, words: str = "", name: str = "") -> None:
    """Press Tab until a link or button of these words, or a field of this name, in the page's part has the focus."""
    for _press in range(120):
        page.keyboard.press("Tab")
        here = focused(page)
        if here["inside"] == "true" and (here["words"] == words or (name and here["name"] == name)):
            assert here["ring"] == "solid 3px", here
            return
    raise AssertionError(f"the keyboard does not reach {words or name}")


def test_a_task_is_done_by_the_keyboard_alone(browser: Browser, served: Served, axe_script: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    ana = Visitor(context, served, axe_script, "en")
    page = ana.page
    ana.open(served.first_link.removeprefix(served.address))
    for name, text in (("name", "Ana"), ("email", "ana@example.org"), ("password", PASSWORD)):
        tab_to(page, name=name)
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_url("**/plans/new/")
    for name, text in (("name", "Alder"), ("places", "98001")):
        tab_to(page, name=name)
        page.keyboard.type(text)
    tab_to(page, words="Start the plan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/plans/alder/")
    assert page.evaluate("document.activeElement.className") == "saved", "the focus is on what was just done"
    tab_to(page, words="Open the task")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/**")
    tab_to(page, name="done")
    page.keyboard.press("Space")
    tab_to(page, name="proof")
    page.keyboard.type("Minutes of the first meeting")
    tab_to(page, words="Save")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    page.locator(".saved").wait_for()
    assert "The task is changed." in page.evaluate("document.activeElement.innerText")
    page.goto(f"{served.address}/plans/alder/tasks/")
    tab_to(page, name="state")
    page.keyboard.press("ArrowDown")
    tab_to(page, words="Apply")
    page.keyboard.press("Enter")
    page.wait_for_url("**state=open**")
    page.locator("#shown:has-text('74 of 75')").wait_for()
    assert page.evaluate("document.activeElement.innerText") == "Apply", (
        "a part of the page was replaced, not the focus"
    )
    ana.check()
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_keyboard_goes_through_pages_in_their_order_and_out_again(
    browser: Browser, served: Served, axe_script: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    ana = Visitor(context, served, axe_script, "en")
    begin_a_plan(ana)
    for path in (
        "",
        "steps/1/",
        "tasks/",
        "tasks/s01.t01/",
        "questions/s01.q01/",
        "people/",
        "history/",
        "calendar/new/",
    ):
        page = ana.page
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{served.address}/plans/alder/{path}")
        count = page.evaluate(
            "Array.from(document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary'))"
            ".filter(e => e.offsetParent !== null || e.className === 'skip')"
            ".filter(e => !e.closest('details:not([open])') || e.tagName === 'SUMMARY').length"
        )
        page.evaluate("document.activeElement.blur()")
        tops: list[str] = []
        for _press in range(count * 2 + 10):  # a field for a day takes several presses
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            here = focused(page)
            assert here["ring"].startswith("solid"), (path, here)
            assert here["seen"] == "true", (path, here)
            tops.append(here["words"])
        assert len(tops) > 12, path
        assert page.evaluate("document.activeElement === document.body") or len(tops) >= count, (
            f"{path} traps the focus"
        )
    context.close()


def test_a_security_key_is_added_and_asked_for(browser: Browser, served: Served, axe_script: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900})
    served.address = served.address.replace("127.0.0.1", "localhost")  # keys belong to names, not to numbers
    ana = Visitor(context, served, axe_script, "en")
    ana.open("/first/" + served.first_link.partition("/first/")[2])
    ana.fill(name="Ana", email="ana@example.org", password=PASSWORD)
    ana.send()
    ana.open("/account/second-factor/keys/new/")
    ana.fill(password=PASSWORD)
    ana.send()
    # From here on the key is in: the checker's own session would take it out, so it looks afterwards.
    session = context.new_cdp_session(ana.page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True,
               "automaticPresenceSimulation": True}  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    assert not ana.page.locator("[data-no-script]").is_visible()
    ana.fill(name="Blue key")
    ana.page.click("[data-use-key]")
    ana.page.wait_for_url("**/second-factor/codes/**")
    ana.page.goto(f"{served.address}/account/sign-out/")
    ana.page.click("main button.btn")
    ana.page.wait_for_load_state()
    ana.page.goto(f"{served.address}/account/sign-in/")
    ana.fill(login="ana@example.org", password=PASSWORD)
    ana.page.click("main form button.btn")
    ana.page.wait_for_url("**/second-factor/sign-in/**")
    ana.page.click("[data-use-key]")
    ana.page.wait_for_url("**/plans/")
    for path in ("", "codes/", "keys/"):
        ana.open(f"/account/second-factor/{path}")
    assert "Blue key" in ana.page.inner_text("main")
    ana.page.click("main td a:has-text('Remove')")
    ana.page.wait_for_url("**/confirm/**")  # removing one asks for the password, or for a key, once more
    ana.check()
    ana.fill(password=PASSWORD)
    ana.page.click("main form button.btn")
    ana.page.wait_for_url("**/remove/")
    ana.check()
    ana.page.click("main button.btn")
    ana.page.wait_for_url("**/second-factor/keys/")
    assert ana.page.locator("main table").count() == 0
    ana.check()
    context.close()


def test_without_scripts_a_sentence_stands_where_the_key_would_be_asked_for(
    browser: Browser, served: Served, axe_script: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900}, java_script_enabled=False)
    looking = browser.new_context(viewport={"width": 390, "height": 900})
    ana = Visitor(context, served, axe_script, "es", looking.new_page())
    ana.open(served.first_link.removeprefix(served.address))
    ana.fill(name="Ana", email="ana@example.org", password=PASSWORD)
    ana.send()
    ana.open("/account/second-factor/keys/new/")
    if "confirm" in ana.page.url:
        ana.fill(password=PASSWORD)
        ana.send()
    assert ana.page.locator("[data-no-script]").is_visible()
    assert not ana.page.locator("[data-use-key]").is_visible()
    for opened in (context, looking):
        opened.close()
