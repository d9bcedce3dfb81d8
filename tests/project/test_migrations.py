"""Migrations stand in one line: two heads would leave it to chance which tables there are."""

import pytest
from alembic.script import ScriptDirectory

from services import databases
from services.shared.database import migrations


@pytest.mark.parametrize("service", databases.URLS)
def test_migrations_have_one_head(service: str) -> None:
    config = migrations(databases.SERVICES / service, "sqlite+aiosqlite://")
    heads = ScriptDirectory.from_config(config).get_heads()
    assert len(heads) == 1, (
        f"services/{service}/migrations has the heads {heads}: set the newer one's down_revision "
        "to the other's revision"
    )


def test_every_service_with_migrations_is_migrated_by_the_command() -> None:
    folders = {path.parent.name for path in databases.SERVICES.glob("*/migrations")}
    assert folders == set(databases.URLS)
