"""A further complaint joins or becomes its own, contact in three days, agreed extensions."""

from typing import Any

from tests.journeys.story import Story, answering, telling


async def answered(story: Story) -> None:
    """Stage 1 is answered on Monday 20 March."""
    await story.receive(policy="community-support")
    await story.assign(investigator="sam-okafor")
    await story.at("Tue 2028-03-07 10:00")
    await story.acknowledge()
    await story.at("Mon 2028-03-20 15:00")
    await story.respond("not-upheld", "upheld")


async def test_a_further_complaint_joins_before_the_response_and_is_a_new_case_after_it() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        promised = await story.receive(policy="community-support")
        assert (promised["acknowledge_by"], promised["respond_by"]) == ("2028-03-13", "2028-03-27")
        further: dict[str, Any] = {"points": ["The landing is damp too."]}
        assert await story.refused("points", **further) == "not-acknowledged"
        await story.assign(investigator="sam-okafor")
        await story.at("Tue 2028-03-07 10:00")
        await story.acknowledge()
        await story.at("Thu 2028-03-09 10:00")
        position = await story.act("points", **further)
        assert position["points"] == ["1", "2", "3"]
        # Ten working days from the acknowledgement of Tuesday 7 March, joined or not.
        assert (await story.clocks())[-1]["due"] == "2028-03-21"
        joined = story.mail("resident", "points-added").text
        assert "The landing is damp too." in joined
        assert "Tuesday 21 March 2028" in joined
        await story.at("Mon 2028-03-20 15:00")
        assert await story.refused("respond", **answering("upheld", "upheld")) == (
            "points-not-answered"
        )
        await story.respond("upheld", "upheld", "not-upheld")
        assert "The landing is damp too." in story.mail("resident", "response").text
        assert await story.refused("points", **further) == "response-is-out"
        first = story.reference
        await story.receive(policy="community-support", words="The landing is damp too.")
        assert story.reference != first
        assert (await story.row())["status"] == "received"


async def test_contact_in_three_working_days_at_stage_2() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await answered(story)
        await story.at("Tue 2028-03-21 09:00")
        await story.act("escalate")
        # Three working days from Tuesday 21 March; five to acknowledge.
        assert [(c["clock"], c["due"]) for c in await story.clocks()][-3:] == [
            ("acknowledge", "2028-03-28"),
            ("contact", "2028-03-24"),
            ("respond", "2028-04-27"),
        ]
        assert await story.refused("assign", investigator="sam-okafor") == "previously-involved"
        await story.assign(investigator="megan-price")
        await story.at("Mon 2028-03-27 10:00")
        await story.call()
        assert await story.timeline("missed", "climbed") == [
            "Sat 2028-03-25 00:00 missed",
            "Mon 2028-03-27 08:00 climbed",
        ]
        assert story.mails_to("megan-price") == [
            "Tue 2028-03-21 09:00 assignment",
            "Wed 2028-03-22 08:10 digest",  # it is new
            "Thu 2028-03-23 08:10 digest",  # to speak to the resident by Friday
            "Mon 2028-03-27 08:00 escalation",  # that was not done
            "Mon 2028-03-27 08:10 digest",  # late, and to acknowledge by Tuesday
        ]
        await story.at("Tue 2028-03-28 10:00")
        await story.acknowledge(points=1)
        await story.at("Thu 2028-04-27 16:00")
        # Twenty working days from Tuesday 28 March, over Easter: this very day.
        position = await story.respond("upheld")
        assert position["status"] == "closed"
        states = {c["clock"]: c["state"] for c in await story.clocks() if c["stage"] == "stage-2"}
        assert states == {"acknowledge": "met", "contact": "met-late", "respond": "met"}


async def test_extended_within_its_cap_and_beyond_it_with_agreement() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="community-support")
        await story.assign(investigator="sam-okafor")
        await story.at("Tue 2028-03-07 10:00")
        await story.acknowledge()
        await story.at("Mon 2028-03-20 10:00")
        more = {"reason": "The damp survey takes longer."}
        # Ten working days after Tuesday 21 March end on Tuesday 4 April.
        await story.act("extend", **more, until="2028-04-04")
        assert await story.refused("extend", **more, until="2028-04-20") == "beyond-the-cap"
        await story.at("Mon 2028-04-03 10:00")
        await story.act("extend", **more, until="2028-04-20", agreed_on="2028-04-03")
        letter = story.letters("resident", "extension")[-1].text
        assert "Thursday 20 April 2028" in letter
        assert "Housing Ombudsman Service" in letter
        await story.at("Thu 2028-04-20 15:00")
        await story.respond("upheld", "upheld")
        assert await story.timeline("missed") == []
        assert story.mails_to("resident")[-3:] == [
            "Mon 2028-03-20 10:00 extension",
            "Mon 2028-04-03 10:00 extension",
            "Thu 2028-04-20 15:00 response",
        ]


async def test_not_asked_for_in_twenty_working_days_and_considered_later() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await answered(story)
        # Twenty working days from Monday 20 March, over Easter: Wednesday 19 April.
        assert "Wednesday 19 April 2028" in story.mail("resident", "response").text
        await story.at("Fri 2028-04-21 10:00")
        assert story.mails_to("resident")[-1] == "Thu 2028-04-20 08:00 closing"
        assert await story.refused("escalate") == "requested-too-late"
        # It came in on the last day and was entered late: no exception is needed.
        position = await story.act("escalate", requested_at="2028-04-19T16:00:00+01:00")
        assert position["stage"] == "stage-2"
        [contact] = [c for c in await story.clocks() if c["clock"] == "contact"]
        assert contact["due"] == "2028-04-24"


async def test_never_asked_for_at_all() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await answered(story)
        await story.at("Wed 2029-03-21 10:00")
        # Even an exception ends twelve months after the response of 20 March 2028.
        assert await story.refused("escalate", late_because="I was away.") == "complaint-ended"
        row = await story.row()
        assert (row["status"], row["closed_reason"]) == ("closed", "not-escalated")
