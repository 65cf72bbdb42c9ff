"""What a person may do with a file that is to come in."""

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
"""Up to so many bytes of text are read while the person waits; the rest is a job's."""
UNUSED: Final = timedelta(days=7)
"""How long a file waits for its mapping."""

Runs = QuerySet[ImportRun, ImportRun]


def visible(actor: Actor) -> Runs:
    """The runs an actor sees: their own, for an admin all of the account."""
    runs = ImportRun.objects.select_related("user").order_by("-pk")
    return runs if actor.is_admin else runs.filter(user_id=actor.user_id or 0)


def bring(
    user: User, actor: Actor, name: str, pieces: Iterable[bytes], entrance: Entrance = Entrance.JOB,
    *, kind: str = Lead.kind.name, wish: Mapping[str, Any] | None = None,
) -> ImportRun:  # fmt: skip
    """Take a file, to be read next, by a job or by `work_now`.

    Args:
        entrance: by which entrance its rows will come in.
        kind: what its rows become, one of `TARGETS`.
        wish: choices that are made already, before the file is read.

    Raises:
        Refused: the actor may not import.
        Invalid: the file is larger than the installation takes.
    """
    if kind not in TARGETS:
        raise Invalid(_("This cannot be imported."), field="kind")
    door.ask(actor, Verb.IMPORT, kind)
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

    What somebody waits for, here or at a console, is enqueued for later all the same: if this
    process dies meanwhile, the job goes on.
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
    """Do work that is quick at once, while the person waits; leave the rest to the job."""
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
    """What is said of a file that is larger than the installation takes."""
    return _("The file has more than %(limit)d MB. Split it into several files.") % {
        "limit": settings.UPLOAD_BYTES // 2**20
    }


def is_quick(run: ImportRun) -> bool:
    """Whether reading it takes so little that a person can wait: a short file of text."""
    if run.size > AT_ONCE or not run.token:
        return False
    with folders.path_of(folders.IMPORTS, run.token).open("rb") as file:
        return file.read(2) != b"PK"


def set_mapping(run: ImportRun, mapping: LeadMapping, choices: Choices) -> None:
    """Keep what the person decided about leads, and ask for a trial; raises as `decide` does."""
    decide(run, to_dict(mapping), choices.as_dict())


def decide(run: ImportRun, mapping: dict[str, Any], choices: dict[str, Any]) -> None:
    """Keep what the person decided, and ask for a trial; raises `Gone` once the rows come in."""
    run.mapping, run.choices = mapping, choices
    run.forecast, run.tries, run.why = {}, 0, ""
    with transaction.atomic():
        _move(run, (RunState.MAPPING, RunState.CHECKED), RunState.CHECKING)
        run.save(update_fields=["mapping", "choices", "forecast", "tries", "why"])
        _hand_to_job(run)


def back_to_mapping(run: ImportRun) -> None:
    """Change the mapping again after the trial."""
    _move(run, (RunState.CHECKED,), RunState.MAPPING)


def start(run: ImportRun, actor: Actor) -> None:
    """Let the rows come in, by a job.

    Raises:
        Refused: the actor may not import, or not make the people and steps that are needed.
        Gone: the file was not tried yet, or is coming in already.
        Invalid: no row would come in, or somebody must say who is meant by a name.
    """
    target = target_of(run)
    door.ask(actor, Verb.IMPORT, target.kind.name)
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
    """Remove a file that has not come in."""
    if run.state in BY_JOB:
        raise Gone(_("This import is under way. Stop it first."))
    folders.remove(folders.IMPORTS, run.token)
    run.delete()


def forget_unused() -> int:
    """For the job: remove files that nobody went on with; gives how many."""
    unused = ImportRun.objects.filter(
        state__in=[RunState.MAPPING, RunState.CHECKED], created_at__lt=clock.now() - UNUSED
    )
    for run in list(unused):
        discard(run)
    return len(unused)


def same_before(run: ImportRun) -> ImportRun | None:
    """An import that looks like the same file, come in before."""
    others = ImportRun.objects.filter(
        state=RunState.DONE, kind=run.kind, name=run.name, size=run.size
    )
    return others.exclude(pk=run.pk).order_by("-pk").first()


def needs_admin(choices: Choices) -> bool:
    """Whether the choices ask for things that only admins make."""
    return choices.new_steps or choices.pipeline == NEW or NEW in {
        choices.others, *choices.owners.values()
    }  # fmt: skip


def _move(run: ImportRun, before: Iterable[RunState], after: RunState) -> None:
    """From one state to the next, once, whoever else presses at the same time."""
    here = ImportRun.objects.filter(pk=run.pk, state__in=list(before))
    if not here.update(state=after):
        raise Gone(_("This import has moved on in the meantime. Reload the page."))
    run.state = after
