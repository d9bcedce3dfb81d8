"""Settings of notify, read from `PUTRIGHT_…` variables (see deploy/env.example)."""

from pathlib import Path
from typing import Literal, Self

from pydantic import EmailStr, Field, SecretStr, field_validator, model_validator

from services.notify.govuk_settings import GovUkSettings
from services.shared.mailbox import MailboxSettings

LONGEST_USER = 25
"""Characters before the @ of our own addresses: mail allows 64 there, and the tag of a notice needs
the others."""


class NotifySettings(GovUkSettings, MailboxSettings):
    """Where notify listens, keeps its rows and hands its mail over."""

    notify_host: str = "127.0.0.1"
    notify_port: int = 8003
    """Its API is for staff; other services ask notify through Temporal."""
    notify_database_url: str = "sqlite+aiosqlite:///var/notify.db"

    smtp_host: str = "127.0.0.1"
    smtp_port: int = 1025
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None

    bounce_address: EmailStr | None = None
    """Where mail that cannot be delivered comes back to, with a tag after a plus sign that says
    which notice it was; unset, to `mail_from`."""

    mail_connections: int = Field(default=10, ge=1)
    """Connections to the mail server at once: many clocks can pass in the same second, and a mail
    server is shared."""

    mails_a_minute: int = Field(default=0, ge=0)
    """How many mails a worker sends in a minute at most, evenly spaced; 0 is no limit."""

    directory_file: Path | None = None
    """The TOML file from which the staff directory is seeded at every start."""

    @field_validator("bounce_address", mode="before")
    @classmethod
    def _unset_when_empty(cls, value: object) -> object:
        return value or None

    @field_validator("mail_from", "bounce_address")
    @classmethod
    def _leaves_room_for_a_tag(cls, value: str | None) -> str | None:
        if value is not None and len(value.rpartition("@")[0].partition("+")[0]) > LONGEST_USER:
            raise ValueError(f"more than {LONGEST_USER} characters before its @ leave no tag room")
        return value

    @model_validator(mode="after")
    def _can_send(self) -> Self:
        if self.environment == "production" and "mail_from" not in self.model_fields_set:
            raise ValueError("PUTRIGHT_MAIL_FROM is not set: production needs its own")
        if bool(self.smtp_username) != bool(self.smtp_password):
            raise ValueError(
                "set both PUTRIGHT_SMTP_USERNAME and PUTRIGHT_SMTP_PASSWORD, or neither"
            )
        return self
