"""`putright up`, the real thing: a complaint from the printed call to the register, and a restart.

Slow for a test (it starts nine programs, twice), so it is one story.
"""

import asyncio
import json
import os
import re
import shutil
import signal
import smtplib
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import httpx
import psutil
import pytest

from services.embedded import keys
from services.embedded.settings import EmbeddedSettings
from tests.ports import free_port

Seen = TypeVar("Seen")

ROOT = Path(__file__).parents[2]

STOPS_WITHIN = 10.0

READY_WITHIN = 10.0

CORES = 2
"""Seconds to readiness are promised on two free cores. What else runs here would make a measured
time fail by chance, so the work of a start is held against what two cores do in that time."""


class Stack:
    """`putright up` on free ports in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = {port.setting: str(free_port()) for port in EmbeddedSettings().ports}
        self.settings = EmbeddedSettings.model_validate(
            {name.removeprefix("PUTRIGHT_").lower(): port for name, port in self.ports.items()}
        )
        self.output = folder / "output"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **settings: str) -> psutil.Process:
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "services", "up"],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), **self.ports, **settings},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        return psutil.Process(self.process.pid)

    def until_ready(self) -> float:
        """Waits until it says that all is ready, and gives the seconds that it says it took."""
        said = eventually(lambda: re.search(r"Ready after ([\d.]+) s", self.said()), within=90)
        return float(said[1])

    def said(self) -> str:
        return self.output.read_text()

    def interrupt(self) -> tuple[int, float]:
        """Presses Ctrl-C; gives the exit code and the seconds that the stop took."""
        assert self.process is not None
        started = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=30)
        return code, time.monotonic() - started

    @property
    def keys(self) -> dict[str, str]:
        return keys.read(self.folder / "var" / "dev.env")

    def staff(self, url: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.keys['PUTRIGHT_STAFF_KEY']}"}
        return httpx.get(url, headers=headers)

    def row(self, reference: str) -> dict[str, Any]:
        """The complaint's entry in the register; empty while there is none."""
        url = f"{self.keys['PUTRIGHT_REPORTING_URL']}/api/register/{reference}"
        entry: dict[str, Any] = self.staff(url).json().get("complaint", {})
        return entry

    def standing(self, reference: str) -> dict[str, Any]:
        """The complaint as intake has it, with where its workflow says that it stands."""
        url = f"{self.keys['PUTRIGHT_INTAKE_URL']}/api/complaints/{reference}"
        case_file: dict[str, Any] = self.staff(url).json()
        return case_file

    def write_mail(self, words: str) -> None:
        """Writes to the landlord as a resident's mail program does."""
        mail = EmailMessage()
        mail["From"], mail["To"] = "Ada Tenant <ada@home.example>", "complaints@example.org"
        mail["Subject"] = "The stairs"
        mail.set_content(words)
        with smtplib.SMTP("127.0.0.1", self.settings.smtp_port) as server:
            server.send_message(mail)

    def by_mail(self) -> list[dict[str, Any]]:
        """The complaints that came in by mail."""
        url = f"{self.keys['PUTRIGHT_INTAKE_URL']}/api/complaints?channel=email"
        found: list[dict[str, Any]] = self.staff(url).json()["complaints"]
        return found

    def bring_in(self, key: str) -> httpx.Response:
        return httpx.post(
            f"{self.keys['PUTRIGHT_INTAKE_URL']}/api/complaints",
            json={"channel": "phone", "words": "The lift is stuck.", "complainant": {}},
            headers={
                "Authorization": f"Bearer {self.keys['PUTRIGHT_CHANNEL_KEY']}",
                "Idempotency-Key": key,
            },
        )


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    stack = Stack(tmp_path)
    yield stack
    if stack.process is not None and stack.process.poll() is None:
        stack.process.kill()
        stack.process.wait()


def eventually(look: Callable[[], Seen | None], *, within: float = 20) -> Seen:
    """Looks until there is something to see. AssertionError when there is not in time."""
    deadline = time.monotonic() + within
    while not (seen := look()):
        assert time.monotonic() < deadline, f"nothing to see within {within} s"
        time.sleep(0.05)
    return seen


