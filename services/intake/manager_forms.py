"""What managers fill in on the pages behind their links: read, checked, turned into an action.

Pure. A field that is not right is a `Mistake` in plain words, to be shown beside the field.
"""

import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from services.intake.action_models import (
    ActionRequest,
    AssignRequest,
    ConfirmRequest,
    ContactRequest,
    ExtendRequest,
    HelpRequest,
)
from services.intake.actions import Asked
from services.intake.fields import Day
from services.shared.errors import MendRequest
from services.shared.events import Frozen, Help
from services.shared.local_time import LONDON, at, local_date
from services.shared.manager_links import LinkPurpose
from services.shared.text import REFUSED_CATEGORIES, Words

Typed = Mapping[str, str]
"""The fields of a form by name, as they were sent."""

How = Literal["phone", "visit", "in-person", "video", "email", "text", "letter"]

Seat = Literal["investigator", "second"]
"""Whom of those in charge a deputy steps in for."""

FormId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
"""Random, one for each form that was shown: sent twice, it acts once."""

WRITTEN_DAY = re.compile(r"(\d{1,2})[ ./-](\d{1,2})[ ./-](\d{4})", re.ASCII)
WRITTEN_TIME = re.compile(r"(\d{1,2})[:.](\d\d) ?(am|pm)?", re.ASCII | re.IGNORECASE)


def _day(value: object) -> object:
    found = WRITTEN_DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return value
    day, month, year = found.groups()
    return f"{year}-{month:0>2}-{day:0>2}"


def _time(value: object) -> object:
    found = WRITTEN_TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return value
    hours, minutes, half = found.groups()
    if half and not 1 <= int(hours) <= 12:
        return value
    if half:
        hours = str(int(hours) % 12 + (12 if half.lower() == "pm" else 0))
    return f"{hours:0>2}:{minutes}"


BritishDay = Annotated[Day, BeforeValidator(_day)]
"""A day in Europe/London, written with the day first: 27/1/2026.

A browser's own date field shows the order of the browser's language, and many speak American.
"""

TimeOfDay = Annotated[
    str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"), BeforeValidator(_time)
]
"""A time in Europe/London, written 14:30, 2.30pm or the like."""


class ManagerForm(BaseModel):
    """What every form holds."""

    model_config = ConfigDict(frozen=True)

    form: FormId


class ConfirmForm(ManagerForm):
    """This complaint is mine."""


class ContactForm(ManagerForm):
    """The resident was reached, or it was tried."""

    outcome: Literal["made", "attempted"]
    how: How
    day: BritishDay
    time: TimeOfDay

    @property
    def happened_at(self) -> datetime:
        """The instant (UTC)."""
        return at(self.day, time.fromisoformat(self.time))


class HelpForm(ManagerForm):
    """I need help, of this kind."""

    help: Help
    note: Words | None = None


class ExtendForm(ManagerForm):
    """I need until then to answer, for this reason."""

    reason: Words
    until: BritishDay
    agreed_on: BritishDay | None = None


class TakeOnForm(ManagerForm):
    """I take over from whoever has not confirmed."""

    seat: Seat


FORMS: dict[LinkPurpose, type[ManagerForm]] = {
    "confirm": ConfirmForm,
    "contact": ContactForm,
    "help": HelpForm,
    "extend": ExtendForm,
    "take-on": TakeOnForm,
}

MESSAGES = {
    "form": "This form was not sent whole: send it again",
    "seat": "Choose whom you step in for",
    "outcome": "Choose whether you reached the resident",
    "how": "Choose how you were in touch",
    "day": "Give the day as a date, such as 27/1/2026",
    "time": "Give the time in hours and minutes, such as 14:30",
    "help": "Choose what would help you most",
    "note": "Write your note again",
    "reason": "Say why more time is needed",
    "until": "Give the new date for the answer, such as 27/1/2026",
    "agreed_on": "Give the day on which the resident agreed, such as 27/1/2026, or leave it empty",
}
"""What to do about each field that is missing or cannot be read."""

CHARACTERS_TAKEN_OUT = (
    "Some characters cannot be printed and were taken out: read the text again, then send it"
)
TOO_LONG = "This is too long: write 20,000 characters at most"
IN_THE_FUTURE = "A contact is logged once it has happened: give a time that has passed"


class Mistake(Frozen):
    """What is wrong with one field, in words for whoever filled it in."""

    field: str
    message: str


class WrongForm(MendRequest):
    """Fields of a form need mending. `mistakes` is in the order of the fields."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("invalid-form", "Mend the fields that are named, and send it again.")
        self.mistakes = tuple(mistakes)


def fresh(purpose: LinkPurpose, now: datetime) -> dict[str, str]:
    """Returns the fields of a form that nobody has filled in yet: a contact was just now."""
    typed = {"form": secrets.token_hex(16)}
    if purpose == "contact":
        here = now.astimezone(LONDON)
        typed |= {"day": f"{here.day}/{here.month}/{here.year}", "time": f"{here:%H:%M}"}
    return typed


def again(typed: Typed) -> dict[str, str]:
    """Returns the fields as they were typed, to be shown and sent once more as a form of its own.

    Without the characters that could not be stored; those of every other field stay.
    """
    kept = {name: _printable(value) for name, value in typed.items()}
    return {**kept, "form": secrets.token_hex(16)}


def read(purpose: LinkPurpose, typed: Typed, now: datetime) -> ManagerForm:
    """Returns the form as it was filled in. Raises WrongForm with every mistake in it."""
    given = {name: value for name, value in typed.items() if value.strip()}
    try:
        form = FORMS[purpose].model_validate(given)
    except ValidationError as error:
        raise WrongForm([_mistake(entry) for entry in error.errors()]) from None
    if isinstance(form, ContactForm) and form.happened_at > now:
        late_day = form.day > local_date(now)
        raise WrongForm([Mistake(field="day" if late_day else "time", message=IN_THE_FUTURE)])
    return form


def asked(form: ManagerForm, staff_id: str, investigator: str | None) -> Asked:
    """Returns the action that a form asks for, in the name of whose link it is.

    `investigator` is who is in charge now: whoever steps in for the second person leaves them be.
    """
    request: ActionRequest
    match form:
        case ContactForm():
            verb, request = (
                "contacts",
                ContactRequest(**_fields(form), happened_at=form.happened_at),
            )
        case HelpForm():
            verb, request = "help", HelpRequest(**_fields(form))
        case ExtendForm():
            verb, request = "extend", ExtendRequest(**_fields(form))
        case TakeOnForm(seat="second") if investigator is not None:
            verb = "assign"
            request = AssignRequest(investigator=investigator, together_with=staff_id)
        case TakeOnForm():
            verb, request = "assign", AssignRequest(investigator=staff_id)
        case _:
            verb, request = "confirm", ConfirmRequest()
    body = request.model_dump(mode="json", exclude_none=True)
    return Asked(verb=verb, by=staff_id, body=body)


def _fields(form: ManagerForm) -> dict[str, Any]:
    return form.model_dump(exclude={"form", "day", "time"})


def _mistake(entry: ErrorDetails) -> Mistake:
    field = str(entry["loc"][0])
    match entry["type"]:
        case "unprintable-character":
            message = CHARACTERS_TAKEN_OUT
        case "string_too_long":
            message = TOO_LONG
        case _:
            message = MESSAGES[field]
    return Mistake(field=field, message=message)


def _printable(value: str) -> str:
    plain = value.replace("\r\n", "\n")
    return "".join(
        character
        for character in plain
        if character in "\n\t" or unicodedata.category(character) not in REFUSED_CATEGORIES
    )
