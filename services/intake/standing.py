"""Where a complaint stands, in plain words for the resident. Pure: no names, no words of theirs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.intake.fields import london_day
from services.shared.events import RESIDENTS_TIME, ClockName
from services.workflow.contract import ClockPosition, Position, PromisePosition, Status

Clocks = Mapping[ClockName, ClockPosition]
"""The clocks of the present stage."""


@dataclass(frozen=True)
class KeyDate:
    """A date that matters to the resident, and what became of it."""

    label: str
    day: str
    note: str


@dataclass(frozen=True)
class PromisedAction:
    """Something that an answer promised to do: by when, what, and what became of it."""

    label: str
    what: str
    note: str


@dataclass(frozen=True)
class Standing:
    """What the resident reads: how it stands, what happens next, what was promised, the dates."""

    headline: str
    next_steps: tuple[str, ...]
    promised: tuple[PromisedAction, ...]
    dates: tuple[KeyDate, ...]


HEADLINES = {
    "received": "We have received your complaint",
    "accepted": "We have taken on your complaint",
    "escalated": "Your complaint has come to its next stage",
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
    "arrange": "We tell you when your hearing is by",
    "respond": "We send you our answer by",
    "escalate": "You can ask us to look again until",
    "reply": "You can answer our decision until",
}

PROMISES: dict[ClockName, tuple[str, str]] = {
    "acknowledge": (
        "read your complaint and confirm to you what we will look into",
        "read your complaint and confirmed to you what we will look into",
    ),
    "contact": ("speak to you about your complaint", "spoken to you about your complaint"),
    "arrange": ("tell you the date of your hearing", "told you the date of your hearing"),
    "respond": ("send you our answer", "sent you our answer"),
}
"""For each clock of ours: what we will do, and what we should have done."""

NEEDS = {
    "reasons": "why you are not satisfied with our answer",
    "outcome": "what you would like to come of it",
    "further-evidence": "what further evidence you have",
}
"""What a policy wants given with a request for the next stage, after "Please tell us"."""

WAITING: frozenset[Status] = frozenset({"received", "accepted", "escalated", "acknowledged"})
"""While the stage is still to be answered."""

NOTHING_MORE = "Nothing more will happen."
COMPLAIN_AGAIN = "You can complain to us again at any time."
REASONS_TOLD = "We have told you the reasons."
IF_REFUSED = (
    "If you disagree, you can ask the ombudsman named in our message to look at our decision."
)
OMBUDSMAN = (
    "If you are not satisfied, the ombudsman named in our messages can look at how we handled "
    "your complaint."
)
WITH_OMBUDSMAN = (
    "The Housing Ombudsman is looking into your complaint. They will tell you, and us, what they "
    "decide."
)
DETERMINED = "The Housing Ombudsman has made a decision about your complaint."
ENDED = "Our procedure has come to its end."
IN_OUR_ANSWER = "Our answer to you says what this is."
NO_REASONS = "You do not have to say why."
IF_SILENT = "If we hear nothing from you by then, we will close your complaint."
IF_LATE = "It stays open until it is done."
IF_LATE_AND_TOLD = "The people responsible have been told, and it stays open until it is done."


def in_plain_words(
    position: Position, received_on: date, today: date, promised: Mapping[int, str]
) -> Standing:
    """Says where the complaint stands. The days are those in Europe/London.

    `promised` are the words of promised actions by their number, as far as they are known.
    """
    # The newest of each name: a request that was declined and is considered again starts anew.
    clocks = {clock.clock: clock for clock in position.clocks if clock.stage == position.stage}
    return Standing(
        headline=HEADLINES[position.status],
        next_steps=(
            *_next_steps(position, clocks, today),
            *_still_promised(position.promises, today),
        ),
        promised=tuple(_promised(position.promises, promised, today)),
        dates=(
            KeyDate("We received your complaint on", written(received_on), ""),
            *_dates(position, clocks.values()),
        ),
    )


def written(day: date) -> str:
    """Returns a day as people write it, with its weekday: "Monday 5 January 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def stage_title(position: Position) -> str:
    """Returns the policy's title of the stage, or else its code as one: "Stage 1"."""
    return position.stage_title or position.stage.replace("-", " ").capitalize()


def late_requests_until(position: Position) -> date | None:
    """Returns the last day on which a late request is still considered, or None."""
    passes_at = position.late_requests_until
    return None if passes_at is None else london_day(passes_at - timedelta.resolution)


def _next_steps(position: Position, clocks: Clocks, today: date) -> Iterator[str]:
    match position.status:
        case status if status in WAITING:
            yield from _hearing(position.hearing_on, today)
            yield from _promises(clocks.values())
            yield from _ombudsman(position)
        case "answered":
            yield from _after_the_answer(position, clocks.get("escalate"))
            yield from _ombudsman(position)
        case "declined":
            yield from _after_the_decline(position, clocks.get("reply"))
        case "refused":
            yield REASONS_TOLD
            yield from _ombudsman(position, IF_REFUSED)
        case "withdrawn":
            yield from _ombudsman(position, None if _open(position.promises) else NOTHING_MORE)
            yield COMPLAIN_AGAIN
        case "closed":
            yield from _after_the_end(position)


