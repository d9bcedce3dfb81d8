"""Without an email address a letter is posted by hand; an anonymous complaint gets none."""

from tests.journeys.story import telling


async def test_letters_to_a_resident_without_email_are_posted_by_hand() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(
            channel="letter",
            complainant={"name": "Ada Bell", "address": "1 High Street, Derby"},
        )
        assert story.mails_to("ruth-ellis-jones") == ["Mon 2028-03-06 10:00 receipt"]
        assert await story.sentences("notice-settled") == [
            "The notice of receipt to the resident was given to the complaints officer to post."
        ]


async def test_an_anonymous_complaint_runs_its_clocks_and_writes_to_nobody_outside() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(channel="web", complainant={})
        await story.assign(investigator="sam-okafor")
        await story.acknowledge()
        await story.at("Tue 2028-03-21 12:00")
        assert await story.timeline("missed") == ["Tue 2028-03-21 00:00 missed"]
        assert story.mails_to("resident") == []
        to_resident = [s for s in await story.sentences("notice-settled") if "resident" in s]
        assert to_resident == [
            f"The notice of {about} to the resident was not sent: there is nobody to write to."
            for about in ("receipt", "acknowledgement")
        ]
        assert (await story.row())["anonymous"] is True
