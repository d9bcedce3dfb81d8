"""`putright channel-key`: making, listing and revoking keys."""

from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner, Result

from services.intake import channel_keys
from services.intake.channel_keys import Holders
from services.intake.commands import app
from services.shared.errors import SignIn
from services.shared.keys import key_hash
from tests.intake.desk import Desk


@pytest.fixture
def putright(monkeypatch: pytest.MonkeyPatch, migrated_url: str) -> "Command":
    monkeypatch.setenv("PUTRIGHT_ENVIRONMENT", "embedded")
    monkeypatch.setenv("PUTRIGHT_INTAKE_DATABASE_URL", migrated_url)
    return Command()


class Command:
    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(app, words)


def test_a_new_key_is_printed_once_and_listed_without_its_secret(putright: Command) -> None:
    made = putright("new", "website", "--channel", "web")
    assert made.exit_code == 0
    key = made.stdout.strip()
    assert key.startswith("channel_")
    listed = putright("list").stdout
    assert listed.startswith("website\tweb\tchannel_")
    assert "in use" in listed
    assert key not in listed
    assert key_hash(key) not in listed


def test_a_revoked_key_stays_listed_and_its_name_taken(putright: Command) -> None:
    putright("new", "website", "--channel", "web")
    assert putright("revoke", "website").exit_code == 0
    assert putright("revoke", "website").exit_code == 0
    assert "revoked 20" in putright("list").stdout
    again = putright("new", "website", "--channel", "web")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "There is, or was, a channel key named 'website'" in again.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("new", "website", "--channel", "pigeon"),
        ("new", "The Website", "--channel", "web"),
        ("new", "website"),
    ],
)
def test_a_key_that_cannot_be_made(putright: Command, words: tuple[str, ...]) -> None:
    assert putright(*words).exit_code == 2
    assert putright("list").stdout == ""


def test_a_key_that_is_not_there_cannot_be_revoked(putright: Command) -> None:
    result = putright("revoke", "website")
    assert result.exit_code == 1
    assert "No channel key is named 'website'" in result.stderr


async def test_a_key_for_every_channel(desk: Desk) -> None:
    for channel in ("web", "phone", "email", "letter", "in-person", "social", "member-enquiry"):
        await desk.bring_in(channel=channel)


async def test_a_key_is_looked_up_again_once_its_trust_has_run_out(desk: Desk) -> None:
    key = desk.channel["Authorization"].removeprefix("Bearer ")
    trusting, wary = Holders(desk.database, 60), Holders(desk.database, 0)
    name = (await trusting.holder(key)).id
    await channel_keys.revoke(desk.database, name, datetime.now(UTC))
    assert (await trusting.holder(key)).id == name
    with pytest.raises(SignIn, match="revoked-key"):
        await wary.holder(key)
