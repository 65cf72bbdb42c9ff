"""The tests drive the same Chromium that `tools.system_packages` looked for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser.conftest import launch
from tools.system_packages import CHROMIUM_NAMES, find_chromium

REAL = find_chromium()


def stand_in(path: Path, trace: Path) -> Path:
    """A program that leaves a trace and then becomes the real one."""
    path.write_text(
        f"#!{sys.executable}\nimport os, pathlib, sys\npathlib.Path({str(trace)!r}).touch()\n"
        f"os.execv({REAL!r}, [{REAL!r}, *sys.argv[1:]])\n",
        encoding="utf-8",
    )
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name", CHROMIUM_NAMES)
def test_any_of_its_names_on_path_is_driven(
    playwright: Playwright, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    stand_in(tmp_path / name, tmp_path / "trace")
    launch(playwright).close()
    assert (tmp_path / "trace").exists()


def test_the_one_that_is_named_is_driven(
    playwright: Playwright, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMIUM", str(stand_in(tmp_path / "mine", tmp_path / "trace")))
    launch(playwright).close()
    assert (tmp_path / "trace").exists()
