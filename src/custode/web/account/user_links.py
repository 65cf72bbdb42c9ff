"""Deliver links to a user: by e-mail, or shown once to the admin, who hands them over."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from custode.people.models import User
from custode.signin import links, password_links
from custode.web.shell.requests import actor_of
from custode.web.shell.toasts import tell


def hand_over(request: HttpRequest, user: User) -> HttpResponse:
    """Deliver the link by which a user sets a password."""
    link = password_links.hand_over(actor_of(request), user)
    if link:
        return _once(request, user, link, "password")
    tell(request, _("A link is on its way to %(email)s.") % {"email": user.address})
    return redirect("user", pk=user.pk)


def hand_over_address(request: HttpRequest, user: User) -> HttpResponse:
    """Deliver the link by which the owner of a new e-mail address confirms it."""
    if not settings.HAS_MAIL:
        return _once(request, user, links.address_link(user), "address")
    tell(
        request,
        _("A link to confirm it is on its way to %(email)s.") % {"email": user.pending_email},
    )
    return redirect("user", pk=user.pk)


def _once(request: HttpRequest, user: User, link: str, purpose: str) -> HttpResponse:
    words = {"tab": "users", "user_shown": user, "link": link, "purpose": purpose}
    return render(request, "account/link.html", words)
