"""The jobs of e-mails. Run twice, they send nothing twice."""

from __future__ import annotations

from django_tasks import task

from custode.activities.emails import sending


@task()
def send_email(account_id: int, pk: int) -> None:
    """Send an e-mail that is due."""
    sending.send(account_id, pk)


@task()
def try_server(account_id: int, user_id: int) -> None:
    """Send a test mail through the account's mail server to the user who asked."""
    sending.try_server(account_id, user_id)
