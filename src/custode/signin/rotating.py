"""Key rotation for the secrets at rest: all are re-encrypted, and the old keys are removed.

It works while Custode runs, and may be interrupted at any point: an old key is removed only when no
secret needs it any more. The log is added to, never rewritten.
"""

from __future__ import annotations

from django.conf import settings

from custode.accounts.models import Account
from custode.guard import door
from custode.guard.owned import Kept
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.signin import sealing
from custode.signin.api_keys.models import Answered


def rotate() -> int:
    """Encrypt all secrets with a new key of the data folder, or with the newest configured one.

    Returns:
        The number of secrets.

    Raises:
        Sealed: one cannot be read with the available keys; no key was removed.
    """
    in_folder = not settings.OPTIONS["ENCRYPTION_KEYS"]
    if in_folder:
        sealing.add_key()
    count = sum(_anew(pk) for pk in Account.objects.order_by("pk").values_list("pk", flat=True))
    if in_folder:
        sealing.drop_old_keys()
    return count


def _anew(account_id: int) -> int:
    """Re-encrypt the secrets of one account, and return how many."""
    with scope.account(account_id):
        _answers_anew()
        return sum(_anew_of(account_id, model) for model in sealing.sealed_models())


def _answers_anew() -> None:
    """Re-encrypt the responses stored for a day (`Idempotency-Key`); not logged, as no settings."""
    for row in Answered.objects.exclude(body=b""):
        body = sealing.sealed_anew(bytes(row.body).decode()).encode()
        Answered.objects.filter(pk=row.pk).update(body=body)


def _anew_of(account_id: int, model: type[Kept]) -> int:
    column, what = model.sealed, {"resealed": model._meta.model_name}
    sealed = model.objects.exclude(**{column: ""})
    if not sealed.exists():
        return 0
    # A secret added meanwhile is encrypted within the door too: before this with an old key, and
    # then it is among these; or after it, with the new one.
    with door.sensitive_act(Actor.operator(account_id), model.sensitive[column], details=what):
        rows = list(sealed)
        for row in rows:
            setattr(row, column, sealing.sealed_anew(getattr(row, column)))
        model.objects.bulk_update(rows, [column])
    return len(rows)
