"""What managers may write into a form, and what it turns into."""

from datetime import UTC, date, datetime

import pytest

from services.intake.manager_forms import (
    ContactForm,
    ExtendForm,
    TakeOnForm,
    WrongForm,
    again,
    asked,
    fresh,
    read,
)

NOW = datetime(2027, 7, 5, 13, 30, tzinfo=UTC)  # Monday, 14:30 in London
FORM = {"form": "0" * 32}
CONTACT = {**FORM, "outcome": "made", "how": "phone", "day": "5/7/2027", "time": "14:30"}
EXTENSION = {**FORM, "reason": "A part is missing."}


@pytest.mark.parametrize(
    "written",
    ["1/8/2027", "01/08/2027", " 1.8.2027 ", "1-8-2027", "1 8 2027", "2027-08-01"],
)
def test_a_day_is_read_with_the_day_first(written: str) -> None:
    form = read("extend", {**EXTENSION, "until": written}, NOW)
    assert isinstance(form, ExtendForm)
    assert form.until == date(2027, 8, 1)


@pytest.mark.parametrize(
    "written",
    ["8/27/2027", "1/8/27", "1/8", "30/2/2027", "0/1/2027", "1/8/0027", "soon", "١/٨/2027"],
)
def test_what_is_no_day_is_asked_for_again(written: str) -> None:
    with pytest.raises(WrongForm) as wrong:
        read("extend", {**EXTENSION, "until": written}, NOW)
    assert [mistake.field for mistake in wrong.value.mistakes] == ["until"]


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("9:05", "08:05"),
        ("9.05", "08:05"),
        ("09:05am", "08:05"),
        ("2.30pm", "13:30"),
        ("2:30 PM", "13:30"),
        ("12:15am", "23:15"),
        ("12:15pm", "11:15"),
        ("14:30", "13:30"),
    ],
)
def test_a_time_is_read_as_people_write_it_in_london(written: str, utc: str) -> None:
    form = read("contact", {**CONTACT, "day": "4/7/2027", "time": written}, NOW)
    assert isinstance(form, ContactForm)
    assert f"{form.happened_at:%H:%M}" == utc


@pytest.mark.parametrize("written", ["24:00", "9:60", "13:00pm", "0:10am", "9", "9:5", "noon"])
def test_what_is_no_time_is_asked_for_again(written: str) -> None:
    with pytest.raises(WrongForm) as wrong:
        read("contact", {**CONTACT, "time": written}, NOW)
    assert [mistake.field for mistake in wrong.value.mistakes] == ["time"]


@pytest.mark.parametrize(
    ("changed", "field"), [({"time": "14:31"}, "time"), ({"day": "6/7/2027"}, "day")]
)
def test_a_contact_has_happened_by_now(changed: dict[str, str], field: str) -> None:
    assert read("contact", CONTACT, NOW)
    with pytest.raises(WrongForm) as wrong:
        read("contact", {**CONTACT, **changed}, NOW)
    assert [mistake.field for mistake in wrong.value.mistakes] == [field]


def test_every_mistake_is_named_at_once_and_what_is_left_empty_is_no_mistake() -> None:
    with pytest.raises(WrongForm) as wrong:
        read("extend", {"form": "x", "reason": " ", "until": "", "agreed_on": "?"}, NOW)
    named = [mistake.field for mistake in wrong.value.mistakes]
    assert named == ["form", "reason", "until", "agreed_on"]
    assert read("extend", {**EXTENSION, "until": "1/8/2027", "agreed_on": " "}, NOW)


def test_a_contact_is_put_down_as_just_now_until_somebody_says_otherwise() -> None:
    typed = fresh("contact", NOW)
    assert (typed["day"], typed["time"]) == ("5/7/2027", "14:30")
    assert fresh("confirm", NOW).keys() == {"form"}
    assert fresh("confirm", NOW) != fresh("confirm", NOW)


def test_what_comes_back_is_a_form_of_its_own_without_what_cannot_be_printed() -> None:
    back = again({**FORM, "note": "a\x00b\r\nc\u2028\tdé"})
    assert back["note"] == "ab\nc\tdé"
    assert back["form"] != FORM["form"]


def test_whoever_steps_in_for_the_second_person_leaves_the_first() -> None:
    first = TakeOnForm(form="0" * 32, seat="investigator")
    second = TakeOnForm(form="0" * 32, seat="second")
    assert asked(first, "dee", "ivy").body == {"investigator": "dee"}
    assert asked(second, "dee", "ivy").body == {"investigator": "ivy", "together_with": "dee"}
    assert asked(second, "dee", None).body == {"investigator": "dee"}
