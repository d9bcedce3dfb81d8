"""What must hold before anything is started; each refusal is one line that says how to mend it."""

import errno
import fcntl
import importlib.util
import os
import shutil
import socket
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from services.embedded.refusals import CannotStart
from services.embedded.settings import Port

INSTALL = "it comes with putright[embedded], which `make run` installs"


def temporal() -> str:
    """Returns the path of the Temporal command line. Raises CannotStart when there is none."""
    beside_python = str(Path(sys.executable).parent)
    search = os.pathsep.join([beside_python, os.environ.get("PATH", os.defpath)])
    found = shutil.which("temporal", path=search)
    if found is None:
        raise CannotStart(f"the program `temporal` is missing: {INSTALL}")
    return found


def mail_catcher(module: str = "mail_devel") -> None:
    """Raises CannotStart when the mail catcher is not installed."""
    if importlib.util.find_spec(module) is None:
        raise CannotStart(f"the mail catcher `{module}` is missing: {INSTALL}")


def directory(path: Path) -> None:
    """Raises CannotStart when the file of the staff directory is not there."""
    if not path.is_file():
        raise CannotStart(
            f"the staff directory {path} is missing: set PUTRIGHT_DIRECTORY_FILE to one "
            "(deploy/directory.example.toml shows how it is written)"
        )


def ports_are_free(ports: Iterable[Port]) -> None:
    """Raises CannotStart for the first port that cannot be listened on, or is wanted twice."""
    with ExitStack() as held:
        for port in ports:
            probe = held.enter_context(socket.socket())
            # A port whose last connections are only fading away is free for a server.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port.number))
                probe.listen()
            except OSError as error:
                taken = error.errno == errno.EADDRINUSE
                why = "is taken" if taken else f"cannot be opened ({error.strerror})"
                raise CannotStart(
                    f"port {port.number}, for {port.wanted_by}, {why}: "
                    f"stop what uses it, or set {port.setting} to another"
                ) from error


def hold(var: Path) -> IO[str]:
    """Makes the folder and takes its lock; it is held until the file is closed or we end.

    Raises CannotStart when another embedded default runs on the same data.
    """
    var.mkdir(parents=True, exist_ok=True)
    lock = (var / "lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise CannotStart(
            f"Putright already runs on {var}/: stop it first, or set PUTRIGHT_VAR to another folder"
        ) from error
    return lock
