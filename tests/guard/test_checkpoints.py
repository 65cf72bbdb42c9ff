"""A checkpoint that was kept elsewhere shows what the chain alone cannot: a tail cut off with all
that told of it, and a log written anew.
"""

from __future__ import annotations

import base64
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import Error

from custode.guard import chain, checkpoints, door, lock, lock_installation, log
from custode.guard.checkpoints import Checkpoint
from custode.guard.models import LogCheckpoint, LogEntry, LogHead
from custode.guard.verifying import Walk, Wrong
from custode.kernel import scope
from custode.kernel.errors import Gone, Invalid
from tests.cast import Cast
from tests.guard.locked import SAID, sql


@pytest.fixture
def scene(bare_scene: Cast) -> Cast:
    """The scene, of whose log nobody has a checkpoint."""
    return bare_scene


@pytest.fixture
def one(scene: Cast) -> Checkpoint:
    """A checkpoint of the scene's log, and three deletions after it."""
    made = checkpoints.make(scene.ferri.account.pk)
    for n in range(3):
        door.delete(scene.actor(scene.anna), [scene.lead(scene.anna, f"Later {n}")])
    return made


def cut(account: int, upto: int) -> None:
    """Somebody with all power cuts off what is newer, and sets the head back to what is left."""
    left = LogEntry.objects.get(account_id=account, seq=upto)
    with lock_installation.lifted():
        for table in ("guard_logentry", "guard_logperson"):
            sql(f"DELETE FROM {table} WHERE account_id = {account} AND seq > {upto}")
        LogHead.objects.filter(account_id=account).update(seq=upto, hash=left.hash)


def written_anew(account: int, first: int) -> None:
    """Somebody with all power changes an entry, and all hashes from there on."""
    entries = LogEntry.objects.filter(account_id=account).order_by("seq")
    previous = ""
    with lock_installation.lifted():
        for entry in entries:
            if entry.seq >= first:
                entry.previous, entry.count = previous, entry.count + (entry.seq == first)
                entry.hash = chain.hash_of(entry)
                entry.save()
            previous = entry.hash
        LogHead.objects.filter(account_id=account).update(hash=previous)


def found(account: int, one: Checkpoint) -> list[tuple[Wrong, int]]:
    walk = Walk(account, {one.seq: one.hash})
    return [(fault.what, fault.seq) for fault in walk.faults()]


def test_a_log_that_only_grew_agrees_with_its_checkpoint(scene: Cast, one: Checkpoint) -> None:
    walk = Walk(scene.ferri.account.pk, {one.seq: one.hash})
    assert list(walk.faults()) == []
    assert (walk.anchored, walk.last) == (one.seq, one.seq + 3)


def test_a_tail_cut_off_with_all_that_told_of_it(scene: Cast, one: Checkpoint) -> None:
    account = scene.ferri.account.pk
    cut(account, one.seq - 2)
    assert list(log.verify(account)) == []
    assert found(account, one) == [(Wrong.CUT, one.seq)]


def test_a_tail_that_is_newer_than_the_checkpoint_is_not_anchored(
    scene: Cast, one: Checkpoint
) -> None:
    account = scene.ferri.account.pk
    cut(account, one.seq + 1)
    assert found(account, one) == []


def test_a_log_written_anew(scene: Cast, one: Checkpoint) -> None:
    account = scene.ferri.account.pk
    written_anew(account, 4)
    assert list(log.verify(account)) == []
    assert found(account, one) == [(Wrong.CHECKPOINT, one.seq)]


def test_a_checkpoint_that_the_database_still_has_is_asked_too(
    scene: Cast, one: Checkpoint
) -> None:
    account = scene.ferri.account.pk
    checkpoints.note(one)
    cut(account, one.seq - 1)
    assert [(f.what, f.seq) for f in log.verify(account)] == [(Wrong.CUT, one.seq)]
    latest = checkpoints.latest(account)
    assert latest is not None
    assert (latest.seq, latest.hash, latest.mailed_to) == (one.seq, one.hash, 0)


