"""The mails of a change of address: a link that shows the new one to be the person's, and word to the old one."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.core import signing

from upward.base.errors import RefusedError
from upward.base.messages import _
from upward.web.accounts.models import User
from upward.web.accounts.sign_in_names import NO_ADDRESS
from upward.web.core.language import speaking
from upward.web.core.mail import send_now

logger = logging.getLogger(__name__)
PROOF_LIFE = timedelta(days=3)
SALT = "upward.new-address"


def new_address_proof(person: User, email: str) -> str:
    """Return the secret of the mail to a new address: who follows it reads the mail of that address.

    It names the address that the account has now, so it ends as soon as that changes. Nothing is looked up for it and
    nothing kept: an address with an account of its own and one without get the same mail.
    """
    return signing.dumps([person.pk, person.email, email], salt=SALT).replace(":", "~")


def proven_address(person: User, proof: str) -> str:
    """Return the address that a mail's secret proves for this person; empty where it is another's, used or too old."""
    try:
        number, before, email = signing.loads(proof.replace("~", ":"), salt=SALT, max_age=PROOF_LIFE)
    except signing.BadSignature:
        return ""
    return str(email) if (number, before) == (person.pk, person.email) else ""


def send_new_address_proof(*, to: str, link: str, language: str) -> None:
    """Send the link; raises RefusedError where no mail can be sent now. Nothing that a person typed stands in it."""
    with speaking(language):
        send_now(
            to=to,
            subject=_("Your new address in Upward"),
            text=_(
                "Someone with an account in Upward, a workbench for Mobility Action Plans, wants to use this address "
                "for it.\n\n"
                "If it was you, follow this link within three days. You may have to sign in first:\n{link}\n\n"
                "If it was not you, you can leave this mail. Nothing changes without the link."
            ).format(link=link),
        )


def tell_former_address(person: User, *, email: str) -> None:
    """Tell the address that an account had before; the new one is not named, it may be private.

    A mail that cannot be sent does not undo the change: it stands in the log.
    """
    if email.endswith(NO_ADDRESS):
        return
    with speaking(person.language):
        try:
            send_now(
                to=email,
                subject=_("The address of your account in Upward was changed"),
                text=_(
                    "Your account in Upward, a workbench for Mobility Action Plans, now has another e-mail address. "
                    "You sign in with the new one, and mail goes there.\n\n"
                    "If neither you nor the person who looks after your workbench did this, tell that person at once: "
                    "somebody else may be using your account."
                ),
            )
        except RefusedError:
            logger.warning("Person %s was not told of the change of address.", person.pk)
