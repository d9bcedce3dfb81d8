"""The letters that complaints of the six published policies really write, every sort of them."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import get_args

import pytest

from services.notify.contents import Content, Decline
from services.notify.contract import Notice, ToResident
from services.notify.directory import Directory, StaffMember
from services.workflow.policy import NoticeKind, Policy
from tests.notify.reading import both, letter
from tests.notify.samples import LETTERHEAD, TO_RESIDENT, to_resident
from tests.reporting import panel
from tests.workflow.lives import Life
from tests.workflow.random_lives import DIRECTORY, POLICIES, live

LIVES = 60
"""How many complaints of each policy are lived through."""

OFFICER = StaffMember(
    id="ole", name="Ole Officer", email="ole@example.org", role="complaints-officer"
)
STAFF = Directory(
    people=(
        OFFICER,
        *(
            StaffMember(id=who, name=who.title(), email=f"{who}@example.org", role=role)
            for who, role in DIRECTORY.items()
        ),
    )
)

OF_FEEDBACK = {"thanks", "directed", "passed-on", "thanks-late"}

WRITTEN_ELSEWHERE = {"due-moved", "undeliverable", *OF_FEEDBACK}
"""Of bank holidays, of the outbox and of feedback: no life of a complaint alone writes these."""

DATE = re.compile(r"\d{1,2} [A-Z][a-z]+ 20\d\d")
DATE_WITH_WEEKDAY = re.compile(r"[A-Z][a-z]+day \d{1,2} [A-Z][a-z]+ 20\d\d")

TWO_SCREENS = 480
"""Words of the longest letter with two short points, its signposts included."""


@cache
def notices(policy: str) -> tuple[Notice, ...]:
    """Returns one notice of each sort that the lives of a policy write."""
    found: dict[object, Notice] = {}
    simulations = [live(seed, policy).simulation for seed in range(LIVES)]
    if policy == "review-panel":
        heard = Life(policy, "Mon 2028-03-06 10:00")
        panel.play(heard, {role: who for who, role in DIRECTORY.items()})
        simulations.append(heard)
    for simulation in simulations:
        for _, notice in simulation.notices:
            found.setdefault(_sort(notice), notice)
    return tuple(found.values())


def _sort(notice: Notice) -> tuple[object, ...]:
    """Tells apart what is written at another stage, to another role or with other parts."""
    content = notice.content.model_dump()
    chosen = {"reason", "because", "clock", "decision"}
    parts = sorted((key, value if key in chosen else bool(value)) for key, value in content.items())
    return (notice.stage, notice.to.role, content["about"], str(parts))


def to_residents(policy: str) -> Iterator[Notice]:
    """Returns those of them that go to the resident."""
    return (notice for notice in notices(policy) if isinstance(notice.to, ToResident))


def _of_all() -> list[Notice]:
    return [notice for policy in POLICIES for notice in notices(policy)]


def rules_of(policy: str) -> Policy:
    """Returns the version under which the lives are lived."""
    return live(0, policy).simulation.complaint.rules


def services_of(rules: Policy) -> tuple[str | None, ...]:
    """Returns the kinds of service of a policy, and that it is not known which it is about."""
    return (None, *(service.code for service in rules.services))


@pytest.mark.parametrize("policy", POLICIES)
def test_every_letter_says_its_dates_with_their_weekday_and_leaves_no_gap(policy: str) -> None:
    for notice in notices(policy):
        written = letter(notice, STAFF)
        in_text, in_html = both(written)
        dates = DATE_WITH_WEEKDAY.findall(in_text)
        assert set(dates) == set(DATE_WITH_WEEKDAY.findall(in_html))
        assert len(DATE.findall(in_text)) == len(dates)
        assert re.search(r"\bNone\b|[{}]| [,.;:]", written.subject + written.text) is None
        assert str(notice.reference) in written.subject


@pytest.mark.parametrize("policy", POLICIES)
def test_every_letter_to_a_resident_names_the_ombudsman_and_is_two_screens_at_most(
    policy: str,
) -> None:
    for notice in to_residents(policy):
        written = letter(notice, STAFF)
        for words in both(written):
            for signpost in notice.letterhead.signposts:
                for detail in signpost.model_dump(exclude_none=True).values():
                    assert detail in words
            assert "Housing Ombudsman Service" in words
            assert "0300 111 3000" in words
        points = getattr(notice.content, "points", getattr(notice.content, "answers", ()))
        if len(points) <= 2:
            assert len(written.text.split()) <= TWO_SCREENS


@pytest.mark.parametrize("policy", POLICIES)
def test_every_kind_of_letter_names_whom_the_policy_has_for_it_and_nobody_else(
    policy: str,
) -> None:
    rules = rules_of(policy)
    letters = [content for content in TO_RESIDENT if content.about not in OF_FEEDBACK]
    for stage, service, content in product(rules.stages, services_of(rules), letters):
        named = rules.signposts_for(service=service, stage=stage.name, notice=content.about)
        head = LETTERHEAD.model_copy(update={"stage": stage.title, "signposts": named})
        words = " ".join(letter(to_resident(content, letterhead=head)).text.split())
        for whereto in rules.signposts:
            assert (whereto.when in words) == (whereto.name in {one.name for one in named})
        for one in named:
            assert all(detail in words for detail in one.model_dump(exclude_none=True).values())


@pytest.mark.parametrize("policy", POLICIES)
def test_whatever_it_is_about_a_letter_that_ends_or_delays_something_says_whom_to_turn_to(
    policy: str,
) -> None:
    rules = rules_of(policy)
    kinds = get_args(NoticeKind)
    for stage, service, kind in product(rules.stages, services_of(rules), kinds):
        named = rules.signposts_for(service=service, stage=stage.name, notice=kind)
        assert named, (stage.name, kind, service)
        if service in {None, "housing"}:
            assert "Housing Ombudsman Service" in {one.name for one in named}


@pytest.mark.parametrize("policy", POLICIES)
def test_only_the_last_answer_is_called_final_and_any_other_names_the_next_stage(
    policy: str,
) -> None:
    rules = rules_of(policy)
    answers = [one for one in to_residents(policy) if one.content.about == "response"]
    assert answers
    for answer in answers:
        following = rules.next_stage(answer.stage)
        further = following if following and following.can_be_asked_for else None
        for words in both(letter(answer, STAFF)):
            assert ("It is our final one." in words) == (further is None)
            assert ("look at your complaint again, until" in words) == (further is not None)
            assert further is None or f"That is called {further.title}." in words
            needs = bool(further and further.request and further.request.needs)
            assert ("When you ask, please" in words) == needs


def test_where_a_decline_is_final_its_letter_says_so_and_elsewhere_how_to_answer_it() -> None:
    declines = [one for one in _of_all() if one.content.about == "decline"]
    found = set()
    for one in declines:
        assert isinstance(one.content, Decline)
        final = one.content.reply_by is None
        found.add((one.letterhead.policy_name, final))
        for words in both(letter(one, STAFF)):
            assert ("the end of our own procedure" in words) == final
    assert (rules_of("nottingham").title, False) in found
    assert (rules_of("review-panel").title, True) in found
    assert (rules_of("review-panel").title, False) not in found


def test_between_them_the_six_policies_write_every_kind_of_notice() -> None:
    kinds = {
        about
        for model in get_args(get_args(Content)[0])
        for about in get_args(model.model_fields["about"].annotation)
    }
    assert {notice.content.about for notice in _of_all()} == kinds - WRITTEN_ELSEWHERE
