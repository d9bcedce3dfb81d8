"""Everything in time: received, taken in, assigned, acknowledged, spoken to, answered, closed."""

from tests.journeys.story import telling


async def test_all_in_time() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        promised = await story.receive(policy="housing-ombudsman")
        assert promised["acknowledge_by"] == "2028-03-13"  # Monday
        assert promised["respond_by"] == "2028-03-27"  # Monday

        await story.at("Mon 2028-03-06 14:00")
        await story.act("triage", decision="accept", priority="standard")
        await story.assign(investigator="sam-okafor")
        await story.at("Tue 2028-03-07 10:00")
        await story.acknowledge()
        await story.at("Thu 2028-03-09 11:30")
        await story.call()
        await story.at("Fri 2028-03-17 16:00")
        position = await story.respond("upheld", "not-upheld")
        assert position["status"] == "answered"

        await story.at("Fri 2029-03-16 23:00")
        assert (await story.row())["status"] == "answered"
        await story.at("Mon 2029-03-19 09:00")
        assert (await story.row())["status"] == "closed"

        assert story.mails_to("resident") == [
            "Mon 2028-03-06 10:00 receipt",
            "Tue 2028-03-07 10:00 acknowledgement",
            "Fri 2028-03-17 16:00 response",
            "Mon 2029-03-19 08:00 closing",
        ]
        assert story.mails_to("sam-okafor") == [
            "Mon 2028-03-06 14:00 assignment",
            "Tue 2028-03-07 08:10 digest",  # it is new
            "Wed 2028-03-08 08:10 digest",  # acknowledged: now due on Tuesday 21 March
            "Thu 2028-03-16 08:10 digest",  # three working days before that
        ]
        # What waits for a digest is entered at once, and proved when that was sent.
        entered = "is with them: their next mail holds it"
        assert await story.proof("investigator") == [
            f"Mon 2028-03-06 14:00 The notice of assignment to the investigator {entered}.",
            "Mon 2028-03-06 14:00 The notice of assignment to the investigator was sent.",
            f"Thu 2028-03-16 08:00 The notice of reminder to the investigator {entered}.",
            "Thu 2028-03-16 08:10 The notice of reminder to the investigator was sent.",
        ]
        assert await story.timeline("missed", "climbed") == []
        assert await story.timeline("received", "acknowledged", "responded", "closed") == [
            "Mon 2028-03-06 10:00 received",
            "Tue 2028-03-07 10:00 acknowledged",
            "Fri 2028-03-17 16:00 responded",
            "Mon 2029-03-19 08:00 closed",
        ]
