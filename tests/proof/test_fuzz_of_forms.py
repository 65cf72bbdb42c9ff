"""Forms made of anything, sent to every address: no page breaks, and no rule is got round.

Ugo is no admin, and all rules are ticked. He sends whatever comes to hand to whatever address there
is, with the numbers of real things. What is not his stays as it is, nothing is deleted, and no lead
leaves in a file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

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
from custode.exchange.reach import reach_of
from custode.fields.models import DefaultField, FieldChoice
from custode.guard import door, log
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, LogPerson, PrivacySetting, TrashEntry
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

pytestmark = [pytest.mark.proof, pytest.mark.dealt, pytest.mark.django_db]

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
    "own-1", "own-2", "is_key", "choices", "same", "entry", "checkpoint", "checkpoints_to",
    "checkpoint_addresses",
    "move", "remind_date", "remind_time",
    "over", "shown", "rest", "look", "stands", "acts", "kinds", "counts", "at_least",
    "scopes", "expires", "recoverable",
    "within", "by", "recipients", "note", "alert", "rule", "many_count", "many_read",
    "event", "target", "target_type", "in_lead_menu", "webhook",
]  # fmt: skip
WORDS = [
    "", "1", "0", "-1", "on", "all", "none", "csv", "xlsx", "pdf", "won", "lost", "standby", "todo",
    "admin", "user", "9" * 30, "1.5", "1e999", "٣", "2026-02-30", "2026-11-26", "2026-11-26T10:00",
    "\x00", "'\"", "<b>x</b>", "%00", "//evil.example", "https://evil.example/", "x" * 5000, "💶",
    "Scanner", "EUR", "title", "-title", "owner", "delete", "lead", "\u202e", "None", "nan", "stay",
    "ugo@conti.example", "true", "{}", "[]", "1,2", "../..", "client_folder", "prospect", "log",
    "addresses", "admins",
]  # fmt: skip
ADDRESSES = sorted(set(addresses(get_resolver())))
SLUGS = {"<slug:name>": ["title", "owner", "step", "account", "trash"],
         "<slug:verb>": ["delete", "export"], "<slug:kind>": ["lead", "user"],
         "<slug:key>": ["many", "watch", "1"]}  # fmt: skip

numbers = st.integers(0, 24).map(lambda n: f"#{n}")
values = st.one_of(numbers, st.sampled_from(WORDS), st.text(max_size=8))
pairs = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=7)
requests = st.tuples(
    st.sampled_from(ADDRESSES), st.integers(0, 49), st.sampled_from(["get", "post", "post"]), pairs,
    st.booleans(), st.integers(0, 4),
)  # fmt: skip


def things(cast: Cast) -> dict[str, list[int]]:
    """The numbers he comes by, below the address where each belongs; most are others'."""
    mine, bruna = cast.lead(cast.ugo, "Scanner"), cast.lead(cast.bruna, "Press")
    gone = door.delete(cast.actor(cast.ugo), [cast.lead(cast.ugo, "Trashed")])
    moved = door.change(cast.actor(cast.anna), [bruna], "step", cast.ferri.steps[2])
    anna = cast.actor(cast.anna)
    folder = folder_moves.create(anna, "Rossi", owner=cast.bruna)
    prospects = a_list(cast.actor(cast.bruna))
    task = a_task(cast, won(cast, cast.bruna, "Sold"), cast.bruna)
    template = a_template(cast)
    field, choice = fields_of(cast)
    return {
        "leads": [mine.pk, bruna.pk, cast.lead(None, "Free").pk],
        "trash": [gone.entry.pk if gone.entry else 0],
        "security/actions": [gone.seq, moved.seq],
        "security/alerts": list(range(1, 5)),
        "undo": [gone.seq, moved.seq],
        "exports": [a_file(cast)],
        "clients": [folder.pk],
        "contacts": [folder_moves.add_contact(anna, folder, name="Ada").pk],
        "prospecting": [prospects.pk],
        "prospects": [row_of(prospects, "Verdi 2000").pk],
        "comments": [comment_moves.write(anna, mine, "Anna's").pk],
        "emails": [an_email(cast, bruna, who=cast.anna).pk],
        "processes": [task.process_id],
        "tasks": [task.pk],
        "admin-panel/post-sales": [template.pk],
        "admin-panel/post-sales-tasks": [template.tasks.all()[0].pk],
        "admin-panel/users": [cast.anna.pk, cast.ugo.pk, cast.bruna.pk, cast.carla.pk],
        "admin-panel/steps": [cast.ferri.steps[1].pk],
        "admin-panel/pipelines": [cast.ferri.pipeline.pk],
        "admin-panel/fields": [field],
        "admin-panel/field-choices": [choice],
    }


def a_file(cast: Cast) -> int:
    """The number of a file of his, of leads, from before he was forbidden to have one."""
    token, size = folders.keep(folders.EXPORTS, [b"Title"])
    file = ExportFile.objects.create(
        user=cast.ugo,
        kind="lead",
        format="csv",
        state="ready",
        name="leads.csv",
        token=token,
        size=size,
        reach=reach_of(cast.actor(cast.ugo)),
    )
    return file.pk


