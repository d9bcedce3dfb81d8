"""What is wrong with a row, in plain words. No cell is quoted: it may hold a person."""

from dataclasses import dataclass
from typing import NamedTuple


class Mistake(NamedTuple):
    """One mistake: in which row, as a spreadsheet numbers them, and in which of their columns."""

    row: int
    """0 for what is wrong with the whole table, or with a whole column."""
    column: str
    """Empty for what is wrong with a whole row."""
    code: str
    words: str


class Wrong(NamedTuple):
    """What is wrong with a fact: one of a stage (from 0), or of the whole complaint (None)."""

    stage: int | None
    field: str
    code: str
    words: str


@dataclass(frozen=True)
class WrongRow:
    """A row whose cells cannot be told apart, in their place. `code` is stable."""

    code: str
    words: str


class WrongCell(Exception):
    """A cell that does not say what its column is to say. `code` is stable."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code)
        self.code = code
        self.words = words
