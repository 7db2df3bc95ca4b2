"""An index by plan and event: what is remembered of a plan is kept until certain events happen."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_shared_cache")]

    operations = [
        migrations.AddIndex(
            model_name="historyentry",
            index=models.Index(fields=["plan", "event", "id"], name="history_of_event"),
        ),
    ]