def fields_of(cast: Cast) -> tuple[int, int]:
    """The numbers of a default field and of one of its choices."""
    field = a_field(cast, "Region", "choice", "North", "South")
    return field.pk, field.choices.all()[0].pk


Theirs = dict[type[Lead] | type[ClientFolder] | type[Task], list[int]]


def of_others(cast: Cast) -> Theirs:
    """What belongs to others before anything is tried; what he gives them himself is not of it."""
    hers: dict[Any, Any] = {
        Lead: Lead.with_trashed.filter(owner=cast.bruna),
        ClientFolder: ClientFolder.with_trashed.filter(owner=cast.bruna),
        Task: Task.with_trashed.filter(process__lead__owner=cast.bruna),
    }
    return {model: [row.pk for row in rows] for model, rows in hers.items()}


def guarded(cast: Cast, theirs: Theirs) -> dict[str, Any]:
    """All that Ugo must not be able to change."""
    return {
        **{
            f"{model.__name__} of others": [
                # Who sees a thing may speak of it, which makes it the latest.
                {name: value for name, value in row.items() if name != "updated_at"}
                for row in model.with_trashed.filter(pk__in=pks).order_by("pk").values()
            ]
            for model, pks in theirs.items()
        },
        "lie in the trash": list(Lead.with_trashed.filter(trash__isnull=False).values_list("pk")),
        "entries": list(TrashEntry.objects.exclude(state="arriving").values_list("pk", "state")),
        "said by others": list(Comment.with_trashed.exclude(author=cast.ugo).values("text")),
        "planned": list(TemplateTask.objects.order_by("pk").values()),
        "users": list(
            User.objects.order_by("pk").values_list("pk", "role", "disabled_at", "email")
        ),
        "the others": list(User.objects.exclude(pk=cast.ugo.pk).order_by("pk").values()),
        "rules": list(PrivacySetting.objects.values_list("verb", "kind", "ticked")),
        "account": Account.objects.values().get(pk=cast.ferri.account.pk),
        "fields": list(DefaultField.objects.values()),
        "choices": list(FieldChoice.objects.values()),
        "who is in the log": LogPerson.objects.exclude(
            seq__in=LogEntry.objects.filter(actor_id=cast.ugo.pk).values("seq")
        ).count(),
        "steps": list(Step.objects.values_list("pk", "name")),
        "left": LogEntry.objects.filter(verb="export").exclude(outcome="refused").count(),
    }


def filled(address: str, number: int, slug: int, real: dict[str, list[int]]) -> str:
    """The address with something at each of its places: half of the time a thing of its kind."""
    for place, words in SLUGS.items():
        address = address.replace(place, words[slug % len(words)])
    fitting = real.get(address.partition("/<")[0], [])
    half, fits = divmod(number, 2)
    pk = fitting[half % len(fitting)] if fits and fitting else meant(f"#{half}", real)
    for place in ("<int:pk>", "<int:seq>", "<str:token>"):
        address = address.replace(place, str(pk))
    return f"/{address}"


def meant(value: str, real: dict[str, list[int]]) -> str:
    """What is sent for a value drawn: `#3` stands for one of the numbers that he comes by."""
    if value[:1] != "#" or not value[1:].isdecimal():
        return value
    numbers = [pk for pks in real.values() for pk in pks]
    return str(numbers[int(value[1:]) % len(numbers)])


def sent(client: Client, request: tuple[Any, ...], real: dict[str, list[int]]) -> Any:
    address, number, method, told, htmx, slug = request
    data: dict[str, list[str]] = {}
    for name, value in told:
        data.setdefault(name, []).append(meant(value, real))
    path = filled(address, number, slug, real)
    return getattr(client, method)(path, data, headers={"HX-Request": "true"} if htmx else {})


def leads_away(location: str) -> bool:
    """Whether a redirect leaves Custode, at once or after the sign-in that it asks for."""
    parts = urlsplit(location)
    then = parse_qs(parts.query).get("next", ["/"])[0]
    return bool(parts.netloc) or not then.startswith("/") or then.startswith(("//", "/\\"))


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
    theirs = of_others(ferri)
    seen: dict[int, int] = {}

    @examples(900)
    @given(st.lists(requests, min_size=2, max_size=10))
    def an_afternoon(tried: list[tuple[Any, ...]]) -> None:
        with forgotten():
            client = Client(raise_request_exception=True)
            with scope.everywhere("a test signs in"):
                client.force_login(ferri.ugo)
            before = guarded(ferri, theirs)
            for request in tried:
                answer = sent(client, request, real)
                seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
                assert answer.status_code < 500
                assert not leads_away(answer.headers.get("Location", ""))
                assert guarded(ferri, theirs) == before
            assert list(log.verify(ferri.ferri.account.pk)) == []

    an_afternoon()
    print(
        f"fuzz of forms: {sum(seen.values())} requests {dict(sorted(seen.items()))}, 0 roads round"
    )
    assert seen[403] > 50
    assert seen[200] + seen[302] > 500
