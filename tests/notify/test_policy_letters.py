"""The letters that complaints of the six policies really write, every sort of them."""

import io
import re
import shutil
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple, get_args

import pytest
from pypdf import PdfReader

from services.notify import paper
from services.notify.contents import Content, Decline
from services.notify.contract import Notice, ToResident
from services.notify.directory import Directory, StaffMember
from services.notify.letters import FOLDER, Letter
from services.notify.recipients import recipient_of
from services.notify.rendering import Templates
from services.notify.ways import Ready
from services.workflow.policy import NoticeKind, Policy
from tests.notify.obligations import missing, obliged
from tests.notify.planted import ADDRESSEE, PLANTED
from tests.notify.policy_lives import can_send, notices, rules_of
from tests.notify.reading import both, letter, office
from tests.notify.samples import LETTERHEAD, TO_RESIDENT, TO_STAFF, to_resident, to_staff
from tests.workflow.random_lives import DIRECTORY, POLICIES

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

WRITTEN_ELSEWHERE = {
    *OF_FEEDBACK,
    # Of bank holidays, of what became of letters and of mail that came in.
    *("due-moved", "undeliverable", "letter-to-post", "held-mail"),
    # Of a manager's caseload.
    *("digest", "chase", "offer", "unconfirmed", "cover"),
}
"""What no life of a complaint alone writes."""

DATE = re.compile(r"\d{1,2} [A-Z][a-z]+ 20\d\d")
DATE_WITH_WEEKDAY = re.compile(r"[A-Z][a-z]+day \d{1,2} [A-Z][a-z]+ 20\d\d")

TWO_SCREENS = 480
"""Words of the longest letter with two short points, its signposts included."""

HEALTH = re.compile(
    r"health|vulnerab|disab|illness|\bill\b|medic|mental|pregnan|wheelchair|diagnos|asthma|autis"
    r"|safeguard|frail|dementia|\bcarer",
    re.IGNORECASE,
)

HOLDS = {
    "acknowledgement": {"definition", "point", "outcome", "foreign"},
    "stage-acknowledgement": {"definition", "point", "outcome", "foreign"},
    "points-added": {"point"},
    "refusal": {"explanation"},
    "decline": {"explanation"},
    "closing": {"explanation"},
    "extension": {"delay"},
    "response": {"definition", "point", "because", "remedy", "promise"},
    "help-wanted": {"note"},
}
"""Which of the words that people enter may come to stand in which notices; in others, none."""


class Written(NamedTuple):
    """A notice, its letter, and what its reader sees of both bodies, white space made even."""

    notice: Notice
    letter: Letter
    both: tuple[str, str]


@cache
def written(policy: str) -> tuple[Written, ...]:
    """Returns the letters of all those sorts of notices."""
    made = ((notice, letter(notice, STAFF)) for notice in notices(policy))
    return tuple(Written(notice, one, both(one)) for notice, one in made)


def to_residents(policy: str) -> Iterator[Notice]:
    """Returns those of them that go to the resident."""
    return (notice for notice in notices(policy) if isinstance(notice.to, ToResident))


def _of_all() -> list[Notice]:
    return [notice for policy in POLICIES for notice in notices(policy)]


def services_of(rules: Policy) -> tuple[str | None, ...]:
    """Returns the kinds of service of a policy, and that it is not known which it is about."""
    return (None, *(service.code for service in rules.services))


@pytest.mark.parametrize("policy", POLICIES)
def test_every_letter_says_its_dates_with_their_weekday_and_leaves_no_gap(policy: str) -> None:
    for notice, one, (in_text, in_html) in written(policy):
        dates = DATE_WITH_WEEKDAY.findall(in_text)
        assert set(dates) == set(DATE_WITH_WEEKDAY.findall(in_html))
        assert len(DATE.findall(in_text)) == len(dates)
        assert re.search(r"\bNone\b|[{}]| [,.;:]", one.subject + one.text) is None
        assert str(notice.reference) in one.subject


