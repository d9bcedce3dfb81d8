"""A notice as a letter: subject, text and HTML, from the templates of its kind.

`templates/KIND/` holds `subject.txt`, `text.txt` and `html.html`; KIND is the content's `about`.
HTML is escaped by default; a name that a template lacks is an error, never an empty space.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from unicodedata import category

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, select_autoescape
from markupsafe import Markup

from services.notify.contents import (
    Acknowledgement,
    Assignment,
    Escalation,
    Need,
    ResponseNotice,
    Urgent,
)
from services.notify.contract import Notice, ToResident
from services.notify.directory import Directory
from services.notify.recipients import Recipient
from services.shared.errors import MendRequest
from services.shared.text import REFUSED_CATEGORIES

TEMPLATES = Path(__file__).parent / "templates"

NOBODY_BY_NAME = "the complaints team"
"""Who acts where no investigator is named yet, or the directory does not know the id."""

UNKNOWN_COLLEAGUE = "a colleague whom the staff directory does not name"
"""Who answers a stage too, where the directory does not know the id."""

DECISIONS = {
    "upheld": "upheld: you were right, and we got this wrong",
    "partially-upheld": "partly upheld: you were right about part of this",
    "not-upheld": "not upheld: we looked into this and did not find that we got it wrong",
}

DUTIES = {
    "acknowledge": "send the acknowledgement",
    "contact": "speak to the resident",
    "arrange": "give the hearing a date",
    "respond": "send the response",
    "escalate": "close the complaint",
    "reply": "close the complaint",
}
"""What a member of staff has to do before a clock passes, or once it has."""

NEEDED: Mapping[Need, str] = {
    "reasons": "say why you are not content with our answer",
    "outcome": "say what you want to happen",
    "further-evidence": (
        "give us what we have not seen yet and would help us to see it your way, such as photos, "
        "letters or the dates on which something happened"
    ),
}
"""What a policy asks for with a request for the next stage, in words for the resident."""

LETTERS = {
    "receipt": "receipt",
    "acknowledgement": "acknowledgement",
    "stage-acknowledgement": "acknowledgement of the new stage",
    "points-added": "letter about what was added to the complaint",
    "refusal": "letter that refuses the complaint",
    "assignment": "note that a complaint was assigned",
    "urgent": "note that a complaint cannot wait",
    "to-assign": "note that nobody is in charge",
    "reminder": "reminder",
    "escalation": "note that a complaint is overdue",
    "extension": "letter that extends the time",
    "agreed-date": "letter about the agreed date",
    "hearing": "letter about the hearing",
    "due-moved": "letter about dates that moved",
    "response": "response",
    "moved-on": "letter that the complaint has gone on to another stage",
    "decline": "letter that declines the next stage",
    "closing": "closing letter",
    "undeliverable": "note about a letter that was refused",
    "thanks": "letter of thanks",
    "directed": "letter that names the procedure",
    "passed-on": "note that feedback came in",
    "thanks-late": "note that thanks are late",
}
"""Each kind of notice as the complaints officer knows it."""

FEEDBACK = {
    "compliment": "compliment",
    "comment": "comment",
    "service-request": "request for a service",
    "anti-social-behaviour": "report of anti-social behaviour",
}
"""Each kind of feedback as people call it."""


@dataclass(frozen=True)
class Letter:
    """What a notice says, ready to be sent."""

    subject: str
    text: str
    html: str


def compose(notice: Notice, recipient: Recipient, directory: Directory) -> Letter:
    """Writes the letter of a notice. Staff ids become the names that the directory knows.

    Raises MendRequest `unrenderable` when its content does not fit the templates of its kind.
    """
    content = notice.content
    to_resident = isinstance(notice.to, ToResident)
    words: dict[str, object] = {
        "content": content,
        "letterhead": notice.letterhead,
        "reference": notice.reference,
        "role": notice.to.role,
        "name": notice.to.addressee.name if isinstance(notice.to, ToResident) else recipient.name,
        "officer": recipient.name if recipient.by_hand else None,
        "stands_in": recipient.stands_in,
        "investigator": _investigator(notice, directory),
        "together_with": _together_with(notice, directory),
        "layout": "resident" if to_resident else "staff",
        "matter": "feedback" if notice.letterhead.stage is None else "complaint",
    }
    try:
        subject = _render(content.about, "subject.txt", words)
        text = _render(content.about, "text.txt", words)
        html = _render(content.about, "html.html", words | {"subject": subject})
    except TemplateError as error:
        raise MendRequest("unrenderable", f"{content.about}: {error.message}") from None
    if recipient.by_hand:
        subject = f"To post: {subject}"
    return Letter(subject=subject, text=_tidy(text), html=_inline_styles(html))


def _investigator(notice: Notice, directory: Directory) -> str | None:
    if not isinstance(notice.content, Acknowledgement | Escalation | ResponseNotice | Urgent):
        return None
    person = directory.find(notice.content.investigator)
    return NOBODY_BY_NAME if person is None else person.name


def _together_with(notice: Notice, directory: Directory) -> str | None:
    if not isinstance(notice.content, Assignment) or notice.content.together_with is None:
        return None
    person = directory.find(notice.content.together_with)
    return UNKNOWN_COLLEAGUE if person is None else person.name


def _render(kind: str, part: str, words: dict[str, object]) -> str:
    return _TEMPLATES.get_template(f"{kind}/{part}").render(words)


def _day(day: date) -> str:
    """Returns the date as it stands in letters: "Wednesday 6 January 2027"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def _paragraphs(words: str) -> Markup:
    """Turns running text into paragraphs of HTML, everything in it escaped."""
    blocks = re.split(r"\n\s*\n", _readable(words).strip())
    return Markup().join(
        Markup("<p>{}</p>").format(Markup("<br>").join(block.split("\n"))) for block in blocks
    )


def _readable(words: str) -> str:
    """Keeps a body free of characters that show nothing; what ends a line somewhere ends it here.

    Such characters are refused where words come in. Here a resident waits for a letter, and one
    that holds back an invisible character serves them better than none.
    """
    lines = re.sub("\r\n?|[\v\f\x85\u2028\u2029]", "\n", words)
    return "".join(
        character
        for character in lines
        if character in "\n\t" or category(character) not in REFUSED_CATEGORIES
    )


def _tidy(text: str) -> str:
    """Leaves no trailing spaces and at most one empty line, which template blocks scatter."""
    lines = [line.rstrip() for line in _readable(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _inline_styles(html: str) -> str:
    # Mail programs drop style sheets; on the elements themselves the rules survive.
    return _STYLES.inline(_readable(html))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        day=_day,
        paragraphs=_paragraphs,
        decision=DECISIONS.__getitem__,
        feedback=FEEDBACK.__getitem__,
        duty=DUTIES.__getitem__,
        needed=NEEDED.__getitem__,
        letter=lambda about: LETTERS.get(about, about),
        role=lambda role: str(role).replace("-", " "),
    )
    return environment


_TEMPLATES = _environment()
_STYLES = css_inline.CSSInliner(load_remote_stylesheets=False)
