"""Refusals over HTTP and Temporal: code, status, detail and facts survive both."""

import pytest
from temporalio.api.failure.v1 import Failure
from temporalio.exceptions import ApplicationError

from services.shared.encryption import KeyRing, new_key_spec
from services.shared.errors import (
    KINDS,
    AgainstTheRules,
    MendRequest,
    PutrightError,
    SignIn,
    TryLater,
)
from services.shared.temporal import data_converter, from_across, raise_across
from services.shared.web import problem

CONVERTER = data_converter(KeyRing(new_key_spec("test")))

TOO_LATE = AgainstTheRules(
    "too-late-to-extend", "The response was due on Monday.", due="2028-03-06", open=["1", "2"]
)


def across(error: PutrightError) -> ApplicationError:
    with pytest.raises(ApplicationError) as raised:
        raise_across(error)
    return raised.value


async def over_temporal(error: PutrightError) -> tuple[Failure, BaseException]:
    """Returns the failure as the server stores it, and the exception that comes out again."""
    failure = Failure()
    await CONVERTER.encode_failure(across(error), failure)
    stored = Failure.FromString(failure.SerializeToString())
    return stored, await CONVERTER.decode_failure(failure)


def test_each_kind_has_a_status_of_its_own() -> None:
    kinds = set(PutrightError.__subclasses__())
    assert set(KINDS.values()) == kinds
    assert len(KINDS) == len(kinds)


@pytest.mark.parametrize("kind", KINDS.values())
async def test_a_refusal_of_any_kind_survives_the_journey(kind: type[PutrightError]) -> None:
    _, arrived = await over_temporal(kind("a-code", "A sentence.", latest="2028-03-06"))
    assert isinstance(arrived, ApplicationError)
    assert arrived.non_retryable is not kind.retryable
    rebuilt = from_across(arrived)
    assert type(rebuilt) is kind
    assert rebuilt is not None
    assert (rebuilt.code, rebuilt.detail) == ("a-code", "A sentence.")
    assert rebuilt.facts == {"latest": "2028-03-06"}


async def test_nothing_of_a_refusal_is_stored_in_the_clear() -> None:
    stored, _ = await over_temporal(TOO_LATE)
    raw = stored.SerializeToString()
    for readable in (b"Monday", b"2028-03-06", b"test_errors.py"):
        assert readable not in raw
    # The code stays readable: people list failed activities by it in the Temporal UI.
    assert b"too-late-to-extend" in raw


@pytest.mark.parametrize(
    "foreign",
    [
        ApplicationError("broken"),
        ApplicationError("broken", type="ValueError"),
        ApplicationError("broken", 409, {}),
        ApplicationError("broken", 409, {}, "more", type="a-code"),
        ApplicationError("broken", 999, {}, type="a-code"),
        ApplicationError("broken", "409", {}, type="a-code"),
        ApplicationError("broken", ["409"], {}, type="a-code"),
        ApplicationError("broken", 409, None, type="a-code"),
    ],
)
def test_an_error_that_is_no_refusal_is_not_taken_for_one(foreign: ApplicationError) -> None:
    assert from_across(foreign) is None


def test_a_refusal_becomes_problem_details() -> None:
    answer = problem(TOO_LATE)
    assert answer.status_code == 409
    assert answer.media_type == "application/problem+json"
    assert answer.body == (
        b'{"type":"about:blank","title":"AgainstTheRules","status":409,'
        b'"code":"too-late-to-extend","detail":"The response was due on Monday.",'
        b'"due":"2028-03-06","open":["1","2"]}'
    )


def test_the_headers_say_when_to_come_back_and_how_to_sign_in() -> None:
    assert problem(TryLater("engine-away", "Later.")).headers["retry-after"] == "5"
    assert problem(SignIn("no-key", "Sign in.")).headers["www-authenticate"] == "Bearer"
    plain = problem(MendRequest("x", "Mend it.")).headers
    assert "retry-after" not in plain
    assert "www-authenticate" not in plain
