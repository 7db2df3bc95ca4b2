"""Choosing one of many: all options of a plan, and the few of them that a page shows for the words searched for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from upward.catalog.record_model import FieldKind
from upward.plan.record_values import options_of_field
from upward.web.plans.catalogue import catalog
from upward.web.plans.models import Plan
from upward.web.records.kinds import model_of

LONGEST_TITLE = 90
MOST_OPTIONS = 30  # of records, people or files: with more, the page has a search
Option = tuple[str, str]


@dataclass(slots=True)
class Search:
    """What many options are narrowed to: the words, how many options hold them, and how many there are.

    `asked`: the form was sent to search here, so that work goes on here.
    """

    words: str
    found: int
    total: int
    asked: bool = False


def narrowed(
    offered: Sequence[Option], words: str, chosen: Collection[str]
) -> tuple[list[Option], Search | None]:
    """Return the options to show, and the search beside them where there are many.

    Of many, those are shown that are chosen, and the first that hold all the words.
    """
    if len(offered) <= MOST_OPTIONS:
        return list(offered), None
    wanted = words.casefold().split()
    found = [option for option in offered if all(word in option[1].casefold() for word in wanted)]
    kept = [option for option in offered if option[0] in chosen]
    kept += [option for option in found if option[0] not in chosen][:MOST_OPTIONS]
    return kept, Search(words, len(found), len(offered))


def titles_of(plan: Plan, kind: str) -> list[Option]:
    """Return id and title of all records of a kind that stand, in the order in which they were made; one query."""
    title = catalog().records[kind].title
    names = options_of_field(catalog(), title) if title.kind is FieldKind.CHOICE else {}
    found = model_of(kind)._default_manager.filter(plan=plan, withdrawn_at=None).order_by("pk")
    return [(uid, shortened(names.get(held, held))) for uid, held in found.values_list("uid", title.id)]


def shortened(text: str) -> str:
    """Return a title short enough for a list to choose from."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1] + "…"
