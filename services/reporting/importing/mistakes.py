"""What is wrong with a row, in plain words. No cell is quoted: it may hold a person."""

from typing import NamedTuple


class Mistake(NamedTuple):
    """One mistake: in which row, as a spreadsheet numbers them, and in which of their columns."""

    row: int
    column: str
    code: str
    words: str


class Wrong(NamedTuple):
    """What is wrong with a fact: one of a stage (from 0), or of the whole complaint (None)."""

    stage: int | None
    field: str
    code: str
    words: str


class WrongCell(Exception):
    """A cell that does not say what its column is to say. `code` is stable."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code)
        self.code = code
        self.words = words
