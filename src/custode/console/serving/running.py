"""Run granian, and beside it the process that runs jobs; both end together."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from _thread import start_new_thread
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.db import connections
from granian import Granian
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.log import LogLevels

PATIENCE: Final = 8
"""Seconds that requests and jobs get to finish when the server is told to stop."""


class JobWorker:
    """The process that runs jobs; restarted when it dies.

    It is a separate process so that a long import does not slow down the pages.
    """

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._changing = threading.Lock()
        self._watcher = threading.Thread(target=self._watch, name="job-worker", daemon=True)

    def start(self) -> None:
        """Start it, and watch it."""
        self._watcher.start()

    def _watch(self) -> None:
        while process := self._begun():
            process.wait()
            self._stopping.wait(2)

    def _begun(self) -> subprocess.Popen[bytes] | None:
        command = [sys.executable, "-m", "custode.jobs", "--with", str(os.getpid())]
        # Held so that `stop` never overlooks a process that is just being started.
        with self._changing:
            if self._stopping.is_set():
                return None
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
            return self._process

    def stop(self) -> None:
        """Tell it to stop; another worker later takes up what it does not finish in time."""
        with self._changing:
            self._stopping.set()
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def serve(options: dict[str, Any], *, started: Callable[[], object]) -> None:
    """Serve until told to stop (SIGTERM, SIGINT).

    Args:
        options: Custode's settings.
        started: called once the server responds.
    """
    _allow_many_files()
    connections.close_all()
    server = granian(options, "custode.console.serving.app:app")
    if options["WORKER"]:
        jobs = JobWorker()
        server.on_startup(jobs.start)
        server.on_shutdown(jobs.stop)
    server.on_startup(lambda: _when_it_listens(options["BIND"], options["PORT"], started))
    server.serve()


def granian(options: dict[str, Any], target: str) -> Any:
    """Return granian configured for Custode: one process that waits without threads (`bridge`)."""
    secure = bool(options["TLS_CERTIFICATE"])
    server: Any = Granian(
        target,
        address=options["BIND"],
        port=options["PORT"],
        interface=Interfaces.RSGI,
        workers=1,
        # A connection carries one response at a time, so that a download can be cut off
        # (`departures`).
        http=HTTPModes.http1,
        websockets=False,
        ssl_cert=Path(options["TLS_CERTIFICATE"]) if secure else None,
        ssl_key=Path(options["TLS_KEY"]) if secure else None,
        ssl_protocol_min=SSLProtocols.tls12,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
        log_level=LogLevels.warning,
    )

    def stop(*_signal: object) -> None:
        """Stop at SIGTERM or SIGINT."""
        # granian's own handler sets the event itself. A signal that comes while the first is being
        # handled (a terminal and make both send one) would then wait for a lock that its own
        # thread holds, for ever.
        server.interrupt_signal = True
        start_new_thread(server.main_loop_interrupt.set, ())

    server.signal_handler_interrupt = stop
    return server


def _when_it_listens(address: str, port: int, started: Callable[[], object]) -> None:
    def watch() -> None:
        """Call `started` once the server responds."""
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection((address, port), 1):
                started()
                return
            time.sleep(0.05)

    threading.Thread(target=watch, name="when-it-listens", daemon=True).start()


def _allow_many_files() -> None:
    # Every connection is a file, and so is every long response under way.
    _soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
