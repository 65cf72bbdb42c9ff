"""Messages for users whose edit was overtaken: by whom, and the present value."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from custode.guard.models import Change
from custode.kernel.errors import Overtaken
from custode.web.shell.words import actor_name


def fingerprint(kept: object) -> str:
    """Return what a form keeps of the values it shows, to tell later whether they have changed."""
    return hashlib.sha256(repr(kept).encode()).hexdigest()[:16]


def by(changes: QuerySet[Change]) -> str:
    """Return the sentence that names who made the latest of some changes."""
    latest = changes.first()
    return by_whom(actor_name(latest.actor_kind, latest.actor_name) if latest else "")


def by_whom(who: str) -> str:
    """Return the sentence that names who was faster; "" if nobody knows."""
    if not who:
        return _("Somebody has changed this while you were editing. Save again to replace it.")
    return _("%(who)s has changed this while you were editing. Save again to replace it.") % {
        "who": who
    }


def now(text: str) -> str:
    """Return the sentence with a field's present value, to be shown beside what was typed."""
    return (
        _("What stands here now: “%(text)s”.") % {"text": text} if text else _("It is empty now.")
    )


def beside(
    error: Overtaken,
    typed: Mapping[str, str],
    kept: Mapping[str, str],
    read: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Return the messages beside a form's fields whose typed value differs from the present one.

    Args:
        error: the message about the whole form, shown beside its field.
        kept: the present values, as the form sends them.
        read: the present values as shown to people, where they differ.
    """
    said = {
        name: now(read.get(name, text))
        for name, text in kept.items()
        if typed.get(name, text).replace("\r\n", "\n").rstrip() != text.rstrip()
    }
    return said | {error.field: " ".join([str(error), *filter(None, [said.get(error.field)])])}
