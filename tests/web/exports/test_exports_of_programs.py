"""What applications export as themselves: seen and removed by admins, downloaded by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from custode.exchange import askers, exporting, folders, making
from custode.exchange.models import ExportFile
from custode.exchange.orders import Order
from custode.kernel.actor import Actor, Origin, Scope
from custode.signin.api_keys import moves as keys
from tests.cast import Cast

Clients = Callable[..., Client]


@pytest.fixture
def file(ferri: Cast, tmp_path: Any, settings: Any) -> ExportFile:
    """What the application Zapp exported, ready to be downloaded by it."""
    settings.DATA = settings.MEDIA_ROOT = tmp_path
    ferri.lead(ferri.ugo, "Scanner")
    account = ferri.anna.account
    row, _text = keys.make(Actor.operator(account.pk), "Zapp", list(Scope))
    actor = row.actor(Origin())
    asked = exporting.file_for(askers.user_of(actor), actor, Order("csv"))
    making.make(account.pk, asked.pk)
    asked.refresh_from_db()
    return asked


def test_an_admin_sees_it_with_the_applications_name_and_cannot_download_it(
    ferri: Cast, come_in: Clients, file: ExportFile
) -> None:
    page = come_in(ferri.anna).get("/exports/").text
    assert "exported by the program “Zapp”" in page
    assert file.name in page
    assert f'href="/exports/{file.pk}/"' not in page
    assert come_in(ferri.anna).get(f"/exports/{file.pk}/").status_code == 404


def test_who_is_no_admin_neither_sees_nor_removes_it(
    ferri: Cast, come_in: Clients, file: ExportFile
) -> None:
    for who in (ferri.ugo, ferri.carla):
        client = come_in(who)
        assert "Zapp" not in client.get("/exports/").text
        assert client.post(f"/exports/{file.pk}/delete/").status_code == 404
    assert ExportFile.objects.filter(pk=file.pk).exists()


def test_once_an_admin_has_removed_it_it_is_gone_for_the_application(
    ferri: Cast, come_in: Clients, file: ExportFile
) -> None:
    path = folders.path_of(folders.EXPORTS, file.token)
    assert path.is_file()
    answer = come_in(ferri.anna).post(f"/exports/{file.pk}/delete/")
    assert answer["Location"] == "/exports/"
    assert not ExportFile.objects.filter(pk=file.pk).exists()
    assert not path.is_file()


def test_an_admin_removes_nobodys_own_file(ferri: Cast, come_in: Clients, file: ExportFile) -> None:
    own = exporting.file_for(ferri.ugo, ferri.actor(ferri.ugo), Order("csv"))
    making.make(own.account_id, own.pk)
    page = come_in(ferri.anna).get("/exports/").text
    assert f"/exports/{own.pk}/" not in page
    assert come_in(ferri.anna).post(f"/exports/{own.pk}/delete/").status_code == 404
