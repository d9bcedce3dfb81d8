"""Feedback that is no complaint, through the real services: thanked, directed, passed on, counted.

Dates: Good Friday is Friday 14 April 2028, Easter Monday is Monday 17 April 2028.
"""

import asyncio
from datetime import datetime

import pytest

from services.workflow import policies
from tests.days import written
from tests.journeys.story import Story, telling

HEAD_OF_REPAIRS = "helen-ward"
OFFICER = "ruth-ellis-jones"
PROMISING = {"nacro", "manchester"}
"""The policies that promise thanks by a date."""


@pytest.mark.parametrize("policy", sorted(policies.published()))
async def test_each_kind_under_each_policy(policy: str) -> None:
    async with telling("Fri 2028-04-07 15:00") as story:
        references = {}
        for number, kind in enumerate(
            ("compliment", "comment", "service-request", "anti-social-behaviour")
        ):
            await story.at(f"Fri 2028-04-07 15:{number}1")
            receipt = await story.bring_feedback(kind, policy=policy)
            promised = policy in PROMISING and kind in {"compliment", "comment"}
            # Monday to Thursday, then Tuesday after Easter.
            assert receipt["thanks_by"] == ("2028-04-18" if promised else None)
            references[kind] = receipt["reference"]
        await story.at("Tue 2028-04-25 12:00")

        assert story.mails_to("resident") == [
            "Fri 2028-04-07 15:01 thanks",
            "Fri 2028-04-07 15:11 thanks",
            "Fri 2028-04-07 15:21 directed",
            "Fri 2028-04-07 15:31 directed",
        ]
        assert story.mails_to(HEAD_OF_REPAIRS) == [
            f"Fri 2028-04-07 15:{number}1 passed-on" for number in range(4)
        ]
        assert story.mails_to(OFFICER) == []
        register = await story.feedback_register()
        for kind, reference in references.items():
            entry = register[reference]
            assert (entry["kind"], entry["policy"], entry["complaint"]) == (kind, policy, None)
            promised = policy in PROMISING and kind in {"compliment", "comment"}
            assert entry["thanked_in_time"] is (True if promised else None)
            assert entry["thanked_at"]
            assert entry["passed_on_at"]
        assert {count["kind"]: count["received"] for count in register["counts"]} == dict.fromkeys(
            references, 1
        )
        assert await story.complaints_registered() == []


async def test_what_the_letters_say() -> None:
    async with telling("Fri 2028-04-07 15:00") as story:
        thanked = await story.bring_feedback("compliment", policy="nacro")
        await story.bring_feedback("anti-social-behaviour", policy="nottingham")
        thanks, directed = story.mail("resident", "thanks"), story.mail("resident", "directed")
        assert thanks.subject == f"Thank you for your compliment {thanked['reference']}"
        assert "Friday 7 April 2028" in thanks.text
        assert "disputes between neighbours" in directed.text
        assert "You do not have to wait until the work is done." in directed.text
        for mail in story.catcher.caught:
            assert "plumber" not in mail.text, "the sender's words stay in the case file"


async def test_with_mail_away_thanks_still_go_out_in_time() -> None:
    async with telling("Fri 2028-04-07 15:00") as story:
        await story.catcher.stop()
        receipt = await story.bring_feedback("comment", policy="nacro", settle=False)
        await story.sleep_until("Fri 2028-04-07 18:00")
        await story.catcher.start()
        await story.at("Fri 2028-04-07 18:30")
        [thanks] = story.mails_to("resident")
        assert thanks.startswith("Fri 2028-04-07 18:0")
        entry = (await story.feedback_register())[receipt["reference"]]
        assert (entry["thanked_in_time"], entry["late_recorded_at"]) == (True, None)
        await story.at("Tue 2028-04-25 12:00")
        assert story.mails_to(OFFICER) == []


async def recorded_late(story: Story, reference: str) -> None:
    """Waits until the register has the miss; the mail is still being tried."""
    async with asyncio.timeout(20):
        while True:
            entry = (await story.feedback_register()).get(reference)
            if entry and entry["late_recorded_at"]:
                return
            await asyncio.sleep(0.05)


