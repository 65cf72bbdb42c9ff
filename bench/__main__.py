"""`python -m bench`: run every benchmark here, one after the other, each in its own process.

Those that take long are run only by name: `python -m bench.million`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__)
LONG = {"million"}
PROGRAMS = sorted(
    file.stem
    for file in HERE.parent.glob("*.py")
    if file != HERE
    and file.stem not in LONG
    and '__name__ == "__main__"' in file.read_text(encoding="utf-8")
)


def main() -> int:
    """Run all, even if one fails; return 1 if any figure did not hold."""
    broken = []
    for name in PROGRAMS:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode:
            broken.append(name)
    if broken:
        print(f"\nNot every figure holds: {', '.join(broken)}.", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
