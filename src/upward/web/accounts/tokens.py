"""Secrets that are given out once: made, and compared by their hash; and the address of a person's calendar."""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.core.signing import BadSignature, Signer

from upward.web.accounts.models import User


def new_token() -> str:
    """Return a new secret of 256 bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is stored of a secret: it is long and random, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def calendar_token(person: User) -> str:
    """Return the secret in the address of a person's calendar; it changes with `calendar_number`."""
    return _signer().sign(f"{person.pk}.{person.calendar_number}").replace(":", "~")


def calendar_owner(token: str) -> User | None:
    """Return the person whose calendar a secret opens, or None."""
    try:
        number, generation = _signer().unsign(token.replace("~", ":")).split(".")
    except (BadSignature, ValueError):
        return None
    return User.objects.filter(pk=int(number), calendar_number=int(generation), is_active=True).first()


def _signer() -> Signer:
    return Signer(key=settings.SECRET_KEY, salt="upward.calendar")
