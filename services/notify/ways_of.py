"""The ways that this installation has, as its settings choose them."""

from functools import partial

from services.notify import paper
from services.notify.govuk_notify import GovUkNotify, Now
from services.notify.govuk_settings import GovUkSettings
from services.notify.govuk_ways import GovUkEmail, GovUkLetter, GovUkText
from services.notify.ledger import Ledger
from services.notify.recipients import WayName
from services.notify.ways import Way, Ways
from services.shared.database import Database


def govuk_notify(settings: GovUkSettings, database: Database) -> GovUkNotify | None:
    """Returns the connection to GOV.UK Notify, to be closed at the end; None when nothing uses it.

    The ledger says whether there was an attempt before: then it is asked for what arrived.
    """
    key = settings.govuk_notify_api_key
    if key is None or not settings.speaks_govuk_notify:
        return None
    ledger = Ledger(database)

    async def tried_before(notice: str) -> bool:
        row = await ledger.one(notice)
        return row is not None and row.attempts > 1

    return GovUkNotify(key.get_secret_value(), settings.govuk_notify_url, tried_before)


def ways_of(
    settings: GovUkSettings, *, mail: Way, print_queue: Way, service: GovUkNotify | None, now: Now
) -> Ways:
    """Returns each way that there is; `mail` and `print_queue` are those of this house."""
    letters = print_queue
    ways: dict[WayName, Way] = {}
    if service is not None:
        if settings.channel == "govuk-notify":
            template = settings.govuk_notify_email_template or ""
            mail = GovUkEmail(service, template, settings.govuk_notify_reply_to or None)
        if settings.letters == "govuk-notify":
            render = partial(paper.render, window=paper.GOVUK_NOTIFY_WINDOW)
            letters = GovUkLetter(service, render, print_queue, now)
        if settings.texts == "govuk-notify":
            ways["text"] = GovUkText(service, settings.govuk_notify_text_template or "")
    return {"email": mail, "by-hand": mail, "letter": letters, **ways}
