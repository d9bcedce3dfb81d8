"""Text out of mail: whatever bytes, charset or markup it came in, it can be stored and shown.

Mail is written by anybody, so nothing here takes longer than its length allows: no expression
that looks back, and a bound on everything that is parsed.
"""

import codecs
import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header

from selectolax.lexbor import LexborHTMLParser

from services.shared.text import REFUSED_CATEGORIES

MOST_HEADER = 4_000
"""Characters of one header that are decoded; ours and people's stay far below."""

MOST_TEXT = 200_000
"""Bytes of one text part that are decoded: ten times what a complaint may hold."""

MOST_MARKUP = 500_000
MOST_TAGS = 10_000
"""How much HTML is read. Nested deeply, its parser takes time with the square of the tags."""

NOT_TEXT = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"})
"""Python's charsets that are no charsets of mail, and can be slow."""

BLOCKS = frozenset(
    {
        *("address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "footer"),
        *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p"),
        *("pre", "section", "table", "tr", "ul"),
    }
)
CELLS = frozenset({"td", "th"})
UNSEEN = ["script", "style", "head", "title", "template", "noscript"]

WROTE = re.compile(r"(?:>\s?)*On\b.{3,300}\bwrote:", re.IGNORECASE)
ORIGINAL = re.compile(r"-{3,}\s*(?:Original|Forwarded) Message\s*-{3,}", re.IGNORECASE)
HEADER_LINE = re.compile(r"\*{0,2}(?:Sent|Date|To|Subject):", re.IGNORECASE)


def printable(text: str) -> str:
    """Returns text without what no database or letter can hold; every kind of line end is LF."""
    text = re.sub("\r\n|[\r\u0085\u2028\u2029]", "\n", text)
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    kept = (
        char
        for char in text
        if char in "\n\t" or unicodedata.category(char) not in REFUSED_CATEGORIES
    )
    return "".join(kept)


def one_line(text: str, longest: int = 200) -> str:
    """Returns text as one line of at most `longest` characters, without marks that show nothing.

    Such marks can make a name or a subject read as another.
    """
    line = " ".join(printable(text).split())
    shown = "".join(char for char in line if unicodedata.category(char) != "Cf")
    return shown[:longest].strip()


def header_text(value: str) -> str:
    """Returns a header as a person reads it: encoded words decoded, 8-bit bytes as UTF-8."""
    plain = _eight_bit(value[:MOST_HEADER])
    try:
        chunks = decode_header(plain)
    except (HeaderParseError, ValueError):
        return plain
    return "".join(
        chunk if isinstance(chunk, str) else decoded(chunk, charset) for chunk, charset in chunks
    )


def _eight_bit(value: str) -> str:
    """Bytes that are no ASCII came through the parser as surrogates: they are bytes again here."""
    if value.isascii():
        return value
    return decoded(value.encode("utf-8", "surrogateescape"), None)


def decoded(content: bytes, charset: str | None) -> str:
    """Returns bytes as text, by the charset that they are said to be in if it can be had."""
    content = content[:MOST_TEXT]
    for name in (charset, "utf-8"):
        try:
            if name and codecs.lookup(name).name not in NOT_TEXT:
                return content.decode(name, "replace" if name == charset else "strict")
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def from_html(markup: str) -> str:
    """Returns the text of a page as a reader sees it, a block a line."""
    markup = markup[:MOST_MARKUP]
    pieces = markup.split("<", MOST_TAGS + 1)
    tree = LexborHTMLParser("<".join(pieces[: MOST_TAGS + 1]))
    tree.strip_tags(UNSEEN, recursive=True)
    if tree.body is None:
        return ""
    seen: list[str] = []
    for node in tree.body.traverse(include_text=True):
        if node.tag == "-text":
            seen.append((node.text_content or "").replace("\n", " "))
        elif node.tag in BLOCKS:
            seen.append("\n")
        elif node.tag in CELLS:
            seen.append(" ")
    return "\n".join(" ".join(line.split()) for line in "".join(seen).split("\n"))


def tidy(text: str) -> str:
    """Returns text without spaces at the ends of lines, and never two empty lines on end."""
    lines: list[str] = []
    for line in printable(text).split("\n"):
        bare = line.rstrip()
        if bare or (lines and lines[-1]):
            lines.append(bare)
    return "\n".join(lines).strip()


def without_quotes(text: str) -> str:
    """Returns what is new in a reply: the text before what it answers, or all if that is nothing.

    For showing only; the whole mail is kept.
    """
    lines = text.split("\n")
    cut = next((n for n in range(len(lines)) if _begins_quote(lines, n)), len(lines))
    new = lines[:cut]
    while new and (new[-1].startswith(">") or not new[-1].strip()):
        new.pop()
    return "\n".join(new).strip() or text


def _begins_quote(lines: list[str], at: int) -> bool:
    line = lines[at].strip()
    if ORIGINAL.fullmatch(line) or WROTE.fullmatch(line):
        return True
    # "On … wrote:" broken over two lines.
    if line.startswith("On ") and at + 1 < len(lines):
        return WROTE.fullmatch(f"{line} {lines[at + 1].strip()}") is not None
    after = [near.strip() for near in lines[at + 1 : at + 3]]
    return line.lstrip("*").startswith("From:") and any(map(HEADER_LINE.match, after))
