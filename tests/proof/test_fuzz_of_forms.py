"""Forms made of anything, sent to every address: no page breaks, and no rule is got round.

Ugo is no admin, and all rules are ticked. He sends whatever comes to hand to whatever address there
is, with the numbers of real things. What is not his stays as it is, nothing is deleted, and no lead
leaves in a file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from hypothesis import given
from hypothesis import strategies as st

from custode.accounts import moves as account_moves
from custode.accounts.models import Account
from custode.activities import moves as comment_moves
from custode.activities.models import Comment
from custode.clients import moves as folder_moves
from custode.clients.models import ClientFolder
from custode.exchange import folders
from custode.exchange.models import ExportFile
from custode.fields.models import DefaultField, FieldChoice
from custode.guard import door, log
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, PrivacySetting, TrashEntry
from custode.kernel import scope
from custode.leads.models import Lead, Step
from custode.people.models import User
from custode.postsales.models import Task, TemplateTask
from tests.cast import Cast
from tests.emails.made import an_email
from tests.fields.made import a_field
from tests.postsales.processes import a_task, a_template, won
from tests.proof.fuzzing import examples, forgotten
from tests.prospecting.sheets import a_list, row_of
from tests.web.addresses import addresses

pytestmark = [pytest.mark.proof, pytest.mark.django_db]

NAMES = [
    "ids", "all", "mine", "delete", "confirmed", "step", "owner", "tag", "tag_on", "tag_off",
    "format", "columns", "go", "dialect", "title", "value", "status", "reason", "role", "email",
    "first_name", "last_name", "on", "ticked", "q", "sort", "page", "pipeline", "column", "after",
    "last", "before", "in", "at", "edit", "next", "leads", "user", "who", "from", "to", "verb",
    "amount", "currency", "probability", "closing_date", "remind_at", "description", "starred",
    "trash_days", "two_factor_for", "idle_minutes", "language", "time_zone", "password", "code",
    "old", "passkey", "name", "device", "state", "ip", "cols", "outcome", "number", "mine",
    "kind", "comments", "folder", "new", "none", "list", "text", "activity", "without", "subject",
    "recipients", "template", "phone", "column", "cells", "shared", "category", "into", "was",
    "due", "assignee", "days", "quick", "untick", "when", "heir", "chosen",
    "own-1", "own-2", "is_key", "choices", "same",
]  # fmt: skip
WORDS = [
    "", "1", "0", "-1", "on", "all", "none", "csv", "xlsx", "pdf", "won", "lost", "standby", "todo",
    "admin", "user", "9" * 30, "1.5", "1e999", "٣", "2026-02-30", "2026-11-26", "2026-11-26T10:00",
    "\x00", "'\"", "<b>x</b>", "%00", "//evil.example", "https://evil.example/", "x" * 5000, "💶",
    "Scanner", "EUR", "title", "-title", "owner", "delete", "lead", "\u202e", "None", "nan", "stay",
    "ugo@conti.example", "true", "{}", "[]", "1,2", "../..", "client_folder", "prospect",
]  # fmt: skip
ADDRESSES = sorted(set(addresses(get_resolver())))
SLUGS = {"<slug:name>": ["title", "owner", "step", "account", "trash"],
         "<slug:verb>": ["delete", "export"], "<slug:kind>": ["lead", "user"]}  # fmt: skip

numbers = st.integers(0, 24).map(lambda n: f"#{n}")
values = st.one_of(numbers, st.sampled_from(WORDS), st.text(max_size=8))
pairs = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=7)
requests = st.tuples(
    st.sampled_from(ADDRESSES), numbers, st.sampled_from(["get", "post", "post"]), pairs,
    st.booleans(), st.integers(0, 4),
)  # fmt: skip


def things(cast: Cast) -> list[int]:
    """The numbers he comes by: of leads, entries, users, steps, files, acts; most are others'."""
    mine, bruna = cast.lead(cast.ugo, "Scanner"), cast.lead(cast.bruna, "Press")
    gone = door.delete(cast.actor(cast.ugo), [cast.lead(cast.ugo, "Trashed")])
    moved = door.change(cast.actor(cast.anna), [bruna], "step", cast.ferri.steps[2])
    token, size = folders.keep(folders.EXPORTS, [b"Title"])
    file = ExportFile.objects.create(
        user=cast.ugo,
        kind="lead",
        format="csv",
        state="ready",
        name="leads.csv",
        token=token,
        size=size,
    )
    anna = cast.actor(cast.anna)
    folder = folder_moves.create(anna, "Rossi", owner=cast.bruna)
    prospects = a_list(cast.actor(cast.bruna))
    task = a_task(cast, won(cast, cast.bruna, "Sold"), cast.bruna)
    template = a_template(cast)
    return [
        task.process_id, task.pk, template.pk, template.tasks.all()[0].pk,
        folder.pk, folder_moves.add_contact(anna, folder, name="Ada").pk, prospects.pk,
        row_of(prospects, "Verdi 2000").pk, comment_moves.write(anna, mine, "Anna's").pk,
        an_email(cast, bruna, who=cast.anna).pk,
        mine.pk, bruna.pk, cast.lead(None, "Free").pk, gone.entry.pk if gone.entry else 0, gone.seq,
        moved.seq, cast.anna.pk, cast.ugo.pk, cast.bruna.pk, cast.ferri.steps[1].pk, file.pk,
        cast.ferri.pipeline.pk, cast.carla.pk, *fields_of(cast),
    ]  # fmt: skip


