"""What managers do from their mail: by its links, through the real pages, workflow and mail."""

import re

import httpx

from tests.journeys.story import Story, telling

LINK = re.compile(r"http://127\.0\.0\.1:8000(/manager/([a-z-]+)/\S+)")
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]+)">')


def links(story: Story, who: str, about: str) -> dict[str, str]:
    """The links in the only mail of that kind to somebody, by what each is for."""
    return {purpose: path for path, purpose in LINK.findall(story.mail(who, about).text)}


async def send(story: Story, link: str, **typed: str) -> httpx.Response:
    """Fills the form behind a link in and sends it twice, as an impatient reader does."""
    form = dict(HIDDEN.findall((await story.intake.get(link)).text))
    for _ in range(2):
        sent = await story.intake.post(link, data={**form, **typed})
    if sent.status_code != 303:
        return sent
    return await story.intake.get(str(sent.url.join(sent.headers["location"])))


async def test_a_manager_confirms_asks_for_help_logs_a_call_and_extends_from_the_mail() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="housing-ombudsman")
        await story.act("assign", investigator="sam-okafor")
        mine = links(story, "sam-okafor", "assignment")
        for link in mine.values():
            assert (await story.intake.get(link)).status_code == 200  # a scanner looks first
        assert await story.timeline("confirmed", "contacted", "extended", "help-asked") == []

        await send(story, mine["confirm"])
        await story.at("Tue 2028-03-07 11:00")
        await story.acknowledge()
        await send(story, mine["help"], help="records", note="The survey is with the contractor.")
        await send(
            *(story, mine["contact"]), outcome="made", how="phone", day="6/3/2028", time="3.15pm"
        )
        late = await send(story, mine["extend"], reason="The survey is late.", until="30/6/2028")
        assert late.status_code == 409
        assert "beyond-the-cap" in late.text
        extended = await send(
            story, mine["extend"], reason="The survey is on 28 March.", until="3/4/2028"
        )
        assert "The answer is now due by Monday 3 April 2028" in extended.text
        await story.at("Tue 2028-03-07 12:00")

        assert await story.timeline("confirmed", "contacted", "extended", "help-asked") == [
            "Mon 2028-03-06 10:00 confirmed",
            "Tue 2028-03-07 11:00 help-asked",
            "Tue 2028-03-07 11:00 contacted",
            "Tue 2028-03-07 11:00 extended",
        ]
        assert "The survey is with the contractor." in story.mail("priya-shah", "help-wanted").text
        assert "The survey is on 28 March." in story.mail("resident", "extension").text
        assert story.letters("sam-okafor", "chase") == []


async def test_a_deputy_takes_on_what_nobody_confirmed() -> None:
    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="housing-ombudsman")
        await story.act("assign", investigator="sam-okafor")
        await story.at("Thu 2028-03-09 12:00")
        offered = links(story, "megan-price", "offer")["take-on"]
        page = await send(story, offered)
        assert "You are in charge of this complaint now" in page.text
        await story.at("Thu 2028-03-09 13:00")
        assert (await story.row())["investigator"] == "megan-price"

        asked = links(story, "sam-okafor", "assignment")["confirm"]
        refused = await send(story, asked)
        assert refused.status_code in {409, 422}
        assert "This complaint is somebody else’s now" in (await story.intake.get(asked)).text
