"""The process that runs jobs in a few threads, and maintains leases and periodic work."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Final

from django.db import Error, close_old_connections, connections
from django_tasks_db.management.commands.db_worker import Worker

from custode.jobs import lease, ticking
from custode.kernel import schedule

LANES: Final = 2
"""The number of jobs run at once, so that a long one does not block the others."""

TO_FINISH: Final = 6.0
"""Seconds that jobs get to finish when the process is told to stop."""

log = logging.getLogger("custode.jobs")


class Lane(threading.Thread):
    """A thread that runs one job after the other."""

    def __init__(self, worker: str, poll: float) -> None:
        super().__init__(name=worker, daemon=True)
        self.worker = worker
        self._poll = poll
        self._stopping = threading.Event()
        self._inner = self._made()

    def _made(self) -> Worker:
        return Worker(
            queue_names=["*"],
            interval=self._poll,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=self.worker,
            excluded_queue_names=[],
        )

    def run(self) -> None:
        """Work until told to stop; if the database fails, wait for it."""
        while not self._stopping.is_set():
            try:
                self._inner.run()
            except Error:
                log.exception("The database failed; trying again.")
                connections.close_all()
                self._stopping.wait(2)
        connections.close_all()

    def stop(self) -> None:
        """Take no further job."""
        self._stopping.set()
        self._inner.running = False


class Watch(threading.Thread):
    """A thread that polls one thing continuously (`schedule.watch`)."""

    def __init__(self, name: str, look: Callable[[], object], pause: float) -> None:
        super().__init__(name=f"watch for {name}", daemon=True)
        self._look, self._pause = look, pause
        self._stopping = threading.Event()

    def run(self) -> None:
        """Poll until told to stop; an error is logged, and polling goes on."""
        while not self._stopping.wait(self._pause):
            try:
                close_old_connections()
                self._look()
            except Exception:
                log.exception("The %s went wrong; trying again.", self.name)
                connections.close_all()
                self._stopping.wait(2)
        connections.close_all()

    def stop(self) -> None:
        """Stop polling."""
        self._stopping.set()


class Process:
    """The lanes, the watches, and the thread that sends the lanes' heartbeats.

    Args:
        silence: after how many seconds without a heartbeat a worker counts as dead.
        parent: the process to end with, if any.
        poll: seconds between two polls for a job.
    """

    def __init__(self, silence: float = 20.0, parent: int | None = None, poll: float = 1.0) -> None:
        self._lease = timedelta(seconds=silence)
        self._pause = silence / 6
        self._parent = parent
        self._stopping = threading.Event()
        name = f"{os.getpid()}-{secrets.token_hex(6)}"
        self._lanes = [Lane(f"{name}-{number}", poll) for number in range(LANES)]
        self._watches = [Watch(of, look, poll) for of, look in schedule.watches().items()]

    def run(self) -> None:
        """Work until told to stop."""
        self._look_after()
        for thread in (*self._lanes, *self._watches):
            thread.start()
        while not self._wait():
            self._look_after()
        self._end()

    def told_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        """Handle SIGTERM and SIGINT."""
        self._stopping.set()

    def _wait(self) -> bool:
        """Wait until the next poll; return whether to stop."""
        until = time.monotonic() + self._pause
        while time.monotonic() < until:
            if self._stopping.wait(min(1.0, self._pause)):
                return True
            if self._parent is not None and os.getppid() != self._parent:
                return True
        return False

    def _look_after(self) -> None:
        try:
            close_old_connections()
            for lane in self._lanes:
                lease.beat(lane.worker)
            lease.bring_back(self._lease)
            ticking.tick()
            ticking.forget_old()
        except Error:
            log.exception("The database failed; trying again.")
            connections.close_all()

    def _end(self) -> None:
        for lane in self._lanes:
            lane.stop()
        for watch in self._watches:
            watch.stop()
        until = time.monotonic() + TO_FINISH
        for lane in self._lanes:
            # A job that does not finish in time is killed with this process, and starts again
            # elsewhere.
            lane.join(max(0.0, until - time.monotonic()))
            lease.leave(lane.worker)
        for watch in self._watches:
            watch.join(max(0.0, until - time.monotonic()))


def work(silence: float = 20.0, parent: int | None = None, poll: float = 1.0) -> None:
    """Work on jobs until SIGTERM or SIGINT comes, or the parent process ends."""
    process = Process(silence, parent, poll)
    signal.signal(signal.SIGTERM, process.told_to_stop)
    signal.signal(signal.SIGINT, process.told_to_stop)
    process.run()
