"""The jobs that send the next e-mail, and test a server."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from custode.activities.emails import building, outbox, servers, transport
from custode.activities.emails.models import Email, EmailFile, State, Trial, Why
from custode.activities.emails.outbox import End
from custode.kernel import scope
from custode.people.models import User


def send(account_id: int, pk: int) -> None:
    """Send an e-mail, unless it is sent or being sent already; for the job."""
    with scope.account(account_id):
        email = outbox.take(pk)
        if email is not None:
            outbox.settle(email, _try(email))


def _try(email: Email) -> End:
    server = servers.of_account()
    if not server.is_set_up:
        return End(State.FAILED, Why.NOT_SET_UP)
    try:
        files = list(EmailFile.objects.filter(email=email))
        answer = transport.deliver(server, building.outgoing(email, server.sender, files))
    except building.Unbuilt:
        return End(State.FAILED, Why.UNBUILT)
    except transport.Unsure as error:
        return End(State.PERHAPS, error.why, error.answer)
    except transport.NotSent as error:
        return End(State.FAILED, error.why, error.answer)
    return End(State.SENT, "", answer)


def try_server(account_id: int, user_id: int) -> None:
    """Send a test mail through the account's server to the user who asked; for the job."""
    with scope.account(account_id):
        server = servers.of_account()
        user = User.objects.filter(pk=user_id).first()
        if server.test != Trial.WAITING or user is None or not server.is_set_up:
            return
        with translation.override(user.language):
            letter = building.trial_letter(
                _("A test from Custode"),
                _("This came through the mail server that is set up for e-mails from leads."),
                server.sender,
                server.test_to,
            )
        try:
            end = Trial.SENT, "", transport.deliver(server, letter)
        except transport.NotSent as error:
            end = Trial.FAILED, str(error.why), error.answer
        servers.note_trial(server, *end)
