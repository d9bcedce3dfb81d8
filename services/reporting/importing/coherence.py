"""Whether the facts of a row go together, before a complaint is made of them. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.reporting.importing.mistakes import Wrong
from services.reporting.importing.row_reading import ReadRow

OF_THE_ANSWER = ("decision", "remedies", "compensation")


def incomplete(read: ReadRow, *, channel_needed: bool) -> Iterator[Wrong]:
    """Yields each fact that is missing, and each that cannot be without another."""
    of = read.complaint
    for field in ("reference", "received_on", *(["channel"] if channel_needed else [])):
        if of.get(field) is None:
            yield Wrong(None, field, "missing-value", "This is needed, and the cell is empty.")
    for number, stage in enumerate(read.stages):
        yield from _incomplete_stage(number, stage)
    if (of.get("determined_on") is None) != (of.get("determination") is None):
        words = "A determination has a day, and the day a determination."
        yield Wrong(None, "determined_on", "missing-value", words)
    if of.get("determined_on") is not None and of.get("ombudsman_on") is None:
        words = "What the Ombudsman determined came before the Ombudsman on a day."
        yield Wrong(None, "ombudsman_on", "missing-value", words)


def _incomplete_stage(number: int, stage: Mapping[str, Any]) -> Iterator[Wrong]:
    told = [field for field, value in stage.items() if value and field != "requested_on"]
    if number > 0 and told and stage.get("requested_on") is None:
        words = "The stage was not asked for on any day, and something happened at it."
        yield Wrong(number, told[0], "stage-not-requested", words)
    if stage.get("responded_on") is None:
        for field in OF_THE_ANSWER:
            if stage.get(field):
                words = "This is part of an answer, and the day of the answer is empty."
                yield Wrong(number, field, "not-answered", words)
    if stage.get("extension_told_on") and stage.get("extended_until") is None:
        words = "This is the day of an extension, and nothing says until when."
        yield Wrong(number, "extension_told_on", "missing-value", words)
    if "payment" in (stage.get("remedies") or ()) and stage.get("compensation") is None:
        words = "A payment has an amount, and none is given as compensation."
        yield Wrong(number, "remedies", "missing-value", words)


def with_ends(complaint: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the facts of a complaint; what only its status tells has its day from `closed_on`."""
    of = dict(complaint)
    status = of.get("status")
    if status in {"withdrawn", "refused"} and of.get(f"{status}_on") is None:
        of[f"{status}_on"] = of.get("closed_on")
    return of


def is_open(read: ReadRow) -> bool:
    """Tells whether a complaint had not ended: it says so, or nothing says that it did."""
    status = read.complaint.get("status")
    return status == "open" or (status is None and not _has_ended(read))


def contradictory(read: ReadRow) -> Iterator[Wrong]:
    """Yields what cannot be true together."""
    of = with_ends(read.complaint)
    if of.get("status") is not None and not _has_ended(read):
        yield Wrong(None, "status", "no-end-date", "Nothing says on which day it ended.")
    answered = any(stage.get("responded_on") for stage in read.stages)
    taken_on = any(stage.get("requested_on") for stage in read.stages)
    if of.get("refused_on") and (answered or taken_on or of.get("withdrawn_on")):
        words = "What was refused as a complaint was neither answered, withdrawn nor taken on."
        yield Wrong(None, "refused_on", "contradiction", words)
    for number, stage in enumerate(read.stages):
        if stage.get("declined_on") and stage.get("responded_on"):
            words = "A stage is either declined or answered."
            yield Wrong(number, "declined_on", "contradiction", words)


def _has_ended(read: ReadRow) -> bool:
    """Tells whether there is a day of an end that its status, if it has one, can have meant."""
    of = with_ends(read.complaint)
    status = of.get("status")
    if status in {"withdrawn", "refused"}:
        return of.get(f"{status}_on") is not None
    entered = [stage for stage in read.stages[1:] if stage.get("requested_on") is not None]
    last = [read.stages[0], *entered][-1]
    days = [of.get(field) for field in ("refused_on", "withdrawn_on", "closed_on")]
    days += [last.get(field) for field in ("responded_on", "declined_on")]
    return any(day is not None for day in days)
