"""A notice as a letter: subject, text and HTML, and for some kinds a text message.

`templates/KIND/` holds its words; KIND is the content's `about`. What templates can name besides
the content is what `_words` returns.
"""

from dataclasses import dataclass
from pathlib import Path

from services.notify.branding import TEXT, link_colour
from services.notify.contents import Acknowledgement, Offer, PanelHearing, ResponseNotice
from services.notify.contract import Brand, Notice, ToResident
from services.notify.languages import Language
from services.notify.office import Office
from services.notify.recipients import Recipient
from services.notify.rendering import PARTS, SMS, Templates, styled, tidy
from services.notify.wording import UNKNOWN_COLLEAGUE
from services.shared.local_time import local_date

FOLDER = Path(__file__).parent / "templates"

TEMPLATES = Templates(FOLDER)


@dataclass(frozen=True)
class Letter:
    """What a notice says, ready to be sent."""

    subject: str
    text: str
    html: str
    language: str = "en-GB"
    """BCP 47: the language that it is really in."""
    sms: str | None = None
    """What it says by text message; None where its kind has no such words."""


@dataclass(frozen=True)
class Links:
    """Where a manager can act on one complaint, each good for that one person alone."""

    confirm: str | None
    """None where it is not theirs to confirm: a deputy takes it on instead."""
    take_on: str | None
    contact: str
    help: str
    extend: str


def compose(
    notice: Notice, recipient: Recipient, office: Office, templates: Templates = TEMPLATES
) -> Letter:
    """Writes the letter of a notice to the person whom it reaches.

    Raises MendRequest `unrenderable` when its content does not fit the templates of its kind.
    """
    kind = notice.content.about
    folder = templates.language(kind, _wanted_language(notice, recipient))
    language = templates.words(folder)
    words = _words(notice, recipient, office, language)
    words["layout"] = "/".join(filter(None, (folder, _layout(notice))))
    subject, text, html = PARTS
    words["subject"] = templates.render(kind, folder, subject, words).strip()
    has_sms = templates.has(kind, folder, SMS)
    return Letter(
        subject=_for_whom(recipient, str(words["subject"])),
        text=tidy(templates.render(kind, folder, text, words)),
        html=styled(templates.render(kind, folder, html, words)),
        language=language.tag,
        sms=tidy(templates.render(kind, folder, SMS, words)).strip() if has_sms else None,
    )


def links_for(
    notice: Notice, recipient: Recipient, office: Office, reference: str | None
) -> Links | None:
    """Returns the links of a mail to whoever is in charge; None for everybody else.

    They are for the person whom the mail reaches. A deputy acts in their own name: they can take
    the complaint on, but confirm nothing for whoever is away. A complaints officer who stands in
    has none: what they should do is to put somebody in charge.
    """
    staff_id = recipient.staff_id
    if reference is None or staff_id is None or notice.to.role != "investigator":
        return None
    if recipient.stands_in:
        return None
    deputy = recipient.deputy_for is not None or isinstance(notice.content, Offer)
    return Links(
        confirm=None if deputy else office.link("confirm", staff_id, reference),
        take_on=office.link("take-on", staff_id, reference) if deputy else None,
        contact=office.link("contact", staff_id, reference),
        help=office.link("help", staff_id, reference),
        extend=office.link("extend", staff_id, reference),
    )


def _wanted_language(notice: Notice, recipient: Recipient) -> str:
    # What a colleague tells a resident by telephone, the colleague has to be able to read.
    if not isinstance(notice.to, ToResident) or recipient.asked_to == "ring":
        return ""
    return recipient.language


def _layout(notice: Notice) -> str:
    return "resident" if isinstance(notice.to, ToResident) else "staff"


def _for_whom(recipient: Recipient, subject: str) -> str:
    match recipient.asked_to:
        case "post":
            return f"To post: {subject}"
        case "ring":
            return f"Please ring: {subject}"
        case None:
            return subject


def _words(
    notice: Notice, recipient: Recipient, office: Office, language: Language
) -> dict[str, object]:
    """Returns what the templates of a notice can name."""
    today = local_date(office.now)

    def person(staff_id: str | None) -> str:
        found = office.directory.find(staff_id)
        return UNKNOWN_COLLEAGUE if found is None else found.name

    def away(staff_id: str) -> bool:
        return office.directory.away(staff_id, today) is not None

    def links(reference: str | None) -> Links | None:
        return links_for(notice, recipient, office, reference)

    letterhead = notice.letterhead
    return {
        "content": notice.content,
        "letterhead": letterhead,
        "line_colour": letterhead.brand.colour,
        "link_colour": link_colour(letterhead.brand.colour),
        "text_colour": TEXT,
        "language": language.tag,
        "reference": notice.reference,
        "matter": _matter(notice),
        "recipient": recipient,
        **_about_reader(notice, recipient),
        "investigator": _investigator(notice, office, language),
        "person": person,
        "away": away,
        "links": links,
    }


def _about_reader(notice: Notice, recipient: Recipient) -> dict[str, object]:
    """Returns who reads it: a resident under their own name, or staff in a role."""
    if isinstance(notice.to, ToResident):
        addressee = notice.to.addressee
        english = addressee.language.lower().partition("-")[0] == "en"
        return {
            "role": notice.to.role,
            "name": addressee.name,
            "prefers_letters": addressee.prefers_letters,
            "other_language": None if english else addressee.language,
            "brand_is_reached": _is_reached(notice.letterhead.brand),
        }
    on_panel = isinstance(notice.content, PanelHearing)
    asked_for = "member of the panel" if on_panel else notice.to.role.replace("-", " ")
    return {"role": notice.to.role, "name": recipient.name, "role_asked_for": asked_for}


def _is_reached(brand: Brand) -> bool:
    return any((brand.telephone, brand.email, brand.website, brand.address))


def _matter(notice: Notice) -> str | None:
    """Returns what the notice is about, for people; None where it is about no one thing."""
    if notice.reference is None:
        return None
    return "feedback" if notice.letterhead.stage is None else "complaint"


def _investigator(notice: Notice, office: Office, language: Language) -> str | None:
    """Returns who investigates, as a letter to the resident names them."""
    if not isinstance(notice.content, Acknowledgement | ResponseNotice):
        return None
    found = office.directory.find(notice.content.investigator)
    return language.nobody_by_name if found is None else found.name
