"""Every kind of notice as a letter: what it must say, to whom, and what it survives."""

import re
from typing import Literal, get_args

import pytest

from services.notify.contents import Acknowledgement, Content, Need, Refusal, Undeliverable
from services.notify.contract import Addressee, Brand, ToResident
from services.notify.letters import FOLDER
from services.notify.wording import LETTERS
from tests.days import day
from tests.notify.reading import Words, both, letter
from tests.notify.samples import (
    ACKNOWLEDGEMENT,
    JO,
    LETTERHEAD,
    OMBUDSMAN,
    RECEIPT,
    REFERENCE,
    TO_RESIDENT,
    TO_STAFF,
    TRACKING,
    WINDOW_REMINDER,
    to_resident,
    to_staff,
)

ATTACK = '<script>alert("x")</script> & {{ 7*7 }} <a href="https://evil.example">here</a>'
DATE = re.compile(r"\d{1,2} (?:January|February|May|October|December) \d{4}")
DATE_WITH_WEEKDAY = re.compile(r"[A-Z][a-z]+day \d{1,2} [A-Z][a-z]+ \d{4}")


FOUR_FRAGMENTS = 612
"""Characters: the longest text message that is sent."""


def kind(content: Content) -> str:
    return content.about


@pytest.mark.parametrize("content", TO_RESIDENT, ids=kind)
def test_every_letter_to_a_resident_names_reference_stage_landlord_and_ombudsman(
    content: Content,
) -> None:
    written = letter(to_resident(content))
    for words in both(written):
        assert REFERENCE in words
        assert str(LETTERHEAD.stage) in words
        assert LETTERHEAD.landlord in words
        for detail in OMBUDSMAN.model_dump().values():
            assert detail in words
    assert TRACKING in written.text
    assert f'href="{TRACKING}"' in written.html


@pytest.mark.parametrize("content", TO_STAFF, ids=kind)
def test_every_note_to_staff_is_short_names_the_complaint_and_keeps_the_residents_link(
    content: Content,
) -> None:
    notice = to_staff(content)
    written = letter(notice)
    for words in both(written):
        assert "Hello Sam Okafor" in words
        assert notice.reference is None or notice.reference in words
        assert LETTERHEAD.landlord in words
    assert len(written.text.split()) < (200 if content.about == "digest" else 130)
    assert TRACKING not in written.text + written.html


@pytest.mark.parametrize("content", [*TO_RESIDENT, *TO_STAFF], ids=kind)
def test_text_and_html_say_the_same_dates_each_with_its_weekday(content: Content) -> None:
    written = letter(to_resident(content) if content in TO_RESIDENT else to_staff(content))
    in_text, in_html = ([*DATE_WITH_WEEKDAY.findall(words)] for words in both(written))
    assert sorted(set(in_text)) == sorted(set(in_html))
    assert len(DATE.findall(written.text)) == len(in_text)


def test_every_kind_of_content_has_templates_a_name_and_a_sample() -> None:
    kinds = {
        about
        for model in get_args(get_args(Content)[0])
        for about in get_args(model.model_fields["about"].annotation)
    }
    folders = {path.parent.name for path in FOLDER.glob("*/subject.txt")}
    assert kinds == folders == LETTERS.keys()
    assert kinds == {content.about for content in (*TO_RESIDENT, *TO_STAFF)}


def test_the_receipt_says_what_happens_next_by_when_and_that_a_person_will_read_it() -> None:
    for words in both(letter(to_resident(RECEIPT))):
        assert "Dear Jo Bloggs," in words
        assert "reached us on Monday 21 December 2026" in words
        assert "This is an automatic message. A person will read your complaint" in words
        assert "By Wednesday 30 December 2026 they will write to you" in words
        assert "By Thursday 14 January 2027 you will have our answer." in words


def test_a_receipt_entered_late_promises_no_day_that_has_passed() -> None:
    late = RECEIPT.model_copy(update={"entered_on": day("Mon 2027-01-04")})
    for said in both(letter(to_resident(late))):
        assert "should have heard from us by Wednesday 30 December 2026" in said
        assert "Thursday 14 January 2027 you will have our answer" in said
    later = RECEIPT.model_copy(update={"entered_on": day("Mon 2027-02-01")})
    for said in both(letter(to_resident(later))):
        assert "should have had our answer by Thursday 14 January 2027" in said


