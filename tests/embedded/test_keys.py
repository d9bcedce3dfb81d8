"""The embedded default's keys: made once, readable by their owner only, never made anew."""

import stat
from pathlib import Path

import pytest

from services.embedded import keys
from services.embedded.refusals import CannotStart
from services.shared.encryption import KeyRing


def test_the_first_start_makes_keys_and_the_next_one_finds_them(tmp_path: Path) -> None:
    first = keys.keep(tmp_path, tmp_path / "temporal.db")
    (tmp_path / "temporal.db").touch()
    assert keys.keep(tmp_path, tmp_path / "temporal.db") == first
    KeyRing(first.payload_keys)


def test_two_installations_share_no_key(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(keys.keep(tmp_path / name, tmp_path / name / "temporal.db"))
    assert made[0].payload_keys != made[1].payload_keys
    assert made[0].staff_key != made[1].staff_key


def test_only_the_owner_can_read_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "dev.env"
    path.write_text("PUTRIGHT_STAFF_KEY=old\n")
    path.chmod(0o644)
    keys.write(path, {"PUTRIGHT_STAFF_KEY": "staff_1=2", "PUTRIGHT_CHANNEL_KEY": "channel_3"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.read(path) == {
        "PUTRIGHT_STAFF_KEY": "staff_1=2",
        "PUTRIGHT_CHANNEL_KEY": "channel_3",
    }
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("left", ["", "PUTRIGHT_STAFF_KEY=staff_x\n"])
def test_lost_keys_are_not_made_anew_beside_sealed_histories(tmp_path: Path, left: str) -> None:
    histories = tmp_path / "temporal.db"
    histories.touch()
    (tmp_path / "secrets.env").write_text(left)
    with pytest.raises(CannotStart, match="put it back") as caught:
        keys.keep(tmp_path, histories)
    assert "\n" not in str(caught.value)
    assert (tmp_path / "secrets.env").read_text() == left
