"""Rows kept beside and as long as the log: the objects an act touched, and what was exported.

Also, for an hour, which objects a program was sent, until it becomes an act.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from custode.guard.logged import Logged


class Touched(Logged):
    """Objects that an act of the log touched: one, or many whose numbers are close together.

    So one index tells which acts touched an object, however many acts and objects there are.
    """

    seq = models.BigIntegerField()
    """The act's number in the log; for an export, that of its beginning."""
    kind = models.CharField(max_length=40)
    stretch = models.PositiveIntegerField()
    """How many numbers it can represent: 1, or many, given by `marks` (`guard.touched_objects`)."""
    place = models.BigIntegerField()
    """Its position: the object's number divided by the stretch."""
    marks = models.BinaryField(default=b"")
    """The bits of a long stretch, one for each number, packed."""

    class Meta(Logged.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["account_id", "kind", "stretch", "place", "-seq"], name="touched_by_place"
            ),
        ]


class Imprint(Logged):
    """A few thousand exported rows: their numbers, and a short digest of each cell.

    It identifies a found file, or some of its rows. A digest is useless without the installation's
    secret key (`guard.cell_digests`).
    """

    seq = models.BigIntegerField()
    """The number of the export's beginning in the log."""
    kind = models.CharField(max_length=40)
    place = models.PositiveIntegerField()
    """The piece's position within the export, from 0."""
    count = models.PositiveIntegerField()
    """How many rows it has."""
    columns = models.TextField()
    """JSON: the name, display name and form of each column that has digests."""
    key = models.CharField(max_length=16)
    """Identifies the key that made the digests."""
    ids = models.BinaryField()
    """The rows' numbers, packed."""
    cells = models.BinaryField()
    """The digests, column by column, packed."""

    class Meta(Logged.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account_id", "seq", "kind", "place"], name="one_imprint"
            ),
        ]


class ReadWindow(Logged):
    """The objects of a kind that an actor's programs read in a full hour (`guard.scraping`)."""

    fixed = ("actor_kind", "actor_id", "kind")

    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    ids = models.JSONField(default=list)
    """Their numbers."""
    seq = models.BigIntegerField(null=True)
    """The log number of the act that they became."""
    further = models.JSONField(default=list)
    """The numbers of those that no entry names yet, once it is an act."""

    class Meta(Logged.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account_id", "actor_kind", "actor_id", "kind"], name="one_read_window"
            ),
        ]
