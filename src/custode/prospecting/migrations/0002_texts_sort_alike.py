"""On PostgreSQL the folded texts sort by their characters, as they do on SQLite."""

from typing import Any

from django.db import migrations

FOLDED = (("prospecting_prospectinglist", "title_folded"), ("prospecting_prospect", "name_folded"))


def by_character(apps: Any, schema_editor: Any) -> None:
    """Give the columns the collation "C"."""
    if schema_editor.connection.vendor == "postgresql":
        for table, column in FOLDED:
            schema_editor.execute(
                f'ALTER TABLE {table} ALTER COLUMN {column} SET DATA TYPE varchar(400) COLLATE "C"'
            )


class Migration(migrations.Migration):
    dependencies = [("prospecting", "0001_initial")]

    operations = [migrations.RunPython(by_character, migrations.RunPython.noop)]
