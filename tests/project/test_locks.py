"""The locks: every package pinned and hashed, no address, and nothing missing that is asked."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]

RUNNING, DEVELOPING = "requirements.lock", "requirements-dev.lock"

RENEW = "run `make lock` and commit both locks"

PINNED = re.compile(r"^(?P<name>[a-z0-9-]+)(\[[a-z,]+\])?==(?P<version>\S+)")


def entries(lock: str) -> list[str]:
    """Each package's whole entry: its pin and its hashes."""
    return re.split(r"\n(?=\S)", (ROOT / lock).read_text("utf-8"))


def versions(lock: str) -> dict[str, str]:
    """Each package's version by its name."""
    found: dict[str, str] = {}
    for entry in entries(lock):
        pin = PINNED.match(entry)
        assert pin, f"{lock}: this is no pinned package: {entry[:60]}"
        found[pin["name"]] = pin["version"]
    return found


def asked(*groups: str, extra: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lines = project["project"]["dependencies"] + project["project"]["optional-dependencies"][extra]
    for group in groups:
        lines += [line for line in project["dependency-groups"][group] if isinstance(line, str)]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("lock", [RUNNING, DEVELOPING])
def test_every_package_has_hashes_and_none_an_address(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text("utf-8"), RENEW
    unhashed = [entry[:60] for entry in entries(lock) if "--hash=sha256:" not in entry]
    assert unhashed == []


@pytest.mark.parametrize(("lock", "groups"), [(RUNNING, ["build"]), (DEVELOPING, ["build", "dev"])])
def test_the_lock_holds_what_the_project_asks_for(lock: str, groups: list[str]) -> None:
    locked = versions(lock)
    unmet = [
        str(requirement)
        for requirement in asked(*groups, extra="embedded")
        if not requirement.specifier.contains(locked.get(canonicalize_name(requirement.name), "0"))
    ]
    assert unmet == [], RENEW


def test_tests_run_on_the_versions_that_are_run() -> None:
    running, developing = versions(RUNNING), versions(DEVELOPING)
    assert {name: developing.get(name) for name in running} == running, RENEW
