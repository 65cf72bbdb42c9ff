"""Short messages that report what was done, each with its undo."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from custode.guard import trash
from custode.guard.door import Act
from custode.guard.models import LogEntry, TrashEntry
from custode.web.shell.requests import actor_of
from custode.web.shell.words import actor_name, counted, number

_MOST_ABOVE: Final = 3


def tell(
    request: HttpRequest,
    words: str,
    *,
    undo: int = 0,
    restore: int = 0,
    back: int = 0,
    lead: int = 0,
    level: int = messages.SUCCESS,
) -> None:
    """Tell the person something: at once for htmx, otherwise on the next page.

    Args:
        undo: the log number of an act whose undo is offered; 0 for none.
        restore: the trash entry whose restoration is offered; 0 for none.
        back: the number of an edit whose undo is offered; 0 for none.
        lead: the number of a lead to which a link is offered; 0 for none.
        level: one of `messages.SUCCESS`, `INFO`, `WARNING`, `ERROR`.
    """
    ways = {"undo": undo, "restore": restore, "back": back, "lead": lead}
    tags = next((f"{way}-{seq}" for way, seq in ways.items() if seq), "")
    messages.add_message(request, level, words, extra_tags=tags)


def tell_restored(request: HttpRequest, act: Act, words: str) -> None:
    """Report what was restored, and offer to restore its parents that are still in the trash."""
    tell(request, words)
    for entry in act.above[:_MOST_ABOVE]:
        mine = trash.entries(actor_of(request)).filter(pk=entry.pk).exists()
        tell(
            request, _above(entry, mine), restore=entry.pk if mine else 0, level=messages.WARNING
        )  # fmt: skip
    if (more := len(act.above) - _MOST_ABOVE) > 0:
        words = ngettext(
            "What this hangs on was also deleted in %(n)s more act: look in the trash.",
            "What this hangs on was also deleted in %(n)s more acts: look in the trash.",
            more,
        )
        tell(request, words % {"n": number(more)}, level=messages.WARNING)


def tell_undone(request: HttpRequest, act: Act) -> None:
    """Report what an undo reverted and how much it left as it is, with an undo of itself if any."""
    entry = LogEntry.objects.get(seq=act.seq)
    what = counted(entry.kind, act.count)
    undo = act.seq if act.entry is None and '"field":' in entry.details else 0
    if act.stayed:
        words = ngettext(
            "Undone: %(what)s. %(n)s other stays as it is: changed or deleted since, or somebody"
            " else's.",
            "Undone: %(what)s. %(n)s others stay as they are: changed or deleted since, or somebody"
            " else's.",
            act.stayed,
        ) % {"what": what, "n": number(act.stayed)}
        tell(request, words, undo=undo, level=messages.WARNING)
        return
    words = _("Undone: %(what)s") % {"what": what} if act.count else _("Undone.")
    if undo:
        tell(request, words, undo=undo)
    else:
        tell_restored(request, act, words)


def _above(entry: TrashEntry, mine: bool) -> str:
    """Return the parents of something restored that are in the trash, and who can restore them."""
    values = {"what": counted(entry.kind, entry.count)}
    if not mine:
        return _(
            "What this hangs on is still in the trash: %(what)s. %(name)s deleted it; only they or"
            " an admin can restore it."
        ) % {**values, "name": actor_name(entry.actor_kind, entry.actor_name)}
    if len(entry.labels) == entry.count == 1:
        return _("What this hangs on is still in the trash: %(what)s “%(name)s”.") % {
            **values, "name": entry.labels[0],
        }  # fmt: skip
    return _("What this hangs on is still in the trash: %(what)s.") % values
