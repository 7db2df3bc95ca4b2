"""A plan as large as any team will make: 500 findings, 200 actions, 600 parts of logic models, 400 measures, tied."""

from __future__ import annotations

from datetime import date, timedelta

FINDINGS, ACTIONS, ELEMENTS, MEASURES = 500, 200, 600, 400
PARTS = ("input", "activity", "output", "short-term-outcome", "medium-term-outcome", "long-term-outcome")
WORDS = "What people said at the data walk, and what the numbers say of it. " * 6


def fill_large_plan(plan, person) -> None:
    """Put the records into an empty plan at once; one in ten lacks a tie, so that the thread has gaps to show."""
    from upward.web.engagement.models import Cause, EngagementActivity, Theme
    from upward.web.evidence.models import Finding, PinnedMetric
    from upward.web.measurement.models import Measure, Target
    from upward.web.momentum.models import Milestone, Update
    from upward.web.strategy.models import LogicModelElement, LogicModelLink, Priority, StrategicAction

    def made(model, number, **values):
        rows = [model(plan=plan, **{name: value(n) for name, value in values.items()}) for n in range(number)]
        return model.objects.bulk_create(rows)

    def tied(records, name, others, *, every=10):
        through = getattr(type(records[0]), name).through
        here, there = (
            getattr(type(records[0])._meta.get_field(name), f"m2m_{side}name")()
            for side in ("column_", "reverse_")
        )
        through.objects.bulk_create(
            through(**{here: record.pk, there: others[n % len(others)].pk})
            for n, record in enumerate(records)
            if n % every
        )

    numbers = made(
        PinnedMetric, 100, claim=lambda n: f"What number {n} says", variable=lambda _n: "share_employed",
        place=lambda _n: "98001", year=lambda n: 2015 + n % 9, tag=lambda _n: "concern",
    )  # fmt: skip
    walks = made(EngagementActivity, 40, title=lambda n: f"Data walk {n}", method=lambda _n: "data-walk")
    themes = made(Theme, 80, title=lambda n: f"Theme {n}", description=lambda _n: WORDS)
    tied(themes, "activities", walks)
    findings = made(
        Finding, FINDINGS, statement=lambda n: f"Finding {n} of the county", detail=lambda _n: WORDS,
        status=lambda n: "agreed" if n % 3 else "draft", predictors=lambda _n: ["employment-opportunities"],
    )  # fmt: skip
    tied(findings, "metrics", numbers)
    tied(findings, "themes", themes)
    causes = made(Cause, 250, statement=lambda n: f"Cause {n}", level=lambda _n: "policy-or-practice")
    tied(causes, "findings", findings)
    priorities = made(Priority, 5, name=lambda n: f"Priority {n}", reason=lambda _n: WORDS)
    actions = made(
        StrategicAction, ACTIONS, title=lambda n: f"Action {n}", statement=lambda _n: WORDS,
        type=lambda _n: "policy", status=lambda _n: "on-track", owner=lambda n: person if n % 10 else None,
        priority=lambda n: priorities[n % 5],
    )  # fmt: skip
    tied(actions, "causes", causes)
    tied(actions, "findings", findings)
    elements = made(
        LogicModelElement, ELEMENTS, title=lambda n: f"Part {n} of a model", part=lambda n: PARTS[n % len(PARTS)],
        action=lambda n: actions[n // 3 % ACTIONS],
    )  # fmt: skip
    made(
        LogicModelLink, ELEMENTS // 2, because=lambda n: f"Why {n} follows",
        from_element=lambda n: elements[2 * n], to_element=lambda n: elements[2 * n + 1],
    )  # fmt: skip
    measures = made(
        Measure, MEASURES, name=lambda n: f"Measure {n}", definition=lambda _n: WORDS,
        layer=lambda _n: "program-performance", kind=lambda _n: "outcome", direction=lambda _n: "up",
        status=lambda _n: "agreed", collector=lambda n: person if n % 10 else None,
    )  # fmt: skip
    tied(measures, "elements", elements)
    made(
        Target, MEASURES, statement=lambda n: f"Target {n}", measure=lambda n: measures[n], value=lambda n: n,
        year=lambda _n: 2032, objective=lambda _n: "project-period", basis=lambda _n: "capacity",
    )  # fmt: skip
    milestones = made(
        Milestone, 200, title=lambda n: f"Milestone {n}", action=lambda n: actions[n % ACTIONS],
        due=lambda n: date.today() + timedelta(days=n), status=lambda _n: "not-started",
    )  # fmt: skip
    made(
        Update, 200, title=lambda n: f"Update {n}", on=lambda _n: date.today(), status=lambda _n: "on-track",
        action=lambda n: actions[n % ACTIONS], milestone=lambda n: milestones[n],
    )  # fmt: skip
