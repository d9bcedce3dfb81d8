"""The supervisor over real child processes: order, restarts, giving up, stopping, no orphans."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from services.shared import supervisor as supervisor_module
from services.shared.readiness import answers, every, listens
from services.shared.supervisor import Child, GaveUp, Supervisor
from tests.ports import free_port

QUICK_PYTHON = (sys.executable, "-I", "-S", "-c")
"""A Python that starts in about 15 ms: no site packages, no environment."""

SERVER = """
import socket, sys, time
time.sleep(float(sys.argv[2]))
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    connection, _ = server.accept()
    connection.close()
"""

STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""


def server(name: str, port: int, *, delay: float = 0, after: tuple[str, ...] = ()) -> Child:
    command = (*QUICK_PYTHON, SERVER, str(port), str(delay))
    return Child(name, command, ready=listens(port), after=after)


def python(name: str, program: str, *, after: tuple[str, ...] = (), grace: float = 5) -> Child:
    """A child that counts as ready as soon as it runs."""
    command = (*QUICK_PYTHON, textwrap.dedent(program))
    return Child(name, command, ready=at_once, after=after, grace=grace)


async def at_once() -> bool:
    return True


class Running:
    """A supervisor in the background of a test."""

    def __init__(self, logs: Path, *children: Child) -> None:
        self.said: list[str] = []
        self.ready = asyncio.Event()
        self.supervisor = Supervisor(children, logs, self.said.append)
        self.task = asyncio.create_task(self.supervisor.run(self.ready.set))

    async def stop(self) -> float:
        """Stops it and gives the seconds that took."""
        started = time.monotonic()
        self.supervisor.stop()
        await self.task
        return time.monotonic() - started


STRANGERS: set[int] = set()
"""The processes that other tests of this one have started and still use, such as a browser."""


@pytest.fixture(autouse=True)
def _only_what_this_test_starts_is_ours() -> None:
    STRANGERS.clear()
    STRANGERS.update(child.pid for child in psutil.Process().children(recursive=True))


def ours() -> list[psutil.Process]:
    children: list[psutil.Process] = psutil.Process().children(recursive=True)
    return [child for child in children if child.pid not in STRANGERS]


async def test_a_child_starts_only_when_what_it_needs_is_ready(tmp_path: Path) -> None:
    port, marks = free_port(), tmp_path / "marks"
    looks = f"""
        import socket, time
        socket.create_connection(("127.0.0.1", {port})).close()
        open({str(marks)!r}, "w").write("connected")
        time.sleep(60)
    """
    running = Running(
        tmp_path, python("second", looks, after=("first",)), server("first", port, delay=0.4)
    )
    await asyncio.wait_for(running.ready.wait(), 10)
    while not marks.exists():
        await asyncio.sleep(0.01)
    await running.stop()
    assert running.said == []
    assert ours() == []


async def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    port = free_port()
    running = Running(tmp_path, server("first", port))
    await asyncio.wait_for(running.ready.wait(), 10)
    [victim] = ours()
    victim.kill()
    while victim.is_running() or not await listens(port)():
        await asyncio.sleep(0.02)
    await running.stop()
    assert running.said == ["first was ended by SIGKILL; starting it again"]


async def test_a_child_that_keeps_dying_ends_everything_and_says_why(tmp_path: Path) -> None:
    running = Running(
        tmp_path,
        server("steady", free_port()),
        python("broken", "print('the disk is full'); raise SystemExit(3)"),
    )
    with pytest.raises(GaveUp) as caught:
        await asyncio.wait_for(running.task, 20)
    assert "broken keeps dying: 5 times in 30 s; the last time it ended with code 3" in str(
        caught.value
    )
    assert caught.value.log == ("the disk is full",) * 5
    assert len(running.said) == 4
    assert ours() == []


async def test_a_step_that_fails_ends_everything_before_what_needs_it_starts(
    tmp_path: Path,
) -> None:
    step = Child("step", (*QUICK_PYTHON, "raise SystemExit('no such table')"), ready=None)
    running = Running(tmp_path, step, server("needs-it", free_port(), after=("step",)))
    with pytest.raises(GaveUp, match="step ended with code 1") as caught:
        await asyncio.wait_for(running.task, 10)
    assert caught.value.log == ("no such table",)
    assert not (tmp_path / "needs-it.log").exists()


async def test_a_step_that_succeeds_is_run_once(tmp_path: Path) -> None:
    step = Child("step", (*QUICK_PYTHON, "print('done')"), ready=None)
    running = Running(tmp_path, step, server("needs-it", free_port(), after=("step",)))
    await asyncio.wait_for(running.ready.wait(), 10)
    await running.stop()
    assert (tmp_path / "step.log").read_text() == "done\n"
    assert running.said == []


async def test_a_program_that_is_not_there_is_an_error_and_stops_the_rest(tmp_path: Path) -> None:
    missing = Child("missing", (str(tmp_path / "no-such-program"),), ready=at_once)
    running = Running(tmp_path, server("steady", free_port()), missing)
    with pytest.raises(FileNotFoundError):
        await asyncio.wait_for(running.task, 10)
    assert ours() == []


async def test_children_stop_before_what_they_need(tmp_path: Path) -> None:
    notes = tmp_path / "order"
    noting = """
        import signal, sys, time
        def end(*_):
            time.sleep({wait})
            open({notes!r}, "a").write("{name}\\n")
            raise SystemExit(0)
        signal.signal(signal.SIGTERM, end)
        print("up", flush=True)
        time.sleep(60)
    """
    base = python("base", noting.format(notes=str(notes), name="base", wait=0))
    user = python("user", noting.format(notes=str(notes), name="user", wait=0.3), after=("base",))
    running = Running(tmp_path, base, user)
    for name in ("base", "user"):
        while not (tmp_path / f"{name}.log").exists() or not (tmp_path / f"{name}.log").read_text():
            await asyncio.sleep(0.01)
    await running.stop()
    assert notes.read_text().split() == ["user", "base"]


async def test_a_child_that_does_not_end_is_killed_after_its_grace(tmp_path: Path) -> None:
    running = Running(tmp_path, python("stubborn", STUBBORN, grace=0.5))
    while not (tmp_path / "stubborn.log").exists() or not (tmp_path / "stubborn.log").read_text():
        await asyncio.sleep(0.01)
    took = await running.stop()
    assert 0.5 <= took < 3
    assert running.said == ["stubborn did not end within 0.5 s and was killed"]
    assert ours() == []


async def test_what_a_child_has_started_ends_with_it(tmp_path: Path) -> None:
    family = f"""
        import subprocess, sys, time
        subprocess.Popen([{sys.executable!r}, "-I", "-S", "-c", "import time; time.sleep(60)"])
        print("up", flush=True)
        time.sleep(60)
    """
    running = Running(tmp_path, python("family", family))
    while len(ours()) < 2:
        await asyncio.sleep(0.01)
    grandchild = next(process for process in ours() if process.ppid() != os.getpid())
    await running.stop()
    async with asyncio.timeout(5):  # the kill is sent by then, and the kernel takes its moment
        while grandchild.is_running() and grandchild.status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.01)


async def test_the_log_of_the_run_before_is_kept_beside(tmp_path: Path) -> None:
    for text in ("first run", "second run"):
        step = Child("step", (*QUICK_PYTHON, f"print({text!r})"), ready=None)
        running = Running(tmp_path, step)
        await asyncio.wait_for(running.ready.wait(), 10)
        await running.stop()
    assert (tmp_path / "step.log").read_text() == "second run\n"
    assert (tmp_path / "step.log.1").read_text() == "first run\n"


def supervising_process(tmp_path: Path, *ports: int) -> subprocess.Popen[str]:
    """A supervisor as a process of its own, with one server per port; waits until all are ready."""
    program = f"""
        import asyncio, sys
        from pathlib import Path
        from services.shared.supervisor import Child, Supervisor
        from services.shared.readiness import listens
        children = [
            Child(str(port), (*{QUICK_PYTHON!r}, {SERVER!r}, str(port), "0"), ready=listens(port))
            for port in {ports!r}
        ]
        supervisor = Supervisor(children, Path({str(tmp_path)!r}))
        asyncio.run(supervisor.run(lambda: print("ready", flush=True)))
        print("stopped", flush=True)
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(tmp_path: Path, sign: signal.Signals) -> None:
    process = supervising_process(tmp_path, free_port(), free_port())
    children = psutil.Process(process.pid).children()
    process.send_signal(sign)
    output, _ = process.communicate(timeout=10)
    assert (process.returncode, output) == (0, "stopped\n")
    assert not any(child.is_running() for child in children)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_no_child_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    process = supervising_process(tmp_path, free_port(), free_port())
    children = psutil.Process(process.pid).children()
    assert len(children) == 2
    process.kill()
    process.communicate(timeout=10)
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []


async def test_an_answer_counts_only_with_status_200_and_the_texts(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "page").write_text(json.dumps({"name": "NextDue"}))
    web_server = (sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port))
    web = Child("web", (*web_server, "-d", str(tmp_path)), ready=listens(port))
    running = Running(tmp_path / "logs", web)
    await asyncio.wait_for(running.ready.wait(), 20)
    assert await answers(port, "/page")()
    assert await answers(port, "/page", holding=["NextDue"])()
    assert not await answers(port, "/page", holding=["NextDue", "Overdue"])()
    assert not await answers(port, "/other")()
    assert not await every(listens(port), answers(port, "/other"))()
    await running.stop()
    assert not await answers(port, "/page")()


def test_giving_up_comes_before_a_person_would() -> None:
    pauses = [
        supervisor_module.FIRST_PAUSE * 2**death
        for death in range(supervisor_module.MOST_DEATHS - 1)
    ]
    assert sum(pauses) < supervisor_module.DEATHS_WITHIN / 2
