"""At start-up: every model is of a declared sort, so that none is forgotten by the guard."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register

from custode.guard.models import Logged
from custode.guard.owned import Owned, Tenant

UNSCOPED = frozenset({"jobs.Beat", "jobs.Round", "signin.Visit", "signin.Limit"})
"""Our own models that belong to no account, by design: what the workers of the whole installation
tell each other, and what is known of visitors, who have no account yet."""


@register()
def every_model_has_an_account(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Each model of ours carries `account_id`, or is named in `UNSCOPED`."""
    return [
        Error(
            f"{model._meta.label} belongs to no account: derive it from custode.guard.owned.",
            obj=model,
            id="custode.E001",
        )
        for model in apps.get_models()
        if model.__module__.startswith("custode.")
        and not issubclass(model, (Owned, Logged, Tenant))
        and model._meta.label not in UNSCOPED
    ]
