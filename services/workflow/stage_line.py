"""The line that the stages of a policy form, and what is wrong where they form none. Pure."""

from collections.abc import Iterator

from services.workflow.stages import Request, Stage


def in_order(stages: tuple[Stage, ...]) -> list[Stage]:
    """Returns the stages from the first on. Raises ValueError where they form no single line."""
    following = _followers(stages)
    line = [_first(stages)]
    while line[-1].name in following:
        line.append(following[line[-1].name])
    for stage in stages:
        if stage not in line:
            raise ValueError(_why_out_of_reach(stage, stages))
    return line


def _first(stages: tuple[Stage, ...]) -> Stage:
    starts = [stage for stage in stages if stage.after is None]
    if not starts:
        raise ValueError(_why_out_of_reach(stages[0], stages))
    if len(starts) > 1:
        named = ", ".join(stage.name for stage in starts)
        raise ValueError(f"one stage comes first, without 'after'; here they are: {named}")
    return starts[0]


def _followers(stages: tuple[Stage, ...]) -> dict[str, Stage]:
    """Returns which stage comes after each, by the name of the one before."""
    following: dict[str, Stage] = {}
    for stage in stages:
        if (stage.after is None) != (stage.admission == "on-receipt"):
            raise ValueError(
                f"{stage.name}.admission: the first stage, and no other, is on-receipt"
            )
        if stage.after is None:
            continue
        if stage.after in following:
            raise ValueError(
                f"{stage.name}.after: {following[stage.after].name} follows {stage.after!r} already"
            )
        following[stage.after] = stage
    return following


def _why_out_of_reach(stage: Stage, stages: tuple[Stage, ...]) -> str:
    by_name = {each.name: each for each in stages}
    line = [stage.name]
    while (before := by_name.get(line[-1])) is not None and before.after is not None:
        if before.after in line:
            circle = " after ".join([*line, before.after])
            return f"{stage.name}.after: the stages go in a circle ({circle})"
        line.append(before.after)
    return f"{stage.name}.after: there is no stage {line[-1]!r}, so this one is never reached"


def out_of_place(stage: Stage, following: Stage | None) -> Iterator[str]:
    """Returns what is wrong with a stage where it stands before `following`, key by key."""
    begins = stage.begins
    for key, clock in (
        ("acknowledge", stage.acknowledge),
        ("contact.by", stage.contact.by if stage.contact else None),
        ("hearing.arrange", stage.hearing.arrange if stage.hearing else None),
    ):
        if clock is not None and clock.anchor != begins:
            yield f"{key}.from: it counts from {begins!r} in a stage entered {stage.admission}"
    yield from _respond_mistakes(stage)
    if stage.request is not None:
        yield from _request_mistakes(stage, stage.request)
    yield from _end_mistakes(stage, following)


def _respond_mistakes(stage: Stage) -> Iterator[str]:
    anchors = [stage.begins]
    if stage.acknowledge is not None:
        anchors.append("acknowledged")
    if stage.hearing is not None:
        anchors = ["heard"]
    if stage.respond.anchor not in anchors:
        known = " or ".join(repr(anchor) for anchor in anchors)
        yield f"respond.from: it counts from {known} in this stage"
    elif stage.respond.within.unit == "hours" and stage.respond.anchor != stage.begins:
        # While the anchor is still to come, only the day on which it is due is known.
        yield f"respond.within: hours count from {stage.begins!r} only"


def _request_mistakes(stage: Stage, request: Request) -> Iterator[str]:
    if stage.admission != "on-request":
        yield "request: only a stage that is entered on-request can be asked for"
    if request.reply is None:
        return
    if not request.declines:
        yield "request.reply: without declines there is nothing to reply to"
    if request.reply.anchor != "declined":
        yield "request.reply.from: it counts from 'declined'"


def _end_mistakes(stage: Stage, following: Stage | None) -> Iterator[str]:
    asked_for = following is not None and following.can_be_asked_for
    if asked_for and stage.escalate is None:
        yield "escalate is missing: until when can the next stage be asked for?"
    if stage.escalate is not None:
        if not asked_for:
            yield "escalate: no stage that can be asked for comes next"
        if stage.escalate.anchor != "responded":
            yield "escalate.from: it counts from 'responded'"
    if stage.send_on is not None and following is None:
        yield "send_on: the last stage ends at the Ombudsman anyway"
