"""Two names are the same whatever their capitals and accents, wherever an account gives names."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.activities import types
from custode.activities.emails import templates as emails
from custode.activities.models import EmailTemplate, Icon
from custode.fields import moves as fields
from custode.fields.models import DefaultField, FieldChoice
from custode.guard import door
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.leads import moves, pipelines, tagging, tags
from custode.leads.models import Pipeline, Step, Tag
from custode.people import teams
from custode.postsales import templates
from tests.cast import Cast
from tests.guard.test_at_once import at_once


@pytest.fixture
def anna(ferri: Cast) -> Actor:
    """Ferri's admin, acting."""
    return ferri.actor(ferri.anna)


Give = Callable[[Cast, Actor, str], Any]


def a_choice(cast: Cast, anna: Actor, name: str) -> FieldChoice:
    field = DefaultField.objects.filter(name="Place").first()
    field = field or fields.create(anna, "lead", "Place", "choice", ["Elsewhere"])
    return fields.add_choice(anna, field, name)


def an_email(_cast: Cast, anna: Actor, name: str) -> EmailTemplate:
    return emails.save(anna, EmailTemplate(), name, "Subject", "Text")


def a_team(_cast: Cast, anna: Actor, name: str) -> Any:
    sharing.change(anna, Sharing("shared", True, "managers", "everybody"))
    return teams.create(anna, name, {})


GIVEN: dict[str, tuple[Give, Callable[[Actor, Any, str], object]]] = {
    "a pipeline": (
        lambda _cast, anna, name: pipelines.create_pipeline(anna, name, ["A"]),
        pipelines.rename,
    ),
    "a step": (
        lambda cast, anna, name: pipelines.add_steps(anna, cast.ferri.pipeline, [name])[0],
        pipelines.rename,
    ),
    "a tag": (
        lambda _cast, anna, name: tags.create(anna, name),
        lambda anna, one, name: tags.change(anna, one, name, None),
    ),
    "a category": (
        lambda _cast, anna, name: tags.create_category(anna, name),
        tags.rename_category,
    ),
    "an activity": (
        lambda _cast, anna, name: types.create(anna, name, Icon.PHONE),
        lambda anna, one, name: types.change(anna, one, name, Icon.PHONE),
    ),
    "a field": (
        lambda _cast, anna, name: fields.create(anna, "lead", name, "text"),
        lambda anna, one, name: fields.change(anna, one, name, is_key=False),
    ),
    "a choice": (a_choice, fields.rename_choice),
    "an e-mail template": (
        an_email,
        lambda anna, one, name: emails.save(anna, one, name, one.subject, one.text),
    ),
    "a template of tasks": (
        lambda _cast, anna, name: templates.create(anna, name),
        templates.rename,
    ),
    "a team": (a_team, teams.rename),
}
"""How a thing is made with a name, and renamed."""


@pytest.mark.parametrize("what", GIVEN)
def test_no_other_has_the_same_name_in_capitals_or_without_accents(
    ferri: Cast, anna: Actor, what: str
) -> None:
    make, rename = GIVEN[what]
    one = make(ferri, anna, "Città")
    for name in ("CITTÀ", "citta", "Città"):
        with pytest.raises(Invalid, match="already") as no:
            make(ferri, anna, name)
        assert no.value.field == "name"
    other = make(ferri, anna, "Land")
    with pytest.raises(Invalid, match="already"):
        rename(anna, other, "CITTÀ")
    other.refresh_from_db()
    assert other.name == "Land"
    rename(anna, one, "CITTÀ")
    one.refresh_from_db()
    assert one.name == "CITTÀ"


def test_a_pipeline_has_no_two_steps_of_the_same_name(ferri: Cast, anna: Actor) -> None:
    with pytest.raises(Invalid, match="“CITTÀ” appears twice") as no:
        pipelines.create_pipeline(anna, "Abroad", ["Città", "CITTÀ"])
    assert no.value.field == "steps"
    abroad = pipelines.create_pipeline(anna, "Abroad", ["Incoming"])
    assert [one.name for one in pipelines.steps_of(abroad)] == ["Incoming"]


def test_a_deleted_tag_does_not_come_back_beside_the_same_one(ferri: Cast, anna: Actor) -> None:
    lead = ferri.lead(ferri.ugo, tags=["Fiera"])
    act = tags.delete(anna, Tag.objects.get())
    moves.set_tags(ferri.actor(ferri.ugo), lead, ["fiera"])
    with pytest.raises(Invalid, match="Give that another name, then undo again"):
        door.undo(anna, act.seq)
    assert [tag.name for tag in Tag.offered.all()] == ["fiera"]
    tags.change(anna, Tag.offered.get(), "Fair", None)
    door.undo(anna, act.seq)
    assert [tag.name for tag in Tag.offered.all()] == ["Fair", "Fiera"]


