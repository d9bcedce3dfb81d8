"""Settings every process shares, read from `PUTRIGHT_…` variables (see deploy/env.example)."""

from pathlib import Path
from typing import Literal, Self

from pydantic import EmailStr, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

EXAMPLE_SECRET = "change-me"  # noqa: S105 — the opposite of a secret
"""What deploy/env.example holds where a secret belongs: production refuses to start on it."""

CALENDARS_FOLDER = Path("var/calendars")
"""Where imported bank-holiday calendars are kept unless a setting says otherwise."""


class Settings(BaseSettings):
    """What a process needs to know before it starts. Refuses an unset secret in production."""

    # An error that showed its input would show every key to whoever reads the log.
    model_config = SettingsConfigDict(
        env_prefix="PUTRIGHT_", extra="ignore", hide_input_in_errors=True
    )

    environment: Literal["embedded", "production"] = "production"
    """`embedded` is `putright up` on one machine; everything else is production."""

    temporal_address: str = "127.0.0.1:7233"
    temporal_namespace: str = "default"

    payload_keys: SecretStr = SecretStr(EXAMPLE_SECRET)
    """`id:base64` pairs, comma-separated, 32 bytes each. The first encrypts, all decrypt."""

    staff_key_hash: str = EXAMPLE_SECRET
    """SHA-256 (hex) of the staff key that intake, reporting and the codec server accept."""

    calendars_folder: Path = CALENDARS_FOLDER
    """The bank-holiday calendars imported since the release; whoever works due dates out reads it
    anew at each question (services/shared/calendars.py)."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @model_validator(mode="after")
    def _no_example_secret(self) -> Self:
        for name, field in type(self).model_fields.items():
            value = _plain(getattr(self, name))
            needed = _plain(field.default) == EXAMPLE_SECRET
            if self.environment == "production" and (
                EXAMPLE_SECRET in value or (needed and not value)
            ):
                raise ValueError(f"PUTRIGHT_{name.upper()} is not set: production needs its own")
        return self


class LinkSettings(Settings):
    """What makes and opens the links in letters and mails, and tags mail addresses."""

    public_url: str = "http://127.0.0.1:8000"
    """Where intake is reached from outside; links to residents and managers begin with it."""

    link_secret: SecretStr = SecretStr(EXAMPLE_SECRET)
    """Signs links, and tags in mail addresses. A new one makes those that were sent useless."""

    mail_from: EmailStr = "complaints@example.org"
    """The installation's own address: it sends every mail, and replies come back to it, with a tag
    after a plus sign that says to which complaint."""


def wrong_settings(error: ValidationError) -> list[str]:
    """Returns what is wrong with the settings, a line for each, without showing their values."""
    lines = []
    for entry in error.errors(include_input=False, include_url=False):
        names = [f"PUTRIGHT_{str(part).upper()}:" for part in entry["loc"]]
        said = entry["msg"].removeprefix("Value error, ")
        lines.append(" ".join(["putright:", *names, said]))
    return lines


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
