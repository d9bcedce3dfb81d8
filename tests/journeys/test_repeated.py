"""Each action repeated twice with its key, and once with another: nothing happens twice."""

from typing import Any

from tests.journeys.story import Story, answering, telling

DEFINITION: dict[str, Any] = {
    "definition": "Damp in the bedroom was not treated.",
    "points": ["The mould came back."],
    "outcomes_sought": "A lasting repair.",
}


async def three_times(story: Story, verb: str, **body: object) -> None:
    """Acts with one key three times over and expects one answer."""
    key = f"key-of-{verb}"
    answers = [await story.act(verb, key=key, **body) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]


async def test_repeated() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="housing-ombudsman")
        await three_times(story, "triage", decision="accept")
        await three_times(story, "assign", investigator="sam-okafor")
        await three_times(story, "acknowledge", **DEFINITION)
        happened_at = "2028-03-06T10:00:00+00:00"
        await three_times(story, "contacts", outcome="made", how="phone", happened_at=happened_at)
        await three_times(story, "extend", reason="A survey.", until="2028-03-27")
        await three_times(story, "respond", **answering("upheld"))
        await three_times(story, "escalate")
        await three_times(story, "withdraw")

        told = [line.split()[-1] for line in await story.timeline()]
        for kind in (
            *("received", "accepted", "assigned", "acknowledged", "contacted", "extended"),
            *("responded", "stage-requested", "withdrawn"),
        ):
            assert told.count(kind) == 1, kind
        sent = [line.split()[-1] for line in story.mails_to("resident")]
        assert sorted(sent) == ["acknowledgement", "closing", "extension", "receipt", "response"]
        assert [line.split()[-1] for line in story.mails_to("sam-okafor")] == ["assignment"]


async def test_the_same_action_under_another_key_is_refused() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="housing-ombudsman")
        await story.act("triage", decision="accept")
        await story.assign(investigator="sam-okafor")
        await story.act("acknowledge", **DEFINITION)
        before = await story.timeline()
        assert await story.refused("triage", decision="accept") == "already-triaged"
        assert await story.refused("assign", investigator="sam-okafor") == "already-assigned"
        assert await story.refused("acknowledge", **DEFINITION) == "already-acknowledged"
        assert await story.timeline() == before
