"""Files that come in: brought, read, mapped by a person, tried, and let in by a job.

`runs` holds the moves a person makes, `job` what happens in between; `studies` and `forecast` are
what is known of a file before anything of it is saved.
"""
