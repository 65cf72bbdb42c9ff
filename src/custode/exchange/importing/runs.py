"""Operations of a person on a file to be imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from custode.exchange import folders, tasks
from custode.exchange.importing import job
from custode.exchange.importing.choices import NEW, Choices
from custode.exchange.importing.targets import TARGETS, target_of
from custode.exchange.models import BY_JOB, ImportRun, RunState
from custode.exchange.reading import LeadMapping, to_dict
from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock
from custode.kernel.actor import Actor, Entrance
from custode.kernel.errors import Gone, Invalid
from custode.leads.models import Lead
from custode.people.models import User

AT_ONCE: Final = 2 * 2**20
"""The maximum bytes of text read while the person waits; longer files are left to a job."""
UNUSED: Final = timedelta(days=7)
"""How long a file is kept without being mapped."""

Runs = QuerySet[ImportRun, ImportRun]


def visible(actor: Actor) -> Runs:
    """Return the runs an actor sees: their own; for an admin all of the account."""
    runs = ImportRun.objects.select_related("user").order_by("-pk")
    return runs if actor.is_admin else runs.filter(user_id=actor.user_id or 0)


def bring(
    user: User, actor: Actor, name: str, pieces: Iterable[bytes], entrance: Entrance = Entrance.JOB,
    *, kind: str = Lead.kind.name, wish: Mapping[str, Any] | None = None,
) -> ImportRun:  # fmt: skip
    """Accept a file, to be read next by a job or by `work_now`.

    Args:
        entrance: the entrance recorded for its rows.
        kind: the kind that its rows become, one of `TARGETS`.
        wish: choices made before the file is read.

    Raises:
        Refused: the actor may not import.
        Invalid: the file is larger than the installation accepts.
    """
    if kind not in TARGETS:
        raise Invalid(_("This cannot be imported."), field="kind")
    door.authorize(actor, Verb.IMPORT, kind)
    token, size = folders.keep(folders.IMPORTS, _measured(pieces))
    run = ImportRun(
        user=user, entrance=entrance.value, token=token, size=size, kind=kind,
        choices=dict(wish or {}),
        name=name.replace("\x00", "").strip()[-200:] or _("file"),
        origin={
            "ip": actor.origin.ip, "device": actor.origin.device, "session": actor.origin.session,
        },
    )  # fmt: skip
    with transaction.atomic():
        run.save()
        _hand_to_job(run)
    return run


def _hand_to_job(run: ImportRun) -> None:
    """Enqueue the work on a run, in the transaction that makes it necessary.

    Work that somebody waits for, here or at a console, is enqueued with a delay all the same: if
    this process dies meanwhile, the job continues.
    """
    wait = timedelta()
    if run.entrance == Entrance.CONSOLE:
        wait = timedelta(hours=1)
    elif run.state != RunState.RUNNING and is_quick(run):
        wait = timedelta(minutes=1)
    task = tasks.work_on_import
    if wait:
        task = task.using(run_after=clock.now() + wait)
    task.enqueue(run.account_id, run.pk)


def work_now(run: ImportRun) -> None:
    """Do quick work at once, while the person waits; leave the rest to the job."""
    if is_quick(run):
        job.work(run.account_id, run.pk)
        run.refresh_from_db()


def _measured(pieces: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > settings.UPLOAD_BYTES:
            raise Invalid(too_large(), field="file")
        yield piece


def too_large() -> str:
    """Return the message for a file that is larger than the installation accepts."""
    return _("The file has more than %(limit)d MB. Split it into several files.") % {
        "limit": settings.UPLOAD_BYTES // 2**20
    }


def is_quick(run: ImportRun) -> bool:
    """Return whether reading it is so quick that a person can wait: a short text file."""
    if run.size > AT_ONCE or not run.token:
        return False
    with folders.path_of(folders.IMPORTS, run.token).open("rb") as file:
        return file.read(2) != b"PK"


def set_mapping(run: ImportRun, mapping: LeadMapping, choices: Choices) -> None:
    """Save the person's mapping for leads, and request a trial; raise as `decide` does."""
    decide(run, to_dict(mapping), choices.as_dict())


