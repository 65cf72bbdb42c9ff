"""The names of tags differ also without their capitals and accents, as people see them."""

from typing import Any

from django.db import migrations, models

from custode.kernel.text import fold

LONGEST = 60


def tell_apart(apps: Any, schema_editor: Any) -> None:
    """Number the later ones of tags whose names are the same: "hot (2)"."""
    rows = apps.get_model("leads", "Tag")._base_manager.filter(retired_at=None).order_by("pk")
    there = set(rows.values_list("account_id", "folded"))
    seen: set[tuple[int, str]] = set()
    for tag in rows:
        if (tag.account_id, tag.folded) in seen:
            name, n = tag.name, 1
            while (tag.account_id, tag.folded) in there:
                n += 1
                tag.name = f"{name[: LONGEST - len(f' ({n})')]} ({n})"
                tag.folded = fold(tag.name)
            tag.save(update_fields=["name", "folded"])
        seen.add((tag.account_id, tag.folded))
        there.add((tag.account_id, tag.folded))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_many_read"), ("leads", "0002_texts_sort_alike")]

    operations = [
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="tag", name="tag_name"),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.UniqueConstraint(
                fields=["account", "folded"],
                name="tag_folded",
                condition=models.Q(retired_at__isnull=True),
            ),
        ),
    ]
