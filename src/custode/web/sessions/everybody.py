"""The page of the sessions of all users: present and past ones, and disconnecting them."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from custode.accounts.editions import Feature, has, require
from custode.guard.kinds import Verb
from custode.people.models import User
from custode.signin.middleware import session_of
from custode.signin.sessions import moves, queries
from custode.signin.sessions.queries import State, Wanted
from custode.web.sessions.choosing import Chosen, chosen_by
from custode.web.sessions.words import device, session_named, shown, unused
from custode.web.shell.requests import account_of, admit, is_htmx, next_of
from custode.web.shell.toasts import tell

AT_ONCE: Final = 10
"""The maximum number of chosen devices disconnected without confirmation."""
NAMED: Final = 5
"""The number of devices named in the confirmation."""


@never_cache
@require_GET
def sessions_page(request: HttpRequest) -> HttpResponse:
    """Show the sessions that the address asks for, newest first."""
    admit(request, Verb.SESSIONS)
    account, this = account_of(request), session_of(request).pk
    if not has(account.edition, Feature.USER_SESSIONS):
        return render(request, "sessions/other_edition.html")
    wanted = Wanted.of(request.GET)
    page = queries.page(queries.found(account, wanted), wanted.before)
    about = User.objects.filter(pk=wanted.user).first() if wanted.user else None
    in_now = queries.others(account, this)
    rows = [shown(row, this) for row in page.rows]
    mine = queries.all_of(account).filter(pk__in=[row.pk for row in page.rows])
    words = {
        "tab": "sessions",
        "new": set(queries.unusual(mine, this).values_list("pk", flat=True)),
        "rows": rows,
        "tickable": any(one.can_be_ended for one in rows),
        "more": page.more,
        "wanted": wanted,
        "about": about,
        "can_end": (in_now.filter(user=about) if about else in_now).exists(),
        "only": session_named(wanted.session),
        "people": _people(about),
        "states": _states(),
        "idle": unused(account),
    }
    return render(request, "sessions/everybody.html", words)


def _states() -> list[tuple[State, str]]:
    return [
        (State.CURRENT, pgettext("of sessions", "Active")),
        (State.PAST, _("Past")),
        (State.ALL, pgettext("of sessions", "All")),
    ]


def _people(about: User | None) -> list[User]:
    """Return who can have sessions, by name; and always the user who is filtered by."""
    users = User.objects.filter(email__isnull=False).order_by("last_name", "first_name")
    found = list(users[:500])
    return found if about is None or about in found else [about, *found]


@require_POST
def disconnect_one(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session of any user."""
    actor = admit(request, Verb.SESSIONS)
    account = account_of(request)
    row = get_object_or_404(queries.all_of(account), pk=pk)
    if moves.disconnect(actor, queries.all_of(account).filter(pk=pk), words="one"):
        words = {"device": device(row), "name": row.user}
        tell(request, _("Disconnected: %(device)s of %(name)s") % words)
    else:
        tell(request, _("This device was no longer signed in."))
    return redirect(next_of(request, reverse("user_sessions")))


@never_cache
@require_http_methods(["GET", "POST"])
def disconnect_many(request: HttpRequest) -> HttpResponse:
    """After confirmation, end the ticked sessions, all of a user, or everybody else's."""
    actor = admit(request, Verb.SESSIONS)
    given = request.POST if request.method == "POST" else request.GET
    chosen = chosen_by(given, account_of(request), session_of(request).pk)
    sure = "sure" in given or (not chosen.is_everything and len(chosen.ids) <= AT_ONCE)
    if request.method == "POST" and sure:
        count = moves.disconnect(actor, chosen.rows, words=chosen.which)
        tell(request, chosen.told(count))
        return redirect(next_of(request, reverse("user_sessions")))
    require(account_of(request).edition, Feature.USER_SESSIONS, str(moves.OTHER_EDITION))
    template = "sessions/ask_dialog.html" if is_htmx(request) else "sessions/ask.html"
    return render(request, template, _asked(request, chosen))


def _asked(request: HttpRequest, chosen: Chosen) -> dict[str, Any]:
    """Return the context of the confirmation: how many devices, of whom, and which."""
    this = session_of(request)
    rows = list(chosen.rows)
    users = {row.user_id for row in rows}
    return {
        "chosen": chosen,
        "count": len(rows),
        "users": len(users),
        "mine": sum(row.user_id == this.user_id for row in rows),
        "first": [shown(row, this.pk) for row in rows[:NAMED]],
        "rest": max(len(rows) - NAMED, 0),
        "next": next_of(request, reverse("user_sessions")),
    }
