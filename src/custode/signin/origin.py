"""Where a request comes from: its address, as far as it can be trusted, and its device."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from custode.kernel.actor import Origin
from custode.signin.models import Session


def origin_of(request: HttpRequest, session: Session | None = None) -> Origin:
    """Return the request's address, its browser, and the session's number if there is one."""
    return Origin(
        ip=ip_of(request),
        device=request.headers.get("User-Agent", "")[:300],
        session=str(session.pk) if session else "",
    )


def ip_of(request: HttpRequest) -> str:
    """Return the nearest address that is no trusted proxy; forged headers have no effect."""
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
