"""Calls to GOV.UK Notify by its official client, and what their answers mean for a notice.

A notice goes there under its mark as the client reference. What was tried before is asked for by
that reference first: an attempt whose answer was lost is found again and not sent twice.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from functools import partial
from typing import Any

from notifications_python_client.errors import APIError, HTTPError
from notifications_python_client.notifications import NotificationsAPIClient
from pydantic import BaseModel, ValidationError
from requests.exceptions import ConnectTimeout
from urllib3.exceptions import MaxRetryError

from services.notify.message import mark
from services.notify.ways import Delivery, Result
from services.shared.errors import TryLater

LINES = 10
"""Calls at once: far below the 3,000 a minute that a service may make."""

PATIENCE = 20.0
"""Seconds for one attempt, the wait for a free line and the question before it included."""

REPLY_PATIENCE = 8.0
"""Seconds for any one reply."""

MOST_WORDS = 500
"""Characters that are kept of a reply."""

OUR_SET_UP = re.compile(
    r"trial mode|team-only|template_id|template (?:not found|has been)|email_reply_to_id"
    r"|missing personalisation|does not exist in database"
    r"|service is not allowed|not allowed to send",
    re.IGNORECASE,
)
"""What a 400 says about this installation, or its service at GOV.UK Notify, rather than about the
notice: it can be mended, and the same notice then goes out."""

Call = Callable[[NotificationsAPIClient], Any]

TriedBefore = Callable[[str], Awaitable[bool]]
"""Whether an attempt before this one at the notice of that key may have reached the other side."""

Now = Callable[[], Awaitable[datetime]]


class Taken(BaseModel):
    """What GOV.UK Notify says of a notification; more is left unread."""

    id: str
    status: str = "created"


class Found(BaseModel):
    """The notifications of one reference, the newest first."""

    notifications: list[Taken]


class GovUkNotify:
    """Calls GOV.UK Notify, each call in a thread: the client waits, and is not thread-safe."""

    def __init__(self, api_key: str, url: str, tried_before: TriedBefore) -> None:
        self._new_client = partial(
            NotificationsAPIClient, api_key, base_url=url, timeout=REPLY_PATIENCE
        )
        self._tried_before = tried_before
        self._lines = asyncio.Semaphore(LINES)
        # More threads than lines: a call that was given up holds its thread until it ends.
        self._threads = ThreadPoolExecutor(2 * LINES, thread_name_prefix="govuk-notify")
        # The client logs the other side's words, and they may repeat an address.
        logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)

    async def send(self, key: str, call: Call) -> Delivery:
        """Makes one attempt at the notice of that key. Never raises for what the other side does.

        Nothing is handed over until it is known that no earlier attempt arrived.
        """
        handed_over = False
        try:
            async with asyncio.timeout(PATIENCE), self._lines:
                if await self._tried_before(key):
                    found = await self._found(mark(key))
                    if found is not None:
                        return _taken(found, "it had arrived before")
                handed_over = True
                return _taken(Taken.model_validate(await self._in_thread(call)), "taken")
        except APIError as error:
            return _failed(error, handed_over=handed_over)
        except (ValidationError, TimeoutError) as error:
            return attempted(_without_answer(handed_over), type(error).__name__, "no answer")

    async def status(self, provider_id: str) -> Taken | None:
        """Returns how far a notification is; None when it is not kept there any more.

        Raises TryLater `govuk-notify-away` when it cannot be asked, or does not say.
        """
        try:
            async with asyncio.timeout(PATIENCE), self._lines:
                answer = await self._in_thread(lambda one: one.get_notification_by_id(provider_id))
                return Taken.model_validate(answer)
        except HTTPError as error:
            if error.status_code == 404:
                return None
            raise TryLater("govuk-notify-away", "GOV.UK Notify does not answer.") from error
        except (APIError, TimeoutError, ValidationError) as error:
            raise TryLater("govuk-notify-away", "GOV.UK Notify does not answer.") from error

    def close(self) -> None:
        """Begins no further call; those under way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _found(self, reference: str) -> Taken | None:
        answer = await self._in_thread(lambda one: one.get_all_notifications(reference=reference))
        return next(iter(Found.model_validate(answer).notifications), None)

    async def _in_thread(self, call: Call) -> Any:  # noqa: ANN401 — JSON of the other side, checked by whoever asked
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._call, call)

    def _call(self, call: Call) -> Any:  # noqa: ANN401 — as above
        # A client for each call: one that was given up still belongs to its thread.
        client = self._new_client()
        with closing(client.request_session):
            return call(client)


def _taken(notification: Taken, how: str) -> Delivery:
    words = f"GOV.UK Notify: {how}, {notification.status}"
    return Delivery("delivered", "taken", words, provider_id=notification.id)


def _failed(error: APIError, *, handed_over: bool) -> Delivery:
    """Says what an error means for the notice: by what there is to do about it."""
    words = _words(error)
    if error.response is None:
        away = _never_reached(error)
        result: Result = "temporary" if away else _without_answer(handed_over)
        return attempted(result, type(error.__cause__ or error).__name__, words)
    status = error.status_code
    if status < 300:  # an answer that is none: a proxy's page, or half of one
        return attempted(_without_answer(handed_over), "unreadable-answer", words)
    about_the_notice = status == 413 or (status == 400 and not OUR_SET_UP.search(words))
    refused = handed_over and about_the_notice
    return attempted("refused" if refused else "temporary", str(status), words)


def _without_answer(handed_over: bool) -> Result:  # noqa: FBT001 — the only thing it asks
    return "unconfirmed" if handed_over else "temporary"


def _never_reached(error: APIError) -> bool:
    """Whether there was no connection at all, so that nothing can have been taken."""
    cause = error.__cause__
    if isinstance(cause, ConnectTimeout):
        return True
    return cause is not None and any(isinstance(one, MaxRetryError) for one in cause.args)


def _words(error: APIError) -> str:
    said = error.message
    if isinstance(said, list):
        return "; ".join(str(one.get("message", "")) for one in said if isinstance(one, dict))
    return str(said)


def attempted(result: Result, reason: str, words: str) -> Delivery:
    """Returns how an attempt ended, its words made fit for the ledger."""
    printable = "".join(character if character.isprintable() else " " for character in words)
    return Delivery(result, reason, f"{reason} {printable}"[:MOST_WORDS])
