"""The names of default fields differ also without their capitals and accents."""

from typing import Any

from django.db import migrations, models

from custode.kernel.text import fold

LONGEST = 60


def tell_apart(apps: Any, schema_editor: Any) -> None:
    """Number the later ones of a kind's fields whose names are the same: "region (2)"."""
    rows = apps.get_model("fields", "DefaultField")._base_manager.filter(retired_at=None)
    there = set(rows.values_list("account_id", "kind", "folded"))
    seen: set[tuple[int, str, str]] = set()
    for field in rows.order_by("pk"):
        if (field.account_id, field.kind, field.folded) in seen:
            name, n = field.name, 1
            while (field.account_id, field.kind, field.folded) in there:
                n += 1
                field.name = f"{name[: LONGEST - len(f' ({n})')]} ({n})"
                field.folded = fold(field.name)
            field.save(update_fields=["name", "folded"])
        seen.add((field.account_id, field.kind, field.folded))
        there.add((field.account_id, field.kind, field.folded))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_many_read"), ("fields", "0002_texts_sort_alike")]

    operations = [
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="defaultfield", name="default_field_name"),
        migrations.AddConstraint(
            model_name="defaultfield",
            constraint=models.UniqueConstraint(
                fields=["account", "kind", "folded"],
                name="default_field_folded",
                condition=models.Q(retired_at__isnull=True),
            ),
        ),
    ]
