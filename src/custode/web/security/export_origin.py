"""“Whose export is this?”: an admin uploads a file that was found, and sees which exports match.

Nothing of the file is stored: the answer is from the log, which admins may read anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO, Final, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from custode.accounts.editions import Feature, has
from custode.exchange.comparing import Match
from custode.exchange.export_origin import MOST_ROWS, Answer, find_exports
from custode.exchange.importing import runs
from custode.guard import kinds, policy
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome
from custode.kernel.errors import Invalid
from custode.web.security.editions import WHOSE
from custode.web.security.entries_by_day import facts
from custode.web.security.object_links import named
from custode.web.security.reading import told
from custode.web.shell.requests import account_of, actor_of

SHOWN: Final = 20
MOST: Final = 5_000_000
"""The maximum number of exported rows compared while somebody waits; the command has no limit."""


@require_http_methods(["GET", "POST"])
def whose_export(request: HttpRequest) -> HttpResponse:
    """Ask for a file, and show the exports that its rows came from, best match first."""
    actor = actor_of(request)
    policy.require(actor, Verb.PRIVACY)
    if not has(account_of(request).edition, Feature.SENSITIVE_ACTIONS):
        return render(request, "security/other_edition.html", {"page": WHOSE})
    answer, mistake, name = None, "", ""
    if request.method == "POST":
        try:
            name, answer = _compared(request, actor.account_id)
        except Invalid as error:
            mistake = str(error)
    words = {
        "mistake": mistake,
        "name": name,
        "answer": answer,
        "fits": _shown(answer) if answer else [],
        "more": max(len(answer.matches or answer.alike) - SHOWN, 0) if answer else 0,
        "most_rows": MOST_ROWS,
        "limit": settings.UPLOAD_BYTES // 2**20,
        "most": settings.UPLOAD_BYTES,
        "too_large": runs.too_large(),
    }
    status = 422 if mistake else 200
    return render(request, "security/whose.html", words, status=status)


def _compared(request: HttpRequest, account_id: int) -> tuple[str, Answer]:
    file = request.FILES.get("file")
    if file is None or file.file is None:
        raise Invalid(_("Choose a file first."), field="file")
    name = file.name or ""
    return name[:200], find_exports(account_id, cast(BinaryIO, file.file), name, most=MOST)


def _shown(answer: Answer) -> list[dict[str, Any]]:
    """Return the exports that match or are similar, each with its log entry."""
    matches = (answer.matches or answer.alike)[:SHOWN]
    entries = _entries([match.seq for match in matches])
    shown = {one.entry.about or one.entry.seq: facts(one) for one in told(entries)}
    return [
        {
            "entry": shown[match.seq],
            "match": match,
            "kind": kinds.named(match.kind),
            "percent": int(match.closeness * 100 / answer.rows + 1e-9),
            "things": _things(match),
        }
        for match in matches
    ]


def _entries(seqs: Sequence[int]) -> list[LogEntry]:
    """Return these exports' log entries: the end of each, or its start if it has not ended."""
    found = {entry.seq: entry for entry in LogEntry.objects.filter(seq__in=seqs)}
    ends = LogEntry.objects.filter(about__in=seqs, verb=Verb.EXPORT).order_by("-seq")
    for entry in ends.exclude(outcome=Outcome.REFUSED):
        # The first entry that mentions it is its end; downloads follow.
        found[entry.about or 0] = entry
    return list(found.values())


def _things(match: Match) -> list[dict[str, str]]:
    """Return the first few objects in the rows: by name, with a link to all that touched them."""
    found = []
    for pk in match.objects:
        thing = f"{match.kind}:{pk}"
        if name := named(thing):
            found.append({"thing": thing, "name": name.name})
    return found
