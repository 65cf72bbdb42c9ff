"""The tasks of a running process are put into another order."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from custode.postsales.models import Task
from tests.cast import Cast
from tests.postsales.processes import a_process, tasks, won

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ugo(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    return come_in(ferri.ugo)


def test_tasks_change_places(ferri: Cast, ugo: Client) -> None:
    process = a_process(ferri, won(ferri), None, "Delivery", "One", "Two", "Three")
    one, two, three = tasks(process)

    def moved(task: Task, way: str) -> list[str]:
        answer = ugo.post(f"/tasks/{task.pk}/?at=lead", {"move": way}, headers=HTMX)
        assert answer.headers["HX-Retarget"] == "#lead-processes"
        told = [task.text for task in tasks(process)]
        # The page that comes back has them in that order too.
        assert sorted(told, key=answer.text.index) == told
        return told

    assert moved(three, "up") == ["One", "Three", "Two"]
    assert moved(one, "down") == ["Three", "One", "Two"]
    assert moved(three, "up") == ["Three", "One", "Two"]
    assert moved(two, "down") == ["Three", "One", "Two"]
    # The first has no way up, the last none down.
    page = ugo.get(f"/leads/{process.lead_id}/").text
    assert re.findall(r'id="((?:up|down)-\d+)"', page) == [
        f"down-{three.pk}", f"up-{one.pk}", f"down-{one.pk}", f"up-{two.pk}",
    ]  # fmt: skip


def test_who_may_not_edit_the_lead_moves_no_task(
    ferri: Cast, come_in: Callable[..., Client]
) -> None:
    process = a_process(ferri, won(ferri), None, "Delivery", "One", "Two")
    _one, two = tasks(process)
    Task.objects.filter(pk=two.pk).update(assignee=ferri.bruna)
    bruna = come_in(ferri.bruna)
    assert "up-" not in re.findall(r'id="(up-)', bruna.get(f"/leads/{process.lead_id}/").text)
    assert bruna.post(f"/tasks/{two.pk}/", {"move": "up"}).status_code == 403
    assert [task.text for task in tasks(process)] == ["One", "Two"]
