"""The keys of an installation: every host that works on one database needs the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection

from custode.accounts.models import Account
from custode.kernel import scope
from custode.kernel.errors import Invalid
from custode.signin import sealing


def require_first_host(made: Path) -> None:
    """A secret key has just been made for want of one: that is right on the first host only.

    Args:
        made: where it lies. It is taken away again unless this is the first host, so that the next
            command does not find it and go on.

    Raises:
        Invalid: the database is in use, so it has a key already, which this host lacks.
    """
    try:
        is_used = (
            Account._meta.db_table in connection.introspection.table_names()
            and Account.objects.exists()
        )
    except DatabaseError:
        # Whatever needs the database will say so itself; the rest needs no key that stays.
        made.unlink(missing_ok=True)
        return
    if is_used:
        made.unlink(missing_ok=True)
        raise Invalid(
            "This database has accounts, and the key with which their links and sessions are"
            f" signed is not here. Set the same CUSTODE_SECRET_KEY as on the other hosts, or copy"
            f" {made.name} and {sealing.FILE} from their data folder to {made.parent}. If they are"
            " lost, set a new CUSTODE_SECRET_KEY: everybody signs in anew."
        )


def secrets_can_be_read() -> None:
    """The secrets in the database fit the keys that are here; raises `Sealed`."""
    with scope.everywhere("whether its secrets can be read"):
        for model in sealing.sealed_models():
            newest = model.objects.exclude(**{model.sealed: ""}).order_by("-pk").first()
            if newest is not None:
                sealing.unseal(getattr(newest, model.sealed))


def note(options: dict[str, Any]) -> str:
    """What to tell whoever may add a host one day; "" where there is nothing to tell."""
    names = [f"CUSTODE_{name}" for name in ("SECRET_KEY", "ENCRYPTION_KEYS") if not options[name]]
    if not options["DATABASE_URL"] or not names:
        return ""
    return (
        f"The data folder of this host keeps the keys that {' and '.join(names)} would set. Before"
        " another host works on the same database, set them alike on both, or share the folder."
    )
