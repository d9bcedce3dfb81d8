"""Withdrawn: the clocks stop, the resident has it in writing, and nothing more can be done."""

from tests.journeys.story import telling


async def test_withdrawn() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive()
        await story.assign(investigator="sam-okafor")
        await story.at("Wed 2028-03-08 10:00")
        position = await story.act("withdraw")
        assert position["status"] == "withdrawn"

        await story.at("Fri 2028-05-12 12:00")
        assert await story.timeline("missed", "climbed", "reminded") == []
        # Whoever is in charge hears no more of it, and is not told that it is over.
        assert story.mails_to("sam-okafor") == [
            "Mon 2028-03-06 10:00 assignment",
            "Tue 2028-03-07 08:10 digest",
        ]
        assert story.mails_to("resident") == [
            "Mon 2028-03-06 10:00 receipt",
            "Wed 2028-03-08 10:00 closing",
        ]
        for verb, body in {"withdraw": {}, "escalate": {}, "assign": {"investigator": "x"}}.items():
            assert await story.refused(verb, **body) == "complaint-ended"
