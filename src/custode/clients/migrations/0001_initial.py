import custode.kernel.clock
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('fields', '0001_initial'),
        ('guard', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ClientFolder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('updated_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('description', models.TextField(blank=True, max_length=50000, verbose_name='description')),
                ('field_values', models.JSONField(blank=True, default=dict, verbose_name='default fields')),
                ('deactivated_at', models.DateTimeField(blank=True, null=True, verbose_name='deactivated')),
                ('name_folded', models.CharField(editable=False, max_length=400)),
                ('searched', models.TextField(editable=False)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('arrived', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guard.trashentry')),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('trash', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guard.trashentry')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'with_trashed',
                'default_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', 'name_folded', 'id'], name='folder_by_name'), models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', '-updated_at', '-id'], name='folder_latest'), models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', 'owner'], name='folder_of_owner'), models.Index(condition=models.Q(('trash__isnull', False)), fields=['account', 'trash'], name='folder_in_trash')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('with_trashed', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('role', models.CharField(blank=True, max_length=120, verbose_name='role')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('written', models.CharField(editable=False, max_length=600)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('folder', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='clients.clientfolder')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='FolderKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('field', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fields.defaultfield')),
                ('folder', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='clients.clientfolder')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['account', 'field', 'key'], name='folder_key_found')],
            },
        ),
    ]
