"""What comments say is kept for the search, from the first comment on."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from custode.kernel.text import fold

CHUNK = 500


def keep(apps: Any, schema_editor: Any) -> None:
    """Keep the words of all comments, trashed ones too, some at a time."""
    comments, files, words = (
        apps.get_model("activities", name)._base_manager
        for name in ("Comment", "Attachment", "CommentWords")
    )
    last = 0
    while rows := list(
        comments.filter(pk__gt=last).order_by("pk").values_list("pk", "account_id", "text")[:CHUNK]
    ):
        last = rows[-1][0]
        names: dict[int, list[str]] = {}
        held = files.filter(comment__in=[pk for pk, *_rest in rows], taken_in=None).order_by("pk")
        for pk, name in held.values_list("comment_id", "name"):
            names.setdefault(pk, []).append(name)
        words.bulk_create(
            words.model(
                account_id=account_id, comment_id=pk,
                folded=fold("\n".join([text, *names.get(pk, ())])),
            )
            for pk, account_id, text in rows
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_who_sees_what"),
        ("activities", "0003_files_come_and_go"),
    ]

    operations = [
        migrations.CreateModel(
            name="CommentWords",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("folded", models.TextField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "comment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="activities.comment",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
