"""The ways by GOV.UK Notify: mail, texts, and letters that it prints and posts."""

import asyncio
from collections.abc import Callable
from datetime import date
from io import BytesIO

from services.notify.govuk_notify import GovUkNotify, Now, attempted
from services.notify.message import mailable, mark
from services.notify.paper import Pdf
from services.notify.ways import Delivery, Ready, Way
from services.shared.errors import MendRequest
from services.shared.local_time import local_date

LONGEST_TEXT = 612
"""Characters of a text: four fragments."""

MOST_PAGES = 10
"""Pages of a precompiled letter: five sheets, printed on both sides."""


Render = Callable[[Ready, date], Pdf]


class GovUkEmail:
    """Mail by GOV.UK Notify: one template that holds a subject and a body."""

    def __init__(self, service: GovUkNotify, template: str, reply_to: str | None = None) -> None:
        self._service = service
        self._template = template
        self._reply_to = reply_to

    async def deliver(self, ready: Ready) -> Delivery:
        """Makes one attempt."""
        try:
            address = mailable(ready.recipient.email or "")
        except MendRequest as refusal:
            return attempted("refused", refusal.code, refusal.detail)
        return await self._service.send(
            ready.notice.key,
            lambda one: one.send_email_notification(
                email_address=address,
                template_id=self._template,
                personalisation={"subject": ready.letter.subject, "body": ready.letter.text},
                reference=mark(ready.notice.key),
                email_reply_to_id=self._reply_to,
            ),
        )


class GovUkText:
    """Texts by GOV.UK Notify: one template that holds a body."""

    def __init__(self, service: GovUkNotify, template: str) -> None:
        self._service = service
        self._template = template

    async def deliver(self, ready: Ready) -> Delivery:
        """Makes one attempt; a kind of notice that has no text, or too long a one, is refused."""
        body = ready.letter.sms
        if body is None:
            return attempted("refused", "no-text", "this kind of notice is not sent as a text")
        if len(body) > LONGEST_TEXT:
            return attempted("refused", "text-too-long", f"{len(body)} characters")
        return await self._service.send(
            ready.notice.key,
            lambda one: one.send_sms_notification(
                phone_number=ready.recipient.phone,
                template_id=self._template,
                personalisation={"body": body},
                reference=mark(ready.notice.key),
            ),
        )


class GovUkLetter:
    """Letters that GOV.UK Notify prints and posts; what is too long for it is printed here.

    `render` sets the letter of a notice, dated that day (Europe/London).
    """

    def __init__(self, service: GovUkNotify, render: Render, here: Way, now: Now) -> None:
        self._service = service
        self._render = render
        self._here = here
        self._now = now

    async def deliver(self, ready: Ready) -> Delivery:
        """Makes one attempt."""
        dated = local_date(await self._now())
        try:
            pdf = await asyncio.to_thread(self._render, ready, dated)
        except MendRequest as refusal:
            return attempted("refused", refusal.code, refusal.detail)
        if pdf.pages > MOST_PAGES:
            return await self._here.deliver(ready)
        return await self._service.send(
            ready.notice.key,
            lambda one: one.send_precompiled_letter_notification(
                mark(ready.notice.key), BytesIO(pdf.content)
            ),
        )
