"""A person's habits: language, time zone, theme."""

from __future__ import annotations

import zoneinfo
from functools import cache

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from custode.people.models import User

THEMES = [("light", _("Light")), ("dark", _("Dark")), ("auto", _("As the device"))]


@cache
def time_zones() -> list[tuple[str, str]]:
    """The world's time zones by place; the technical ones are left out."""
    parts = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
             "Pacific/")  # fmt: skip
    names = sorted(n for n in zoneinfo.available_timezones() if n.startswith(parts))
    return [(name, name.replace("_", " ")) for name in ["UTC", *names]]


class HabitsForm(forms.ModelForm[User]):
    """What may be set, each by itself: fields that are not sent stay as they are."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, required=False)
    theme = forms.ChoiceField(label=_("Theme"), choices=THEMES, required=False)

    class Meta:
        model = User
        fields = ("language", "time_zone", "theme")

    def given(self) -> dict[str, str]:
        """The fields that were sent with a value."""
        return {name: value for name, value in self.cleaned_data.items() if value}
