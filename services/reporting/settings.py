"""Settings of reporting, read from `PUTRIGHT_…` variables (see deploy/env.example)."""

from pathlib import Path

from services.shared.settings import Settings


class ReportingSettings(Settings):
    """Where reporting listens and keeps its events and its register."""

    reporting_host: str = "127.0.0.1"
    reporting_port: int = 8001
    reporting_database_url: str = "sqlite+aiosqlite:///var/reporting.db"

    report_facts_file: Path | None = None
    """What reports say that no complaint tells: homes, the board's comment, improvements (see
    deploy/landlord.example.toml). It is read anew for each report."""
