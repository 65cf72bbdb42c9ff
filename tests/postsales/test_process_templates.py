"""Templates of processes are the admins' to make, to fill, to order and to retire."""

from __future__ import annotations

from typing import Any

import pytest

from custode.guard import door
from custode.guard.models import LogEntry
from custode.kernel.errors import Gone, Invalid, Refused
from custode.postsales import templates
from custode.postsales.models import TemplateTask
from tests.cast import Cast
from tests.postsales.processes import a_template


def test_templates_are_the_admins(ferri: Cast) -> None:
    one, ugo = a_template(ferri), ferri.actor(ferri.ugo)
    task = one.tasks.all()[0]
    for act in (
        lambda: templates.create(ugo, "Mine"),
        lambda: templates.rename(ugo, one, "Mine"),
        lambda: templates.retire(ugo, one, True),
        lambda: templates.save_task(ugo, task, text="x", days=1, who="owner", person=None),
        lambda: templates.remove_task(ugo, task),
        lambda: templates.order_tasks(ugo, one, [t.pk for t in one.tasks.all()][::-1]),
    ):
        with pytest.raises(Refused, match="Only admins"):
            act()
    one.refresh_from_db()
    assert (one.name, one.retired_at) == ("Onboarding", None)
    assert [t.text for t in one.tasks.all()] == [
        "Send the contract", "Install the press", "Call and ask",
    ]  # fmt: skip


def test_retiring_a_template_is_an_act_that_is_undone_from_the_log(ferri: Cast) -> None:
    one, anna = a_template(ferri), ferri.actor(ferri.anna)
    act = templates.retire(anna, one, True)
    assert templates.offered() == []
    with pytest.raises(Gone, match="in the meantime"):
        templates.retire(anna, one, True)
    with pytest.raises(Refused):
        door.undo(ferri.actor(ferri.ugo), act.seq)
    door.undo(anna, act.seq)
    assert templates.offered() == [one]
    told = LogEntry.objects.filter(outcome="done", verb__in=["retire", "undo"])
    assert told.count() == 2


def test_a_template_that_is_offered_no_more_keeps_its_tasks_and_gets_none(ferri: Cast) -> None:
    one, anna = a_template(ferri), ferri.actor(ferri.anna)
    first = one.tasks.all()[0]
    templates.retire(anna, one, True)
    with pytest.raises(Invalid, match="Offer it again before"):
        templates.save_task(
            anna, TemplateTask(template=one), text="x", days=1, who="owner", person=None
        )
    templates.save_task(anna, first, text="Send it", days=1, who="owner", person=None)
    assert next(task.text for task in one.tasks.all()) == "Send it"


def test_a_template_is_put_in_order_and_named_once(ferri: Cast) -> None:
    one, anna = a_template(ferri), ferri.actor(ferri.anna)
    ids = [task.pk for task in one.tasks.all()]
    templates.order_tasks(anna, one, ids[::-1])
    assert [task.pk for task in one.tasks.all()] == ids[::-1]
    for wrong in (ids[:2], [*ids, 999], []):
        with pytest.raises(Invalid, match="Somebody has changed this"):
            templates.order_tasks(anna, one, wrong)
    templates.remove_task(anna, one.tasks.all()[0])
    with pytest.raises(Invalid, match="of this name already"):
        templates.create(anna, "ONBOARDING")
    assert one.tasks.count() == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": ""}, "text"),
        ({"days": None}, "days"),
        ({"days": -1}, "days"),
        ({"days": 3651}, "days"),
        ({"who": "everybody"}, "assignee"),
        ({"who": "person"}, "assignee"),
    ],
)
def test_a_templates_task_that_does_not_fit_is_told(
    ferri: Cast, wrong: dict[str, Any], field: str
) -> None:
    one = a_template(ferri)
    task = one.tasks.all()[0]
    sent: dict[str, Any] = {"text": "Send", "days": 1, "who": "owner", "person": None, **wrong}
    with pytest.raises(Invalid) as no:
        templates.save_task(ferri.actor(ferri.anna), task, **sent)
    assert no.value.field == field
    task.refresh_from_db()
    assert task.text == "Send the contract"
