"""The landlord's own file is found in one way by the services and by commands beside them."""

import subprocess
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.embedded import keys, stack, up
from services.embedded.settings import EmbeddedSettings
from services.reporting import landlord

KEPT = keys.Keys("test:key", "link", "staff", "channel")


@pytest.fixture
def named(tmp_path: Path) -> Path:
    """A landlord's file, in a folder as people name theirs."""
    path = tmp_path / "our complaints" / "landlord.toml"
    path.parent.mkdir()
    path.write_text('name = "Example Homes"\n')
    return path


def test_the_file_that_is_named_reaches_reporting_and_commands(
    named: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(named.parent)
    monkeypatch.setenv("PUTRIGHT_REPORT_FACTS_FILE", named.name)
    settings = EmbeddedSettings()
    children = stack.children(settings, KEPT, "temporal")
    [reporting] = [child for child in children if child.name == "reporting"]
    assert reporting.environment["PUTRIGHT_REPORT_FACTS_FILE"] == str(named)

    keys.write(named.parent / "dev.env", up.for_commands(settings, KEPT))
    # Elsewhere, in a shell of its own, as README says.
    shell = "set -a; . ./our*/dev.env; set +a; printenv PUTRIGHT_REPORT_FACTS_FILE"
    found = subprocess.run(
        ["sh", "-c", shell],  # noqa: S607 — the reader's own shell
        cwd=named.parent.parent,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert landlord.read(Path(found.stdout.removesuffix("\n"))).name == "Example Homes"


def test_without_one_nothing_is_said_of_the_landlord(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUTRIGHT_REPORT_FACTS_FILE", raising=False)
    settings = EmbeddedSettings()
    assert "PUTRIGHT_REPORT_FACTS_FILE" not in stack.environment(settings, KEPT)
    assert "PUTRIGHT_REPORT_FACTS_FILE" not in up.for_commands(settings, KEPT)


def test_a_file_that_is_not_there_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="does not point to a file"):
        EmbeddedSettings(report_facts_file=tmp_path / "none.toml")
