"""How a process that used a Temporal client ends."""

import subprocess
import sys


def test_leaving_flushes_what_was_said_and_takes_no_interpreter_down() -> None:
    program = """
import atexit, sys
from services.shared.temporal import leave
atexit.register(print, "taken down")
sys.stdout.write("said")
sys.stderr.write("warned")
leave(3)
"""
    left = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (left.returncode, left.stdout, left.stderr) == (3, "said", "warned")
