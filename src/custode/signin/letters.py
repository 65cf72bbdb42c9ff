"""The mail that brings the link to set a password, or the link itself where no mail is set up."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from custode.people.models import User
from custode.signin.links import password_link


def invite(user: User) -> str:
    """Mail somebody the link by which they set a password, in their language.

    Returns:
        "" when it was mailed; the link, to be shown once, when no mail is set up.

    Raises:
        Invalid: the user is disabled or has no address.
        OSError: the mail server could not be reached, or did not take the mail.
    """
    link = password_link(user)
    if not settings.HAS_MAIL:
        return link
    with translation.override(user.language):
        text = _(
            "Hello %(name)s,\n\nwith this link you set your password for Custode:\n\n%(link)s\n\n"
            "It works once, for three days. If it has run out, ask an admin of your account for"
            " a new one."
        )
        send_mail(
            subject=_("Your access to Custode"),
            message=text % {"name": user.first_name, "link": link},
            from_email=None,
            recipient_list=[user.email or ""],
        )
    return ""
