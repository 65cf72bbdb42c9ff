"""On PostgreSQL the folded texts sort by their characters, as they do on SQLite."""

from typing import Any

from django.db import migrations

FOLDED = (("leads_lead", "title_folded", "varchar(400)"), ("leads_tag", "folded", "text"))


def by_character(apps: Any, schema_editor: Any) -> None:
    """Give the columns the collation "C"; their indexes follow."""
    if schema_editor.connection.vendor == "postgresql":
        for table, column, type_ in FOLDED:
            schema_editor.execute(
                f'ALTER TABLE {table} ALTER COLUMN {column} SET DATA TYPE {type_} COLLATE "C"'
            )


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_initial")]

    operations = [migrations.RunPython(by_character, migrations.RunPython.noop)]
