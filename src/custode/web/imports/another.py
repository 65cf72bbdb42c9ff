"""The link for uploading another file in place of one, with the same destination."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from custode.exchange.models import ImportRun
from custode.kernel.address import whole
from custode.leads.models import Lead
from custode.prospecting.models import Prospect

WISHES: Final = {Lead.kind.name: "pipeline", Prospect.kind.name: "into"}
"""The names of the destination in addresses, forms and runs, by the kind that rows become."""


def another(run: ImportRun) -> str:
    """Return where another file is chosen; a destination that was to be new is left out."""
    asked, name = {"kind": run.kind}, WISHES[run.kind]
    if where := whole(str(run.choices.get(name, ""))):
        asked[name] = str(where)
    return f"{reverse('imports')}?{urlencode(asked)}"
