"""The database refuses a comma in a tag's name."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("leads", "0003_quotes_fold_and_commas_part")]

    operations = [
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.CheckConstraint(
                condition=~Q(name__contains=","), name="tag_without_comma"
            ),
        ),
    ]
