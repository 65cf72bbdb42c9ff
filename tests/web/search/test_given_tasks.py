"""The search finds a task for whom it was given, and tells nothing of a lead out of their sight."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.people.models import User
from tests.cast import Cast
from tests.postsales.processes import a_task, won


def test_a_task_on_a_lead_that_one_does_not_see(
    ferri: Cast, come_in: Callable[..., Client]
) -> None:
    sharing.change(ferri.actor(ferri.anna), Sharing("admins", False, "members", "everybody"))
    a_task(ferri, won(ferri, ferri.bruna, "Secret deal"), ferri.ugo, "Install the press")
    asked = {"q": "install"}
    found = come_in(User.objects.get(pk=ferri.ugo.pk)).get("/search/", asked).text
    assert 'href="/post-sales/"' in found.partition('id="found-tasks"')[2]
    assert "Secret deal" not in found
    assert "Process of Install" not in found
    assert "Bruna" not in found
    hers = come_in(User.objects.get(pk=ferri.bruna.pk)).get("/search/", asked).text
    assert "Secret deal" in hers.partition('id="found-tasks"')[2]
    anothers = won(ferri, ferri.anna, "Other deal")
    a_task(ferri, anothers, ferri.anna, "Install the oven")
    again = come_in(User.objects.get(pk=ferri.ugo.pk)).get("/search/", asked).text
    assert "oven" not in again
