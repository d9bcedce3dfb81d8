"""For every rung of the ladder one mail reaches one responsible person, and the officer hears too.

Whatever the directory looks like: roles that nobody has, people away, officers who investigate.
"""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.contents import Content, Escalation, HelpWanted, Urgent
from services.notify.contract import Letterhead, Notice, ToStaff
from services.notify.directory import Directory
from services.notify.drafts import ToDeliver, draft
from services.notify.ways import Delivery, Ready
from services.shared.events import Rung
from tests.days import london
from tests.notify.reading import office
from tests.notify.test_absences import IDS, directories

NOW = london("Mon 2027-01-04 08:00")

OFFICER: Rung = "complaints-officer"

RUNGS: tuple[Rung, ...] = ("investigator", "line-manager", "head-of-service")


class Mail:
    async def deliver(self, ready: Ready) -> Delivery:
        raise NotImplementedError(ready.notice.key)


def contents(rung: Rung, investigator: str) -> list[Content]:
    return [
        Escalation(clock="respond", due=date(2027, 1, 1), rung=rung, investigator=investigator),
        Urgent(grounds=2, rung=rung, investigator=investigator),
        HelpWanted(help="time", note=None, investigator=investigator, rung=rung),
    ]


def notice(role: Rung, content: Content, investigator: str) -> Notice:
    return Notice(
        key=f"PR-7K2M-9QXT/5/{content.about}/{role}",
        reference="PR-7K2M-9QXT",
        stage="stage-1",
        to=ToStaff(role=role, investigator=investigator, service_area="Repairs"),
        letterhead=Letterhead(landlord="Elmfield", policy_name="Complaints", stage="Stage 1"),
        content=content,
    )


def reached(staff: Directory, asked: Notice) -> str | None:
    """Returns the staff id of whom a notice is mailed to, if anybody."""
    found = draft(asked, office(staff, NOW), {"email": Mail(), "by-hand": Mail()})
    return found.entry.staff_id if isinstance(found, ToDeliver) else None


@settings(max_examples=50)  # each renders six mails
@given(directories(), st.sampled_from(RUNGS), st.sampled_from([*IDS, "left-long-ago"]))
def test_each_rung_reaches_one_person_once_and_the_officer_once(
    staff: Directory, rung: Rung, investigator: str
) -> None:
    for content in contents(rung, investigator):
        told = [reached(staff, notice(role, content, investigator)) for role in (rung, OFFICER)]
        mailed = [one for one in told if one is not None]
        assert told[1] is not None
        assert len(mailed) == len(set(mailed))
        responsible = staff.reach(notice(rung, content, investigator).to, NOW.date())  # type: ignore[arg-type]  # to a member of staff, as made above
        assert responsible.person.id in mailed