def test_the_acknowledgement_sets_out_definition_points_outcomes_and_what_is_not_ours() -> None:
    written = letter(to_resident(ACKNOWLEDGEMENT))
    assert "1. Nobody came on 4 December.\n2. The repair did not last.\n" in written.text
    for words in both(written):
        assert "in charge of it is Sam Okafor" in words
        assert "by Wednesday 6 January 2027" in words
        assert ACKNOWLEDGEMENT.definition in words
        assert ACKNOWLEDGEMENT.outcomes_sought in words
        assert "not responsible for" in words.lower()
        assert str(ACKNOWLEDGEMENT.not_ours) in words


def test_the_acknowledgement_without_foreign_parts_has_no_heading_for_them() -> None:
    written = letter(to_resident(ACKNOWLEDGEMENT.model_copy(update={"not_ours": None})))
    assert "not responsible" not in (written.text + written.html).lower()


@pytest.mark.parametrize("investigator", [None, "left-long-ago"])
def test_an_investigator_whom_the_directory_does_not_know_is_the_complaints_team(
    investigator: str | None,
) -> None:
    content = ACKNOWLEDGEMENT.model_copy(update={"investigator": investigator})
    for words in both(letter(to_resident(content))):
        assert "in charge of it is the complaints team" in words
        assert "left-long-ago" not in words


def test_a_letter_to_be_posted_tells_the_officer_so_and_greets_the_resident() -> None:
    written = letter(to_resident(email=None, postal=True))
    assert written.subject == f"To post: We have received your complaint {REFERENCE}"
    for words in both(written):
        assert "Ruth Ellis-Jones: the resident gave no email address." in words
        assert "Dear Jo Bloggs," in words
    assert "letter today" not in letter(to_resident()).text.lower()


def test_a_resident_who_can_only_be_rung_is_told_by_the_officer_what_the_letter_says() -> None:
    written = letter(to_resident(email=None, phone="07700 900123"))
    assert written.subject == f"Please ring: We have received your complaint {REFERENCE}"
    for words in both(written):
        assert "Ruth Ellis-Jones: the resident can be reached by telephone only." in words
        assert f"their number is in the case file of {REFERENCE}" in words.lower().replace(
            REFERENCE.lower(), REFERENCE
        )
        assert "another language than English" not in words
        assert "Dear Jo Bloggs," in words
        assert "07700" not in words


def test_the_officer_hears_who_prefers_letters_and_wants_large_print() -> None:
    addressee = Addressee(
        name="Jo Bloggs", email=JO, address="7 Elm Row", prefers_letters=True, large_print=True
    )
    notice = to_resident().model_copy(update={"to": ToResident(addressee=addressee)})
    for words in both(letter(notice)):
        assert "the resident prefers letters." in words
        assert "post it, in large print." in words
    for words in both(letter(notice, ways=["letter"])):
        assert "post it" not in words
        assert words.count("Jo Bloggs") == 1


@pytest.mark.parametrize("needs", [(), ("reasons", "outcome", "further-evidence")])
def test_whoever_has_time_left_is_reminded_until_when_and_what_to_give(
    needs: tuple[Need, ...],
) -> None:
    content = WINDOW_REMINDER.model_copy(update={"next_stage_needs": needs})
    for words in both(letter(to_resident(content))):
        assert "look at your complaint again, until Thursday 6 January 2028" in words
        assert "That is called Stage 2." in words
        assert ("When you ask, please" in words) == bool(needs)
        assert ("say what you want to happen" in words) == bool(needs)


def test_a_text_message_names_landlord_reference_and_day_and_fits_in_four_fragments() -> None:
    sms = letter(to_resident(WINDOW_REMINDER)).sms
    assert sms is not None
    assert sms.startswith("Elmfield Homes: ")
    for part in (REFERENCE, "Stage 2", "Thursday 6 January 2028"):
        assert part in sms
    assert "Ring us on 0300 000 0000 or write to us, and give the reference." in sms
    unknown = LETTERHEAD.model_copy(update={"brand": Brand()})
    short = letter(to_resident(WINDOW_REMINDER, letterhead=unknown)).sms
    assert short is not None
    assert short.endswith("Ring or write to us and give the reference.")
    longest = LETTERHEAD.model_copy(update={"landlord": "L" * 200})
    content = WINDOW_REMINDER.model_copy(update={"next_stage": "S" * 200})
    long = letter(to_resident(content, letterhead=longest)).sms
    assert long is not None
    assert len(long) <= FOUR_FRAGMENTS


def test_what_has_no_words_for_a_text_message_has_none() -> None:
    assert letter(to_resident(RECEIPT)).sms is None


def test_what_is_about_no_complaint_can_be_undeliverable_too() -> None:
    notice = to_staff(
        Undeliverable(notice="k", notice_about="digest", notice_to="investigator"),
        role="complaints-officer",
        reference=None,
    )
    written = letter(notice)
    assert written.subject == "A letter could not be delivered"
    for words in both(written):
        assert "The list of open complaints to the investigator could not be delivered" in words
        assert "None" not in words


