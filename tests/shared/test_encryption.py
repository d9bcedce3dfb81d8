"""Payloads under AES-GCM: nothing readable in them, keys that rotate, changes that are noticed."""

import base64
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from temporalio.api.common.v1 import Payload

from services.shared.encryption import EncryptionCodec, KeyRing, new_key_spec

OLD = new_key_spec("2027")
NEW = new_key_spec("2028")
PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'{"name":"Ada Bell"}')


def codec(*specs: str) -> EncryptionCodec:
    return EncryptionCodec(KeyRing(",".join(specs)))


async def test_a_payload_comes_back_whole_and_is_unreadable_on_the_way() -> None:
    (sealed,) = await codec(NEW).encode([PLAIN])
    assert sealed.metadata["encoding"] == b"binary/encrypted"
    assert sealed.metadata["key"] == b"2028"
    assert b"Ada" not in sealed.SerializeToString()
    assert b"json/plain" not in sealed.SerializeToString()
    assert await codec(NEW).decode([sealed]) == [PLAIN]


async def test_the_same_payload_is_never_sealed_alike() -> None:
    first, second = await codec(NEW).encode([PLAIN, PLAIN])
    assert first.data != second.data


async def test_a_new_key_in_front_seals_and_the_old_one_still_opens() -> None:
    (before,) = await codec(OLD).encode([PLAIN])
    rotated = codec(NEW, OLD)
    (after,) = await rotated.encode([PLAIN])
    assert after.metadata["key"] == b"2028"
    assert await rotated.decode([before, after]) == [PLAIN, PLAIN]


async def test_a_payload_of_a_key_that_was_taken_away_is_refused() -> None:
    (sealed,) = await codec(OLD).encode([PLAIN])
    with pytest.raises(ValueError, match="'2027' is not on the key ring"):
        await codec(NEW).decode([sealed])


async def test_another_key_under_the_same_id_opens_nothing() -> None:
    (sealed,) = await codec(new_key_spec("2028")).encode([PLAIN])
    with pytest.raises(ValueError, match="changed, or is not of this key ring"):
        await codec(NEW).decode([sealed])


@given(position=st.integers(min_value=0), bit=st.integers(0, 7))
async def test_a_payload_with_any_bit_changed_is_refused(position: int, bit: int) -> None:
    (sealed,) = await codec(NEW).encode([PLAIN])
    data = bytearray(sealed.data)
    data[position % len(data)] ^= 1 << bit
    with pytest.raises(ValueError, match="changed"):
        await codec(NEW).decode([Payload(metadata=sealed.metadata, data=bytes(data))])


@pytest.mark.parametrize("length", [0, 5, 12, 27])
async def test_a_payload_cut_short_is_refused(length: int) -> None:
    (sealed,) = await codec(NEW).encode([PLAIN])
    with pytest.raises(ValueError, match="changed"):
        await codec(NEW).decode([Payload(metadata=sealed.metadata, data=sealed.data[:length])])


async def test_a_payload_that_names_no_key_is_refused() -> None:
    (sealed,) = await codec(NEW).encode([PLAIN])
    nameless = Payload(metadata={"encoding": sealed.metadata["encoding"]}, data=sealed.data)
    with pytest.raises(ValueError, match="not on the key ring"):
        await codec(NEW).decode([nameless])


async def test_the_key_id_is_bound_to_the_payload() -> None:
    key = NEW.partition(":")[2]
    (sealed,) = await codec(f"a:{key}").encode([PLAIN])
    moved = Payload(metadata={**sealed.metadata, "key": b"b"}, data=sealed.data)
    with pytest.raises(ValueError, match="changed"):
        await codec(f"a:{key}", f"b:{key}").decode([moved])


async def test_payloads_that_are_not_ours_pass_untouched() -> None:
    assert await codec(NEW).decode([PLAIN]) == [PLAIN]


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "2028",
        "2028:",
        ":" + base64.b64encode(bytes(32)).decode(),
        "2028:" + base64.b64encode(b"short-secret").decode(),
        "2028:not base64 but secret",
        "2028:sécret",
        f"{NEW},",
        f"{NEW},{new_key_spec('2028')}",
    ],
    ids=count(),
)
def test_a_key_ring_that_is_not_well_formed_is_refused_without_showing_a_key(spec: str) -> None:
    with pytest.raises(ValueError, match="PUTRIGHT_PAYLOAD_KEYS") as refusal:
        KeyRing(spec)
    shown = str(refusal.value)
    assert "secret" not in shown
    assert NEW.partition(":")[2] not in shown
