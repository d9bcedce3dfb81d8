"""Reading pages as people do: figures that are links, and the lists that they lead to."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import httpx
from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.shared.keys import new_key

STAFF_KEY = new_key("staff")


class Figure(NamedTuple):
    """A figure of a page, and where it leads."""

    number: int
    """The count, or of a share how many: 98 of `73% (98)`."""
    share: bool
    address: str
    within: str
    """The text of the row or item around it."""


async def page(visitor: httpx.AsyncClient, address: str) -> LexborHTMLParser:
    """Opens a page that must be there."""
    answer = await visitor.get(address)
    assert answer.status_code == 200, (address, answer.text[-2000:])
    return LexborHTMLParser(answer.text)


def first(within: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    """Returns the first element of that sort, which must be there."""
    found = within.css_first(selector)
    assert found is not None, selector
    return found


def figures(read: LexborHTMLParser) -> Iterator[Figure]:
    """Yields every figure that is a link."""
    for link in read.css(".headlines a, td.figure a"):
        said = link.text(strip=True, separator=" ")
        share = re.search(r"\(([\d,]+)\)", said)
        found = share or re.match(r"([\d,]+)", said)
        assert found is not None, said
        row = link.parent
        while row is not None and row.tag not in {"tr", "li"}:
            row = row.parent
        yield Figure(
            int(found[1].replace(",", "")),
            share is not None,
            link.attributes["href"] or "",
            row.text(strip=True, separator=" ") if row else "",
        )


async def listed(visitor: httpx.AsyncClient, address: str) -> list[str]:
    """Returns the references on all pages of a list, in their order."""
    found: list[str] = []
    following: str | None = address
    while following:
        read = await page(visitor, following)
        found += [cell.text(strip=True) for cell in read.css("main tbody th")]
        link = read.css_first("a[rel=next]")
        following = link.attributes["href"] if link else None
    return found


async def judged(visitor: httpx.AsyncClient, address: str) -> dict[str, int]:
    """Returns how many cases a list says were counted how."""
    found: dict[str, int] = {}
    for reason in (await page(visitor, address)).css(".reasons a"):
        said = reason.text(strip=True)
        standing, number = said.split(" – ")[0], int(said.rpartition(": ")[2].replace(",", ""))
        found[standing] = found.get(standing, 0) + number
    return found
