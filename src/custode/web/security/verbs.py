"""The names of the sensitive verbs, and of the outcomes of acts (`guard.verbs`)."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from custode.guard.verbs import OUTCOMES, VERBS
from custode.kernel.actor import Entrance

__all__ = ["ENTRANCES", "OUTCOMES", "VERBS"]

ENTRANCES: Final[Mapping[str, Promise]] = {
    Entrance.WEB: gettext_lazy("On a page"),
    Entrance.CONSOLE: gettext_lazy("By a command"),
    Entrance.JOB: gettext_lazy("In the background"),
    Entrance.API: gettext_lazy("Through the API"),
}
