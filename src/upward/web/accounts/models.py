"""A person with an account, the tokens that stand for one, and the link with which an installation begins."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from upward.web.accounts.sign_in_names import NO_ADDRESS


class People(BaseUserManager["User"]):
    """Finding and making accounts; an address is the same in capitals."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the person with this address; raises User.DoesNotExist."""
        return self.get(email=normal_address(username or ""))

    def create_user(self, email: str, *, name: str, password: str | None = None, **more: Any) -> User:
        """Return a new person, saved; without a password none will fit until one is set by mail."""
        person = self.model(email=normal_address(email), name=name, **more)
        person.set_password(password)
        person.save()
        return person


def normal_address(email: str) -> str:
    """Return a mail address as it is stored: without blanks around it, in small letters."""
    return email.strip().casefold()


class User(AbstractBaseUser):
    """A person with an account; `is_staff` means looking after this installation, not reading its plans."""

    class Digest(models.TextChoices):
        """How often what waits is sent by mail."""

        DAILY = "daily"
        WEEKLY = "weekly"
        NEVER = "never"

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, default="en")
    digest = models.CharField(max_length=6, choices=Digest, default=Digest.DAILY)
    calendar_number = models.PositiveIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)

    objects = People()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        """By name."""

        ordering = ("name", "pk")

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the address as it is compared."""
        self.email = normal_address(self.email)
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """Return the name that people know, else the part of the address before the @."""
        return self.name or self.email.split("@")[0]

    @property
    def has_address(self) -> bool:
        """Whether mail can reach the person: who came by a link where no mail is sent has a name instead."""
        return not self.email.endswith(NO_ADDRESS)

    @property
    def sign_in_name(self) -> str:
        """What the person types to sign in: the address, or the name that stands in its place."""
        return self.email.removesuffix(NO_ADDRESS)


class OwnerLink(models.Model):
    """The one-time link that `upward serve` prints while nobody has an account."""

    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return a line for developers."""
        return f"owner link of {self.created_at:%Y-%m-%d %H:%M}"


class ApiToken(models.Model):
    """A token for the JSON API; only its hash is kept, so it is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    may_write = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    last_used = models.DateField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering = ("-created_at",)

    def __str__(self) -> str:
        """Return its name."""
        return self.name
