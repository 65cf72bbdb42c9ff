"""The tables of the tests' own kinds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from custode.guard import kinds, locksmith
from tests.guard.kinds import MODELS, OWN_KINDS


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Beside the real tables, those of the tests' own kinds, with their locks."""
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for model in MODELS:
                editor.create_model(model)
        locksmith.install()


@pytest.fixture(autouse=True)
def _the_tests_own_kinds_are_declared() -> Iterator[None]:
    """Only here: the product's own pages and tests know only the product's kinds."""
    for model in OWN_KINDS:
        kinds.declare(model)
    yield
    for model in OWN_KINDS:
        kinds.forget(model.kind.name)
