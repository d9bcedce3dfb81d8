"""Where a complaint stands for whoever has a manager's link to it. Pure: no names, no words.

Staff ids are made of names, so they are not shown either.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from pydantic import JsonValue

from services.intake.manager_forms import Seat
from services.intake.standing import KeyDate, written
from services.shared.events import RESIDENTS_TIME, ClockName
from services.shared.local_time import LONDON
from services.shared.manager_links import ManagerLink
from services.workflow.contract import ClockPosition, Position

LABELS: dict[ClockName, str] = {
    "acknowledge": "Acknowledge it by",
    "contact": "Speak to the resident by",
    "arrange": "Set the date of the hearing by",
    "respond": "Answer it by",
}

OVER = frozenset({"refused", "withdrawn", "closed"})

AT_ITS_END = "This complaint has come to its end, so there is nothing left to do."
CONFIRMED = "You have confirmed that this complaint is yours, or have acted on it since."
SOMEBODY_ELSES = "This complaint is somebody else’s now, so there is nothing for you to confirm."
YOURS_ALREADY = "This complaint is yours already."
NOBODY_IN_CHARGE = (
    "Nobody is in charge of this complaint at the moment. The complaints officer can tell you more."
)
ANSWERED = "This stage has been answered, so its date can no longer be extended."
NO_DATE = "There is no date for the answer yet, so there is nothing to extend."


def in_charge(position: Position) -> list[str]:
    """Returns the staff ids of whoever is in charge, the investigator first."""
    return [one for one in (position.investigator, position.together_with) if one is not None]


def seat(position: Position) -> Seat | None:
    """Returns whom a deputy is likely to step in for; None where they have to say it.

    That is whoever is in charge alone, or the only one of two who has not confirmed.
    """
    if position.together_with is None:
        return "investigator"
    seats: dict[str | None, Seat] = {
        position.investigator: "investigator",
        position.together_with: "second",
    }
    waiting = [seat for one, seat in seats.items() if one not in position.confirmed]
    return waiting[0] if len(waiting) == 1 else None


def all_confirmed(position: Position) -> bool:
    """Says whether somebody is in charge, and whoever is has confirmed it or acted on it."""
    people = in_charge(position)
    return bool(people) and set(people) <= set(position.confirmed)


def nothing_to_do(  # noqa: PLR0911 — one sentence for each reason
    link: ManagerLink, position: Position
) -> str | None:
    """Returns why what the link is for cannot be done now, or None where it can be tried.

    The rules themselves are the workflow's; this spares people a form that it would refuse.
    """
    if position.status in OVER:
        return AT_ITS_END
    match link.purpose:
        case "confirm" if link.staff_id in position.confirmed:
            return CONFIRMED
        case "confirm" if link.staff_id not in in_charge(position):
            return SOMEBODY_ELSES
        case "take-on" if link.staff_id in in_charge(position):
            return YOURS_ALREADY
        case "help" if position.investigator is None:
            return NOBODY_IN_CHARGE
        case "extend":
            return _no_extension(position)
        case _:
            return None


def stands_in(link: ManagerLink, position: Position) -> bool:
    """Says whether somebody else is in charge: whoever has the link acts for them."""
    others = in_charge(position)
    return link.purpose != "take-on" and bool(others) and link.staff_id not in others


def dates(position: Position) -> list[KeyDate]:
    """Returns what is still to be done at the present stage, the earliest first."""
    open_ones = sorted(_open_clocks(position), key=lambda clock: clock.due)
    found = [(clock.due, LABELS[clock.clock], _note(clock)) for clock in open_ones]
    if position.hearing_on is not None:
        found.append((position.hearing_on, "The hearing", ""))
    return [KeyDate(label, written(day), note) for day, label, note in sorted(found)]


def answer_due(position: Position) -> ClockPosition | None:
    """Returns the clock of the answer to the present stage, while it is not answered."""
    return next((clock for clock in _open_clocks(position) if clock.clock == "respond"), None)


def when_logged(body: Mapping[str, JsonValue]) -> str | None:
    """Returns when a contact that was logged had been, in Europe/London; None for other actions."""
    happened_at = body.get("happened_at")
    if not isinstance(happened_at, str):
        return None
    moment = datetime.fromisoformat(happened_at).astimezone(LONDON)
    return f"{written(moment.date())}, {moment:%H:%M}"


def latest_extension(position: Position) -> date | None:
    """Returns the last date that the policy allows without the resident's agreement, if it says."""
    clock = answer_due(position)
    return None if clock is None else clock.latest_extension


def _open_clocks(position: Position) -> Iterator[ClockPosition]:
    for clock in position.clocks:
        ours = clock.stage == position.stage and clock.clock not in RESIDENTS_TIME
        if ours and clock.state in {"running", "missed"}:
            yield clock


def _note(clock: ClockPosition) -> str:
    return "Late: not done yet" if clock.state == "missed" else ""


def _no_extension(position: Position) -> str | None:
    if position.status == "answered":
        return ANSWERED
    clock = answer_due(position)
    if clock is None:
        return NO_DATE
    if clock.state == "missed":
        return (
            f"The answer was due on {written(clock.due)}. A date can only be extended before it "
            "passes, so please answer as soon as you can, or ask for help."
        )
    return None
