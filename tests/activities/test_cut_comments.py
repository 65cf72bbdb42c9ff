"""A comment of which little is left after an edit: by the rule on deleting, and undone as one."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from custode.accounts import moves as account_moves
from custode.activities import cutting, files, moves
from custode.activities.files import Incoming
from custode.activities.models import Attachment, Comment, Version
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, LogPerson
from custode.kernel import clock, scope
from custode.kernel.errors import Gone, Invalid, Refused
from custode.leads.models import Lead
from custode.web.security.objects import Wanted, table
from tests.cast import Cast
from tests.web.security.telling import PAGE, told

SAID = "They want forty scanners by March; the director decides on Monday, call him at noon."


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def lead(ferri: Cast) -> Lead:
    return ferri.lead(ferri.ugo)


def written(cast: Cast, lead: Lead, text: str = SAID, *names: str) -> Comment:
    sent = [Incoming(name, 3, [b"abc"]) for name in names]
    return moves.write(cast.actor(cast.ugo), lead, text, None, sent)


def edit(cast: Cast, it: Comment, text: str, *, without: tuple[int, ...] = ()) -> None:
    moves.edit(cast.actor(cast.ugo), it, text, None, was=moves.versions(it), without=without)


def rule(cast: Cast) -> None:
    account_moves.set_privacy(cast.actor(cast.anna), Verb.DELETE, "comment", True)


def cuts() -> list[LogEntry]:
    found = LogEntry.objects.filter(verb="delete", kind="comment", outcome="done")
    return [entry for entry in found if '"cut"' in entry.details]


def test_a_comment_is_not_cut_down_by_halves(ferri: Cast, lead: Lead) -> None:
    rule(ferri)
    it = written(ferri, lead)
    edit(ferri, it, SAID[: len(SAID) * 6 // 10])
    with pytest.raises(Refused):
        edit(ferri, it, it.text[: len(it.text) * 6 // 10])
    with clock.at(clock.now() + timedelta(hours=2)):
        edit(ferri, it, it.text[: len(it.text) * 6 // 10])


# What a comment read, what it reads after the edit -> whether it is cut down.
CUT = [
    (SAID, ".", True),
    (SAID, "Done", True),
    (SAID, "x" * 200, True),
    (SAID, "scanners", True),
    (SAID, SAID.replace("forty", "fifty"), False),
    (SAID, SAID + " He did not answer.", False),
    (SAID, "They want forty scanners by March; the director decides on Monday.", False),
    (SAID, " ".join(reversed(SAID.split())), False),
    ("Called him", ".", True),
    ("Called him", "Called her", False),
    ("Called him", "Done", False),
    ("02 5550 1234", "x", True),
    ("02 5550 1234", "02 5550 4321", False),
    ("Ok", ".", False),
    ("a" * 22, ".", True),
    ("ab" * 11, "No longer so", False),
    ("ab" * 12, "No longer so", True),
    ("a" * 500, "a" * 499, False),
    ("明日の午後に社長へ電話して四十台の見積もりを送ることになった。", "済", True),
    (
        "明日の午後に社長へ電話して四十台の見積もりを送ることになった。",
        "明日の午前に社長へ電話して四十台の見積もりを送ることになった。",
        False,
    ),
]


@pytest.mark.parametrize(("before", "after", "cut"), CUT)
def test_what_counts_as_cutting_down(
    ferri: Cast, lead: Lead, before: str, after: str, cut: bool
) -> None:
    it = written(ferri, lead, before)
    edit(ferri, it, after)
    assert bool(cuts()) is cut
    assert list(Version.objects.values_list("text", flat=True)) == [before]


def test_cutting_down_somebody_elses_comment_is_a_deletion_that_is_refused(
    ferri: Cast, lead: Lead
) -> None:
    """Not even an admin puts words into somebody's mouth; an ordinary try is no matter."""
    it, before = written(ferri, lead), LogEntry.objects.count()
    for text, refusals in ((SAID + " Or so.", 0), ("x", 1)):
        with pytest.raises(Refused, match="Only whoever wrote"):
            moves.edit(ferri.actor(ferri.anna), it, text, None, was=0)
        assert LogEntry.objects.count() == before + refusals
    entry = LogEntry.objects.latest("seq")
    assert (entry.verb, entry.kind, entry.outcome) == ("delete", "comment", "refused")
    assert '"cut":{"files":0,"lost":' in entry.details.replace(" ", "")
    it.refresh_from_db()
    assert it.text == SAID


