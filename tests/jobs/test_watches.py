"""What is looked for all the time: it goes on after what went wrong, and stops when told to."""

from __future__ import annotations

from custode.jobs.worker import Watch
from custode.kernel import schedule
from tests.jobs.processes import until


def test_a_watch_goes_on_after_what_went_wrong_and_stops_when_told_to() -> None:
    looks: list[int] = []

    def look() -> None:
        looks.append(1)
        if len(looks) == 1:
            raise RuntimeError("broken")

    watch = Watch("a test", look, 0.01)
    watch.start()
    until(lambda: len(looks) >= 3)
    watch.stop()
    watch.join(10)
    assert not watch.is_alive()


def test_alerts_and_their_letters_are_looked_for() -> None:
    assert {"alerts", "letters about alerts"} <= schedule.watches().keys()
