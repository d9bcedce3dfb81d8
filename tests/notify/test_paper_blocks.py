"""A letter's HTML as blocks of a page: what is kept, and what paper has no use for."""

import pytest

from services.notify import paper_blocks
from services.notify.paper_blocks import Block, Run


def shape(blocks: tuple[Block, ...]) -> list[object]:
    """Each block as its kind with its words, or with the blocks inside it."""
    return [
        (block.kind, shape(block.blocks) or "".join(run.text for run in block.runs))
        for block in blocks
    ]


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<p>One</p><p>Two</p>", [("paragraph", "One"), ("paragraph", "Two")]),
        ("<p>\n  Over\n  two lines \n</p>", [("paragraph", "Over two lines")]),
        ("<p>One<br>\nTwo<br></p>", [("paragraph", "One\nTwo")]),
        ("<h2>About</h2><h3>More</h3>", [("heading", "About"), ("heading", "More")]),
        (
            "<ul><li>One</li><li>By <b>Friday</b>: <p>two</p></li></ul>",
            [
                (
                    "bullets",
                    [
                        ("item", [("paragraph", "One")]),
                        ("item", [("paragraph", "By Friday:"), ("paragraph", "two")]),
                    ],
                )
            ],
        ),
        ("<ol><li>One</li></ol>", [("numbers", [("item", [("paragraph", "One")])])]),
        ('<div class="words"><p>Said</p></div>', [("quote", [("paragraph", "Said")])]),
        ('<div class="about"><p>Only grouped</p></div>', [("paragraph", "Only grouped")]),
        ("<p></p><ul></ul><div></div>", []),
        ("<p>a &lt;b&gt; &amp;amp; c</p>", [("paragraph", "a <b> &amp; c")]),
        ("<p><span>Left</span> <em>as</em> it is</p>", [("paragraph", "Left as it is")]),
    ],
)
def test_structure_is_kept(html: str, blocks: list[object]) -> None:
    assert shape(paper_blocks.read(f"<html><body>{html}</body></html>")) == blocks


def test_what_the_page_has_of_its_own_is_left_out() -> None:
    html = (
        "<html><head><title>T</title><style>p {}</style></head><body>"
        '<p class="landlord">Elmfield <b>Homes</b></p><h1>Title</h1><p>Dear Jo,</p></body></html>'
    )
    assert shape(paper_blocks.read(html)) == [("paragraph", "Dear Jo,")]


def test_a_link_is_followed_by_its_address_unless_that_is_what_it_says() -> None:
    html = (
        '<p><a href="https://example.org/x">Follow it</a></p>'
        '<p>Email: <a href="mailto:jo@example.org">jo@example.org</a></p>'
    )
    assert shape(paper_blocks.read(html)) == [
        ("paragraph", "Follow it: https://example.org/x"),
        ("paragraph", "Email: jo@example.org"),
    ]


def test_what_is_strong_stays_strong() -> None:
    (block,) = paper_blocks.read("<p>Until <strong>Friday</strong>, at noon.</p>")
    assert block.runs == (
        Run(text="Until "),
        Run(text="Friday", strong=True),
        Run(text=", at noon."),
    )
