"""What intake needs to know before it starts, read from `PUTRIGHT_…` variables."""

from pydantic import SecretStr

from services.shared.settings import EXAMPLE_SECRET, Settings


class IntakeSettings(Settings):
    """Intake's own address, database, default policy and the resident's links."""

    intake_host: str = "127.0.0.1"
    intake_port: int = 8000
    intake_database_url: str = "sqlite+aiosqlite:///var/intake.db"

    default_policy: str = "housing-ombudsman"
    """The policy of a complaint that names none."""

    public_url: str = "http://127.0.0.1:8000"
    """Where residents reach this service from outside; their links begin with it."""

    link_secret: SecretStr = SecretStr(EXAMPLE_SECRET)
    """Signs the residents' links. A new one makes every link that was sent before useless."""