def test_a_deleted_step_does_not_come_back_beside_the_same_one(ferri: Cast, anna: Actor) -> None:
    act = pipelines.delete_step(anna, ferri.ferri.steps[1], ferri.ferri.steps[0])
    pipelines.create_pipeline(anna, "Abroad", ["CONTACTED"])
    same = pipelines.add_steps(anna, ferri.ferri.pipeline, ["CONTACTED"])[0]
    with pytest.raises(Invalid, match="Give that another name, then undo again"):
        door.undo(anna, act.seq)
    pipelines.rename(anna, same, "Called")
    door.undo(anna, act.seq)
    assert Step.offered.filter(pk=ferri.ferri.steps[1].pk).exists()


def test_a_deleted_pipeline_does_not_come_back_beside_the_same_one(
    ferri: Cast, anna: Actor
) -> None:
    abroad = pipelines.create_pipeline(anna, "Abroad", ["A"])
    act = pipelines.delete_pipeline(anna, abroad, ferri.ferri.steps[0])
    same = pipelines.create_pipeline(anna, "abroad", ["A"])
    with pytest.raises(Invalid, match="Give that another name, then undo again"):
        door.undo(anna, act.seq)
    pipelines.rename(anna, same, "Overseas")
    door.undo(anna, act.seq)
    assert [one.name for one in Pipeline.offered.all()] == ["Sales", "Abroad", "Overseas"]


def test_the_database_takes_no_two_tags_or_fields_of_the_same_name(
    ferri: Cast, anna: Actor
) -> None:
    for make in (Tag, partial(DefaultField, kind="lead", sort="text")):
        make(name="Città").save()
        with pytest.raises(IntegrityError), transaction.atomic():
            make(name="CITTA").save()


def test_a_tag_that_another_has_just_made_in_capitals_is_taken(
    ferri: Cast, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    get_or_create = Tag.offered.get_or_create

    def after_another(*values: Any, **named: Any) -> Any:
        Tag(name="FIERA").save()
        return get_or_create(*values, **named)

    monkeypatch.setattr(Tag.offered, "get_or_create", after_another)
    assert [tag.name for tag in tagging.tags_named(anna, ["Fiera"])] == ["FIERA"]
    assert Tag.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["a pipeline", "a step", "a category", "an activity", "a choice"])
def test_of_two_admins_who_give_the_same_name_at_once_one_is_told(
    transactional_db: None, ferri: Cast, what: str
) -> None:
    make, anna = GIVEN[what][0], ferri.actor(ferri.anna)
    make(ferri, anna, "Known")
    named = ("Città", "CITTÀ")
    answers = at_once(ferri, *(partial(make, ferri, anna, name) for name in named))
    refused = [one for one in answers if isinstance(one, Invalid)]
    assert len(refused) == 1
    assert "already" in str(refused[0])


BEFORE = [
    ("leads", "0003_tags_by_folded_name", "Tag", {}),
    ("fields", "0003_fields_by_folded_name", "DefaultField", {"kind": "lead", "sort": "text"}),
]


@pytest.mark.parametrize(("app", "step", "model", "values"), BEFORE, ids=["tags", "fields"])
def test_what_had_the_same_name_before_is_told_apart_by_a_number(
    ferri: Cast, app: str, step: str, model: str, values: dict[str, Any]
) -> None:
    migration: Any = import_module(f"custode.{app}.migrations.{step}")
    before = MigrationLoader(connection).project_state((app, "0002_texts_sort_alike"))
    old: Any = before.apps.get_model(app, model)
    (constraint,) = [
        op.constraint for op in migration.Migration.operations if hasattr(op, "constraint")
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {constraint.name}")
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER custode_{old._meta.db_table}_replace")
    long = "x" * 60
    for name in ("Città", "citta", "citta (2)", "CITTÀ", "Other", long, long.upper()):
        old._base_manager.create(
            account_id=ferri.ferri.account.pk, name=name, folded=migration.fold(name), **values
        )
    migration.tell_apart(before.apps, None)
    found = old._base_manager.order_by("pk")
    assert [one.name for one in found] == [
        "Città", "citta (3)", "citta (2)", "CITTÀ (4)", "Other", long, "X" * 56 + " (2)",
    ]  # fmt: skip
    assert len({one.folded for one in found}) == 7