@pytest.mark.parametrize(("before", "after", "cut"), CUT)
def test_the_rule_on_deleting_comments_holds_for_it(
    ferri: Cast, lead: Lead, before: str, after: str, cut: bool
) -> None:
    it = written(ferri, lead, before)
    rule(ferri)
    if cut:
        with pytest.raises(Refused, match="Only admins can delete comments or e-mails"):
            edit(ferri, it, after)
    else:
        edit(ferri, it, after)
    it.refresh_from_db()
    assert it.text == (before if cut else after)
    refused = LogEntry.objects.filter(verb="delete", kind="comment", outcome="refused")
    assert refused.exists() is cut


def test_taking_a_file_away_is_cutting_down_too(ferri: Cast, lead: Lead) -> None:
    it = written(ferri, lead, SAID, "offer.pdf")
    (file,) = files.of(it)
    rule(ferri)
    with pytest.raises(Refused):
        edit(ferri, it, SAID, without=(file.pk,))
    assert [one.name for one in files.of(it)] == ["offer.pdf"]


def test_nobodys_file_is_taken_away_by_a_wrong_number(ferri: Cast, lead: Lead) -> None:
    it, other = written(ferri, lead, SAID, "a"), written(ferri, lead, SAID, "b")
    rule(ferri)
    edit(ferri, it, SAID, without=(files.of(other)[0].pk, 999_999))
    assert Attachment.objects.filter(taken_in=None).count() == 2


def test_an_admin_who_wrote_it_is_not_stopped_and_is_logged(ferri: Cast, lead: Lead) -> None:
    anna = ferri.actor(ferri.anna)
    it = moves.write(anna, lead, SAID)
    rule(ferri)
    moves.edit(anna, it, ".", None, was=0)
    assert len(cuts()) == 1


@pytest.mark.parametrize("who", ["ugo", "anna"])
def test_its_undo_has_it_read_again_as_it_did_with_its_files(
    ferri: Cast, lead: Lead, who: str
) -> None:
    it = written(ferri, lead, SAID, "offer.pdf")
    edit(ferri, it, "Gone.", without=tuple(file.pk for file in files.of(it)))
    (entry,) = cuts()
    assert door.undo(ferri.actor(getattr(ferri, who)), entry.seq).count == 1
    it.refresh_from_db()
    assert (it.text, [file.name for file in files.of(it)]) == (SAID, ["offer.pdf"])
    assert it.author == ferri.ugo
    assert list(Version.objects.values_list("text", flat=True)) == ["Gone.", SAID]
    with pytest.raises(Gone, match="undone before"):
        door.undo(ferri.actor(ferri.anna), entry.seq)


def test_a_comment_that_was_a_file_alone_comes_back_as_one(ferri: Cast, lead: Lead) -> None:
    it = written(ferri, lead, "", "offer.pdf")
    edit(ferri, it, "Sent.", without=tuple(file.pk for file in files.of(it)))
    door.undo(ferri.actor(ferri.ugo), cuts()[0].seq)
    it.refresh_from_db()
    assert (it.text, it.excerpt) == ("", "offer.pdf")


def test_it_is_no_way_over_what_its_writer_has_written_since(ferri: Cast, lead: Lead) -> None:
    it = written(ferri, lead)
    edit(ferri, it, "Gone.")
    edit(ferri, it, "Gone, and written anew.")
    with pytest.raises(Gone, match="Nothing of this act is left"):
        door.undo(ferri.actor(ferri.anna), cuts()[0].seq)
    it.refresh_from_db()
    assert it.text == "Gone, and written anew."


