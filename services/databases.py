"""The services that keep a database, and how each database is brought forward."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from services.intake.settings import IntakeSettings
from services.notify.settings import NotifySettings
from services.reporting.settings import ReportingSettings
from services.shared.database import migrate

SERVICES = Path(__file__).parent

URLS: Mapping[str, Callable[[], str]] = {
    "intake": lambda: IntakeSettings().intake_database_url,
    "notify": lambda: NotifySettings().notify_database_url,
    "reporting": lambda: ReportingSettings().reporting_database_url,
}
"""Each service's database address, read from its settings when asked for."""


def bring_forward(services: Iterable[str]) -> None:
    """Runs the migrations of each service that its database lacks. Repeating it changes nothing.

    Raises KeyError for a service that keeps none, pydantic's ValidationError for wrong settings.
    """
    for service in services:
        migrate(SERVICES / service, URLS[service]())
