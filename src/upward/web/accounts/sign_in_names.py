"""Names to sign in with, for people who come by a link where no mail is sent: made here, with no address asked for.

Such an account holds its name in the place of the address, under a domain that can never receive mail (RFC 2606), so
that a name is unique as addresses are.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.signing import BadSignature, Signer

NO_ADDRESS = "@no-address.invalid"
# Written alike in English and Spanish, without accents.
WORDS = (
    "arena", "cactus", "canal", "chia", "coral", "delta", "gala", "kiwi", "koala", "lava", "mango", "mesa", "metro",
    "motor", "mural", "nova", "panda", "papaya", "piano", "plaza", "polar", "puma", "radio", "safari", "salsa",
    "samba", "sierra", "solar", "tango", "taxi", "tuba", "villa",
)  # fmt: skip


def drawn_name() -> str:
    """Return a name drawn by chance, such as mango-4821; whether it is free is for the caller to ask."""
    return f"{secrets.choice(WORDS)}-{secrets.randbelow(9_000) + 1_000}"


def seal_of(name: str) -> str:
    """Return what shows that a name that comes back from a form was drawn here."""
    return _signer().signature(name)


def is_sealed(name: str, seal: str) -> bool:
    """Return whether a name was drawn here, and not made up by whoever sends the form."""
    try:
        _signer().unsign(f"{name}:{seal}")
    except BadSignature:
        return False
    return True


def typed_account(text: str) -> str:
    """Return what an account holds for what someone types to sign in: an address as it is, a name in its place."""
    text = text.strip().casefold()
    return text if "@" in text or not text else f"{text}{NO_ADDRESS}"


def _signer() -> Signer:
    return Signer(key=settings.SECRET_KEY, salt="upward.sign-in-name")
