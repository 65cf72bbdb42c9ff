"""Whoever is erased is named no more: by none of their names, nor by what was given to them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from custode.guard import door, log
from custode.people import erasing
from custode.people import moves as people_moves
from custode.people.models import Role, User
from custode.signin import leaving
from tests.cast import Cast
from tests.guard.erased import everything_said, persons


@pytest.fixture
def scene(bare_scene: Cast) -> Cast:
    """The scene, of whose log nobody has a checkpoint."""
    return bare_scene


@pytest.fixture
def gone(scene: Cast) -> Cast:
    """Ugo has left."""
    leaving.disable(scene.actor(scene.anna), scene.ugo)
    scene.ugo.refresh_from_db()
    return scene


def test_what_was_given_to_them_tells_their_name_no_more(gone: Cast) -> None:
    anna = gone.actor(gone.anna)
    lead = gone.lead(gone.anna, "Given")
    act = door.change(anna, [lead], "owner", gone.ugo)
    other = door.change(anna, [lead], "owner", gone.bruna)
    erasing.erase(anna, gone.ugo)
    assert act.seq not in persons()
    assert other.seq in persons()
    assert "Ugo Conti" not in everything_said()


def test_what_an_application_gave_them_as_somebody_tells_their_name_no_more(gone: Cast) -> None:
    as_anna = replace(gone.actor(gone.anna), as_key=7)
    lead = gone.lead(gone.anna, "Given")
    act = door.change(as_anna, [lead], "owner", gone.ugo)
    other = door.change(as_anna, [lead], "owner", gone.bruna)
    erasing.erase(gone.actor(gone.anna), gone.ugo)
    assert act.seq not in persons()
    assert other.seq in persons()
    assert "Ugo Conti" not in everything_said()


def test_a_former_name_is_erased_as_well(scene: Cast) -> None:
    anna = scene.actor(scene.anna)
    people_moves.rename(anna, User.objects.get(pk=scene.ugo.pk), "Hugo", "Berti")
    leaving.disable(anna, User.objects.get(pk=scene.ugo.pk))
    erasing.erase(anna, User.objects.get(pk=scene.ugo.pk))
    said = everything_said()
    assert "Ugo Conti" not in said
    assert "Hugo Berti" not in said
    assert list(log.verify(scene.ferri.account.pk)) == []


def test_a_name_between_two_others_is_erased_as_well(scene: Cast) -> None:
    """Ugo never acted under it, and neither his first nor his last act tells it."""
    anna = scene.actor(scene.anna)

    def ugo() -> User:
        return User.objects.get(pk=scene.ugo.pk)

    people_moves.rename(anna, ugo(), "Hugo", "Berti")
    people_moves.set_role(anna, ugo(), Role.ADMIN)
    people_moves.rename(anna, scene.bruna, "Bruna", "Conti")
    people_moves.rename(anna, ugo(), "Ugolino", "Dossi")
    leaving.disable(anna, ugo())
    erasing.erase(anna, ugo())
    said = everything_said()
    assert [name for name in ("Ugo Conti", "Hugo Berti", "Ugolino Dossi") if name in said] == []
    # Another's names stay.
    assert '"labels":["Bruna Conti","Bruna Sala"]' in said
    assert list(log.verify(scene.ferri.account.pk)) == []
