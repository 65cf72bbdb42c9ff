"""An account: a company that works with Custode, apart from all others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from custode.accounts.editions import Edition
from custode.guard.kinds import Verb
from custode.kernel import clock


class Account(models.Model):
    """One company's account. Everything else belongs to exactly one of these."""

    sensitive: ClassVar[Mapping[str, Verb]] = {
        "edition": Verb.ACCOUNT,
        "trash_days": Verb.ACCOUNT,
    }

    name = models.CharField(_("name"), max_length=120, unique=True)
    edition = models.CharField(_("edition"), max_length=20, choices=Edition)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Rome")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    trash_days = models.PositiveIntegerField(_("days in the trash"), default=30)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.name