@pytest.mark.parametrize("policy", POLICIES)
def test_every_letter_to_a_resident_names_the_ombudsman_and_is_two_screens_at_most(
    policy: str,
) -> None:
    for notice, one, seen in written(policy):
        if not isinstance(notice.to, ToResident):
            continue
        for words in seen:
            for signpost in notice.letterhead.signposts:
                for detail in signpost.model_dump(exclude_none=True).values():
                    assert detail in words
            assert "Housing Ombudsman Service" in words
            assert "0300 111 3000" in words
        points = getattr(notice.content, "points", getattr(notice.content, "answers", ()))
        if len(points) <= 2:
            assert len(one.text.split()) <= TWO_SCREENS


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


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policys_complaints_write_every_kind_of_notice_that_it_can_send(policy: str) -> None:
    assert {notice.content.about for notice in notices(policy)} == can_send(rules_of(policy))


def test_between_them_the_six_policies_write_every_kind_of_notice() -> None:
    kinds = {
        about
        for model in get_args(get_args(Content)[0])
        for about in get_args(model.model_fields["about"].annotation)
    }
    assert {notice.content.about for notice in _of_all()} == kinds - WRITTEN_ELSEWHERE


@pytest.mark.parametrize("policy", POLICIES)
def test_every_notice_says_what_the_code_and_the_policy_oblige_it_to(policy: str) -> None:
    for notice, _, seen in written(policy):
        for words in seen:
            assert missing(notice, words) == [], notice.key


@pytest.mark.parametrize("policy", POLICIES)
def test_every_kind_of_letter_says_it_on_paper_too(policy: str) -> None:
    kinds = {notice.content.about: notice for notice in to_residents(policy)}
    for notice in kinds.values():
        assert missing(notice, on_paper(notice)) == [], notice.key


def on_paper(notice: Notice) -> str:
    """Returns what the reader of a letter sees, without the foot of each page."""
    addressee = ADDRESSEE.model_copy(update={"prefers_letters": True, "texts": False})
    posted = notice.model_copy(update={"to": ToResident(addressee=addressee)})
    recipient = recipient_of(posted, office(STAFF), {"letter"})
    assert recipient is not None
    on_it = letter(posted, STAFF, ways={"letter"})
    pdf = paper.render(Ready(posted, recipient, on_it, None), date(2028, 3, 6))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages]
    assert len(pages) == pdf.pages
    seen = " ".join(re.sub(rf"{notice.reference}\s+\d+/\d+", " ", page) for page in pages)
    return " ".join(seen.replace("\N{ZERO WIDTH SPACE}", "").split())


@pytest.mark.parametrize("policy", POLICIES)
def test_what_people_enter_stands_where_it_must_and_nowhere_else(policy: str) -> None:
    for notice, one, seen in written(policy):
        about = notice.content.about
        assert PLANTED.findall(f"{one.subject} {one.sms}") == []
        for words in seen:
            found = {each.partition(" ")[0].partition("-")[0] for each in PLANTED.findall(words)}
            assert found <= HOLDS.get(about, set()), notice.key
            must = {pattern for _, pattern in obliged(notice) if "asthma" in pattern}
            assert not must or found


@pytest.mark.parametrize("policy", POLICIES)
def test_no_notice_tells_of_health_or_vulnerability_beyond_what_people_entered(
    policy: str,
) -> None:
    rules = rules_of(policy)
    for notice, one, seen in written(policy):
        for words in (*seen, one.subject, str(one.sms)):
            assert HEALTH.findall(_without_the_policys_own(words, rules)) == [], notice.key
    head = LETTERHEAD.model_copy(update={"landlord": rules.landlord, "policy_name": rules.title})
    samples = [to_resident(one, letterhead=head) for one in TO_RESIDENT]
    for notice in (*samples, *(to_staff(one) for one in TO_STAFF)):
        for words in both(letter(notice)):
            assert HEALTH.findall(words) == [], notice.content.about


