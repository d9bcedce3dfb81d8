"""The notices that a caseload sends of its own accord. Pure.

Their keys are made from the caseload alone, so the same turn always writes the same notices.
"""

from datetime import date

from services.notify.caseload import Caseload, Entry, Mail, Taken
from services.notify.caseload_case import Case, Confirmation
from services.notify.caseload_plan import Absent, Plan
from services.notify.contents import (
    Chase,
    Content,
    Cover,
    Digest,
    DigestLine,
    Offer,
    Unconfirmed,
    Undeliverable,
)
from services.notify.contract import Notice, Standing, ToStaff
from services.notify.manager_messages import workflow_id
from services.shared.events import Rung
from services.shared.local_time import local_date

SEVERAL = "caseload"
"""The stage of a notice that is about several complaints."""


def digest(caseload: Caseload, plan: Plan) -> Mail:
    """Returns the digest of everything open, with the waiting entries, and notes what it shows."""
    day = local_date(plan.at)
    again = caseload.digest_on == day
    caseload.digests_that_day = caseload.digests_that_day + 1 if again else 1
    caseload.digest_on = day
    # Most days have one; an absence that is entered at noon makes another.
    number = f"/{caseload.digests_that_day}" if again else ""
    cases = sorted(caseload.open, key=lambda case: plan.days_left[case.reference])
    mail = Mail(
        _about_several(
            caseload,
            f"digest/{day}{number}",
            "investigator",
            Digest(day=day, lines=tuple(_line(case, plan) for case in cases)),
        ),
        tuple(Entry(one.key, case.asked_by) for case in cases for one in case.waiting),
    )
    for case in cases:
        case.shown = {clock.clock: clock.due for clock in _standing(case).clocks}
        case.waiting = []
    if mail.entries:
        caseload.taken[mail.notice.key] = Taken(plan.at, mail.entries)
    return mail


def chase(caseload: Caseload, case: Case) -> Mail:
    """Returns the note to the manager that they have not confirmed a complaint yet."""
    content = Chase(
        assigned_on=_assigned_on(case), clock=case.first_due.clock, due=case.first_due.due
    )
    return _about_one(caseload, case, _to(case, "investigator", caseload.staff_id), content)


def offer(caseload: Caseload, case: Case, deputy: str) -> Mail:
    """Returns the offer to the deputy to take a complaint on."""
    content = Offer(
        manager=caseload.staff_id,
        assigned_on=_assigned_on(case),
        clock=case.first_due.clock,
        due=case.first_due.due,
    )
    return _about_one(caseload, case, _to(case, "investigator", deputy), content)


def unconfirmed(caseload: Caseload, case: Case) -> Mail:
    """Returns the note to the complaints officer that the manager has not confirmed it."""
    content = Unconfirmed(
        manager=caseload.staff_id,
        assigned_on=_assigned_on(case),
        offered_to=next(reversed(_asked(case).offered_to), None),
    )
    return _about_one(caseload, case, _to(case, "complaints-officer", caseload.staff_id), content)


def cover(caseload: Caseload, absent: Absent, told_on: date) -> Mail:
    """Returns the note to the complaints officer of who is written to while the manager is away."""
    content = Cover(
        manager=caseload.staff_id,
        deputy=absent.deputy,
        away_until=absent.until,
        open_complaints=len(caseload.open),
    )
    key = f"cover/{told_on}/{absent.until}/{absent.deputy or 'nobody'}"
    return Mail(_about_several(caseload, key, "complaints-officer", content))


def undeliverable(lost: Notice, staff_id: str, outcome: str) -> Mail:
    """Returns the note to the complaints officer that a notice of a caseload did not arrive."""
    service_area = lost.to.service_area if isinstance(lost.to, ToStaff) else None
    return Mail(
        Notice(
            key=f"{lost.key}/undeliverable",
            reference=lost.reference,
            stage=lost.stage,
            to=ToStaff(role="complaints-officer", investigator=None, service_area=service_area),
            letterhead=lost.letterhead,
            content=Undeliverable.model_validate(
                {
                    "notice": lost.key,
                    "notice_about": lost.content.about,
                    "notice_to": lost.to.role,
                    "outcome": outcome,
                    "reader": lost.caseload or staff_id,
                }
            ),
            asked_by=workflow_id(staff_id),
        )
    )


def _line(case: Case, plan: Plan) -> DigestLine:
    standing, first = _standing(case), case.first_due
    return DigestLine(
        reference=case.reference,
        landlord=standing.letterhead.landlord,
        stage=standing.letterhead.stage or standing.stage,
        service_area=standing.service_area,
        clock=first.clock,
        due=first.due,
        days_left=plan.days_left[case.reference],
        news=case.news,
        confirmed=standing.confirmed,
    )


def _about_one(caseload: Caseload, case: Case, to: ToStaff, content: Content) -> Mail:
    standing = _standing(case)
    return Mail(
        Notice(
            key=f"{case.reference}/{_asked(case).sequence}/{content.about}/{to.investigator}",
            reference=case.reference,
            stage=standing.stage,
            to=to,
            letterhead=standing.letterhead,
            content=content,
            asked_by=workflow_id(caseload.staff_id),
        )
    )


def _about_several(caseload: Caseload, key: str, role: Rung, content: Content) -> Notice:
    """The most urgent complaint lends it its landlord: as a rule a manager works for one."""
    first = caseload.open[0]
    letterhead = _standing(first).letterhead.model_copy(update={"stage": None})
    return Notice(
        key=f"manager/{caseload.staff_id}/{key}",
        reference=None,
        stage=SEVERAL,
        to=_to(first, role, caseload.staff_id),
        letterhead=letterhead,
        content=content,
        asked_by=workflow_id(caseload.staff_id),
    )


def _to(case: Case, role: Rung, staff_id: str) -> ToStaff:
    return ToStaff(role=role, investigator=staff_id, service_area=_standing(case).service_area)


def _assigned_on(case: Case) -> date:
    return local_date(_standing(case).assigned_at)


def _standing(case: Case) -> Standing:
    if case.standing is None:
        raise LookupError(case.reference)
    return case.standing


def _asked(case: Case) -> Confirmation:
    if case.confirmation is None:
        raise LookupError(case.reference)
    return case.confirmation
