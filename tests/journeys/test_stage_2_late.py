"""Stage 2 has clocks, ladder and extension of its own, and counts from the day of the request."""

from tests.journeys.story import Story, telling


async def answered(story: Story) -> None:
    await story.receive(policy="nacro")
    await story.assign(investigator="sam-okafor")
    await story.acknowledge(points=1)
    await story.respond("not-upheld")


async def test_stage_2_missed_at_both_clocks() -> None:
    async with telling("Mon 2028-05-08 10:00") as story:
        await answered(story)
        await story.at("Wed 2028-05-10 10:00")
        await story.act("escalate")
        await story.assign(investigator="priya-shah")
        # Acknowledge by Wednesday 17 May, respond twenty working days after, over 29 May.
        await story.at("Wed 2028-06-28 12:00")
        assert await story.timeline("missed", "climbed") == [
            "Thu 2028-05-18 00:00 missed",
            "Thu 2028-05-18 08:00 climbed",
            "Fri 2028-05-19 08:00 climbed",
            "Tue 2028-05-23 08:00 climbed",
            "Fri 2028-06-16 00:00 missed",
            "Fri 2028-06-16 08:00 climbed",
            "Mon 2028-06-19 08:00 climbed",
            "Wed 2028-06-21 08:00 climbed",
        ]
        # Her line manager is the head of service, so he hears as both.
        assert story.mails_to("helen-ward") == [
            "Fri 2028-05-19 08:00 escalation",
            "Tue 2028-05-23 08:00 escalation",
            "Mon 2028-06-19 08:00 escalation",
            "Wed 2028-06-21 08:00 escalation",
        ]


async def test_stage_2_extended_by_its_own_cap() -> None:
    async with telling("Mon 2028-05-08 10:00") as story:
        await answered(story)
        await story.act("escalate")
        await story.assign(investigator="priya-shah")
        await story.acknowledge(points=1)
        # Due on Tuesday 6 June; twenty working days more end on Tuesday 4 July.
        beyond = {"reason": "A survey.", "until": "2028-07-05"}
        assert await story.refused("extend", **beyond) == "beyond-the-cap"
        await story.act("extend", reason="A survey.", until="2028-07-04")
        [clock] = [c for c in await story.clocks() if c["due"] == "2028-07-04"]
        assert (clock["stage"], clock["clock"]) == ("stage-2", "respond")


async def test_a_request_that_lay_unread_counts_from_the_day_it_came_in() -> None:
    async with telling("Mon 2028-05-08 10:00") as story:
        await answered(story)
        await story.at("Mon 2028-05-22 10:00")
        await story.act("escalate", requested_at="2028-05-12T15:00:00+01:00")
        assert await story.timeline("stage-requested") == ["Fri 2028-05-12 15:00 stage-requested"]
        # Due on Friday 19 May, so missed by the time it was entered; people hear next morning.
        assert await story.timeline("missed") == ["Mon 2028-05-22 10:00 missed"]
        await story.at("Tue 2028-05-23 09:00")
        assert await story.timeline("climbed") == ["Tue 2028-05-23 08:00 climbed"]
