"""Who knows one service knows all: the same file names everywhere, and no drawer for oddments."""

import tomllib
from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[2] / "services"

EXPECTED = {
    "intake": ["app.py", "routes.py", "settings.py", "tables.py", "migrations", "__main__.py"],
    "workflow": [
        "contract.py",
        "activities.py",
        "worker.py",
        "app.py",
        "settings.py",
        "__main__.py",
    ],
    "notify": [
        *("contract.py", "activities.py", "worker.py", "app.py", "settings.py", "__main__.py"),
        *("tables.py", "migrations"),
    ],
    "reporting": [
        *("contract.py", "activities.py", "worker.py", "app.py", "settings.py", "__main__.py"),
        *("tables.py", "migrations", "routes.py"),
    ],
}
"""Nobody calls intake through Temporal, so it has no contract and no worker; the workflow service
keeps its state in the engine, so it has no tables."""

DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "service"}


@pytest.mark.parametrize("service", EXPECTED)
def test_every_service_has_the_same_file_names(service: str) -> None:
    missing = [name for name in EXPECTED[service] if not (SERVICES / service / name).exists()]
    assert missing == []


def test_every_file_of_a_service_is_in_the_package() -> None:
    project = tomllib.loads((SERVICES.parent / "pyproject.toml").read_text("utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["services"]
    packed = {Path(pattern).suffix for pattern in patterns} | {".py"}
    files = (path for path in SERVICES.rglob("*") if path.is_file())
    left_out = [path for path in files if path.suffix not in packed | {".pyc"}]
    assert left_out == [], "add its kind to [tool.setuptools.package-data] in pyproject.toml"


def test_no_module_is_a_drawer_for_oddments() -> None:
    found = [path for path in SERVICES.rglob("*") if path.stem in DRAWERS]
    assert found == [], "name a module by what it is about"
