"""Tells the server which session a response belongs to: a download ends with its session."""

from __future__ import annotations

import json
from collections.abc import Collection

from django.contrib.auth import HASH_SESSION_KEY
from django.http import HttpRequest

from custode.kernel import scope
from custode.signin.models import Session
from custode.signin.sessions import IN_ENVIRON, Whose
from custode.signin.sessions.life import is_theirs, over


def tell(request: HttpRequest, row: Session) -> None:
    """Tell the server which session the response to this request belongs to."""
    request.META[IN_ENVIRON] = row.account_id, row.pk


def over_among(sessions: Collection[Whose]) -> set[Whose]:
    """Return those of the sessions that are over, or do not exist; one query for all."""
    with scope.everywhere("which sessions are over whose downloads are running"):
        asked = Session.objects.select_related("user", "account").filter(
            pk__in=[pk for _account_id, pk in sessions], ended_at=None
        )
        alive = {
            (row.account_id, row.pk)
            for row in asked
            if over(row) is None and is_theirs(row, json.loads(row.data).get(HASH_SESSION_KEY, ""))
        }
    return set(sessions) - alive
