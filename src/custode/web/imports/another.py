"""Bringing another file instead of one: it goes where that one was to go."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from custode.exchange.models import ImportRun
from custode.kernel.address import whole
from custode.leads.models import Lead
from custode.prospecting.models import Prospect

WISHES: Final = {Lead.kind.name: "pipeline", Prospect.kind.name: "into"}
"""What rows become -> what addresses, forms and a run's choices call that into which they go."""


def another(run: ImportRun) -> str:
    """Where another file is chosen; a pipeline or a list that would have been new is not there."""
    asked, name = {"kind": run.kind}, WISHES[run.kind]
    if where := whole(str(run.choices.get(name, ""))):
        asked[name] = str(where)
    return f"{reverse('imports')}?{urlencode(asked)}"
