"""Start a CRM with invented data, on this machine only.

The first start creates the data, later ones keep them. Delete the folder to start afresh.
"""

from __future__ import annotations

import argparse
import importlib
import os

from custode.console import starting

SETTLED = {
    "CUSTODE_BIND": "127.0.0.1",
    "CUSTODE_TLS_CERTIFICATE": "",
    "CUSTODE_TLS_KEY": "",
    "CUSTODE_BEHIND_PROXY": "no",
    "CUSTODE_WORKER": "yes",
}
"""Settings that a demo always has, so that it is reachable from this machine only."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--port", help="the port on localhost (8000)")
    parser.add_argument("--data", metavar="DIR", help="the data folder (./data)")


def run(options: argparse.Namespace) -> None:
    """Set the settings, then start Django and the demo."""
    if options.data:
        os.environ["CUSTODE_DATA"] = options.data
    if options.port:
        os.environ["CUSTODE_PORT"] = options.port
    port = os.environ.get("CUSTODE_PORT", "8000")
    os.environ.update(SETTLED)
    os.environ["CUSTODE_URL"] = f"http://localhost:{port}"
    os.environ.setdefault("CUSTODE_LOG_LEVEL", "warning")
    starting.django()
    importlib.import_module("custode.console.demo.start").start()
