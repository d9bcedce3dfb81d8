"""What is imported is asked for by name, so that no upgrade of another package takes it away."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

OWN = {"services", "tests"}


def imported(folder: str) -> dict[str, str]:
    """Each package that comes from outside, with a file that imports it."""
    return {
        module.partition(".")[0]: path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*.py")
        for module in modules(ast.parse(path.read_text("utf-8")))
        if module.partition(".")[0] not in OWN | sys.stdlib_module_names
    }


def modules(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def asked(*, developing: bool) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lines = [*project["project"]["dependencies"]]
    if developing:
        lines += project["project"]["optional-dependencies"]["embedded"]
        lines += [line for line in project["dependency-groups"]["dev"] if isinstance(line, str)]
    return {name(line) for line in lines}


def name(requirement: str) -> str:
    """The canonical name that a requirement begins with."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()


@pytest.mark.parametrize(("folder", "developing"), [("services", False), ("tests", True)])
def test_what_is_imported_is_asked_for(folder: str, developing: bool) -> None:  # noqa: FBT001 — a parameter of the test
    distributions = packages_distributions()
    unasked = {
        module: path
        for module, path in imported(folder).items()
        if not {name(found) for found in distributions.get(module, [])}
        & asked(developing=developing)
    }
    assert unasked == {}, "name them in pyproject.toml, then run `make lock`"
