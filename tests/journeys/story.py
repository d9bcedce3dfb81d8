"""A story: one complaint through the real intake, workers, mail and register, in skipped time.

    async with telling("Mon 2028-03-06 10:00") as story:
        await story.receive(policy="nacro")
        await story.at("Tue 2028-03-07 10:00")
        await story.assign(investigator="sam-okafor")
        assert story.mails_to("sam-okafor") == ["Tue 2028-03-07 10:00 assignment"]

The stories are set in 2028, the last year whose bank holidays are published.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, closing
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from temporalio.service import RPCError, RPCStatusCode

from services.notify.ways import Ways
from services.workflow.recount_messages import CALENDAR_CHANGED, CalendarChanged
from tests.days import day, london, written
from tests.engine import server_time, settled, sleep_until, workflow_settled
from tests.journeys.house import DIRECTORY, House, open_house
from tests.mail_catcher import Caught
from tests.raw_mailbox import RawMailbox

RESIDENT = "ada.bell@example.org"


class Story:
    """One complaint and everybody whom it concerns."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.reference = ""
        self.feedback: list[str] = []
        """The references of the feedback that was brought in."""
        self.catcher = house.catcher
        self.intake = house.intake
        self._env = house.env
        self._register = house.register
        self._channel_key = house.channel_key
        self._managers: list[str] = []
        """Whoever was put in charge, or on the panel: each has a caseload."""
        self._addresses = {person.id: person.email for person in DIRECTORY.people}
        self._addresses["resident"] = RESIDENT

    async def at(self, moment: str) -> None:
        """Lets time pass until then, and lets everything that follows be told."""
        await self.sleep_until(moment)
        await self.settled()

    async def sleep_until(self, moment: str) -> None:
        """Lets time pass until then, while something such as a mail may go on and on."""
        await sleep_until(self._env, london(moment))

    async def receive(self, **body: Any) -> dict[str, Any]:
        """Brings the complaint in by the API; returns the answer."""
        complaint = {
            "channel": "web",
            "complainant": {"name": "Ada Bell", "email": RESIDENT},
            "words": "There is damp in the bedroom and nobody rings back.",
            "outcome_sought": "A lasting repair.",
            "service_area": "Repairs",
            "region": "Midlands",
            **body,
        }
        answer = await self.intake.post(
            "/api/complaints",
            json=complaint,
            headers={"Authorization": f"Bearer {self._channel_key}"},
        )
        return await self._taken_in(answer)

    async def bring_feedback(
        self, kind: str, *, settle: bool = True, **body: Any
    ) -> dict[str, Any]:
        """Brings feedback in that is no complaint; returns the answer."""
        feedback = {
            "kind": kind,
            "channel": "web",
            "sender": {"name": "Ada Bell", "email": RESIDENT},
            "words": "The plumber was kind, and the lock still sticks.",
            "service_area": "Repairs",
            "region": "Midlands",
            **body,
        }
        answer = await self.intake.post(
            "/api/feedback",
            json=feedback,
            headers={"Authorization": f"Bearer {self._channel_key}"},
        )
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        self.feedback.append(found["reference"])
        workflow_id = f"feedback-{found['reference']}"
        async with asyncio.timeout(10):
            while not await self._exists(workflow_id):
                await asyncio.sleep(0.02)
        if settle:
            await workflow_settled(self._env.client, workflow_id)
        return found

    async def complain_of(self, feedback: str, **body: Any) -> dict[str, Any]:
        """Has staff file a complaint about how feedback was handled; returns the answer."""
        answer = await self.intake.post(f"/api/feedback/{feedback}/complain", json=body)
        return await self._taken_in(answer)

    async def feedback_register(self) -> dict[str, Any]:
        """Returns the register of feedback, by reference, and its counts under `counts`."""
        answer = await self._register.get("/api/feedback", params={"limit": "200"})
        assert answer.status_code == 200, answer.text
        found = answer.json()
        entries = {entry["reference"]: entry for entry in found["feedback"]}
        return {**entries, "counts": found["counts"]}

    async def complaints_registered(self) -> list[str]:
        """Returns the references in the register of complaints."""
        answer = await self._register.get("/api/register")
        return [entry["reference"] for entry in answer.json()["complaints"]]

    async def act(self, verb: str, *, key: str | None = None, **body: Any) -> dict[str, Any]:
        """Acts by the API, and lets everything that follows be told; returns the position."""
        answer = await self._post(verb, key, body)
        assert answer.status_code == 200, answer.text
        for name in ("investigator", "together_with"):
            self._managers += [body[name]] if body.get(name) else []
        self._managers += body.get("members", [])
        await self.settled()
        found: dict[str, Any] = answer.json()
        return found

    async def refused(self, verb: str, **body: Any) -> str:
        """Acts by the API in vain; returns the refusal's code."""
        answer = await self._post(verb, None, body)
        assert 400 <= answer.status_code < 500, answer.text
        code: str = answer.json()["code"]
        return code

    async def assign(self, *, investigator: str, **body: Any) -> dict[str, Any]:
        """Puts somebody in charge, alone or together with another; both confirm it at once."""
        position = await self.act("assign", investigator=investigator, **body)
        for staff_id in (investigator, body.get("together_with")):
            if staff_id is not None and staff_id not in position["confirmed"]:
                position = await self.act("confirm", by=staff_id)
        return position

    async def acknowledge(self, points: int = 2) -> dict[str, Any]:
        """Acknowledges with that many points."""
        return await self.act(
            "acknowledge",
            definition="Damp in the bedroom was not treated.",
            points=["The mould came back.", "Nobody rang back."][:points],
            outcomes_sought="A lasting repair.",
        )

    async def respond(self, *decisions: str, **body: Any) -> dict[str, Any]:
        """Answers the points in order with these decisions; `body` says what else is in it."""
        return await self.act("respond", **answering(*decisions) | body)

    async def call(self) -> None:
        """Logs a telephone call made now."""
        now = await server_time(self._env)
        await self.act("contacts", outcome="made", how="phone", happened_at=now.isoformat())

    async def calendar_changed(self, version: str) -> None:
        """Tells the complaint of a newer calendar, as an import does."""
        handle = self._env.client.get_workflow_handle(f"complaint-{self.reference}")
        await handle.signal(CALENDAR_CHANGED, CalendarChanged(version=version))
        await self.settled()

    async def letters_to_post(self) -> list[str]:
        """Returns the keys of the notices that wait in the print queue, the oldest first."""
        answer = await self.house.notify.get("/api/letters")
        assert answer.status_code == 200, answer.text
        return [letter["notice"] for letter in answer.json()["letters"]]

    async def post_letters(self, on: str) -> None:
        """Has staff print everything in the queue, post it on a day such as "Tue 2028-03-07", and
        mark it as posted now; returns when whoever wrote the letters has heard it."""
        keys = await self.letters_to_post()
        printed = await self.house.notify.get("/api/letters.pdf")
        assert printed.content.startswith(b"%PDF"), printed.text
        marked = {"notices": keys, "posted_on": day(on).isoformat()}
        answer = await self.house.notify.post("/api/letters/posted", json=marked)
        assert answer.status_code == 200, answer.text
        for key in keys:
            await self.news_told(key, "posted")

    async def news_told(self, key: str, outcome: str) -> None:
        """Returns when it was told what became of a notice later, and all that follows was."""
        [(mark,)] = self._look_up("SELECT mark FROM notice WHERE key = ?", key)
        await workflow_settled(self._env.client, f"news-{mark}-{outcome}")
        await self.settled()

    def mails_to(self, who: str) -> list[str]:
        """Returns the mails to the resident or a member of staff: when, and what about."""
        return [
            f"{_sent(mail)} {self._about(mail)}" for mail in self.catcher.to(self._addresses[who])
        ]

    def letters(self, who: str, about: str) -> list[Caught]:
        """Returns the mails of that kind to somebody, in the order in which they came."""
        return [
            mail for mail in self.catcher.to(self._addresses[who]) if self._about(mail) == about
        ]

    def mail(self, who: str, about: str) -> Caught:
        """Returns the only mail of that kind to somebody."""
        [found] = self.letters(who, about)
        return found

    def key_of(self, who: str, about: str) -> str:
        """Returns the key of the only notice of that kind that was mailed to somebody."""
        mail = self.mail(who, about)
        [(key,)] = self._look_up("SELECT key FROM notice WHERE message_id = ?", mail.message_id)
        return key

    def _about(self, mail: Caught) -> str:
        """Returns the kind of notice that a mail is, by the ledger's row of its Message-ID."""
        [(about,)] = self._look_up("SELECT about FROM notice WHERE message_id = ?", mail.message_id)
        return str(about)

    def _look_up(self, question: str, about: str) -> list[tuple[str, ...]]:
        path = self.house.notices.url.removeprefix("sqlite+aiosqlite:///")
        with closing(sqlite3.connect(path)) as ledger:
            return ledger.execute(question, (about,)).fetchall()

    async def timeline(self, *kinds: str) -> list[str]:
        """Returns what the register tells, or only events of those kinds: when, and what."""
        story = await self._read_register()
        return [
            f"{written(datetime.fromisoformat(entry['at']))} {entry['kind']}"
            for entry in story["timeline"]
            if not kinds or entry["kind"] in kinds
        ]

    async def sentences(self, kind: str) -> list[str]:
        """Returns how the register words the events of a kind."""
        timeline = (await self._read_register())["timeline"]
        return [entry["sentence"] for entry in timeline if entry["kind"] == kind]

    async def proof(self, role: str) -> list[str]:
        """Returns what the register tells of each notice to a role: when, and what became of it."""
        timeline = (await self._read_register())["timeline"]
        return [
            f"{written(datetime.fromisoformat(entry['at']))} {entry['sentence']}"
            for entry in timeline
            if entry["kind"] == "notice-settled" and f" to the {role} " in entry["sentence"]
        ]

    async def clocks(self) -> list[dict[str, Any]]:
        """Returns the clocks as the intake API tells them."""
        answer = await self.intake.get(f"/api/complaints/{self.reference}")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["position"]["clocks"]
        return found

    async def row(self) -> dict[str, Any]:
        """Returns the complaint's row in the register."""
        row: dict[str, Any] = (await self._read_register())["complaint"]
        return row

    async def _read_register(self) -> dict[str, Any]:
        answer = await self._register.get(f"/api/register/{self.reference}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def _post(self, verb: str, key: str | None, body: dict[str, Any]) -> httpx.Response:
        return await self.intake.post(
            f"/api/complaints/{self.reference}/{verb}",
            json=body,
            headers={} if key is None else {"Idempotency-Key": key},
        )

    async def _taken_in(self, answer: httpx.Response) -> dict[str, Any]:
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        self.reference = found["reference"]
        await self._started()
        await self.settled()
        return found

    async def settled(self) -> None:
        """Returns when everything in the story waits for people and time alone.

        A complaint tells caseloads, and these tell it what they have sent.
        """
        if self.reference:
            await settled(self._env.client, self.reference)
            for staff_id in dict.fromkeys(self._managers):
                await workflow_settled(self._env.client, f"manager-{staff_id}")
            await settled(self._env.client, self.reference)
        for reference in self.feedback:
            await workflow_settled(self._env.client, f"feedback-{reference}")

    async def _exists(self, workflow_id: str) -> bool:
        try:
            await self._env.client.get_workflow_handle(workflow_id).fetch_history()
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
            return False
        return True

    async def _started(self) -> None:
        handle = self._env.client.get_workflow_handle(f"complaint-{self.reference}")
        async with asyncio.timeout(10):
            while True:
                answer = await self.intake.get(f"/api/complaints/{self.reference}")
                if answer.json()["live"]:
                    break
                await asyncio.sleep(0.02)
        await handle.query("position")


def answering(*decisions: str) -> dict[str, Any]:
    """Returns the body that answers the points in order with these decisions."""
    return {
        "answers": [
            {"point": str(number), "decision": decision, "reasons": "Our records say so."}
            for number, decision in enumerate(decisions, 1)
        ]
    }


def _sent(mail: Caught) -> str:
    return written(parsedate_to_datetime(mail.message["Date"]))


def mornings(first: str, last: str, *, off: Collection[str] = ()) -> list[str]:
    """Returns the digests of every working morning from `first` to `last`, as `mails_to` does.

    Weekends are left out; bank holidays are for the story to name, so that it depends on no
    calendar of ours.
    """
    days_off = {day(one) for one in off}
    span = range((day(last) - day(first)).days + 1)
    days = [day(first) + timedelta(days=number) for number in span]
    return [
        f"{one:%a %Y-%m-%d} 08:10 digest"
        for one in days
        if one.isoweekday() <= 5 and one not in days_off
    ]


@asynccontextmanager
async def telling(
    begin: str, *, extra: Ways | None = None, mailbox: RawMailbox | None = None
) -> AsyncIterator[Story]:
    """Begins a story at a moment of 2028, with every service running; see `open_house`."""
    async with open_house(begin, extra or {}, mailbox) as house:
        yield Story(house)
