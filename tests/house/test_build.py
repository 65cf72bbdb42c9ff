"""The package is built where neither Node.js nor GNU gettext is installed."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools import build_assets, catalogues
from tools.paths import PACKAGE, ROOT

pytestmark = pytest.mark.slow

HIDDEN = ("node", "npm", "npx", "msgfmt", "msgmerge", "xgettext")


@pytest.fixture
def bare_path(tmp_path: Path) -> dict[str, str]:
    """An environment in which the programs that we claim not to need cannot be found."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "env", "uname", "git"):
        found = shutil.which(name)
        if found:
            (programs / name).symlink_to(found)
    environment = os.environ | {"PATH": str(programs)}
    assert not any(shutil.which(name, path=environment["PATH"]) for name in HIDDEN)
    return environment


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of what git keeps, with nothing built in it."""
    copy = tmp_path / "source"
    ignored = shutil.ignore_patterns("vendor", "*.mo", "__pycache__", "node_modules")
    for folder in ("src", "tools", "assets", "docs"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    for file in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".gitignore"):
        shutil.copy(ROOT / file, copy)
    return copy


def test_the_wheel_is_whole_without_node_and_gettext(source, bare_path, tmp_path):
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(out)],
        cwd=source,
        env=bare_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = out.glob("custode-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        css = archive.read("custode/web/static/vendor/tabler.min.css")
        told = archive.read("custode/web/static/vendor/THIRD-PARTY.txt").decode()
    for file in build_assets.FILES.values():
        assert f"custode/web/static/vendor/{file}" in names
    assert b"sourceMappingURL" not in css
    for package in build_assets.PACKAGES:
        assert f"{package} " in told
    for language in catalogues.LANGUAGES:
        if catalogues.po_file(language).exists():
            assert f"custode/locale/{language}/LC_MESSAGES/django.mo" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    templates = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.html")}
    assert {f"custode/{template}" for template in templates} <= names


def test_without_any_npm_it_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(build_assets, "system_npm", lambda: None)
    monkeypatch.setattr(build_assets, "wheel_npm", lambda: None)
    with pytest.raises(build_assets.BuildError, match="needs npm 7 or newer"):
        build_assets.build(tmp_path / "vendor")


def test_a_changed_file_of_the_lock_is_refused(monkeypatch, tmp_path):
    spoilt = tmp_path / "assets"
    shutil.copytree(build_assets.ASSETS, spoilt)
    lock = spoilt / "package-lock.json"
    text = lock.read_text(encoding="utf-8")
    lock.write_text(text.replace("sha512-Kk8wLQPl", "sha512-Kk8wLQPm"), encoding="utf-8")
    monkeypatch.setattr(build_assets, "ASSETS", spoilt)
    with pytest.raises(build_assets.BuildError, match="EINTEGRITY"):
        build_assets.build(tmp_path / "vendor")
    assert not (tmp_path / "vendor").exists()


def test_what_is_built_is_not_built_again(monkeypatch, tmp_path):
    target = tmp_path / "vendor"
    assert build_assets.build(target) is True
    monkeypatch.setattr(build_assets, "npm_ci", lambda folder: pytest.fail("asked npm again"))
    assert build_assets.build(target) is False
    (target / "Sortable.min.js").unlink()
    with pytest.raises(BaseException, match="asked npm again"):
        build_assets.build(target)
