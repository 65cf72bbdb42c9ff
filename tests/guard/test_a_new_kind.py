"""A kind declared in a few lines gets everything from the door."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection, transaction

from custode.guard import door, trash
from custode.guard.kinds import Verb, children_of, family
from custode.guard.models import LogEntry, PrivacySetting
from custode.guard.owned import Guarded, Part
from custode.kernel import scope
from custode.kernel.errors import NoScope, Refused, UseTheDoor
from tests.cast import Cast
from tests.guard.kinds import Guest, Journey, Note, Receipt, Stop


def test_it_is_seen_only_with_its_account_in_scope(ferri: Cast, journey: Journey) -> None:
    with scope.account(ferri.lodi.account.pk):
        assert not Journey.objects.exists()
    with scope.everywhere("a test"):
        assert Journey.objects.exists()


def test_without_an_account_in_scope_no_query_is_made(people: Cast) -> None:
    for ask in (
        Journey.objects.all,
        Journey.with_trashed.count,
        Receipt.objects.exists,
    ):
        with pytest.raises(NoScope):
            ask()


def test_what_hangs_on_it_goes_along_and_comes_back(ferri: Cast, journey: Journey) -> None:
    ugo = ferri.actor(ferri.ugo)
    act = door.delete(ugo, [journey])
    assert act.entry is not None
    assert (act.count, dict(act.along or {})) == (1, {"stop": 2})
    assert not Journey.objects.exists()
    assert not Stop.objects.exists()
    assert list(trash.contents(act.entry)) == [journey]
    door.restore(ugo, act.entry)
    assert Journey.objects.count() == 1
    assert Stop.objects.count() == 2


def test_its_parts_are_locked_until_then(ferri: Cast, journey: Journey) -> None:
    with pytest.raises(Error, match="only the door"), transaction.atomic():
        Receipt.objects.all().delete()


def test_its_rules_stop_a_user_and_not_an_admin(ferri: Cast, journey: Journey) -> None:
    with door.sensitive_act(ferri.actor(ferri.anna), Verb.PRIVACY):
        for verb in ("delete", "export"):
            PrivacySetting.objects.create(verb=verb, kind="journey", ticked=True)
    with pytest.raises(Refused, match="Only admins can delete journeys"):
        door.delete(ferri.actor(ferri.ugo), [journey])
    with pytest.raises(Refused, match="Only admins can export journeys"):
        door.export(ferri.actor(ferri.ugo), Journey.objects.all(), format="csv")
    refused = LogEntry.objects.filter(outcome="refused").values_list("verb", "kind", "actor_id")
    assert sorted(refused) == [
        ("delete", "journey", ferri.ugo.pk),
        ("export", "journey", ferri.ugo.pk),
    ]
    leaving = door.export(ferri.actor(ferri.anna), Journey.objects.all(), format="csv")
    assert list(leaving.rows()) == [("Round of the lakes",)]
    assert door.delete(ferri.actor(ferri.anna), [journey]).count == 1


def test_who_may_not_edit_it_may_not_delete_it(ferri: Cast, journey: Journey) -> None:
    with pytest.raises(Refused, match="belongs to"):
        door.delete(ferri.actor(ferri.bruna), [journey])
    assert Journey.objects.exists()


def test_it_has_its_locks(ferri: Cast, journey: Journey) -> None:
    for statement in (
        "DELETE FROM leads_journey",
        "UPDATE leads_stop SET trash_id = 1",
        "DELETE FROM leads_receipt",
    ):
        with (
            pytest.raises(Error, match="only the door"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_families_are_known_from_the_declarations() -> None:
    assert children_of(Journey) == [Stop, Note]
    assert children_of(Stop) == [Note, Guest]
    assert family(Journey) == [Journey, Stop, Note, Guest]


def test_a_guarded_model_that_declares_nothing_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="declares no"):
        type("Undeclared", (Guarded,), {"__module__": __name__, "Meta": _meta()})


def test_a_kind_cannot_be_declared_twice() -> None:
    with pytest.raises(ImproperlyConfigured, match="declared twice"):
        type("Twin", (Guarded,), {"__module__": __name__, "Meta": _meta(), "kind": Journey.kind})


def test_a_part_that_hangs_on_nothing_stops_the_start() -> None:
    with pytest.raises(UseTheDoor, match="names no parent"):
        type("Loose", (Part,), {"__module__": __name__, "Meta": _meta()})


def _meta() -> type:
    return type("Meta", (), {"app_label": "nowhere"})
