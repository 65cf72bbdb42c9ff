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
            name='Process',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('updated_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('arrived', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guard.trashentry')),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lead', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.lead')),
                ('trash', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guard.trashentry')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'with_trashed',
                'default_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', 'lead', 'id'], name='process_of_lead'), models.Index(condition=models.Q(('trash__isnull', False)), fields=['account', 'trash'], name='process_in_trash')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('with_trashed', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ProcessTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('retired_at', models.DateTimeField(editable=False, null=True)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now, editable=False)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
            ],
            options={
                'ordering': ['name', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('account', 'name'), name='process_template_name')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('updated_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('text', models.CharField(max_length=200, verbose_name='task')),
                ('searched', models.TextField(editable=False)),
                ('position', models.PositiveIntegerField(default=0)),
                ('status', models.CharField(choices=[('todo', 'To do'), ('standby', 'Standby'), ('done', 'Done')], default='todo', max_length=10, verbose_name='status')),
                ('due_date', models.DateField(blank=True, null=True, verbose_name='due')),
                ('remind_date', models.DateField(blank=True, null=True, verbose_name='reminder')),
                ('remind_time', models.TimeField(blank=True, null=True, verbose_name='time of the reminder')),
                ('done_at', models.DateTimeField(editable=False, null=True)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('arrived', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guard.trashentry')),
                ('assignee', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assignee')),
                ('done_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('process', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postsales.process')),
                ('trash', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guard.trashentry')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'with_trashed',
                'default_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', 'process', 'position', 'id'], name='task_of_process'), models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', 'assignee', 'status', 'due_date', 'id'], name='task_of_assignee'), models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', 'status', 'due_date', 'id'], name='task_by_day'), models.Index(condition=models.Q(('status', 'standby'), ('trash__isnull', True)), fields=['account', 'remind_date', 'id'], name='task_on_standby'), models.Index(condition=models.Q(('trash__isnull', False)), fields=['account', 'trash'], name='task_in_trash')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status', 'standby'), _negated=True), ('remind_date__isnull', False), _connector='OR'), name='task_on_standby_has_a_day')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('with_trashed', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='TemplateTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=200, verbose_name='task')),
                ('position', models.PositiveIntegerField(default=0)),
                ('days', models.PositiveIntegerField(default=0)),
                ('who', models.CharField(choices=[('owner', "The lead's owner"), ('starter', 'Whoever starts the process'), ('person', 'A given person')], default='owner', max_length=10)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('person', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='postsales.processtemplate')),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('who', 'person')), models.Q(models.Q(('who', 'person'), _negated=True), ('person__isnull', True)), _connector='OR'), name='template_task_has_its_person')],
            },
        ),
    ]
