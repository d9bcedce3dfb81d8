"""Settings of notify, read from `PUTRIGHT_…` variables (see deploy/env.example)."""

from pathlib import Path
from typing import Literal, Self

from pydantic import SecretStr, model_validator

from services.shared.settings import LinkSettings


class NotifySettings(LinkSettings):
    """Where notify listens, keeps its rows and hands its mail over."""

    notify_host: str = "127.0.0.1"
    notify_port: int = 8003
    """For health only: everything else is asked of notify through Temporal."""
    notify_database_url: str = "sqlite+aiosqlite:///var/notify.db"

    smtp_host: str = "127.0.0.1"
    smtp_port: int = 1025
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None

    directory_file: Path | None = None
    """The TOML file from which the staff directory is seeded at every start."""

    @model_validator(mode="after")
    def _can_send(self) -> Self:
        if self.environment == "production" and "mail_from" not in self.model_fields_set:
            raise ValueError("PUTRIGHT_MAIL_FROM is not set: production needs its own")
        if bool(self.smtp_username) != bool(self.smtp_password):
            raise ValueError(
                "set both PUTRIGHT_SMTP_USERNAME and PUTRIGHT_SMTP_PASSWORD, or neither"
            )
        return self
