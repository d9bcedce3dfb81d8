"""Christmas, Easter and both clock changes fall inside the time; mails fall on working mornings."""

from tests.journeys.story import mornings, telling


async def test_christmas() -> None:
    """2028: Monday 25 and Tuesday 26 December, and Monday 1 January 2029, are bank holidays."""
    async with telling("Mon 2028-12-18 10:00") as story:
        promised = await story.receive(policy="housing-ombudsman")
        assert promised["acknowledge_by"] == "2028-12-27"  # Wednesday: 19, 20, 21, 22, 27
        assert promised["respond_by"] == "2029-01-11"  # Thursday
        await story.assign(investigator="sam-okafor")
        await story.at("Fri 2029-01-19 12:00")
        assert await story.timeline("missed") == [
            "Thu 2028-12-28 00:00 missed",
            "Fri 2029-01-12 00:00 missed",
        ]
        mails = story.mails_to("sam-okafor")
        assert [mail for mail in mails if not mail.endswith("digest")] == [
            "Mon 2028-12-18 10:00 assignment",
            "Thu 2028-12-28 08:00 escalation",
            "Fri 2029-01-12 08:00 escalation",
        ]
        assert [mail for mail in mails if mail.endswith("digest")] == [
            "Tue 2028-12-19 08:10 digest",  # it is new
            "Fri 2028-12-22 08:10 digest",  # to acknowledge on Wednesday 27, the next working day
            # Then it is late, and every working morning says so.
            *mornings("Thu 2028-12-28", "Fri 2029-01-19", off=["Mon 2029-01-01"]),
        ]
        assert story.mails_to("helen-ward") == [
            "Wed 2029-01-03 08:00 escalation",
            "Wed 2029-01-17 08:00 escalation",
        ]


async def test_easter() -> None:
    """2028: Good Friday is 14 April, Easter Monday 17 April."""
    async with telling("Sat 2028-04-08 20:00") as story:
        promised = await story.receive(policy="nacro")
        assert promised["acknowledge_by"] == "2028-04-18"  # Tuesday: 10, 11, 12, 13, 18
        assert promised["respond_by"] == "2028-05-03"  # Wednesday, over May Day (1 May)
        await story.at("Fri 2028-05-05 12:00")
        assert await story.timeline("missed", "climbed") == [
            "Wed 2028-04-19 00:00 missed",
            "Wed 2028-04-19 08:00 climbed",
            "Thu 2028-04-20 08:00 climbed",
            "Mon 2028-04-24 08:00 climbed",
            "Thu 2028-05-04 00:00 missed",
            "Thu 2028-05-04 08:00 climbed",
            "Fri 2028-05-05 08:00 climbed",
        ]


async def test_the_clocks_go_forward() -> None:
    """British Summer Time begins on Sunday 26 March 2028: local midnight is 23:00 UTC after it."""
    async with telling("Fri 2028-03-17 10:00") as story:
        await story.receive(policy="housing-ombudsman")
        await story.assign(investigator="sam-okafor")
        await story.acknowledge()  # the response is due on Friday 31 March
        await story.at("Mon 2028-04-03 12:00")
        assert await story.timeline("missed", "climbed") == [
            "Sat 2028-04-01 00:00 missed",
            "Mon 2028-04-03 08:00 climbed",
        ]
        [line] = [line for line in story.mails_to("sam-okafor") if "escalation" in line]
        assert line == "Mon 2028-04-03 08:00 escalation"
        [clock] = [c for c in await story.clocks() if c["clock"] == "respond"]
        assert clock["passes_at"] == "2028-03-31T23:00:00Z"


async def test_the_clocks_go_back() -> None:
    """British Summer Time ends on Sunday 29 October 2028: local midnight is 00:00 UTC after it."""
    async with telling("Fri 2028-10-20 10:00") as story:
        await story.receive(policy="housing-ombudsman")
        await story.assign(investigator="sam-okafor")
        await story.acknowledge()  # the response is due on Friday 3 November
        [clock] = [c for c in await story.clocks() if c["clock"] == "respond"]
        assert clock["passes_at"] == "2028-11-04T00:00:00Z"
        await story.at("Mon 2028-11-06 12:00")
        assert story.mails_to("sam-okafor") == [
            "Fri 2028-10-20 10:00 assignment",
            "Mon 2028-10-23 08:10 digest",  # it is new; at 07:10 UTC, the others at 08:10 UTC
            "Tue 2028-10-31 08:10 digest",  # three working days before Friday 3 November
            "Thu 2028-11-02 08:10 digest",  # one
            "Mon 2028-11-06 08:00 escalation",
            "Mon 2028-11-06 08:10 digest",
        ]