def _without_the_policys_own(words: str, rules: Policy) -> str:
    """Takes out what people entered, and the reasons that a policy may give to the resident."""
    declines = [one for stage in rules.stages if stage.request for one in stage.request.declines]
    for reason in (*rules.exclusions, *declines):
        words = words.replace(" ".join(reason.wording.split()), "")
    return PLANTED.sub("", words)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_grounds_for_urgency_stand_in_no_notice(policy: str) -> None:
    rules = rules_of(policy)
    grounds = [
        ground
        for rule in (rules.priority, rules.at_once)
        if rule is not None
        for ground in rule.grounds
    ]
    assert policy not in {"housing-ombudsman", "manchester", "nottingham"} or grounds
    for _, _, seen in written(policy):
        for words in seen:
            for ground in grounds:
                assert ground.wording not in words
                assert ground.code not in words or "-" not in ground.code


@pytest.mark.parametrize("policy", POLICIES)
def test_who_the_resident_is_stands_in_no_note_to_staff_and_their_addresses_nowhere(
    policy: str,
) -> None:
    for notice, one, _ in written(policy):
        everything = f"{one.subject} {one.text} {one.html} {one.sms}"
        for detail in (ADDRESSEE.email, ADDRESSEE.address, ADDRESSEE.phone):
            assert str(detail) not in everything
        if not isinstance(notice.to, ToResident):
            assert "Planted" not in everything


FAULTS = [
    ("layouts/resident", r"{{ contact.lines(signpost) }}", "the telephone of Housing Ombudsman"),
    ("layouts/resident", r"{{ signpost.when }}", "the when of Housing Ombudsman"),
    ("layouts/resident", r"Stage: {{ letterhead.stage }}", "its stage"),
    ("layouts/scope", r"{{ content.definition | paragraphs }}", "5.6: the definition"),
    ("layouts/scope", r"{{ content.not_ours | paragraphs }}", "5.7: what is not ours"),
    ("layouts/scope", r"{{ point.text | paragraphs }}", "5.6: each point"),
    ("response/", r"{{ answer.decision | decision }}", "6.7, 6.9: a decision with its reasons"),
    ("response/", r"{{ answer.reasons | paragraphs }}", "6.7, 6.9: a decision with its reasons"),
    ("response/", r"{{ content.remedy | paragraphs }}", "6.9: the remedy"),
    ("response/", r"{{ action.what | paragraphs }}", "6.6, 6.9: what is outstanding"),
    ("response/", r"{{ content.escalate_by | day }}", "6.9: until when"),
    ("response/", r" It is our final one.", "6.20: that it is final"),
    ("extension/", r"{{ content.reason | paragraphs }}", "6.5: the reason"),
    ("extension/", r"{{ content.until | day }}", "6.5: the new date"),
    ("refusal/", r"{{ content.explanation | paragraphs }}", "2.4, 5.11: the explanation"),
    ("decline/", r"{{ content.reply_by | day }}", "5.11: until when to answer"),
    ("window-reminder/", r"{{ content.ask_by | day }}", "6.10: until when"),
    ("help-wanted/", r"{{ content.note | paragraphs }}", "what help is wanted"),
]
"""What is taken out of the HTML and the text of a template, and what is then found missing."""


@pytest.mark.parametrize(("template", "taken_out", "found"), FAULTS)
def test_a_template_that_leaves_out_what_is_obliged_is_found(
    template: str, taken_out: str, found: str, tmp_path: Path
) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "templates")
    for suffix in ("txt", "html"):
        part = {"txt": "text.txt", "html": "html.html"}[suffix]
        path = folder / (f"{template}{part}" if template.endswith("/") else f"{template}.{suffix}")
        source = path.read_text("utf-8")
        in_this = taken_out if suffix == "html" else taken_out.replace(" | paragraphs", "")
        assert in_this in source
        path.write_text(source.replace(in_this, ""), "utf-8")
    faulty = Templates(folder)
    about = template.partition("/")[0]
    concerned = [one for one in notices("nottingham") if one.content.about == about]
    of_each_kind = {one.content.about: one for one in notices("nottingham")}
    rules = {
        rule
        for notice in concerned or of_each_kind.values()
        for words in both(letter(notice, STAFF, templates=faulty))
        for rule in missing(notice, words)
    }
    assert any(found in rule for rule in rules), rules
