"""The pages of the trash: the list, an entry, restoring and purging."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache, partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from custode.guard import door, kinds, policy, trash
from custode.guard.kinds import Verb
from custode.guard.models import TrashEntry
from custode.guard.policy import YES, Decision
from custode.guard.trashed import Wanted, called, found
from custode.kernel import address, clock
from custode.kernel.address import whole
from custode.kernel.errors import Gone, Invalid
from custode.web.shell.requests import account_of, actor_of, admit, is_htmx, next_of
from custode.web.shell.toasts import tell, tell_restored
from custode.web.shell.words import actor_name, counted, listed
from custode.web.trash.finding import PAGE, people


@require_GET
def trash_page(request: HttpRequest) -> HttpResponse:
    """List the trash: for admins everything, for others what they deleted."""
    actor = actor_of(request)
    wanted = Wanted.of(request.GET)
    page = list(found(actor, wanted)[: PAGE + 1])
    may_restore = cache(partial(policy.may_restore, actor))
    words = {
        "entries": [_shown(entry, may_restore(entry.kind)) for entry in page[:PAGE]],
        "more": page[PAGE - 1].pk if len(page) > PAGE else 0,
        "wanted": wanted,
        "kinds": [model.kind for model in kinds.all_models()],
        "people": people(actor) if actor.is_admin else [],
        "may_purge": policy.may(actor, Verb.PURGE),
        "days": account_of(request).trash_days,
    }
    return render(request, "trash/trash.html", words)


@require_GET
def trash_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an entry: everything it contains, or what a search finds in it, page by page."""
    actor, entry = actor_of(request), _entry(request, pk)
    after, wanted = whole(request.GET.get("after", "")), address.words(request.GET.get("q", ""))
    model = kinds.model_of(entry.kind)
    kind, lying = model.kind, trash.contents(entry).filter(pk__gt=after)
    if wanted:
        lying = lying.filter(called(model, wanted))
    rows = list(lying.order_by("pk")[: PAGE + 1])
    words = {
        "wanted": wanted,
        "entry": _shown(entry, policy.may_restore(actor, entry.kind)),
        "rows": [{"name": getattr(row, kind.label), "row": row} for row in rows[:PAGE]],
        "more": rows[PAGE - 1].pk if len(rows) > PAGE else 0,
        "after": after,
        "kind": kind,
        "may_purge": policy.may(actor, Verb.PURGE),
    }
    return render(request, "trash/entry.html", words)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Restore everything in an entry, or only what was chosen on its page."""
    entry, only = _entry(request, pk), None
    if "chosen" in request.POST:
        only = [whole(text) for text in request.POST.getlist("ids")[:PAGE]]
        if not only:
            raise Invalid(_("Choose what to restore."))
    act = door.restore(actor_of(request), entry.pk, only=only)
    if act.entry is not None:
        what = counted(act.entry.kind, act.count)
        tell_restored(request, act, _("Restored: %(what)s") % {"what": what})
        if act.entry.closed_at is None:
            return redirect("trash_entry", entry.pk)
    return redirect(next_of(request, reverse("trash")))


@require_http_methods(["GET", "POST"])
def purge(request: HttpRequest, pk: int) -> HttpResponse:
    """Purge an entry's objects, after explaining what that means and asking for a reason."""
    actor = admit(request, Verb.PURGE)
    entry = _entry(request, pk)
    reason, mistake = request.POST.get("reason", "").replace("\x00", "")[:500], ""
    if request.method == "POST":
        try:
            act = door.purge(actor, entry.pk, reason=reason)
        except Invalid as error:
            mistake = str(error)
        else:
            what = listed({entry.kind: act.count, **(act.along or {})})
            tell(request, _("Deleted for ever: %(what)s") % {"what": what})
            return _go(request, reverse("trash"))
    shown = _shown(entry) | {"along": _counted(trash.goes_along(entry))}
    words = {"entry": shown, "reason": reason, "mistake": mistake}
    template = "trash/purge_part.html" if is_htmx(request) else "trash/purge.html"
    return render(request, template, words, status=422 if mistake else 200)


def _go(request: HttpRequest, url: str) -> HttpResponse:
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _entry(request: HttpRequest, pk: int) -> TrashEntry:
    """Return the entry if this person may restore it; raise `Gone` if it is empty by now."""
    actor = actor_of(request)
    entry: TrashEntry | None = trash.entries(actor).filter(pk=pk).first()
    if entry is not None:
        return entry
    emptied = TrashEntry.objects.filter(pk=pk, closed_at__isnull=False)
    if not actor.is_admin:
        emptied = emptied.filter(actor_kind=actor.kind.value, actor_id=actor.id)
    if emptied.exists():
        raise Gone(_("This was restored or deleted for ever in the meantime."))
    raise Http404


def _counted(counts: Mapping[str, int]) -> list[str]:
    return [counted(kind, count) for kind, count in counts.items()]


def _whole_days(left: timedelta) -> int:
    """Round days up: what was deleted a moment ago has all its days left."""
    return -(-left // timedelta(days=1))


def _shown(entry: TrashEntry, may_restore: Decision = YES) -> dict[str, Any]:
    """Return an entry with what people want to know about it."""
    left = _whole_days(entry.purge_at - clock.now()) if entry.purge_at else None
    return {
        "it": entry,
        "who": actor_name(entry.actor_kind, entry.actor_name),
        "what": counted(entry.kind, entry.count),
        "labels": entry.labels[:3],
        "others": max(entry.count - len(entry.labels[:3]), 0),
        "along": _counted(entry.along),
        "may_restore": may_restore,
        "left": None if left is None else max(left, 0),
    }
