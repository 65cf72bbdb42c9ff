"""What two companies share, which must be nothing: for the tests that try to cross over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import F, ForeignKey, Model

from custode.accounts.models import Account
from custode.kernel import scope


def owned() -> Iterator[type[Model]]:
    """Every model of the product whose rows belong to an account; not those of the tests alone."""
    for model in apps.get_models():
        fields = model._meta.concrete_fields
        ours = model.__module__.startswith("custode.")
        if ours and any(field.attname == "account_id" for field in fields):
            yield model


def everything_of(account: Account) -> dict[str, Any]:
    """All rows of an account, in every table, with all that is in them."""
    with scope.everywhere("a test compares all of an account"):
        found: dict[str, Any] = {
            model._meta.label: list(
                model._base_manager.filter(account_id=account.pk).order_by("pk").values()
            )
            for model in owned()
        }
        found["account"] = Account.objects.filter(pk=account.pk).values().get()
    return found


def links_across() -> list[str]:
    """The columns in which a row of one account points to a row of another; none, it is hoped."""
    found = []
    with scope.everywhere("a test looks at all accounts"):
        for model in owned():
            for field in model._meta.concrete_fields:
                if isinstance(field, ForeignKey) and _is_owned(field.related_model):
                    across = model._base_manager.filter(**{f"{field.name}__isnull": False})
                    if across.exclude(**{f"{field.name}__account_id": F("account_id")}).exists():
                        found.append(f"{model._meta.label}.{field.name}")
    return found


def _is_owned(model: Any) -> bool:
    return model in set(owned())