def test_a_resident_without_a_name_is_greeted_without_one() -> None:
    assert letter(to_resident(name=None)).text.startswith("Hello,\n")


def test_an_officer_who_stands_in_for_a_role_is_told_why() -> None:
    written = letter(to_staff(role="line-manager", investigator=None))
    for words in both(written):
        assert "Hello Ruth Ellis-Jones" in words
        assert "the directory has no line manager for this complaint" in words
    for words in both(letter(to_staff())):
        assert "the directory has no" not in words


def test_an_undeliverable_notice_says_what_failed_and_what_to_do() -> None:
    content = Undeliverable(notice="k", notice_about="response", notice_to="resident")
    for words in both(letter(to_staff(content, role="complaints-officer"))):
        assert "The response to the resident of complaint PR-7K2M-9QXT could not be" in words
        assert "by phone or by post, and correct the address" in words


@pytest.mark.parametrize(
    ("outcome", "said", "corrected"),
    [
        ("refused", "did not get the reminder (complaint PR-7K2M-9QXT): it was refused.", True),
        ("bounced", "it was sent and came back.", True),
        ("uncertain", "may not have got the reminder", False),
        (None, "it was refused, came back, or was never confirmed.", True),
    ],
)
def test_an_undeliverable_notice_says_what_became_of_it_and_names_whom_it_was_for(
    outcome: Literal["refused", "uncertain", "bounced"] | None, said: str, *, corrected: bool
) -> None:
    content = Undeliverable(
        notice="k",
        notice_about="reminder",
        notice_to="investigator",
        outcome=outcome,
        reader="sam-okafor",
    )
    written = letter(to_staff(content, role="complaints-officer"))
    got = "may not have got" if outcome == "uncertain" else "did not get"
    assert written.subject == f"Sam Okafor {got} our mail about {REFERENCE}"
    for words in both(written):
        assert said in words
        assert "Please tell Sam Okafor another way today" in words
        assert ("correct their address" in words) == corrected


def test_what_reached_nobody_else_names_no_manager() -> None:
    content = Undeliverable(
        notice="k", notice_about="cover", notice_to="complaints-officer", reader="sam-okafor"
    )
    for words in both(letter(to_staff(content, role="complaints-officer"))):
        assert "to the complaints officer" in words
        assert "Sam Okafor" not in words


def test_words_that_look_like_html_or_templates_are_shown_as_they_were_written() -> None:
    content = Acknowledgement(
        **ACKNOWLEDGEMENT.model_dump(exclude={"definition", "outcomes_sought"}),
        definition=ATTACK,
        outcomes_sought=ATTACK,
    )
    written = letter(to_resident(content, name=ATTACK))
    in_text, in_html = both(written)
    assert ATTACK in in_text
    assert ATTACK in in_html
    assert "script" not in Words(written.html).elements
    assert Words(written.html).links == {
        TRACKING,
        f"mailto:{OMBUDSMAN.email}",
        f"mailto:{LETTERHEAD.brand.email}",
    }


def test_line_breaks_of_every_sort_become_lines_and_paragraphs() -> None:
    content = Refusal(
        reason="r", explanation="one\r\ntwo\rthree\u2028four\u2029five\x85six\x0bseven\n\neight"
    )
    written = letter(to_resident(content))
    assert "one\ntwo\nthree\nfour\nfive\nsix\nseven\n\neight" in written.text
    assert "one<br>two<br>three<br>four<br>five<br>six<br>seven</p><p" in written.html


def test_characters_that_show_nothing_are_left_out_of_a_body() -> None:
    content = Refusal(reason="r", explanation="a\x00b\x1bc\ud800d")
    written = letter(to_resident(content))
    assert "abcd" in written.text
    assert "abcd" in written.html


def test_a_very_long_letter_is_written_whole() -> None:
    content = Refusal(reason="r", explanation="long words " * 20_000)
    written = letter(to_resident(content, name="N" * 5_000))
    assert written.text.count("long words") == 20_000
    assert written.html.count("long words") == 20_000


@pytest.mark.parametrize("content", TO_RESIDENT, ids=kind)
def test_html_carries_its_styles_on_its_elements_and_fetches_nothing(content: Content) -> None:
    page = letter(to_resident(content)).html
    assert "<style" not in page
    assert 'lang="en-GB"' in page
    assert re.search(r'<p class="landlord" style="[^"]*bold', page)
    assert Words(page).elements.isdisjoint({"img", "link", "script", "iframe"})
