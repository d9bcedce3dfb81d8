"""A workflow's sandbox runs the workflow's own module anew, and nothing else of ours.

Running every rule anew costs each workflow ten times what it costs by itself: at its start, and
again whenever it wakes after it has left the worker's memory.
"""

import ast
import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

WORKFLOWS = sorted(
    path
    for path in (ROOT / "services").rglob("*.py")
    if "@workflow.defn" in path.read_text("utf-8")
)

MEND = (
    "write `import package.module as module` instead of `from package import module`: only then "
    "is it passed through, and not run anew in every workflow"
)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_passes_every_module_of_ours_through(path: Path) -> None:
    run_anew = [
        f"{node.module}.{imported.name}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("services")
        for imported in node.names
        if _is_module(f"{node.module}.{imported.name}")
    ]
    assert run_anew == [], MEND


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
