"""What stands in the way of a start is said in one line that names it and how to mend it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.embedded import checks
from services.embedded.refusals import CannotStart
from services.embedded.settings import EmbeddedSettings, Port
from tests.ports import free_port


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which something else listens until the test is over."""
    listening = socket.create_server(("127.0.0.1", 0))
    port: int = listening.getsockname()[1]
    yield port
    listening.close()


def putright_up(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs `putright up` where it must refuse; the ports that are not given are free ones."""
    own = {port.setting: str(free_port()) for port in EmbeddedSettings().ports}
    return subprocess.run(
        [sys.executable, "-m", "services", "up"],
        env={**os.environ, **own, "PUTRIGHT_VAR": str(folder / "var"), **settings},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize(
    "setting",
    [
        *("PUTRIGHT_INTAKE_PORT", "PUTRIGHT_REPORTING_PORT", "PUTRIGHT_TEMPORAL_PORT"),
        *("PUTRIGHT_TEMPORAL_UI_PORT", "PUTRIGHT_SMTP_PORT", "PUTRIGHT_INBOX_PORT"),
        *("PUTRIGHT_WORKFLOW_PORT", "PUTRIGHT_NOTIFY_PORT"),
    ],
)
def test_every_port_has_a_setting_and_is_looked_at(taken: int, setting: str) -> None:
    field = setting.removeprefix("PUTRIGHT_").lower()
    others = {port.setting: free_port() for port in EmbeddedSettings().ports}
    settings = EmbeddedSettings.model_validate(
        {name.removeprefix("PUTRIGHT_").lower(): port for name, port in others.items()}
        | {field: taken}
    )
    with pytest.raises(CannotStart) as caught:
        checks.ports_are_free(settings.ports)
    assert str(caught.value).startswith(f"port {taken}, for ")
    assert str(caught.value).endswith(f"is taken: stop what uses it, or set {setting} to another")


def test_a_port_that_two_want_is_refused() -> None:
    port = free_port()
    with pytest.raises(CannotStart, match="set PUTRIGHT_B_PORT"):
        checks.ports_are_free(
            [Port(port, "a", "PUTRIGHT_A_PORT"), Port(port, "b", "PUTRIGHT_B_PORT")]
        )


def test_a_port_whose_connections_fade_away_is_free() -> None:
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    client = socket.create_connection(("127.0.0.1", port))
    accepted, _ = server.accept()
    accepted.close()  # the side that closes first is left in TIME_WAIT
    client.close()
    server.close()
    checks.ports_are_free([Port(port, "a", "PUTRIGHT_A_PORT")])


def test_a_taken_port_is_one_line_and_nothing_is_started(tmp_path: Path, taken: int) -> None:
    result = putright_up(tmp_path, PUTRIGHT_INBOX_PORT=str(taken))
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == (
        f"putright: port {taken}, for the mail catcher's inbox, is taken: "
        "stop what uses it, or set PUTRIGHT_INBOX_PORT to another\n"
    )
    assert not (tmp_path / "var" / "log").exists()


def test_a_port_that_is_no_port_is_one_line(tmp_path: Path) -> None:
    result = putright_up(tmp_path, PUTRIGHT_SMTP_PORT="smtp")
    assert result.returncode == 1
    [line] = result.stderr.splitlines()
    assert line.startswith("putright: PUTRIGHT_SMTP_PORT is 'smtp': ")


def test_a_missing_temporal_is_one_line(tmp_path: Path) -> None:
    """A Python of its own folder, with nothing beside it and nothing on its path."""
    (tmp_path / "bin").mkdir()
    lonely = tmp_path / "bin" / "python"
    lonely.symlink_to(Path(sys.executable).resolve())
    result = subprocess.run(
        [lonely, "-m", "services", "up"],
        env={
            "PATH": str(tmp_path),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "PUTRIGHT_VAR": str(tmp_path / "var"),
        },
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr == (
        "putright: the program `temporal` is missing: it comes with putright[embedded], "
        "which `make run` installs\n"
    )


def test_a_missing_mail_catcher_is_one_line() -> None:
    with pytest.raises(CannotStart, match="the mail catcher `no_such_module` is missing: "):
        checks.mail_catcher("no_such_module")


def test_a_missing_staff_directory_is_one_line(tmp_path: Path) -> None:
    result = putright_up(tmp_path, PUTRIGHT_DIRECTORY_FILE=str(tmp_path / "nobody.toml"))
    assert result.returncode == 1
    [line] = result.stderr.splitlines()
    assert line.startswith(f"putright: the staff directory {tmp_path}/nobody.toml is missing: ")


def test_two_at_once_on_the_same_data_are_refused(tmp_path: Path) -> None:
    with checks.hold(tmp_path / "var"):
        with pytest.raises(CannotStart, match="already runs"):
            checks.hold(tmp_path / "var")
        result = putright_up(tmp_path)
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    checks.hold(tmp_path / "var").close()
