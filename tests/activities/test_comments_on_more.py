"""Comments on client folders, prospects and their lists: tables written by hand from the issue.

Whoever sees a folder or a prospect comments on it. Seeing a list is editing it, so whoever sees a
prospect pins its comments; a folder's owner pins those on it. What one comments on takes its
comments along, and brings exactly those back.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from custode.accounts import moves as account_moves
from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.activities import moves
from custode.activities.models import Comment
from custode.clients import moves as folder_moves
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import Change
from custode.guard.owned import Guarded
from custode.kernel import scope
from custode.kernel.errors import Gone, Refused
from custode.leads import moves as lead_moves
from custode.prospecting import moves as list_moves
from custode.prospecting import outcomes
from custode.prospecting.models import Prospect
from tests.cast import Cast
from tests.prospecting.sheets import a_list, row_of

Make = Callable[[Cast], Guarded]


def a_folder(ferri: Cast) -> Guarded:
    """Ugo's."""
    return folder_moves.create(ferri.actor(ferri.ugo), "Rossi", owner=ferri.ugo)


def a_prospect(ferri: Cast) -> Guarded:
    """In a list of Ugo's."""
    return row_of(a_list(ferri.actor(ferri.ugo)), "Verdi 2000")


def the_list(ferri: Cast) -> Guarded:
    """Ugo's."""
    return a_list(ferri.actor(ferri.ugo))


BOTH = pytest.mark.parametrize("make", [a_folder, a_prospect, the_list])

# on what of Ugo's, who, whose comment, rule ticked -> edit, delete, pin
TABLE = [
    (a_folder, "anna", "ugo", False, "no", "yes", "yes"),
    (a_folder, "anna", "ugo", True, "no", "yes", "yes"),
    (a_folder, "ugo", "ugo", False, "yes", "yes", "yes"),
    (a_folder, "ugo", "ugo", True, "yes", "no", "yes"),
    (a_folder, "ugo", "bruna", False, "no", "no", "yes"),
    (a_folder, "bruna", "bruna", False, "yes", "yes", "yes"),
    (a_folder, "bruna", "bruna", True, "yes", "no", "yes"),
    (a_folder, "bruna", "ugo", False, "no", "no", "no"),
    (a_prospect, "anna", "bruna", True, "no", "yes", "yes"),
    (a_prospect, "ugo", "bruna", False, "no", "no", "yes"),
    (a_prospect, "ugo", "ugo", True, "yes", "no", "yes"),
    (a_prospect, "bruna", "bruna", False, "yes", "yes", "yes"),
    (a_prospect, "bruna", "ugo", False, "no", "no", "yes"),
    (a_prospect, "bruna", "ugo", True, "no", "no", "yes"),
    (the_list, "anna", "bruna", True, "no", "yes", "yes"),
    (the_list, "ugo", "ugo", True, "yes", "no", "yes"),
    (the_list, "bruna", "bruna", False, "yes", "yes", "yes"),
    (the_list, "bruna", "ugo", False, "no", "no", "yes"),
]


def close(ferri: Cast) -> None:
    """Only admins see others' items from now on."""
    closed = Sharing("admins", False, "managers", "everybody")
    sharing.change(ferri.actor(ferri.anna), closed)
    for who in (ferri.ugo, ferri.bruna):
        who.account.refresh_from_db()


def answer(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except Refused:
        return "no"
    return "yes"


@pytest.mark.parametrize(("make", "who", "whose", "ticked", "edit", "delete", "pin"), TABLE)
def test_who_may_do_what(
    ferri: Cast, make: Make, who: str, whose: str, ticked: bool, edit: str, delete: str, pin: str
) -> None:
    comment = moves.write(ferri.actor(getattr(ferri, whose)), make(ferri), "Called him")
    if ticked:
        account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "comment", True)
    actor = ferri.actor(getattr(ferri, who))
    assert answer(lambda: moves.edit(actor, comment, "New", None, was=0)) == edit
    assert answer(lambda: moves.pin(actor, comment, True)) == pin
    assert answer(lambda: door.delete(actor, [comment])) == delete
    assert Comment.objects.filter(pk=comment.pk).exists() == (delete == "no")


@BOTH
def test_who_does_not_see_it_neither_reads_nor_writes_about_it(ferri: Cast, make: Make) -> None:
    about = make(ferri)
    comment = moves.write(ferri.actor(ferri.ugo), about, "Secret")
    close(ferri)
    bruna = ferri.actor(ferri.bruna)
    assert not Comment.objects.filter(Comment.kind.sees(bruna)).exists()
    assert Comment.objects.filter(Comment.kind.sees(ferri.actor(ferri.ugo))).get() == comment
    with pytest.raises(Gone):
        moves.write(bruna, about, "I was here")
    assert door.delete(bruna, [comment]).count == 0
    assert Comment.objects.count() == 1


