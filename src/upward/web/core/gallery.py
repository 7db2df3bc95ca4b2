"""The example form of the gallery page."""

from __future__ import annotations

from django import forms
from markupsafe import Markup

from upward.base.messages import _
from upward.present.flow import Flow, FlowArrow, FlowBox, FlowHead, draw_flow
from upward.web.core.forms import HouseForm, LongSelect, day_field, line_field, text_field
from upward.web.core.language import translated_later


def example_drawing() -> Markup:
    """Return a small drawing of boxes and an arrow, as a logic model has it; its table stands beside it."""
    words = ((_("Two planners"),), (_("Buses after 7 pm"),), (_("Shorter ways to work"),))
    boxes = tuple(FlowBox(200 * n, 32, 168, 48, n + 1, lines) for n, lines in enumerate(words))
    arrows = (FlowArrow(((168, 56), (200, 56))), FlowArrow(((368, 56), (400, 56)), weak=True))
    heads = tuple(
        FlowHead(200 * n, 14, (name,)) for n, name in enumerate((_("Input"), _("Output"), _("Outcome")))
    )
    sentence = _("Two planners lead to buses after 7 pm, and these to shorter ways to work.")
    return draw_flow(Flow(_("Example"), sentence, heads, boxes, arrows, 568, 96), named_by="gallery")


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
    who = forms.ChoiceField(
        label=translated_later("Owner"),
        required=False,
        choices=[("", translated_later("Nobody yet")), *((name, name) for name in ("Ana Ruiz", "Ben Ode"))],
        widget=LongSelect,
    )
    due = day_field(translated_later("Due date"), required=False)
    done = forms.BooleanField(label=translated_later("This is done"), required=False)
