"""What a caseload does by itself: ask for confirmations, tell of an absence, send digests. Pure.

Each works by what stands, not by what happened: after an outage one mail tells what many would
have told.
"""

from services.notify import caseload_mails as mails
from services.notify.caseload import Caseload, Mail
from services.notify.caseload_plan import Plan
from services.shared.local_time import local_date


def go_on(caseload: Caseload, plan: Plan) -> list[Mail]:
    """Does what is due by `plan.at`, sets what comes next, and returns what goes out.

    What can wait for a working day and its hours waits; something must be open.
    """
    sent = _offer_to_deputy(caseload, plan)
    if plan.open_now:
        sent += _ask_again(caseload, plan)
        due = caseload.morning is not None and caseload.morning <= plan.at
        told, whole = _tell_of_absence(caseload, plan)
        sent += told
        if whole or due:
            sent.append(mails.digest(caseload, plan))
    _plan_ahead(caseload, plan)
    return sent


def _offer_to_deputy(caseload: Caseload, plan: Plan) -> list[Mail]:
    """While the manager is away, nobody waits for them to confirm: the deputy can take it on."""
    deputy = None if plan.absent is None else plan.absent.deputy
    if deputy is None:
        return []
    offered = []
    for case, asked in caseload.unconfirmed():
        if deputy in asked.offered_to:
            continue
        # A fresh assignment went to the deputy itself, with the link to take it on.
        fresh = asked.next_at is None and not asked.chased
        asked.offered_to.append(deputy)
        if not fresh:
            offered.append(mails.offer(caseload, case, deputy))
    return offered


def _ask_again(caseload: Caseload, plan: Plan) -> list[Mail]:
    """Chases after one working day; after another offers it on and tells the complaints officer."""
    sent = []
    for case, asked in caseload.unconfirmed():
        if asked.next_at is None or asked.next_at > plan.at:
            continue
        if not asked.chased:
            asked.chased = True
            asked.next_at = None
            # While they are away it lies with the deputy, who has it already.
            if plan.absent is None or plan.absent.deputy is None:
                sent.append(mails.chase(caseload, case))
            continue
        asked.told = True
        if plan.deputy is not None and plan.deputy not in asked.offered_to:
            asked.offered_to.append(plan.deputy)
            sent.append(mails.offer(caseload, case, plan.deputy))
        sent.append(mails.unconfirmed(caseload, case))
    return sent


def _tell_of_absence(caseload: Caseload, plan: Plan) -> tuple[list[Mail], bool]:
    """Returns the note to the complaints officer, and whether a digest of all that is open is due.

    Whoever covers gets one, unless everything was offered to them; the manager when they are back.
    """
    before, caseload.absent = caseload.absent, plan.absent
    if plan.absent == before:
        return [], False
    if plan.absent is None:
        return [], any(
            case.shown is not None or (case.confirmation and case.confirmation.offered_to)
            for case in caseload.open
        )
    deputy = plan.absent.deputy
    offered = {case.reference for case, one in caseload.unconfirmed() if deputy in one.offered_to}
    whole = deputy is not None and any(case.reference not in offered for case in caseload.open)
    return [mails.cover(caseload, plan.absent, local_date(plan.at))], whole


def _plan_ahead(caseload: Caseload, plan: Plan) -> None:
    caseload.look_again = False
    caseload.morning = plan.morning if caseload.anything_new else None
    for case, asked in caseload.unconfirmed():
        if asked.next_at is None:
            asked.next_at = plan.day_later.get(case.reference)
        elif asked.next_at <= plan.at:
            asked.next_at = plan.morning
    untold = caseload.absent != plan.absent
    caseload.absent_changes_at = plan.morning if untold else plan.absent_changes_at
