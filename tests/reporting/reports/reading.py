"""Reports read back, as the programs of those who get them read them."""

import csv
import io
import re
from collections.abc import Iterator

from openpyxl import Workbook, load_workbook
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from selectolax.lexbor import LexborHTMLParser

from services.reporting.reports.pdf import BREAK_HERE

WHERE_A_LINE_MAY_END = re.compile(rf"[\s{BREAK_HERE}]+")


def page(content: bytes) -> LexborHTMLParser:
    return LexborHTMLParser(content)


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def workbook(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def pdf(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def said(content: bytes) -> str:
    """All that a PDF says, without spaces: a line ends wherever a column does."""
    return unspaced("".join(one.extract_text() for one in pdf(content).pages))


def unspaced(text: str) -> str:
    return WHERE_A_LINE_MAY_END.sub("", text)


def tags(found: PdfReader) -> list[str]:
    """The kinds of the elements of the structure tree, in reading order."""
    return [str(element["/S"]) for element in _elements(found)]


def alternatives(found: PdfReader) -> list[str]:
    """What is read out instead of pictures."""
    return [str(element["/Alt"]) for element in _elements(found) if "/Alt" in element]


def _elements(found: PdfReader) -> Iterator[DictionaryObject]:
    def walk(element: object) -> Iterator[DictionaryObject]:
        if isinstance(element, DictionaryObject) and "/S" in element:
            yield element
        if isinstance(element, DictionaryObject) and "/K" in element:
            kids = element["/K"]
            for kid in kids if isinstance(kids, list) else [kids]:
                yield from walk(kid.get_object())

    yield from walk(found.root_object["/StructTreeRoot"])
