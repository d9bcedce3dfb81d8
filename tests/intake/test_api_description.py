"""The OpenAPI description: every route says what it takes, gives and refuses, with examples."""

from typing import Any

import pytest
from pydantic import BaseModel

from services.intake import action_models
from services.intake.models import NewComplaint
from tests.intake.desk import Desk


def is_action(found: object) -> bool:
    base = action_models.ActionRequest
    return isinstance(found, type) and issubclass(found, base) and found is not base


async def description(desk: Desk) -> dict[str, Any]:
    answer: dict[str, Any] = (await desk.http.get("/openapi.json")).json()
    return answer


async def test_every_route_of_the_api_is_behind_a_key(desk: Desk) -> None:
    api = await description(desk)
    assert len(api["paths"]) == 10
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


async def test_refusals_are_described_as_problem_details(desk: Desk) -> None:
    api = await description(desk)
    refused = api["paths"]["/api/complaints"]["post"]["responses"]["422"]["content"]
    assert list(refused) == ["application/problem+json"]
