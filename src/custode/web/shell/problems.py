"""The error pages: refused, not found, broken.

For htmx they are fragments, which the page shows in a dialog.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from custode.guard import kinds, trash
from custode.guard.models import TrashEntry
from custode.kernel.errors import Gone, Invalid, Refused, TooMany
from custode.people.models import User
from custode.signin.middleware import open_to_visitors
from custode.web.proof.proof_form import proof_words
from custode.web.security.object_links import PAGES
from custode.web.shell.requests import actor_of, admins_of, is_htmx
from custode.web.shell.words import actor_name


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """Return 403 for a rule or a missing right; the sentence says whom to ask."""
    return _answer(
        request, 403, icon="shield", heading=_("This is not allowed"), why=error.why,
        rule=bool(error.rule),
        ask=_whom_to_ask(request),
    )  # fmt: skip


def _whom_to_ask(request: HttpRequest) -> list[User]:
    user = getattr(request, "user", None)
    return admins_of(request) if isinstance(user, User) and not user.is_admin else []


def proof_needed(request: HttpRequest) -> HttpResponse:
    """Return 403 for an act that needs a proof of identity, for which the acting page asks."""
    if is_htmx(request):
        return HttpResponse(status=403, headers={"X-Custode-Proof": "needed"})
    if request.method == "GET":
        return redirect(f"{reverse('proof')}?{urlencode({'next': request.get_full_path()})}")
    return render(request, "proof/page.html", {**proof_words(request), "again": True}, status=403)


def too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
    """Return 429 for too many attempts; the sentence says how long to wait."""
    answer = _answer(request, 429, icon="hourglass", heading=_("One moment"), why=str(error))
    answer["Retry-After"] = str(error.wait)
    return answer


def gone(request: HttpRequest, error: Gone) -> HttpResponse:
    """Return 410 for something that existed, but no longer does."""
    return _answer(
        request, 410, icon="trash-2", heading=_("This is no longer here"), why=str(error)
    )


def invalid(request: HttpRequest, error: Invalid) -> HttpResponse:
    """Return 400 for an invalid value that no form shows beside its field."""
    return _answer(
        request, 400, icon="circle-alert", heading=_("This cannot be done"), why=str(error)
    )


@open_to_visitors
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 404 for what does not exist, or not for this person, which must look the same.

    A person who may restore an object from the trash is told that it is there.
    """
    if (entry := _trashed(request)) is not None:
        return _answer(
            request, 404, icon="trash-2", heading=_("This is in the trash"),
            why=_("%(name)s was deleted by %(who)s.") % {
                "name": entry.labels[0] if entry.labels else _("This"),
                "who": actor_name(entry.actor_kind, entry.actor_name),
            },
            way=reverse("trash_entry", args=[entry.pk]), way_words=_("See it in the trash"),
        )  # fmt: skip
    return _answer(
        request, 404, icon="compass", heading=_("There is nothing here"),
        why=_("The address is wrong, or what was here has been moved or deleted."),
    )  # fmt: skip


def _trashed(request: HttpRequest) -> TrashEntry | None:
    """Return the trash entry with what the address names, if this person may restore it."""
    match = request.resolver_match
    if match is None or "pk" not in match.kwargs or not isinstance(request.user, User):
        return None
    named = [kind for kind, page in PAGES.items() if page == match.url_name]
    if not named:
        return None
    rows = kinds.model_of(named[0]).with_trashed.filter(pk=match.kwargs["pk"])
    entry = rows.values_list("trash_id", flat=True).first()
    found: TrashEntry | None = trash.entries(actor_of(request)).filter(pk=entry or 0).first()
    return found


def not_that_way(request: HttpRequest, allowed: str) -> HttpResponse:
    """Return 405 if a form's address was opened; `allowed` names the accepted methods."""
    answer = _answer(
        request, 405, icon="compass", heading=_("There is nothing to see here"),
        why=_("This address only takes what a form of Custode sends. Nothing was changed."),
    )  # fmt: skip
    answer["Allow"] = allowed
    return answer


@open_to_visitors
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 400 for a malformed request."""
    return _answer(
        request, 400, icon="circle-alert", heading=_("This cannot be done"),
        why=_("What was sent could not be read. Go back, reload the page and try again."),
    )  # fmt: skip


@open_to_visitors
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 403 for Django's own refusals."""
    return _answer(
        request, 403, icon="shield", heading=_("This is not allowed"),
        why=_("Your browser's request was not accepted. Go back and try again."),
    )  # fmt: skip


@open_to_visitors
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return 403 for a form that is not from one of Custode's pages, or from one too old."""
    return _answer(
        request, 403, icon="refresh-cw", heading=_("This page was too old"), reload=True,
        why=_(
            "For your protection, a form is only accepted from a fresh page of Custode."
            " Reload the page and send it again. Nothing was changed."
        ),
    )  # fmt: skip


@open_to_visitors
def broken(request: HttpRequest) -> HttpResponse:
    """Return 500 for a bug. It is rendered without the database, which may be what is broken."""
    words = {
        "icon": "life-buoy",
        "heading": _("Something went wrong on our side"),
        "why": _(
            "Nothing more was changed. Try again in a moment; if it goes on, tell whoever runs"
            " this installation at what time it happened."
        ),
        "status": 500,
        "language": getattr(request, "LANGUAGE_CODE", "en"),
    }
    if is_htmx(request):
        return _fragment(render_to_string("shell/problem_part.html", words), 500)
    return HttpResponse(render_to_string("shell/problem_plain.html", words), status=500)


def _answer(request: HttpRequest, status: int, **words: Any) -> HttpResponse:
    words["status"] = status
    if is_htmx(request):
        return _fragment(render_to_string("shell/problem_part.html", words, request), status)
    known = isinstance(getattr(request, "user", None), User)
    template = "shell/problem.html" if known else "shell/problem_plain.html"
    return render(request, template, words, status=status)


def _fragment(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, headers={"X-Custode-Problem": "1"})
