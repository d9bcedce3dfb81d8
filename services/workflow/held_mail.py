"""The durable errand by which the complaints officer hears that mail is held for a person."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from services.notify.contents import HeldMail
    from services.notify.contract import Letterhead, Notice, ToStaff, deliver_notice
    from services.workflow.held_mail_contract import WORKFLOW, HeldMailNote

NO_STAGE = "mail"
"""Stands in the notice where those of a complaint name its stage."""


def notice(note: HeldMailNote) -> Notice:
    """Returns the note as a notice to the complaints officer."""
    return Notice(
        key=note.note,
        reference=None,
        stage=NO_STAGE,
        to=ToStaff(role="complaints-officer", investigator=None, service_area=None),
        letterhead=Letterhead(landlord=note.landlord, policy_name=note.policy_title, stage=None),
        content=HeldMail(received_on=note.received_on, why=note.why),
    )


@workflow.defn(name=WORKFLOW)
class HeldMailProcess:
    """One note, delivered for as long as that takes; its id makes it the only one of its hour."""

    @workflow.run
    async def run(self, note: HeldMailNote) -> None:
        """Delivers the note."""
        await deliver_notice(notice(note), summary="tell the complaints officer of held mail")
