"""A tag's folded name may be longer than its name: folding takes some letters apart."""

from typing import Any

from django.db import migrations, models


def as_text(apps: Any, schema_editor: Any) -> None:
    """Lift the limit where there is one, and keep the collation; SQLite never had either."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            'ALTER TABLE leads_tag ALTER COLUMN folded SET DATA TYPE text COLLATE "C"'
        )


class Migration(migrations.Migration):
    dependencies = [("leads", "0004_no_comma_in_a_tag")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(as_text, migrations.RunPython.noop)],
            state_operations=[
                migrations.AlterField("tag", "folded", models.TextField(editable=False))
            ],
        )
    ]
