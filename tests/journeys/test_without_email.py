"""Without email: letters through the print queue, a telephone call, or nobody to tell at all."""

from tests.journeys.story import Story, telling

OFFICER = "ruth-ellis-jones"


async def when_posted(story: Story) -> dict[str, str | None]:
    """When each letter of the story was settled, by what it is about, as the ledger proves it."""
    answer = await story.house.notify.get(f"/api/notices?reference={story.reference}")
    return {
        notice["about"]: notice["settled_at"]
        for notice in answer.json()["notices"]
        if notice["state"] == "posted"
    }


async def test_a_resident_with_a_postal_address_alone_gets_letters() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(
            channel="letter",
            complainant={"name": "Ada Bell", "address": "1 High Street\nDerby"},
        )
        assert story.mails_to(OFFICER) == ["Mon 2028-03-06 10:00 letter-to-post"]
        assert await story.letters_to_post() == [f"{story.reference}/3/receipt/resident"]
        await story.at("Tue 2028-03-07 15:00")
        await story.post_letters(on="Tue 2028-03-07")
        assert await story.letters_to_post() == []
        assert await story.proof("resident") == [
            "Mon 2028-03-06 10:00 The notice of receipt to the resident is in the print queue.",
            (
                "Tue 2028-03-07 15:00 The notice of receipt to the resident was posted on "
                "Tuesday 7 March 2028."
            ),
        ]
        assert (await story.row())["notices_sent"] == 1 + len(story.mails_to(OFFICER))


async def test_who_prefers_letters_gets_them_and_what_counts_is_the_day_of_posting() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(
            complainant={
                "name": "Ada Bell",
                "email": "ada.bell@example.org",
                "address": "1 High Street\nDerby",
                "preferred_contact": "letter",
                "large_print": True,
            }
        )
        await story.assign(investigator="sam-okafor")
        await story.acknowledge()
        assert story.mails_to("resident") == []
        assert len(await story.letters_to_post()) == 2
        # Posted on Tuesday, and entered on Thursday only.
        await story.at("Thu 2028-03-09 10:00")
        await story.post_letters(on="Tue 2028-03-07")
        noon = "2028-03-07T12:00:00Z"
        assert await when_posted(story) == {"receipt": noon, "acknowledgement": noon}
        told = [line for line in await story.proof("resident") if "was posted" in line]
        assert len(told) == 2, "each is heard of once"
        assert all(line.endswith("was posted on Tuesday 7 March 2028.") for line in told)


async def test_a_resident_with_a_telephone_alone_is_rung() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(
            channel="phone", complainant={"name": "Ada Bell", "phone": "01332 555 0134"}
        )
        asked = story.mail(OFFICER, "receipt")
        assert asked.subject.startswith("Please ring: ")
        assert "01332 555 0134" not in asked.text, "the number stays in the case file"
        given = "was given to the complaints officer, to ring and tell it"
        assert await story.proof("resident") == [
            f"Mon 2028-03-06 10:00 The notice of receipt to the resident {given}."
        ]
        assert (await story.row())["notices_by_hand"] == 1


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
