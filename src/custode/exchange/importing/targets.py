"""The kinds of objects that rows of a file can become."""

from __future__ import annotations

from typing import Final

from custode.exchange.importing.leads import Leads
from custode.exchange.importing.sheets.target import Sheets
from custode.exchange.importing.target import Target
from custode.exchange.models import ImportRun

TARGETS: Final[dict[str, Target]] = {one.kind.name: one for one in (Leads(), Sheets())}


def target_of(run: ImportRun) -> Target:
    """Return the target of a run."""
    return TARGETS[run.kind]
