"""Forms of records, made from their specification: one field for each that people fill in."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from upward.base.errors import UpwardError, UsageError
from upward.base.messages import _, pgettext
from upward.catalog.record_model import Field, FieldKind, RecordKind
from upward.plan.content import RecordKey, Value
from upward.plan.record_values import BETWEEN, options_of_field, plain_number, read_value, typed_rows
from upward.web.core.forms import LONG_TEXT, LongSelect, VersionedForm
from upward.web.plans.catalogue import catalog
from upward.web.plans.models import Plan, Upload
from upward.web.plans.places import read_places
from upward.web.plans.policies import Access
from upward.web.plans.queries import assignable_people
from upward.web.records.kinds import model_of
from upward.web.records.queries import fields_for
from upward.web.records.values import title_of

RADIOS = 7  # more options than this are a list to choose from
LONGEST_TITLE = 90


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
    """One or several of the plan's records, people or files: only those offered are taken."""

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
    return type("RecordForm", (VersionedForm,), made)


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
    return _typed_field(field)


def _typed_field(field: Field) -> forms.Field:
    """Return the field of what is typed; a hint says in which form."""
    widgets: dict[FieldKind, forms.Widget] = {
        FieldKind.TEXT: forms.Textarea({"rows": 4, "maxlength": LONG_TEXT}),
        FieldKind.ROWS: forms.Textarea({"rows": 4}),
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
    hint = rows_hint(field) if field.kind is FieldKind.ROWS else f"{field.help} {hints.get(field.kind, '')}"
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
        model, title = model_of(field.of), catalog().records[field.of].title.id
        found = model._default_manager.filter(plan=plan, withdrawn_at=None).only("uid", title)
        choices = [(one.uid, shortened(title_of(one))) for one in found]
    if field.kind is FieldKind.RECORDS:
        return ChoiceOfRecords(field, several=True, widget=forms.CheckboxSelectMultiple(), choices=choices)
    return ChoiceOfRecords(field, widget=LongSelect(), choices=[("", _("Choose")), *choices])


def shortened(text: str) -> str:
    """Return a title short enough for a list to choose from."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1] + "…"


def rows_hint(field: Field) -> str:
    """Return how rows are typed."""
    names = f" {BETWEEN} ".join(column.label for column in field.columns.values())
    return f"{field.help} {_('One line for each: {parts}').format(parts=names)}".strip()


def typed_values(
    kind: RecordKind, values: Mapping[str, Value], *, places: Mapping[str, str]
) -> dict[str, Any]:
    """Return values as a form shows them to be changed."""
    return {name: _typed(kind.fields[name], value, places) for name, value in values.items()}


def _typed(field: Field, value: Any, places: Mapping[str, str]) -> Any:
    if field.kind is FieldKind.ROWS:
        return typed_rows(field, value)
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
