"""Keys that callers show: random, readable by their prefix, stored as a hash only."""

import pytest

from services.shared.keys import key_hash, new_key, same_key


def test_a_key_names_its_kind_and_no_two_are_alike() -> None:
    first, second = new_key("channel"), new_key("channel")
    assert first.startswith("channel_")
    assert len(first) == len("channel_") + 43  # 32 random bytes
    assert first != second


def test_a_hash_holds_nothing_of_its_key_and_fits_it_alone() -> None:
    key = new_key("staff")
    stored = key_hash(key)
    assert len(stored) == 64
    assert key.partition("_")[2] not in stored
    assert same_key(key, stored)
    assert not same_key(new_key("staff"), stored)


@pytest.mark.parametrize("shown", ["", "\xff", "staff_", "x" * 10_000])
def test_whatever_is_shown_as_a_key_is_compared_and_refused(shown: str) -> None:
    assert not same_key(shown, key_hash(new_key("staff")))


def test_a_stored_hash_is_not_itself_a_key() -> None:
    stored = key_hash(new_key("staff"))
    assert not same_key(stored, stored)
