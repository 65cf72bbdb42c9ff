"""Checks an address and a password, within the limits on attempts."""

from __future__ import annotations

import ipaddress

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from custode.kernel import scope
from custode.kernel.text import fold
from custode.people.models import User
from custode.signin import guessing, limits
from custode.signin.models import Session
from custode.signin.sessions.store import Arrival, digest


def user_of(request: HttpRequest, arrival: Arrival, email: str, raw: str) -> User | None:
    """Return the user with this address and this password, who may sign in; else None.

    Unknown and disabled users take the same code path, and the same time, as known ones.

    Raises:
        TooMany: too many tries for this address, from this device, or from this network address.
    """
    person, network = fold(email.strip()), network_of(arrival.ip)
    known = is_known(email, arrival)
    if known:
        # Nor can somebody who tries passwords from the same office lock its people out.
        left = limits.spend(limits.PASSWORD_KNOWN, person, arrival.mark)
    else:
        limits.spend(limits.ADDRESS, network)
        left = limits.spend(limits.PASSWORD_STRANGER, person, network)
        left = min(left, limits.spend(limits.PASSWORD_STRANGERS, person))
    with scope.everywhere("sign-in looks for an address in the installation"):
        user = get_adapter().authenticate(request, email=email.strip(), password=raw)
    # Allauth returns disabled users too, to send them to a page that says so: we do not. And a
    # database may treat addresses as equal that our limits count separately (`ı` for `i`).
    if not isinstance(user, User) or not user.is_active or user.email != email.strip().lower():
        if not left:
            guessing.at_password(email, arrival)
        return None
    if known:
        limits.forgive(limits.PASSWORD_KNOWN, person, arrival.mark)
    else:
        limits.forgive(limits.PASSWORD_STRANGER, person, network)
    return user


def is_known(email: str, arrival: Arrival) -> bool:
    """Return whether this person has signed in before on the device that the request comes from."""
    with scope.everywhere("whether this device was used by whom the address names"):
        found = User.objects.filter(email=email.strip().lower()).values_list("pk", "account_id")
        pk, account_id = found.first() or (0, 0)
        return Session.objects.filter(
            account_id=account_id, user_id=pk, device=digest(arrival.mark)
        ).exists()


def network_of(ip: str) -> str:
    """Return the network that an address counts for: one IPv6 customer has a whole /64."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((address, 64), strict=False))
    return ip
