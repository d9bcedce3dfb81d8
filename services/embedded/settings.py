"""What can be set about the embedded default, read from `PUTRIGHT_…` variables."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, FilePath
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).parents[2]

PortNumber = Annotated[int, Field(ge=1, le=65535)]


@dataclass(frozen=True)
class Port:
    """A port of 127.0.0.1, what wants it, and the setting that names another."""

    number: int
    wanted_by: str
    setting: str


class EmbeddedSettings(BaseSettings):
    """Where everything of the embedded default listens and keeps its data."""

    model_config = SettingsConfigDict(env_prefix="PUTRIGHT_", extra="ignore")

    intake_port: PortNumber = 8000
    reporting_port: PortNumber = 8001
    workflow_port: PortNumber = 8002
    notify_port: PortNumber = 8003
    temporal_port: PortNumber = 7233
    temporal_ui_port: PortNumber = 8233
    smtp_port: PortNumber = 1025
    imap_port: PortNumber = 1143
    inbox_port: PortNumber = 8025

    var: Path = Path("var")
    """The folder that holds all data, logs and keys; PUTRIGHT_VAR names another."""

    directory_file: Path = CHECKOUT / "deploy" / "directory.example.toml"
    """The staff directory to start with."""

    report_facts_file: FilePath | None = None
    """What reports and dashboards say of the landlord; None: that nothing is known of it."""

    @property
    def ports(self) -> tuple[Port, ...]:
        """Every port that will be listened on."""
        wanted = {
            "intake_port": "intake",
            "reporting_port": "reporting",
            "workflow_port": "workflow's codec server",
            "notify_port": "notify's health",
            "temporal_port": "Temporal",
            "temporal_ui_port": "the Temporal UI",
            "smtp_port": "the mail catcher's SMTP",
            "imap_port": "the mail catcher's IMAP",
            "inbox_port": "the mail catcher's inbox",
        }
        return tuple(
            Port(getattr(self, field), wanted_by, f"PUTRIGHT_{field.upper()}")
            for field, wanted_by in wanted.items()
        )

    def url(self, port: int) -> str:
        """Returns the address of a page on this machine."""
        return f"http://127.0.0.1:{port}"
