"""Who may do what to a comment: tables written by hand from the seed and the issue.

Whoever sees a lead comments on it. Only whoever wrote a comment changes it; they and admins delete
it, unless "only admins can delete comments or e-mails" is ticked. A lead's comments go to the
trash with it, and come back with it.
"""

from __future__ import annotations

import pytest

from custode.accounts import moves as account_moves
from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.activities import moves, types
from custode.activities.models import ActivityType, Comment, Version
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel.errors import Gone, Invalid, Refused
from custode.leads.models import Lead
from custode.people.models import User
from tests.cast import Cast

# who, whose comment on Ugo's lead, rule ticked -> edit, delete, pin
TABLE = [
    ("anna", "ugo", False, "no", "yes", "yes"),
    ("anna", "bruna", False, "no", "yes", "yes"),
    ("anna", "bruna", True, "no", "yes", "yes"),
    ("anna", "anna", True, "yes", "yes", "yes"),
    ("ugo", "ugo", False, "yes", "yes", "yes"),
    ("ugo", "ugo", True, "yes", "no", "yes"),
    ("ugo", "bruna", False, "no", "no", "yes"),
    ("ugo", "bruna", True, "no", "no", "yes"),
    ("bruna", "bruna", False, "yes", "yes", "yes"),
    ("bruna", "bruna", True, "yes", "no", "yes"),
    ("bruna", "ugo", False, "no", "no", "no"),
]


def write(ferri: Cast, who: User, lead: Lead, text: str = "Called him") -> Comment:
    return moves.write(ferri.actor(who), lead, text)


def answer(attempt: object) -> str:
    try:
        attempt()  # type: ignore[operator]  # always a callable
    except Refused:
        return "no"
    return "yes"


@pytest.mark.parametrize(("who", "whose", "ticked", "edit", "delete", "pin"), TABLE)
def test_who_may_do_what(
    ferri: Cast, who: str, whose: str, ticked: bool, edit: str, delete: str, pin: str
) -> None:
    comment = write(ferri, getattr(ferri, whose), ferri.lead(ferri.ugo))
    if ticked:
        account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "comment", True)
    actor = ferri.actor(getattr(ferri, who))
    assert answer(lambda: moves.edit(actor, comment, "New", None, was=0)) == edit
    assert answer(lambda: moves.pin(actor, comment, True)) == pin
    assert answer(lambda: door.delete(actor, [comment])) == delete
    assert Comment.objects.filter(pk=comment.pk).exists() == (delete == "no")
    refused = LogEntry.objects.filter(outcome="refused", verb="delete", kind="comment")
    assert refused.count() == (delete == "no")


def test_who_does_not_see_a_lead_neither_reads_nor_writes_about_it(ferri: Cast) -> None:
    lead = ferri.lead(ferri.ugo)
    comment = write(ferri, ferri.ugo, lead)
    closed = Sharing("admins", False, "managers", "everybody")
    sharing.change(ferri.actor(ferri.anna), closed)
    ferri.bruna.account.refresh_from_db()
    bruna = ferri.actor(ferri.bruna)
    assert not Comment.objects.filter(Comment.kind.sees(bruna)).exists()
    with pytest.raises(Gone):
        moves.write(bruna, lead, "I was here")
    assert door.delete(bruna, [comment]).count == 0
    assert Comment.objects.count() == 1


def test_what_it_read_before_is_kept(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    comment = write(ferri, ferri.ugo, ferri.lead(ferri.ugo), "One")
    moves.edit(ugo, comment, "Two", None, was=0)
    moves.edit(ugo, comment, "Three", None, was=1)
    assert comment.excerpt == "Three"
    assert comment.edited_at is not None
    assert list(Version.objects.values_list("text", flat=True)) == ["Two", "One"]
    call = types.offered()[0]
    moves.edit(ugo, comment, "Three", call, was=2)
    assert (moves.versions(comment), comment.activity) == (2, call)


def test_what_was_changed_elsewhere_is_not_overwritten_in_silence(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    comment = write(ferri, ferri.ugo, ferri.lead(ferri.ugo), "One")
    moves.edit(ugo, comment, "Two", None, was=0)
    with pytest.raises(Invalid, match="changed this comment elsewhere"):
        moves.edit(ugo, comment, "Mine", None, was=0)
    comment.refresh_from_db()
    assert comment.text == "Two"


@pytest.mark.parametrize("text", ["", "  \n ", "\x00", "x" * 20_001])
def test_blanking_a_comment_is_no_way_to_delete_it(ferri: Cast, text: str) -> None:
    lead = ferri.lead(ferri.ugo)
    comment = write(ferri, ferri.ugo, lead)
    with pytest.raises(Invalid) as no:
        moves.edit(ferri.actor(ferri.ugo), comment, text, None, was=0)
    assert no.value.field == "text"
    with pytest.raises(Invalid):
        write(ferri, ferri.ugo, lead, text)
    comment.refresh_from_db()
    assert (comment.text, Comment.objects.count()) == ("Called him", 1)


def test_a_leads_comments_go_and_come_back_with_it(ferri: Cast) -> None:
    ugo, lead = ferri.actor(ferri.ugo), ferri.lead(ferri.ugo)
    gone = write(ferri, ferri.ugo, lead, "Deleted before")
    door.delete(ugo, [gone])
    kept = write(ferri, ferri.bruna, lead, "Still there")
    moves.edit(ferri.actor(ferri.bruna), kept, "Still there, edited", None, was=0)
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "comment", True)
    # What goes along follows the parent's rule.
    act = door.delete(ugo, [lead])
    assert act.along == {"comment": 1}
    assert not Comment.objects.exists()
    with pytest.raises(Gone):
        write(ferri, ferri.bruna, lead)
    assert act.entry is not None
    door.restore(ugo, act.entry)
    assert list(Comment.objects.values_list("text", flat=True)) == ["Still there, edited"]
    assert list(Version.objects.values_list("text", flat=True)) == ["Still there"]


def test_a_purge_takes_comments_and_versions_for_ever(ferri: Cast) -> None:
    lead = ferri.lead(ferri.ugo)
    comment = write(ferri, ferri.ugo, lead)
    moves.edit(ferri.actor(ferri.ugo), comment, "Edited", None, was=0)
    act = door.delete(ferri.actor(ferri.ugo), [lead])
    assert act.entry is not None
    door.purge(ferri.actor(ferri.anna), act.entry, reason="for good")
    assert not Comment.with_trashed.exists()
    assert not Version.objects.exists()


def test_types_are_the_admins_to_make_and_to_retire(ferri: Cast) -> None:
    anna, ugo = ferri.actor(ferri.anna), ferri.actor(ferri.ugo)
    first = [one.name for one in types.offered()]
    assert first == ["Call", "Meeting", "Visit", "Video call", "Quotation"]
    fair = types.create(anna, " Trade  fair ", "map-pin")
    assert types.offered()[-1] == fair
    types.change(anna, fair, "Fair", "users-round")
    types.retire(anna, fair, True)
    assert [one.name for one in types.offered()] == first
    types.retire(anna, fair, False)
    assert types.offered()[-1].name == "Fair"
    for act in (
        lambda: types.create(ugo, "Mine", "phone"),
        lambda: types.change(ugo, fair, "Mine", "phone"),
        lambda: types.retire(ugo, fair, True),
    ):
        with pytest.raises(Refused):
            act()
    for name, icon in (("", "phone"), ("call", "phone"), ("x" * 61, "phone"), ("New", "skull")):
        with pytest.raises(Invalid):
            types.create(anna, name, icon)
    assert ActivityType.objects.count() == 6
