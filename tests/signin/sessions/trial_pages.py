"""Pages on which the session ends while the request runs, as an admin elsewhere would end it."""

from __future__ import annotations

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from custode.people.models import User
from custode.signin.middleware import session_of
from custode.signin.models import Ended, Session
from custode.signin.sessions import moves

NEW = "quiet-river-lamp-29"


def remembers(request: HttpRequest) -> HttpResponse:
    """Something is to be kept of a session that has ended since."""
    _end(request)
    request.session["word"] = "kept"
    return HttpResponse("done")


def gets_a_new_cookie(request: HttpRequest) -> HttpResponse:
    """The view itself writes to a session that has ended since."""
    _end(request)
    request.session.cycle_key()
    return HttpResponse("done")


def changes_nothing(request: HttpRequest) -> HttpResponse:
    """The request had begun before; its answer is still given."""
    _end(request)
    return HttpResponse("done")


def new_password(request: HttpRequest) -> HttpResponse:
    """A new password, after which this session goes on, as Django has it."""
    assert isinstance(request.user, User)
    request.user.set_password(NEW)
    request.user.save(update_fields=["password"])
    update_session_auth_hash(request, request.user)
    return HttpResponse("done")


def _end(request: HttpRequest) -> None:
    moves.ended(Session.objects.filter(pk=session_of(request).pk), Ended.DISCONNECTED, by="Anna")


urlpatterns = [
    path("trial/remembers/", remembers),
    path("trial/gets-a-new-cookie/", gets_a_new_cookie),
    path("trial/changes-nothing/", changes_nothing),
    path("trial/new-password/", new_password),
    path("", include("custode.web.urls")),
]
