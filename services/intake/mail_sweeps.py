"""What intake does about mail by itself: fetch it, take it, tell of it."""

from datetime import timedelta
from functools import partial

from services.intake import mail_fetching, mail_taking, mail_telling
from services.intake.wiring import Intake
from services.shared.sweep import Sweep


def mail_sweeps(intake: Intake, every: timedelta) -> tuple[Sweep, ...]:
    """Returns the sweeps over mail. Without a mailbox, what was stored before is taken still."""
    taking = (
        Sweep("take mail", partial(mail_taking.take_new, intake), every, intake.mail_stored),
        Sweep("tell of mail", partial(mail_telling.tell, intake), every, intake.mail_taken),
    )
    if not intake.settings.imap_host:
        return taking
    often = timedelta(seconds=intake.settings.imap_poll_seconds)
    return (Sweep("fetch mail", partial(mail_fetching.fetch, intake), often), *taking)
