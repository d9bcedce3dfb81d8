"""Extensions: inside the original time with a reason; beyond the cap only by agreement."""

from tests.journeys.story import Story, telling


async def acknowledged(story: Story) -> None:
    await story.receive(policy="housing-ombudsman")
    await story.assign(investigator="sam-okafor")
    await story.acknowledge()  # the response is due on Monday 20 March


async def test_extended_in_time() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await acknowledged(story)
        await story.at("Mon 2028-03-20 23:30")
        await story.act("extend", reason="The damp survey is on 28 March.", until="2028-04-03")
        await story.at("Mon 2028-04-03 15:00")
        await story.respond("upheld", "upheld")

        assert await story.timeline("missed", "climbed") == []
        letter = story.mail("resident", "extension")
        assert "Monday 3 April 2028" in letter.text
        assert "The damp survey is on 28 March." in letter.text
        assert "0300 111 3000" in letter.text, "the Ombudsman's details (Code 6.5)"
        assert story.mails_to("sam-okafor") == [
            "Mon 2028-03-06 10:00 assignment",
            "Tue 2028-03-07 08:10 digest",  # it is new
            "Wed 2028-03-15 08:10 digest",  # three working days before Monday 20 March
            "Fri 2028-03-17 08:10 digest",  # one
            "Tue 2028-03-21 08:10 digest",  # extended late in the evening: its date has moved
            "Wed 2028-03-29 08:10 digest",  # three before Monday 3 April
            "Fri 2028-03-31 08:10 digest",  # one
        ]


async def test_extended_too_late_is_refused_and_the_miss_stands() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await acknowledged(story)
        await story.at("Tue 2028-03-21 00:01")
        code = await story.refused("extend", reason="We need more time.", until="2028-04-03")
        assert code == "too-late-to-extend"
        assert await story.timeline("missed", "extended") == ["Tue 2028-03-21 00:00 missed"]
        assert "Mon 2028-03-20 00:00 extension" not in story.mails_to("resident")


async def test_extended_past_the_cap_is_refused_without_agreement() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await acknowledged(story)
        await story.at("Thu 2028-03-16 10:00")
        past_the_cap = {"reason": "The survey is late.", "until": "2028-04-04"}
        assert await story.refused("extend", **past_the_cap) == "beyond-the-cap"
        assert await story.timeline("extended") == []

        await story.act("extend", **past_the_cap, agreed_on="2028-03-16")
        assert await story.timeline("extended") == ["Thu 2028-03-16 10:00 extended"]
        assert (await story.row())["overdue"] is False
