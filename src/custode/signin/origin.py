"""From where a request comes: its address, as far as it can be believed, and its device."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from custode.kernel.actor import Origin
from custode.signin.models import Session


def origin_of(request: HttpRequest, session: Session | None = None) -> Origin:
    """The request's address, its browser, and its session by number, when somebody is signed in."""
    return Origin(
        ip=ip_of(request),
        device=request.headers.get("User-Agent", "")[:300],
        session=str(session.pk) if session else "",
    )


def ip_of(request: HttpRequest) -> str:
    """The nearest address that no trusted proxy of ours has; forged headers change nothing."""
    trusted = set(settings.OPTIONS["TRUSTED_PROXIES"])
    here = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    hops = [*(hop.strip() for hop in forwarded if hop.strip()), here]
    for hop in reversed(hops):
        if hop not in trusted:
            return _valid(hop)
    return _valid(here)


def _valid(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
