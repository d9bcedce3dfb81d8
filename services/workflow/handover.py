"""What one run of a complaint's workflow hands to the next when its history has grown long."""

from typing import Any

from pydantic import JsonValue, TypeAdapter
from pydantic.dataclasses import dataclass

from services.workflow.complaint import Complaint
from services.workflow.outbox import Unsent


@dataclass
class Handover:
    """The whole state of a complaint, and what it has still to tell."""

    complaint: Complaint
    unsent: Unsent


HANDOVER = TypeAdapter(Handover)


def write(handover: Handover) -> dict[str, JsonValue]:
    """Returns the handover as JSON values, for the input of the next run."""
    written: dict[str, Any] = HANDOVER.dump_python(handover, mode="json")
    return written


def read(written: dict[str, JsonValue]) -> Handover:
    """Returns the handover that `write` made."""
    return HANDOVER.validate_python(written)
