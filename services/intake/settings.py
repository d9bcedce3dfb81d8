"""What intake needs to know before it starts, read from `PUTRIGHT_…` variables."""

from services.shared.settings import LinkSettings


class IntakeSettings(LinkSettings):
    """Intake's own address, database and default policy."""

    intake_host: str = "127.0.0.1"
    intake_port: int = 8000
    intake_database_url: str = "sqlite+aiosqlite:///var/intake.db"

    default_policy: str = "housing-ombudsman"
    """The policy of a complaint that names none."""
