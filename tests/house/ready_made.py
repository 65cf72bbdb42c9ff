"""A pytest plugin, `-p tests.house.ready_made`: the tests' database is a copy of one that stands.

HOUSE_READY_MADE names the file, a migrated SQLite database without a row. Migrating takes most of
the time of a run of few tests, and the seeded faults are many such runs. The locks are put in anew,
as the source at hand says.
"""

import os
import shutil

from django.db import connections
from django.db.backends.sqlite3.creation import DatabaseCreation

READY_MADE = os.environ["HOUSE_READY_MADE"]


def create_test_db(self, verbosity=1, autoclobber=False, serialize=True, keepdb=False):
    """Django's own, for a database that is copied."""
    from custode.guard import lock_installation  # noqa: PLC0415 (a plugin: Django is set up after it is loaded)

    name = self._get_test_db_name()
    self.connection.close()
    shutil.copyfile(READY_MADE, name)
    self.connection.settings_dict["NAME"] = connections.databases["default"]["NAME"] = name
    with self.connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'custode_%'"
        )
        for (lock,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{lock}"')
    lock_installation.install()
    return name


DatabaseCreation.create_test_db = create_test_db  # type: ignore[method-assign]  # for this run
