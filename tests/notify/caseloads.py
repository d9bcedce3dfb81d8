"""Words as complaints send them, and a manager's caseload driven through time without a server."""

from datetime import date, datetime, timedelta
from typing import Literal

from services.notify.absences import Absence
from services.notify.caseload import Caseload, Mail
from services.notify.caseload_plan import answer
from services.notify.caseload_turn import go_on
from services.notify.contents import (
    Assignment,
    Content,
    Digest,
    Escalation,
    FromResident,
    PanelHearing,
    Reminder,
)
from services.notify.contract import Letterhead, Notice, OpenClock, Standing, ToStaff, Word
from services.notify.directory import Directory
from services.shared.calendars import Nation
from services.shared.events import ClockName
from tests.days import day, london, written
from tests.notify.samples import STAFF

SAM = "sam-okafor"
MEGAN = "megan-price"
"""Sam's deputy by the directory."""

LETTERHEAD = Letterhead(landlord="Elmfield Homes", policy_name="Complaints", stage="Stage 1")
ASSIGNED = "Mon 2028-03-06 10:00"


Clock = tuple[ClockName, str] | tuple[ClockName, str, Literal["missed"]]
"""A clock and its due date."""


def standing(
    *clocks: Clock,
    assigned: str = ASSIGNED,
    confirmed: bool = False,
    nation: Nation = "england",
    closed: tuple[date, ...] = (),
) -> Standing:
    """Where a complaint stands, by default with one clock: respond by Monday 20 March 2028."""
    given: tuple[Clock, ...] = clocks or (("respond", "Mon 2028-03-20"),)
    return Standing(
        letterhead=LETTERHEAD,
        stage="stage-1",
        service_area="Repairs",
        nation=nation,
        closure_days=closed,
        assigned_at=london(assigned),
        confirmed=confirmed,
        clocks=tuple(OpenClock(clock=c[0], due=day(c[1]), missed=len(c) > 2) for c in given),
    )


def word(
    stands: Standing | None,
    *contents: Content,
    ref: str = "PR-1",
    sequence: int = 5,
    to: str = SAM,
) -> Word:
    """One word of a complaint, with an entry for each content."""
    return Word(
        staff_id=to,
        reference=ref,
        sequence=sequence,
        asked_by=f"complaint-{ref}",
        standing=stands,
        entries=tuple(
            Notice(
                key=f"{ref}/{sequence}/{content.about}/{to}",
                reference=ref,
                stage="stage-1",
                to=ToStaff(role="investigator", investigator=to, service_area="Repairs"),
                letterhead=LETTERHEAD,
                content=content,
                asked_by=f"complaint-{ref}",
            )
            for content in contents
        ),
    )


ASSIGNMENT = Assignment(acknowledge_by=day("Mon 2028-03-13"), respond_by=day("Mon 2028-03-20"))
WROTE = FromResident(received_on=day("Tue 2028-03-07"))
HEARING = PanelHearing(on=day("Wed 2028-04-05"), was=None, respond_by=day("Wed 2028-04-12"))


def reminder(due: str = "Mon 2028-03-20", clock: ClockName = "respond") -> Reminder:
    """A clock is near its due date."""
    return Reminder(clock=clock, due=day(due))


def missed(due: str = "Mon 2028-03-20", clock: ClockName = "respond") -> Escalation:
    """The first rung: whoever is late hears it."""
    return Escalation(clock=clock, due=day(due), rung="investigator", investigator=SAM)


def away(from_on: str, until_on: str, deputy: str | None = None, staff_id: str = SAM) -> Absence:
    """Days away, both included."""
    return Absence(staff_id=staff_id, from_on=day(from_on), until_on=day(until_on), deputy=deputy)


class Desk:
    """One manager's caseload; what it sends is kept with the moment at which it was sent."""

    def __init__(self, *absences: Absence, staff_id: str = SAM) -> None:
        self.caseload = Caseload(staff_id)
        self.sent: list[tuple[datetime, Mail]] = []
        self.directory = Directory(people=STAFF.people, absences=absences)
        self._told = 0

    def hear(self, when: str | datetime, *words: Word) -> list[str]:
        """Lets time pass until then and takes words; returns what went out since it was asked."""
        now = self._pass(when)
        for one in words:
            self._keep(now, self.caseload.hear(one, now))
        self._go_on(now)
        return self.told()

    def until(self, when: str) -> list[str]:
        """Lets time pass until then; returns what went out since it was asked."""
        self._pass(when)
        return self.told()

    def absent(self, when: str, *absences: Absence) -> list[str]:
        """Enters, then, who is away, in the place of what was entered before."""
        now = self._pass(when)
        self.directory = Directory(people=STAFF.people, absences=absences)
        self.caseload.look_again = True
        self._go_on(now)
        return self.told()

    def asleep_until(self, when: str) -> list[str]:
        """Lets time pass with nobody to notice, as in an outage, and wakes then."""
        self._go_on(london(when))
        return self.told()

    def told(self) -> list[str]:
        """Returns what went out since this was asked: when, what, to whom."""
        fresh = self.sent[self._told :]
        self._told = len(self.sent)
        return [f"{written(at)} {self._line(mail)}" for at, mail in fresh]

    def digests(self) -> list[Digest]:
        """Returns every digest that went out."""
        contents = [mail.notice.content for _, mail in self.sent]
        return [content for content in contents if isinstance(content, Digest)]

    def _pass(self, when: str | datetime) -> datetime:
        now = london(when) if isinstance(when, str) else when
        while (moment := self.caseload.next_moment()) is not None and moment.at <= now:
            self._go_on(moment.at)
        return now

    def _go_on(self, now: datetime) -> None:
        turns = 0
        self.caseload.forget(now)
        while self.caseload.unplanned(now):
            plan = answer(self.caseload.question(now), self.directory)
            self._keep(now, go_on(self.caseload, plan))
            turns += 1
            assert turns < 10, "the caseload turns round and round"

    def _keep(self, now: datetime, mails: list[Mail]) -> None:
        self.sent += [(now, mail) for mail in mails]

    def _line(self, mail: Mail) -> str:
        notice = mail.notice
        content = notice.content
        to = notice.to
        assert isinstance(to, ToStaff)
        whom = to.investigator if to.role == "investigator" else to.role
        what = notice.reference
        if isinstance(content, Digest):
            what = ", ".join(
                f"{line.reference} {line.days_left} {'+'.join(line.news) or 'open'}"
                for line in content.lines
            )
        return f"{content.about} to {whom}: {what}"


def after(moment: str, **time: int) -> str:
    """Returns a moment some time after another, written as moments are."""
    return written(london(moment) + timedelta(**time))
