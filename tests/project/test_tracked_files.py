"""What is committed names no package registry and no folder of the machine it was written on."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]

REGISTRIES = tuple(
    ".".join(labels)
    for labels in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs"),
        ("proxy", "golang"),
    )
)
"""Put together, so that this file does not find itself."""

MACHINE_PATHS = tuple(
    "/" + "/".join(parts)
    for parts in (("work", ""), ("root", ""), ("opt", "pypi"), ("opt", "wheels"), ("tmp", "p", ""))
)


def tracked() -> dict[str, str]:
    """Every tracked text file by its path."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 — whichever git made the checkout
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    paths = [ROOT / name for name in listed if name]
    return {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8", errors="ignore")
        for path in paths
        if path.is_file()
    }


def naming(words: tuple[str, ...]) -> list[str]:
    return [f"{path}: {word}" for path, text in tracked().items() for word in words if word in text]


def test_no_file_names_a_package_registry() -> None:
    found = naming(REGISTRIES)
    assert found == [], "an address ties the project to one registry: say what, not from where"


def test_no_file_names_a_folder_of_one_machine() -> None:
    assert naming(MACHINE_PATHS) == []


def test_the_search_does_find_what_it_looks_for() -> None:
    assert "LICENSE: Apache License" in naming(("Apache License",))
