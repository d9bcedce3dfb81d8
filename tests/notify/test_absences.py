"""Who is reached while people are away: deputies, and never nobody."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.notify.absences import Absence
from services.notify.contract import ToStaff
from services.notify.directory import Directory, StaffMember
from tests.days import day
from tests.notify.samples import STAFF

MONDAY, FRIDAY = day("Mon 2027-01-04"), day("Fri 2027-01-08")

OFFICER = "complaints-officer"


def away(
    staff_id: str, deputy: str | None = None, first: date = MONDAY, last: date = FRIDAY
) -> Absence:
    return Absence(staff_id=staff_id, from_on=first, until_on=last, deputy=deputy)


def example(*absences: Absence) -> Directory:
    return Directory(people=STAFF.people, absences=absences)


def to(role: str, investigator: str | None = "sam-okafor", area: str | None = None) -> ToStaff:
    return ToStaff.model_validate(
        {"role": role, "investigator": investigator, "service_area": area}
    )


def test_both_ends_of_an_absence_are_days_away() -> None:
    staff = example(away("sam-okafor"))
    days = [MONDAY - timedelta(days=1), MONDAY, FRIDAY, FRIDAY + timedelta(days=1)]
    assert [staff.away("sam-okafor", on) is not None for on in days] == [False, True, True, False]
    assert staff.away("megan-price", MONDAY) is None


def test_of_two_absences_the_one_that_ends_last_holds() -> None:
    longer = away("sam-okafor", "tom-hartley", last=day("Fri 2027-01-15"))
    staff = example(away("sam-okafor"), longer, away("sam-okafor", last=MONDAY))
    assert staff.away("sam-okafor", MONDAY) == longer


def test_while_the_investigator_is_away_their_deputy_is_reached_and_told_for_whom() -> None:
    reached = example(away("sam-okafor")).reach(to("investigator"), MONDAY)
    assert reached.person.id == "megan-price"
    assert reached.deputy_for == STAFF.find("sam-okafor")
    assert (reached.away_until, reached.stands_in) == (FRIDAY, False)


def test_once_they_are_back_the_deputy_is_not_reached() -> None:
    reached = example(away("sam-okafor")).reach(to("investigator"), FRIDAY + timedelta(days=1))
    assert (reached.person.id, reached.deputy_for, reached.away_until) == ("sam-okafor", None, None)


def test_the_deputy_of_the_absence_comes_before_the_usual_one() -> None:
    staff = example(away("sam-okafor", "tom-hartley"))
    assert staff.reach(to("investigator"), MONDAY).person.id == "tom-hartley"


def test_while_the_deputy_of_the_absence_is_away_too_theirs_is_next() -> None:
    staff = example(away("sam-okafor", "callum-reid"), away("callum-reid"))
    assert staff.reach(to("investigator"), MONDAY).person.id == "priya-shah"


def test_without_a_deputy_the_line_manager_covers() -> None:
    staff = example(away("tom-hartley"))
    assert staff.reach(to("investigator", "tom-hartley"), MONDAY).person.id == "callum-reid"


def test_two_who_cover_for_one_another_may_both_be_away() -> None:
    staff = example(away("sam-okafor"), away("megan-price"))
    assert staff.reach(to("investigator"), MONDAY).person.id == "callum-reid"


def test_the_deputy_can_be_asked_for_whether_the_person_is_away_or_not() -> None:
    found = STAFF.deputy_of("sam-okafor", MONDAY)
    assert found is not None
    assert found.id == "megan-price"
    assert STAFF.deputy_of("left-long-ago", MONDAY) is None
    assert STAFF.deputy_of("paul-whelan", MONDAY) is None


def test_with_nobody_to_cover_the_complaints_officer_is_reached() -> None:
    staff = example(away("paul-whelan"))
    reached = staff.reach(to("investigator", "paul-whelan"), MONDAY)
    assert (reached.person.id, reached.stands_in) == ("ruth-ellis-jones", False)
    assert reached.deputy_for == STAFF.find("paul-whelan")


def test_the_complaints_officer_has_a_deputy_too() -> None:
    reached = example(away("ruth-ellis-jones")).reach(to(OFFICER), MONDAY)
    assert (reached.person.id, reached.stands_in) == ("leo-marsh", False)
    assert reached.deputy_for == STAFF.find("ruth-ellis-jones")
    instead = example(away("ruth-ellis-jones")).reach(to("line-manager", None), MONDAY)
    assert (instead.person.id, instead.stands_in) == ("leo-marsh", True)


def person(staff_id: str, role: str = "manager", **more: str | None) -> StaffMember:
    return StaffMember.model_validate(
        {"id": staff_id, "name": staff_id, "email": f"{staff_id}@example.org", "role": role, **more}
    )


def test_without_a_deputy_another_complaints_officer_is_reached_and_else_the_first() -> None:
    two = (person("amy", OFFICER), person("zoe", OFFICER))
    one_away = Directory(people=two, absences=(away("amy"),))
    assert one_away.reach(to(OFFICER), MONDAY).person.id == "zoe"
    both_away = Directory(people=two, absences=(away("amy"), away("zoe")))
    reached = both_away.reach(to(OFFICER), MONDAY)
    assert (reached.person.id, reached.deputy_for) == ("amy", None)


@pytest.mark.parametrize("role", ["line-manager", "head-of-service", OFFICER])
def test_a_late_complaint_is_not_brought_to_the_late_one_as_somebodys_deputy(role: str) -> None:
    late = person("late", line_manager="boss")
    boss = person("boss", "head-of-service", deputy="late", line_manager=None)
    officer = person("amy", OFFICER, deputy="late")
    staff = Directory(people=(late, boss, officer), absences=(away("boss"), away("amy")))
    assert staff.reach(to(role, "late"), MONDAY).person.id == "amy"


def test_an_officer_who_investigates_is_passed_over_where_there_is_another() -> None:
    staff = Directory(people=(person("amy", OFFICER), person("zoe", OFFICER)))
    assert staff.reach(to(OFFICER, "amy"), MONDAY).person.id == "zoe"
    alone = Directory(people=(person("amy", OFFICER),))
    assert alone.reach(to(OFFICER, "amy"), MONDAY).person.id == "amy"


@pytest.mark.parametrize(
    ("absence", "wrong"),
    [
        ({"staff_id": "nobody-here"}, "'nobody-here' is away, but not listed"),
        ({"deputy": "nobody-here"}, "their deputy 'nobody-here' is not listed"),
        ({"deputy": "sam-okafor"}, "cannot be their own deputy"),
        ({"until_on": "2027-01-03"}, "the last day away lies before the first"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(absence: dict[str, str], wrong: str) -> None:
    whole = {"staff_id": "sam-okafor", "from_on": "2027-01-04", "until_on": "2027-01-08", **absence}
    with pytest.raises(ValidationError, match=wrong):
        Directory.model_validate({"people": STAFF.people, "absences": [whole]})


IDS = ["ada", "ben", "cat", "dan", "eve", "fay"]


@st.composite
def directories(draw: st.DrawFn) -> Directory:
    """Six people with a complaints officer, any deputies, any line upwards, any of them away."""
    anybody = st.none() | st.sampled_from(IDS)
    roles = st.sampled_from(["manager", "head-of-service", OFFICER])
    people = []
    for place, staff_id in enumerate(IDS):
        deputy = draw(anybody)
        people.append(
            person(
                staff_id,
                OFFICER if place == 0 else draw(roles),
                # Only people further on in the list: a line of managers is no circle.
                line_manager=draw(st.sampled_from([None, *IDS[place + 1 :]])),
                deputy=None if deputy == staff_id else deputy,
            )
        )
    absences = []
    for staff_id in draw(st.sets(st.sampled_from(IDS))):
        deputy = draw(anybody)
        absences.append(away(staff_id, None if deputy == staff_id else deputy))
    return Directory(people=tuple(people), absences=tuple(absences))


ANY_ROLE = st.builds(
    to,
    st.sampled_from(["investigator", "line-manager", "head-of-service", OFFICER]),
    st.none() | st.sampled_from([*IDS, "left-long-ago"]),
)


def chain(staff: Directory, first: StaffMember, late: str | None) -> Iterator[StaffMember]:
    """Whoever could take the place of the first, ring by ring, without the late one."""
    seen = {late}
    ring = [first]
    while ring:
        ring = [one for one in ring if one.id not in seen]
        yield from ring
        seen |= {one.id for one in ring}
        named = [
            name
            for one in ring
            for name in (one.deputy, one.line_manager, _named_for_the_absence(staff, one))
        ]
        ring = [one for one in map(staff.find, named) if one is not None]


def _named_for_the_absence(staff: Directory, one: StaffMember) -> str | None:
    return next((away.deputy for away in staff.absences if away.staff_id == one.id), None)


@given(directories(), ANY_ROLE)
def test_somebody_is_always_reached_and_nobody_away_while_one_who_may_be_told_is_here(
    staff: Directory, asked: ToStaff
) -> None:
    reached = staff.reach(asked, MONDAY)
    officers = [one for one in staff.people if one.role == OFFICER]
    late = None if asked.role == "investigator" else asked.investigator
    if [one.id for one in officers] == [late]:
        late = None  # the only complaints officer is told of their own complaints too
    holder = staff.reach(asked, FRIDAY + timedelta(days=1)).person  # when everybody is back
    assert reached.person.id != late
    could = [
        one
        for first in (holder, *officers)
        for one in chain(staff, first, late)
        if staff.away(one.id, MONDAY) is None
    ]
    if could:
        assert staff.away(reached.person.id, MONDAY) is None
        assert reached.person in could
    else:
        assert reached.person in officers
    if reached.deputy_for is not None:
        assert reached.away_until == FRIDAY
        assert reached.deputy_for == holder != reached.person


@given(directories(), st.sampled_from(IDS))
def test_a_deputy_is_here_and_somebody_else_whenever_anybody_could_cover(
    staff: Directory, staff_id: str
) -> None:
    me = staff.find(staff_id)
    assert me is not None
    deputy = staff.deputy_of(staff_id, MONDAY)
    could = [
        one for one in chain(staff, me, None) if one != me and staff.away(one.id, MONDAY) is None
    ]
    assert (deputy in could) if could else deputy is None
