from django.core.validators import MinValueValidator
from django.db import models


class Item(models.Model):
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=2000, null=True, blank=True)
    price = models.FloatField(validators=[MinValueValidator(0)])
    in_stock = models.BooleanField(default=True)

    class Meta:
        db_table = "items"
        ordering = ["id"]
