"""What a rule of a record refuses comes back as a form with everything that was typed, and says what to do."""

from __future__ import annotations

import pytest
from workbench_world import World

from upward.web.records.actions import add_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_release")]
THEME = "THEME"

#: Kind, what is typed, and what the page says.
REFUSED = [
    ("quote", {"words": "I said it", "theme": THEME, "consent": "plan"}, "Write when the person agreed."),
    (
        "quote",
        {"words": "I said it", "theme": THEME, "consent": "plan-with-name", "consent_on": "2026-05-01"},
        "Write the name as the person wants it",
    ),
    ("contribution", {"subject": "I said it", "words": "All of it", "answer_status": "used"}, "Write what you"),
    (
        "strategic-action",
        {"title": "I said it", "type": "policy", "status": "on-track", "starts": "2027-05", "ends": "2027-01"},
        "The end must come after the start",
    ),
    (
        "local-value",
        {"name": "I said it", "value": "5", "lower": "7", "upper": "9", "unit": "count", "year": "2025",
         "quality": "strong"},
        "The bounds must stand below and above the value.",
    ),
    (
        "measure",
        {"name": "I said it", "layer": "program-performance", "kind": "output", "definition": "What", "direction": "up",
         "status": "draft", "baseline": "5", "baseline_lower": "7"},
        "The bounds must stand below and above the baseline.",
    ),
    ("readiness-rating", {"condition": "staff-time", "rating": "2", "evidence": "I said it"}, "You have rated this"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "typed", "said"), REFUSED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_rule_that_refuses_gives_the_form_back(
    world: World, kind: str, typed: dict[str, str], said: str
) -> None:
    theme = add_record(by=world.access(), kind="theme", values={"title": "T", "description": "D"})
    if kind == "readiness-rating":
        add_record(by=world.access(), kind=kind, values={"condition": "staff-time", "rating": "3"})
    given = {name: theme.uid if value == THEME else value for name, value in typed.items()}
    browser = world.browser("owner")
    answer = browser.post(f"/plans/{world.plan.slug}/records/{kind}/new/", {**given, "version": "0"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert "I said it" in text
