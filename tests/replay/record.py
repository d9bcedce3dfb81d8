"""Records the histories and fingerprints that the replay tests hold the workflow against.

    make histories

Record anew only when no complaint of an earlier release is open, or when the change is guarded
by `workflow.patched`: open complaints replay the histories that the old code wrote.
"""

import asyncio
import json
from pathlib import Path

from tests.replay.fingerprint import fingerprint
from tests.replay.lives import LIVES, live
from tests.replay.manager_lives import MANAGERS_LIVES, live_as_manager

HISTORIES = Path(__file__).parent / "histories"
BEFORE_AFTERCARE = HISTORIES / "before_aftercare"
"""Recorded by the last release whose complaints closed with their end. Never recorded anew: it is
what the complaints of that release replay."""

FINGERPRINTS = Path(__file__).parent / "fingerprints.json"


async def record() -> None:
    """Lives every life once and writes what its history was."""
    HISTORIES.mkdir(exist_ok=True)
    fingerprints = {}
    for name in (*LIVES, *MANAGERS_LIVES):
        history = await (live(name) if name in LIVES else live_as_manager(name))
        (HISTORIES / f"{name}.json").write_text(history.to_json() + "\n")
        fingerprints[name] = fingerprint(history)
    FINGERPRINTS.write_text(json.dumps(fingerprints, indent=2) + "\n")


if __name__ == "__main__":
    asyncio.run(record())
