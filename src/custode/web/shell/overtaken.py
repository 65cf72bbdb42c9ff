"""What is said to whoever was overtaken while editing: by whom, and what stands there now."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from custode.guard.models import Change
from custode.kernel.errors import Overtaken
from custode.web.shell.words import actor_name


def by(changes: QuerySet[Change]) -> str:
    """Who made the latest of some changes, and that saving again replaces it."""
    latest = changes.first()
    if latest is None:
        return _("Somebody has changed this while you were editing. Save again to replace it.")
    return _("%(who)s has changed this while you were editing. Save again to replace it.") % {
        "who": actor_name(latest.actor_kind, latest.actor_name)
    }


def now(text: str) -> str:
    """What stands in a field now, to be shown beside what was typed."""
    return (
        _("What stands here now: “%(text)s”.") % {"text": text} if text else _("It is empty now.")
    )


def beside(
    error: Overtaken,
    typed: Mapping[str, str],
    kept: Mapping[str, str],
    read: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Field of a form -> what is said beside it, where something else was typed than stands there.

    Args:
        error: what is said of the whole, beside its field.
        kept: what stands in the fields, as the form sends it.
        read: the same as people read it, where that differs.
    """
    said = {
        name: now(read.get(name, text))
        for name, text in kept.items()
        if typed.get(name, text).replace("\r\n", "\n").rstrip() != text.rstrip()
    }
    return said | {error.field: " ".join([str(error), *filter(None, [said.get(error.field)])])}
