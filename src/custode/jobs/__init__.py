"""The process that works on jobs: `python -m custode.jobs`, started by serve, demo and worker.

A job is a task that a package below declared with `django_tasks.task` in its `tasks.py` and
enqueued; django-tasks-db keeps it in the database. It has no lease, no second try and no clock,
which are here: `lease` (a job whose worker died comes back), `retrying` and `ticking` (what
`kernel.schedule` says comes round).

A job may run twice: when its worker was cut off, it begins again. Write tasks so that they do not
mind.
"""
