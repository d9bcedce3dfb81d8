"""The staff directory: what its file may say, and whom a role reaches."""

from pathlib import Path

import pytest

from services.notify import directory
from services.notify.contract import ToStaff
from services.notify.directory import Directory, StaffMember
from services.shared.errors import MendRequest, TryLater
from services.workflow import policies
from tests.days import day
from tests.notify.samples import STAFF

MONDAY = day("Mon 2027-01-04")


def someone(staff_id: str, role: str = "manager", **more: object) -> StaffMember:
    return StaffMember.model_validate(
        {"id": staff_id, "name": staff_id, "email": f"{staff_id}@example.org", "role": role, **more}
    )


OFFICER = someone("officer", "complaints-officer")


def reached(staff: Directory, role: str, investigator: str | None, area: str | None) -> str:
    to = ToStaff.model_validate({"role": role, "investigator": investigator, "service_area": area})
    return staff.reach(to, MONDAY).person.id


def test_the_example_has_everybody_that_a_complaint_may_need() -> None:
    roles = [person.role for person in STAFF.people]
    assert roles.count("complaints-officer") == 1
    assert {"manager", "centre-manager", "area-manager", "head-of-service"} <= set(roles)
    managers = {person.line_manager for person in STAFF.people if person.role == "manager"}
    assert len(managers) == 2
    assert all(person.email.endswith("@example.org") for person in STAFF.people)


@pytest.mark.parametrize("policy", policies.published())
def test_the_example_has_somebody_in_every_role_that_a_policy_names(policy: str) -> None:
    roles = {person.role for person in STAFF.people}
    for rules in policies.versions(policy):
        for stage in rules.stages:
            if stage.answered_by:
                asked = stage.answered_by.roles
                assert not asked or roles & set(asked), stage.name
                asked = stage.answered_by.together_with
                assert not asked or roles & set(asked), stage.name
            assert stage.send_on is None or roles & set(stage.send_on.roles)


@pytest.mark.parametrize(
    ("role", "person"),
    [
        ("investigator", "sam-okafor"),
        ("line-manager", "priya-shah"),
        ("head-of-service", "helen-ward"),
        ("complaints-officer", "ruth-ellis-jones"),
    ],
)
def test_each_rung_reaches_the_holder_of_its_role(role: str, person: str) -> None:
    assert reached(STAFF, role, "sam-okafor", "Repairs") == person


@pytest.mark.parametrize("role", ["investigator", "line-manager"])
@pytest.mark.parametrize("investigator", [None, "left-long-ago", "ruth-ellis-jones"])
def test_without_a_holder_the_complaints_officer_is_reached(
    role: str, investigator: str | None
) -> None:
    assert reached(STAFF, role, investigator, "Repairs") == "ruth-ellis-jones"


def test_the_officer_stands_in_for_others_but_not_for_themself() -> None:
    to = ToStaff(role="line-manager", investigator=None, service_area=None)
    assert STAFF.reach(to, MONDAY).stands_in
    officers_own = to.model_copy(update={"role": "complaints-officer"})
    assert not STAFF.reach(officers_own, MONDAY).stands_in
    known = to.model_copy(update={"investigator": "sam-okafor"})
    assert not STAFF.reach(known, MONDAY).stands_in


def test_the_head_of_the_area_comes_before_the_heads_above_the_investigator() -> None:
    assert reached(STAFF, "head-of-service", "megan-price", "Repairs") == "helen-ward"


@pytest.mark.parametrize("area", [None, "Gardening"])
def test_without_a_head_of_the_area_it_goes_up_the_line(area: str | None) -> None:
    assert reached(STAFF, "head-of-service", "megan-price", area) == "daniel-brooks"


def test_a_head_who_investigates_is_not_told_on_themself() -> None:
    boss = someone("boss", "head-of-service")
    head = someone("head", "head-of-service", service_areas=("Repairs",), line_manager="boss")
    assert (
        reached(Directory(people=(boss, head, OFFICER)), "head-of-service", "head", "Repairs")
        == "boss"
    )
    assert reached(STAFF, "head-of-service", "helen-ward", "Repairs") == "ruth-ellis-jones"


def test_without_any_head_the_complaints_officer_is_reached() -> None:
    staff = Directory(people=(someone("one"), OFFICER))
    assert reached(staff, "head-of-service", "one", "Repairs") == "officer"


def test_of_two_officers_the_one_of_the_area_is_reached_else_the_first() -> None:
    staff = Directory(
        people=(
            someone("zoe", "complaints-officer", service_areas=("Care",)),
            someone("amy", "complaints-officer", service_areas=("Repairs",)),
        )
    )
    assert reached(staff, "complaints-officer", None, "Care") == "zoe"
    assert reached(staff, "complaints-officer", None, None) == "amy"


def test_without_an_officer_a_notice_has_to_wait() -> None:
    with pytest.raises(TryLater) as refusal:
        reached(Directory(), "investigator", None, None)
    assert refusal.value.code == "no-complaints-officer"


PERSON = '[[people]]\nid = "{id}"\nname = "A B"\nemail = "{email}"\nrole = "{role}"\n{more}\n'


def person(
    id: str = "ab",  # noqa: A002 — as the file calls it
    email: str = "ab@example.org",
    role: str = "complaints-officer",
    more: str = "",
) -> str:
    return PERSON.format(id=id, email=email, role=role, more=more)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (person() + person(), "2 people have the id 'ab'"),
        (person(more='line_manager = "cd"'), "ab: their line manager 'cd' is not listed"),
        (
            person(more='line_manager = "cd"') + person(id="cd", more='line_manager = "ab"'),
            "ab: is in the end their own line manager",
        ),
        (person(more='deputy = "cd"'), "ab: their deputy 'cd' is not listed"),
        (person(more='deputy = "ab"'), "ab: cannot be their own deputy"),
        (
            person() + '[[absences]]\nstaff_id = "ab"\nfrom_on = 2027-01-04\nuntil_on = 2027-01-08',
            "absences are entered by the API, not here",
        ),
        (person(role="manager"), "nobody has the role 'complaints-officer'"),
        (person() + person(id="cd", email="nowhere"), "person 2, email: "),
        (person(id="Sam Okafor"), "person 1, id: "),
        (person(more='manager = "cd"'), "person 1, manager: Extra inputs are not permitted"),
        ("[[people", "cannot be read: "),
    ],
)
def test_a_bad_file_is_refused_with_what_is_wrong_in_it(
    tmp_path: Path, text: str, complaint: str
) -> None:
    path = tmp_path / "directory.toml"
    path.write_text(text)
    with pytest.raises(MendRequest) as refusal:
        directory.read(path)
    assert refusal.value.code == "bad-directory"
    assert complaint in refusal.value.detail
    assert "directory.toml" in refusal.value.detail


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MendRequest, match=r"nowhere\.toml cannot be read"):
        directory.read(tmp_path / "nowhere.toml")