def decide(run: ImportRun, mapping: dict[str, Any], choices: dict[str, Any]) -> None:
    """Save the person's choices, and request a trial; raise `Gone` once rows are imported."""
    run.mapping, run.choices = mapping, choices
    run.forecast, run.tries, run.why = {}, 0, ""
    with transaction.atomic():
        _move(run, (RunState.MAPPING, RunState.CHECKED), RunState.CHECKING)
        run.save(update_fields=["mapping", "choices", "forecast", "tries", "why"])
        _hand_to_job(run)


def back_to_mapping(run: ImportRun) -> None:
    """Return to the mapping after the trial."""
    _move(run, (RunState.CHECKED,), RunState.MAPPING)


def start(run: ImportRun, actor: Actor) -> None:
    """Start importing the rows, by a job.

    Raises:
        Refused: the actor may not import, or not create the people and steps that are needed.
        Gone: the file was not tried yet, or is being imported already.
        Invalid: no row would be imported, or a person must decide who is meant by a name.
    """
    target = target_of(run)
    door.authorize(actor, Verb.IMPORT, target.kind.name)
    if run.state != RunState.CHECKED:
        raise Gone(_("This import has moved on in the meantime. Reload the page."))
    target.require_ready(run, actor)
    with transaction.atomic():
        _move(run, (RunState.CHECKED,), RunState.RUNNING)
        run.started_at, run.tries = clock.now(), 0
        run.save(update_fields=["started_at", "tries"])
        _hand_to_job(run)


def stop(run: ImportRun) -> None:
    """Ask the job to stop; what arrived so far is removed."""
    with transaction.atomic():
        _move(run, (RunState.RUNNING,), RunState.STOPPING)
        _hand_to_job(run)


def discard(run: ImportRun) -> None:
    """Remove a file that has not been imported; raise `Gone` when it is, or has been, by now."""
    if not _remove(run, ImportRun.objects.exclude(state__in=[*BY_JOB, RunState.DONE])):
        if ImportRun.objects.filter(pk=run.pk, state__in=BY_JOB).exists():
            raise Gone(_("This import is under way. Stop it first."))
        raise Gone(_("This import has moved on in the meantime. Reload the page."))


def forget_unused() -> int:
    """Remove files that nobody continued with, and return how many; for the job."""
    unused = ImportRun.objects.filter(
        state__in=[RunState.MAPPING, RunState.CHECKED], created_at__lt=clock.now() - UNUSED
    )
    return sum(_remove(run, unused) for run in list(unused))


def _remove(run: ImportRun, those: Runs) -> bool:
    """Remove a run, and then its file, if it is still one of those; tells whether it was."""
    with transaction.atomic():
        # Held while it goes: deleting takes the refused rows first, and looks at no state again.
        found = those.select_for_update().filter(pk=run.pk).first()
        if found is None:
            return False
        found.delete()
    folders.remove(folders.IMPORTS, found.token)
    return True


def same_before(run: ImportRun) -> ImportRun | None:
    """Return an earlier import that seems to be of the same file."""
    others = ImportRun.objects.filter(
        state=RunState.DONE, kind=run.kind, name=run.name, size=run.size
    )
    return others.exclude(pk=run.pk).order_by("-pk").first()


def needs_admin(choices: Choices) -> bool:
    """Return whether the choices require what only admins create."""
    return choices.new_steps or choices.pipeline == NEW or NEW in {
        choices.others, *choices.owners.values()
    }  # fmt: skip


def _move(run: ImportRun, before: Iterable[RunState], after: RunState) -> None:
    """Change the state, once, whoever else does so at the same time."""
    here = ImportRun.objects.filter(pk=run.pk, state__in=list(before))
    if not here.update(state=after):
        raise Gone(_("This import has moved on in the meantime. Reload the page."))
    run.state = after
