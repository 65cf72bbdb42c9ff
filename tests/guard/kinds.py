"""Kinds that only the tests have, declared in a few lines: journeys, their stops, guests, notes.

They show that the mechanism, not the leads' code, gives a kind its scope, trash, restore, export,
log and refusals.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from custode.guard.kinds import Column, Kind, Verb, forget
from custode.guard.owned import Guarded, Part, on_one_of


class Journey(Guarded):
    kind = Kind(
        name="journey",
        singular="journey",
        plural="journeys",
        label="name",
        edits=lambda actor: Q() if actor.is_admin else Q(owner_id=actor.user_id),
        rules={
            Verb.DELETE: "Only admins can delete journeys",
            Verb.EXPORT: "Only admins can export journeys",
        },
        export=(Column("name", "name", "Name"),),
    )
    name = models.CharField(max_length=80)
    owner_id = models.BigIntegerField(null=True)

    class Meta(Guarded.Meta):
        app_label = "leads"


class Stop(Guarded):
    kind = Kind(name="stop", singular="stop", plural="stops", label="place", parents=("journey",))
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT)
    place = models.CharField(max_length=80)

    class Meta(Guarded.Meta):
        app_label = "leads"


class Guest(Guarded):
    kind = Kind(name="guest", singular="guest", plural="guests", label="name", parents=("stop",))
    stop = models.ForeignKey(Stop, on_delete=models.PROTECT)
    name = models.CharField(max_length=80)

    class Meta(Guarded.Meta):
        app_label = "leads"


class Note(Guarded):
    """Of a journey or of a stop."""

    kind = Kind(
        name="note", singular="note", plural="notes", label="text", parents=("journey", "stop")
    )
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, null=True)
    stop = models.ForeignKey(Stop, on_delete=models.PROTECT, null=True)
    text = models.CharField(max_length=80)

    class Meta(Guarded.Meta):
        app_label = "leads"
        constraints = (on_one_of("journey", "stop", name="note_on_one"),)


class Receipt(Part):
    part_of = "stop"
    stop = models.ForeignKey(Stop, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=80)

    class Meta(Part.Meta):
        app_label = "leads"


MODELS = (Journey, Stop, Note, Guest, Receipt)
OWN_KINDS = (Journey, Stop, Note, Guest)
for model in OWN_KINDS:
    # Declaring a class takes it into the registry; `conftest` puts it there for these tests only.
    forget(model.kind.name)
