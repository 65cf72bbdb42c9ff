"""Nothing can be left without a name by characters that nobody sees: each thing that has one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from custode.activities import moves as comments
from custode.activities import types
from custode.activities.emails import templates as letters
from custode.activities.emails.models import EmailTemplate
from custode.clients import moves as folders
from custode.fields import moves as fields
from custode.guard import history
from custode.kernel.errors import Invalid
from custode.leads import moves as leads
from custode.leads import pipelines, tags
from custode.leads.models import Lead
from custode.people import moves as people
from custode.people.models import Role
from custode.postsales import moves as processes
from custode.postsales import templates as plans
from custode.prospecting import columns
from custode.prospecting import moves as lists
from tests.cast import Cast
from tests.postsales.processes import a_process, tasks, won
from tests.prospecting.sheets import a_list

UNSEEN = ("", "  ", "\u200b", " \u2060\ufeff\u00ad", "\u2800\u3164")


def names(cast: Cast) -> dict[str, Callable[[str], Any]]:
    """What has a name or a text -> how somebody gives it another."""
    anna, ugo = cast.actor(cast.anna), cast.actor(cast.ugo)
    lead, one = won(cast), a_list(ugo)
    process = a_process(cast, lead, None, "Delivery", "Send the contract")
    task = tasks(process)[0]
    folder = folders.create(ugo, "Rossi")
    contact = folders.add_contact(ugo, folder, name="Elena")
    comment = comments.write(ugo, lead, "Called")
    step = pipelines.steps_of(pipelines.default_pipeline(anna))[0]
    field = fields.create(anna, "lead", "Branch", "text", [], is_key=False)
    return {
        "lead": lambda text: leads.edit(ugo, lead, title=text),
        "new lead": lambda text: leads.create(ugo, title=text),
        "comment": lambda text: comments.edit(ugo, comment, text, None, was=None),
        "new comment": lambda text: comments.write(ugo, lead, text),
        "list": lambda text: lists.describe(ugo, one, text, ""),
        "column": lambda text: columns.rename(ugo, columns.of(one)[0], text),
        "new column": lambda text: columns.add(ugo, one, text),
        "folder": lambda text: folders.edit(ugo, folder, name=text),
        "contact": lambda text: folders.change_contact(ugo, contact, was=None, name=text),
        "new contact": lambda text: folders.add_contact(ugo, folder, name=text),
        "process": lambda text: processes.rename(ugo, process, text),
        "task": lambda text: processes.change_task(ugo, task, processes.Wanted(text)),
        "new task": lambda text: processes.add_task(ugo, process, processes.Wanted(text)),
        "process template": lambda text: plans.create(anna, text),
        "step": lambda text: pipelines.rename(anna, step, text),
        "tag": lambda text: tags.create(anna, text),
        "tag category": lambda text: tags.create_category(anna, text),
        "default field": lambda text: fields.change(anna, field, text, is_key=False),
        "activity": lambda text: types.create(anna, text, "phone"),
        "e-mail template": lambda text: letters.save(anna, EmailTemplate(), text, "Hello", "Hi"),
        "text of a template": lambda text: letters.save(anna, EmailTemplate(), "A", "Hello", text),
        "user": lambda text: people.rename(anna, cast.bruna, text, ""),
        "new user": lambda text: people.create(anna, first_name=text, last_name="", role=Role.USER),
    }


@pytest.mark.parametrize("text", UNSEEN, ids=ascii)
def test_nothing_is_left_without_words(ferri: Cast, text: str) -> None:
    accepted = []
    for what, name in names(ferri).items():
        try:
            name(text)
        except Invalid:
            continue
        accepted.append(what)
    assert accepted == []


def test_what_a_task_and_a_process_said_before_stands_in_the_leads_history(ferri: Cast) -> None:
    ugo, lead = ferri.actor(ferri.ugo), won(ferri)
    process = a_process(ferri, lead, None, "Delivery", "Send the contract")
    processes.rename(ugo, process, ".")
    processes.change_task(ugo, tasks(process)[0], processes.Wanted("."))
    processes.change_task(ugo, tasks(process)[0], processes.Wanted("."))
    told = history.of(Lead.objects.get(pk=lead.pk)).values_list("field", "old", "new")
    assert set(told) >= {
        (processes.RENAMED, "Delivery", "."), (processes.REWORDED, "Send the contract", "."),
    }  # fmt: skip
    assert [field for field, _old, _new in told].count(processes.REWORDED) == 1
