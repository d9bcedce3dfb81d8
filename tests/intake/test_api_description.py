"""The OpenAPI description: every route says what it takes, gives and refuses, with examples."""

from typing import Any, get_args

import pytest
from pydantic import BaseModel

from services.intake import action_models
from services.intake.letters import ACTIONS
from services.intake.models import NewComplaint
from services.notify.contents import Need
from tests.intake.desk import Desk


def is_action(found: object) -> bool:
    base = action_models.ActionRequest
    return isinstance(found, type) and issubclass(found, base) and found is not base


async def description(desk: Desk) -> dict[str, Any]:
    answer: dict[str, Any] = (await desk.http.get("/openapi.json")).json()
    return answer


async def test_every_route_of_the_api_is_behind_a_key(desk: Desk) -> None:
    api = await description(desk)
    verbs = [path for path in api["paths"] if path.startswith("/api/complaints/{reference}/")]
    assert len(verbs) == len(ACTIONS)
    for path, methods in api["paths"].items():
        for method, route in methods.items():
            assert route["security"], f"{method} {path}"
            assert "401" in route["responses"]


BODIES = [
    NewComplaint,
    *(found for found in vars(action_models).values() if is_action(found)),
]


@pytest.mark.parametrize("body", BODIES)
def test_the_example_of_every_body_is_accepted(body: type[BaseModel]) -> None:
    [example] = body.model_json_schema()["examples"]
    assert body.model_validate(example)


def test_a_resident_can_offer_whatever_a_policy_can_ask_for() -> None:
    assert get_args(action_models.Offer) == get_args(Need)


async def test_refusals_are_described_as_problem_details(desk: Desk) -> None:
    api = await description(desk)
    refused = api["paths"]["/api/complaints"]["post"]["responses"]["422"]["content"]
    assert list(refused) == ["application/problem+json"]
