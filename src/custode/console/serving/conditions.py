"""The preconditions of serving. Each failure is a message that says what to do."""

from __future__ import annotations

import ipaddress
import socket
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core import checks

from custode.console import forming
from custode.console.demo import filling
from custode.guard import database_checks
from custode.kernel import scope
from custode.kernel.errors import Invalid
from custode.people.models import User


def database_is_ready() -> None:
    """Check that the database has this version's form and all its locks; raise `Invalid` if not."""
    if not forming.is_formed():
        raise Invalid(
            "The database has not the form that this version needs. Run `custode migrate`."
        )
    missing = database_checks.missing_locks()
    if missing:
        raise Invalid(
            f"Locks are missing in the database: {', '.join(missing[:5])}. Find out who removed"
            " them; `custode migrate` puts them back, `custode verify-log` checks the log."
        )
    if indexes := database_checks.missing_indexes():
        raise Invalid(
            f"Indexes of the search are missing in the database: {', '.join(indexes)}."
            " `custode migrate` makes them anew."
        )
    if slow := database_checks.slow_search():
        print(slow, file=sys.stderr)


def set_up_is_sound() -> None:
    """Check that Django and the guard find no mistake in the set-up; raise `Invalid` if they do."""
    errors = [e for e in checks.run_checks() if e.is_serious() and not e.is_silenced()]
    if errors:
        raise Invalid(f"The set-up is not sound: {errors[0].id}: {errors[0].msg}")


def no_demo_inside() -> None:
    """Check that nobody has the demo's password, which is public; raise `Invalid` otherwise."""
    with scope.everywhere("whether the demo's people are here"):
        found = User.objects.filter(email__endswith=f"@{filling.DOMAIN}", disabled_at__isnull=True)
        known = [user for user in found if user.check_password(filling.PASSWORD)]
    if known:
        raise Invalid(
            f"This database holds the demo, and everybody knows its password ({known[0].email} has"
            " it). Serve another folder (CUSTODE_DATA) or database."
        )


def is_safe(options: dict[str, Any]) -> None:
    """Check that nobody can eavesdrop: https, a proxy that speaks it, or this machine only.

    Raises:
        Invalid: plain http would cross a network, or the files for https are missing.
    """
    certificate, key = options["TLS_CERTIFICATE"], options["TLS_KEY"]
    url = urlsplit(options["URL"])
    for name, path in (("CERTIFICATE", certificate), ("KEY", key)):
        if path and not Path(path).is_file():
            raise Invalid(f"CUSTODE_TLS_{name} names {path}, and there is no such file.")
    if bool(certificate) != bool(key):
        raise Invalid("https needs both CUSTODE_TLS_CERTIFICATE and CUSTODE_TLS_KEY.")
    if certificate or options["BEHIND_PROXY"]:
        if url.scheme != "https":
            raise Invalid(
                f"CUSTODE_URL is {options['URL']}, but people come by https: let it begin with"
                " https://."
            )
        return
    if not is_here(options["BIND"]) or not is_here(url.hostname or ""):
        raise Invalid(
            "Plain http is served on this machine only. Name a certificate and its key in"
            " CUSTODE_TLS_CERTIFICATE and CUSTODE_TLS_KEY, or let a proxy speak https and set"
            " CUSTODE_BEHIND_PROXY=yes; or leave CUSTODE_BIND and CUSTODE_URL at localhost."
        )
    if url.scheme == "https":
        raise Invalid(
            "CUSTODE_URL begins with https://, but nothing speaks it: set CUSTODE_BEHIND_PROXY=yes,"
            " or CUSTODE_TLS_CERTIFICATE and CUSTODE_TLS_KEY."
        )


def is_here(host: str) -> bool:
    """Tell whether the name or address is this machine's own loopback."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def port_is_free(address: str, port: int) -> None:
    """Check that the port is free, which granian would share silently; raise `Invalid` if not."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
            probe.listen(1)
        except OSError as error:
            raise Invalid(
                f"Nothing can listen on {address}, port {port}: {error.strerror}. Choose another"
                " with CUSTODE_PORT (for the demo, --port or PORT=)."
            ) from error
