"""Deletion and export by another name: each line of the table in docs/security.md, tried.

All rules are ticked. Ugo, who is no admin, tries what the line speaks of on things of his own, and
Anna, an admin, the same. What is expected is written by hand from the seed and the issue: whether
it is done, whether the log has an entry of it, and whether that is undone from there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from custode.accounts import moves as account_moves
from custode.clients import moves as folders
from custode.clients.models import Contact
from custode.exchange.webhooks import moves as webhooks
from custode.exchange.webhooks.moves import Wanted
from custode.fields import moves as default_fields
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry
from custode.kernel.errors import Refused
from custode.leads import moves as leads
from custode.leads import pipelines, tagging, tags
from custode.leads.models import Tag
from custode.postsales import templates
from custode.postsales.models import TemplateTask
from custode.prospecting import columns, outcomes
from custode.prospecting import moves as lists
from custode.prospecting.models import Outcome, Prospect, ProspectingList
from tests.cast import Cast
from tests.fields.made import a_field
from tests.prospecting.sheets import a_list, row_of
from tests.web.security.stage import SAID, Stage, descriptions, one_by_one, out_of_folders

ROOT = Path(__file__).parents[3]
NO, DONE, NOTED, UNDONE = "refused", "done", "done and noted", "done, noted and undone"


def _tag(stage: Stage) -> Tag:
    return tagging.tags_named(stage.actor, ["Hot"])[0]


def _tag_off(stage: Stage) -> None:
    lead = stage.cast.lead(stage.who, tags=[_tag(stage)])
    leads.set_tags(stage.actor, lead, [])


def _tag_off_many(stage: Stage) -> None:
    lead = stage.cast.lead(stage.who, tags=[_tag(stage)])
    door.change_labels(stage.actor, [lead], "tag", remove=[_tag(stage)])


def _webhook(stage: Stage) -> None:
    wanted = Wanted("lead.any_update", "url", "https://thief.example/")
    webhooks.make(stage.actor, wanted)


def _contact(stage: Stage) -> None:
    folders.remove_contact(
        stage.actor, folders.add_contact(stage.actor, stage.folder(), name="Ada")
    )


def _step(stage: Stage) -> None:
    (old,) = pipelines.add_steps(stage.anna, stage.cast.ferri.pipeline, ["Old"])
    door.retire(stage.actor, "lead", "step", [old], stage.cast.ferri.steps[0])


def _field(stage: Stage) -> None:
    default_fields.retire(stage.actor, a_field(stage.cast, "Region", "text"), True)


def _marked(stage: Stage) -> None:
    one = stage.sheet()
    ids = list(Prospect.objects.filter(in_list=one).values_list("pk", flat=True))
    outcomes.mark(stage.actor, one, ids, Outcome.NOT_INTERESTED)


def _template_task(stage: Stage) -> None:
    template = templates.create(stage.anna, "Delivery")
    new = TemplateTask(template=template)
    task = templates.save_task(stage.anna, new, text="Call", days=0, who="owner", person=None)
    templates.remove_task(stage.actor, task)


def _standby(stage: Stage) -> None:
    lists.archive(stage.actor, stage.sheet(), True)
    folders.deactivate(stage.actor, stage.folder(), True)


Try = Callable[[Stage], Any]

# The line's first words -> what is tried; what Ugo gets to hear, and what Anna does.
TRIED: dict[str, list[tuple[Try, str, str]]] = {
    "emptying the description of a lead": [
        (lambda s: leads.edit(s.actor, s.lead(), description=""), DONE, DONE),
        (lambda s: leads.edit(s.actor, s.lead(), amount_minor=None), DONE, DONE),
    ],
    "closing leads": [(lambda s: leads.edit(s.actor, s.lead(), owner=s.cast.bruna), DONE, DONE)],
    "writing over most of a comment": [
        (lambda s: s.comment("."), NO, UNDONE),
        (lambda s: s.comment("x" * 70), NO, UNDONE),
        (lambda s: s.comment(SAID, without=True), NO, UNDONE),
        (lambda s: s.comment(SAID.replace("forty", "fifty")), DONE, DONE),
    ],
    "taking a contact out": [(_contact, NO, UNDONE)],
    "taking a tag off one lead": [(_tag_off, DONE, DONE), (_tag_off_many, UNDONE, UNDONE)],
    "deactivating a client folder": [(_standby, DONE, DONE)],
    "undoing an import": [
        (lambda s: s.imported(), NO, UNDONE),
        (lambda s: s.pasted(), NO, UNDONE),
    ],
    "deleting a step": [
        (_step, NO, UNDONE),
        (lambda s: tags.delete(s.actor, _tag(s)), NO, UNDONE),
    ],
    "taking a default field": [(_field, NO, UNDONE)],
    "giving leads away in bulk": [
        (lambda s: door.change(s.actor, [s.lead()], "owner", s.cast.bruna), UNDONE, UNDONE),
        (
            lambda s: door.change(s.actor, [s.lead()], "step", s.cast.ferri.steps[1]),
            UNDONE,
            UNDONE,
        ),
    ],
    "deleting a prospecting list's rows": [
        (lambda s: door.delete(s.actor, [row_of(s.sheet(), "Name 3")]), NO, UNDONE),
        (lambda s: door.delete(s.actor, Prospect.objects.filter(in_list=s.sheet())), NO, UNDONE),
    ],
    "taking a column out": [
        (lambda s: columns.take_out(s.actor, columns.of(s.sheet())[0]), NO, UNDONE)
    ],
    "emptying more than ten fields": [
        (lambda s: descriptions(s, 11), NO, UNDONE),
        (lambda s: descriptions(s, 10), DONE, DONE),
        (lambda s: out_of_folders(s, 11), NO, UNDONE),
    ],
    "emptying more than ten cells": [
        (lambda s: s.cities(11, ""), NO, UNDONE),
        (lambda s: s.cities(12, "\u200b"), NO, UNDONE),
        (lambda s: s.cities(11, "\u0301"), NO, UNDONE),
        (lambda s: one_by_one(s, "."), NO, UNDONE),
        (lambda s: one_by_one(s, ""), NO, UNDONE),
        (lambda s: s.cities(10, ""), DONE, DONE),
    ],
    "writing over more than ten cells": [
        (lambda s: s.cities(11, "Bari"), UNDONE, UNDONE),
        (lambda s: one_by_one(s, "Bari"), UNDONE, UNDONE),
        (lambda s: s.cities(10, "Bari"), DONE, DONE),
        (lambda s: a_list(s.actor, rows=[("A", "", "")] * 11), "rows", UNDONE),
    ],
    "marking more than ten prospects": [(_marked, UNDONE, UNDONE)],
    "sharing a prospecting list": [
        (lambda s: lists.share(s.actor, s.sheet(), True), UNDONE, UNDONE)
    ],
    "a file prepared before": [(lambda s: s.downloaded(), NO, NOTED)],
    "reading everything": [
        (lambda s: s.read(1001), NO, NOTED),
        (lambda s: s.read(1000), DONE, DONE),
    ],
    "a webhook that tells": [(_webhook, NO, NOTED)],
    "a task taken out of a template": [(_template_task, "unlogged refusal", DONE)],
}
# The other lines -> the tests that try them.
ELSEWHERE = {
    "writing something else over": (
        "tests/guard/test_rewriting.py::test_more_than_ten_are_an_act_with_its_way_back"
    ),
    "leaving a name": (
        "tests/prospecting/test_unseen_names.py::test_nothing_is_left_without_words"
    ),
    "taking, renaming or archiving": (
        "tests/prospecting/test_whose_list_it_is.py::test_who_may_name_archive_and_take_a_list"
    ),
    "undoing an act": (
        "tests/guard/test_undo_in_part.py"
        "::test_what_was_changed_since_is_overwritten_only_where_it_is_asked_for"
    ),
    "exporting the log": "tests/web/security/test_log_leaves.py::test_that_it_left_is_in_the_log",
    "importing over existing": "tests/exchange/test_imports.py::test_a_file_comes_in_whole",
    "moving an account": "tests/web/account/test_downgrade.py::test_when_a_rule_holds",
    "a download that is running": (
        "tests/console/test_downloads.py"
        "::test_an_export_whose_session_ends_is_made_no_further_and_the_log_says_so"
    ),
    "copying from the screen": "tests/web/leads/test_list.py::test_pages",
    "searching everything": (
        "tests/web/search/test_search.py"
        "::test_only_a_few_of_each_group_are_shown_and_the_others_are_one_press_away"
    ),
    "sending what a lead says": (
        "tests/emails/test_emails.py::test_who_sends_without_end_is_stopped"
    ),
    "the backup": "tests/console/test_backup.py::test_it_is_in_the_log",
    "`custode shell`": "tests/console/test_program.py::test_the_shell_says_what_it_cannot_guard",
    "Django's": "tests/console/test_program.py::test_what_goes_past_the_door_is_no_command",
}


def lines_of_the_table() -> list[str]:
    """Their first cells."""
    text = (ROOT / "docs/security.md").read_text()
    part = text.split("## Deletion and export by another name\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| .+ \|$", part, re.MULTILINE)
    return [row for row in rows if row not in {"what somebody does", "---"}]


def test_each_line_of_the_documentation_is_tried() -> None:
    known = [*TRIED, *ELSEWHERE]
    lines = lines_of_the_table()
    assert [line for line in lines if not any(line.startswith(one) for one in known)] == []
    assert [one for one in known if not any(line.startswith(one) for line in lines)] == []


@pytest.mark.parametrize("where", ELSEWHERE.values())
def test_what_is_tried_elsewhere_is_tried_there(where: str) -> None:
    path, _, name = where.partition("::")
    assert f"def {name}(" in (ROOT / path).read_text()


CASES = [
    pytest.param(attempt, who, expected, id=f"{line}, {n}, {who}")
    for line, tries in TRIED.items()
    for n, (attempt, ugos, annas) in enumerate(tries)
    for who, expected in (("ugo", ugos), ("anna", annas))
]


@pytest.fixture
def stage(ferri: Cast, tmp_path: Path, settings: Any) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    anna = ferri.actor(ferri.anna)
    for verb, kind in (
        (Verb.EXPORT, "prospecting_list"), (Verb.EXPORT, "lead"), (Verb.EXPORT, "client_folder"),
        (Verb.DELETE, "prospecting_list"), (Verb.DELETE, "lead"), (Verb.DELETE, "client_folder"),
        (Verb.DELETE, "comment"), (Verb.DELETE, "process"),
    ):  # fmt: skip
        account_moves.set_privacy(anna, verb, kind, True)
    return ferri


def noted(since: int) -> list[LogEntry]:
    """The entries of what was done since, to speak of: not those of making the things."""
    made = {"import"}
    return [
        entry
        for entry in LogEntry.objects.filter(seq__gt=since, outcome="done").order_by("seq")
        if entry.verb not in made
    ]


@pytest.mark.parametrize(("attempt", "who", "expected"), CASES)
def test_by_another_name(stage: Cast, attempt: Try, who: str, expected: str) -> None:
    person = getattr(stage, who)
    on = Stage(stage, person, replace(stage.actor(person), proved=True))
    since = LogEntry.objects.count()
    if expected in {NO, "unlogged refusal"}:
        with pytest.raises(Refused):
            attempt(on)
        refusals = LogEntry.objects.filter(seq__gt=since, outcome="refused")
        assert refusals.exists() is (expected == NO)
        return
    attempt(on)
    acts = noted(since)
    if expected == DONE:
        assert acts == []
        return
    assert acts, "the log has nothing of it"
    if expected == NOTED:
        return
    if expected == "rows":
        # Taking pasted rows away again is deleting.
        with pytest.raises(Refused, match="Only admins can delete prospecting lists"):
            door.undo(on.actor, acts[-1].seq)
        return
    assert door.undo(on.actor, acts[-1].seq).count >= 0
    assert LogEntry.objects.filter(about=acts[-1].seq, verb="undo", outcome="done").exists()


def test_the_things_are_as_before_after_the_undo(stage: Cast) -> None:
    """One of each sort, by what it holds."""
    anna = stage.actor(stage.anna)
    on = Stage(stage, stage.anna, anna)
    _contact(on)
    door.undo(anna, LogEntry.objects.order_by("-seq")[0].seq)
    assert Contact.objects.get().name == "Ada"
    _marked(on)
    door.undo(anna, LogEntry.objects.order_by("-seq")[0].seq)
    assert set(Prospect.objects.values_list("outcome", flat=True)) == {"left"}
    one = ProspectingList.objects.get()
    columns.take_out(anna, columns.of(one)[1])
    door.undo(anna, LogEntry.objects.order_by("-seq")[0].seq)
    assert [column.name for column in columns.of(one)] == ["Company", "City", "E-mail"]
    assert Change.objects.filter(field="column").count() == 2
