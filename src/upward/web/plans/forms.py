"""Forms of plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from upward.base.errors import UpwardError
from upward.base.messages import _
from upward.catalog.step_model import AnswerKind, Question
from upward.plan.answers import read_answer, stored_answer
from upward.plan.ways import options_of
from upward.web.accounts.models import User
from upward.web.core.forms import HouseForm, LongSelect, VersionedForm, day_field, line_field, text_field
from upward.web.core.language import translated_later
from upward.web.plans import catalogue
from upward.web.plans.models import Role
from upward.web.plans.places import read_places
from upward.web.plans.policies import ROLES

SELECT_FROM = 8
EDITIONS = [("2025", "2025"), ("2022", "2022")]


class PlanForm(HouseForm):
    """What a plan is for."""

    name = line_field(
        translated_later("Name of the plan"),
        hint=translated_later("As people will say it, for example: Boone County."),
        most=120,
    )
    places = text_field(
        translated_later("Counties or cities"),
        hint=translated_later(
            "One per line: a name such as “Boone County, MO”, or its code such as 29019. Several make a plan for "
            "a group of places."
        ),
        rows=3,
        most=4_000,
    )
    first_year = forms.IntegerField(
        label=translated_later("First year"), min_value=2000, max_value=2100, required=False
    )
    last_year = forms.IntegerField(
        label=translated_later("Last year"), min_value=2000, max_value=2100, required=False
    )
    led_by = line_field(
        translated_later("Led by"),
        hint=translated_later("The office or organization that leads."),
        required=False,
    )
    about = text_field(translated_later("About this plan"), required=False, rows=4)
    edition = forms.ChoiceField(
        label=translated_later("Edition of the framework"),
        choices=EDITIONS,
        initial="2025",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, known: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = dict(known)

    def clean_places(self) -> list[tuple[str, str]]:
        """Return the places as (code, name); an unknown or ambiguous one says what may be meant."""
        try:
            return read_places(self.cleaned_data["places"], known=self.known)
        except UpwardError as problem:
            candidates = getattr(problem, "candidates", ())
            said = (
                f"{problem} {_('Did you mean: {names}?').format(names='; '.join(candidates[:5]))}"
                if candidates
                else str(problem)
            )
            raise forms.ValidationError(said) from None

    def clean(self) -> dict[str, Any]:
        """Return the fields; the last year must not come before the first."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_year"), cleaned.get("last_year")
        if first and last and last < first:
            self.add_error(
                "last_year", _("The last year must not come before the first, {year}.").format(year=first)
            )
        return cleaned


class ChangePlanForm(PlanForm, VersionedForm):
    """The same, of a plan that is there."""


class AnswerForm(VersionedForm):
    """The answer to one question, in the field that its kind asks for."""

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        self.fields["answer"] = answer_field(question)

    def clean_answer(self) -> dict[str, Any]:
        """Return the answer as it is stored; an empty or impossible one says what to do."""
        typed = self.cleaned_data["answer"]
        values = [str(value) for value in typed] if isinstance(typed, list | tuple) else [str(typed)]
        held = catalogue.catalog()
        try:
            answer = read_answer(held, self.question, values)
        except UpwardError as problem:
            raise forms.ValidationError(str(problem)) from None
        if answer is None:
            raise forms.ValidationError(_("Write an answer, or go back without saving."))
        return stored_answer(self.question, answer)


def answer_field(question: Question) -> forms.Field:
    """Return the field for a question's kind of answer."""
    label = translated_later("Your team’s answer")
    options = list(options_of(catalogue.catalog(), question).items())
    wanted = {"required": translated_later("Write an answer, or go back without saving.")}
    if question.kind is AnswerKind.CHOICES:
        return forms.MultipleChoiceField(
            label=label, choices=options, widget=forms.CheckboxSelectMultiple, error_messages=wanted
        )
    if question.kind in (AnswerKind.CHOICE, AnswerKind.RATING):
        wide = len(options) >= SELECT_FROM
        choices = [("", translated_later("Choose one")), *options] if wide else options
        return forms.ChoiceField(
            label=label,
            choices=choices,
            widget=forms.Select if wide else forms.RadioSelect,
            error_messages=wanted,
        )
    if question.kind is AnswerKind.DATE:
        return day_field(label)
    if question.kind is AnswerKind.LONG_TEXT:
        field: forms.Field = text_field(label, rows=8)
    else:
        field = line_field(label, most=300)
    field.error_messages.update({name: str(text) for name, text in wanted.items()})
    return field


