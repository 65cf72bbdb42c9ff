"""What e-mails say is kept for the search, from the first e-mail on."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from custode.kernel.text import fold

CHUNK = 500
TEXTS = ("subject", "recipients", "copies", "text")


def keep(apps: Any, schema_editor: Any) -> None:
    """Keep the words of all e-mails, trashed ones too, some at a time."""
    emails, files, words = (
        apps.get_model("activities", name)._base_manager
        for name in ("Email", "EmailFile", "EmailWords")
    )
    last = 0
    while rows := list(
        emails.filter(pk__gt=last).order_by("pk").values_list("pk", "account_id", *TEXTS)[:CHUNK]
    ):
        last = rows[-1][0]
        names: dict[int, list[str]] = {}
        held = files.filter(email__in=[pk for pk, *_rest in rows]).order_by("pk")
        for pk, name in held.values_list("email_id", "name"):
            names.setdefault(pk, []).append(name)
        words.bulk_create(
            words.model(
                account_id=account_id, email_id=pk,
                folded=fold("\n".join([*texts, *names.get(pk, ())])),
            )
            for pk, account_id, *texts in rows
        )  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_who_sees_what'),
        ('activities', '0006_comments_on_more_than_leads'),
    ]

    operations = [
        migrations.AlterField(
            model_name='emailfile',
            name='email',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='activities.email'),
        ),
        migrations.CreateModel(
            name='EmailWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('folded', models.TextField()),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('email', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='activities.email')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
