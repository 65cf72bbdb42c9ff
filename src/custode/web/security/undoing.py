"""Undo several acts at once: all of an alert, or those of somebody who leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from custode.accounts.editions import Feature, has
from custode.guard import door, joined
from custode.guard.alerts.models import Alert, AlertAct
from custode.guard.door import Attempt, UndoStatus
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, TrashEntry, TrashState
from custode.kernel.actor import Actor
from custode.kernel.errors import CustodeError
from custode.web.security.reading import told
from custode.web.shell.requests import account_of, admit
from custode.web.shell.toasts import tell
from custode.web.shell.words import listed, number

MOST: Final = 200
"""The maximum number of an alert's acts undone at once, newest first.

The rest need another click.
"""
_MOST_TOLD: Final = 3
"""The maximum number of failed undos whose reason is reported one by one."""


@dataclass(frozen=True, slots=True)
class Going:
    """A preview of undoing all acts of an alert.

    Args:
        seqs: the acts that can be undone, newest first: each before the ones it is based on.
        objects: the number of objects reverted, by kind.
        stays: how many were changed or deleted since, and stay as they are.
        overtaken: how many of the acts have nothing but such objects left.
        undone: how many of the acts have already been undone.
        gone: how many of the acts deleted objects that have since been purged.
        fixed: how many of the acts cannot be undone: exports, refusals, settings.
        more: whether there are further acts, for the next click.
    """

    alert: Alert
    seqs: Sequence[int]
    objects: Mapping[str, int]
    stays: int
    overtaken: int
    undone: int
    gone: int
    fixed: int
    more: bool

    @property
    def who(self) -> str:
        """Return whose acts they are, as addresses name them."""
        return f"{self.alert.actor_kind}:{self.alert.actor_id or ''}"

    @property
    def is_all_undone(self) -> bool:
        """Tell whether every act has already been undone."""
        return not (self.seqs or self.overtaken or self.gone or self.fixed or self.more)

    @property
    def what(self) -> str:
        """Return what will be reverted, in words."""
        return listed(self.objects)


def of_alert(actor: Actor, pk: int) -> Going | None:
    """Return the present state of an alert's acts; None if there is no such alert."""
    alert = Alert.objects.filter(pk=pk).first()
    if alert is None:
        return None
    acts = AlertAct.objects.filter(alert=alert).order_by("-seq").values_list("seq", flat=True)
    seqs = list(acts[: MOST + 1])
    entries = joined.acts_of(list(LogEntry.objects.filter(seq__in=seqs[:MOST])))
    known = told(entries)
    left = [_left(actor, o.entry) for o in known if o.undoable and door.may_undo(actor, o.entry)]
    going = [one for one in left if not one.is_spent]
    objects = sum((one.objects for one in going), Counter[str]())
    overtaken = sum(one.is_spent and one.stays > 0 for one in left)
    undone = sum(one.ended_by in {Verb.RESTORE, Verb.UNDO} for one in known)
    undone += len(left) - len(going) - overtaken
    gone = sum(one.ended_by == Verb.PURGE for one in known)
    return Going(
        alert, [one.seq for one in going], objects, sum(one.stays for one in left), overtaken,
        undone, gone, fixed=len(known) - len(going) - overtaken - undone - gone,
        more=len(seqs) > MOST,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Left:
    """What an undo of an act would still do.

    Args:
        objects: how many objects it takes back, by kind.
        stays: how many were changed or deleted since.
        is_spent: whether it touched objects, and takes none of them back any more.
    """

    seq: int
    objects: Counter[str]
    stays: int = 0
    is_spent: bool = False


def _left(actor: Actor, entry: LogEntry) -> _Left:
    lying = TrashEntry.objects.filter(seq=entry.seq, state=TrashState.TRASHED).first()
    if lying is not None:
        return _Left(entry.seq, Counter({lying.kind: lying.count}))
    objects, stands = Counter[str](), Counter[UndoStatus]()
    for preview in door.undo_previews(actor, entry):
        counts = preview.counts()
        stands.update(counts)
        objects[preview.model.kind.name] += counts.get(UndoStatus.AS_LEFT, 0)
    # A step or a tag that is offered again comes back without any object, too.
    is_spent = bool(stands.total()) and not +objects and entry.verb != Verb.RETIRE
    stays = stands[UndoStatus.CHANGED] + stands[UndoStatus.TRASHED]
    return _Left(entry.seq, +objects, stays, is_spent)


@require_POST
def undo_alert(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo every act of an alert that can be undone, and show the acts again."""
    actor = admit(request, Verb.ALERT, Attempt(1, {"undo": pk}))
    has_alerts = has(account_of(request).edition, Feature.SENSITIVE_ACTIONS)
    going = of_alert(actor, pk) if has_alerts else None
    if going is None:
        raise Http404
    each(request, actor, going.seqs, sums=True)
    return redirect(f"{reverse('security')}?alert={pk}")


def each(
    request: HttpRequest, actor: Actor, seqs: Sequence[int], *, sums: bool = False
) -> None:  # fmt: skip
    """Undo each act as far as possible and report it; a failed one does not stop the others.

    Args:
        seqs: the numbers of the acts, newest first.
        sums: whether to report how many were undone.
    """
    done, stayed, failed = 0, 0, 0
    for seq in seqs:
        try:
            stayed += door.undo(actor, seq).stayed
            done += 1
        except CustodeError as no:
            failed += 1
            if failed <= _MOST_TOLD:
                why = _("Entry %(n)s was not undone. %(why)s") % {"n": seq, "why": no}
                tell(request, why, level=messages.WARNING)
    if failed > _MOST_TOLD:
        said = ngettext(
            "%(n)s more was not undone.", "%(n)s more were not undone.", failed - _MOST_TOLD
        )
        tell(request, said % {"n": number(failed - _MOST_TOLD)}, level=messages.WARNING)
    if stayed:
        said = ngettext(
            "%(n)s thing stays as it is: it was changed or deleted since.",
            "%(n)s things stay as they are: they were changed or deleted since.",
            stayed,
        )
        tell(request, said % {"n": number(stayed)}, level=messages.WARNING)
    if sums:
        said = ngettext("%(n)s act was undone.", "%(n)s acts were undone.", done)
        tell(request, said % {"n": number(done)})
