"""The display names of the sensitive verbs, and of how an act can end."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy, pgettext_lazy

from custode.guard.kinds import Verb
from custode.guard.models import Outcome

VERBS: Final = {
    Verb.DELETE: gettext_lazy("Deleting"),
    Verb.RESTORE: gettext_lazy("Restoring"),
    Verb.PURGE: gettext_lazy("Deleting for ever"),
    Verb.EXPORT: gettext_lazy("Exporting"),
    Verb.IMPORT: gettext_lazy("Importing"),
    Verb.CHANGE: gettext_lazy("Changing many at once"),
    Verb.RETIRE: gettext_lazy("Deleting steps, tags and fields"),
    Verb.UNDO: gettext_lazy("Undoing"),
    Verb.PRIVACY: gettext_lazy("Privacy settings"),
    Verb.ACCOUNT: gettext_lazy("Account"),
    Verb.USERS: gettext_lazy("Users"),
    Verb.BACKUP: gettext_lazy("Backup"),
    Verb.SESSIONS: gettext_lazy("User sessions"),
    Verb.SIGN_IN: gettext_lazy("Sign-in of a user"),
    Verb.TWO_FACTOR: gettext_lazy("Two-factor authentication"),
    Verb.ALERT: gettext_lazy("Alerts"),
    Verb.ERASE: gettext_lazy("Erasing personal data"),
    Verb.KEYS: gettext_lazy("API keys"),
    Verb.WEBHOOKS: gettext_lazy("Webhooks"),
}
OUTCOMES: Final = {
    Outcome.DONE: pgettext_lazy("of an action", "Done"),
    Outcome.REFUSED: gettext_lazy("Refused"),
    Outcome.STARTED: gettext_lazy("Under way"),
    Outcome.BROKEN_OFF: gettext_lazy("Broken off"),
    Outcome.FAILED: pgettext_lazy("of an action", "Failed"),
}
