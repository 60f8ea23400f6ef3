import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0005_open_letter'),
    ]

    operations = [
        migrations.CreateModel(
            name='Cosignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page_key', models.UUIDField()),
                ('submission_id', models.UUIDField(unique=True)),
                ('name', models.CharField(blank=True, max_length=401)),
                ('role', models.CharField(blank=True, max_length=401)),
                ('language', models.CharField(max_length=16)),
                ('revision', models.PositiveIntegerField(null=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('shown', 'Shown'), ('hidden', 'Hidden')], default='waiting', max_length=8)),
                ('hints', models.CharField(blank=True, max_length=100)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('decided_by', models.CharField(blank=True, max_length=150)),
                ('decided_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField()),
                ('flags', models.PositiveIntegerField(default=0)),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['page_key', 'state', 'id'], name='cosignature_state'), models.Index(condition=models.Q(('flags__gt', 0)), fields=['page_key', 'id'], name='cosignature_flagged')],
            },
        ),
        migrations.CreateModel(
            name='Signatory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('page_key', models.UUIDField()),
                ('name', models.CharField(max_length=200)),
                ('role', models.CharField(blank=True, max_length=200)),
                ('affiliation', models.CharField(blank=True, max_length=200)),
                ('picture', models.BinaryField(blank=True, default=b'')),
                ('picture_alt', models.CharField(blank=True, max_length=300)),
                ('group', models.CharField(blank=True, max_length=120)),
                ('position', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(choices=[('invited', 'Invited'), ('signed', 'Signed'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], default='invited', max_length=10)),
                ('revision', models.PositiveIntegerField(null=True)),
                ('language', models.CharField(blank=True, max_length=16)),
                ('signed_at', models.DateTimeField(null=True)),
                ('asked_revision', models.PositiveIntegerField(null=True)),
                ('sealed', models.BinaryField(blank=True, default=b'')),
                ('link_key', models.UUIDField(null=True, unique=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('mail_due_at', models.DateTimeField(null=True)),
                ('mail_claimed_at', models.DateTimeField(null=True)),
                ('mail_failed', models.CharField(blank=True, max_length=64)),
                ('mailed_at', models.DateTimeField(null=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.CharField(max_length=150)),
            ],
            options={
                'permissions': (('see_openletters', 'See who signs open letters'), ('run_openletters', 'Invite first signatories and deliver open letters'), ('moderate_openletters', 'Decide which co-signatures are shown')),
                'default_permissions': (),
                'indexes': [models.Index(fields=['page_key', 'position', 'id'], name='signatory_order')],
            },
        ),
        migrations.CreateModel(
            name='SignatoryStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('what', models.CharField(max_length=16)),
                ('by', models.CharField(max_length=150)),
                ('revision', models.PositiveIntegerField(null=True)),
                ('detail', models.CharField(blank=True, max_length=200)),
                ('signatory', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='campaigns.signatory')),
            ],
            options={
                'default_permissions': (),
            },
        ),
    ]
