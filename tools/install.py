"""Make the environment in `.venv`: `python3 -m tools.install run|test`.

Installs exactly what requirements/*.txt name, by digest: pip brings uv, uv brings the rest, and
where uv cannot (an index that only pip is configured for) pip does. Then the project itself,
editable, and its built files. When nothing has changed since the last time it returns at once,
without network. Uses only the standard library: it runs before anything is installed.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tools.build_assets import system_npm
from tools.paths import ROOT, VENV, fingerprint

REQUIREMENTS = ROOT / "requirements"
BIN = VENV / "bin"
PYTHON = BIN / "python"
OLDEST = (3, 11)


class InstallError(Exception):
    """The environment cannot be made; the message says what to do."""


def run(*command: str | Path) -> bool:
    """Run a command in the project's root, its output shown; tell whether it succeeded."""
    return subprocess.run([str(part) for part in command], cwd=ROOT).returncode == 0


def make_venv() -> None:
    """Create `.venv` unless there is one that works."""
    check = f"import sys; sys.exit(sys.version_info < {OLDEST!r})"
    if PYTHON.exists() and run(PYTHON, "-c", check):
        return
    print("Creating .venv", flush=True)
    if not run(sys.executable, "-m", "venv", "--clear", VENV):
        raise InstallError(
            "Python could not create a virtual environment. On Debian and Ubuntu run "
            "`apt-get install python3-venv` and try again."
        )


def locks(purpose: str) -> list[Path]:
    """Return the lock files that `purpose` ("run" or "test") needs on this machine."""
    names = ["run", "build"]
    if purpose == "test":
        names.append("test")
        names.append("node")  # the test that builds without system Node needs it everywhere
    elif system_npm() is None:
        names.append("node")
    return [REQUIREMENTS / f"{name}.txt" for name in names]


def install(files: list[Path]) -> None:
    """Install the locked packages, then the project itself. Raises InstallError."""
    environment = os.environ
    if "PIP_INDEX_URL" in environment and "UV_DEFAULT_INDEX" not in environment:
        environment["UV_DEFAULT_INDEX"] = environment["PIP_INDEX_URL"]
    locked = [part for file in files for part in ("-r", str(file))]
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    uv = (BIN / "uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON)
    only_locked = ("--require-hashes", "--only-binary", ":all:")
    project = ("--no-deps", "--no-build-isolation", "--editable", ROOT)

    print("Installing", ", ".join(file.stem for file in files), flush=True)
    run(*pip, *only_locked, "-r", REQUIREMENTS / "installer.txt")
    for tool in (uv, pip):
        if Path(tool[0]).exists() and run(*tool, *only_locked, *locked):
            if run(*tool, *project):
                return
            break
        print(f"{Path(tool[0]).name} could not install the packages.", file=sys.stderr)
    raise InstallError("The packages could not be installed; is there a network? See above.")


def prepare(purpose: str) -> None:
    """Bring `.venv` to the state that the lock files describe."""
    make_venv()
    files = locks(purpose)
    # The folder's own path counts: scripts and the editable install hold it.
    state = f"{ROOT} {fingerprint([*files, ROOT / 'pyproject.toml'])}"
    stamp = VENV / f"custode-{purpose}.stamp"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != state:
        install(files)
        stamp.write_text(state, encoding="utf-8")
    for module, *arguments in (
        ("tools.build_assets",),
        ("tools.catalogues", "compile"),
        # Every start of the program reads it, also where Python is told to write none itself.
        ("compileall", "-q", "src"),
    ):
        if not run(PYTHON, "-m", module, *arguments):
            raise InstallError(f"python -m {module} failed; see above.")


def main() -> int:
    """Prepare `.venv` for the purpose given on the command line."""
    parser = argparse.ArgumentParser(description="Make the environment in .venv.")
    parser.add_argument("purpose", choices=["run", "test"])
    try:
        prepare(parser.parse_args().purpose)
    except InstallError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
