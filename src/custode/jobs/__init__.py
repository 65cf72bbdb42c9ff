"""The process that runs jobs: `python -m custode.jobs`, started by serve, demo and worker.

A job is a task that a package below declared with `django_tasks.task` in its `tasks.py` and
enqueued; django-tasks-db stores it in the database. It has no lease, no retry and no clock, which
are here: `lease` (a job whose worker died is requeued), `retrying` and `ticking` (periodic work of
`kernel.schedule`).

A job may run twice: if its worker was killed, it starts again. Write tasks so that this does no
harm.
"""
