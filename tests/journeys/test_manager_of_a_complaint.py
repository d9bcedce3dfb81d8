"""A real complaint and its managers: one does not answer, the deputy takes it on and is late."""

from tests.journeys.story import telling


async def test_nobody_confirms_and_the_deputy_who_takes_it_on_is_late() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="housing-ombudsman")
        await story.act("assign", investigator="sam-okafor")
        await story.at("Wed 2028-03-08 12:00")
        await story.assign(investigator="megan-price")
        await story.at("Wed 2028-03-15 12:00")
        await story.acknowledge(points=1)
        await story.at("Fri 2028-03-17 12:00")
        await story.respond("upheld")
        await story.at("Fri 2028-03-31 12:00")

        assert story.mails_to("sam-okafor") == [
            "Mon 2028-03-06 10:00 assignment",
            "Tue 2028-03-07 08:10 digest",
            "Tue 2028-03-07 10:00 chase",
        ]
        assert story.mails_to("megan-price") == [
            "Wed 2028-03-08 10:00 offer",
            "Wed 2028-03-08 12:00 assignment",
            "Thu 2028-03-09 08:10 digest",
            "Fri 2028-03-10 08:10 digest",  # the reminder of 08:00 is in it
            "Tue 2028-03-14 08:00 escalation",
            "Tue 2028-03-14 08:10 digest",
            "Wed 2028-03-15 08:10 digest",  # late still; acknowledged at noon
        ]
        assert story.mails_to("ruth-ellis-jones") == [
            "Wed 2028-03-08 10:00 unconfirmed",
            "Tue 2028-03-14 08:00 escalation",
            "Wed 2028-03-15 08:00 escalation",
        ]
        told = [one for one in await story.sentences("notice-settled") if "investigator" in one]
        entered = [one for one in told if one.endswith("is with them: their next mail holds it.")]
        sent = [one for one in told if one.endswith("was sent.")]
        assert len(entered) == len(sent) == 4, "each entry was taken in, and then sent"
