"""Sending one mail now, while a person waits for the page."""

from __future__ import annotations

import logging
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import send_mail

from upward.base.errors import RefusedError
from upward.base.messages import _

logger = logging.getLogger(__name__)


def send_now(*, to: str, subject: str, text: str) -> None:
    """Send a mail; raises RefusedError where no mail can be sent now.

    That a server does not know an address is not told: it says nothing about accounts, yet is not ours to say.
    """
    try:
        send_mail(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [to])
    except SMTPRecipientsRefused:
        return
    except (SMTPException, OSError) as problem:
        logger.warning("A mail could not be sent: %s", problem)
        raise RefusedError(_("No mail can be sent at the moment. Please try again later.")) from None
