"""What intake needs to know before it starts, read from `PUTRIGHT_…` variables."""

from pydantic import Field

from services.shared.mailbox import MailboxSettings
from services.shared.settings import LinkSettings


class IntakeSettings(MailboxSettings, LinkSettings):
    """Intake's own address, database and default policy, and how much mail it takes in."""

    intake_host: str = "127.0.0.1"
    intake_port: int = 8000
    intake_database_url: str = "sqlite+aiosqlite:///var/intake.db"

    default_policy: str = "housing-ombudsman"
    """The policy of a complaint that names none."""

    mail_largest: int = Field(default=25 * 1024 * 1024, ge=1024)
    """Bytes. Of a larger mail only the beginning is read, and a person must look."""
    mail_attachments: int = Field(default=20, ge=0)
    mail_attachment_largest: int = Field(default=10 * 1024 * 1024, ge=0)
    """How many attachments of a mail are kept apart, and how large each may be (bytes); whatever is
    beyond that stays in the raw mail only."""
    mails_an_hour: int = Field(default=10, ge=1)
    """How many mails of one sender are taken in within an hour; more may be a loop, and a person
    must look."""