class TaskForm(VersionedForm):
    """A task: done or not, what proves it, whose it is, by when."""

    done = forms.BooleanField(label=translated_later("This is done"), required=False)
    proof = text_field(
        translated_later("Proof in words"),
        hint=translated_later(
            "What shows that it is done: a decision and its date, a document and where it lies."
        ),
        required=False,
        rows=3,
        most=4_000,
    )
    proof_link = forms.URLField(
        label=translated_later("Link to the proof"), required=False, max_length=500, assume_scheme="https"
    )
    owner = forms.ModelChoiceField(
        label=translated_later("Owner"),
        queryset=User.objects.none(),
        required=False,
        empty_label=translated_later("Nobody yet"),
        widget=LongSelect,
    )
    due = day_field(translated_later("Due date"), required=False)
    set_aside = text_field(
        translated_later("Set this task aside because"),
        hint=translated_later("Only if it does not apply to you. Leave it empty to keep the task."),
        required=False,
        rows=2,
        most=2_000,
    )

    def __init__(self, *args: Any, people: Any, may_assign: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
        if not may_assign:
            del self.fields["owner"], self.fields["due"]


class OwnTaskForm(HouseForm):
    """A task of the team's own."""

    title = line_field(translated_later("What is to be done"), hint=translated_later("Start with a verb."))


class SignOffForm(HouseForm):
    """The note of a sign-off."""

    note = text_field(
        translated_later("Note"),
        hint=translated_later(
            "If tasks are open: why the step can be signed off all the same. The note is kept."
        ),
        required=False,
        rows=3,
        most=4_000,
    )


class DateForm(HouseForm):
    """A meeting or deadline."""

    title = line_field(translated_later("What happens"))
    day = day_field(translated_later("Day"))
    time = forms.TimeField(
        label=translated_later("Time of day"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )
    place = line_field(translated_later("Where"), required=False)
    note = text_field(translated_later("Note"), required=False, rows=3, most=4_000)


class ChangeDateForm(DateForm, VersionedForm):
    """The same, of a date that is there."""


class InvitationForm(HouseForm):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=translated_later("E-mail address"),
        required=False,
        max_length=254,
        help_text=translated_later("Leave it empty to make a link that several people can use."),
    )
    role = forms.ChoiceField(label=translated_later("Role"), widget=forms.RadioSelect)
    places = forms.IntegerField(
        label=translated_later("How many people may use the link"),
        min_value=1,
        max_value=100,
        initial=1,
        required=False,
    )

    def __init__(self, *args: Any, may_make_owners: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            pair for pair in role_choices() if may_make_owners or pair[0] != Role.OWNER
        ]


class MemberForm(HouseForm):
    """A member's role and function."""

    role = forms.ChoiceField(label=translated_later("Role"), widget=forms.RadioSelect)
    function = line_field(
        translated_later("Function"),
        hint=translated_later("As others know it, for example: data analyst."),
        required=False,
        most=120,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices()  # type: ignore[attr-defined]


def role_choices() -> list[tuple[str, str]]:
    """Return every role with its name and meaning."""
    return [(role, f"{_(rule.name)}. {_(rule.meaning)}") for role, rule in ROLES.items()]


class UploadForm(HouseForm):
    """A file and what it is."""

    file = forms.FileField(
        label=translated_later("File"),
        help_text=translated_later("PDF, Word, Excel, PowerPoint, PNG, JPEG, CSV or text, up to 20 MB."),
    )
    about = line_field(translated_later("What it shows"), required=False)


class BundleForm(HouseForm):
    """A bundle from another installation."""

    file = forms.FileField(
        label=translated_later("Bundle"), help_text=translated_later("A file that “Export this plan” made.")
    )
