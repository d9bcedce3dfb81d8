"""What the caseloads of those in charge learn of a complaint, turn by turn. Pure.

A word tells where the complaint then stands for one person, whole, so that only the newest needs
to arrive; what they are to read rides in it.
"""

from collections.abc import Mapping, Sequence

from services.notify.contract import Brand, Letterhead, Notice, OpenClock, Standing, Word
from services.shared.events import RESIDENTS_TIME
from services.workflow.complaint import Complaint
from services.workflow.messages import workflow_id


def standings(complaint: Complaint) -> dict[str, Standing]:
    """Returns what is open for each person in charge, by staff id; nobody where nothing is."""
    clocks = tuple(
        OpenClock(clock=clock.due.clock, due=clock.due.on, missed=clock.missed_at is not None)
        for clock in complaint.clocks
        if clock.running and clock.due.clock not in RESIDENTS_TIME
    )
    if complaint.over or not clocks:
        return {}
    rules = complaint.rules
    return {
        staff_id: Standing(
            letterhead=Letterhead(
                landlord=rules.landlord,
                policy_name=rules.title,
                stage=complaint.stage.title,
                brand=rules.brand or Brand(),
            ),
            stage=complaint.stage_name,
            service_area=complaint.facts.service_area,
            nation=rules.nation,
            closure_days=tuple(sorted(rules.closure_days)),
            assigned_at=assigned_at,
            confirmed=staff_id in complaint.confirmed,
            clocks=clocks,
        )
        for staff_id, assigned_at in complaint.in_charge.items()
    }


def words(
    complaint: Complaint, before: Mapping[str, Standing], notices: Sequence[Notice]
) -> tuple[Word, ...]:
    """Returns the word for each person for whom something changed, or who is to read something.

    `before` are the standings when the turn began, `notices` all that it has written.
    """
    now = standings(complaint)
    readers = [notice.caseload for notice in notices if notice.caseload is not None]
    changed = [one for one in {**before, **now} if before.get(one) != now.get(one)]
    return tuple(
        Word(
            staff_id=staff_id,
            reference=complaint.reference,
            sequence=complaint.sequence,
            asked_by=workflow_id(complaint.reference),
            standing=now.get(staff_id),
            entries=tuple(notice for notice in notices if notice.caseload == staff_id),
        )
        for staff_id in dict.fromkeys((*changed, *readers))
    )
