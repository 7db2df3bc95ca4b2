"""Choosing what becomes public."""

from __future__ import annotations

from typing import Any

from django import forms

from upward.base.messages import _
from upward.web.core.forms import VersionedForm
from upward.web.core.language import translated_later
from upward.web.core.templating import day
from upward.web.plans.models import PlanDate
from upward.web.publishing.parts import PARTS


class ChoiceForm(VersionedForm):
    """The parts and dates that anyone may read."""

    parts = forms.MultipleChoiceField(
        label=translated_later("Parts"), required=False, widget=forms.CheckboxSelectMultiple
    )
    dates = forms.ModelMultipleChoiceField(
        label=translated_later("Dates that are not over"),
        queryset=PlanDate.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=translated_later("Title, day, time and place of each. Its note stays with the members."),
    )

    def __init__(self, *args: Any, dates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parts"].choices = [  # type: ignore[attr-defined]
            (key, f"{_(part.name)}. {_(part.meaning)}") for key, part in PARTS.items()
        ]
        self.fields["dates"].queryset = dates  # type: ignore[attr-defined]
        self.fields["dates"].label_from_instance = lambda entry: f"{entry.title}, {day(entry.day)}"  # type: ignore[attr-defined]
        if not dates:
            del self.fields["dates"]
