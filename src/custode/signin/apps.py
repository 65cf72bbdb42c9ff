"""Starts the sign-in app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import AppConfig


class SigninConfig(AppConfig):
    """The Django app of the sign-in."""

    name = "custode.signin"
    label = "signin"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the periodic jobs and the marks."""
        # Imported here: models load only when the app registry is ready.
        from custode.guard.alerts import marks  # noqa: PLC0415 (see above)
        from custode.guard.alerts.rules import NEW_WAYS  # noqa: PLC0415 (see above)
        from custode.guard.kinds import Verb  # noqa: PLC0415 (see above)
        from custode.signin import tasks  # noqa: PLC0415 (see above)
        from custode.signin.api_keys import periodic as keys  # noqa: PLC0415 (see above)
        from custode.signin.sessions import periodic  # noqa: PLC0415 (see above)

        periodic.add()
        keys.add()
        tasks.forget_whom()
        marks.declare(NEW_WAYS, Verb.KEYS, lambda facts: "first" in facts or _is_of_admin(facts))
        marks.declare("two_factor_off", Verb.TWO_FACTOR, lambda facts: "off" in facts)
        marks.declare("guessed", Verb.SIGN_IN, lambda facts: "guessed" in facts.get("tried", {}))


def _is_of_admin(facts: Mapping[str, Any]) -> bool:
    """Return whether an act on keys created one with which a program may do admins' acts."""
    return "admin" in str(facts.get("made", "")).split(",")
