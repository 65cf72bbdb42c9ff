import custode.kernel.clock
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('guard', '0001_initial'),
        ('leads', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ListTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('tag', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.tag')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ProspectingList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('updated_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('title_folded', models.CharField(editable=False, max_length=400)),
                ('description', models.TextField(blank=True, max_length=5000, verbose_name='description')),
                ('shared_at', models.DateTimeField(editable=False, null=True)),
                ('archived_at', models.DateTimeField(editable=False, null=True)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('arrived', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guard.trashentry')),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('tags', models.ManyToManyField(related_name='+', through='prospecting.ListTag', to='leads.tag')),
                ('trash', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guard.trashentry')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'with_trashed',
                'default_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', '-updated_at', '-id'], name='prospectinglist_latest'), models.Index(condition=models.Q(('trash__isnull', False)), fields=['account', 'trash'], name='prospectinglist_in_trash')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('with_trashed', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Prospect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('updated_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('place', models.BigIntegerField(default=0)),
                ('cells', models.JSONField(default=dict)),
                ('outcome', models.CharField(choices=[('left', 'Left to qualify'), ('lead', 'Turned into a lead'), ('not_interested', 'Not interested')], default='left', max_length=20, verbose_name='outcome')),
                ('name', models.CharField(editable=False, max_length=120)),
                ('name_folded', models.CharField(editable=False, max_length=400)),
                ('folded', models.JSONField(default=dict, editable=False)),
                ('numbers', models.JSONField(default=dict, editable=False)),
                ('searched', models.TextField(editable=False)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('arrived', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guard.trashentry')),
                ('lead', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='leads.lead')),
                ('trash', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guard.trashentry')),
                ('in_list', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='prospecting.prospectinglist')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'with_trashed',
                'default_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', 'in_list', 'place', 'id'], name='prospect_in_place'), models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', 'in_list', 'outcome'], name='prospect_by_outcome'), models.Index(condition=models.Q(('lead__isnull', False)), fields=['account', 'lead'], name='prospect_of_lead'), models.Index(condition=models.Q(('trash__isnull', False)), fields=['account', 'trash'], name='prospect_in_trash'), models.Index(condition=models.Q(('arrived__isnull', False)), fields=['account', 'arrived'], name='prospect_arrived')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('with_trashed', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name='listtag',
            name='in_list',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='prospecting.prospectinglist'),
        ),
        migrations.CreateModel(
            name='ListColumn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('position', models.PositiveIntegerField(default=0)),
                ('retired_at', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now, editable=False)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('in_list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='columns', to='prospecting.prospectinglist')),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='listtag',
            constraint=models.UniqueConstraint(fields=('account', 'tag', 'in_list'), name='prospectinglist_tag_once'),
        ),
    ]