def test_its_undo_takes_away_the_files_that_came_in_their_place(ferri: Cast, lead: Lead) -> None:
    """A comment never has more files than one may have, and reads again as it did."""
    had = [f"{n}.pdf" for n in range(files.MOST)]
    it = written(ferri, lead, SAID, *had)
    without = tuple(one.pk for one in files.of(it))
    new = [Incoming(f"new-{n}.pdf", 3, [b"abc"]) for n in range(files.MOST)]
    ugo = ferri.actor(ferri.ugo)
    moves.edit(ugo, it, SAID, None, attached=new, was=0, without=without)
    assert len(files.of(it)) == files.MOST
    door.undo(ugo, cuts()[0].seq)
    assert sorted(one.name for one in files.of(it)) == sorted(had)
    # What the comment had in between is a version that still shows it.
    between = Version.objects.filter(comment=it).order_by("-pk")[0]
    shown = [one.name for one in Attachment.objects.filter(comment=it) if one.was_in(between)]
    assert sorted(shown) == sorted(one.name for one in new)
    # It can be edited again: nothing is in the way.
    edit(ferri, it, SAID + " He agreed.")


def test_nobody_else_undoes_it(ferri: Cast, lead: Lead) -> None:
    it = written(ferri, lead)
    edit(ferri, it, "Gone.")
    with pytest.raises(Refused, match="Only whoever did this, or an admin"):
        door.undo(ferri.actor(ferri.bruna), cuts()[0].seq)
    it.refresh_from_db()
    assert it.text == "Gone."


def test_what_lies_in_the_trash_is_not_undone(ferri: Cast, lead: Lead) -> None:
    it = written(ferri, lead)
    edit(ferri, it, "Gone.")
    door.delete(ferri.actor(ferri.ugo), [it])
    with pytest.raises(Gone):
        door.undo(ferri.actor(ferri.anna), cuts()[0].seq)


def test_a_comment_that_grew_meanwhile_is_not_cut_unseen(ferri: Cast, lead: Lead) -> None:
    it = written(ferri, lead, "Called")
    seen = Comment.objects.get()
    edit(ferri, it, SAID)
    rule(ferri)
    with pytest.raises(Invalid, match="elsewhere meanwhile"):
        moves.edit(ferri.actor(ferri.ugo), seen, "Called.", None, was=None)
    it.refresh_from_db()
    assert it.text == SAID


def test_the_log_tells_it_and_offers_its_undo(ferri: Cast, lead: Lead, client: Client) -> None:
    it = written(ferri, lead, SAID, "offer.pdf")
    edit(ferri, it, SAID, without=tuple(file.pk for file in files.of(it)))
    edit(ferri, it, ".")
    edit(ferri, it, SAID)
    rule(ferri)
    with pytest.raises(Refused):
        edit(ferri, it, ".")
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.anna)
    answer = client.get(PAGE)
    sentences = [sentence for sentence, _colour in told(answer)]
    excerpt = it.excerpt
    assert f"Ugo Conti was not allowed to cut down the comment “{excerpt}”." in sentences
    assert f"Ugo Conti wrote over most of the comment “{excerpt}”." in sentences
    assert f"Ugo Conti took files away from the comment “{excerpt}”." in sentences
    assert answer.text.count(f'action="/undo/{cuts()[0].seq}/"') == 1


def test_a_long_text_is_judged_quickly() -> None:
    assert cutting.gone("x " * 10_000, "y " * 10_000) == 19_996


def test_the_entries_name_it_by_what_it_said(ferri: Cast, lead: Lead) -> None:
    it = written(ferri, lead)
    edit(ferri, it, "They")
    (cut,) = cuts()
    undone = door.undo(ferri.actor(ferri.anna), cut.seq)
    labels = [
        json.loads(LogPerson.objects.get(seq=seq).data)["labels"] for seq in (cut.seq, undone.seq)
    ]
    assert labels == [[SAID], [SAID]]


def test_the_page_of_the_cut_names_it_by_what_it_said(ferri: Cast, lead: Lead) -> None:
    it = written(ferri, lead)
    edit(ferri, it, "They")
    (cut,) = cuts()
    (preview,) = door.undo_previews(ferri.actor(ferri.anna), cut)
    assert [row.name for row in table(preview, Wanted()).rows] == [SAID]


def test_after_an_undo_it_is_not_cut_down_by_halves_either(ferri: Cast, lead: Lead) -> None:
    it = written(ferri, lead)
    edit(ferri, it, "They")
    door.undo(ferri.actor(ferri.anna), cuts()[0].seq)
    it.refresh_from_db()
    edit(ferri, it, SAID[: len(SAID) * 6 // 10])
    assert len(cuts()) == 1
    edit(ferri, it, it.text[: len(it.text) * 6 // 10])
    assert len(cuts()) == 2
