"""Never answered: every clock is missed once and climbs to the top of its ladder."""

from tests.journeys.story import mornings, telling


async def test_never_answered() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="housing-ombudsman")
        await story.assign(investigator="sam-okafor")
        await story.at("Fri 2028-05-12 12:00")

        assert await story.timeline("missed", "climbed") == [
            "Tue 2028-03-14 00:00 missed",
            "Tue 2028-03-14 08:00 climbed",
            "Wed 2028-03-15 08:00 climbed",
            "Fri 2028-03-17 08:00 climbed",
            "Tue 2028-03-28 00:00 missed",
            "Tue 2028-03-28 08:00 climbed",
            "Wed 2028-03-29 08:00 climbed",
            "Fri 2028-03-31 08:00 climbed",
        ]
        investigator, line_manager, head_of_service = "sam-okafor", "priya-shah", "helen-ward"
        mails = story.mails_to(investigator)
        assert [mail for mail in mails if not mail.endswith("digest")] == [
            "Mon 2028-03-06 10:00 assignment",
            "Tue 2028-03-14 08:00 escalation",
            "Tue 2028-03-28 08:00 escalation",
        ]
        # Easter is on 16 April, and 1 May is a bank holiday.
        days_off = ["Fri 2028-04-14", "Mon 2028-04-17", "Mon 2028-05-01"]
        assert [mail for mail in mails if mail.endswith("digest")] == [
            "Tue 2028-03-07 08:10 digest",  # it is new
            "Fri 2028-03-10 08:10 digest",  # to acknowledge on the next working day
            # Then it is late, and every working morning says so.
            *mornings("Tue 2028-03-14", "Fri 2028-05-12", off=days_off),
        ]
        assert story.mails_to(line_manager) == [
            "Wed 2028-03-15 08:00 escalation",
            "Wed 2028-03-29 08:00 escalation",
        ]
        assert story.mails_to(head_of_service) == [
            "Fri 2028-03-17 08:00 escalation",
            "Fri 2028-03-31 08:00 escalation",
        ]
        assert story.mails_to("ruth-ellis-jones") == [
            "Tue 2028-03-14 08:00 escalation",
            "Wed 2028-03-15 08:00 escalation",
            "Fri 2028-03-17 08:00 escalation",
            "Tue 2028-03-28 08:00 escalation",
            "Wed 2028-03-29 08:00 escalation",
            "Fri 2028-03-31 08:00 escalation",
        ]
        row = await story.row()
        assert row["overdue"] is True


async def test_with_nobody_assigned_the_complaints_officer_hears_every_rung() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="housing-ombudsman")
        await story.at("Thu 2028-03-16 12:00")
        assert story.mails_to("ruth-ellis-jones") == [
            "Fri 2028-03-10 08:00 reminder",
            "Tue 2028-03-14 08:00 escalation",
            "Wed 2028-03-15 08:00 escalation",
        ]
        assert story.mails_to("sam-okafor") == []
