"""Names of what an account sets up: each once, also when two give it at once, and never cut."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest
from django.utils import translation

from custode.activities import types
from custode.activities.emails import templates as emails
from custode.activities.models import ActivityType, EmailTemplate, Icon
from custode.exchange.webhooks import moves as webhooks
from custode.fields import moves as fields
from custode.guard import naming
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.leads import pipelines, tags
from custode.leads.models import Pipeline, Step
from custode.people import moves as people
from custode.people.models import User
from custode.postsales import templates
from custode.postsales.models import ProcessTemplate
from tests.cast import Cast


def of_anna(cast: Cast) -> tuple[Actor, Pipeline, Step]:
    return cast.actor(cast.anna), cast.ferri.pipeline, cast.ferri.steps[0]


Act = Callable[[Actor], object]
AT_ONCE: dict[str, tuple[ModuleType, Act]] = {
    "make a template": (templates, lambda anna: templates.create(anna, "Same")),
    "rename a template": (
        templates,
        lambda anna: templates.rename(anna, ProcessTemplate.objects.get(name="Known"), "Same"),
    ),
    "make an activity": (types, lambda anna: types.create(anna, "Same", Icon.PHONE)),
    "rename an activity": (
        types,
        lambda anna: types.change(anna, ActivityType.objects.get(name="Known"), "Same", Icon.PHONE),
    ),
    "make an e-mail template": (
        emails,
        lambda anna: emails.save(anna, EmailTemplate(), "Same", "Subject", "Text"),
    ),
    "rename an e-mail template": (
        emails,
        lambda anna: emails.save(
            anna, EmailTemplate.objects.get(name="Known"), "Same", "Subject", "Text"
        ),
    ),
    "make a pipeline": (
        pipelines,
        lambda anna: pipelines.create_pipeline(anna, "Same", ["A"]),
    ),
    "rename a pipeline": (
        pipelines,
        lambda anna: pipelines.rename(anna, Pipeline.objects.get(name="Sales"), "Same"),
    ),
}
"""An act that gives the name "Same", with the module that gives it."""
RIVALS: dict[ModuleType, Act] = {
    templates: lambda anna: templates.create(anna, "Same"),
    types: lambda anna: types.create(anna, "Same", Icon.PHONE),
    emails: lambda anna: emails.save(anna, EmailTemplate(), "Same", "Subject", "Text"),
    pipelines: lambda anna: Pipeline.objects.create(
        account_id=anna.account_id, name="Same", position=9
    ),
}


@pytest.mark.parametrize("what", AT_ONCE)
def test_of_two_who_give_a_name_at_once_the_later_is_told(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    (module, act), anna = AT_ONCE[what], ferri.actor(ferri.anna)
    templates.create(anna, "Known")
    types.create(anna, "Known", Icon.PHONE)
    emails.save(anna, EmailTemplate(), "Known", "Subject", "Text")
    look = naming.namesake

    def looks_just_before(one: object) -> str | None:
        monkeypatch.setattr(naming, "namesake", look)
        found = look(one)
        RIVALS[module](anna)
        return found

    monkeypatch.setattr(naming, "namesake", looks_just_before)
    with pytest.raises(Invalid, match="of this name already") as no:
        act(anna)
    assert no.value.field == "name"


LONG = 81 * "x"
TOO_LONG: dict[str, Callable[[Cast], object]] = {
    "a pipeline": lambda c: pipelines.create_pipeline(of_anna(c)[0], LONG, ["A"]),
    "its steps": lambda c: pipelines.create_pipeline(of_anna(c)[0], "Abroad", ["A", LONG]),
    "a further step": lambda c: pipelines.add_steps(*of_anna(c)[:2], [LONG]),
    "a pipeline anew": lambda c: pipelines.rename(*of_anna(c)[:2], LONG),
    "a step anew": lambda c: pipelines.rename(of_anna(c)[0], of_anna(c)[2], LONG),
    "a tag": lambda c: tags.create(of_anna(c)[0], LONG),
    "a category": lambda c: tags.create_category(of_anna(c)[0], LONG),
    "an activity": lambda c: types.create(of_anna(c)[0], LONG, Icon.PHONE),
    "a template": lambda c: templates.create(of_anna(c)[0], LONG + LONG),
    "a field": lambda c: fields.create(of_anna(c)[0], "lead", LONG, "text"),
    "a webhook": lambda c: webhooks.make(
        of_anna(c)[0],
        webhooks.Wanted("lead.creation", "url", "https://hooks.example/", LONG),
    ),
    "a user": lambda c: people.create(of_anna(c)[0], first_name=LONG),
    "a user's last name": lambda c: people.create(of_anna(c)[0], first_name="Mara", last_name=LONG),
}


@pytest.mark.parametrize("what", TOO_LONG)
def test_a_name_that_is_too_long_is_not_cut(ferri: Cast, what: str) -> None:
    before = [model.objects.count() for model in (Pipeline, Step, User)]
    with pytest.raises(Invalid, match="at most"):
        TOO_LONG[what](ferri)
    with translation.override("it"), pytest.raises(Invalid, match="al massimo"):
        TOO_LONG[what](ferri)
    assert [model.objects.count() for model in (Pipeline, Step, User)] == before


def test_the_longest_name_of_a_step_fits_and_a_mistake_stands_beside_the_steps(ferri: Cast) -> None:
    anna, pipeline, _step = of_anna(ferri)
    (step,) = pipelines.add_steps(anna, pipeline, [80 * "x"])
    assert step.name == 80 * "x"
    with pytest.raises(Invalid) as no:
        pipelines.create_pipeline(anna, "Abroad", [LONG])
    assert no.value.field == "steps"
