"""Ensure that the tests find Chromium and PostgreSQL: `python -m tools.system_packages`.

What is missing is installed from the distribution's packages where that is allowed (root, or sudo
without a password); elsewhere the exact command is printed and the exit code is 1.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

from tools.throwaway_postgres import find_binaries

# The same browser without a window frame takes 40 % less time.
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
LOCK_SECONDS = 300  # how long to wait for another installation to end


def find_chromium() -> str | None:
    """Return the path of a Chromium: what CHROMIUM says, else the first on PATH, else None."""
    named = os.environ.get("CHROMIUM")
    names = (named,) if named else CHROMIUM_NAMES
    return next((path for path in map(shutil.which, names) if path), None)


NEEDED: dict[str, Callable[[], object]] = {
    "chromium-headless-shell": find_chromium,
    "postgresql": find_binaries,
}
ELSEWHERE = {"chromium-headless-shell": "chromium"}
"""Packages to install where a distribution lacks Debian's."""


def missing() -> list[str]:
    """Return the names of the Debian packages that are needed and missing."""
    return [package for package, find in NEEDED.items() if not find()]


def privilege() -> list[str] | None:
    """Return what to put before a command to run it as root, or None if we may not."""
    if not os.geteuid():
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


def install(packages: list[str]) -> bool:
    """Install Debian packages; tell whether it could be done."""
    before = privilege()
    if before is None or not shutil.which("apt-get"):
        return False
    options = ["-y", "--no-install-recommends", "-o", f"DPkg::Lock::Timeout={LOCK_SECONDS}"]
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    for act in (["update"], ["install", *options, *packages]):
        command = [*before, *quiet, "apt-get", "-q", *act]
        if subprocess.run(command, stdin=subprocess.DEVNULL).returncode:
            return False
    return not missing()


def main() -> int:
    """Install what is missing, or say how."""
    packages = missing()
    others = [ELSEWHERE.get(name, name) for name in packages]
    if not packages or install(packages) or install(others):
        return 0
    names = " ".join(packages)
    print(
        f"The tests need these packages: {names}. Run this, then try again:\n"
        f"  sudo sh -c 'apt-get update && apt-get install -y {names}'\n"
        "(If Chromium stands elsewhere, give its path in CHROMIUM.)",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
