"""A letter's HTML as the few kinds of block that a page of paper knows.

Only our own templates are read, so only their elements are known: `h2`, `h3`, `p`, `ul`, `ol`,
`li`, `strong`, `a`, `br`, and `div.words` for what belongs together or somebody else said. The
landlord's name and the `h1` are left out: the page has its own head.
"""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Literal

from services.shared.events import Frozen

Kind = Literal["heading", "paragraph", "bullets", "numbers", "item", "quote"]


class Run(Frozen):
    """Words in one weight. A line break in them is one on the page."""

    text: str
    strong: bool = False


class Block(Frozen):
    """One block: a heading or a paragraph has runs; a list, its items and a quote have blocks."""

    kind: Kind
    level: int = 0
    """Of a heading: 2 below the title, 3 below that."""
    runs: tuple[Run, ...] = ()
    blocks: tuple["Block", ...] = ()


class _Open:
    """A block that is still being read."""

    def __init__(self, kind: Kind | None, level: int = 0) -> None:
        self.kind = kind
        """None for what only groups, such as the page itself."""
        self.level = level
        self.runs: list[Run] = []
        self.blocks: list[Block] = []

    def paragraph(self) -> None:
        """Makes a paragraph of the runs that stand beside other blocks."""
        runs = _trimmed(self.runs)
        self.runs = []
        if runs:
            self.blocks.append(Block(kind="paragraph", runs=runs))


HEADINGS = {"h2": 2, "h3": 3}

CONTAINERS: dict[str, Kind | None] = {
    "ul": "bullets",
    "ol": "numbers",
    "li": "item",
    "body": None,
    "div": None,
}

LEFT_OUT = frozenset({"head", "h1"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = _Open(None)
        self._open = [self.page]
        self._strong = 0
        self._left_out: str | None = None
        self._href: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if self._left_out is not None:
            return
        if tag in LEFT_OUT or (tag == "p" and named.get("class") == "landlord"):
            self._left_out = tag
        elif tag in HEADINGS:
            self._begin("heading", HEADINGS[tag])
        elif tag == "p":
            self._begin("paragraph")
        elif tag in CONTAINERS:
            self._begin("quote" if named.get("class") == "words" else CONTAINERS[tag])
        elif tag in {"strong", "b"}:
            self._strong += 1
        elif tag == "a":
            self._href = named.get("href")
        elif tag == "br":
            self._say("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._left_out is not None:
            if tag == self._left_out:
                self._left_out = None
        elif tag in HEADINGS or tag == "p" or tag in CONTAINERS:
            self._end()
        elif tag in {"strong", "b"}:
            self._strong -= 1
        elif tag == "a":
            self._show_address()

    def handle_data(self, data: str) -> None:
        if self._left_out is None:
            # Only `br` ends a line; the template's own lines are as good as spaces.
            self._say(" ".join(data.split("\n")))

    def _say(self, text: str) -> None:
        self._open[-1].runs.append(Run(text=text, strong=self._strong > 0))

    def _show_address(self) -> None:
        """On paper nobody can follow a link: the address itself is printed behind its words."""
        address = (self._href or "").removeprefix("mailto:")
        said = "".join(run.text for run in self._open[-1].runs)
        if address and not said.endswith(address):
            self._say(f": {address}")
        self._href = None

    def _begin(self, kind: Kind | None, level: int = 0) -> None:
        self._open[-1].paragraph()
        self._open.append(_Open(kind, level))

    def _end(self) -> None:
        done = self._open.pop()
        if done.kind in {"heading", "paragraph"}:
            runs = _trimmed(done.runs)
            if runs:
                self._open[-1].blocks.append(Block(kind=done.kind, level=done.level, runs=runs))
            return
        done.paragraph()
        if done.kind is None:
            self._open[-1].blocks.extend(done.blocks)
        elif done.blocks:
            self._open[-1].blocks.append(Block(kind=done.kind, blocks=tuple(done.blocks)))


def read(html: str) -> tuple[Block, ...]:
    """Returns the blocks of a letter's page, in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.page.paragraph()
    return tuple(reader.page.blocks)


def _trimmed(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Leaves one space where there are several, and none where a line begins or ends."""
    tidy: list[Run] = []
    before = "\n"
    for run in runs:
        text = re.sub(r" *\n *", "\n", re.sub(r"[ \t]+", " ", run.text))
        if before in {" ", "\n"}:
            text = text.lstrip(" ")
        if text:
            tidy.append(Run(text=text, strong=run.strong))
            before = text[-1]
    while tidy and not tidy[0].text.strip():
        tidy.pop(0)
    while tidy and not tidy[-1].text.strip():
        tidy.pop()
    if tidy:
        tidy[0] = tidy[0].model_copy(update={"text": tidy[0].text.lstrip()})
        tidy[-1] = tidy[-1].model_copy(update={"text": tidy[-1].text.rstrip()})
    return tuple(tidy)
