from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0003_ring'),
    ]

    operations = [
        migrations.CreateModel(
            name='Moment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page_key', models.UUIDField()),
                ('source', models.CharField(blank=True, max_length=32)),
                ('minute', models.DateTimeField()),
                ('language', models.CharField(blank=True, max_length=16)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('visits', models.BigIntegerField(default=0)),
                ('previews', models.BigIntegerField(default=0)),
                ('collected', models.BigIntegerField(default=0)),
                ('confirmed', models.BigIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['minute'], name='moment_minute'), models.Index(fields=['source', 'minute'], name='moment_source')],
                'constraints': [models.UniqueConstraint(fields=('page_key', 'source', 'minute', 'language', 'country'), name='moment_slice')],
            },
        ),
        migrations.CreateModel(
            name='HeardVisits',
            fields=[
                ('record', models.UUIDField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_index=True)),
            ],
        ),
    ]
