"""Mail that comes back: which notice it is about, and what became of it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.returned_reading import MOST_WORDS, may_be_ours, read
from tests.notify.returned_samples import (
    ALL,
    HOSTILE,
    IN_WORDS,
    MARK,
    MESSAGE_ID,
    NO_BOUNCE,
    PATH,
    REPORTS,
    SECRET,
    Sample,
)


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
def test_every_shape_is_read_as_what_it_is(sample: Sample) -> None:
    returned = read(sample.raw, SECRET)
    assert returned.outcome == sample.outcome
    assert returned.mark == (MARK if sample.marked else None)
    assert returned.message_id == (MESSAGE_ID if sample.quotes_id else None)
    assert sample.says in returned.words


@pytest.mark.parametrize("sample", [*REPORTS, *IN_WORDS], ids=lambda sample: sample.name)
def test_what_a_mail_server_sends_is_kept_of_a_shared_mailbox(sample: Sample) -> None:
    assert may_be_ours(sample.raw, SECRET)


def test_what_residents_write_is_left_to_intake() -> None:
    mail = b"From: Jo Bloggs <jo@example.net>\r\nTo: complaints@example.org\r\n\r\nMAILER-DAEMON <>"
    assert not may_be_ours(mail, SECRET)


@pytest.mark.parametrize("sample", NO_BOUNCE, ids=lambda sample: sample.name)
def test_whatever_comes_to_a_return_path_is_kept(sample: Sample) -> None:
    assert may_be_ours(sample.raw, SECRET)


def test_a_tag_in_capitals_is_the_same_tag() -> None:
    assert read(REPORTS[0].raw.upper(), SECRET).mark == MARK


def test_another_secret_signs_other_tags() -> None:
    assert read(REPORTS[0].raw, "another-secret").mark is None


@pytest.mark.parametrize("sample", HOSTILE, ids=lambda sample: sample.name)
def test_hostile_mail_is_read_quickly_into_a_few_printable_words(sample: Sample) -> None:
    began = time.process_time()
    words = read(sample.raw, SECRET).words
    assert words.isprintable()
    assert len(words) <= MOST_WORDS
    assert time.process_time() - began < 1


def answered(subject: str) -> bytes:
    """A mail to the return path in which nothing but the subject says who writes."""
    head = f"From: jo.bloggs@example.net\r\nTo: {PATH}\r\nSubject: {subject}\r\n"
    return f"{head}\r\nThank you for your message.\r\n".encode()


@pytest.mark.parametrize(
    "subject",
    [
        "Out of office",
        "Re: Out of Office: Our answer to your complaint",
        "[EXTERNAL] Automatic reply: Our answer",
        "AW: [Spam?] Out-of-the-office",
        "Away",
        "Away until 4 January",
        "I am away",
        "I'm currently away until Monday",
        "Jo Bloggs is away: Our answer to your complaint",
        "Sam Okafor is out of the office.",
    ],
)
def test_a_subject_tells_an_absence_without_any_header(subject: str) -> None:
    assert read(answered(subject), SECRET).outcome == "ignored"


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Our answer to your complaint",
        "I was away when your plumber came",
        "Away team never turned up",
        "The damp is not going away",
        "Nobody is away from the damp here",
        "Your office is out of order",
    ],
)
def test_a_subject_in_which_people_write_of_being_away_is_left_to_a_person(subject: str) -> None:
    assert read(answered(subject), SECRET).outcome == "unreadable"


def test_a_subject_without_end_is_read_quickly() -> None:
    began = time.process_time()
    for subject in ("re: " * 60_000, "a " * 120_000, "[" * 240_000, "is " * 80_000):
        read(answered(subject), SECRET)
    assert time.process_time() - began < 1


@given(st.binary(max_size=600), st.integers(0, 1200))
def test_no_bytes_make_it_raise(noise: bytes, at: int) -> None:
    raw = REPORTS[0].raw
    mixed = raw[:at] + noise + raw[at:]
    assert read(mixed, SECRET).outcome in {"bounced", "delayed", "ignored", "unreadable"}
    assert read(noise, SECRET).mark is None
    may_be_ours(mixed, SECRET)


def test_there_are_enough_shapes() -> None:
    assert len(REPORTS) + len(IN_WORDS) + len(NO_BOUNCE) >= 25
