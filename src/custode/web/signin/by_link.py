"""The pages behind mailed links: a new password, a new e-mail address, “this was not me”.

Virus scanners open links too, so opening one changes nothing: a button does.
"""

from __future__ import annotations

import zoneinfo

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from custode.kernel.errors import Gone, Invalid
from custode.people import addresses
from custode.people.addresses import Taken
from custode.people.models import User
from custode.signin import access, devices, links
from custode.signin.middleware import open_to_visitors
from custode.signin.origin import origin_of
from custode.web.signin.forms import new_password


@open_to_visitors
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest, token: str) -> HttpResponse:
    """Set a password by a link, which works once and says so afterwards."""
    user = links.user_of(token)
    if user is None:
        return _over(request)
    if not user.email and addresses.is_taken(user.pending_email, user):
        return _taken(request, user)
    mistake = ""
    if request.method == "POST":
        try:
            new = new_password(request.POST)
            access.set_by_link(access.by_link(user, origin_of(request)), user, new)
        except Taken:
            return _taken(request, user)
        except Invalid as error:
            mistake = str(error)
        else:
            logout(request)
            return render(request, "signin/password_set.html", {"email": user.email})
    words = {"owner": user, "token": token, "mistake": mistake}
    return render(request, "signin/password.html", words, status=422 if mistake else 200)


@open_to_visitors
@never_cache
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a new e-mail address to which the link was sent."""
    user = links.user_of_address(token)
    if user is None:
        return _over(request)
    if addresses.is_taken(user.pending_email, user):
        return _taken(request, user)
    if request.method != "POST":
        return render(request, "signin/address.html", {"owner": user, "token": token})
    try:
        access.confirm_address(access.by_link(user, origin_of(request)), user)
    except Taken:
        return _taken(request, user)
    except Invalid:
        return _over(request)
    return render(request, "signin/address_set.html", {"email": user.email})


@open_to_visitors
@never_cache
@require_http_methods(["GET", "POST"])
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """Report a sign-in as not one's own."""
    row = links.session_of(token)
    if row is None:
        return _over(request)
    if request.method != "POST":
        words = {"it": row, "token": token, "device": devices.words(row.browser, row.system)}
        with timezone.override(zoneinfo.ZoneInfo(row.user.time_zone)):
            return render(request, "signin/not_me.html", words)
    try:
        mailed = access.not_me(access.by_link(row.user, origin_of(request)), row)
    except Gone:
        return _over(request)
    done = {"email": row.user.email, "mailed": mailed and settings.HAS_MAIL}
    return render(request, "signin/not_me_done.html", done)


def _over(request: HttpRequest) -> HttpResponse:
    words = {"has_mail": settings.HAS_MAIL}
    return render(request, "signin/link_over.html", words, status=404)


def _taken(request: HttpRequest, user: User) -> HttpResponse:
    """Say that the address already signs in, which the holder of the mailbox may know."""
    return render(request, "signin/address_taken.html", {"email": user.pending_email}, status=409)
