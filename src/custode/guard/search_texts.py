"""The searchable text of objects, so that a search finds any part of a word among millions.

The folded text is in a table of its own beside its object: on PostgreSQL each change of a row
rewrites all of its index entries, of which a text has hundreds; so deleting and restoring many
objects, which changes a column of each, must not touch the texts. `search_index` indexes them.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import connection, models
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from custode.guard.owned import Part
from custode.kernel.text import in_groups, number_in

SHORTEST: Final = 3
"""The length from which the index helps to find a word: it consists of trigrams."""


class SearchText(Part):
    """The folded text of one guarded object; subclasses add the foreign key to it (`part_of`)."""

    folded = models.TextField()

    class Meta(Part.Meta):
        abstract = True


def index_of(model: type[SearchText]) -> str:
    """Return the name of the index over a table of words."""
    return f"{model._meta.db_table}_index"


def holding(model: type[SearchText], *words: str) -> QuerySet[Any]:
    """Return the rows of the whole account whose text contains all of these words.

    Args:
        words: the folded words; unless one has `SHORTEST` characters, every text is read.
    """
    rows: QuerySet[Any] = model._default_manager.all()
    for word in words:
        rows = rows.filter(folded__contains=word)
    triples = [triple for word in words for triple in _triples(word)]
    if connection.vendor == "sqlite" and triples:
        # A text with all the trigrams may have them apart: the comparisons above decide.
        name = connection.ops.quote_name(index_of(model))
        found = RawSQL(  # noqa: S611 (our own name; what is searched is a parameter)
            f"SELECT rowid FROM {name} WHERE {name} MATCH %s",  # noqa: S608 (see above)
            [" AND ".join(map(_quoted, triples))],
        )
        rows = rows.filter(pk__in=found)
    return rows


def saying(word: str) -> Q:
    """Return the condition that the column `searched` contains a word, anywhere.

    A long number, as a telephone shows who calls, is found in groups too: `0444123` in `0444 123`.
    """
    said = Q(searched__contains=word)
    digits = number_in(word)
    if not digits:
        return said
    # Groups have two digits at least: what lacks the ends is not compared by the expression, which
    # SQLite asks of Python.
    ends = Q(searched__contains=digits[:2]) & Q(searched__contains=digits[-2:])
    return said | ends & Q(searched__regex=in_groups(digits))


def _triples(word: str) -> list[str]:
    return [word[at : at + SHORTEST] for at in range(len(word) - SHORTEST + 1)]


def _quoted(triple: str) -> str:
    """Return a text quoted for SQLite's full-text search, so that nothing in it is special."""
    return '"{}"'.format(triple.replace('"', '""'))
