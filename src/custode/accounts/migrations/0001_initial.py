import custode.kernel.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('edition', models.CharField(choices=[('sales_essentials', 'Sales Essentials'), ('dream_team', 'Dream Team')], max_length=20, verbose_name='edition')),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('time_zone', models.CharField(default='Europe/Rome', max_length=60, verbose_name='time zone')),
                ('currency', models.CharField(default='EUR', max_length=3, verbose_name='currency')),
                ('trash_days', models.PositiveIntegerField(default=30, verbose_name='days in the trash')),
                ('idle_hours', models.PositiveIntegerField(default=168, verbose_name='hours without use')),
                ('session_days', models.PositiveIntegerField(default=30, verbose_name='days of a session')),
                ('sessions_kept_months', models.PositiveIntegerField(default=12, verbose_name='months of past sessions')),
                ('two_factor_for', models.CharField(choices=[('nobody', 'nobody'), ('admins', 'admins'), ('all', 'everybody')], default='nobody', max_length=8, verbose_name='two-factor authentication is required of')),
                ('two_factor_grace_days', models.PositiveIntegerField(default=7, verbose_name='days of grace')),
                ('two_factor_since', models.DateTimeField(editable=False, null=True)),
                ('many_count', models.PositiveIntegerField(default=10, verbose_name='many deletions are from')),
                ('many_minutes', models.PositiveIntegerField(default=10, verbose_name='minutes for many deletions')),
                ('visibility', models.CharField(choices=[('shared', 'Everything is shared'), ('admins', "Only admins can see others' items")], default='shared', max_length=8)),
                ('teams_on', models.BooleanField(default=False)),
                ('team_visibility', models.CharField(choices=[('admins', 'Only admins'), ('managers', "Admins and the team's managers"), ('members', 'All members of the team')], default='managers', max_length=8)),
                ('assigning', models.CharField(choices=[('admins', 'Only admins'), ('managers', 'Admins, and managers within their teams'), ('everybody', 'Everybody')], default='everybody', max_length=9)),
                ('checkpoints_to', models.CharField(choices=[('nobody', 'Nobody'), ('admins', 'All admins'), ('addresses', 'These addresses')], default='nobody', max_length=9)),
                ('checkpoint_addresses', models.CharField(blank=True, default='', max_length=1300)),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now, editable=False)),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
