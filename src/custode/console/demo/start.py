"""Start the demo: its database, its data at the first start, its static files, the server."""

from __future__ import annotations

from django.conf import settings

from custode.console import forming
from custode.console.backup import holding
from custode.console.demo import filling
from custode.console.serving import assets, conditions, running


def start() -> None:
    """Run the demo until it is told to stop.

    Raises:
        Invalid: the port is taken, or the database contains accounts that are not the demo's.
    """
    conditions.port_is_free(settings.OPTIONS["BIND"], settings.OPTIONS["PORT"])
    holding.hold(settings.DATA)
    forming.form(verbosity=0)
    if not filling.is_there():
        print("Making the demo's data …", flush=True)
        filling.fill()
    assets.gather()
    conditions.database_is_ready()
    welcome = _welcome()
    running.serve(settings.OPTIONS, started=lambda: print(welcome, flush=True))


def _welcome() -> str:
    people = [
        f"  {email:<22} {role:<6} {account}" for email, role, account in filling.who_can_sign_in()
    ]
    return "\n".join(
        [
            f"\nCustode is at {settings.URL}  (data in {settings.DATA})",
            f"\nEverybody's password is  {filling.PASSWORD}\n",
            *people,
            "\nStop it with Ctrl-C.",
        ]
    )
