"""Reading uploaded files: recognised by content, read as a stream, turned into drafts.

The steps: `open_table` → `propose` → (a person answers `questions`, changes the mapping; `settle`
and `translate` complete it) → `interpret`. Everything that is wrong with a file, a mapping or a
value raises a `ReadingError`.
"""

from __future__ import annotations

from .cells import Cell, shorten, text_of
from .columns import Column, study
from .drafts import Interpreted, LeadDraft, Refusal
from .errors import BadValue, MappingError, ReadingError, UnreadableFile
from .fields import DATE_FIELDS, LABELS, SEVERAL, Field, Status, status_of
from .fitting import fitted, ragged
from .guessing import Known
from .interpreting import interpret, label_of
from .limits import Bounds, Limits
from .mapjson import from_dict, to_dict
from .mapline import format_map, parse_map
from .mapping import WAY_LABELS, WAYS, LeadMapping, from_places
from .opening import open_table
from .proposal import Choice, Confidence, Proposal, propose
from .settling import Question, Settled, settle
from .sniff import Kind
from .table import Row, Table
from .tally import Ambiguous, Candidate, Found, Nothing
from .values import ValueChoice, translate

__all__ = [
    "DATE_FIELDS", "LABELS", "SEVERAL", "WAYS", "WAY_LABELS",
    "Ambiguous", "BadValue", "Bounds", "Candidate",
    "Cell", "Choice", "Column", "Confidence", "Field", "Found", "Interpreted", "Kind", "Known",
    "LeadDraft", "LeadMapping", "Limits", "MappingError", "Nothing", "Proposal", "Question",
    "ReadingError", "Refusal", "Row", "Settled", "Status", "Table", "UnreadableFile",
    "ValueChoice", "fitted", "format_map", "from_dict", "from_places", "interpret", "label_of",
    "open_table", "parse_map",
    "propose", "ragged", "settle", "shorten", "status_of", "study",
    "text_of", "to_dict", "translate",
]  # fmt: skip
