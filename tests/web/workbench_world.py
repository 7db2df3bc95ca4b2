"""Who stands in the tests of the workbench: roles, visitors, and a plan with its people.

Apart from `conftest.py`, because several folders of tests have a module of that name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.test import Client

PASSWORD = "four quiet rivers run"
ROLES = ("owner", "editor", "contributor", "adviser", "viewer", "assistant")
VISITORS = ("anonymous", "outsider", *ROLES, "staff")


@dataclass
class World:
    """A plan with one member of each role, and people outside it."""

    plan: object
    people: dict[str, object]
    records: dict[str, object] = field(default_factory=dict)

    def access(self, who: str = "owner"):
        """Return a person's standing in the plan."""
        from upward.web.plans.queries import access_to

        self.plan.refresh_from_db()
        return access_to(self.plan, self.people[who])

    def browser(self, who: str) -> Client:
        """Return a browser in which a person is signed in."""
        client = Client()
        if who != "anonymous":
            client.force_login(self.people[who])
        return client


def first_task() -> str:
    """Return the id of the first task of the catalogue."""
    from upward.catalog.load import load_catalog

    return next(iter(load_catalog().tasks))


def first_question(kind: str = "long text") -> str:
    """Return the id of the first question of a kind."""
    from upward.catalog.load import load_catalog

    return next(key for key, question in load_catalog().questions.items() if question.kind.value == kind)


def join_with_a_name(browser: Client, path: str, name: str, *, follow: bool = False, **more: str):
    """Come in by a link for several people where no mail is sent: the form gives the name to sign in with."""
    offered = name_offered(browser.get(path).content.decode())
    return browser.post(path, {"name": name, "password": PASSWORD, **offered, **more}, follow=follow)


def name_offered(page: str) -> dict[str, str]:
    """Return the fields with the sign-in name that a page offers, if it offers one."""
    inputs = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall(r"<input [^>]*>", page)]
    return {one["name"]: one["value"] for one in inputs if one.get("name") in {"sign_in_name", "seal"}}
