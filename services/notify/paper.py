"""A letter on paper: an accessible PDF (PDF/UA-1) that fits the window of an envelope.

Typst sets it from `paper.typ`. Whatever a letter says goes there as data, so nothing that anybody
wrote is ever read as markup, and the same letter of the same day is the same file.
"""

import io
import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from unicodedata import category

import typst
from pypdf import PdfReader

from services.notify import paper_blocks
from services.notify.letters import TEMPLATES
from services.notify.paper_blocks import Block
from services.notify.ways import Ready
from services.shared.errors import MendRequest
from services.shared.text import REFUSED_CATEGORIES
from services.shared.typefaces import FONTS, without_unknown_signs

PAGE = Path(__file__).with_name("paper.typ").read_bytes()

MOST_ADDRESS_LINES = 7
"""The name and six more, as many as are taken anywhere; further lines are joined to the last."""

LONGEST_WORD = 18
"""Characters after which a word may be broken, so that none runs off a page in large print."""

BREAK_HERE = "\N{ZERO WIDTH SPACE}"


@dataclass(frozen=True)
class Window:
    """Where on the first page an address shows in its envelope, in mm from the left and the top."""

    left: float
    top: float
    width: float
    height: float


DL_WINDOW = Window(left=22, top=57, width=78, height=24)
"""A sheet folded in three in a DL envelope (BS 4264): what its window shows however it slips."""

GOVUK_NOTIFY_WINDOW = Window(left=25, top=40, width=94, height=26)
"""Where GOV.UK Notify looks for the address of a letter that it posts."""


@dataclass(frozen=True)
class Pdf:
    """A letter ready to print."""

    content: bytes
    pages: int


def render(ready: Ready, dated: date, window: Window = DL_WINDOW) -> Pdf:
    """Sets the letter of a notice that goes on paper, dated that day (Europe/London).

    Raises MendRequest `no-typeface` when it holds letters that no typeface here can show: better a
    person sees to it than that a resident gets a letter with holes.
    """
    letter = _contents(ready, dated, window)
    try:
        content = _set(letter, dated)
    except typst.TypstError:
        try:
            content = _set(without_unknown_signs(letter), dated)
        except typst.TypstError:
            raise MendRequest("no-typeface", "No typeface here has all of its letters.") from None
    return Pdf(content=content, pages=len(PdfReader(io.BytesIO(content)).pages))


def _contents(ready: Ready, dated: date, window: Window) -> str:
    """Returns all that `paper.typ` asks for, as JSON."""
    letter, recipient, head = ready.letter, ready.recipient, ready.notice.letterhead
    language, _, region = letter.language.partition("-")
    folder = TEMPLATES.language(ready.notice.content.about, letter.language)
    return json.dumps(
        {
            "title": _one_line(letter.subject),
            "landlord": _one_line(head.landlord),
            "colour": head.brand.colour,
            "address": _address(recipient.name, recipient.address or ""),
            "window": asdict(window),
            "date": TEMPLATES.words(folder).day(dated),
            "reference": ready.notice.reference or "",
            "language": language,
            "region": region if len(region) == 2 else None,
            "large_print": recipient.large_print,
            "blocks": [_block(block) for block in paper_blocks.read(letter.html)],
        },
        ensure_ascii=False,
    )


def _block(block: Block) -> dict[str, object]:
    return {
        "kind": block.kind,
        "level": block.level,
        "runs": [{"text": _breakable(run.text), "strong": run.strong} for run in block.runs],
        "blocks": [_block(inner) for inner in block.blocks],
    }


def _address(name: str | None, address: str) -> list[str]:
    lines = [_one_line(line) for line in [name or "", *address.split("\n")]]
    filled = [line for line in lines if line]
    kept, more = filled[: MOST_ADDRESS_LINES - 1], filled[MOST_ADDRESS_LINES - 1 :]
    return [*kept, ", ".join(more)] if more else kept


def _one_line(text: str) -> str:
    return " ".join(_breakable(text).split())


def _breakable(text: str) -> str:
    """Lets long words be broken after a while; control characters become spaces."""
    shown = "".join(
        " " if one != "\n" and category(one) in REFUSED_CATEGORIES else one for one in text
    )
    return re.sub(rf"(\S{{{LONGEST_WORD}}})(?=\S)", rf"\1{BREAK_HERE}", shown)


def _set(letter: str, dated: date) -> bytes:
    return typst.compile(
        PAGE,
        font_paths=FONTS,
        sys_inputs={"letter": letter},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=datetime.combine(dated, time(0), UTC),
    )
