"""Forms of records, made from their specification: one field for each that people fill in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django import forms

from upward.base.errors import UpwardError, UsageError
from upward.base.messages import _, pgettext
from upward.catalog.record_model import Field, FieldKind, RecordKind
from upward.plan.content import RecordKey, Value
from upward.plan.record_values import options_of_field, plain_number, read_value
from upward.web.core.forms import LONG_TEXT, LongSelect, VersionedForm
from upward.web.plans.catalogue import catalog
from upward.web.plans.models import Plan, Upload
from upward.web.plans.places import read_places
from upward.web.plans.policies import Access
from upward.web.plans.queries import assignable_people
from upward.web.records.options import Search, narrowed, titles_of
from upward.web.records.queries import fields_for
from upward.web.records.row_fields import RowsField, asked_for_rows, reshaped, row_in_focus, typed_table

RADIOS = 7  # more options than this are a list to choose from


class SpecifiedField(forms.Field):
    """A field that reads what was typed as the specification says."""

    def __init__(self, field: Field, *, several: bool = False, choices: Any = (), **more: Any) -> None:
        self.specified, self.several = field, several
        super().__init__(
            label=field.label,
            help_text=more.pop("help_text", field.help),
            required=field.needed,
            error_messages={"required": _("{field} is missing.").format(field=field.label)},
            **more,
        )
        self.choices = list(choices)
        if choices:
            self.widget.choices = self.choices  # type: ignore[attr-defined]

    def clean(self, value: Any) -> Value | None:
        """Return the value; raises ValidationError saying what to do."""
        typed = [str(item) for item in value] if isinstance(value, list | tuple) else [str(value or "")]
        if self.required and not any(item.strip() for item in typed):
            raise forms.ValidationError(self.error_messages["required"], code="required")
        try:
            return self.read(typed)
        except UpwardError as problem:
            text = f"{problem.message} {problem.advice or ''}".strip()
            raise forms.ValidationError(text) from problem

    def read(self, typed: list[str]) -> Value | None:
        """Return what was typed as a value."""
        return read_value(catalog(), self.specified, typed)


class ChoiceOfRecords(SpecifiedField):
    """One or several of the plan's records, people or files: only those offered are taken.

    Of many, the page shows what is chosen and what holds the words searched for (`narrow`); all can be taken.
    """

    search: Search | None = None

    def narrow(self, words: str, chosen: Collection[str]) -> None:
        """Show only the options that hold all words, with those that are chosen, where there are many."""
        offered = [(str(value), str(name)) for value, name in self.choices if value]
        kept, self.search = narrowed(offered, words, chosen)
        if self.search:
            nothing = [] if self.several else [("", _("Choose"))]
            self.widget.choices = [*nothing, *kept]  # type: ignore[attr-defined]

    def read(self, typed: list[str]) -> Value | None:
        """Return the keys or numbers chosen."""
        offered = {str(value) for value, _name in self.choices}
        if any(item and item not in offered for item in typed):
            raise UsageError(_("Choose from the options shown."))
        return super().read(typed)


class PlaceField(SpecifiedField):
    """A place or several, by name or code."""

    def __init__(self, field: Field, *, known: Mapping[str, str], **more: Any) -> None:
        super().__init__(field, **more)
        self.known = known

    def read(self, typed: list[str]) -> Value | None:
        """Return the codes of the places named."""
        if not typed[0].strip():
            return None
        found = read_places(typed[0], known=self.known)
        if self.specified.kind is FieldKind.PLACES:
            return tuple(code for code, _name in found)
        if len(found) > 1:
            raise UsageError(_("Name one place."))
        return found[0][0]


def record_form(access: Access, kind: RecordKind, *, known: Mapping[str, str]) -> type[VersionedForm]:
    """Return the form of a kind for a person: private fields only where she may see them, none that Upward sets."""
    made: dict[str, Any] = {
        field.id: _form_field(access.plan, field, known)
        for field in fields_for(access, kind)
        if not field.given
    }
    return type("OwnRecordForm", (RecordForm,), made)


class RecordForm(VersionedForm):
    """A form of a kind. What it begins with may be what was posted before: rows are then put together from cells."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        given = kwargs.get("initial") or {}
        kwargs["initial"] = held = dict(given)
        grown: dict[str, int] = {}
        searched = False
        for name, field in self.base_fields.items():
            if isinstance(field, RowsField) and any(key.startswith(f"{name}-") for key in given):
                without = {key: value for key, value in given.items() if key != name}
                found = reshaped(without, field.specified)
                if found is not None:
                    held[name], shown = found
                    if asks_for_another_shape(given):
                        grown[name] = shown
        super().__init__(*args, **kwargs)
        for name, one in self.fields.items():
            if isinstance(one, ChoiceOfRecords):
                held_value = self[name].value()
                values = held_value if isinstance(held_value, list | tuple) else [held_value]
                words = (self.data if self.is_bound else given).get(f"find_{name}") or ""
                one.narrow(str(words)[:200], {str(value) for value in values})
                if one.search and not searched and asks_for_options(given, name):
                    searched = one.search.asked = True
        for name, shown in grown.items():
            widget = self.fields[name].widget
            widget.shown, widget.exact = shown, True  # type: ignore[attr-defined]
            widget.focus = row_in_focus(given, widget.field, shown)  # type: ignore[attr-defined]


