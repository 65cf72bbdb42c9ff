"""Starts the accounts: answers what the guard asks of them."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts."""

    name = "custode.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer the guard's questions."""
        # Imported here: models load only when the app registry is ready.
        from custode.accounts.editions import Feature, has  # noqa: PLC0415 (see above)
        from custode.accounts.models import Account  # noqa: PLC0415 (see above)
        from custode.guard import ports  # noqa: PLC0415 (see above)

        def trash_days(account_id: int) -> int:
            return Account.objects.values_list("trash_days", flat=True).get(pk=account_id)

        def advanced_security(account_id: int) -> bool:
            edition = Account.objects.values_list("edition", flat=True).get(pk=account_id)
            return has(edition, Feature.PRIVACY_SETTINGS)

        ports.trash_days = trash_days
        ports.advanced_security = advanced_security