# How a text comes back -> whether it is read.
WAYS = {
    "as it was": lambda text: text,
    "with words around it": lambda text: f"Dear Anna,\n\n{text}\n\nYours\n",
    "quoted": lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    "quoted twice, with Windows' line ends": lambda text: "\r\n".join(
        f">> {line}" for line in text.split("\n")
    ),
    "with long lines broken": lambda text: re.sub("(?m)^(signature: .{40})", r"\1\n", text),
    "twice the same": lambda text: f"{text}\n\n{text}",
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_checkpoint_is_read(scene: Cast, one: Checkpoint, way) -> None:
    assert checkpoints.read(way(one.text), scene.ferri.account.pk) == one


FORGED = {
    "another entry": (lambda t: re.sub("entry: .*", "entry: 2", t), "signature does not fit"),
    "another hash": (lambda t: re.sub("hash: .", "hash: x", t), "signature does not fit"),
    "another time": (lambda t: re.sub("time: 20", "time: 19", t), "signature does not fit"),
    "another account": (lambda t: re.sub("account: .*", "account: 77", t), "does not fit"),
    "no signature": (lambda t: re.sub("signature: .*", "signature: ", t), "does not fit"),
    "half a signature": (lambda t: re.sub("(signature: .{40}).*", r"\1", t), "does not fit"),
    "a line less": (lambda t: re.sub("hash: .*\n", "", t), "is missing or cannot be read"),
    "a number that is none": (lambda t: re.sub("entry: .*", "entry: ٣", t), "cannot be read"),
    "a day that is none": (lambda t: re.sub("time: .*", "time: never", t), "cannot be read"),
    "no end": (lambda t: t.replace("-----END", ""), "no checkpoint in this text"),
    "nothing": (lambda t: "", "no checkpoint in this text"),
    "two that differ": (
        lambda t: f"{t}\n{re.sub('entry: .*', 'entry: 2', t)}", "several checkpoints",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("way", "why"), FORGED.values(), ids=FORGED.keys())
def test_a_checkpoint_with(scene: Cast, one: Checkpoint, way, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        checkpoints.read(way(one.text), scene.ferri.account.pk)


def test_a_checkpoint_signed_with_a_key_of_ones_own_is_refused(
    scene: Cast, one: Checkpoint
) -> None:
    mine = Ed25519PrivateKey.generate()
    key = base64.b64encode(mine.public_key().public_bytes_raw()).decode()
    bare = Checkpoint(one.account_id, 2, "f" * 64, one.made_at, key)
    forged = Checkpoint(
        bare.account_id, bare.seq, bare.hash, bare.made_at, key,
        base64.b64encode(mine.sign(bare.signed)).decode(),
    )  # fmt: skip
    with pytest.raises(Invalid, match="signed with another key"):
        checkpoints.read(forged.text, scene.ferri.account.pk)
    # Whoever trusts that key says so: it may be the installation's own from before.
    assert checkpoints.read(forged.text, scene.ferri.account.pk, key) == forged


def test_a_checkpoint_of_another_account_is_refused(scene: Cast, one: Checkpoint) -> None:
    with pytest.raises(Invalid, match="another account"):
        checkpoints.read(one.text, scene.lodi.account.pk)


def test_after_the_secret_key_changed_old_checkpoints_need_their_public_key(
    scene: Cast, one: Checkpoint, settings
) -> None:
    settings.SECRET_KEY = "another" * 9
    assert checkpoints.public_key() != one.key
    with pytest.raises(Invalid, match="secret key was changed"):
        checkpoints.read(one.text, scene.ferri.account.pk)
    assert checkpoints.read(one.text, scene.ferri.account.pk, one.key) == one


def test_there_is_no_checkpoint_of_an_empty_log(scene: Cast) -> None:
    with scope.account(999_999), pytest.raises(Gone, match="The log is still empty"):
        checkpoints.make(999_999)


def test_a_noted_checkpoint_stays_as_it_is(scene: Cast, one: Checkpoint) -> None:
    checkpoints.note(one)
    account = scene.ferri.account.pk
    for opened in (f"log:{account}", f"erase:{account}", ""):
        with lock.opened(opened), pytest.raises(Error, match=SAID):
            sql("UPDATE guard_logcheckpoint SET mailed_to = 3")
        with lock.opened(opened), pytest.raises(Error, match=SAID):
            sql("DELETE FROM guard_logcheckpoint")
    assert LogCheckpoint.objects.latest("pk").mailed_to == 0
