"""The tables of the tests' own kinds, and the scene on which locks are tried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from custode.guard import door, history, kinds, locksmith
from custode.guard.kinds import Verb
from custode.guard.models import PrivacySetting
from custode.kernel.errors import Refused
from custode.leads import pipelines
from custode.leads.moves import tags_named
from custode.people.models import Membership, Team
from tests.cast import Cast
from tests.fields.made import a_field
from tests.guard.kinds import MODELS, OWN_KINDS, Journey, Receipt, Stop


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


@pytest.fixture
def scene(ferri: Cast) -> Cast:
    """A living lead with a tag, one in the trash, a retired step and tag, a rule, teams, a log."""
    ugo = ferri.actor(ferri.ugo)
    living = ferri.lead(ferri.ugo, "Living", tags=tags_named(ugo, ["Hot"]))
    door.delete(ugo, [ferri.lead(ferri.ugo, "Trashed")])
    anna = ferri.actor(ferri.anna)
    retired = pipelines.add_steps(anna, ferri.ferri.pipeline, ["Retired"])
    door.retire(anna, "lead", "step", retired, ferri.ferri.steps[0])
    door.retire(anna, "lead", "tag", tags_named(ugo, ["Old"]), None)
    a_field(ferri, "Region", "choice", "North", "South")
    with door.deed(ferri.actor(ferri.anna), Verb.PRIVACY):
        PrivacySetting.objects.create(verb="delete", kind="lead", ticked=True)
    with door.deed(ferri.actor(ferri.anna), Verb.USERS):
        Membership.objects.create(team=Team.objects.create(name="North"), user=ferri.ugo)
        Team.objects.create(name="Empty")
    with pytest.raises(Refused):
        door.delete(ugo, [living])
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
