"""After the answer: promised actions, the Ombudsman, the survey, a lesson; all in the register."""

from tests.journeys.story import Story, telling

REMEDIES = [{"kind": "apology"}, {"kind": "payment", "pence": 12500}]

ACTIONS = [
    {"what": "Treat the wall.", "by": "2028-04-07"},
    {"what": "Look at it again.", "by": "2028-06-30"},
]


async def answered(story: Story) -> None:
    await story.receive(tenure="rented")
    await story.assign(investigator="sam-okafor")
    await story.acknowledge()
    await story.at("Mon 2028-03-20 10:00")
    position = await story.respond("upheld", "upheld", remedies=REMEDIES, actions=ACTIONS)
    assert [(one["number"], one["by"]) for one in position["promises"]] == [
        (1, "2028-04-07"),
        (2, "2028-06-30"),
    ]


async def test_what_follows_an_answer_is_heard_until_nothing_is_awaited() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await answered(story)
        await story.at("Tue 2028-04-11 10:00")
        await story.act("promises-kept", number=1, done_on="2028-04-10")
        await story.act("survey", on="2028-04-11", satisfaction="fairly-dissatisfied")
        await story.act("lessons", theme="Damp", heard="It came back.", done="We look again.")
        await story.at("Tue 2028-05-02 10:00")
        await story.act("ombudsman", on="2028-04-28")

        # Its time to go further ends, and a year more: what is awaited keeps it listening.
        await story.at("Mon 2031-03-03 10:00")
        position = await story.act(
            "determination", on="2031-02-28", determination="service-failure", orders=1, pence=5000
        )
        assert (position["status"], position["with_ombudsman"]) == ("closed", False)
        await story.act("promises-kept", number=2, done_on="2031-03-03")
        assert await story.refused("ombudsman", on="2031-03-03") == "complaint-ended"

        entry = await story.row()
        assert (entry["tenure"], entry["status"]) == ("rented", "closed")
        assert [(one["kind"], one["pence"]) for one in entry["remedies"]] == [
            ("apology", None),
            ("payment", 12500),
        ]
        assert [(one["by"], one["done_on"]) for one in entry["promises"]] == [
            ("2028-04-07", "2028-04-10"),
            ("2028-06-30", "2031-03-03"),
        ]
        assert [one["determination"] for one in entry["ombudsman"]] == ["service-failure"]
        assert [one["satisfaction"] for one in entry["surveys"]] == ["fairly-dissatisfied"]
        assert [one["theme"] for one in entry["lessons"]] == ["Damp"]


async def test_a_response_of_the_landlords_own_ends_the_clock_and_writes_to_nobody() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive()
        await story.assign(investigator="sam-okafor")
        await story.acknowledge()
        await story.at("Mon 2028-03-20 10:00")
        position = await story.act("log-response", responded_at="2028-03-17T15:00:00+00:00")
        assert position["status"] == "answered"
        await story.at("Fri 2028-04-07 10:00")
        assert await story.timeline("missed", "climbed") == []
        assert "response" not in " ".join(story.mails_to("resident"))
        [stage] = (await story.row())["stages"]
        assert (stage["responded_at"], stage["responded_in_time"], stage["decision"]) == (
            "2028-03-17T15:00:00Z",
            True,
            None,
        )


async def test_a_response_that_went_out_in_time_and_was_logged_after_the_miss_is_in_time() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive()
        await story.assign(investigator="sam-okafor")
        await story.acknowledge()
        await story.at("Wed 2028-03-22 10:00")
        assert await story.timeline("missed") == ["Tue 2028-03-21 00:00 missed"]
        await story.act("log-response", responded_at="2028-03-20T15:00:00+00:00")
        [clock] = [one for one in await story.clocks() if one["clock"] == "respond"]
        assert (clock["state"], clock["met_at"]) == ("met", "2028-03-20T15:00:00Z")
        [stage] = (await story.row())["stages"]
        assert stage["responded_in_time"] is True
