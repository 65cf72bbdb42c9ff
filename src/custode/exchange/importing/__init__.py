"""Imports: files are uploaded, read, mapped by a person, tried, and imported by a job.

`runs` holds the operations of a person, `job` what happens in between; `studies` and `forecast` are
what is known of a file before anything of it is saved.
"""
