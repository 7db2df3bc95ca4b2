"""The form that every form of ours is: labels above, hints bound to fields, a summary of errors that leads to them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from upward.web.core.language import translated_later

LONG_TEXT = 20_000
SELECTED = SafeString(" selected")
DJANGO_SAYS = forms.Field.default_error_messages["required"]
CHOOSE = translated_later("Choose one of the answers.")
WRITE = translated_later("Fill this in.")


class HouseForm(forms.Form):
    """A form whose fields know their hint and error for screen readers; its errors can be listed on top."""

    use_required_attribute = False  # the browser's bubbles would hide our summary

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.required and field.error_messages["required"] == DJANGO_SAYS:
                choice = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
                field.error_messages["required"] = CHOOSE if choice else WRITE

    def full_clean(self) -> None:
        """Read the fields, then bind what is wrong to them."""
        super().full_clean()
        bind_hints(self)

    def summary(self) -> list[tuple[str, str]]:
        """Return each error with the id of the field that it is about, in the order of the form. Hints are bound."""
        return error_summary(self)


def bind_hints(form: forms.Form) -> None:
    """Name the hint and the error of each field in its `aria-describedby`; forms of other packages too."""
    for name, field in form.fields.items():
        described = [f"id_{name}_hint"] if field.help_text else []
        if form.is_bound and name in (form._errors or ()):
            described.append(f"id_{name}_error")
            field.widget.attrs["aria-invalid"] = "true"
        if described:
            field.widget.attrs["aria-describedby"] = " ".join(described)
        # A hint as a placeholder vanishes when it is needed.
        field.widget.attrs.pop("placeholder", None)


def error_summary(form: forms.Form) -> list[tuple[str, str]]:
    """Return (id of the field, its label and the message) of every error; those of the whole form lead to its first."""
    bind_hints(form)
    lines = []
    for name in [*form.fields, forms.forms.NON_FIELD_ERRORS]:
        label = str(form[name].label) if name in form.fields else ""
        for message in form.errors.get(name, []):
            said = str(message)
            lines.append((_first_id(form, name), f"{label}: {said}" if label and label not in said else said))
    return lines


def _first_id(form: forms.Form, name: str) -> str:
    field: BoundField | None = form[name] if name in form.fields else next(iter(form), None)
    if field is None:
        return "main"
    if isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{field.id_for_label or field.auto_id}_0".removesuffix("_0") + "_0"
    return field.id_for_label or str(field.auto_id)


class LongSelect(forms.Select):
    """A select over many: written at once, where Django fills a template for each option (a millisecond for ten)."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the element; `renderer` is Django's, which is not needed."""
        del renderer
        context = self.get_context(name, value, attrs)["widget"]
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (
                    "" if option["value"] is None else option["value"],
                    SELECTED if option["selected"] else "",
                    option["label"],
                )
                for _group, members, _index in context["optgroups"]
                for option in members
            ),
        )
        flat = [
            (key, "" if held is True else held)
            for key, held in context["attrs"].items()
            if held not in (None, False)
        ]
        return format_html(
            '<select name="{}"{}>{}</select>', name, format_html_join("", ' {}="{}"', flat), options
        )


class VersionedForm(HouseForm):
    """A form that carries the version of the record it was opened from."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def line_field(label: str, *, hint: str = "", required: bool = True, most: int = 200) -> forms.CharField:
    """Return a field for one line of text."""
    return forms.CharField(label=label, help_text=hint, required=required, max_length=most)


def text_field(
    label: str, *, hint: str = "", required: bool = True, rows: int = 6, most: int = LONG_TEXT
) -> forms.CharField:
    """Return a field for a longer text."""
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=most, widget=forms.Textarea({"rows": rows})
    )


def day_field(label: str, *, hint: str = "", required: bool = True) -> forms.DateField:
    """Return a field for a day, written or picked."""
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        input_formats=["%Y-%m-%d", "%m/%d/%Y"],
        error_messages={
            "invalid": translated_later("Write the day as month/day/year, for example 11/30/2026.")
        },
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
