"""Italian: no zero before the day where the month is in words, which are in lower case."""

DATE_FORMAT = "j F Y"
MONTH_DAY_FORMAT = "j b"
