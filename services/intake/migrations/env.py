"""Runs intake's migrations: on a plain connection, so inside a running event loop too."""

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from services.intake.tables import IntakeTable

url = make_url(context.config.get_main_option("sqlalchemy.url") or "")
if url.drivername == "sqlite+aiosqlite":
    url = url.set(drivername="sqlite")

with create_engine(url, poolclass=NullPool).connect() as connection:
    context.configure(
        connection=connection, target_metadata=IntakeTable.metadata, render_as_batch=True
    )
    with context.begin_transaction():
        context.run_migrations()