def test_each_sort_is_seen_by_who_sees_the_thing_itself(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    folder, prospect = a_folder(ferri), a_prospect(ferri)
    lead = ferri.lead(ferri.bruna, "Press")
    for about in (folder, prospect, lead):
        moves.write(ugo, about, f"On {about}")
    close(ferri)
    bruna = ferri.actor(ferri.bruna)

    def seen() -> list[str]:
        return sorted(one.text for one in Comment.objects.filter(Comment.kind.sees(bruna)))

    assert seen() == ["On Press"]
    list_moves.share(ugo, prospect.in_list, True)  # type: ignore[attr-defined]  # a prospect
    assert seen() == ["On Press", "On Verdi 2000"]
    # A folder is seen by whoever sees a lead in it.
    lead_moves.edit(ferri.actor(ferri.anna), lead, client_folder=folder)
    assert seen() == ["On Press", "On Rossi", "On Verdi 2000"]


@BOTH
def test_its_comments_go_and_come_back_with_it(ferri: Cast, make: Make) -> None:
    ugo, about = ferri.actor(ferri.ugo), make(ferri)
    gone = moves.write(ugo, about, "Deleted before")
    door.delete(ugo, [gone])
    moves.write(ferri.actor(ferri.bruna), about, "Still there")
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "comment", True)
    act = door.delete(ugo, [about])
    assert (act.along or {})["comment"] == 1
    assert not Comment.objects.exists()
    with pytest.raises(Gone):
        moves.write(ugo, about, "Too late")
    door.restore(ugo, act.entry or 0)
    assert [one.text for one in Comment.objects.all()] == ["Still there"]


def test_a_folders_comments_go_and_those_on_its_leads_stay(ferri: Cast) -> None:
    ugo, folder = ferri.actor(ferri.ugo), a_folder(ferri)
    lead = ferri.lead(ferri.ugo, "Press")
    lead_moves.edit(ugo, lead, client_folder=folder)
    moves.write(ugo, folder, "On the folder")
    moves.write(ugo, lead, "On the lead")
    assert door.delete(ugo, [folder]).along == {"comment": 1}
    assert [one.text for one in Comment.objects.all()] == ["On the lead"]


def test_a_list_takes_its_rows_and_their_comments_and_brings_them_back(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    for name in ("Verdi 2000", "Rossi S.r.l."):
        moves.write(ugo, row_of(one, name), f"About {name}")
    row = row_of(one, "Rossi S.r.l.")
    door.delete(ugo, [row])
    act = door.delete(ugo, [one])
    assert act.along == {"prospect": 2, "comment": 1}
    assert not Comment.objects.exists()
    door.restore(ugo, act.entry or 0)
    assert [one.text for one in Comment.objects.all()] == ["About Verdi 2000"]
    entry = door.delete(ugo, [one]).entry
    assert entry is not None
    door.purge(ferri.actor(ferri.anna), entry, reason="A wrong list")
    # Of the row that was deleted before, nothing is left either.
    assert not Comment.with_trashed.exists()
    assert not Prospect.with_trashed.exists()
    assert not Change.objects.filter(kind="prospect").exists()


def test_what_is_said_about_a_list_and_about_its_rows_goes_and_comes_back_together(
    ferri: Cast,
) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    moves.write(ugo, one, "About the list")
    moves.write(ugo, row_of(one, "Verdi 2000"), "About Verdi")
    # A row takes what is said about it, and nothing of what is said about its list.
    alone = door.delete(ugo, [row_of(one, "Verdi 2000")])
    assert alone.along == {"comment": 1}
    assert [comment.text for comment in Comment.objects.all()] == ["About the list"]
    door.restore(ugo, alone.entry or 0)
    act = door.delete(ugo, [one])
    assert act.along == {"prospect": 3, "comment": 2}
    door.restore(ugo, act.entry or 0)
    told = Comment.objects.order_by("pk").values_list("text", flat=True)
    assert list(told) == ["About the list", "About Verdi"]
    entry = door.delete(ugo, [one]).entry
    assert entry is not None
    door.purge(ferri.actor(ferri.anna), entry, reason="A wrong list")
    assert not Comment.with_trashed.exists()


def test_nothing_is_said_of_a_row_that_came_back_without_its_list(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    row = row_of(one, "Verdi 2000")
    entry = door.delete(ugo, [row]).entry
    door.delete(ugo, [one])
    door.restore(ugo, entry or 0)
    row = Prospect.objects.get(pk=row.pk)
    assert not row.lives
    with pytest.raises(Gone):
        moves.write(ugo, row, "Into nothing")


def test_a_prospect_that_became_a_lead_keeps_its_comments(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    row = row_of(one, "Verdi 2000")
    moves.write(ugo, row, "Wants an offer")
    (made,) = outcomes.into_leads(ugo, one, [row.pk])
    assert [c.prospect_id for c in Comment.objects.all()] == [made.pk]
    assert made.lead is not None
    door.delete(ugo, [made.lead])
    assert Comment.objects.count() == 1


def test_a_comment_is_about_one_thing(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    comment = moves.write(ugo, a_folder(ferri), "On one")
    for values in ({"client_folder": None}, {"lead": ferri.lead(ferri.ugo)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.filter(pk=comment.pk).update(**values)


@BOTH
def test_another_account_finds_none_of_it(ferri: Cast, make: Make) -> None:
    about = make(ferri)
    moves.write(ferri.actor(ferri.ugo), about, "Secret")
    with scope.account(ferri.lodi.account.pk):
        assert not Comment.objects.exists()
        with pytest.raises(Gone):
            moves.write(ferri.actor(ferri.carla), about, "I was here")
    assert Comment.objects.count() == 1
