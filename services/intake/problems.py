"""Refusals in the API's description: what a caller must be ready for, by status."""

import inspect
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.shared.errors import KINDS
from services.shared.web import PROBLEM_JSON


class Problem(BaseModel):
    """Why a request was refused (RFC 9457). Some refusals add facts of their own."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "NotThere",
                    "status": 404,
                    "code": "unknown-reference",
                    "detail": "No complaint has this reference.",
                }
            ]
        },
    )

    type: str
    title: str
    status: int
    code: str
    """Stable: programs may rely on it."""
    detail: str
    """One sentence for a person."""


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Returns the OpenAPI description of a route's refusals, one for each HTTP status."""
    return {
        status: {
            "description": inspect.getdoc(KINDS[status]),
            "content": {PROBLEM_JSON: {"schema": Problem.model_json_schema()}},
        }
        for status in statuses
    }
