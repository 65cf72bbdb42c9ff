import custode.kernel.clock
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='DefaultField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('retired_at', models.DateTimeField(editable=False, null=True)),
                ('kind', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('folded', models.TextField(editable=False)),
                ('sort', models.CharField(choices=[('text', 'Text'), ('number', 'Number'), ('date', 'Date'), ('choice', 'Choice from a list'), ('email', 'E-mail address'), ('phone', 'Phone number'), ('link', 'Link')], max_length=10)),
                ('is_key', models.BooleanField(default=False)),
                ('keys_below', models.BigIntegerField(editable=False, null=True)),
                ('keys_from', models.BigIntegerField(default=0, editable=False)),
                ('position', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now, editable=False)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('account', 'kind', 'name'), name='default_field_name'), models.CheckConstraint(condition=models.Q(('is_key', False), models.Q(('sort__in', ('date', 'choice')), _negated=True), _connector='OR'), name='default_field_can_be_key')],
            },
        ),
        migrations.CreateModel(
            name='FieldChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('retired_at', models.DateTimeField(editable=False, null=True)),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('position', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now, editable=False)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('field', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='fields.defaultfield')),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('account', 'field', 'name'), name='field_choice_name')],
            },
        ),
    ]
