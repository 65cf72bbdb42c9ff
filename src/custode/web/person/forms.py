"""The form of a person's preferences: language, time zone, theme."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from custode.people.models import User

ASKS = [("yes", _("Ask me")), ("no", _("Do not ask"))]
THEMES = [("light", _("Light")), ("dark", _("Dark")), ("auto", _("As the device"))]


@cache
def time_zones() -> list[tuple[str, str]]:
    """Return the world's time zones by place, without technical ones."""
    parts = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
             "Pacific/")  # fmt: skip
    names = sorted(n for n in zoneinfo.available_timezones() if n.startswith(parts))
    return [(name, name.replace("_", " ")) for name in ["UTC", *names]]


class HabitsForm(forms.ModelForm[User]):
    """The preferences; each may be set alone: fields that are not sent stay as they are."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, required=False)
    theme = forms.ChoiceField(label=_("Theme"), choices=THEMES, required=False)
    asks = forms.ChoiceField(
        label=_("When a lead is won, ask about post-sales"), choices=ASKS, required=False
    )

    class Meta:
        model = User
        fields = ("language", "time_zone", "theme")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["asks"] = "yes" if self.instance.asks_post_sales else "no"

    def given(self) -> dict[str, str]:
        """Return the fields that were sent with a value."""
        sent = {name: value for name, value in self.cleaned_data.items() if value}
        if asks := sent.pop("asks", ""):
            sent["asks_post_sales"] = asks
        return sent