def _form_field(plan: Plan, field: Field, known: Mapping[str, str]) -> forms.Field:
    kind = field.kind
    if kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        return _choice(field)
    if kind in (FieldKind.PLACE, FieldKind.PLACES):
        return _place(field, known)
    if kind in (FieldKind.RECORD, FieldKind.RECORDS, FieldKind.MEMBER, FieldKind.UPLOAD):
        return _owned(plan, field)
    if kind in (FieldKind.VARIABLE, FieldKind.GROUP, FieldKind.YES_NO):
        return _listed(field)
    if kind is FieldKind.ROWS:
        return RowsField(field, {name: _form_field(plan, one, known) for name, one in field.columns.items()})
    return _typed_field(field)


def _typed_field(field: Field) -> forms.Field:
    """Return the field of what is typed; a hint says in which form."""
    widgets: dict[FieldKind, forms.Widget] = {
        FieldKind.TEXT: forms.Textarea({"rows": 4, "maxlength": LONG_TEXT}),
        FieldKind.DATE: forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        FieldKind.MONTH: _short(7),
        FieldKind.YEAR: _short(4, inputmode="numeric"),
        FieldKind.LINK: forms.TextInput({"inputmode": "url"}),
        **dict.fromkeys(
            (FieldKind.NUMBER, FieldKind.MONEY, FieldKind.SHARE), _short(20, inputmode="decimal")
        ),
    }
    hints = {
        FieldKind.MONTH: _("Year and month in figures, such as 2027-03."),
        FieldKind.MONEY: _("In dollars."),
        FieldKind.SHARE: _("In percent."),
    }
    hint = f"{field.help} {hints.get(field.kind, '')}"
    widget = widgets.get(field.kind) or forms.TextInput({"maxlength": 300})
    return SpecifiedField(field, widget=widget, help_text=hint.strip())


def _listed(field: Field) -> forms.Field:
    """Return the field of a metric, a group of people, or yes and no."""
    if field.kind is FieldKind.VARIABLE:
        return SpecifiedField(field, widget=forms.Select(), choices=[("", _("Choose")), *_variables()])
    if field.kind is FieldKind.GROUP:
        return SpecifiedField(field, widget=forms.Select(), choices=[("", _("All people")), *_groups()])
    words = {
        "": pgettext("answer", "Not said"),
        "yes": pgettext("answer", "Yes"),
        "no": pgettext("answer", "No"),
    }
    return SpecifiedField(field, widget=forms.RadioSelect(), choices=list(words.items()))


def _short(most: int, **more: str) -> forms.TextInput:
    return forms.TextInput({"maxlength": str(most), "class": "short", **more})


