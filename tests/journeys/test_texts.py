"""A resident who asked for texts is reminded that their own time to go further ends."""

from services.notify.ways import Delivery, Ready
from tests.journeys.story import RESIDENT, Story, telling


class Texts:
    """A way that takes text messages and keeps them; GOV.UK Notify's is tested elsewhere."""

    def __init__(self) -> None:
        self.taken: list[tuple[str | None, str | None]] = []
        """To which number, and what they say."""

    async def deliver(self, ready: Ready) -> Delivery:
        self.taken.append((ready.recipient.phone, ready.letter.sms))
        return Delivery("delivered", "kept", "kept by the test")


async def answered(story: Story, **complainant: object) -> None:
    """Stage 1 is answered on Monday 20 March: stage 2 can be asked for until Wednesday 19 April."""
    await story.receive(
        policy="community-support",
        complainant={"name": "Ada Bell", "email": RESIDENT, **complainant},
    )
    await story.assign(investigator="sam-okafor")
    await story.acknowledge()
    await story.at("Mon 2028-03-20 15:00")
    await story.respond("not-upheld", "upheld")


async def test_a_resident_who_asked_for_texts_is_reminded_of_their_window_by_text() -> None:
    texts = Texts()
    async with telling("Mon 2028-03-06 10:00", extra={"text": texts}) as story:
        await answered(story, phone="07700 900123", texts=True)
        await story.at("Mon 2028-04-10 07:59")
        assert texts.taken == []
        # Five working days before Wednesday 19 April, over Easter: Tuesday 18, Thursday 13,
        # Wednesday 12, Tuesday 11, Monday 10.
        await story.at("Fri 2028-04-21 12:00")
        [(number, said)] = texts.taken
        assert number == "07700 900123"
        assert said is not None
        assert f"complaint {story.reference}" in said
        assert "until Wednesday 19 April 2028" in said
        assert (await story.timeline("reminded"))[-1] == "Mon 2028-04-10 08:00 reminded"
        assert (await story.proof("resident"))[-2:] == [
            "Mon 2028-04-10 08:00 The notice of their time to go further to the resident was sent.",
            "Thu 2028-04-20 08:00 The notice of closing to the resident was sent.",
        ]
        # Everything else goes by mail as before.
        assert [line.split()[-1] for line in story.mails_to("resident")] == [
            "receipt",
            "acknowledgement",
            "response",
            "closing",
        ]


async def test_without_a_way_to_text_the_reminder_is_mailed() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await answered(story, phone="07700 900123", texts=True)
        await story.at("Tue 2028-04-11 12:00")
        assert story.mails_to("resident")[-1] == "Mon 2028-04-10 08:00 window-reminder"
        reminder = story.mail("resident", "window-reminder").text
        assert "until Wednesday 19 April 2028" in " ".join(reminder.split())
