"""Alembic's environment for notify: a synchronous engine, so it also runs where a loop runs."""

from alembic import context
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from services.notify.tables import metadata

url = make_url(context.config.get_main_option("sqlalchemy.url") or "")
if url.get_backend_name() == "sqlite":
    url = url.set(drivername="sqlite")

with create_engine(url, poolclass=NullPool).connect() as connection:
    # Batch mode: SQLite alters a table only by copying it.
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
