"""Readiness: what people see of each condition, how far they agree, and what the group made of it.

Everyone rates alone first, as in the Community Readiness Model; scores never hide disagreement: the spread of the
ratings stands beside their middle, and no number is made of all conditions together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from upward.base.messages import _, ngettext
from upward.catalog.model import Catalog
from upward.plan.content import PlanContent, RecordContent

CONDITIONS, SCALE = "readiness-conditions", "readiness-scale"
APART = 2  # steps of the scale between the lowest and the highest rating that call for a talk


@dataclass(frozen=True, slots=True)
class Standing:
    """One condition: the shared ratings in rising order, and the agreed picture where there is one."""

    condition: str
    name: str
    meaning: str
    ratings: tuple[int, ...]
    agreed: RecordContent | None

    @property
    def middle(self) -> float | None:
        """The middle rating; None without any."""
        return median(self.ratings) if self.ratings else None

    @property
    def apart(self) -> bool:
        """Whether people see it so differently that they should talk."""
        return len(self.ratings) > 1 and self.ratings[-1] - self.ratings[0] >= APART

    @property
    def blocking(self) -> bool:
        """Whether the group said that the work cannot start without it."""
        return self.agreed is not None and self.agreed.values.get("blocking") is True


def standings(catalog: Catalog, content: PlanContent) -> tuple[Standing, ...]:
    """Return every condition in the order of the list; unshared ratings are not in a `PlanContent`."""
    ratings: dict[str, list[int]] = {}
    for rating in content.of("readiness-rating"):
        if rating.text("rating").isdecimal():
            ratings.setdefault(rating.text("condition"), []).append(int(rating.text("rating")))
    agreed: Mapping[str, RecordContent] = {
        one.text("condition"): one for one in content.of("readiness-condition")
    }
    return tuple(
        Standing(
            entry.id,
            entry.name,
            entry.meaning,
            tuple(sorted(ratings.get(entry.id, ()))),
            agreed.get(entry.id),
        )
        for entry in catalog.vocabularies[CONDITIONS].entries.values()
    )


def agreement_words(catalog: Catalog, standing: Standing) -> str:
    """Return how the ratings of a condition stand, in words."""
    if not standing.ratings:
        return _("Nobody has shared a rating yet.")
    scale = {int(name): entry.name for name, entry in catalog.vocabularies[SCALE].entries.items()}
    lowest, highest = standing.ratings[0], standing.ratings[-1]
    people = ngettext("{n} rating", "{n} ratings", len(standing.ratings)).format(n=len(standing.ratings))
    if lowest == highest:
        return _("{people}: {step}.").format(people=people, step=scale[lowest])
    spread = _("{people}, from “{lowest}” to “{highest}”.").format(
        people=people, lowest=scale[lowest], highest=scale[highest]
    )
    return f"{spread} {_('Talk about it before you agree.')}" if standing.apart else spread
