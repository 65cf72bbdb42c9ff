"""The pages of the log's check: whether its chain is intact and anchored, and checkpoints."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from custode.accounts import anchoring
from custode.accounts.editions import Feature, has
from custode.accounts.models import CheckpointsTo
from custode.exchange import tasks
from custode.exchange.evidence import checking, mailing
from custode.exchange.models import CheckState, LogCheck
from custode.guard import checkpoints, door
from custode.guard.checkpoints import Checkpoint
from custode.guard.kinds import Verb
from custode.guard.models import LogCheckpoint, LogHead
from custode.guard.verifying import Wrong
from custode.kernel.errors import Invalid
from custode.web.security.editions import CHECK, other_edition
from custode.web.shell.requests import account_of, admit, is_htmx, user_of
from custode.web.shell.toasts import tell
from custode.web.shell.words import exact, number

_SHOWN: Final = 20
"""The maximum number of faults listed; a manipulated log may have thousands."""


@require_http_methods(["GET", "POST"])
def log_check(request: HttpRequest) -> HttpResponse:
    """Show the last check's findings, polled while one runs; a POST starts a new one."""
    tried = door.Attempt(details={"check": True})
    actor = admit(request, Verb.ACCOUNT, tried)
    if not _has_log(request):
        return other_edition(request, actor, Verb.ACCOUNT, tried, CHECK)
    if request.method != "POST":
        if is_htmx(request):
            return render(request, "security/check_result.html", _result())
        return _page(request)
    try:
        anchor = _anchor(request, actor.account_id)
    except Invalid as mistake:
        return _page(request, mistake, {"checkpoint": request.POST.get("checkpoint", "")})
    check = checking.begin(user_of(request), anchor)
    tasks.check_log.enqueue(actor.account_id, check.pk)
    return redirect("log_check")


@require_POST
def make_checkpoint(request: HttpRequest) -> HttpResponse:
    """Make a checkpoint of the present log, as a download."""
    tried = door.Attempt(details={"checkpoint": True})
    actor = admit(request, Verb.ACCOUNT, tried)
    if not _has_log(request):
        return other_edition(request, actor, Verb.ACCOUNT, tried, CHECK)
    one = door.make_checkpoint(actor)
    checkpoints.note(one)
    return render(request, "security/checkpoint.html", {"checkpoint": one})


@require_POST
def set_checkpoints(request: HttpRequest) -> HttpResponse:
    """Set to whom daily checkpoints are sent."""
    actor = admit(request, Verb.ACCOUNT, door.Attempt(details={"checkpoints": {}}))
    to = request.POST.get("checkpoints_to", "")
    addresses = request.POST.get("checkpoint_addresses", "")
    try:
        changed = anchoring.change(actor, to, addresses)
    except Invalid as mistake:
        given = {"checkpoints_to": to, "checkpoint_addresses": addresses}
        return _page(request, mistake, given)
    tell(request, _("Saved.") if changed else _("Nothing was changed."))
    return redirect("log_check")


def _has_log(request: HttpRequest) -> bool:
    return has(account_of(request).edition, Feature.SENSITIVE_ACTIONS)


def _anchor(request: HttpRequest, account_id: int) -> Checkpoint | None:
    """Return the checkpoint that was pasted or uploaded; None if there was none."""
    text = request.POST.get("checkpoint", "")
    if file := request.FILES.get("file"):
        text = file.read(checkpoints.LONGEST).decode("utf-8", "replace")
    return checkpoints.read(text, account_id) if text.strip() else None


def _page(
    request: HttpRequest, mistake: Invalid | None = None, given: dict[str, str] | None = None
) -> HttpResponse:
    account = account_of(request)
    words: dict[str, Any] = {
        **_result(),
        "values": {
            "checkpoints_to": account.checkpoints_to,
            "checkpoint_addresses": account.checkpoint_addresses.replace(",", "\n"),
            "checkpoint": "",
            **(given or {}),
        },
        "mistakes": {mistake.field: str(mistake)} if mistake else {},
        "ways": CheckpointsTo.choices,
        "is_on": account.checkpoints_to != CheckpointsTo.NOBODY,
        "mailed_to": [one.address for one in mailing.recipients(account)],
        "last": checkpoints.latest(account.pk),
        "begins": checkpoints.BEGIN,
        "public_key": checkpoints.public_key(),
        "has_mail": settings.HAS_MAIL,
    }
    return render(request, "security/check.html", words, status=422 if mistake else 200)


def _result() -> dict[str, Any]:
    """Return the last check's progress or findings."""
    check = checking.latest()
    head = LogHead.objects.first()
    words: dict[str, Any] = {"check": check, "length": head.seq if head else 0}
    if check is None or check.state != CheckState.DONE:
        return words
    found = checking.Found(**check.found)
    # One of the checkpoints handed over since the check may cover more.
    anchored = LogCheckpoint.objects.order_by("-seq", "-pk").first()
    upto = max(found.anchored, anchored.seq if anchored else 0)
    faults = [_fault(*one) for one in found.faults[:_SHOWN]]
    return words | {
        "found": found,
        "faults": faults,
        "more": len(found.faults) - len(faults) + found.more,
        # If the log ends before its checkpoint, count only what exists.
        "anchored": min(upto, words["length"]),
        "unanchored": max(words["length"] - upto, 0),
        "newer": max(words["length"] - found.last, 0),
        "against": _against(check),
    }


def _against(check: LogCheck) -> str:
    """Return which checkpoint the log was compared with, in words; "" if none came from outside."""
    if not check.anchor:
        return ""
    one = Checkpoint(
        check.account_id, check.anchor["seq"], check.anchor["hash"], check.anchor["time"], ""
    )
    return _("entry %(seq)s, of %(when)s") % {"seq": number(one.seq), "when": exact(one.moment)}


def _fault(first: int, last: int, what: str) -> dict[str, Any]:
    if last > first:
        entries = _("Entries %(first)s to %(last)s") % {
            "first": number(first), "last": number(last),
        }  # fmt: skip
    else:
        entries = _("Entry %(seq)s") % {"seq": number(first)}
    return {"entries": entries, "what": Wrong(what).label}
