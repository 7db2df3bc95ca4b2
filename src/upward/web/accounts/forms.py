"""Forms about the own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from upward.base.messages import _
from upward.web.accounts.actions import free_sign_in_name
from upward.web.accounts.models import User, normal_address
from upward.web.accounts.sign_in_names import NO_ADDRESS, is_sealed, seal_of, typed_account
from upward.web.core.forms import HouseForm, line_field
from upward.web.core.language import translated_later

LANGUAGES = [("en", "English"), ("es", "Español")]


def password_field(label: str, *, hint: str = "", autocomplete: str = "new-password") -> forms.CharField:
    """Return a field for a password."""
    return forms.CharField(
        label=label,
        help_text=hint,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": autocomplete}),
    )


class NewPersonForm(HouseForm):
    """Name, address and password of someone who comes for the first time."""

    name = line_field(
        translated_later("Your name"), hint=translated_later("As your team knows you."), most=120
    )
    email = forms.EmailField(
        label=translated_later("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "username"}),
    )
    password = password_field(
        translated_later("Choose a password"),
        hint=translated_later(
            "At least 12 characters. Three or four words that only you would put together are good."
        ),
    )

    def __init__(self, *args: Any, fixed_email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        if fixed_email:
            del self.fields["email"]
        self.fixed_email = fixed_email

    def clean(self) -> dict[str, Any]:
        """Return the fields; a password that is easy to guess is an error of its field."""
        cleaned = super().clean() or {}
        email = self.fixed_email or cleaned.get("email", "")
        cleaned["email"] = email
        if password := cleaned.get("password"):
            try:
                validate_password(password, User(email=email, name=cleaned.get("name", "")))
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return cleaned


class NamedPersonForm(NewPersonForm):
    """Someone who comes for the first time where no mail is sent: no address is asked for, a name is given instead.

    The name stands in the form before it is sent, so that a phone keeps it together with the password.
    """

    sign_in_name = forms.CharField(
        label=translated_later("Your sign-in name"),
        help_text=translated_later(
            "We made it for you. Write it down: you sign in with it and your password."
        ),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "username", "readonly": True}),
    )
    seal = forms.CharField(widget=forms.HiddenInput, max_length=100)
    field_order = ("name", "sign_in_name", "password", "seal")

    def __init__(self, data: Any = None) -> None:
        offered = free_sign_in_name()
        super().__init__(
            data,
            fixed_email=typed_account(offered),
            initial={"sign_in_name": offered, "seal": seal_of(offered)},
        )

    def clean(self) -> dict[str, Any]:
        """Return the fields; a name that was not drawn here, or is in use by now, is replaced by another."""
        name = self.cleaned_data.get("sign_in_name", "")
        self.fixed_email = typed_account(name)
        cleaned = super().clean()
        if not is_sealed(name, self.cleaned_data.get("seal", "")) or self.is_taken():
            self.offer_another()
        return cleaned

    def is_taken(self) -> bool:
        """Return whether an account has the name: someone pressed twice, or came back to the form."""
        return User.objects.filter(email=self.fixed_email).exists()

    def offer_another(self) -> None:
        """Put another name into the form, and say so."""
        self.data = {**self.data.dict(), **self.initial}
        self._errors.pop("seal", None)
        self._errors.pop("sign_in_name", None)
        said = _(
            "Here is another name. If you have just made your account with the one before, sign in with that one."
        )
        self.add_error("sign_in_name", said)


class AddressForm(HouseForm):
    """Where to send the link that someone comes in by."""

    email = forms.EmailField(
        label=translated_later("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


class NewAddressForm(HouseForm):
    """Another address for the own account; whether it has an account already is not asked here."""

    email = forms.EmailField(
        label=translated_later("Your new e-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        """Return the address as it is stored; the one that the account has is an error, and one without mail."""
        email = normal_address(self.cleaned_data["email"])
        if email == self.person.email:
            raise forms.ValidationError(_("This is the address that your account has now."))
        if email.endswith(NO_ADDRESS):
            raise forms.ValidationError(_("No mail can reach this address."))
        return email


class AccountForm(HouseForm):
    """What a person decides about the own account."""

    name = line_field(translated_later("Your name"), most=120)
    language = forms.ChoiceField(
        label=translated_later("Language of mail to you"), choices=LANGUAGES, widget=forms.RadioSelect
    )
    digest = forms.ChoiceField(
        label=translated_later("Mail about what waits for you"),
        choices=[
            (User.Digest.DAILY, translated_later("Once a day, if something is new")),
            (User.Digest.WEEKLY, translated_later("Once a week, if something is new")),
            (User.Digest.NEVER, translated_later("Never")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, has_address: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_address:
            del self.fields["language"], self.fields["digest"]


class ApiTokenForm(HouseForm):
    """A new token."""

    name = line_field(
        translated_later("What the token is for"),
        hint=translated_later("For example: our dashboard."),
        most=80,
    )
    may_write = forms.BooleanField(
        label=translated_later("It may also write what I may write"), required=False
    )
