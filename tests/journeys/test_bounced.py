"""A mail that was taken comes back days later: its complaint and the complaints officer hear it."""

from services.notify import news
from tests.engine import server_time
from tests.journeys.story import Story, telling

OFFICER = "ruth-ellis-jones"


async def comes_back(story: Story, key: str) -> None:
    """What notify does with a mail of a mail server that names the notice as undelivered."""
    house = story.house
    now = await server_time(house.env)
    for _ in range(2):  # it is read twice, as after a crash
        await news.learnt(
            *(house.notices, house.env.client, key),
            outcome="bounced",
            at=now,
            answer="550 5.2.1 mailbox disabled",
        )
    await story.news_told(key, "bounced")


async def test_a_response_that_comes_back_is_seen_to_by_a_person() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="housing-ombudsman")
        await story.assign(investigator="sam-okafor")
        await story.acknowledge()
        await story.at("Tue 2028-03-14 15:00")
        await story.respond("upheld", "upheld")
        await story.at("Wed 2028-03-15 11:00")
        response = story.key_of("resident", "response")
        await comes_back(story, response)

        assert (await story.proof("resident"))[-2:] == [
            "Tue 2028-03-14 15:00 The notice of response to the resident was sent.",
            "Wed 2028-03-15 11:00 The notice of response to the resident came back.",
        ]
        assert story.mails_to(OFFICER) == ["Wed 2028-03-15 11:00 undeliverable"]
        told = story.mail(OFFICER, "undeliverable").text
        assert "The response to the resident" in told
        assert "came back" in told
        row = await story.row()
        assert (row["status"], row["notices_refused"]) == ("answered", 1)


async def test_a_digest_that_comes_back_takes_all_its_entries_with_it() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="housing-ombudsman")
        await story.assign(investigator="sam-okafor")
        await story.acknowledge()
        await story.at("Wed 2028-03-15 12:00")
        assert story.mails_to("sam-okafor")[-1] == "Wed 2028-03-15 08:10 digest"
        await comes_back(story, "manager/sam-okafor/digest/2028-03-15")

        reminder = [line for line in await story.proof("investigator") if "reminder" in line]
        assert reminder[1:] == [
            "Wed 2028-03-15 08:10 The notice of reminder to the investigator was sent.",
            "Wed 2028-03-15 12:00 The notice of reminder to the investigator came back.",
        ]
        assert story.mails_to(OFFICER) == ["Wed 2028-03-15 12:00 undeliverable"]
        assert "list of open complaints" in story.mail(OFFICER, "undeliverable").text
