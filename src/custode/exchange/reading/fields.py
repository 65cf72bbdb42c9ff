"""What a column can become, the possible statuses of a lead, and boolean values."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .cells import Cell, shorten, text_of, words_of
from .errors import BadValue


class Field(StrEnum):
    """The places of a lead that a column can fill; the values are used in mappings."""

    TITLE = "title"
    DESCRIPTION = "description"
    PIPELINE = "pipeline"
    STEP = "step"
    STATUS = "status"
    AMOUNT = "amount"
    CURRENCY = "currency"
    PROBABILITY = "probability"
    ESTIMATED_CLOSING_DATE = "estimated_closing_date"
    CLOSED_AT = "closed_at"
    CREATED_AT = "created_at"
    REMIND_DATE = "remind_date"
    OWNER = "owner"
    TAGS = "tags"
    STARRED = "starred"
    REFERENCE = "reference"
    LINE = "line"
    SKIP = "skip"


SEVERAL: Final = (Field.TITLE, Field.DESCRIPTION, Field.TAGS, Field.LINE, Field.SKIP)
"""The places that accept several columns; every other accepts one."""

DATE_FIELDS: Final = (
    Field.CREATED_AT,
    Field.CLOSED_AT,
    Field.ESTIMATED_CLOSING_DATE,
    Field.REMIND_DATE,
)

LABELS: Final = {
    Field.TITLE: gettext_lazy("Title"),
    Field.DESCRIPTION: gettext_lazy("Description"),
    Field.PIPELINE: gettext_lazy("Pipeline"),
    Field.STEP: gettext_lazy("Step"),
    Field.STATUS: gettext_lazy("Status"),
    Field.AMOUNT: gettext_lazy("Amount"),
    Field.CURRENCY: gettext_lazy("Currency"),
    Field.PROBABILITY: gettext_lazy("Probability"),
    Field.ESTIMATED_CLOSING_DATE: gettext_lazy("Estimated closing date"),
    Field.CLOSED_AT: gettext_lazy("Closed on"),
    Field.CREATED_AT: gettext_lazy("Created on"),
    Field.REMIND_DATE: gettext_lazy("Reminder"),
    Field.OWNER: gettext_lazy("Owner"),
    Field.TAGS: gettext_lazy("Tags"),
    Field.STARRED: gettext_lazy("Starred"),
    Field.REFERENCE: gettext_lazy("Reference in the origin"),
    Field.LINE: gettext_lazy("A line of the description"),
    Field.SKIP: gettext_lazy("Left out"),
}


class Status(StrEnum):
    """A lead's status."""

    TODO = "todo"
    STANDBY = "standby"
    WON = "won"
    CANCELLED = "cancelled"
    LOST = "lost"

    @property
    def is_closed(self) -> bool:
        """Whether it is one of the three that close a lead."""
        return self in (Status.WON, Status.CANCELLED, Status.LOST)


_STATUS_WORDS: Final = {
    Status.TODO: "todo,to do,open,new,active,in progress,da fare,aperta,aperto,in corso,"
    "a faire,en cours,ouvert,offen,zu erledigen,abierto,abierta,por hacer,pendiente",
    Status.STANDBY: "standby,stand by,on hold,waiting,paused,in attesa,en attente,wartend,"
    "en espera",
    Status.WON: "won,closed won,win,signed,vinta,vinto,gagne,gagnee,gewonnen,ganado,ganada,"
    "chiusa vinta,chiuso vinto",
    Status.CANCELLED: "cancelled,canceled,annullata,annullato,annule,annulee,abgebrochen,storniert,"
    "cancelado,cancelada",
    Status.LOST: "lost,closed lost,persa,perso,perdu,perdue,verloren,perdido,perdida,"
    "chiusa persa,chiuso perso",
}
_STATUSES: Final = {
    word: status for status, words in _STATUS_WORDS.items() for word in words.split(",")
}
_YES_WORDS: Final = "yes y true t 1 x si s oui o vrai ja j wahr vero on starred"
_NO_WORDS: Final = "no n false f 0 non faux nein falsch falso off"
_YES: Final = frozenset(_YES_WORDS.split())
_NO: Final = frozenset(_NO_WORDS.split())
_FULL_MARKS: Final = ("★", "✓", "✔")
_EMPTY_MARKS: Final = ("☆", "✗")


def status_of(text: str) -> Status | None:
    """Return the status that a word means in one of five languages; None for any other word."""
    return _STATUSES.get(words_of(text))


def flag_of(cell: Cell) -> bool:
    """Return a boolean; a blank cell is False, a mark like `x` or `★` is True.

    Raises:
        BadValue: it is neither.
    """
    if isinstance(cell, bool):
        return cell
    text = text_of(cell)
    word = words_of(text)
    if word in _YES or text in _FULL_MARKS:
        return True
    if word in _NO or not text or text in _EMPTY_MARKS:
        return False
    raise BadValue(_("“%(value)s” is neither yes nor no.") % {"value": shorten(text)})
