"""Help is asked for: whoever can give it is told at once, and the complaint can change hands."""

from tests.journeys.story import telling

LINE_MANAGER, OFFICER = "priya-shah", "ruth-ellis-jones"


async def test_the_line_manager_and_the_complaints_officer_are_told_and_it_changes_hands() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="housing-ombudsman")
        asked = {"help": "somebody-else", "note": "The leak is in my sister's flat."}
        assert await story.refused("help", **asked) == "not-assigned"
        await story.assign(investigator="sam-okafor")
        await story.at("Wed 2028-03-08 15:00")
        await story.act("help", **asked, by="sam-okafor")
        for who in (LINE_MANAGER, OFFICER):
            assert story.mails_to(who) == ["Wed 2028-03-08 15:00 help-wanted"]
            assert asked["note"] in story.mail(who, "help-wanted").text
        [told] = await story.sentences("help-asked")
        assert "sister" not in told, "their words stay in the mail and the case file"

        await story.assign(investigator="megan-price")
        await story.at("Fri 2028-03-10 12:00")
        assert story.mails_to("sam-okafor") == [
            "Mon 2028-03-06 10:00 assignment",
            "Tue 2028-03-07 08:10 digest",
        ]
        # The acknowledgement is due on Monday 13 March, whoever is in charge.
        assert story.mails_to("megan-price") == [
            "Wed 2028-03-08 15:00 assignment",
            "Thu 2028-03-09 08:10 digest",
            "Fri 2028-03-10 08:10 digest",
        ]
        assert story.mails_to("resident") == ["Mon 2028-03-06 10:00 receipt"]
