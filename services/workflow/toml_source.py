"""A TOML text: its values, and the line on which each of them stands.

The values are the standard library's; the lines come from a parser that keeps positions, so that
a person can be sent to the very line that something was read from.
"""

import tomllib
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

Place = tuple[str | int, ...]
"""Where in a text something stands: key by key.

An item of an array is named by its position, or by what its `name`, `code` or `kind` says.
"""

TOML = Language(tree_sitter_toml.language())

NAMING = ("name", "code", "kind")
"""The keys by which people tell the tables of an array apart."""


class TomlSource:
    """A TOML text as read. Raises tomllib.TOMLDecodeError for a text that is not TOML."""

    def __init__(self, text: str) -> None:
        self.data: dict[str, Any] = tomllib.loads(text)
        self._text = text

    def locate(self, place: Place) -> Place:
        """Returns as much of a place as the text has, items of arrays by their positions."""
        return self.find(place)[0]

    def find(self, place: Place) -> tuple[Place, object]:
        """Returns as much of a place as the text has, and what stands there."""
        found: Place = ()
        value: object = self.data
        for part in place:
            step = _step(value, part)
            if step is None:
                break
            found, value = (*found, step[0]), step[1]
        return found, value

    def line(self, place: Place) -> int:
        """Returns the line (from 1) of a place, or of the table that lacks it.

        The outermost table has no header: its line is 1.
        """
        found = self.locate(place)
        while found and found not in self._lines:
            found = found[:-1]
        return self._lines[found] if found else 1

    @cached_property
    def _lines(self) -> dict[Place, int]:
        lines: dict[Place, int] = {}
        for place, line in _key_lines(self._text):
            lines.setdefault(place, line)
        return lines


def _step(value: object, part: str | int) -> tuple[str | int, object] | None:
    """Returns the key or position that `part` means within `value`, and what stands there."""
    if isinstance(value, dict):
        return (part, value[part]) if part in value else None
    if not isinstance(value, list):
        return None
    for position, item in enumerate(value):
        if position == part or is_called(item, part):
            return position, item
    return None


def is_called(item: object, name: str | int) -> bool:
    """Returns whether an item of an array is a table that goes by a name."""
    return isinstance(item, dict) and any(item.get(key) == name for key in NAMING)


def _key_lines(text: str) -> Iterator[tuple[Place, int]]:
    """Returns each place of the text with its line; a place can come up more than once."""
    lengths: dict[Place, int] = {}
    for node in Parser(TOML).parse(text.encode()).root_node.named_children:
        if node.type == "pair":
            yield from _pair_lines(node, ())
            continue
        if node.type not in {"table", "table_array_element"}:
            continue
        header, *pairs = _children(node)
        place: Place = ()
        *outer, last = _keys(header)
        for key in outer:
            place = _within((*place, key), lengths)
            yield place, _line(node)
        array = place = (*place, last)
        yield array, _line(node)
        if node.type == "table_array_element":
            lengths[array] = lengths.get(array, 0) + 1
            place = _within(array, lengths)
            yield place, _line(node)
        for pair in pairs:
            yield from _pair_lines(pair, place)


def _within(place: Place, lengths: dict[Place, int]) -> Place:
    """Returns the table that a header speaks of: of an array of tables, the latest."""
    return (*place, lengths[place] - 1) if place in lengths else place


def _pair_lines(pair: Node, table: Place) -> Iterator[tuple[Place, int]]:
    key, value = _children(pair)
    place = table
    for part in _keys(key):
        place = (*place, part)
        yield place, _line(pair)
    yield from _value_lines(value, place)


def _value_lines(value: Node, place: Place) -> Iterator[tuple[Place, int]]:
    if value.type == "inline_table":
        for pair in _children(value):
            yield from _pair_lines(pair, place)
    elif value.type == "array":
        for position, item in enumerate(_children(value)):
            yield (*place, position), _line(item)
            yield from _value_lines(item, (*place, position))


def _children(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type != "comment"]


def _keys(node: Node) -> list[str]:
    """Returns the parts of a key, read as TOML reads them: bare, quoted or dotted."""
    table: object = tomllib.loads(f"{(node.text or b'').decode()} = true")
    keys: list[str] = []
    while isinstance(table, dict):
        ((key, table),) = table.items()
        keys.append(key)
    return keys


def _line(node: Node) -> int:
    return node.start_point.row + 1
