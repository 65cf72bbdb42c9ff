"""What must hold before Custode serves: each no is a sentence that says what to do."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from custode.console import forming
from custode.console.demo import filling
from custode.console.serving import conditions
from custode.guard import door, lock_installation
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.actor import Origin
from custode.kernel.errors import Invalid
from custode.signin import access
from tests.cast import Cast, standing

PLAIN = {
    "URL": "http://localhost:8000", "BIND": "127.0.0.1", "TLS_CERTIFICATE": "", "TLS_KEY": "",
    "BEHIND_PROXY": False,
}  # fmt: skip


@pytest.fixture
def certified(tmp_path: Path) -> dict[str, str]:
    """Two files as https needs them."""
    for name in ("certificate", "key"):
        (tmp_path / name).touch()
    return {"TLS_CERTIFICATE": f"{tmp_path}/certificate", "TLS_KEY": f"{tmp_path}/key"}


@pytest.mark.once
@pytest.mark.parametrize(
    "told",
    [
        {},
        {"URL": "http://127.0.0.1:9000"},
        {"URL": "http://crm.localhost:8000"},
        {"BIND": "::1"},
        {"URL": "https://crm.example.com", "BEHIND_PROXY": True},
        {"URL": "https://crm.example.com", "BEHIND_PROXY": True, "BIND": "0.0.0.0"},
    ],
)
def test_what_is_safe_is_served(told: dict[str, Any]) -> None:
    conditions.is_safe({**PLAIN, **told})


@pytest.mark.once
def test_https_is_served_anywhere(certified: dict[str, str]) -> None:
    told = {"URL": "https://crm.example.com", "BIND": "0.0.0.0", **certified}
    conditions.is_safe({**PLAIN, **told})


@pytest.mark.once
@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"BIND": "0.0.0.0"}, "CUSTODE_TLS_CERTIFICATE and CUSTODE_TLS_KEY.*BEHIND_PROXY"),
        ({"BIND": "192.0.2.7"}, "Plain http is served on this machine only"),
        ({"URL": "http://crm.example.com"}, "Plain http is served on this machine only"),
        ({"URL": "https://localhost:8000"}, "nothing speaks it"),
        ({"URL": "http://crm.example.com", "BEHIND_PROXY": True}, "begin with https://"),
        ({"TLS_CERTIFICATE": "nowhere"}, "there is no such file"),
        ({"TLS_CERTIFICATE": __file__}, "needs both"),
        ({"TLS_KEY": __file__}, "needs both"),
        ({"TLS_KEY": __file__, "TLS_CERTIFICATE": __file__}, "begin with https://"),
    ],
)
def test_what_is_not_safe_is_refused(told: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        conditions.is_safe({**PLAIN, **told})


@pytest.mark.once
def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as other:
        # granian would share it in silence when both ask to.
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Invalid, match="CUSTODE_PORT"):
            conditions.port_is_free("127.0.0.1", other.getsockname()[1])


@pytest.mark.django_db
def test_this_database_and_set_up_are_ready() -> None:
    conditions.database_is_ready()
    conditions.set_up_is_sound()


@pytest.mark.django_db
def test_a_step_that_was_not_gone_is_told() -> None:
    (last,) = MigrationLoader(connection).graph.leaf_nodes("leads")
    MigrationRecorder(connection).record_unapplied(*last)
    with pytest.raises(Invalid, match="custode migrate"):
        conditions.database_is_ready()


@pytest.mark.django_db
def test_a_database_of_a_later_version_is_left_alone() -> None:
    MigrationRecorder(connection).record_applied("leads", "0003_of_next_year")
    with pytest.raises(Invalid, match="custode migrate"):
        conditions.database_is_ready()
    with pytest.raises(Invalid, match=r"\(leads\.0003_of_next_year\): it is of a later version"):
        forming.migrate()


@pytest.mark.django_db
def test_a_database_from_before_the_first_version_goes_on_when_it_had_gone_all_steps() -> None:
    recorder = MigrationRecorder(connection)
    halfway, *rest = sorted(forming.BEFORE)
    recorder.record_applied(*halfway)
    with pytest.raises(Invalid, match="halfway to the first"):
        forming.migrate()
    for step in [*rest, ("guard", "0003_alerts")]:
        recorder.record_applied(*step)
    assert not forming.is_formed()
    forming.migrate()
    assert forming.is_formed()
    assert ("guard", "0003_alerts") not in recorder.applied_migrations()


@pytest.mark.django_db
def test_a_lock_that_is_missing_is_told() -> None:
    on = "" if connection.vendor == "sqlite" else " ON leads_lead"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER custode_leads_lead_delete{on}")
    with pytest.raises(Invalid, match=r"custode_leads_lead_delete.*custode migrate"):
        conditions.database_is_ready()
    lock_installation.install()
    conditions.database_is_ready()


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_was_taken_out_is_put_back_and_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    people = standing()
    name = "custode_leads_lead_delete"
    on = " ON leads_lead" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")
    forming.form(verbosity=0)
    assert lock_installation.missing() == []
    assert f"1 locks did not stand in the database and were put back: {name}." in (
        capsys.readouterr().err
    )
    for where in (people.ferri, people.lodi):
        with scope.account(where.account.pk):
            told = list(LogEntry.objects.order_by("seq").values_list("verb", "details"))
            assert told[-1] == ("account", f'{{"locks":["{name}"]}}')
    forming.form(verbosity=0)
    assert capsys.readouterr().err == ""


def test_a_demo_is_not_served(people: Cast) -> None:
    conditions.no_demo_inside()
    user = people.ugo

    with door.sensitive_act(people.actor(people.anna), Verb.SIGN_IN):
        user.email = f"ugo@{filling.DOMAIN}"
        user.set_password(filling.PASSWORD)
        user.save(update_fields=["email", "password"])
    with pytest.raises(Invalid, match="CUSTODE_DATA"):
        conditions.no_demo_inside()
    access.set_by_link(access.by_link(user, Origin()), user, "tre-civette-sul-comò")
    conditions.no_demo_inside()
