"""English: the month in words, as 3/4 is a day in April to some and in March to others."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j M Y"
MONTH_DAY_FORMAT = "j M"
