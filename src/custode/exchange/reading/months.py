"""The names of the months, full and short, in the five languages of files."""

from __future__ import annotations

from typing import Final

from custode.kernel.text import fold

_NAMES: Final = (
    "january jan gennaio gen janvier janv januar jänner enero ene",
    "february feb febbraio février févr fév februar febrero",
    "march mar marzo mars märz mär",
    "april apr aprile avril avr abril abr",
    "may maggio mag mai mayo",
    "june jun giugno giu juin juni junio",
    "july jul luglio lug juillet juil juli julio",
    "august aug agosto ago août aoû",
    "september sep sept settembre set septembre septiembre",
    "october oct ottobre ott octobre oktober okt octubre",
    "november nov novembre noviembre",
    "december dec dicembre dic décembre déc dezember dez diciembre",
)

MONTHS: Final = {
    fold(name): number for number, names in enumerate(_NAMES, start=1) for name in names.split()
}
"""Folded name -> number."""
