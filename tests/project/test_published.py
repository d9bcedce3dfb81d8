"""A published policy or calendar is never edited: open complaints were promised what it says."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).parents[2]

RECORD = Path(__file__).with_name("published.sha256")

FILES = ("services/workflow/policies/*/*.toml", "services/shared/calendars/*.json")

ADD = f"sha256sum {' '.join(FILES)} > {RECORD.relative_to(ROOT)}"


def recorded() -> dict[str, str]:
    lines = RECORD.read_text("utf-8").splitlines()
    return {path: digest for digest, path in (line.split(maxsplit=1) for line in lines)}


def present() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for pattern in FILES
        for path in ROOT.glob(pattern)
    }


def test_no_published_file_was_edited_or_removed() -> None:
    now = present()
    changed = [path for path, digest in recorded().items() if now.get(path) != digest]
    assert changed == [], (
        f"{', '.join(changed)} was published and has changed. Complaints received under it keep "
        "its rules, and their due dates must be able to explain themselves. Put the file back, and "
        "make your change in a new file that is named by the day from which it counts."
    )


def test_every_file_is_on_the_record() -> None:
    new = sorted(present().keys() - recorded().keys())
    assert new == [], f"{', '.join(new)} is new: to publish it, run\n\n    {ADD}\n"
