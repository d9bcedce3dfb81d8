"""Acknowledged late: the miss stands, and being late buys no time for the response."""

from tests.journeys.story import telling


async def test_acknowledged_late() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="nacro")
        await story.assign(investigator="sam-okafor")

        # The acknowledgement was due on Monday 13 March; the first rung is the next morning.
        await story.at("Tue 2028-03-14 07:59")
        assert story.mails_to("ruth-ellis-jones") == []
        await story.at("Tue 2028-03-14 12:00")
        position = await story.acknowledge()
        clocks = {clock["clock"]: clock for clock in position["clocks"]}
        assert clocks["acknowledge"]["state"] == "met-late"
        assert clocks["respond"]["due"] == "2028-03-27"  # Monday, as promised at receipt

        await story.at("Fri 2028-03-24 12:00")
        await story.respond("upheld", "upheld")
        assert await story.timeline("missed", "climbed", "acknowledged", "responded") == [
            "Tue 2028-03-14 00:00 missed",
            "Tue 2028-03-14 08:00 climbed",
            "Tue 2028-03-14 12:00 acknowledged",
            "Fri 2028-03-24 12:00 responded",
        ]
        assert story.mails_to("sam-okafor") == [
            "Mon 2028-03-06 10:00 assignment",
            "Tue 2028-03-07 08:10 digest",  # it is new
            "Fri 2028-03-10 08:10 digest",  # to acknowledge on the next working day
            "Tue 2028-03-14 08:00 escalation",
            "Tue 2028-03-14 08:10 digest",  # late; acknowledged at noon
            "Wed 2028-03-22 08:10 digest",  # to answer in three working days
            "Fri 2028-03-24 08:10 digest",  # to answer on the next one
        ]
        assert story.mails_to("ruth-ellis-jones") == ["Tue 2028-03-14 08:00 escalation"]
        # Nobody further up heard of it: it was done before their rungs.
        assert story.mails_to("priya-shah") == []
