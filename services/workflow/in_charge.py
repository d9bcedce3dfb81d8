"""What whoever is in charge does besides answering: confirm, ask for help, read new mail. Pure."""

from services.notify.contents import FromResident, HelpWanted
from services.shared.errors import AgainstTheRules
from services.shared.events import Confirmed, HelpAsked, ResidentWrote
from services.shared.local_time import local_date
from services.workflow.complaint import Complaint
from services.workflow.messages import Action, AskHelp, Confirm, TellOfMail
from services.workflow.turn import Turn, whom


def check_confirm(complaint: Complaint, action: Confirm) -> None:
    """Lets whoever is in charge confirm it, and nobody else."""
    _check_theirs(complaint, action)


def confirm(turn: Turn, action: Confirm) -> None:
    """Records that it is theirs; a second time records nothing."""
    if action.by not in turn.complaint.confirmed:
        turn.record(Confirmed, investigator=action.by)


def check_ask_help(complaint: Complaint) -> None:
    """Lets help be asked for while there is something to be done by somebody in charge."""
    if complaint.investigator is None:
        raise AgainstTheRules("not-assigned", "Nobody is in charge of this complaint yet.")


def ask_help(turn: Turn, action: AskHelp) -> None:
    """Tells the line manager and the complaints officer what is wanted."""
    complaint = turn.complaint
    told = whom(complaint, "line-manager")
    turn.record(HelpAsked, help=action.help, told=told)
    for role in told:
        turn.write_to_staff(
            role,
            HelpWanted(
                help=action.help,
                note=action.note,
                investigator=complaint.investigator or action.by,
                asked_by=action.by,
                rung="line-manager",
            ),
        )


def tell_of_mail(turn: Turn, action: TellOfMail) -> None:
    """Records that the resident has written, and tells whoever is in charge, or the officer."""
    turn.record(ResidentWrote, channel=action.channel)
    content = FromResident(received_on=local_date(turn.now))
    in_charge = list(turn.complaint.in_charge)
    for staff_id in in_charge:
        turn.write_to_staff("investigator", content, instead=staff_id)
    if not in_charge:
        turn.write_to_staff("complaints-officer", content)


def note_who_acted(complaint: Complaint, action: Action) -> None:
    """Whoever acts on a complaint that they are in charge of has seen that it is theirs.

    Saying that somebody else must do it confirms nothing.
    """
    if isinstance(action, AskHelp) and action.help == "somebody-else":
        return
    if action.by in complaint.in_charge and action.by not in complaint.confirmed:
        complaint.confirmed.append(action.by)


def _check_theirs(complaint: Complaint, action: Action) -> None:
    if action.by not in complaint.in_charge:
        raise AgainstTheRules(
            "not-in-charge", "This complaint is somebody else's now, so there is nothing to do."
        )
