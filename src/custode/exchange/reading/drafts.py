"""The result for a row: plain values, for example those of a lead, or the refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar

from .dates import Moment
from .fields import Status

Draft = TypeVar("Draft")


@dataclass(slots=True)
class LeadDraft:
    """A lead as given by the file; what it does not give is "", None, False or ().

    Args:
        title, description: text; the description ends with the `Label: value` lines.
        pipeline, step, owner: names as written (a step as the mapping translates it).
        status: None when the file gives none.
        amount, currency: exact and not yet rounded; the currency is an ISO 4217 code or "".
        probability: in percent, 0 to 100.
        created_at, closed_at: a `datetime` where the file gives the hour (aware only if it gives a
            zone), else a `date`; `closed_at` only when the status is a closed one.
        tags: each once, in order.
        reference: the file's own identity of the lead.
        own: values of the account's own fields, as returned by their reader.
    """

    title: str = ""
    description: str = ""
    pipeline: str = ""
    step: str = ""
    status: Status | None = None
    amount: Decimal | None = None
    currency: str = ""
    probability: int | None = None
    estimated_closing_date: date | None = None
    closed_at: Moment | None = None
    created_at: Moment | None = None
    remind_date: date | None = None
    owner: str = ""
    tags: tuple[str, ...] = ()
    starred: bool = False
    reference: str = ""
    own: dict[str, Any] = field(default_factory=dict)


class Refusal(NamedTuple):
    """Why a row cannot be imported.

    Args:
        column: its header, or "" for the row as a whole.
        value: its value, shortened.
        reason: a sentence.
    """

    column: str
    value: str
    reason: str


class Interpreted(NamedTuple, Generic[Draft]):
    """A row: where it starts in the file, and either a draft or at least one refusal."""

    line: int
    draft: Draft | None
    refusals: tuple[Refusal, ...]
