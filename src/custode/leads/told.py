"""What other programs are told about a lead, by the API and by webhooks in the same form.

The `Label: value` lines of a description and the default fields have the names that programs
expect. An unknown label keeps its own name, in lower case and joined by `_`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo
from typing import Final

from django.utils import timezone

from custode.kernel import clock
from custode.kernel.text import fold

_USUAL: Final = {
    "first_name": "first name, firstname, nome, prenom",
    "last_name": "last name, lastname, surname, cognome, nom",
    "name": "name, contact, contact name, full name, contatto, referente",
    "company": "company, company name, azienda, ragione sociale, societe",
    "address": "address, street, indirizzo, via",
    "city": "city, town, citta, comune",
    "state": "state, province, region, provincia, regione",
    "zipcode": "zipcode, zip, zip code, postal code, postcode, cap",
    "country": "country, paese, nazione",
    "phone": "phone, telephone, tel, phone number, telefono",
    "mobile": "mobile, mobile phone, cell, cellulare",
    "fax": "fax",
    "email": (
        "email, e-mail, mail, e-mail address, email address, posta elettronica, indirizzo e-mail,"
        " indirizzo email"
    ),
    "web": "web, website, web site, site, url, sito, sito web",
}
"""Names that programs expect -> their labels in a description or a default field, folded."""
_BY_LABEL: Final = {label: name for name, said in _USUAL.items() for label in said.split(", ")}


def usual(by_name: Mapping[str, str]) -> dict[str, str]:
    """Return values under their usual names; the first of several with one name counts."""
    found: dict[str, str] = {}
    for label, value in by_name.items():
        folded = " ".join(fold(label).replace("_", " ").split())
        name = _BY_LABEL.get(folded) or re.sub(r"\W+", "_", folded).strip("_")
        if name:
            found.setdefault(name, value)
    return found


def known(by_name: Mapping[str, str]) -> dict[str, str]:
    """Return the same without values that have no usual name."""
    return {name: value for name, value in usual(by_name).items() if name in _USUAL}


def next_action(day: date | None, hour: time | None, zone: tzinfo | None = None) -> str | None:
    """Return the moment of a reminder, in UTC; without an hour, midnight at the start of its day.

    Args:
        zone: the time zone of day and hour; the active one if None.
    """
    if day is None:
        return None
    return clock.iso(timezone.make_aware(datetime.combine(day, hour or time()), zone))
