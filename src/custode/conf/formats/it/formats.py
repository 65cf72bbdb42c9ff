"""Italian: no zero before the day where the month stands in letters, which are small ones."""

DATE_FORMAT = "j F Y"
MONTH_DAY_FORMAT = "j b"
