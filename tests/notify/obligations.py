"""What each notice must say, by the Code and by the policy, as patterns of what its reader sees.

Worked out from what the notice is to hold, without a look at any template.
"""

import re
from collections.abc import Iterator
from datetime import date

from services.notify.contents import (
    Acknowledgement,
    AddedPoints,
    AgreedDateNotice,
    Closing,
    Decline,
    ExtensionNotice,
    HearingNotice,
    HelpWanted,
    Receipt,
    Refusal,
    ResponseNotice,
    WindowReminder,
)
from services.notify.contract import Notice, ToResident

Obligation = tuple[str, str]
"""What obliges to it, and a pattern that must be found."""

DECIDED = {
    "upheld": "(?<!not )(?<!partly )upheld",
    "partially-upheld": "partly upheld",
    "not-upheld": "not upheld",
}


def missing(notice: Notice, words: str) -> list[str]:
    """Returns what a notice, read as `words` (white space made even), fails to say, by its rule."""
    return [rule for rule, pattern in obliged(notice) if re.search(pattern, words) is None]


def obliged(notice: Notice) -> Iterator[Obligation]:
    """Returns everything that a notice must say."""
    if notice.reference is not None:
        yield "5.12: its reference", re.escape(notice.reference)
    yield "its landlord", re.escape(notice.letterhead.landlord)
    if isinstance(notice.to, ToResident):
        yield from _of_every_letter(notice)
        yield from _of_the_kind(notice)
    elif isinstance(notice.content, HelpWanted) and notice.content.note:
        yield "what help is wanted", re.escape(notice.content.note)


def _of_every_letter(notice: Notice) -> Iterator[Obligation]:
    head = notice.letterhead
    yield "whom it is to", re.escape(f"Dear {notice.to.addressee.name},")  # type: ignore[union-attr] # a resident
    yield "6.9: its stage", re.escape(f"Stage: {head.stage}")
    yield "how to ask for another format", "large print"
    if head.tracking_url:
        yield "5.12: where to follow it", "[Ff]ollow"
    for signpost in head.signposts:
        for name, detail in signpost.model_dump(exclude_none=True).items():
            yield f"6.5, 6.9, 2.4: the {name} of {signpost.name}", re.escape(detail)


def _of_the_kind(notice: Notice) -> Iterator[Obligation]:
    match notice.content:
        case Acknowledgement() | AddedPoints() as content:
            yield from _scope(content)
        case ExtensionNotice() | AgreedDateNotice() as content:
            yield from _more_time(content)
        case Refusal() | Decline() as content:
            yield from _refused(content)
        case ResponseNotice() as content:
            yield from _response(content)
        case WindowReminder() as content:
            yield "6.10: what can be asked for", re.escape(content.next_stage)
            yield "6.10: until when", _day(content.ask_by)
        case Receipt() as content:
            for due in filter(None, (content.acknowledge_by, content.respond_by)):
                yield "6.2: what is promised", _day(due)
        case HearingNotice() as content:
            yield "the hearing", _day(content.on)
            yield "6.14: the date of the answer", _day(content.respond_by)
        case Closing() as content:
            yield "6.9: why", re.escape(content.explanation or "")
            yield "6.10: until when an exception", _day(content.late_until)


def _scope(content: Acknowledgement | AddedPoints) -> Iterator[Obligation]:
    for point in content.points:
        yield "5.6: each point", re.escape(point.text)
    yield "6.2: the date of the answer", _day(content.respond_by)
    if isinstance(content, Acknowledgement):
        yield "5.6: the definition", re.escape(content.definition)
        yield "5.6: the outcomes sought", re.escape(content.outcomes_sought)
        yield "5.7: what is not ours", re.escape(content.not_ours or "")


def _more_time(content: ExtensionNotice | AgreedDateNotice) -> Iterator[Obligation]:
    yield "6.5: the old date", _day(content.was)
    yield "6.5: the new date", _day(content.until)
    if isinstance(content, ExtensionNotice):
        yield "6.5: the reason", re.escape(content.reason)


def _refused(content: Refusal | Decline) -> Iterator[Obligation]:
    yield "2.4, 5.11: the reason", re.escape(content.reason)
    yield "2.4, 5.11: the explanation", re.escape(content.explanation)
    yield "2.4, 5.11: the right to turn to somebody else", "someone independent"
    if isinstance(content, Decline):
        yield "5.11: until when to answer", _day(content.reply_by)


def _response(content: ResponseNotice) -> Iterator[Obligation]:
    yield "6.9: the definition", re.escape(content.definition)
    yield "6.9: the decision", f"as a whole is {DECIDED[content.decision]}"
    for answer in content.answers:
        text, reasons = re.escape(answer.text), re.escape(answer.reasons)
        answered = f"{text}.{{0,40}}{DECIDED[answer.decision]}.{{0,120}}{reasons}"
        yield "6.7, 6.9: a decision with its reasons for each point", answered
    if content.remedy:
        yield "6.9: the remedy", re.escape(content.remedy)
    for action in content.actions:
        yield "6.6, 6.9: what is outstanding", re.escape(action.what)
        yield "6.6, 6.9: by when", _day(action.by)
    if content.next_stage is None:
        yield "6.20: that it is final", "final"
    else:
        yield "6.9: how to go further", re.escape(content.next_stage)
        if content.escalate_by:
            yield "6.9: until when", _day(content.escalate_by)


def _day(day: date | None) -> str:
    """Returns the pattern of a date in a letter; where there is none, nothing has to be found."""
    return "" if day is None else re.escape(f"{day:%A} {day.day} {day:%B %Y}")
