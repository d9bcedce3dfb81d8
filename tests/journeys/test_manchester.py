"""Straight to the Ombudsman, up at once, extensions without a cap, a late request considered."""

from typing import Any

from tests.journeys.story import Story, telling

SENT_ON: dict[str, Any] = {"explanation": "A review by us would not change our answer."}


async def answered(story: Story) -> None:
    """Stage 1 is answered on Friday 17 March."""
    await story.receive(policy="manchester")
    await story.assign(investigator="sam-okafor")
    await story.acknowledge()
    await story.at("Fri 2028-03-17 15:00")
    await story.call()
    await story.respond("not-upheld", "upheld")


async def test_sent_to_the_ombudsman_after_stage_1() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        promised = await story.receive(policy="manchester")
        assert (promised["acknowledge_by"], promised["respond_by"]) == ("2028-03-13", "2028-03-20")
        await story.assign(investigator="sam-okafor")
        await story.acknowledge()
        assert await story.refused("send-on", authorised_by="paul-whelan", **SENT_ON) == (
            "not-answered"
        )
        await story.at("Fri 2028-03-17 15:00")
        await story.call()
        await story.respond("not-upheld", "upheld")
        assert await story.refused("send-on", authorised_by="sam-okafor", **SENT_ON) == (
            "role-not-allowed"
        )
        position = await story.act("send-on", authorised_by="paul-whelan", **SENT_ON)
        assert position["status"] == "closed"
        row = await story.row()
        assert row["closed_reason"] == "sent-on"
        letter = story.mail("resident", "closing").text
        for part in (SENT_ON["explanation"], "Housing Ombudsman Service", "L33 7WQ"):
            assert part in letter
        assert story.mails_to("resident") == [
            "Mon 2028-03-06 10:00 receipt",
            "Mon 2028-03-06 10:00 acknowledgement",
            "Fri 2028-03-17 15:00 response",
            "Fri 2028-03-17 15:00 closing",
        ]


async def test_two_criteria_send_it_up_at_once() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="manchester")
        grounds = ["particularly-vulnerable", "health-and-safety-risk"]
        position = await story.act("triage", decision="accept", grounds=grounds)
        assert position["priority"] == "high"
        assert await story.timeline("sent-up-at-once") == ["Mon 2028-03-06 10:00 sent-up-at-once"]
        for who in ("helen-ward", "ruth-ellis-jones"):
            assert story.mails_to(who) == ["Mon 2028-03-06 10:00 urgent"]
            said = story.mail(who, "urgent").text.lower()
            assert not any(word in said for word in ("vulnerable", "health", "safety"))
        told = " ".join(await story.sentences("sent-up-at-once"))
        assert "vulnerable" not in told


async def test_one_criterion_waits_for_the_clocks() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="manchester")
        await story.act("triage", decision="accept", grounds=["several-households"])
        assert await story.timeline("sent-up-at-once") == []
        assert story.mails_to("helen-ward") == []


async def test_extended_without_a_cap_and_missed_all_the_same() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="manchester")
        await story.assign(investigator="sam-okafor")
        await story.acknowledge()
        await story.act("extend", reason="A specialist has to come.", until="2028-04-27")
        await story.at("Fri 2028-05-05 10:00")
        # Missed at the end of Thursday 27 April; Monday 1 May is a bank holiday.
        assert await story.timeline("missed", "climbed") == [
            "Fri 2028-04-28 00:00 missed",
            "Fri 2028-04-28 08:00 climbed",
            "Tue 2028-05-02 08:00 climbed",
            "Thu 2028-05-04 08:00 climbed",
        ]
        assert story.mails_to("helen-ward") == ["Thu 2028-05-04 08:00 escalation"]
        await story.act("withdraw")
        assert (await story.row())["status"] == "withdrawn"


async def test_stage_2_by_a_senior_manager() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await answered(story)
        await story.at("Mon 2028-03-20 09:00")
        await story.act("escalate")
        # Five and ten working days, both from the request of Monday 20 March.
        assert [(c["clock"], c["due"]) for c in await story.clocks()][-2:] == [
            ("acknowledge", "2028-03-27"),
            ("respond", "2028-04-03"),
        ]
        assert await story.refused("assign", investigator="megan-price") == "role-not-allowed"
        await story.assign(investigator="nina-costa")
        await story.at("Mon 2028-03-27 16:00")
        await story.acknowledge(points=1)
        await story.at("Mon 2028-04-03 16:00")
        await story.call()
        position = await story.respond("partially-upheld")
        assert position["status"] == "closed"
        first, final = [mail.text for mail in story.letters("resident", "response")]
        assert "councillor" not in first
        assert "councillor" in final
        assert await story.timeline("missed") == []


async def test_a_late_request_is_considered_as_an_exception() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await answered(story)
        await story.at("Wed 2028-04-19 10:00")
        # 28 days end on Good Friday, 14 April: closed on the Tuesday after Easter.
        assert story.mails_to("resident")[-1] == "Tue 2028-04-18 08:00 closing"
        assert (await story.row())["status"] == "closed"
        await story.at("Thu 2028-04-20 10:00")
        assert await story.refused("escalate") == "requested-too-late"
        position = await story.act("escalate", late_because="You were in hospital.")
        assert (position["stage"], position["status"]) == ("stage-2", "escalated")
        # Five working days from Thursday 20 April.
        assert [c["due"] for c in await story.clocks() if c["stage"] == "stage-2"] == [
            "2028-04-27",
            "2028-05-05",
        ]
        row = await story.row()
        assert (row["status"], row["closed_at"]) == ("escalated", None)
        assert "hospital" not in " ".join(await story.sentences("stage-requested"))
