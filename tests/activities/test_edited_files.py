"""Files come and go as a comment is edited, and each version keeps the ones it had."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from custode.activities import files, moves
from custode.activities.files import Incoming
from custode.activities.models import Attachment, Comment, Version
from custode.guard import door
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, Refused
from custode.leads.models import Lead
from tests.activities.test_attachments import PDF, PNG, client_of, on_disk
from tests.cast import Cast

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def lead(ferri: Cast) -> Lead:
    return ferri.lead(ferri.ugo)


def sent(*names: str) -> list[Incoming]:
    return [Incoming(name, len(PDF), [PDF]) for name in names]


def written(cast: Cast, lead: Lead, *names: str, text: str = "See") -> Comment:
    return moves.write(cast.actor(cast.ugo), lead, text, None, sent(*names))


def edit(cast: Cast, it: Comment, text: str, without: tuple[str, ...] = (), *new: str) -> None:
    gone = Attachment.objects.filter(comment=it, name__in=without).values_list("pk", flat=True)
    moves.edit(
        cast.actor(cast.ugo), it, text, None, was=None, attached=sent(*new), without=list(gone)
    )


def names(it: Comment) -> list[str]:
    return [file.name for file in files.of(it)]


def had(it: Comment) -> list[tuple[str, list[str]]]:
    """What each version read and which files it had, the first first."""
    all_files = list(Attachment.objects.filter(comment=it))
    return [
        (one.text, [file.name for file in all_files if file.was_in(one)])
        for one in Version.objects.filter(comment=it).order_by("pk")
    ]


def test_each_version_keeps_the_files_it_had(ferri: Cast, lead: Lead) -> None:
    it = written(ferri, lead, "a", "b", text="One")
    edit(ferri, it, "Two", ("a",), "c")
    edit(ferri, it, "Two", ("b",))
    edit(ferri, it, "Two", (), "d")
    assert names(it) == ["c", "d"]
    assert had(it) == [("One", ["a", "b"]), ("Two", ["b", "c"]), ("Two", ["c"])]
    it.refresh_from_db()
    assert it.edited_at is not None


def test_an_edit_that_changes_nothing_makes_no_version(ferri: Cast, lead: Lead) -> None:
    it = written(ferri, lead, "a")
    moves.edit(ferri.actor(ferri.ugo), it, "See", None, was=0, without=[0, 999_999])
    assert not Version.objects.exists()


def test_taking_files_away_is_no_way_to_empty_a_comment(ferri: Cast, lead: Lead) -> None:
    it = written(ferri, lead, "a", text="")
    with pytest.raises(Invalid, match="A comment cannot be empty"):
        edit(ferri, it, "", ("a",))
    assert names(it) == ["a"]
    edit(ferri, it, "", ("a",), "b")
    assert (names(it), it.excerpt) == (["b"], "b")


def test_a_text_may_be_blanked_where_a_file_stays_and_is_kept(ferri: Cast, lead: Lead) -> None:
    it = written(ferri, lead, "a", text="What I regret")
    edit(ferri, it, "")
    it.refresh_from_db()
    assert (it.text, it.excerpt) == ("", "a")
    assert had(it) == [("What I regret", ["a"])]
    page = client_of(ferri.bruna).get(f"/comments/{it.pk}/versions/").text
    assert "What I regret" in page


def test_only_files_of_the_same_comment_are_taken_away(ferri: Cast, lead: Lead) -> None:
    mine, other = written(ferri, lead, "a"), written(ferri, lead, "b")
    foreign = Attachment.objects.get(comment=other)
    moves.edit(ferri.actor(ferri.ugo), mine, "Mine", None, was=None, without=[foreign.pk])
    assert (names(mine), names(other)) == (["a"], ["b"])


def test_nobody_else_changes_the_files_of_a_comment(
    ferri: Cast, lead: Lead, tmp_path: Path
) -> None:
    it = written(ferri, lead, "a")
    (file,) = files.of(it)
    before = on_disk(tmp_path)
    for who in (ferri.bruna, ferri.anna):
        with pytest.raises(Refused):
            moves.edit(
                ferri.actor(who), it, "See", None, was=None, attached=sent("b"), without=[file.pk]
            )
        answer = client_of(who).post(
            f"/comments/{it.pk}/",
            {"text": "See", "without": file.pk, "files": [SimpleUploadedFile("b.pdf", PDF)]},
        )
        assert answer.status_code == 403
    assert names(it) == ["a"]
    assert on_disk(tmp_path) == before


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (["new"], "A comment has at most 10 files."),
        (["empty"], "“empty” is empty."),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_changed(
    ferri: Cast, lead: Lead, tmp_path: Path, new: list[str], why: str
) -> None:
    it = written(ferri, lead, *(f"{n}" for n in range(10)))
    before = on_disk(tmp_path)
    coming = [Incoming(name, 0 if name == "empty" else 1, [b"x"]) for name in new]
    with pytest.raises(Invalid, match=why):
        moves.edit(ferri.actor(ferri.ugo), it, "Other", None, was=0, attached=coming)
    it.refresh_from_db()
    assert (it.text, names(it)) == ("See", [f"{n}" for n in range(10)])
    assert on_disk(tmp_path) == before
    edit(ferri, it, "Other", ("0",), "new")
    assert len(names(it)) == 10


def test_two_edits_at_once_lose_no_file(ferri: Cast, lead: Lead, tmp_path: Path) -> None:
    it = written(ferri, lead, "a")
    edit(ferri, it, "Elsewhere")
    before = on_disk(tmp_path)
    with pytest.raises(Invalid, match="changed this comment elsewhere"):
        moves.edit(ferri.actor(ferri.ugo), it, "Here", None, was=0, attached=sent("b"))
    assert on_disk(tmp_path) == before


def test_at_the_screen_files_are_added_and_taken_away(ferri: Cast, lead: Lead) -> None:
    it, ugo = written(ferri, lead, "<b>old"), client_of(ferri.ugo)
    (old,) = files.of(it)
    form = ugo.get(f"/comments/{it.pk}/?edit=1", headers=HTMX).text
    assert f'name="without" value="{old.pk}"' in form
    assert "<b>old" not in form
    given = SimpleUploadedFile("photo.png", PNG)
    data = {"text": "See", "was": "0", "without": [str(old.pk), "x"], "files": [given]}
    answer = ugo.post(f"/comments/{it.pk}/", data, headers=HTMX).text
    assert "photo.png" in answer
    assert "edited, once" in answer
    assert "&lt;b&gt;old" not in answer
    assert "old" not in [file.name for file in files.of(it)]
    before = ugo.get(f"/comments/{it.pk}/versions/").text
    assert "&lt;b&gt;old" in before
    assert "photo.png" not in before
    # Whoever sees the comment sees what it was; whoever does not, does not.
    assert client_of(ferri.bruna).get(f"/attachments/{old.pk}/").status_code == 200
    assert client_of(ferri.carla).get(f"/attachments/{old.pk}/").status_code == 404


def test_after_a_mistake_the_form_is_as_it_was_sent(ferri: Cast, lead: Lead) -> None:
    it, ugo = written(ferri, lead, "a", "b", text=""), client_of(ferri.ugo)
    first, second = (str(file.pk) for file in files.of(it))
    new = SimpleUploadedFile("c.pdf", PDF)
    data = {"text": "x" * 20_001, "was": "0", "without": [first], "files": [new]}
    answer = ugo.post(f"/comments/{it.pk}/", data, headers=HTMX)
    assert answer.status_code == 422
    assert f'value="{first}" checked' in answer.text
    assert f'value="{second}" checked' not in answer.text
    assert "Choose them again." in answer.text
    assert names(it) == ["a", "b"]


def test_taken_files_stay_until_the_purge_and_go_with_it(
    ferri: Cast, lead: Lead, tmp_path: Path
) -> None:
    it = written(ferri, lead, "a")
    edit(ferri, it, "See", ("a",), "b")
    assert files.remove_orphans(Actor.system(lead.account_id, "attachments")) == 0
    assert len(on_disk(tmp_path)) == 2
    act = door.delete(ferri.actor(ferri.ugo), [lead])
    assert act.entry is not None
    door.purge(ferri.actor(ferri.anna), act.entry, reason="for good")
    assert not Attachment.objects.exists()
    assert not Version.objects.exists()


def test_queries_do_not_grow_with_versions_or_files(
    ferri: Cast, lead: Lead, django_assert_max_num_queries: Any
) -> None:
    it, ugo = written(ferri, lead, "a", "b"), client_of(ferri.ugo)
    address = f"/comments/{it.pk}/versions/"
    edit(ferri, it, "1", ("a",))
    ugo.get(address)
    with django_assert_max_num_queries(50) as few:
        ugo.get(address)
    for n in range(8):
        edit(ferri, it, f"{n} again", (), f"{n}")
    with django_assert_max_num_queries(len(few)):
        ugo.get(address)
