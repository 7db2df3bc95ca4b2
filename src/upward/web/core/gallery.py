"""The example form of the gallery page."""

from __future__ import annotations

from django import forms

from upward.web.core.forms import HouseForm, day_field, line_field, text_field
from upward.web.core.language import translated_later


class ExampleForm(HouseForm):
    """One field of each kind."""

    name = line_field(
        translated_later("Title"),
        hint=translated_later("Start with a verb. A neighbor should understand it."),
    )
    text = text_field(translated_later("What will change, and for whom?"), rows=4)
    kind = forms.ChoiceField(
        label=translated_later("What kind of change is this?"),
        choices=[
            ("policy", translated_later("Policy: a rule or law")),
            ("funding", translated_later("Funding: where money goes")),
        ],
        widget=forms.RadioSelect,
    )
    due = day_field(translated_later("Due date"), required=False)
