"""Notices composed, and read as their reader would."""

from html.parser import HTMLParser

from services.notify.contract import Notice
from services.notify.directory import Directory
from services.notify.letters import Letter, compose
from services.notify.recipients import recipient_of
from tests.notify.samples import STAFF


def letter(notice: Notice, staff: Directory = STAFF) -> Letter:
    """Writes the letter of a notice to whoever gets it."""
    recipient = recipient_of(notice, staff)
    assert recipient is not None
    return compose(notice, recipient, staff)


class Words(HTMLParser):
    """What a reader sees of a page, and the elements that it is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.elements: set[str] = set()
        self.links: set[str | None] = set()
        self.feed(page)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.seen).split())

    def handle_data(self, data: str) -> None:
        self.seen.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.links |= {value for name, value in attrs if name == "href"}


def both(one: Letter) -> tuple[str, str]:
    """The letter's words in text and in HTML, white space made even."""
    return " ".join(one.text.split()), Words(one.html).text
