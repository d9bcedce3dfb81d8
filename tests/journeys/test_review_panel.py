"""First Time Resolution, two stages and a panel: each step entered in its own way."""

from typing import Any

from tests.journeys.story import Story, telling


def resolving(decision: str) -> dict[str, Any]:
    """The body of a response that sets its one point out itself: nothing was acknowledged."""
    return {
        "definition": "Damp in the bedroom was not treated.",
        "answers": [
            {
                "point": "1",
                "text": "The mould came back.",
                "decision": decision,
                "reasons": "Our records say so.",
            }
        ],
    }


async def answered_at_stage_1(story: Story) -> None:
    """Not resolved first time, and answered at stage 1 on Wednesday 22 March."""
    await story.receive(policy="review-panel", service="housing")
    await story.at("Fri 2028-03-10 10:00")
    await story.assign(investigator="sam-okafor")
    await story.at("Wed 2028-03-22 15:00")
    await story.call()
    await story.act("respond", **resolving("not-upheld"))


async def asked_for_with_evidence(story: Story) -> None:
    """Stage 2 is asked for on Monday 27 March, and the director is put in charge."""
    await answered_at_stage_1(story)
    await story.at("Mon 2028-03-27 09:00")
    await story.act("escalate", offers=["reasons", "further-evidence"], words="See the photos.")
    await story.assign(investigator="omar-haddad")


async def test_resolved_first_time() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        promised = await story.receive(policy="review-panel")
        # Three working days: Tuesday 7, Wednesday 8, Thursday 9 March; none to acknowledge.
        assert (promised["stage"], promised["respond_by"]) == (
            "first-time-resolution",
            "2028-03-09",
        )
        assert promised["acknowledge_by"] is None
        await story.assign(investigator="sam-okafor")
        await story.at("Wed 2028-03-08 15:00")
        position = await story.act("respond", **resolving("upheld"))
        assert position["status"] == "answered"
        letter = story.mail("resident", "response").text
        assert "Designated Person" in letter
        assert "Thursday 8 March 2029" in letter
        # Twelve months later nobody has asked for more; the next morning it is closed.
        await story.at("Mon 2029-03-12 10:00")
        assert story.mails_to("resident") == [
            "Mon 2028-03-06 10:00 receipt",
            "Wed 2028-03-08 15:00 response",
            "Fri 2029-03-09 08:00 closing",
        ]
        assert story.mails_to("sam-okafor") == [
            "Mon 2028-03-06 10:00 assignment",
            "Tue 2028-03-07 08:10 digest",  # it is new
            "Wed 2028-03-08 08:10 digest",  # to answer by Thursday
        ]
        assert await story.timeline("missed", "moved-on", "closed") == [
            "Fri 2029-03-09 08:00 closed"
        ]


async def test_not_resolved_in_time_it_goes_to_stage_1_by_itself() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="review-panel")
        await story.at("Fri 2028-03-10 07:59")
        assert await story.timeline("missed", "moved-on") == ["Fri 2028-03-10 00:00 missed"]
        await story.at("Fri 2028-03-10 10:00")
        assert await story.timeline("missed", "moved-on") == [
            "Fri 2028-03-10 00:00 missed",
            "Fri 2028-03-10 08:00 moved-on",
        ]
        assert story.mails_to("ruth-ellis-jones") == [
            "Wed 2028-03-08 08:00 reminder",
            "Fri 2028-03-10 08:00 to-assign",
        ]
        # Ten working days from Thursday 9 March, when it should have been resolved.
        assert [(c["stage"], c["due"], c["state"]) for c in await story.clocks()] == [
            ("first-time-resolution", "2028-03-09", "missed"),
            ("stage-1", "2028-03-23", "running"),
        ]
        await story.assign(investigator="sam-okafor")
        await story.at("Mon 2028-03-13 11:00")
        agreed = {"until": "2028-03-29", "agreed_on": "2028-03-13"}
        await story.act("agree-date", **agreed)
        assert await story.refused("extend", reason="A survey.", until="2028-04-05") == (
            "no-extension"
        )
        await story.at("Wed 2028-03-29 15:00")
        assert await story.refused("respond", **resolving("upheld")) == "no-contact"
        await story.call()
        await story.act("respond", **resolving("partially-upheld"))
        assert (await story.row())["stages"][-1]["responded_in_time"] is True
        assert story.mails_to("resident") == [
            "Mon 2028-03-06 10:00 receipt",
            "Fri 2028-03-10 08:00 moved-on",
            "Mon 2028-03-13 11:00 agreed-date",
            "Wed 2028-03-29 15:00 response",
        ]
        assert story.mails_to("sam-okafor") == [
            "Fri 2028-03-10 10:00 assignment",
            "Mon 2028-03-13 08:10 digest",  # it is new
            "Tue 2028-03-14 08:10 digest",  # its date is now the agreed Wednesday 29 March
            "Fri 2028-03-24 08:10 digest",  # three working days before that
            "Tue 2028-03-28 08:10 digest",  # one
        ]
        assert "Wednesday 29 March 2028" in story.mail("resident", "agreed-date").text


