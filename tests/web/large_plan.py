"""A plan as large as any will be, its records tied: 500 findings, 200 actions, 600 parts of models, 400 measures."""

from __future__ import annotations

from datetime import date, timedelta

FINDINGS, ACTIONS, ELEMENTS, MEASURES = 500, 200, 600, 400
PARTS = ("input", "activity", "output", "short-term-outcome", "medium-term-outcome", "long-term-outcome")
WORDS = "What people said at the data walk, and what the numbers say of it. " * 6
LACKING = 10  # one in so many lacks a tie, so that the thread has gaps to show


def fill_large_plan(plan, person) -> None:
    """Put the records into an empty plan, each kind at once."""
    causes, findings = _evidence(plan)
    actions, elements = _strategy(plan, person, causes, findings)
    _measurement(plan, person, actions, elements)


def _made(plan, model, number, **values):
    """Return so many records of a kind; each value is given its number."""
    rows = [model(plan=plan, **{name: value(n) for name, value in values.items()}) for n in range(number)]
    return model.objects.bulk_create(rows)


def _tie(records, name, others) -> None:
    """Tie each record to one of the others by a link of several."""
    field = type(records[0])._meta.get_field(name)
    here, there = field.m2m_column_name(), field.m2m_reverse_name()
    through = field.remote_field.through
    through.objects.bulk_create(
        through(**{here: record.pk, there: others[n % len(others)].pk})
        for n, record in enumerate(records)
        if n % LACKING
    )


def _evidence(plan):
    from upward.web.engagement.models import Cause, EngagementActivity, Theme
    from upward.web.evidence.models import Finding, PinnedMetric

    numbers = _made(
        plan, PinnedMetric, 100, claim=lambda n: f"What number {n} says", variable=lambda _n: "share_employed",
        place=lambda _n: "98001", year=lambda n: 2015 + n % 9, tag=lambda _n: "concern",
    )  # fmt: skip
    walks = _made(
        plan, EngagementActivity, 40, title=lambda n: f"Data walk {n}", method=lambda _n: "data-walk"
    )
    themes = _made(plan, Theme, 80, title=lambda n: f"Theme {n}", description=lambda _n: WORDS)
    _tie(themes, "activities", walks)
    findings = _made(
        plan, Finding, FINDINGS, statement=lambda n: f"Finding {n} of the county", detail=lambda _n: WORDS,
        status=lambda n: "agreed" if n % 3 else "draft", predictors=lambda _n: ["employment-opportunities"],
    )  # fmt: skip
    _tie(findings, "metrics", numbers)
    _tie(findings, "themes", themes)
    causes = _made(plan, Cause, 250, statement=lambda n: f"Cause {n}", level=lambda _n: "policy-or-practice")
    _tie(causes, "findings", findings)
    return causes, findings


def _strategy(plan, person, causes, findings):
    from upward.web.strategy.models import LogicModelElement, LogicModelLink, Priority, StrategicAction

    priorities = _made(plan, Priority, 5, name=lambda n: f"Priority {n}", reason=lambda _n: WORDS)
    actions = _made(
        plan, StrategicAction, ACTIONS, title=lambda n: f"Action {n}", statement=lambda _n: WORDS,
        type=lambda _n: "policy", status=lambda _n: "on-track", owner=lambda n: person if n % LACKING else None,
        priority=lambda n: priorities[n % 5],
    )  # fmt: skip
    _tie(actions, "causes", causes)
    _tie(actions, "findings", findings)
    elements = _made(
        plan, LogicModelElement, ELEMENTS, title=lambda n: f"Part {n} of a model",
        part=lambda n: PARTS[n % len(PARTS)], action=lambda n: actions[n // 3 % ACTIONS],
    )  # fmt: skip
    _made(
        plan, LogicModelLink, ELEMENTS // 2, because=lambda n: f"Why {n} follows",
        from_element=lambda n: elements[2 * n], to_element=lambda n: elements[2 * n + 1],
    )  # fmt: skip
    return actions, elements


def _measurement(plan, person, actions, elements) -> None:
    from upward.web.measurement.models import Measure, Target
    from upward.web.momentum.models import Milestone, Update

    measures = _made(
        plan, Measure, MEASURES, name=lambda n: f"Measure {n}", definition=lambda _n: WORDS,
        layer=lambda _n: "program-performance", kind=lambda _n: "outcome", direction=lambda _n: "up",
        status=lambda _n: "agreed", collector=lambda n: person if n % LACKING else None,
    )  # fmt: skip
    _tie(measures, "elements", elements)
    _made(
        plan, Target, MEASURES, statement=lambda n: f"Target {n}", measure=lambda n: measures[n], value=lambda n: n,
        year=lambda _n: 2032, objective=lambda _n: "project-period", basis=lambda _n: "capacity",
    )  # fmt: skip
    milestones = _made(
        plan, Milestone, 200, title=lambda n: f"Milestone {n}", action=lambda n: actions[n % ACTIONS],
        due=lambda n: date.today() + timedelta(days=n), status=lambda _n: "not-started",
    )  # fmt: skip
    _made(
        plan, Update, 200, title=lambda n: f"Update {n}", on=lambda _n: date.today(), status=lambda _n: "on-track",
        action=lambda n: actions[n % ACTIONS], milestone=lambda n: milestones[n],
    )  # fmt: skip