def _choice(field: Field) -> forms.Field:
    options = list(options_of_field(catalog(), field).items())
    if field.kind is FieldKind.CHOICES:
        return SpecifiedField(field, several=True, widget=forms.CheckboxSelectMultiple(), choices=options)
    if len(options) <= RADIOS and field.needed:
        return SpecifiedField(field, widget=forms.RadioSelect(), choices=options)
    return SpecifiedField(field, widget=forms.Select(), choices=[("", _("Choose")), *options])


def _variables() -> list[tuple[str, list[tuple[str, str]]]]:
    held = catalog()
    return [
        (metric.short, [(variable.id, variable.label) for variable in metric.variables])
        for metric in held.metrics.values()
    ]


def _groups() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (kind.name, [(f"{kind.id}/{group.id}", group.name) for group in kind.groups])
        for kind in catalog().group_types.values()
    ]


def _place(field: Field, known: Mapping[str, str]) -> forms.Field:
    if field.kind is FieldKind.PLACES:
        hint = _("One county or city on each line, by name or code.")
        return PlaceField(
            field, known=known, widget=forms.Textarea({"rows": 4}), help_text=f"{field.help} {hint}".strip()
        )
    hint = _("A county or city, by name or code.")
    return PlaceField(field, known=known, widget=forms.TextInput(), help_text=f"{field.help} {hint}".strip())


def _owned(plan: Plan, field: Field) -> forms.Field:
    choices: list[tuple[str, str]]
    if field.kind is FieldKind.MEMBER:
        choices = [(str(one.pk), one.get_full_name()) for one in assignable_people(plan)]
    elif field.kind is FieldKind.UPLOAD:
        choices = [(str(one.pk), one.name) for one in Upload.objects.filter(plan=plan)]
    else:
        choices = titles_of(plan, field.of)
    if field.kind is FieldKind.RECORDS:
        return ChoiceOfRecords(field, several=True, widget=forms.CheckboxSelectMultiple(), choices=choices)
    return ChoiceOfRecords(field, widget=LongSelect(), choices=[("", _("Choose")), *choices])


def asks_for_options(data: Mapping[str, Any], name: str) -> bool:
    """Tell whether a form was sent to search in the options of a field, by its button or by the Enter key."""
    return f"narrow_{name}" in data or ("enter" in data and bool(data.get(f"find_{name}")))


def asks_for_another_shape(data: Mapping[str, Any]) -> bool:
    """Tell whether a form was sent for other rows or other options, not to be saved.

    The Enter key searches where words to search for stand in the form, and saves otherwise.
    """
    searched = any(words for name, words in data.items() if name.startswith("find_"))
    narrows = any(name.startswith("narrow_") for name in data)
    return asked_for_rows(data) or narrows or ("enter" in data and searched)


def typed_values(
    kind: RecordKind, values: Mapping[str, Value], *, places: Mapping[str, str]
) -> dict[str, Any]:
    """Return values as a form shows them to be changed."""
    return {name: _typed(kind.fields[name], value, places) for name, value in values.items()}


def _typed(field: Field, value: Any, places: Mapping[str, str]) -> Any:
    if field.kind is FieldKind.ROWS:
        return typed_table(field, value)
    if field.kind is FieldKind.PLACES:
        return "\n".join(places.get(code, code) for code in value)
    if field.kind is FieldKind.PLACE:
        return places.get(value, value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain_number(value * 100 if field.kind is FieldKind.SHARE else value)
    if isinstance(value, RecordKey):
        return value.uid
    if isinstance(value, tuple):
        return [item.uid if isinstance(item, RecordKey) else item for item in value]
    return value


class ReasonForm(VersionedForm):
    """Why a record is withdrawn."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.CharField(
            label=_("Reason"),
            help_text=_("Others will read it in the history."),
            max_length=2_000,
            widget=forms.Textarea({"rows": 3}),
            error_messages={"required": _("Say why it is withdrawn.")},
        )
