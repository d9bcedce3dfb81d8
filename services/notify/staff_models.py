"""What the staff directory's API takes and gives."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, EmailStr, Field

from services.notify.fields import Day
from services.shared.events import Frozen
from services.shared.text import Code, Label, Line


class PersonRequest(Frozen):
    """What is known of one person; their id is in the address."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {
                    "name": "Sam Okafor",
                    "email": "sam.okafor@example.org",
                    "role": "manager",
                    "service_areas": ["Repairs"],
                    "line_manager": "priya-shah",
                    "deputy": "megan-price",
                }
            ]
        },
    )

    name: Line
    email: EmailStr
    role: Code
    """`manager`, `area-manager`, `head-of-service`, `complaints-officer`… as policies name them."""
    service_areas: Annotated[tuple[Label, ...], Field(max_length=100)] = ()
    line_manager: Code | None = None
    """The staff id of the person who is told when they are late."""
    deputy: Code | None = None
    """The staff id of who covers for them; without one it is the line manager."""


class AbsenceRequest(Frozen):
    """Days on which somebody is away, both included (Europe/London)."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {"from_on": "2027-01-04", "until_on": "2027-01-15", "deputy": "megan-price"}
            ]
        },
    )

    from_on: Day
    until_on: Day
    deputy: Code | None = None
    """The staff id of who covers these days; without one, the deputy that the person has."""


class AbsenceEntry(BaseModel):
    """An absence as it is kept."""

    id: str
    from_on: date
    until_on: date
    deputy: str | None


class StaffEntry(BaseModel):
    """One person, and whether they are here today (Europe/London)."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    name: str
    email: str
    role: str
    service_areas: tuple[str, ...]
    line_manager: str | None
    deputy: str | None
    away_until: date | None
    """The last day away of the absence that holds today; null while they are here."""
    covered_by: str | None
    """The staff id of who is written to today in their place; null where nobody covers."""


class StaffDetail(StaffEntry):
    """One person with their absences that have not ended."""

    absences: tuple[AbsenceEntry, ...]


class StaffList(BaseModel):
    """Everybody, by id."""

    people: tuple[StaffEntry, ...]
