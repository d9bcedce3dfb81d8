"""Grounds that are judged, answers to a refusal, two people at stage 2, agreed extensions only."""

from typing import Any

from tests.journeys.story import Story, answering, telling

NO_GROUNDS: dict[str, Any] = {
    "reason": "insufficient-grounds",
    "explanation": "You have not said what was wrong with our answer.",
}


async def answered(story: Story) -> None:
    """Stage 1 is answered on Friday 10 March."""
    await story.receive(policy="nottingham")
    await story.assign(investigator="sam-okafor")
    await story.acknowledge()
    await story.at("Fri 2028-03-10 15:00")
    await story.call()
    await story.respond("not-upheld", "upheld")


async def test_answered_at_stage_1_and_not_taken_further() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        promised = await story.receive(policy="nottingham")
        # Five and ten working days, both from the report of Monday 6 March.
        assert (promised["acknowledge_by"], promised["respond_by"]) == ("2028-03-13", "2028-03-20")
        position = await story.act("triage", decision="accept", grounds=["fire-safety"])
        assert position["priority"] == "high"
        await story.assign(investigator="sam-okafor")
        await story.at("Tue 2028-03-07 10:00")
        await story.acknowledge()
        await story.at("Fri 2028-03-17 15:00")
        assert await story.refused("respond", **answering("upheld", "upheld")) == "no-contact"
        unreachable = {"outcome": "left-out", "happened_at": "2028-03-17T14:00:00Z"}
        assert await story.refused("contacts", exception="busy", **unreachable) == (
            "unknown-exception"
        )
        await story.act("contacts", exception="cannot-be-reached", **unreachable)
        await story.respond("upheld", "upheld")
        await story.at("Tue 2029-03-20 10:00")
        # Twelve months end on Saturday 17 March 2029: closed on the Monday morning.
        assert story.mails_to("resident") == [
            "Mon 2028-03-06 10:00 receipt",
            "Tue 2028-03-07 10:00 acknowledgement",
            "Fri 2028-03-17 15:00 response",
            "Mon 2029-03-19 08:00 closing",
        ]
        assert story.mails_to("sam-okafor") == [
            "Mon 2028-03-06 10:00 assignment",
            "Tue 2028-03-07 08:10 digest",  # it is new; its date stands when it is acknowledged
            "Wed 2028-03-15 08:10 digest",  # three working days before Monday 20 March
            "Fri 2028-03-17 08:10 digest",  # one; answered in the afternoon
        ]


async def test_grounds_refused_then_the_customer_answers_and_they_are_accepted() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await answered(story)
        letter = story.mail("resident", "response").text
        assert "reasons" in letter
        await story.at("Mon 2028-03-13 09:00")
        await story.act("escalate", offers=["reasons"], words="You never came.")
        assert [(c["clock"], c["due"]) for c in await story.clocks()][-2:] == [
            ("acknowledge", "2028-03-20"),
            ("respond", "2028-04-19"),
        ]
        await story.at("Wed 2028-03-15 10:00")
        assert await story.refused("decline", **NO_GROUNDS, by="sam-okafor") == "role-not-allowed"
        position = await story.act("decline", **NO_GROUNDS, by="leo-marsh")
        assert position["status"] == "declined"
        # Twenty working days to answer, from Wednesday 15 March.
        assert "Wednesday 12 April 2028" in story.mail("resident", "decline").text
        assert await story.refused("acknowledge", **ACKNOWLEDGEMENT) == "declined"
        await story.at("Mon 2028-03-20 09:00")
        position = await story.act("escalate", offers=["outcome"], words="I want it dry.")
        assert (position["stage"], position["status"]) == ("stage-2", "escalated")
        assert await story.refused("assign", investigator="sam-okafor") == "previously-involved"
        await story.assign(investigator="nina-costa", together_with="leo-marsh")
        await story.at("Thu 2028-03-23 10:00")
        await story.acknowledge(points=1)
        # Twenty working days from Thursday 23 March, when it was accepted, over Easter.
        assert (await story.clocks())[-1]["due"] == "2028-04-24"
        await story.at("Mon 2028-04-24 10:00")
        position = await story.respond("upheld")
        assert position["status"] == "closed"
        assert await story.timeline("missed") == []
        assert story.mails_to("resident")[-4:] == [
            "Fri 2028-03-10 15:00 response",
            "Wed 2028-03-15 10:00 decline",
            "Thu 2028-03-23 10:00 stage-acknowledgement",
            "Mon 2028-04-24 10:00 response",
        ]
        for colleague in ("nina-costa", "leo-marsh"):
            assert story.mails_to(colleague)[0] == "Mon 2028-03-20 09:00 assignment"


ACKNOWLEDGEMENT: dict[str, Any] = {
    "definition": "Damp was not treated.",
    "points": ["The mould came back."],
    "outcomes_sought": "A lasting repair.",
}


async def test_grounds_refused_and_nobody_answers() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await answered(story)
        await story.at("Mon 2028-03-13 09:00")
        await story.act("escalate")
        await story.at("Wed 2028-03-15 10:00")
        await story.act("decline", **NO_GROUNDS, by="leo-marsh")
        await story.at("Fri 2028-04-14 10:00")
        # The time to answer ended on Wednesday 12 April.
        assert story.mails_to("resident")[-2:] == [
            "Wed 2028-03-15 10:00 decline",
            "Thu 2028-04-13 08:00 closing",
        ]
        row = await story.row()
        assert (row["status"], row["closed_reason"]) == ("closed", "declined")
        assert await story.refused("escalate") == "requested-too-late"


async def test_an_issue_more_than_six_months_old_is_refused() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="nottingham")
        old = {
            "decision": "refuse",
            "reason": "over-6-months",
            "explanation": "You first told us of this in March.",
        }
        assert await story.refused("triage", **old) == "day-needed"
        # From Monday 6 September 2027 it is six months to the day.
        assert await story.refused("triage", **old, issue_on="2027-09-06", no_exception=True) == (
            "reason-does-not-hold"
        )
        assert await story.refused("triage", **old, issue_on="2027-09-05") == (
            "exceptions-not-considered"
        )
        position = await story.act("triage", **old, issue_on="2027-09-05", no_exception=True)
        assert position["status"] == "refused"
        letter = story.mail("resident", "refusal").text
        assert "Housing Ombudsman Service" in letter
        assert "0300 111 3000" in letter
        assert (await story.row())["refusal_reason"] == "over-6-months"


async def test_an_extension_is_agreed_and_never_beyond_its_cap() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="nottingham")
        await story.assign(investigator="sam-okafor")
        await story.acknowledge()
        more = {"reason": "The surveyor comes on 24 March."}
        await story.at("Thu 2028-03-16 10:00")
        assert await story.refused("extend", **more, until="2028-03-31") == "agreement-needed"
        # Ten working days after Monday 20 March end on Monday 3 April.
        beyond = {"until": "2028-04-04", "agreed_on": "2028-03-16"}
        assert await story.refused("extend", **more, **beyond) == "beyond-the-cap"
        await story.act("extend", **more, until="2028-04-03", agreed_on="2028-03-16")
        await story.at("Thu 2028-04-06 10:00")
        assert await story.timeline("missed", "climbed") == [
            "Tue 2028-04-04 00:00 missed",
            "Tue 2028-04-04 08:00 climbed",
            "Wed 2028-04-05 08:00 climbed",
        ]
        assert story.mails_to("resident")[-1] == "Thu 2028-03-16 10:00 extension"
