"""Who stands in the tests of the workbench: roles, visitors, and a plan with its people.

Apart from `conftest.py`, because several folders of tests have a module of that name.
"""

from __future__ import annotations

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
