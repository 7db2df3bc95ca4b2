"""Forms of comments."""

from __future__ import annotations

from typing import Any

from django import forms

from upward.web.accounts.models import User
from upward.web.comments.actions import LONGEST
from upward.web.core.forms import HouseForm, LongSelect, text_field
from upward.web.core.language import translated_later


class ShortCommentForm(HouseForm):
    """A remark, as it stands beside a record."""

    text = text_field(translated_later("Your comment"), rows=3, most=LONGEST)


class CommentForm(HouseForm):
    """A remark or a question, on the page of all comments beside a record."""

    kind = forms.ChoiceField(
        label=translated_later("What it is"),
        choices=[
            ("note", translated_later("A comment")),
            ("question", translated_later("A question: it stays open until it is answered")),
        ],
        initial="note",
        widget=forms.RadioSelect,
    )
    asked_of = forms.ModelChoiceField(
        label=translated_later("Who should answer"),
        queryset=User.objects.none(),
        required=False,
        empty_label=translated_later("Anyone"),
        widget=LongSelect,
        help_text=translated_later(
            "For a question. The person gets a notice, and the question waits on the home page."
        ),
    )
    text = text_field(translated_later("Your words"), rows=4, most=LONGEST)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked_of"].queryset = people  # type: ignore[attr-defined]


class AnswerQuestionForm(HouseForm):
    """The answer to a question."""

    text = text_field(translated_later("Your answer"), rows=4, most=LONGEST)


class CloseForm(HouseForm):
    """Why a question is closed without an answer."""

    reason = text_field(
        translated_later("Why it is closed without an answer"),
        hint=translated_later("For example: decided otherwise, on May 3. The reason is kept."),
        rows=3,
        most=LONGEST,
    )


class WithdrawForm(HouseForm):
    """Why a comment is withdrawn."""

    reason = text_field(translated_later("Why it is withdrawn"), rows=2, most=LONGEST)
