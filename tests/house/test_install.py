"""The environment: locked by digest, and found complete without asking the network."""

import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from tools import install, system_packages
from tools.paths import PACKAGE, ROOT

LOCKS = sorted(install.REQUIREMENTS.glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_a_version_and_a_digest(lock):
    packages = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n", "", lock.read_text("utf-8")).strip())
    assert packages
    for package in packages:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==[\w.]+", package), package
        assert "--hash=sha256:" in package, package


def test_every_in_file_has_its_lock():
    assert {p.stem for p in install.REQUIREMENTS.glob("*.in")} == {p.stem for p in LOCKS}


def test_what_the_package_needs_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    locked = (install.REQUIREMENTS / "run.txt").read_text("utf-8")
    for need in project["dependencies"]:
        name = re.split(r"[\[><=]", need)[0].lower()
        assert re.search(rf"^{re.escape(name)}==", locked, re.MULTILINE), name


def test_a_second_time_nothing_is_installed(monkeypatch, tmp_path):
    installed: list[object] = []
    monkeypatch.setattr(install, "VENV", tmp_path)
    monkeypatch.setattr(install, "make_venv", lambda: None)
    monkeypatch.setattr(install, "install", installed.append)
    monkeypatch.setattr(install, "run", lambda *command: True)
    install.prepare("test")
    install.prepare("test")
    assert len(installed) == 1


def test_a_changed_lock_is_installed_again(monkeypatch, tmp_path):
    lock = tmp_path / "run.txt"
    lock.write_text("one", "utf-8")
    installed: list[object] = []
    monkeypatch.setattr(install, "VENV", tmp_path)
    monkeypatch.setattr(install, "make_venv", lambda: None)
    monkeypatch.setattr(install, "locks", lambda purpose: [lock])
    monkeypatch.setattr(install, "install", installed.append)
    monkeypatch.setattr(install, "run", lambda *command: True)
    install.prepare("run")
    lock.write_text("two", "utf-8")
    install.prepare("run")
    assert len(installed) == 2


def test_where_uv_fails_pip_installs(monkeypatch):
    ran: list[tuple[str, ...]] = []

    def run(*command: object) -> bool:
        ran.append(tuple(map(str, command)))
        return not ("uv" in str(command[0]) and "--require-hashes" in command)

    monkeypatch.setattr(install, "run", run)
    install.install([install.REQUIREMENTS / "run.txt"])
    assert "--require-hashes" in ran[-2]
    assert ran[-2][1:3] == ("-m", "pip")
    assert "--editable" in ran[-1]


def test_a_python_that_is_too_old_is_refused():
    said = subprocess.run(
        ["make", "run-ready", "PYTHON="], cwd=ROOT, capture_output=True, text=True
    )
    assert said.returncode != 0
    assert "Custode needs Python 3.11 or newer" in said.stderr


def test_what_is_missing_and_may_not_be_installed_is_named(monkeypatch, capsys):
    monkeypatch.setattr(system_packages, "NEEDED", {"chromium": lambda: None})
    monkeypatch.setattr(system_packages, "privilege", lambda: None)
    assert system_packages.main() == 1
    assert "apt-get install -y chromium" in capsys.readouterr().err


def test_what_is_missing_is_installed_where_it_may(monkeypatch):
    there: list[str] = []
    ran: list[list[str]] = []

    class Done:
        returncode = 0

    def run(command, **_):
        ran.append(command)
        there.append("chromium")
        return Done

    monkeypatch.setattr(system_packages, "NEEDED", {"chromium": lambda: there})
    monkeypatch.setattr(system_packages, "privilege", lambda: ["sudo", "-n"])
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(subprocess, "run", run)
    assert system_packages.main() == 0
    assert ran[-1][:3] == ["sudo", "-n", "env"]
    assert ran[-1][-1] == "chromium"


def test_where_debians_package_is_not_the_usual_one_is_installed(monkeypatch):
    tried: list[list[str]] = []
    usual = dict.fromkeys(system_packages.ELSEWHERE, lambda: None)
    monkeypatch.setattr(system_packages, "NEEDED", usual)

    def in_vain(names):
        tried.append(names)
        return False

    monkeypatch.setattr(system_packages, "install", in_vain)
    assert system_packages.main() == 1
    assert tried == [["chromium-headless-shell"], ["chromium"]]


def test_the_tools_run_before_anything_is_installed():
    alone = [sys.executable, "-S", "-c", "import tools.install, tools.build_assets"]
    assert subprocess.run(alone, cwd=ROOT).returncode == 0


# Used without being imported: drivers, codecs and what Django loads by name.
BY_NAME = {
    "argon2-cffi": "Argon2PasswordHasher",
    "psycopg": "postgresql",
    "tzdata": "zoneinfo",
    "django-allauth": "allauth",
}
IMPORTED_AS = {
    "django-csp": "csp",
    "django-ninja": "ninja",
    "django-tasks-db": "django_tasks_db",
    "linkify-it-py": "linkify",
    "markdown-it-py": "markdown_it",
    "rustpy-xlsxwriter": "rustpy_xlsxwriter",
}


def test_what_the_package_needs_is_used():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    source = "\n".join(file.read_text("utf-8") for file in PACKAGE.rglob("*.py"))
    unused = []
    for need in project["dependencies"]:
        name = re.split(r"[\[><=]", need)[0].lower()
        word = BY_NAME.get(name) or IMPORTED_AS.get(name) or name.replace("-", "_")
        if not re.search(rf"\b{word}\b", source):
            unused.append(name)
    assert unused == []
