"""The tables of the tests' own kinds, and the scene on which locks are tried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from custode.guard import checkpoints, history, kinds, lock_installation
from tests.cast import Cast
from tests.guard.kinds import MODELS, OWN_KINDS, Journey, Receipt, Stop
from tests.guard.scene import lay_scene


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Beside the real tables, those of the tests' own kinds, with their locks."""
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for model in MODELS:
                editor.create_model(model)
        lock_installation.install()


@pytest.fixture(autouse=True)
def _the_tests_own_kinds_are_declared() -> Iterator[None]:
    """Only here: the product's own pages and tests know only the product's kinds."""
    for model in OWN_KINDS:
        kinds.declare(model)
    yield
    for model in OWN_KINDS:
        kinds.forget(model.kind.name)


@pytest.fixture
def scene(bare_scene: Cast) -> Cast:
    """The scene, with a checkpoint of its log that was handed over."""
    checkpoints.note(checkpoints.make(bare_scene.ferri.account.pk))
    return bare_scene


@pytest.fixture(scope="module")
def laid(ground: Cast) -> Cast:
    """The scene of a module."""
    return lay_scene(ground)


@pytest.fixture
def bare_scene(ferri: Cast, laid: Cast) -> Cast:
    """The scene (`lay_scene`), which the test may change."""
    return ferri


@pytest.fixture
def journey(ferri: Cast) -> Journey:
    """Ugo's journey with two stops, one with a receipt."""
    found = Journey(name="Round of the lakes", owner_id=ferri.ugo.pk)
    history.create(ferri.actor(ferri.ugo), found)
    for place in ("Como", "Iseo"):
        history.create(ferri.actor(ferri.ugo), Stop(journey=found, place=place))
    Receipt.objects.create(account=found.account, stop=Stop.objects.first(), text="Coffee")
    return found
