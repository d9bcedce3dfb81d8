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
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from services.intake import app as intake_app
from services.intake import channel_keys
from services.intake.settings import IntakeSettings
from services.notify import directory, staff
from services.notify.activities import NotifyActivities
from services.notify.delivery import Mailer
from services.notify.settings import NotifySettings
from services.notify.ways import Ways
from services.notify.worker import build_worker as notify_worker
from services.reporting import app as reporting_app
from services.reporting.activities import ReportingActivities
from services.reporting.settings import ReportingSettings
from services.reporting.worker import build_worker as reporting_worker
from services.shared.database import Database, migrate
from services.shared.keys import key_hash, new_key
from services.workflow.recount_messages import CALENDAR_CHANGED, CalendarChanged
from services.workflow.worker import build_worker as workflow_worker
from tests.days import london, written
from tests.engine import PAYLOAD_KEYS, settled, skipping_time, workflow_settled
from tests.mail_catcher import Caught, MailCatcher

ROOT = Path(__file__).parents[2]
DIRECTORY = ROOT / "deploy" / "directory.example.toml"
RESIDENT = "ada.bell@example.org"
STAFF_KEY = new_key("staff")


class Story:
    """One complaint and everybody whom it concerns."""

    def __init__(
        self,
        env: WorkflowEnvironment,
        *,
        catcher: MailCatcher,
        intake: httpx.AsyncClient,
        register: httpx.AsyncClient,
        channel_key: str,
        ledger: Path,
    ) -> None:
        self.reference = ""
        self.feedback: list[str] = []
        """The references of the feedback that was brought in."""
        self.catcher = catcher
        self.intake = intake
        self._env = env
        self._register = register
        self._channel_key = channel_key
        self._ledger = ledger
        self._managers: list[str] = []
        """Whoever was put in charge, or on the panel: each has a caseload."""
        self._addresses = {person.id: person.email for person in directory.read(DIRECTORY).people}
        self._addresses["resident"] = RESIDENT

    async def at(self, moment: str) -> None:
        """Lets time pass until then, and lets everything that follows be told."""
        await self.sleep_until(moment)
        if self.reference:
            await self._settled()
        for reference in self.feedback:
            await workflow_settled(self._env.client, f"feedback-{reference}")

    async def sleep_until(self, moment: str) -> None:
        """Lets time pass until then, while something such as a mail may go on and on."""
        await self._env.sleep(london(moment) - await self._env.get_current_time())

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
        await self._settled()
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

    async def respond(self, *decisions: str) -> dict[str, Any]:
        """Answers the points in order with these decisions."""
        return await self.act("respond", **answering(*decisions))

    async def call(self) -> None:
        """Logs a telephone call made now."""
        now = await self._env.get_current_time()
        await self.act("contacts", outcome="made", how="phone", happened_at=now.isoformat())

    async def calendar_changed(self, version: str) -> None:
        """Tells the complaint of a newer calendar, as an import does."""
        handle = self._env.client.get_workflow_handle(f"complaint-{self.reference}")
        await handle.signal(CALENDAR_CHANGED, CalendarChanged(version=version))
        await self._settled()

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

    def _about(self, mail: Caught) -> str:
        """Returns the kind of notice that a mail is, by the ledger's row of its Message-ID."""
        with closing(sqlite3.connect(self._ledger)) as ledger:
            rows = ledger.execute("SELECT key FROM notice WHERE message_id = ?", (mail.message_id,))
            [(key,)] = rows.fetchall()
        about: str = key.split("/")[2]
        return about

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
        await self._settled()
        return found

    async def _settled(self) -> None:
        """Returns when the complaint and everybody's caseload wait for people and time alone.

        A complaint tells caseloads, and these tell it what they have sent.
        """
        await settled(self._env.client, self.reference)
        for staff_id in dict.fromkeys(self._managers):
            await workflow_settled(self._env.client, f"manager-{staff_id}")
        if self._managers:
            await settled(self._env.client, self.reference)

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


@asynccontextmanager
async def telling(begin: str) -> AsyncIterator[Story]:
    """Starts every service over a server that skips time, at a moment of 2028, and a story."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        env = await stack.enter_async_context(skipping_time())
        now = env.get_current_time
        if london(begin) < await now():
            raise ValueError(f"{begin} is past: move the stories to a later year")
        await env.sleep(london(begin) - await now())
        catcher = await stack.enter_async_context(MailCatcher())
        databases = {}
        for service in ("intake", "notify", "reporting"):
            url = f"sqlite+aiosqlite:///{folder}/{service}.db"
            migrate(ROOT / "services" / service, url)
            databases[service] = Database(url)
            stack.push_async_callback(databases[service].close)
        async with databases["notify"].session() as session:
            await staff.seed(session, directory.read(DIRECTORY))
        common: dict[str, Any] = {
            "environment": "embedded",
            "payload_keys": PAYLOAD_KEYS,
            "staff_key_hash": key_hash(STAFF_KEY),
        }
        settings = NotifySettings(**common, smtp_port=catcher.port)
        mailer = Mailer(settings)
        stack.push_async_callback(mailer.close)
        ways: Ways = {"email": mailer, "by-hand": mailer}
        for worker in (
            workflow_worker(env.client),
            notify_worker(env.client, NotifyActivities(databases["notify"], ways, settings, now)),
            reporting_worker(env.client, ReportingActivities(databases["reporting"])),
        ):
            await stack.enter_async_context(worker)
        channel_key = await channel_keys.issue(databases["intake"], "stories", "*", await now())
        intake = intake_app.create_app(
            IntakeSettings(**common), databases["intake"], env.client, now
        )
        register = reporting_app.create_app(
            ReportingSettings(**common), databases["reporting"], env.client
        )
        await stack.enter_async_context(intake.router.lifespan_context(intake))
        clients = {}
        for name, app in {"intake": intake, "register": register}.items():
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="http://putright.test",
                headers={"Authorization": f"Bearer {STAFF_KEY}"},
            )
            clients[name] = await stack.enter_async_context(client)
        ledger = folder / "notify.db"
        yield Story(env, catcher=catcher, channel_key=channel_key, ledger=ledger, **clients)
