"""Everything that is written about a plan and its steps.

Each function takes the standing of the person who acts as `by`, checks role and state, and is one transaction with its
history row inside. A record that two people may have open is saved with the version it was opened from; where it has
moved on, `Outdated` is raised and nothing is written.
"""

from __future__ import annotations

from upward.web.plans.actions.answers import save_answer
from upward.web.plans.actions.dates import add_date, change_date, remove_date
from upward.web.plans.actions.members import change_member, remove_member
from upward.web.plans.actions.own import drop_draft, keep_draft, postpone
from upward.web.plans.actions.plan import change_plan, free_slug, set_plan_state, start_plan
from upward.web.plans.actions.saving import Operator, actor_of, plain_values, save_record
from upward.web.plans.actions.steps import reopen_step, sign_off_step
from upward.web.plans.actions.tasks import TASK_FIELDS, add_task, change_task, remove_task, task_title

__all__ = (
    "TASK_FIELDS",
    "Operator",
    "actor_of",
    "add_date",
    "add_task",
    "change_date",
    "change_member",
    "change_plan",
    "change_task",
    "drop_draft",
    "free_slug",
    "keep_draft",
    "plain_values",
    "postpone",
    "remove_date",
    "remove_member",
    "remove_task",
    "reopen_step",
    "save_answer",
    "save_record",
    "set_plan_state",
    "sign_off_step",
    "start_plan",
    "task_title",
)
