"""The pages of account management: the account's edition, and settings for everybody in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from custode.accounts import moves
from custode.accounts.editions import Feature, has
from custode.accounts.models import RequiredOf
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, read_all
from custode.people.models import User
from custode.signin import factors
from custode.web.shell.requests import account_of, admit, user_of
from custode.web.shell.toasts import tell

FEATURES = {
    Feature.TRASH: gettext_lazy("Trash, from which everything can be restored"),
    Feature.TWO_FACTOR: gettext_lazy("Two-factor authentication"),
    Feature.PRIVACY_SETTINGS: gettext_lazy("Privacy settings: who may export and delete"),
    Feature.SENSITIVE_ACTIONS: gettext_lazy(
        "Sensitive actions: who did what, when, from where; with alerts, undo, the check of the log"
        " and “Whose export is this file?”"
    ),
    Feature.TEAMS: gettext_lazy("Teams and their managers"),
    Feature.USER_SESSIONS: gettext_lazy("User sessions: who is in, and how to disconnect them"),
}
"""The features that distinguish the editions, in words."""
_NUMBER: Final = re.compile(r"-?[0-9]+")


@require_http_methods(["GET", "POST"])
def account_page(request: HttpRequest) -> HttpResponse:
    """Show the account's name, edition and settings; a POST sets the days of the trash."""
    actor = admit(request, Verb.ACCOUNT)
    if request.method != "POST":
        return _page(request, {}, {})
    return _saved(request, lambda: moves.set_numbers(actor, _numbers(request, ["trash_days"])))


@require_POST
def set_sessions(request: HttpRequest) -> HttpResponse:
    """Set how long a session may last, and how long past sessions are kept."""
    actor = admit(request, Verb.ACCOUNT)
    names = ["idle_hours", "session_days", "sessions_kept_months"]
    return _saved(request, lambda: moves.set_numbers(actor, _numbers(request, names)))


@require_POST
def set_many(request: HttpRequest) -> HttpResponse:
    """Set how many deletions within which time, and how many reads, count as many."""
    actor = admit(request, Verb.ACCOUNT)
    names = ["many_count", "many_minutes", "many_read"]
    return _saved(request, lambda: moves.set_numbers(actor, _numbers(request, names)))


@require_POST
def set_two_factor(request: HttpRequest) -> HttpResponse:
    """Set for which users two-factor authentication is required."""
    actor = admit(request, Verb.ACCOUNT)
    return _saved(request, lambda: _set_two_factor(actor, request))


def _set_two_factor(actor: Actor, request: HttpRequest) -> None:
    days = _numbers(request, ["two_factor_grace_days"])["two_factor_grace_days"]
    required = request.POST.get("two_factor_for") in {RequiredOf.ADMINS, RequiredOf.ALL}
    if required and not days and not factors.are_on(user_of(request)):
        raise Invalid(
            _("You have no second factor yourself: set it up first, or give days of grace."),
            field="two_factor_grace_days",
        )
    moves.set_two_factor(actor, request.POST.get("two_factor_for", ""), days)


def _saved(request: HttpRequest, save: Callable[[], None]) -> HttpResponse:
    try:
        save()
    except Invalid as error:
        return _page(request, request.POST.dict(), error.wrong)
    tell(request, _("Saved."))
    return redirect("account")


def _page(request: HttpRequest, given: dict[str, str], mistakes: dict[str, str]) -> HttpResponse:
    account = account_of(request)
    values: dict[str, Any] = {name: getattr(account, name) for name in moves.BOUNDS}
    values["two_factor_for"] = account.two_factor_for
    words = {
        "tab": "account",
        "features": [(words, has(account.edition, one)) for one, words in FEATURES.items()],
        "values": values | {name: text for name, text in given.items() if name in values},
        "bounds": moves.BOUNDS,
        "required_of": RequiredOf.choices,
        "lacking": _lacking(),
        "has_alerts": has(account.edition, Feature.SENSITIVE_ACTIONS),
        "mistakes": mistakes,
    }
    return render(request, "account/account.html", words, status=422 if mistakes else 200)


def _lacking() -> int:
    """Return how many users who sign in have no second factor yet."""
    people = User.objects.filter(disabled_at=None, email__isnull=False)
    return people.exclude(factors.somebody_has()).count()


def _numbers(request: HttpRequest, names: Sequence[str]) -> dict[str, int]:
    """Return the whole numbers that a form sent under these names."""
    return read_all({name: partial(_whole, request.POST.get(name, ""), name) for name in names})


def _whole(text: str, name: str) -> int:
    if not _NUMBER.fullmatch(text.strip()):
        raise Invalid(_("Write a whole number, like 30."), field=name)
    # As many digits as are out of all bounds: a longer one would only take time.
    found = int(text.strip()[:10])
    moves.require_within(name, found)
    return found
