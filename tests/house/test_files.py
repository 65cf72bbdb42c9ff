"""What every file of the repository has to satisfy, whatever it is about."""

import re
import subprocess
from pathlib import Path

import pytest

from tools.paths import ROOT

LONGEST = 300  # lines
CODE = {".py", ".html", ".js", ".css"}
REGISTRIES = ("registry.npmjs" + ".org", "files.pythonhosted" + ".org", "pypi" + ".org")
MACHINE_PATH = re.compile(r"(?<![\w.$}>~-])/(?:root|home|work|Users)/\w|/tmp/\w")
SILENCED = re.compile(r"#\s*(type:\s*ignore|noqa|nosec|pragma:\s*no cover)(?P<rest>.*)")
REASON = re.compile(r"(?:\s+-\s+|\s+#\s*|\s+\()\w+")


def tracked() -> list[Path]:
    """Return the files that git keeps or would keep; without git, there is nothing to judge."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


FILES = tracked()


def text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_there_are_files_to_judge():
    assert ROOT / "pyproject.toml" in FILES


def test_no_file_is_too_long():
    long = {
        name(file): len(text(file).splitlines())
        for file in FILES
        if file.suffix in CODE and "migrations" not in file.parts and "locale" not in file.parts
    }
    assert {file: lines for file, lines in long.items() if lines > LONGEST} == {}


def test_no_path_of_somebodys_machine():
    found = [
        f"{name(file)}:{number}: {line.strip()}"
        for file in FILES
        if file.suffix not in {".csv", ".xlsx"} and file != Path(__file__)
        for number, line in enumerate(text(file).splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("registry", REGISTRIES)
def test_no_registry_is_named(registry):
    assert [name(file) for file in FILES if registry in text(file)] == []


def test_a_silenced_check_says_why():
    found = []
    for file in FILES:
        if file.suffix != ".py" or file == Path(__file__):
            continue
        for number, line in enumerate(text(file).splitlines(), 1):
            silenced = SILENCED.search(line)
            if silenced and not REASON.search(silenced["rest"]):
                found.append(f"{name(file)}:{number}: {line.strip()}")
    assert found == []


def test_nothing_built_is_committed():
    built = ("static/vendor/", "node_modules/", ".mo", ".min.js", ".min.css")
    assert [name(file) for file in FILES if any(part in name(file) for part in built)] == []
