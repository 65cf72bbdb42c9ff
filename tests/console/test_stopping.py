"""Telling the server to stop, however often."""

from __future__ import annotations

import threading
from typing import Any

from custode.console.serving.running import granian

OPTIONS = {"BIND": "127.0.0.1", "PORT": 1, "TLS_CERTIFICATE": "", "TLS_KEY": ""}


def test_a_second_signal_while_the_first_is_handled_does_not_stop_the_stopping() -> None:
    server = granian(OPTIONS, "tests.console.trial_app:app")
    event: Any = server.main_loop_interrupt
    told = threading.Thread(target=server.signal_handler_interrupt, args=(15, None), daemon=True)
    # What holds the event's lock is the first signal's handler, half-way.
    with event._cond:
        told.start()
        told.join(5)
        assert not told.is_alive(), "the handler waits for a lock that its own thread holds"
    assert event.wait(5)
    assert server.interrupt_signal