async def test_not_resolved_the_first_time_is_said_before_its_time_is_over() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="review-panel")
        await story.at("Tue 2028-03-07 10:00")
        position = await story.act("refer")
        assert (position["stage"], position["status"]) == ("stage-1", "escalated")
        assert await story.timeline("missed", "moved-on") == ["Tue 2028-03-07 10:00 moved-on"]
        # Ten working days from Tuesday 7 March.
        assert [c["due"] for c in await story.clocks()][-1] == "2028-03-21"


async def test_stage_2_is_refused_for_want_of_evidence() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await answered_at_stage_1(story)
        await story.at("Mon 2028-03-27 09:00")
        await story.act("escalate", offers=["reasons"])
        await story.at("Tue 2028-03-28 09:00")
        no_evidence = {"reason": "no-further-evidence", "explanation": "We answered every point."}
        position = await story.act("decline", **no_evidence)
        assert position["status"] == "closed"
        letter = story.mail("resident", "decline").text
        for whom in ("Designated Person", "Housing Ombudsman Service"):
            assert whom in letter
        assert "Ofsted" not in letter  # the complaint is about housing
        row = await story.row()
        assert (row["status"], row["closed_reason"]) == ("closed", "declined")
        assert story.mails_to("resident")[-1] == "Tue 2028-03-28 09:00 decline"


async def test_the_director_resolves_it() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await asked_for_with_evidence(story)
        nothing_new = {"reason": "no-further-evidence", "explanation": "Nothing new."}
        assert await story.refused("decline", **nothing_new) == "reason-does-not-hold"
        assert await story.refused("assign", investigator="sam-okafor") == "previously-involved"
        assert await story.refused("assign", investigator="megan-price") == "role-not-allowed"
        # Twenty working days from Monday 27 March, over Easter: Wednesday 26 April.
        assert [c["due"] for c in await story.clocks()][-1] == "2028-04-26"
        await story.at("Thu 2028-04-20 10:00")
        await story.call()
        position = await story.act("respond", **resolving("upheld"))
        assert position["status"] == "closed"
        row = await story.row()
        assert (row["stage"], row["closed_reason"]) == ("stage-2", "final-response")
        assert story.mails_to("omar-haddad") == [
            "Mon 2028-03-27 09:00 assignment",
            "Tue 2028-03-28 08:10 digest",  # it is new; answered before a reminder was due
        ]


async def test_the_panel_hears_it_and_answers_within_three_weeks() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await asked_for_with_evidence(story)
        await story.at("Wed 2028-04-05 10:00")
        assert await story.refused("refer") == "no-contact"
        await story.call()
        await story.act("refer")
        # The hearing gets a date within twenty working days of Wednesday 5 April: over Easter
        # and the early May holiday that is Monday 8 May.
        [arrange] = [c for c in await story.clocks() if c["clock"] == "arrange"]
        assert arrange["due"] == "2028-05-08"
        assert await story.refused("assign", investigator="omar-haddad") == "previously-involved"
        await story.assign(investigator="nina-costa")
        await story.act("hearing", on="2028-04-12", members=["edith-owusu", "paul-whelan"])
        await story.act("hearing", on="2028-04-19")  # the same panel, on another day
        assert await story.refused("respond", **resolving("upheld")) == "not-heard"
        await story.at("Tue 2028-05-09 10:00")
        assert await story.refused("respond", **resolving("upheld")) == "second-person-needed"
        await story.assign(investigator="nina-costa", together_with="edith-owusu")
        await story.act("respond", **resolving("upheld"))
        # Three weeks from Wednesday 19 April.
        respond = (await story.clocks())[-1]
        assert (respond["clock"], respond["due"], respond["state"]) == (
            "respond",
            "2028-05-10",
            "met",
        )
        assert story.mails_to("resident")[-4:] == [
            "Wed 2028-04-05 10:00 moved-on",
            "Wed 2028-04-05 10:00 hearing",
            "Wed 2028-04-05 10:00 hearing",
            "Tue 2028-05-09 10:00 response",
        ]
        assert story.mails_to("nina-costa") == [
            "Wed 2028-04-05 10:00 assignment",
            "Thu 2028-04-06 08:10 digest",  # it is new, and has its hearing
            "Fri 2028-05-05 08:10 digest",  # three working days before Wednesday 10 May
            "Tue 2028-05-09 08:10 digest",  # one
        ]
        # The panel hears of its hearing at once, and of nothing that is for those in charge.
        heard = ["Wed 2028-04-05 10:00 panel-hearing"] * 2
        assert story.mails_to("paul-whelan") == heard
        assert story.mails_to("edith-owusu") == [*heard, "Tue 2028-05-09 10:00 assignment"]
        first, moved = (mail.text for mail in story.letters("paul-whelan", "panel-hearing"))
        assert "on Wednesday 12 April 2028. The panel's answer is due by Wednesday 3 May" in (
            " ".join(first.split())
        )
        assert "is now on Wednesday 19 April 2028; it was to be on Wednesday 12 April" in moved
        row = await story.row()
        assert (row["stage"], row["status"], row["closed_reason"]) == (
            "panel",
            "closed",
            "final-response",
        )
