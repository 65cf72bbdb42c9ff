"""Starts the accounts app and connects it to the guard's ports."""

from collections.abc import Mapping
from typing import Any, Final

from django.apps import AppConfig

LOOSENING: Final = frozenset(
    {"alert_rule", "many_count", "many_minutes", "many_read", "checkpoints"}
)
"""The details of acts on the account that may weaken its monitoring, whatever they set."""


def _loosens(facts: Mapping[str, Any]) -> bool:
    """Return whether an act on the account weakens what watches over it, or what protects it."""
    # Imported here: models load only when the app registry is ready.
    from custode.accounts.models import RequiredOf  # noqa: PLC0415 (see above)

    if LOOSENING & facts.keys():
        return True
    trash, required = facts.get("trash_days"), facts.get("two_factor")
    if isinstance(trash, dict):
        return bool(trash["to"] < trash["from"])
    if isinstance(required, dict):
        order = RequiredOf.values
        narrower = order.index(required["to"]) < order.index(required["from"])
        # More days of grace put off for whom it is required already.
        return narrower or "days_before" in required
    return False


class AccountsConfig(AppConfig):
    """The Django app of the accounts."""

    name = "custode.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Set the guard's ports."""
        # Imported here: models load only when the app registry is ready.
        from custode.accounts.editions import Feature, has  # noqa: PLC0415 (see above)
        from custode.accounts.models import Account  # noqa: PLC0415 (see above)
        from custode.guard import ports  # noqa: PLC0415 (see above)
        from custode.guard.alerts import marks, rules  # noqa: PLC0415 (see above)
        from custode.guard.kinds import Verb  # noqa: PLC0415 (see above)

        def trash_days(account_id: int) -> int:
            """Return how many days the account keeps its trash."""
            return Account.objects.values_list("trash_days", flat=True).get(pk=account_id)

        def advanced_security(account_id: int) -> bool:
            """Return whether the account's edition has privacy settings."""
            edition = Account.objects.values_list("edition", flat=True).get(pk=account_id)
            return has(edition, Feature.PRIVACY_SETTINGS)

        def many_at_once(account_id: int) -> tuple[int, int]:
            """Return the account's limit of deletions, and its minutes."""
            return Account.objects.values_list("many_count", "many_minutes").get(pk=account_id)

        def many_read(account_id: int) -> int:
            """Return the account's hourly limit of reads by programs."""
            return Account.objects.values_list("many_read", flat=True).get(pk=account_id)

        marks.declare(rules.WATCH, Verb.ACCOUNT, _loosens)
        ports.trash_days = trash_days
        ports.many_at_once = many_at_once
        ports.many_read = many_read
        ports.advanced_security = advanced_security
