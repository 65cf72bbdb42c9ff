"""Runs of pytest that begin where most of what they import has been imported already.

The seeded faults are hundreds of runs of one test each, which would spend most of their time on
importing the same libraries. What is forked has imported those, and nothing of Custode.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from pathlib import Path
from typing import Final

import pytest

from tools.paths import ROOT

IMPORTED: Final = (
    "pytest", "hypothesis", "pytest_django.plugin", "xdist.plugin", "django.test",
    "django.core.management.commands.migrate", "django.db.backends.sqlite3.schema",
    "django.contrib.messages.storage.fallback", "django.views.generic", "django.conf.urls.i18n",
    "django.template.loader_tags", "django.contrib.humanize.templatetags.humanize",
    "django.core.mail.backends.smtp", "django.contrib.staticfiles.storage",
    "pydantic", "cryptography.fernet", "fido2.server", "markdown_it", "urllib3", "yaml",
    "segno", "pyotp", "ua_parser", "lucide", "nh3", "openpyxl", "whitenoise.middleware",
)  # fmt: skip
"""Libraries that can be imported without a setting."""
_PLACE: Final = multiprocessing.get_context("forkserver")
_PLACE.set_forkserver_preload(list(IMPORTED))


def pytest_run(
    words: list[str], environment: dict[str, str], first: Path, told: Path, seconds: float
) -> int:
    """Run pytest from here with an environment of its own, and give its exit code.

    Args:
        words: its arguments.
        environment: all its variables.
        first: the folder in which it looks for modules first.
        told: the file for what it prints.
        seconds: after which it is killed.

    Raises:
        TimeoutError: it was killed.
    """
    run = _PLACE.Process(target=_go, args=(words, environment, str(first), str(told)))
    run.start()
    run.join(seconds)
    if run.exitcode is None:
        run.kill()
        raise TimeoutError(words)
    return run.exitcode


def _go(words: list[str], environment: dict[str, str], first: str, told: str) -> None:
    gc.freeze()
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    sys.path.insert(0, first)
    sys.dont_write_bytecode = False
    out = os.open(told, os.O_WRONLY | os.O_CREAT)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(out, stream.fileno())
    os._exit(pytest.main(words))
