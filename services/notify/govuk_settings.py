"""Settings of what goes out by GOV.UK Notify, read from `PUTRIGHT_…` variables.

Mail, letters and texts are chosen apart: a landlord may send mail by a server of its own and have
GOV.UK Notify print and post its letters.
"""

import re
from typing import Literal, Self
from uuid import UUID

from pydantic import SecretStr, model_validator

from services.shared.settings import LinkSettings

UUID_PATTERN = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

API_KEY = re.compile(f"(?:.*-)?{UUID_PATTERN}-{UUID_PATTERN}", re.IGNORECASE)
"""A name, the id of the service, the secret: the client takes them apart by their length alone."""


class GovUkSettings(LinkSettings):
    """Which ways go by GOV.UK Notify, and as whom. Refuses a way that lacks what it needs."""

    channel: Literal["smtp", "govuk-notify"] = "smtp"
    """How mail goes out."""
    letters: Literal["print-queue", "govuk-notify"] = "print-queue"
    """Who prints and posts letters on paper."""
    texts: Literal["off", "govuk-notify"] = "off"
    """How texts go out; while they are off, who asked for texts is written to otherwise."""

    govuk_notify_url: str = "https://api.notifications.service.gov.uk"
    govuk_notify_api_key: SecretStr | None = None
    govuk_notify_email_template: str | None = None
    """The id of a template whose subject is `((subject))` and whose message is `((body))`."""
    govuk_notify_text_template: str | None = None
    """The id of a template whose message is `((body))`."""
    govuk_notify_reply_to: str | None = None
    """The id of the service's reply-to address that reaches intake's mailbox; none: its default."""
    govuk_notify_receipt_hash: str | None = None
    """SHA-256 (hex) of the bearer token with which GOV.UK Notify brings its delivery receipts;
    without one, none are taken."""

    @property
    def speaks_govuk_notify(self) -> bool:
        """Whether anything goes out by GOV.UK Notify."""
        return "govuk-notify" in (self.channel, self.letters, self.texts)

    @model_validator(mode="after")
    def _has_what_govuk_notify_needs(self) -> Self:
        if not self.speaks_govuk_notify:
            return self
        key = self.govuk_notify_api_key
        if key is None or API_KEY.fullmatch(key.get_secret_value()) is None:
            raise ValueError("PUTRIGHT_GOVUK_NOTIFY_API_KEY is not a key of GOV.UK Notify")
        for chosen, name, required in (
            (self.channel, "govuk_notify_email_template", True),
            (self.texts, "govuk_notify_text_template", True),
            (self.channel, "govuk_notify_reply_to", False),
        ):
            given = getattr(self, name)
            if chosen == "govuk-notify" and (given or required) and not _is_uuid(given or ""):
                raise ValueError(f"PUTRIGHT_{name.upper()} is not an id of GOV.UK Notify's")
        if self.environment == "production" and not self.govuk_notify_url.startswith("https://"):
            raise ValueError("PUTRIGHT_GOVUK_NOTIFY_URL must begin with https:// in production")
        return self


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
