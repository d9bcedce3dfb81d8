"""What notify looks after by itself: mail that came back, letters that others print."""

from datetime import timedelta
from functools import partial

from temporalio.client import Client

from services.notify.govuk_notify import GovUkNotify
from services.notify.govuk_status import GovUkStatus
from services.notify.returned_mail import ReturnedMail
from services.notify.sending import Now
from services.notify.settings import NotifySettings
from services.shared.database import Database
from services.shared.sweep import Sweep

BETWEEN_QUESTIONS = timedelta(minutes=30)
"""Letters are printed once a day; whether they can be is known within minutes."""


def rounds(
    settings: NotifySettings,
    database: Database,
    client: Client,
    service: GovUkNotify | None,
    now: Now,
) -> list[Sweep]:
    """Returns what is to be swept: the mailbox, if one is read, and letters at GOV.UK Notify."""
    sweeps: list[Sweep] = []
    if settings.imap_host:
        secret = settings.link_secret.get_secret_value()
        mail = ReturnedMail(settings, secret, database, client, now)
        often = timedelta(seconds=settings.imap_poll_seconds)
        sweeps.append(Sweep("read returned mail", mail.look, often))
    if service is not None and settings.letters == "govuk-notify":
        status = GovUkStatus(database, client, now)
        ask = partial(status.ask, service)
        sweeps.append(Sweep("ask after letters", ask, BETWEEN_QUESTIONS))
    return sweeps