def fields_of(cast: Cast) -> list[int]:
    """The numbers of a default field and of one of its choices."""
    field = a_field(cast, "Region", "choice", "North", "South")
    return [field.pk, field.choices.all()[0].pk]


def guarded(cast: Cast) -> dict[str, Any]:
    """All that Ugo must not be able to change."""
    return {
        "lie in the trash": list(Lead.with_trashed.filter(trash__isnull=False).values_list("pk")),
        "entries": list(TrashEntry.objects.exclude(state="arriving").values_list("pk", "state")),
        "of others": list(Lead.with_trashed.filter(owner=cast.bruna).values()),
        "folders of others": list(ClientFolder.with_trashed.filter(owner=cast.bruna).values()),
        "said by others": list(Comment.with_trashed.exclude(author=cast.ugo).values("text")),
        "done for others": list(
            Task.with_trashed.filter(process__lead__owner=cast.bruna).order_by("pk").values()
        ),
        "planned": list(TemplateTask.objects.order_by("pk").values()),
        "users": list(
            User.objects.order_by("pk").values_list("pk", "role", "disabled_at", "email")
        ),
        "the others": list(User.objects.exclude(pk=cast.ugo.pk).order_by("pk").values()),
        "rules": list(PrivacySetting.objects.values_list("verb", "kind", "ticked")),
        "account": Account.objects.values().get(pk=cast.ferri.account.pk),
        "fields": list(DefaultField.objects.values()),
        "choices": list(FieldChoice.objects.values()),
        "steps": list(Step.objects.values_list("pk", "name")),
        "left": LogEntry.objects.filter(verb="export").exclude(outcome="refused").count(),
    }


def filled(address: str, number: str, slug: int, real: list[int]) -> str:
    """The address with something at each of its places."""
    for place, words in SLUGS.items():
        address = address.replace(place, words[slug % len(words)])
    for place in ("<int:pk>", "<int:seq>", "<str:token>"):
        address = address.replace(place, meant(number, real))
    return f"/{address}"


def meant(value: str, real: list[int]) -> str:
    return str(real[int(value[1:])]) if value[:1] == "#" and value[1:].isdecimal() else value


def sent(client: Client, request: tuple[Any, ...], real: list[int]) -> Any:
    address, number, method, told, htmx, slug = request
    data: dict[str, list[str]] = {}
    for name, value in told:
        data.setdefault(name, []).append(meant(value, real))
    path = filled(address, number, slug, real)
    return getattr(client, method)(path, data, headers={"HX-Request": "true"} if htmx else {})


def test_roads_round_a_rule_through_any_form_are_none(
    ferri: Cast, tmp_path: Path, settings: Any
) -> None:
    settings.DATA = tmp_path
    real = things(ferri)
    rules = [(Verb.DELETE, "comment"), (Verb.DELETE, "process")]
    for kind in ("lead", "client_folder", "prospecting_list"):
        rules += [(Verb.EXPORT, kind), (Verb.DELETE, kind)]
    for rule in rules:
        account_moves.set_privacy(ferri.actor(ferri.anna), *rule, True)
    seen: dict[int, int] = {}

    @examples(900)
    @given(st.lists(requests, min_size=2, max_size=10))
    def an_afternoon(tried: list[tuple[Any, ...]]) -> None:
        with forgotten():
            client = Client(raise_request_exception=True)
            with scope.everywhere("a test signs in"):
                client.force_login(ferri.ugo)
            before = guarded(ferri)
            for request in tried:
                answer = sent(client, request, real)
                seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
                assert answer.status_code < 500
                assert "evil.example" not in answer.headers.get("Location", "")
                assert guarded(ferri) == before
            assert list(log.verify(ferri.ferri.account.pk)) == []

    an_afternoon()
    print(
        f"fuzz of forms: {sum(seen.values())} requests {dict(sorted(seen.items()))}, 0 roads round"
    )
    assert seen[403] > 50
    assert seen[200] + seen[302] > 500
