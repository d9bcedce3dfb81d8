"""Where a complaint stands, in plain words for the resident. Pure: no names, no words of theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.shared.events import ClockName
from services.workflow.contract import ClockPosition, Position


@dataclass(frozen=True)
class KeyDate:
    """A date that matters to the resident, and what became of it."""

    label: str
    day: str
    note: str


@dataclass(frozen=True)
class Standing:
    """What the resident reads: how it stands, what happens next, the dates."""

    headline: str
    next_steps: tuple[str, ...]
    dates: tuple[KeyDate, ...]


HEADLINES = {
    "received": "We have received your complaint",
    "accepted": "We have taken on your complaint",
    "escalated": "You have asked us to look at your complaint again",
    "acknowledged": "We are looking into your complaint",
    "answered": "We have sent you our answer",
    "declined": "We have not agreed to look at your complaint again",
    "refused": "We have not taken this on as a complaint",
    "withdrawn": "You have taken your complaint back",
    "closed": "Your complaint is closed",
}

LABELS: dict[ClockName, str] = {
    "acknowledge": "We confirm what we will look into by",
    "contact": "We speak to you by",
    "arrange": "We tell you when the panel meets by",
    "respond": "We send you our answer by",
    "escalate": "You can ask us to look again until",
    "reply": "You can answer our decision until",
}


def in_plain_words(position: Position, received_on: date) -> Standing:
    """Says where the complaint stands. `received_on` is the day of receipt in Europe/London."""
    clocks = {clock.clock: clock for clock in position.clocks if clock.stage == position.stage}
    return Standing(
        headline=HEADLINES[position.status],
        next_steps=_next_steps(position, clocks),
        dates=(
            KeyDate("We received your complaint on", written(received_on), ""),
            *(KeyDate(LABELS[name], written(c.due), _note(c)) for name, c in clocks.items()),
        ),
    )


def written(day: date) -> str:
    """Returns a day as people write it, with its weekday: "Monday 5 January 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def stage_title(stage: str) -> str:
    """Returns a stage's code as a title: "stage-1" is "Stage 1"."""
    return stage.replace("-", " ").capitalize()


CONFIRM = (
    "read your complaint and confirm to you what we will look into",
    "read your complaint and confirmed to you what we will look into",
)
ANSWER = ("send you our answer", "sent you our answer")
"""What we will do, and what we should have done."""

NOTHING_MORE = "Nothing more will happen. You can complain to us again at any time."
IF_REFUSED = (
    "We have told you the reasons. If you disagree, you can ask the ombudsman named in our "
    "message to look at our decision."
)
IF_CLOSED = (
    "Our procedure has come to its end. If you are not satisfied, the ombudsman named in our "
    "messages can look at how we handled your complaint."
)
IF_SILENT = "If we hear nothing from you by then, we will close your complaint."


def _next_steps(  # noqa: PLR0911 — one for each status
    position: Position, clocks: Mapping[ClockName, ClockPosition]
) -> tuple[str, ...]:
    match position.status:
        case "received" | "accepted" | "escalated":
            return (
                *_promise(clocks.get("acknowledge"), *CONFIRM),
                *_promise(clocks.get("respond"), *ANSWER),
            )
        case "acknowledged":
            return _promise(clocks.get("respond"), *ANSWER)
        case "answered":
            return _after_the_answer(clocks.get("escalate"))
        case "declined":
            return _after_the_decline(clocks.get("reply"))
        case "refused":
            return (IF_REFUSED,)
        case "withdrawn":
            return (NOTHING_MORE,)
        case "closed":
            return (IF_CLOSED,)


def _promise(clock: ClockPosition | None, we_will: str, should_have: str) -> tuple[str, ...]:
    if clock is None or clock.state not in {"running", "missed"}:
        return ()
    day = written(clock.due)
    if clock.state == "running":
        return (f"We will {we_will} by {day}.",)
    late = f"We are late and we are sorry: we should have {should_have} by {day}."
    return (late, "The people responsible have been told, and it stays open until it is done.")


def _after_the_answer(again: ClockPosition | None) -> tuple[str, ...]:
    if again is None:
        return ()
    ask = (
        "If you are not satisfied with our answer, you can ask us to look at your complaint "
        f"again until {written(again.due)}. You do not have to say why."
    )
    return (ask, IF_SILENT)


def _after_the_decline(reply: ClockPosition | None) -> tuple[str, ...]:
    if reply is None:
        return (IF_CLOSED,)
    answer = (
        "We have told you why we do not see grounds to look at your complaint again. You can "
        f"answer that until {written(reply.due)}, and we will consider it once more."
    )
    return (answer, IF_SILENT)


def _note(clock: ClockPosition) -> str:
    return {
        "running": "",
        "met": "Done in time",
        "missed": "Late, not done yet",
        "met-late": "Done late",
        "stopped": "No longer needed",
    }[clock.state]
