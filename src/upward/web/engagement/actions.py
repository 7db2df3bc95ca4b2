"""Rules of engagement: a promise to residents ends in an answer with words, and words are quoted as agreed."""

from __future__ import annotations

from collections.abc import Mapping

from upward.base.errors import UsageError
from upward.base.messages import _
from upward.plan.content import Value
from upward.web.plans.policies import Access
from upward.web.records.models import PlanRecord
from upward.web.records.rules import rule_for

ANSWERED = ("used", "not-used")
PRINTED = ("plan", "plan-with-name")


@rule_for("contribution")
def answered_in_words(
    _by: Access, values: Mapping[str, Value], _record: PlanRecord | None
) -> Mapping[str, Value | None]:
    """An answer says how a contribution was used, or why not."""
    if values.get("answer_status") in ANSWERED and "answer" not in values:
        raise UsageError(_("Write what you answered: how it was used, or why it was not."))
    return {}


@rule_for("quote")
def quoted_as_agreed(
    _by: Access, values: Mapping[str, Value], _record: PlanRecord | None
) -> Mapping[str, Value | None]:
    """A quote with a name needs the name, and consent has a date."""
    if values.get("consent") == "plan-with-name" and "speaker" not in values:
        raise UsageError(_("Write the name as the person wants it, or choose consent without a name."))
    if values.get("consent") in PRINTED and "consent_on" not in values:
        raise UsageError(_("Write when the person agreed."))
    return {}
