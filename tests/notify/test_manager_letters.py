"""What a manager, their deputy and the complaints officer read, and what its links let them do."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from services.notify.absences import Absence
from services.notify.contents import Content, Reminder
from services.notify.letters import Letter
from services.notify.office import LINKS_LAST
from services.notify.wording import days_left
from services.shared.manager_links import ManagerLink, opened
from tests.days import day, london
from tests.notify.reading import NOW, SECRET, Words, both, letter
from tests.notify.samples import (
    ASSIGNMENT,
    CHASE,
    COVER,
    DIGEST,
    FROM_RESIDENT,
    HELD_MAIL,
    HELP_WANTED,
    LETTER_TO_POST,
    OFFER,
    PANEL_HEARING,
    REFERENCE,
    REMINDER,
    STAFF,
    TO_STAFF,
    UNCONFIRMED,
    to_staff,
)

AWAY = STAFF.model_copy(
    update={
        "absences": (
            Absence(
                staff_id="sam-okafor",
                from_on=day("Mon 2027-01-04"),
                until_on=day("Fri 2027-01-15"),
                deputy="megan-price",
            ),
        )
    }
)
"""Sam Okafor is away; Megan Price covers."""


def links(written: Letter) -> list[ManagerLink]:
    """What the links of a mail stand for, in their order; the same in text and in HTML."""
    in_text = [word for word in written.text.split() if "/manager/" in word]
    assert set(in_text) == {link for link in Words(written.html).links if link is not None}
    found = []
    for address in in_text:
        _, _, purpose, token = urlsplit(address).path.split("/")
        found.append(opened(SECRET, purpose, token, NOW))
    return found


def purposes(written: Letter) -> list[str]:
    return [link.purpose for link in links(written)]


@pytest.mark.parametrize(
    ("content", "first", "others"),
    [
        (ASSIGNMENT, "confirm", {"contact", "help", "extend"}),
        (CHASE, "confirm", {"help"}),
        (REMINDER, "help", {"extend"}),
        (Reminder(clock="contact", due=day("Wed 2027-01-06")), "contact", {"help"}),
        (FROM_RESIDENT, "contact", {"help"}),
    ],
)
def test_whoever_is_in_charge_can_act_from_their_mail_in_their_own_name(
    content: Content, first: str, others: set[str]
) -> None:
    written = letter(to_staff(content))
    assert purposes(written)[0] == first
    assert set(purposes(written)[1:]) == others
    for link in links(written):
        assert (link.staff_id, link.reference) == ("sam-okafor", REFERENCE)
        assert link.expires_at == london("Mon 2027-04-05 00:00")


@pytest.mark.parametrize("content", [ASSIGNMENT, REMINDER, CHASE, DIGEST])
def test_while_somebody_is_away_the_deputy_is_told_why_and_takes_on_in_their_own_name(
    content: Content,
) -> None:
    written = letter(to_staff(content), AWAY)
    for words in both(written):
        assert "Hello Megan Price" in words
        assert "because Sam Okafor is away until Friday 15 January 2027" in words
    assert {link.staff_id for link in links(written)} == {"megan-price"}
    assert "take-on" in purposes(written)
    assert "confirm" not in purposes(written)


def test_an_offer_goes_to_the_deputy_with_nothing_but_the_link_to_take_it_on() -> None:
    written = letter(to_staff(OFFER, investigator="priya-shah"))
    [link] = links(written)
    assert (link.purpose, link.staff_id) == ("take-on", "priya-shah")
    for words in both(written):
        assert "was assigned to Sam Okafor on Thursday 31 December 2026" in words
        assert "They have not confirmed it" in words
    for words in both(letter(to_staff(OFFER, investigator="priya-shah"), AWAY)):
        assert "They are away" in words


@pytest.mark.parametrize("role", ["line-manager", "head-of-service", "complaints-officer"])
@pytest.mark.parametrize("content", TO_STAFF, ids=lambda content: content.about)
def test_nobody_but_whoever_is_in_charge_gets_links(content: Content, role: str) -> None:
    notice = to_staff(content)
    elsewhere = notice.model_copy(update={"to": notice.to.model_copy(update={"role": role})})
    assert links(letter(elsewhere)) == []


@pytest.mark.parametrize("content", [ASSIGNMENT, REMINDER, CHASE, OFFER, DIGEST, FROM_RESIDENT])
def test_an_officer_in_the_place_of_somebody_unknown_is_asked_to_put_somebody_in_charge(
    content: Content,
) -> None:
    written = letter(to_staff(content, investigator="left-long-ago"))
    assert links(written) == []
    for words in both(written):
        assert "the directory has no investigator for this" in words
        assert "in charge" in words


def test_a_mail_that_is_tried_again_that_day_holds_the_same_links_and_they_end() -> None:
    first = letter(to_staff(ASSIGNMENT))
    later = letter(to_staff(ASSIGNMENT), now=NOW + timedelta(hours=9))
    assert links(first) == links(later) != []
    assert first.text == later.text
    assert all(link.expires_at <= NOW + LINKS_LAST for link in links(first))


def test_the_digest_lists_the_most_urgent_first_with_what_is_left_and_what_is_new() -> None:
    written = letter(to_staff(DIGEST))
    assert written.subject == "1 of your 3 complaints is late"
    for words in both(written):
        late, rest = words.split("PR-7K2M-9QXT, 1 working day left")
        mine, last = rest.split("PR-9N3C-6TLB, 11 working days left")
        assert "PR-2V8D-4HRW, 2 working days late" in late
        assert "Send the acknowledgement; it was due on Thursday 31 December 2026" in late
        assert "News: the resident has written." in late
        assert "Send the response by Wednesday 6 January 2027" in mine
        assert "News: this one came to you; its date is near." in mine
        assert "confirm" in mine
        assert "News" not in last
        assert "confirm" not in last
    by_complaint = [(link.reference, link.purpose) for link in links(written)]
    assert ("PR-2V8D-4HRW", "extend") not in by_complaint
    assert ("PR-7K2M-9QXT", "confirm") in by_complaint
    assert ("PR-9N3C-6TLB", "confirm") not in by_complaint


@pytest.mark.parametrize(
    ("days", "subject"),
    [
        ([-1, 0, 3], "1 of your 3 complaints is late"),
        ([-2, -1, 3], "2 of your 3 complaints are late"),
        ([0, 0, 3], "2 of your 3 complaints are due today"),
        ([1, 2, 3], "The first of your 3 complaints is due on Thursday 31 December 2026"),
        ([-1], "Complaint PR-2V8D-4HRW is late"),
        ([0], "Complaint PR-2V8D-4HRW is due today"),
        ([4], "Complaint PR-2V8D-4HRW is due on Thursday 31 December 2026"),
    ],
)
def test_the_subject_of_a_digest_says_what_presses_most(days: list[int], subject: str) -> None:
    lines = tuple(
        line.model_copy(update={"days_left": left, "news": ()})
        for line, left in zip(DIGEST.lines, days, strict=False)
    )
    digest = DIGEST.model_copy(update={"lines": lines})
    assert letter(to_staff(digest)).subject == subject
    if len(days) > 1:
        assert letter(to_staff(digest), AWAY).subject == subject.replace("your", "Sam Okafor’s")


def test_a_digest_names_the_landlord_of_each_complaint_only_where_there_are_several() -> None:
    assert "(Stage 1)" in letter(to_staff(DIGEST)).text
    first, *rest = DIGEST.lines
    other = first.model_copy(update={"landlord": "Ashfield Homes"})
    for words in both(letter(to_staff(DIGEST.model_copy(update={"lines": (other, *rest)})))):
        assert "(Stage 1, Ashfield Homes)" in words
        assert "(Stage 2, Elmfield Homes)" in words


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (11, "11 working days left"),
        (1, "1 working day left"),
        (0, "due today"),
        (-1, "1 working day late"),
        (-2, "2 working days late"),
    ],
)
def test_the_days_left_are_said_as_people_say_them(days: int, said: str) -> None:
    assert days_left(days) == said


def test_help_is_asked_for_in_words_and_the_officer_hears_who_sees_to_it() -> None:
    for words in both(letter(to_staff(HELP_WANTED, role="line-manager"))):
        assert "Hello Priya Shah" in words
        assert "Sam Okafor is in charge of complaint PR-7K2M-9QXT and asks for help." in words
        assert "They cannot get at the records that they need." in words
        assert "The contractor's job sheets for December." in words
        assert "Please speak to them today" in words
    for words in both(letter(to_staff(HELP_WANTED, role="complaints-officer"))):
        assert "The line manager of Sam Okafor has been asked to see to it." in words
    cannot = HELP_WANTED.model_copy(update={"help": "somebody-else", "note": None})
    for words in both(letter(to_staff(cannot, role="complaints-officer"))):
        assert "Please put somebody else in charge today." in words
        assert "They write" not in words


def test_a_deputy_who_asks_for_help_is_named_with_whom_they_stand_in_for() -> None:
    asked = HELP_WANTED.model_copy(update={"asked_by": "megan-price"})
    written = letter(to_staff(asked, role="line-manager"), AWAY)
    assert written.subject == "Megan Price asks for help with PR-7K2M-9QXT"
    for words in both(written):
        assert "Megan Price, who stands in for Sam Okafor, asks for help with" in words
    for words in both(letter(to_staff(asked, role="line-manager"))):
        assert "Megan Price asks for help with complaint PR-7K2M-9QXT, of which Sam" in words
        assert "stands in" not in words
    themselves = HELP_WANTED.model_copy(update={"asked_by": "sam-okafor"})
    assert (
        letter(to_staff(themselves, role="line-manager")).text
        == letter(to_staff(HELP_WANTED, role="line-manager")).text
    )


def test_whoever_has_not_confirmed_is_told_that_it_is_they_who_have_not() -> None:
    for words in both(letter(to_staff(CHASE))):
        assert "assigned to you on Monday 4 January 2027, and you have not confirmed it" in words
        assert "it is offered to somebody else and the complaints officer is told." in words
    for words in both(letter(to_staff(CHASE), AWAY)):
        assert "assigned to Sam Okafor on Monday 4 January 2027, and they have not" in words


def test_links_are_called_as_on_the_pages_that_they_lead_to() -> None:
    for words in both(letter(to_staff(ASSIGNMENT))):
        assert "Log a contact with the resident" in words
        assert "Extend the date (the resident is told at once)" in words
    for words in both(letter(to_staff(DIGEST))):
        assert "use “Ask for help” today: until then nobody knows." in words


def test_held_mail_says_where_it_is_and_mail_that_came_back_what_to_find_out() -> None:
    for words in both(letter(to_staff(HELD_MAIL, role="complaints-officer"))):
        assert "it could not be read. It came in on Monday 4 January 2027" in words
        assert "register it as a complaint, or set it aside" in words
        assert "the list of mail (/api/mail), under “held”" in words
    returned = HELD_MAIL.model_copy(update={"returned": True})
    for words in both(letter(to_staff(returned, role="complaints-officer"))):
        assert "find out today whether what we wrote has arrived" in words
        assert "the list of returned mail (/api/returned-mail), under “unreadable”" in words


def test_mail_from_the_resident_is_for_the_officer_while_nobody_is_in_charge() -> None:
    alone = to_staff(FROM_RESIDENT, role="complaints-officer", investigator=None)
    for words in both(letter(alone)):
        assert "Nobody is in charge of this complaint now." in words


def test_a_member_of_the_panel_is_told_the_day_and_whom_to_tell_of_a_difficulty() -> None:
    for words in both(letter(to_staff(PANEL_HEARING, investigator="edith-owusu"))):
        assert "Hello Edith Owusu" in words
        assert "You are on the panel that hears complaint PR-7K2M-9QXT" in words
        assert "know the people concerned too well to judge" in words
    moved = PANEL_HEARING.model_copy(update={"was": day("Mon 2027-02-01")})
    for words in both(letter(to_staff(moved, investigator="edith-owusu"))):
        assert "it was to be on Monday 1 February 2027" in words
    for words in both(letter(to_staff(PANEL_HEARING, investigator="left-long-ago"))):
        assert "the directory has no member of the panel for this complaint" in words


def test_the_officer_hears_of_what_is_not_confirmed_and_who_was_asked_instead() -> None:
    for words in both(letter(to_staff(UNCONFIRMED, role="complaints-officer"))):
        assert "They have been asked twice" in words
        assert "It has been offered to Priya Shah" in words
    alone = UNCONFIRMED.model_copy(update={"offered_to": None})
    for words in both(letter(to_staff(alone, role="complaints-officer"), AWAY)):
        assert "They are away, and nobody has confirmed it since." in words
        assert "There is no deputy to offer it to." in words


def test_the_officer_hears_who_covers_or_that_nobody_does() -> None:
    for words in both(letter(to_staff(COVER, role="complaints-officer"))):
        assert "Sam Okafor is away until Friday 15 January 2027" in words
        assert "in charge of 3 open complaints" in words
        assert "Priya Shah gets Sam Okafor’s complaint mails until then." in words
    alone = COVER.model_copy(update={"deputy": None, "open_complaints": 1})
    for words in both(letter(to_staff(alone, role="complaints-officer"))):
        assert "1 open complaint." in words
        assert "Nobody covers for them" in words
        assert "their complaint mails come to you until then" in words


def test_a_letter_in_the_print_queue_is_called_by_its_name() -> None:
    for words in both(letter(to_staff(LETTER_TO_POST, role="complaints-officer"))):
        assert "The response to complaint PR-7K2M-9QXT goes by post" in words
