"""The page of sensitive actions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from custode.accounts.editions import Feature, has
from custode.guard import kinds
from custode.guard.kinds import Verb
from custode.kernel.address import whole
from custode.signin.middleware import polled
from custode.web.security import actors, object_links, undoing
from custode.web.security.entries_by_day import Shown, by_day
from custode.web.security.news import latest, news
from custode.web.security.reading import PAGE, Wanted, found, told
from custode.web.security.verbs import OUTCOMES, VERBS
from custode.web.sessions.words import session_named
from custode.web.shell.requests import account_of, admit, is_htmx


@polled
@require_GET
def sensitive_actions(request: HttpRequest) -> HttpResponse:
    """Show the sensitive acts by day, with an undo beside those that can be undone.

    An open page polls for newer ones.
    """
    actor = admit(request, Verb.PRIVACY)
    if not has(account_of(request).edition, Feature.SENSITIVE_ACTIONS):
        return render(request, "security/other_edition.html")
    wanted, shown = Wanted.of(request.GET), Shown.of(account_of(request))
    if is_htmx(request) and "after" in request.GET:
        return news(request, wanted, shown)
    # Read before the entries, so that entries added in between count as news.
    upto = latest()
    page = list(found(wanted)[: PAGE + 1])
    asked = request.GET.copy()
    for name in ("before", "after"):
        asked.pop(name, None)
    offered = actors.groups()
    going = undoing.of_alert(actor, whole(wanted.alert)) if whole(wanted.alert) else None
    shown_of = wanted.who or (going.who if going else "")
    words = {
        "tab": "actions",
        "days": by_day(told(page[:PAGE]), shown),
        "more": page[PAGE - 1].seq if len(page) > PAGE else 0,
        "wanted": wanted,
        "asked": asked.urlencode(),
        "latest": upto,
        "anchored": shown.anchored,
        "unanchored": shown.has_news(page[:PAGE]),
        "follows": not wanted.before,
        "verbs": [(verb.value, words) for verb, words in VERBS.items()],
        "outcomes": [(outcome.value, words) for outcome, words in OUTCOMES.items()],
        "kinds": [*(model.kind for model in kinds.all_models()), kinds.LOG],
        "people": offered,
        "unlisted": actors.unlisted(wanted.who, offered),
        "session": session_named(wanted.session),
        "thing": object_links.named(wanted.thing),
        "going": going,
        "leaver": actors.leaver(shown_of, actor.user_id),
        "application": actors.application(shown_of),
    }
    return render(request, "security/actions.html", words)
