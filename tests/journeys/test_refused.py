"""Refused at triage: a reason of the policy, an explanation, and the way to the Ombudsman."""

from tests.journeys.story import telling


async def test_refused() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="nacro")
        refusal = {"decision": "refuse", "explanation": "Your neighbour's music is not our doing."}
        assert await story.refused("triage", **refusal) == "reason-needed"
        assert await story.refused("triage", **refusal, reason="too-busy") == "unknown-reason"
        await story.at("Tue 2028-03-07 10:00")
        position = await story.act("triage", **refusal, reason="anti-social-behaviour")
        assert position["status"] == "refused"

        letter = story.mail("resident", "refusal")
        assert "Your neighbour's music is not our doing." in letter.text
        assert "Housing Ombudsman" in letter.text
        assert "0300 111 3000" in letter.text
        await story.at("Fri 2028-05-12 12:00")
        assert await story.timeline("missed", "climbed") == []
        assert (await story.row())["status"] == "refused"
