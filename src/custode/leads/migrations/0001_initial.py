import custode.kernel.clock
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('clients', '0001_initial'),
        ('fields', '0001_initial'),
        ('guard', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Pipeline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('retired_at', models.DateTimeField(editable=False, null=True)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('position', models.PositiveIntegerField(default=0)),
                ('is_default', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now, editable=False)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('account', 'name'), name='pipeline_name')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('retired_at', models.DateTimeField(editable=False, null=True)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('position', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now, editable=False)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('pipeline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='leads.pipeline')),
            ],
            options={
                'ordering': ['pipeline__position', 'position', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('account', 'pipeline', 'name'), name='step_name')],
            },
        ),
        migrations.CreateModel(
            name='Lead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('updated_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('description', models.TextField(blank=True, max_length=50000, verbose_name='description')),
                ('field_values', models.JSONField(blank=True, default=dict, verbose_name='default fields')),
                ('status', models.CharField(choices=[('todo', 'To do'), ('standby', 'Standby'), ('won', 'Won'), ('cancelled', 'Cancelled'), ('lost', 'Lost')], default='todo', max_length=10, verbose_name='status')),
                ('amount_minor', models.BigIntegerField(blank=True, null=True, verbose_name='amount')),
                ('currency', models.CharField(default='EUR', max_length=3, verbose_name='currency')),
                ('probability', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='probability')),
                ('estimated_closing_date', models.DateField(blank=True, null=True, verbose_name='estimated closing date')),
                ('remind_date', models.DateField(blank=True, null=True, verbose_name='reminder')),
                ('remind_time', models.TimeField(blank=True, null=True, verbose_name='time of the reminder')),
                ('starred', models.BooleanField(default=False, verbose_name='starred')),
                ('origin', models.CharField(choices=[('manual', 'By hand'), ('import', 'Import'), ('api', 'By API')], default='manual', max_length=10)),
                ('reference', models.CharField(blank=True, max_length=120, verbose_name='reference')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('title_folded', models.CharField(editable=False, max_length=400)),
                ('searched', models.TextField(editable=False)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('arrived', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guard.trashentry')),
                ('client_folder', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='clients.clientfolder', verbose_name='client folder')),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('trash', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guard.trashentry')),
                ('step', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.step')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'with_trashed',
                'default_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', 'step', 'status', '-updated_at', '-id'], name='lead_on_board'), models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', '-updated_at', '-id'], name='lead_latest'), models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', 'title_folded', 'id'], name='lead_by_title'), models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', 'amount_minor', 'id'], name='lead_by_amount'), models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', 'owner', '-updated_at', '-id'], name='lead_of_owner'), models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', '-created_at', '-id'], name='lead_newest'), models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', 'remind_date', 'id'], name='lead_by_reminder'), models.Index(condition=models.Q(('status', 'standby'), ('trash__isnull', True)), fields=['account', 'remind_date', 'id'], name='lead_on_standby'), models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', 'estimated_closing_date', 'id'], name='lead_by_closing'), models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', 'step', 'status', 'currency', 'amount_minor'], name='lead_figures'), models.Index(condition=models.Q(('trash__isnull', False)), fields=['account', 'trash'], name='lead_in_trash'), models.Index(condition=models.Q(('client_folder__isnull', False)), fields=['account', 'client_folder'], name='lead_of_folder'), models.Index(condition=models.Q(('arrived__isnull', False)), fields=['account', 'arrived'], name='lead_arrived')],
                'constraints': [models.CheckConstraint(condition=models.Q(('probability__isnull', True), ('probability__lte', 100), _connector='OR'), name='lead_probability_in_percent')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('with_trashed', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('retired_at', models.DateTimeField(editable=False, null=True)),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('folded', models.TextField(editable=False)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
            ],
            options={
                'ordering': ['folded'],
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('account', 'name'), name='tag_name'), models.CheckConstraint(condition=models.Q(('name__contains', ','), _negated=True), name='tag_without_comma')],
            },
        ),
        migrations.CreateModel(
            name='LeadTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='leads.lead')),
                ('tag', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.tag')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('account', 'tag', 'lead'), name='lead_tag_once')],
            },
        ),
        migrations.AddField(
            model_name='lead',
            name='tags',
            field=models.ManyToManyField(related_name='+', through='leads.LeadTag', to='leads.tag'),
        ),
        migrations.CreateModel(
            name='TagCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('position', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now, editable=False)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('account', 'name'), name='tag_category_name')],
            },
        ),
        migrations.AddField(
            model_name='tag',
            name='category',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='leads.tagcategory', verbose_name='category'),
        ),
        migrations.CreateModel(
            name='LeadKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('field', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fields.defaultfield')),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='leads.lead')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['account', 'field', 'key'], name='lead_key_found')],
            },
        ),
    ]
