"""Whoever silences a checker says why, on the same line, for the next reader."""

import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SILENCED = re.compile(r"#\s*(?:noqa|type:\s*ignore)")

REASONED = re.compile(r"#\s*(?:noqa: [A-Z0-9, ]+ — |type: ignore\[[a-z-, ]+\] +# )\S+")


def silencing_comments(source: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    return [comment for comment in comments if SILENCED.search(comment)]


def without_reason(source: str) -> list[str]:
    return [comment for comment in silencing_comments(source) if not REASONED.search(comment)]


def test_every_silenced_finding_has_a_reason() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): comments
        for folder in ("services", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if (comments := without_reason(path.read_text("utf-8")))
    }
    assert found == {}, (
        "write the code and then why: `# noqa: S603 — the program is our own`, "
        "`# type: ignore[index]  # the pattern always matches`"
    )


@pytest.mark.parametrize(
    "line", ["x = 1  # noqa", "x = 1  # noqa: S603", "x = 1  # type: ignore[index]"]
)
def test_a_bare_exception_is_caught(line: str) -> None:
    assert without_reason(line) != []
