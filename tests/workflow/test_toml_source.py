"""On which line something stands in a TOML text, however the text is written."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.workflow.toml_source import Place, TomlSource
from tests.workflow.policy_files import PUBLISHED

ROOT = Path(__file__).parents[2]

TEXT = '''\
# a comment with a = 1 in it
plain = 1
dotted.inner = 2
"quo.ted" = { p = 3, q.r = 4, s = [
  5, # [not.a.table]
  6 ] }
many = """
[neither]
plain = 7
"""

[table] # with a comment
key = 8

[table.under]
'single' = 9

[[items]]
name = "first"

[[items.inner]]
code = "a"

[[items.inner]]
code = "b"
within = "10 days"

[[items]]
name = "second"
[items.rule]
list = [
  # a comment
  { x = 1 },
  { x = 2 },
]
[[items.inner]]
code = "b"
within = "20 days"
'''


@pytest.mark.parametrize(
    ("place", "at"),
    [
        (("plain",), "plain = 1"),
        (("dotted",), "dotted.inner = 2"),
        (("dotted", "inner"), "dotted.inner = 2"),
        (("quo.ted",), '"quo.ted" = {'),
        (("quo.ted", "q", "r"), '"quo.ted" = {'),
        (("quo.ted", "s", 0), "  5,"),
        (("quo.ted", "s", 1), "  6 ]"),
        (("many",), "many = "),
        (("table",), "[table] #"),
        (("table", "key"), "key = 8"),
        (("table", "under"), "[table.under]"),
        (("table", "under", "single"), "'single' = 9"),
        (("items",), '[[items]]\nname = "first"'),
        (("items", 0, "name"), 'name = "first"'),
        (("items", 1), '[[items]]\nname = "second"'),
        (("items", "second"), '[[items]]\nname = "second"'),
        (("items", 0, "inner", 1, "within"), 'within = "10 days"'),
        (("items", "first", "inner", "b", "within"), 'within = "10 days"'),
        (("items", "second", "inner", "b", "within"), 'within = "20 days"'),
        (("items", "second", "rule"), "[items.rule]"),
        (("items", 1, "rule", "list", 0), "  { x = 1 },"),
        (("items", 1, "rule", "list", 1, "x"), "  { x = 2 },"),
    ],
)
def test_a_place_is_found_on_its_line(place: Place, at: str) -> None:
    assert from_line(TEXT, TomlSource(TEXT).line(place)).startswith(at)


@pytest.mark.parametrize(
    ("place", "at"),
    [
        (("table", "missing"), "[table] #"),
        (("items", "second", "rule", "missing", "deeper"), "[items.rule]"),
        (("items", "third", "name"), '[[items]]\nname = "first"'),
        (("items", 2), '[[items]]\nname = "first"'),
        (("plain", "deeper"), "plain = 1"),
        (("missing",), "# a comment"),
        ((), "# a comment"),
    ],
)
def test_what_is_missing_is_missed_in_the_table_around_it(place: Place, at: str) -> None:
    assert from_line(TEXT, TomlSource(TEXT).line(place)).startswith(at)


def test_lines_are_counted_as_editors_count_them() -> None:
    assert TomlSource('a = 1\r\n\r\nb = "\u2028ü"\r\nc = 2').line(("c",)) == 4


@pytest.mark.parametrize("path", [*PUBLISHED, ROOT / "pyproject.toml"], ids=lambda path: path.name)
def test_in_a_real_file_every_key_is_on_the_line_that_it_is_found_on(path: Path) -> None:
    text = path.read_text("utf-8")
    source, lines = TomlSource(text), text.split("\n")
    for place in places(source.data):
        key = next(part for part in reversed(place) if isinstance(part, str))
        shown = lines[source.line(place) - 1]
        assert key in shown or not isinstance(place[-1], str), place


def test_what_is_no_toml_is_refused() -> None:
    with pytest.raises(tomllib.TOMLDecodeError, match="Cannot overwrite a value"):
        TomlSource("a = 1\na = 2")


def from_line(text: str, line: int) -> str:
    return "".join(text.splitlines(keepends=True)[line - 1 :])


def places(value: object, place: Place = ()) -> Iterator[Place]:
    """Every place of a text but the whole."""
    if isinstance(value, dict):
        inner = list(value.items())
    else:
        inner = list(enumerate(value)) if isinstance(value, list) else []
    for part, item in inner:
        yield (*place, part)
        yield from places(item, (*place, part))
