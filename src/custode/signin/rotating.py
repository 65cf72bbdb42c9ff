"""New keys for the secrets at rest: every secret is encrypted anew, and the old keys go.

It works while Custode serves, and may be cut off at any point: an old key goes only when no secret
needs it any more. The log is added to, never rewritten.
"""

from __future__ import annotations

from django.conf import settings

from custode.accounts.models import Account
from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.signin import sealing
from custode.signin.models import Totp


def rotate() -> int:
    """Encrypt all secrets with a new key of the data folder, or with the newest that was set.

    Returns:
        how many secrets there are.

    Raises:
        Sealed: one cannot be read with the keys that are here; no key was dropped.
    """
    in_folder = not settings.OPTIONS["ENCRYPTION_KEYS"]
    if in_folder:
        sealing.add_key()
    count = sum(_anew(pk) for pk in Account.objects.order_by("pk").values_list("pk", flat=True))
    if in_folder:
        sealing.drop_old_keys()
    return count


def _anew(account_id: int) -> int:
    """Encrypt the secrets of one account anew; gives how many."""
    with scope.account(account_id):
        sealed = Totp.objects.exclude(secret="")
        if not sealed.exists():
            return 0
        # Who adds a secret meanwhile encrypts it within the door too: before this, with an old key,
        # and it is among these; or after it, with the new one.
        with door.deed(Actor.operator(account_id), Verb.TWO_FACTOR, details={"resealed": "totp"}):
            rows = list(sealed)
            for row in rows:
                row.secret = sealing.sealed_anew(row.secret)
            Totp.objects.bulk_update(rows, ["secret"])
        return len(rows)
