"""The keys of an installation, which are the same on every host that uses one database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection

from custode.accounts.models import Account
from custode.kernel import scope
from custode.kernel.errors import Invalid
from custode.signin import sealing


def require_first_host(made: Path) -> None:
    """Allow a secret key that was just created for lack of one only on the first host.

    Args:
        made: its path. It is deleted again unless this is the first host, so that the next
            command does not find and use it.

    Raises:
        Invalid: the database is in use, so it has a key already, which this host lacks.
    """
    try:
        is_used = (
            Account._meta.db_table in connection.introspection.table_names()
            and Account.objects.exists()
        )
    except DatabaseError:
        # Whatever needs the database reports this itself; other commands need no lasting key.
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
    """Check that the present keys can decrypt the secrets in the database.

    Raise `Sealed` if not.
    """
    with scope.everywhere("whether its secrets can be read"):
        for model in sealing.sealed_models():
            newest = model.objects.exclude(**{model.sealed: ""}).order_by("-pk").first()
            if newest is not None:
                sealing.unseal(getattr(newest, model.sealed))


def note(options: dict[str, Any]) -> str:
    """Return a note for operators who may add a host one day; "" if there is none."""
    names = [f"CUSTODE_{name}" for name in ("SECRET_KEY", "ENCRYPTION_KEYS") if not options[name]]
    if not options["DATABASE_URL"] or not names:
        return ""
    return (
        f"The data folder of this host keeps the keys that {' and '.join(names)} would set. Before"
        " another host works on the same database, set them alike on both, or share the folder."
    )
