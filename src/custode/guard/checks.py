"""Start-up checks that every model is of a known sort, so that the guard misses none."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register

from custode.guard.models import Logged
from custode.guard.owned import Owned, Tenant

UNSCOPED = frozenset({"jobs.Beat", "jobs.Round", "signin.Visit", "signin.Limit"})
"""Our own models that belong to no account, by design: shared state of the workers of the whole
installation, and what is known about visitors, who have no account yet.
"""


@register()
def every_model_has_an_account(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Check that each of our models has `account_id` or is named in `UNSCOPED`."""
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
