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
        ('guard', '0001_initial'),
        ('leads', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('prospecting', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ActivityType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('icon', models.CharField(choices=[('phone', 'Telephone'), ('users-round', 'People'), ('map-pin', 'Place'), ('video', 'Camera'), ('mail', 'Letter'), ('message-circle', 'Speech bubble'), ('file-text', 'Document'), ('presentation', 'Presentation'), ('circle-check', 'Tick'), ('sticky-note', 'Note')], default='sticky-note', max_length=20, verbose_name='picture')),
                ('position', models.PositiveIntegerField(default=0)),
                ('retired_at', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now, editable=False)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('account', 'name'), name='activity_type_name')],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('updated_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('text', models.TextField(max_length=20000, verbose_name='text')),
                ('excerpt', models.CharField(editable=False, max_length=120)),
                ('pinned', models.BooleanField(default=False)),
                ('edited_at', models.DateTimeField(editable=False, null=True)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('activity', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='activities.activitytype', verbose_name='activity')),
                ('arrived', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guard.trashentry')),
                ('author', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client_folder', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.clientfolder')),
                ('lead', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.lead')),
                ('prospect', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='prospecting.prospect')),
                ('prospecting_list', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='prospecting.prospectinglist')),
                ('trash', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guard.trashentry')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'with_trashed',
                'default_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', 'lead', '-created_at', '-id'], name='comment_of_lead'), models.Index(condition=models.Q(('client_folder__isnull', False)), fields=['client_folder', '-created_at', '-id'], name='comment_of_folder'), models.Index(condition=models.Q(('prospect__isnull', False)), fields=['prospect', '-created_at', '-id'], name='comment_of_prospect'), models.Index(condition=models.Q(('prospecting_list__isnull', False)), fields=['prospecting_list', '-created_at', '-id'], name='comment_of_list'), models.Index(condition=models.Q(('trash__isnull', False)), fields=['account', 'trash'], name='comment_in_trash')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('client_folder__isnull', True), ('lead__isnull', False), ('prospect__isnull', True), ('prospecting_list__isnull', True)), models.Q(('client_folder__isnull', False), ('lead__isnull', True), ('prospect__isnull', True), ('prospecting_list__isnull', True)), models.Q(('client_folder__isnull', True), ('lead__isnull', True), ('prospect__isnull', False), ('prospecting_list__isnull', True)), models.Q(('client_folder__isnull', True), ('lead__isnull', True), ('prospect__isnull', True), ('prospecting_list__isnull', False)), _connector='OR'), name='comment_hangs_on_one')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('with_trashed', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='CommentWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('folded', models.TextField()),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='activities.comment')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Email',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('updated_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('recipients', models.TextField()),
                ('copies', models.TextField(blank=True)),
                ('subject', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('token', models.CharField(max_length=32)),
                ('message_id', models.CharField(max_length=300)),
                ('state', models.CharField(choices=[('queued', 'Waiting to be sent'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Not sent'), ('perhaps', 'Perhaps sent')], default='queued', max_length=8)),
                ('why', models.CharField(blank=True, choices=[('not_set_up', 'No mail server is set up. An admin can do so.'), ('locked', "The server's password cannot be read: an admin must type it anew."), ('private', 'The server is on a private network, and whoever runs this installation has not allowed that.'), ('connect', 'The server could not be reached.'), ('tls', 'No encrypted connection to the server could be made.'), ('login', 'The server did not accept the user name and the password.'), ('sender', "The server did not accept the sender's address."), ('recipient', "The server did not accept a recipient's address. Nobody got it."), ('message', 'The server did not accept the e-mail.'), ('broke_off', 'The connection broke off before the e-mail was handed over.'), ('unbuilt', 'An address or a file of it cannot be used any more. Write it anew.'), ('deleted', 'It was deleted before it was sent.'), ('no_answer', "It was handed over, but the server's answer did not come."), ('cut_off', 'Custode was cut off while it was being sent.')], max_length=12)),
                ('answer', models.CharField(blank=True, max_length=500)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('claim', models.CharField(blank=True, max_length=32)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('arrived', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guard.trashentry')),
                ('author', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lead', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.lead')),
                ('trash', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guard.trashentry')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'with_trashed',
                'default_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('trash__isnull', True)), fields=['account', 'lead', '-created_at', '-id'], name='email_of_lead'), models.Index(condition=models.Q(('trash__isnull', False)), fields=['account', 'trash'], name='email_in_trash'), models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['account', 'created_at'], name='email_under_way')],
                'constraints': [models.UniqueConstraint(fields=('account', 'token'), name='email_made_once')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('with_trashed', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='EmailFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('size', models.PositiveBigIntegerField()),
                ('media_type', models.CharField(max_length=100)),
                ('token', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('email', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='activities.email')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='EmailTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('subject', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('retired_at', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now, editable=False)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
            ],
            options={
                'ordering': ['name', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('account', 'name'), name='email_template_name')],
            },
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
        migrations.CreateModel(
            name='MailServer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(blank=True, max_length=253)),
                ('port', models.PositiveIntegerField(default=587)),
                ('security', models.CharField(choices=[('starttls', 'STARTTLS (usual with port 587)'), ('tls', 'TLS from the first byte (usual with port 465)'), ('none', 'Not encrypted')], default='starttls', max_length=8)),
                ('username', models.CharField(blank=True, max_length=254)),
                ('password', models.TextField(blank=True)),
                ('sender', models.EmailField(blank=True, max_length=254)),
                ('test', models.CharField(blank=True, choices=[('', 'Not tested'), ('waiting', 'Being tested'), ('sent', 'The test was sent'), ('failed', 'The test was not sent')], default='', max_length=8)),
                ('test_to', models.EmailField(blank=True, max_length=254)),
                ('test_why', models.CharField(blank=True, choices=[('not_set_up', 'No mail server is set up. An admin can do so.'), ('locked', "The server's password cannot be read: an admin must type it anew."), ('private', 'The server is on a private network, and whoever runs this installation has not allowed that.'), ('connect', 'The server could not be reached.'), ('tls', 'No encrypted connection to the server could be made.'), ('login', 'The server did not accept the user name and the password.'), ('sender', "The server did not accept the sender's address."), ('recipient', "The server did not accept a recipient's address. Nobody got it."), ('message', 'The server did not accept the e-mail.'), ('broke_off', 'The connection broke off before the e-mail was handed over.'), ('unbuilt', 'An address or a file of it cannot be used any more. Write it anew.'), ('deleted', 'It was deleted before it was sent.'), ('no_answer', "It was handed over, but the server's answer did not come."), ('cut_off', 'Custode was cut off while it was being sent.')], max_length=12)),
                ('test_answer', models.CharField(blank=True, max_length=500)),
                ('tested_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('account',), name='one_mail_server')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='activities.comment')),
            ],
            options={
                'ordering': ['-id'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('size', models.PositiveBigIntegerField()),
                ('media_type', models.CharField(max_length=100)),
                ('token', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=custode.kernel.clock.now)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='activities.comment')),
                ('added_in', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='activities.version')),
                ('taken_in', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='activities.version')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
    ]
