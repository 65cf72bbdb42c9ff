"""Every address, command, job and kind of object stands in the matrix: fast, in every `make test`.

Whoever adds one must say in a table, by hand, who may use it, and what the log tells of it.
"""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from django.urls import get_resolver
from django_tasks.base import Task

import custode
from custode.accounts.editions import Edition
from custode.console.registry import COMMANDS as PROGRAM
from custode.console.registry import DJANGO
from custode.guard import kinds
from custode.kernel import schedule
from custode.people.models import Role
from tests.proof.matrix import routes_of_order, routes_of_work
from tests.proof.matrix.commands import COMMANDS, ELSEWHERE, LETTERS, ROUNDS, TASKS, WATCHES
from tests.proof.matrix.kinds import KINDS
from tests.proof.matrix.sent import SENT
from tests.proof.matrix.table import read
from tests.proof.matrix.things import TRIED_ON
from tests.proof.matrix.world import EDITIONS, RULES
from tests.web.addresses import addresses

pytestmark = pytest.mark.once

TABLES = {**routes_of_work.TABLES, **routes_of_order.TABLES}
ROUTES = [route for table in TABLES.values() for route in read(table)]
STANDING = [route.address for route in ROUTES]


def test_every_address_stands_in_a_table_once() -> None:
    assert len(set(STANDING)) == len(STANDING)
    assert {route.where for route in ROUTES} == set(addresses(get_resolver()))


def test_nothing_is_sent_to_an_address_that_is_not_there() -> None:
    assert SENT.keys() | TRIED_ON.keys() <= set(STANDING)


def test_every_command_stands_in_a_table() -> None:
    assert {command.name for command in PROGRAM} | DJANGO.keys() == (
        COMMANDS.keys() | ELSEWHERE.keys()
    )


def test_every_job_stands_in_a_table() -> None:
    modules = [name for _, name, _ in pkgutil.walk_packages(custode.__path__, "custode.")]
    found = {
        one.name.rpartition(".")[2]
        for name in modules
        if name.endswith(".tasks")
        for one in vars(importlib.import_module(name)).values()
        if isinstance(one, Task)
    }
    assert found == TASKS.keys() | LETTERS | {"go_round"}
    ours = {one.name for one in schedule.everything() if one.work.__module__.startswith("custode.")}
    assert ours == ROUNDS.keys()
    looked = {name: look.__module__ for name, look in schedule.watches().items()}
    assert {name for name, place in looked.items() if place.startswith("custode.")} == WATCHES


def test_every_kind_stands_in_the_table() -> None:
    ours = {one.kind.name for one in kinds.all_models() if one.__module__.startswith("custode.")}
    assert ours == KINDS.keys()


def test_the_rules_are_the_eight_sentences_of_the_seed() -> None:
    declared = {
        f"{verb}:{model.kind.name}"
        for model in kinds.all_models()
        if model.__module__.startswith("custode.")
        for verb in model.kind.rules
    }
    assert declared == set(RULES)
    assert set(EDITIONS) == set(Edition.values)
    assert {"admin", "user"} == set(Role.values)
