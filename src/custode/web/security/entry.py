"""The page of one log entry: everything known about the act, and its undo."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from custode.accounts.editions import Feature, has
from custode.guard import door
from custode.guard.door import UndoPreview, UndoStatus
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome, TrashEntry, TrashState
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.signin.api_keys.models import ApiKey
from custode.signin.devices import device
from custode.web.security import objects
from custode.web.security.entries_by_day import facts
from custode.web.security.reading import Told, told
from custode.web.security.refusals import who
from custode.web.security.verbs import ENTRANCES
from custode.web.shell.requests import account_of, actor_of, admit
from custode.web.shell.toasts import tell_undone

_MOST_RELATED: Final = 50


@require_GET
def sensitive_action(request: HttpRequest, seq: int) -> HttpResponse:
    """Show an act: who, from where, what, its objects' present states, and a form to undo it."""
    actor = admit(request, Verb.PRIVACY)
    if not has(account_of(request).edition, Feature.SENSITIVE_ACTIONS):
        return render(request, "security/other_edition.html")
    entry = get_object_or_404(LogEntry, seq=seq)
    one, *related = told(story := [entry, *_related(entry)])
    over = {other.about for other in story if other.verb in {Verb.EXPORT, Verb.IMPORT}}
    touched = _touched(request, actor, entry)
    words = {
        "entry": _told(one, over),
        "who": who(one),
        "as_key": _key_of(one),
        "who_key": f"{entry.actor_kind}:{entry.actor_id or ''}",
        "entrance": ENTRANCES.get(entry.entrance, ""),
        "by_device": str(device(str(one.person.get("device") or ""))),
        "related": [_told(other, over) for other in related],
        "undoable": _undoable(actor, one, touched["table"]),
        **touched,
    }
    return render(request, "security/entry.html", words)


def _key_of(one: Told) -> ApiKey | None:
    """Return the key through which an application acted as the user.

    Return None if they acted themselves.
    """
    number = one.details.get("as_key")
    return ApiKey.objects.filter(pk=number).first() if number else None


def _told(one: Told, over: set[int | None]) -> dict[str, Any]:
    """Return the facts of an entry; the start of an act that has ended is no longer in progress.

    Args:
        over: the numbers of the start entries whose end is among the entries shown.
    """
    found = facts(one)
    if one.entry.outcome == Outcome.STARTED and one.entry.seq in over:
        found |= {"state": "", "colour": "done"}
    return found


def _undoable(actor: Actor, one: Told, table: objects.Table | None) -> bool:
    """Tell whether an undo is offered."""
    if not one.undoable or not door.may_undo(actor, one.entry):
        return False
    return table is None or not table.total or bool(table.as_left or table.changed)


def _related(entry: LogEntry) -> list[LogEntry]:
    """Return the related entries: start and end, downloads, undos."""
    same = Q(about=entry.seq)
    if entry.about:
        same |= Q(seq=entry.about) | Q(about=entry.about)
    found = LogEntry.objects.filter(same).exclude(seq=entry.seq)
    return list(found.order_by("seq")[:_MOST_RELATED])


def _touched(request: HttpRequest, actor: Actor, entry: LogEntry) -> dict[str, Any]:
    """Return a page of the act's objects; empty if the act has none."""
    previews = door.undo_previews(actor, entry)
    wanted = objects.Wanted.of(request.GET)
    preview = _asked(previews, wanted.kind)
    if preview is None:
        return {"table": None}
    table = objects.table(preview, wanted)
    kind = preview.model.kind
    return {
        "table": table,
        "kind": kind,
        "kinds": [one.model.kind for one in previews if one is preview or one.rows.exists()],
        "wanted": wanted,
        "sort": _sort(entry, preview),
        "lying": _lying(entry),
        "stands": [(one, words, table.counts[one]) for one, words in _stands(entry, preview)
                   if table.counts.get(one)],
        "gone": _gone(entry, table) if kind.name == entry.kind else 0,
    }  # fmt: skip


def _asked(previews: list[UndoPreview], kind: str) -> UndoPreview | None:
    """Return the objects of the kind that the address names, or of the first kind that has any."""
    named = [preview for preview in previews if preview.model.kind.name == kind]
    having = named or [
        preview for preview in previews if len(previews) > 1 and preview.rows.exists()
    ]
    return next(iter(having or previews), None)


def _sort(entry: LogEntry, preview: UndoPreview) -> str:
    """Return the kind of act, for its table's wording: `change`, `import` or `deletion`."""
    if preview.states is not None:
        return "change"
    return "import" if entry.verb == Verb.IMPORT else "deletion"


def _stands(entry: LogEntry, preview: UndoPreview) -> list[tuple[UndoStatus, str]]:
    """Return the possible states of an object, in the wording for this kind of act."""
    sort = _sort(entry, preview)
    left = {
        "change": _("As this act left them"),
        "import": _("As they arrived"),
        "deletion": _("In the trash"),
    }
    return [
        (UndoStatus.AS_LEFT, left[sort]),
        (UndoStatus.CHANGED, _("Changed since")),
        (UndoStatus.SETTLED, _("Taken back")),
        (UndoStatus.TRASHED, _("In the trash")),
    ]


def _lying(entry: LogEntry) -> int:
    """Return the trash entry that contains an act's objects; 0 for none."""
    found = TrashEntry.objects.filter(seq=entry.seq, state=TrashState.TRASHED)
    return found.values_list("pk", flat=True).first() or 0


def _gone(entry: LogEntry, table: objects.Table) -> int:
    """Return how many of the objects no longer exist."""
    return max(entry.count - table.total, 0)


@require_POST
def undo_part(request: HttpRequest, seq: int) -> HttpResponse:
    """Undo the act for the chosen objects, and show the act again."""
    part = objects.chosen(request.POST, lists=request.POST.getlist)
    try:
        act = door.undo(actor_of(request), seq, part)
    except Gone as error:
        if part.is_nothing:
            raise Invalid(_("Choose what to take back.")) from error
        raise
    tell_undone(request, act)
    kind = f"?{urlencode({'kind': part.kind})}" if part.kind else ""
    return redirect(f"{reverse('sensitive_action', args=[seq])}{kind}")
