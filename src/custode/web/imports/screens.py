"""The kinds of imports that have a screen."""

from __future__ import annotations

from typing import Final

from custode.exchange.models import ImportRun
from custode.web.imports.lead_screen import LeadScreen
from custode.web.imports.screen import Screen
from custode.web.imports.sheet_screen import SheetScreen

SCREENS: Final[dict[str, Screen]] = {
    screen.kind.name: screen for screen in (LeadScreen(), SheetScreen())
}


def screen_of(run: ImportRun) -> Screen:
    """Return the screen of an import."""
    return SCREENS[run.kind]
