"""Builds an e-mail in its transmitted form (RFC 5322): text, the same as HTML, and files."""

from __future__ import annotations

from collections.abc import Sequence
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from django.utils.http import http_date

from custode.activities import files, writing
from custode.activities.emails.addresses import ascii_only
from custode.activities.emails.models import Email, EmailFile
from custode.activities.emails.transport import Outgoing, printable

_POLICY: Final = SMTP.clone(cte_type="7bit")


class Unbuilt(Exception):
    """An address or a file of the e-mail can no longer be used."""


def outgoing(email: Email, sender: str, attached: Sequence[EmailFile]) -> Outgoing:
    """Return the message to hand to the server.

    Args:
        sender: the account's address, from which it is sent.

    Raises:
        Unbuilt: an address or a file can no longer be used.
    """
    to, copies = email.recipients.split(", "), email.copies.split(", ") if email.copies else []
    author = email.author
    try:
        built = EmailMessage(_POLICY)
        built["From"] = _from(author.get_full_name() if author else "", sender)
        built["To"] = ", ".join(map(ascii_only, to))
        if copies:
            built["Cc"] = ", ".join(map(ascii_only, copies))
        if author is not None and author.email:
            built["Reply-To"] = ascii_only(author.email)
        built["Subject"] = email.subject
        built["Date"] = http_date(email.created_at.timestamp()).replace("GMT", "+0000")
        built["Message-ID"] = f"<{email.message_id}>"
        built.set_content(email.text)
        built.add_alternative(_page(email.text), subtype="html")
        for one in attached:
            _attach(built, one)
        return Outgoing(ascii_only(sender), [*map(ascii_only, (*to, *copies))], built.as_bytes())
    except (ValueError, OSError, MessageError) as error:
        raise Unbuilt from error


def trial_letter(subject: str, text: str, sender: str, to: str) -> Outgoing:
    """Return the test mail by which an admin tries the server."""
    built = EmailMessage(_POLICY)
    built["From"] = _from("Custode", sender)
    built["To"] = ascii_only(to)
    built["Subject"] = subject
    built.set_content(text)
    return Outgoing(ascii_only(sender), [ascii_only(to)], built.as_bytes())


def _from(name: str, sender: str) -> Address:
    return Address(printable(name), addr_spec=ascii_only(sender))


def _page(text: str) -> str:
    return f"<!doctype html>\n<html><body>{writing.as_html(text)}</body></html>\n"


def _attach(built: EmailMessage, one: EmailFile) -> None:
    main, _slash, sub = one.media_type.partition("/")
    if not sub or main in {"message", "multipart"}:
        main, sub = files.UNKNOWN.split("/")
    content = files.folder().path_of(one.token).read_bytes()
    built.add_attachment(content, maintype=main, subtype=sub, filename=one.name)