def cpu_seconds(process: psutil.Process) -> float:
    """What a process and everything that it has started have worked, on all cores together."""
    own = sum(process.cpu_times()[:4])
    return float(own + sum(sum(child.cpu_times()[:2]) for child in process.children()))


async def subjects(inbox: str) -> list[str]:
    """The subjects in the mail catcher's inbox, as its page shows them to anybody who opens it."""
    async with aiohttp.ClientSession() as session:
        page = await session.get(inbox)
        assert page.status == 200
        async with session.ws_connect(f"{inbox}/websocket") as socket:
            await socket.send_json({"command": "list_accounts"})
            [account] = (await socket.receive_json())["data"]["accounts"]
            await socket.send_json(
                {"command": "list_mails", "account": account, "mailbox": "INBOX"}
            )
            mails = (await socket.receive_json())["data"]["mails"]
    return [mail["header"]["subject"] for mail in mails]


def pasted(stack: Stack) -> str:
    """Runs the printed example in a shell, as a reader would; gives the new reference."""
    [line] = [line for line in stack.said().splitlines() if " curl " in line]
    shell = subprocess.run(
        ["sh", "-c", line.strip()],  # noqa: S607 — the reader's own shell
        cwd=stack.folder,
        capture_output=True,
        text=True,
        check=True,
    )
    reference: str = json.loads(shell.stdout)["reference"]
    return reference


def test_a_complaint_goes_all_the_way_and_outlives_a_restart(stack: Stack) -> None:
    process = stack.start()
    stack.until_ready()
    for name in ("dev.env", "secrets.env"):
        assert stat.S_IMODE((stack.folder / "var" / name).stat().st_mode) == 0o600

    checked = subprocess.run(
        [sys.executable, "-m", "services", "calendar", "check"],
        env={**os.environ, **stack.keys},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr

    first = stack.bring_in("lift-1")
    assert first.status_code == 201
    reference = first.json()["reference"]
    eventually(lambda: stack.row(reference))
    if shutil.which("curl"):
        mailed = pasted(stack)
        eventually(lambda: stack.row(mailed).get("notices_sent") == 1)
        inbox = stack.settings.url(stack.settings.inbox_port)
        assert [mailed in subject for subject in asyncio.run(subjects(inbox))] == [True]

    stack.write_mail("Nobody has cleaned the stairs since Christmas.")
    [by_mail] = eventually(stack.by_mail)
    eventually(lambda: stack.row(by_mail["reference"]))

    ui_settings = f"{stack.settings.url(stack.settings.temporal_ui_port)}/api/v1/settings"
    ui = httpx.get(ui_settings).json()
    assert ui["Codec"]["Endpoint"] == f"{stack.settings.url(stack.settings.workflow_port)}/codec"

    held, standing = stack.keys, stack.standing(reference)
    assert (standing["live"], standing["position"]["status"]) == (True, "received")
    children = process.children(recursive=True)
    code, took = stack.interrupt()
    assert (code, stack.said().splitlines()[-1]) == (0, "Stopped.")
    assert took < STOPS_WITHIN
    assert not any(child.is_running() for child in children)

    process = stack.start()
    stack.until_ready()
    assert cpu_seconds(process) < READY_WITHIN * CORES
    assert stack.keys == held
    assert stack.bring_in("lift-1").json()["reference"] == reference
    assert len(stack.by_mail()) == 1
    assert stack.standing(reference) == standing

    children = process.children(recursive=True)
    process.kill()
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []


def test_ctrl_c_while_it_still_starts_leaves_nothing_behind(stack: Stack) -> None:
    process = stack.start()
    children = eventually(lambda: process.children(recursive=True))
    code, took = stack.interrupt()
    assert (code, stack.said().splitlines()[-1]) == (0, "Stopped.")
    assert took < STOPS_WITHIN
    assert not any(child.is_running() for child in children)


def test_what_cannot_be_prepared_ends_the_start_and_says_why(stack: Stack) -> None:
    process = stack.start(PUTRIGHT_INTAKE_DATABASE_URL="sqlite+aiosqlite:////dev/null/intake.db")
    assert stack.process is not None
    assert stack.process.wait(timeout=60) == 1
    assert "everything is stopped, for prepare ended with code 1" in stack.said()
    assert "/dev/null" in stack.said()
    assert not process.is_running()
