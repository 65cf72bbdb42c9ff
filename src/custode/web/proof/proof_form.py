"""The context of the form of a proof of identity."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest

from custode.signin import proof
from custode.signin.factors import passkeys
from custode.signin.models import Passkey, Totp
from custode.web.shell.requests import next_of, user_of


def proof_words(request: HttpRequest, mistake: str = "") -> dict[str, Any]:
    """Return the form's context: the password, or the second factors that the person has."""
    user = user_of(request)
    with_passkey = Passkey.objects.filter(user=user, removed_at=None).exists()
    options = passkeys.begin_asking(request.session, user) if with_passkey else None
    return {
        "by_password": proof.asks_for_password(user),
        "has_totp": Totp.objects.filter(user=user, removed_at=None).exists(),
        "options": json.dumps(options) if options else "",
        "mistake": mistake,
        "next": next_of(request, ""),
    }
