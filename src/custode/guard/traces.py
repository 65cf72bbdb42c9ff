"""What is kept beside the log, as long as the log: which objects an act touched, and what left.

And for an hour which objects a program was told, until it is an act.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from custode.guard.logged import Logged


class Touched(Logged):
    """Some objects that an act of the log touched: one, or many whose numbers lie close together.

    So one index tells which acts touched an object, however many acts and objects there are.
    """

    seq = models.BigIntegerField()
    """The act's number in the log; of an export, that of its beginning."""
    kind = models.CharField(max_length=40)
    stretch = models.PositiveIntegerField()
    """For how many numbers it stands: 1, or many of which `marks` tells (`guard.touching`)."""
    place = models.BigIntegerField()
    """Where these are: the object's number, divided by the stretch."""
    marks = models.BinaryField(default=b"")
    """A bit for each number of a long stretch, packed."""

    class Meta(Logged.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["account_id", "kind", "stretch", "place", "-seq"], name="touched_by_place"
            ),
        ]


class Imprint(Logged):
    """Some thousand rows that left by an export: their numbers, and a short digest of each cell.

    With it a found file can be told, or some of its rows. A digest says nothing to whoever has not
    the installation's secret key (`guard.imprints`).
    """

    seq = models.BigIntegerField()
    """The number of the export's beginning in the log."""
    kind = models.CharField(max_length=40)
    place = models.PositiveIntegerField()
    """Which piece of the export it is, from 0."""
    count = models.PositiveIntegerField()
    """How many rows."""
    columns = models.TextField()
    """JSON: of each column that has digests, its name, what people called it, and its form."""
    key = models.CharField(max_length=16)
    """Which key made the digests."""
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
    """Which objects of a kind somebody's programs were told in a full hour (`guard.scraping`)."""

    fixed = ("actor_kind", "actor_id", "kind")

    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    ids = models.JSONField(default=list)
    """Their numbers, until they are many: what is read after that is not kept."""
    seq = models.BigIntegerField(null=True)
    """The number in the log of the act that they became."""

    class Meta(Logged.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account_id", "actor_kind", "actor_id", "kind"], name="one_read_window"
            ),
        ]
