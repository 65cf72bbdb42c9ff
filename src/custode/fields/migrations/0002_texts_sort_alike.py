"""On PostgreSQL the folded names sort by their characters, as they do on SQLite."""

from typing import Any

from django.db import migrations


def by_character(apps: Any, schema_editor: Any) -> None:
    """Give the column the collation "C"."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            'ALTER TABLE fields_defaultfield ALTER COLUMN folded SET DATA TYPE text COLLATE "C"'
        )


class Migration(migrations.Migration):
    dependencies = [("fields", "0001_initial")]

    operations = [migrations.RunPython(by_character, migrations.RunPython.noop)]
