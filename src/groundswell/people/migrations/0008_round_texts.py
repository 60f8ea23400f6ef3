from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0007_flags'),
    ]

    operations = [
        migrations.AddField(
            model_name='letterround',
            name='texts',
            field=models.JSONField(default=dict),
        ),
    ]
