"""Stage 2: on request, by another and, at Nacro, more senior person, to the final response."""

from tests.journeys.story import telling


async def test_stage_2() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="nacro")
        await story.assign(investigator="sam-okafor")
        await story.acknowledge()
        assert await story.refused("escalate") == "not-answered"
        await story.at("Wed 2028-03-15 15:00")
        await story.respond("not-upheld", "upheld")

        await story.at("Mon 2028-03-20 09:00")
        position = await story.act("escalate")
        assert (position["stage"], position["status"]) == ("stage-2", "escalated")
        assert await story.refused("assign", investigator="sam-okafor") == "previously-involved"
        assert await story.refused("assign", investigator="megan-price") == "role-not-allowed"
        assert await story.refused("assign", investigator="nobody-here") == "unknown-staff"
        await story.assign(investigator="priya-shah")

        await story.at("Wed 2028-03-22 10:00")
        await story.acknowledge(points=1)
        # Twenty working days from Wednesday 22 March, over Easter: Friday 21 April.
        await story.at("Thu 2028-04-20 10:00")
        no_contact = {"answers": [{"point": "1", "decision": "upheld", "reasons": "We agree."}]}
        assert await story.refused("respond", **no_contact) == "no-contact"
        await story.call()
        position = await story.respond("upheld")
        assert position["status"] == "closed"

        assert await story.timeline("missed") == []
        assert story.mails_to("resident") == [
            "Mon 2028-03-06 10:00 receipt",
            "Mon 2028-03-06 10:00 acknowledgement",
            "Wed 2028-03-15 15:00 response",
            "Wed 2028-03-22 10:00 stage-acknowledgement",
            "Thu 2028-04-20 10:00 response",
        ]
        assert story.mails_to("priya-shah") == [
            "Mon 2028-03-20 09:00 assignment",
            "Tue 2028-03-21 08:10 digest",  # it is new
            "Thu 2028-03-23 08:10 digest",  # acknowledged: now due on Friday 21 April
            "Tue 2028-04-18 08:10 digest",  # three working days before that, over Easter
            "Thu 2028-04-20 08:10 digest",  # one
        ]
        assert (await story.row())["status"] == "closed"
