"""The resident answers a mail of ours: it comes in by the mailbox and reaches whoever must read it.

The mailbox is a real one, read by IMAP; the answer goes to where the mail asks for it.
"""

import asyncio
from email.message import EmailMessage

from tests.journeys.story import RESIDENT, Story, telling
from tests.raw_mailbox import RawMailbox, raw_mailbox


async def answer(story: Story, mailbox: RawMailbox, words: str, *, about: str) -> None:
    """Sends the resident's answer to the only mail of that kind, and waits until it was told."""
    ours = story.mail("resident", about).message
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Ada Bell <{RESIDENT}>", str(ours["Reply-To"])
    mail["Subject"] = f"Re: {ours['Subject']}"
    mail["Message-ID"] = f"<{len(mailbox.mails)}@home.example>"
    mail["In-Reply-To"] = str(ours["Message-ID"])
    mail.set_content(words)
    before = len(await story.timeline("resident-wrote"))
    mailbox.mails.append(mail.as_bytes())
    async with asyncio.timeout(15):
        while len(await story.timeline("resident-wrote")) == before:
            await asyncio.sleep(0.05)
    await story.settled()


async def test_what_a_resident_writes_reaches_whoever_is_in_charge_in_time_to_act() -> None:
    async with (
        raw_mailbox() as mailbox,
        telling("Mon 2028-03-06 10:00", mailbox=mailbox) as story,
    ):
        await story.receive(policy="housing-ombudsman")
        # Nobody is in charge yet: the complaints officer reads it, and at once.
        await answer(story, mailbox, "It drips on the cot.", about="receipt")
        assert story.mails_to("ruth-ellis-jones") == ["Mon 2028-03-06 10:00 from-resident"]
        await story.assign(investigator="sam-okafor")
        await story.acknowledge()  # the response is due on Monday 20 March

        await story.at("Thu 2028-03-09 17:30")
        await answer(story, mailbox, "It drips no more.", about="acknowledgement")
        assert story.mails_to("sam-okafor")[2:] == [], "it waits for the morning"
        await story.at("Fri 2028-03-10 12:00")
        assert story.mails_to("sam-okafor")[2:] == ["Fri 2028-03-10 08:10 digest"]
        digest = story.letters("sam-okafor", "digest")[-1].text
        assert "News: the resident has written." in digest
        assert "drips" not in digest, "a resident's words stay in the case file"

        # Once it is late, every word of the resident's is told at once.
        await story.at("Tue 2028-03-21 12:00")
        await answer(story, mailbox, "Where is your answer?", about="acknowledgement")
        assert story.mails_to("sam-okafor")[-3:] == [
            "Tue 2028-03-21 08:00 escalation",
            "Tue 2028-03-21 08:10 digest",
            "Tue 2028-03-21 12:00 from-resident",
        ]
        assert await story.timeline("resident-wrote") == [
            "Mon 2028-03-06 10:00 resident-wrote",
            "Thu 2028-03-09 17:30 resident-wrote",
            "Tue 2028-03-21 12:00 resident-wrote",
        ]
        proof = [line for line in await story.proof("investigator") if "new mail" in line]
        entered = "is with them: their next mail holds it"
        assert proof == [
            f"Thu 2028-03-09 17:30 The notice of new mail to the investigator {entered}.",
            "Fri 2028-03-10 08:10 The notice of new mail to the investigator was sent.",
            f"Tue 2028-03-21 12:00 The notice of new mail to the investigator {entered}.",
            "Tue 2028-03-21 12:00 The notice of new mail to the investigator was sent.",
        ]