async def test_thanks_that_could_not_go_out_in_time_are_missed_and_the_officer_is_told() -> None:
    async with telling("Tue 2028-04-18 22:00") as story:
        await story.catcher.stop()
        receipt = await story.bring_feedback(
            "compliment",
            policy="manchester",
            received_at="2028-04-07T14:00:00Z",  # Friday 15:00 in London
            settle=False,
        )
        assert receipt["thanks_by"] == "2028-04-18"  # Tuesday after Easter
        await story.sleep_until("Wed 2028-04-19 07:00")
        await recorded_late(story, receipt["reference"])
        entry = (await story.feedback_register())[receipt["reference"]]
        late_at = datetime.fromisoformat(entry["late_recorded_at"])
        assert written(late_at) == "Wed 2028-04-19 00:00"
        assert (entry["thanked_in_time"], entry["thanked_at"]) == (False, None)
        await story.catcher.start()
        await story.at("Wed 2028-04-19 12:00")
        [thanks] = story.mails_to("resident")
        assert thanks.startswith("Wed 2028-04-19 07:0")
        assert story.mails_to(OFFICER) == ["Wed 2028-04-19 08:00 thanks-late"]
        told = story.mail(OFFICER, "thanks-late").text
        assert "Tuesday 18 April 2028" in told
        assert "went out on Wednesday 19 April 2028" in told
        found = await story.feedback_register()
        assert found[receipt["reference"]]["thanked_in_time"] is False
        [count] = found["counts"]
        assert (count["received"], count["thanked_late"]) == (1, 1)


async def test_a_refused_address_is_told_to_the_officer_at_once_and_missed_in_its_time() -> None:
    async with telling("Fri 2028-04-07 15:00") as story:
        story.catcher.refuse(550, "ada.bell@example.org")
        receipt = await story.bring_feedback("compliment", policy="nacro")
        await story.at("Wed 2028-04-19 12:00")
        assert story.mails_to(OFFICER) == [
            "Fri 2028-04-07 15:00 undeliverable",
            "Wed 2028-04-19 08:00 thanks-late",
        ]
        entry = (await story.feedback_register())[receipt["reference"]]
        assert (entry["thanked_in_time"], entry["notices_refused"]) == (False, 1)


async def test_a_request_whose_handling_is_complained_of_becomes_a_complaint() -> None:
    async with telling("Fri 2028-04-07 15:00") as story:
        request = await story.bring_feedback("service-request", policy="housing-ombudsman")
        await story.at("Mon 2028-04-10 09:30")
        filed = await story.complain_of(request["reference"], words="Nobody has come.")
        assert filed["acknowledge_by"] == "2028-04-19"  # Wednesday after Easter
        assert await story.complain_of(request["reference"], words="Nobody has come.") == filed
        await story.assign(investigator="sam-okafor")
        await story.acknowledge()
        assert story.mails_to("resident") == [
            "Fri 2028-04-07 15:00 directed",
            "Mon 2028-04-10 09:30 receipt",
            "Mon 2028-04-10 09:30 acknowledgement",
        ]
        case = (await story.intake.get(f"/api/complaints/{story.reference}")).json()
        assert case["from_feedback"] == request["reference"]
        assert (case["words"], case["service_area"]) == ("Nobody has come.", "Repairs")
        file = (await story.intake.get(f"/api/feedback/{request['reference']}")).json()
        assert file["complaint"] == story.reference
        assert (await story.row())["from_feedback"] == request["reference"]
        assert await story.complaints_registered() == [story.reference]
        found = await story.feedback_register()
        assert found[request["reference"]]["complaint"] == story.reference
        [count] = found["counts"]
        assert count["became_complaints"] == 1


async def test_a_compliment_is_no_way_to_complain() -> None:
    async with telling("Fri 2028-04-07 15:00") as story:
        receipt = await story.bring_feedback("compliment", policy="nacro")
        answer = await story.intake.post(f"/api/feedback/{receipt['reference']}/complain", json={})
        assert (answer.status_code, answer.json()["code"]) == (409, "must-be-a-new-complaint")


async def test_a_sender_without_email_is_thanked_by_post_and_one_without_both_not_at_all() -> None:
    async with telling("Fri 2028-04-07 15:00") as story:
        by_post = await story.bring_feedback(
            "compliment", policy="nacro", sender={"name": "Ada Bell", "address": "1 High Street"}
        )
        nobody = await story.bring_feedback("compliment", policy="nacro", sender={})
        assert (by_post["thanks_by"], nobody["thanks_by"]) == ("2028-04-18", None)
        assert story.mails_to(OFFICER) == ["Fri 2028-04-07 15:00 letter-to-post"]
        await story.at("Tue 2028-04-11 10:00")
        waiting = (await story.feedback_register())[by_post["reference"]]
        assert waiting["thanked_at"] is None, "a letter that was not posted thanks nobody"
        await story.post_letters(on="Mon 2028-04-10")
        await story.at("Tue 2028-04-25 12:00")
        assert len(story.mails_to(HEAD_OF_REPAIRS)) == 2
        register = await story.feedback_register()
        thanked = register[by_post["reference"]]
        assert thanked["thanked_at"] == "2028-04-10T11:00:00Z"  # noon in London
        assert thanked["thanked_in_time"] is True
        assert register[nobody["reference"]]["anonymous"] is True
        assert register[nobody["reference"]]["thanked_at"] is None
        assert len(story.mails_to(OFFICER)) == 1
