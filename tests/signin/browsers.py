"""Sessions without a browser: made as signing in makes them, and known by their cookies."""

from __future__ import annotations

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from custode.people.models import User
from custode.signin.models import Session
from custode.signin.sessions.store import SessionStore


def signed_in(user: User) -> tuple[Session, str]:
    """A session of a user, begun just now, and its cookie's value."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "custode.signin.backend.Password"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    assert store.row is not None
    return store.row, str(store.session_key)
