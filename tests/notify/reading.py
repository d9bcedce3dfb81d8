"""Notices composed, and read as their reader would."""

from collections.abc import Collection
from datetime import UTC, datetime
from html.parser import HTMLParser

from services.notify.contract import Notice
from services.notify.directory import Directory
from services.notify.letters import TEMPLATES, Letter, compose
from services.notify.office import Office
from services.notify.recipients import WayName, recipient_of
from services.notify.rendering import Templates
from tests.notify.samples import STAFF

SECRET = "of-the-tests"  # noqa: S105 — opens nothing but links in tests
SITE = "https://complaints.example.org"
NOW = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
"""A Tuesday morning."""


def office(staff: Directory = STAFF, now: datetime = NOW) -> Office:
    """An installation with these people, on that morning unless told otherwise."""
    return Office(
        directory=staff,
        sender="complaints@example.org",
        public_url=SITE,
        link_secret=SECRET,
        now=now,
    )


def letter(
    notice: Notice,
    staff: Directory = STAFF,
    *,
    templates: Templates = TEMPLATES,
    ways: Collection[WayName] = frozenset[WayName]({"email"}),
    now: datetime = NOW,
) -> Letter:
    """Writes the letter of a notice to whoever gets it; there is no print queue unless named."""
    recipient = recipient_of(notice, office(staff, now), ways)
    assert recipient is not None
    return compose(notice, recipient, office(staff, now), templates)


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