def _ombudsman(position: Position, otherwise: str | None = None) -> Iterator[str]:
    """Says how far the Ombudsman is with it, or `otherwise` where they have not had it."""
    if position.with_ombudsman:
        yield WITH_OMBUDSMAN
    elif position.determined:
        yield DETERMINED
    elif otherwise is not None:
        yield otherwise


def _open(promises: Iterable[PromisePosition]) -> list[PromisePosition]:
    return [one for one in promises if one.done_on is None]


def _still_promised(promises: Iterable[PromisePosition], today: date) -> Iterator[str]:
    """Says how much of what our answers promised is still to be done."""
    left = _open(promises)
    if not left:
        return
    how_much = "one thing" if len(left) == 1 else f"{len(left)} things"
    yield f"We still have to do {how_much} that we promised you. You can see below what and when."
    if any(one.by < today for one in left):
        yield f"We are late with this and we are sorry. {IF_LATE}"


def _promised(
    promises: Iterable[PromisePosition], words: Mapping[int, str], today: date
) -> Iterator[PromisedAction]:
    for one in promises:
        if one.done_on is not None:
            note = f"Done on {written(one.done_on)}"
        else:
            note = "Late, not done yet" if one.by < today else "To be done"
        yield PromisedAction(
            label=f"Action {one.number}, by {written(one.by)}",
            what=words.get(one.number, IN_OUR_ANSWER),
            note=note,
        )


def _hearing(on: date | None, today: date) -> Iterator[str]:
    if on is None:
        return
    takes_place = "takes place" if today <= on else "took place"
    yield f"The hearing of your complaint {takes_place} on {written(on)}."


def _promises(clocks: Iterable[ClockPosition]) -> Iterator[str]:
    """Says what we still have to do, the earliest first."""
    open_ones = [clock for clock in clocks if clock.state in {"running", "missed"}]
    for clock in sorted(open_ones, key=lambda clock: clock.due):
        if clock.clock not in PROMISES:
            continue
        we_will, should_have = PROMISES[clock.clock]
        day = written(clock.due)
        if clock.state == "running":
            yield f"We will {we_will} by {day}."
        else:
            yield f"We are late and we are sorry: we should have {should_have} by {day}."
    missed = [clock for clock in open_ones if clock.state == "missed"]
    if missed:
        yield IF_LATE_AND_TOLD if any(clock.rungs_climbed for clock in missed) else IF_LATE


def _after_the_answer(position: Position, again: ClockPosition | None) -> Iterator[str]:
    if again is None:
        return
    yield (
        "If you are not satisfied with our answer, you can ask us to look at your complaint "
        f"again until {written(again.due)}."
    )
    yield _what_to_give(position) if position.next_stage_needs else NO_REASONS
    yield IF_SILENT


def _what_to_give(position: Position) -> str:
    *others, last = (NEEDS[need] for need in position.next_stage_needs)
    return f"Please tell us {', '.join(others)}{' and ' if others else ''}{last}."


def _after_the_decline(position: Position, reply: ClockPosition | None) -> Iterator[str]:
    if reply is None:
        yield ENDED
        yield from _ombudsman(position, OMBUDSMAN)
        return
    yield (
        "We have told you why we do not see grounds to look at your complaint again. You can "
        f"answer that until {written(reply.due)}, and we will consider it once more."
    )
    yield IF_SILENT
    yield from _ombudsman(position)


def _after_the_end(position: Position) -> Iterator[str]:
    until = late_requests_until(position)
    if until is None:
        yield ENDED
        yield from _ombudsman(position, OMBUDSMAN)
        return
    yield (
        "Your time to ask us to look at your complaint again has passed. If something kept you "
        f"from asking in time, tell us by {written(until)}, and we may look at it all the same."
    )
    if position.next_stage_needs:
        yield _what_to_give(position)
    yield from _ombudsman(position, OMBUDSMAN)


def _dates(position: Position, clocks: Iterable[ClockPosition]) -> Iterator[KeyDate]:
    """Says which dates there are, the earliest first."""
    dates = [(c.due, LABELS[c.clock], _note(c, position.status)) for c in clocks]
    if position.hearing_on is not None:
        dates.append((position.hearing_on, "The hearing of your complaint", ""))
    late_until = late_requests_until(position)
    if late_until is not None:
        dates.append((late_until, "We may still consider a late request until", ""))
    for day, label, note in sorted(dates, key=lambda dated: dated[0]):
        yield KeyDate(label, written(day), note)


def _note(clock: ClockPosition, status: Status) -> str:
    if clock.clock in RESIDENTS_TIME:
        return "" if clock.state == "running" else "No longer open"
    return {
        "running": "",
        "met": "Done in time",
        "missed": "Late, not done yet" if status in WAITING else "Not done in time",
        "met-late": "Done late",
        "stopped": "No longer needed",
    }[clock.state]
