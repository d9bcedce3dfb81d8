"""Who may import whom: the rules hold, and the checker does catch what breaks them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PLANTED = {
    ("services.intake.planted", "services.workflow.policies"): "Intake may import",
    ("services.intake.planted", "services.workflow.feedback"): "Intake may import",
    ("services.intake.planted", "services.notify.contract"): "Intake may import",
    ("services.workflow.planted", "services.reporting.planted"): "Workflow may import",
    ("services.workflow.planted", "services.intake.planted"): "Workflow may import",
    ("services.notify.planted", "services.workflow.contract"): "Notify may import",
    ("services.reporting.planted", "services.notify.contract"): "Reporting imports no other",
    ("services.shared.planted", "services.reporting.contract"): "Shared imports no service",
    ("services.notify.planted", "services.command"): "No service imports the command line",
    ("services.intake.planted", "services.embedded.planted"): "No service imports the command line",
}
"""Imports that break a rule, and how the rule's name begins."""


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def report_on_planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the checker says of a copy of the project with every forbidden import planted."""
    copy = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / "pyproject.toml", copy)
    shutil.copytree(
        ROOT / "services", copy / "services", ignore=shutil.ignore_patterns("__pycache__")
    )
    lines: dict[str, list[str]] = {}
    for importer, imported in PLANTED:
        lines.setdefault(importer, []).append(f"import {imported}")
        lines.setdefault(imported, [])
    for module, imports in lines.items():
        path = copy.joinpath(*module.split(".")).with_suffix(".py")
        if path.stem == "planted":
            path.write_text("\n".join(imports))
    result = lint_imports(copy)
    assert result.returncode == 1, result.stdout + result.stderr
    return result.stdout


def test_the_rules_hold() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("planted", "rule"), PLANTED.items(), ids=" -> ".join)
def test_a_forbidden_import_is_caught(
    report_on_planted: str, planted: tuple[str, str], rule: str
) -> None:
    importer, imported = planted
    assert re.search(rf"{re.escape(rule)}.* BROKEN", report_on_planted)
    assert f"{importer} -> {imported} (l." in report_on_planted
