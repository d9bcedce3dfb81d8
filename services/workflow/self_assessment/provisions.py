"""The Housing Ombudsman's Complaint Handling Code of 1 April 2024, provision by provision.

In our own words, and short: they name a provision, they do not replace it.
"""

SECTIONS = {
    "1": "What a complaint is",
    "2": "What may be refused",
    "3": "Being easy to reach",
    "4": "Who handles complaints",
    "5": "The process",
    "6": "The stages",
    "7": "Putting things right",
    "8": "Self-assessment and reporting",
    "9": "Scrutiny and learning",
}
"""The sections of the Code by the first part of a provision's number."""

PROVISIONS = {
    "1.2": "Dissatisfaction with what the landlord, its staff or agents do is a complaint",
    "1.3": "Nobody needs to say 'complaint', and others may complain for a resident",
    "1.4": "A request for a service is told apart from a complaint, recorded and watched",
    "1.5": "Who is unhappy with how a request is handled has a complaint, even while it goes on",
    "1.6": "Whoever is unhappy in a survey is told how to complain",
    "2.1": "A complaint is accepted unless there is a valid reason not to",
    "2.2": "The reasons for not accepting one are set out, and they are fair",
    "2.3": "A complaint is accepted within 12 months of the issue, or of becoming aware of it",
    "2.4": "A refusal is explained and says that the Ombudsman can be asked",
    "2.5": "No kind of complaint is shut out without looking at the case itself",
    "3.1": "There are several ways to complain",
    "3.2": "A complaint can be made in any way and to any member of staff",
    "4.1": "A complaints officer is responsible for handling complaints",
    "4.2": "The complaints officer reaches staff at every level and has authority to act",
    "4.3": "Complaints have priority, and staff the training and resources for them",
    "5.1": "One policy holds for all complaints, and nobody is treated worse for making one",
    "5.2": "No informal stage or stage 0 comes before stage 1",
    "5.3": "There are never more than two stages",
    "5.4": "What a contractor or adjudicator answers is part of the two stages",
    "5.5": "Others who answer for the landlord keep to the Code as well",
    "5.6": "Acknowledgements set out the complaint as understood and the outcomes sought",
    "5.7": "The acknowledgement says which parts are not the landlord's",
    "5.8": "Whoever handles a complaint is independent, and conflicts of interest are managed",
    "5.9": "When an answer will be late, it is agreed how often the resident is told of progress",
    "5.10": "Adjustments and disclosed disabilities are recorded and kept under review",
    "5.11": "The next stage is not refused without a valid reason",
    "5.12": "Everything about a complaint is kept on record, with the outcome at each stage",
    "5.14": "Restrictions for unacceptable behaviour rest on evidence and are reviewed",
    "5.15": "Restrictions are proportionate and mind equality",
    "6.1": "Early on it is weighed how complex a case is, who is vulnerable and what is at risk",
    "6.2": "Stage 1 is acknowledged within 5 working days of receipt",
    "6.3": "Stage 1 is answered within 10 working days of its acknowledgement",
    "6.4": "Stage 1 is put off by at most 10 working days, with reasons",
    "6.5": "The letter that puts stage 1 off gives the Ombudsman's details",
    "6.6": "Stage 1 is answered when the answer is known; actions still open are tracked",
    "6.7": "Every point is answered at stage 1, with reasons",
    "6.8": "A related complaint joins while stage 1 is unanswered; otherwise it is a new one",
    "6.9": "The stage 1 letter says what was decided and why, what follows, and how to go on",
    "6.10": "What stage 1 leaves unresolved, in whole or part, goes to stage 2",
    "6.11": "Stage 2 is acknowledged within 5 working days of the request",
    "6.12": "Nobody has to give reasons for wanting stage 2; the landlord tries to understand",
    "6.13": "Stage 2 is considered by somebody other than stage 1",
    "6.14": "Stage 2 is answered within 20 working days of its acknowledgement",
    "6.15": "Stage 2 is put off by at most 20 working days, with reasons",
    "6.16": "The letter that puts stage 2 off gives the Ombudsman's details",
    "6.17": "Stage 2 is answered when the answer is known; actions still open are tracked",
    "6.18": "Every point is answered at stage 2, with reasons",
    "6.19": "The stage 2 letter says what was decided and why, and how to reach the Ombudsman",
    "6.20": "Stage 2 is the landlord's final response",
    "7.1": "What went wrong is acknowledged, and it is said what will put it right",
    "7.2": "A remedy fits what the fault has done to the resident",
    "7.3": "A remedy says what will be done and by when, and is followed to its completion",
    "7.4": "Remedies take the Ombudsman's guidance into account",
    "8.1": "A yearly report holds self-assessment, figures, refusals, failings and improvements",
    "8.2": "The report goes to the governing body and is published with its response",
    "8.3": "A self-assessment also follows a large change of the landlord or its procedures",
    "8.4": "A self-assessment also follows when the Ombudsman asks for one",
    "8.5": "The Ombudsman and residents are told when the Code cannot be met",
    "9.1": "The landlord looks beyond the single complaint for what to improve",
    "9.2": "Complaints are welcomed as a source of learning",
    "9.3": "What was learned is reported to residents, staff and panels",
    "9.4": "A senior person leads on complaints and looks for patterns and risks",
    "9.5": "A member of the governing body is responsible for complaints",
    "9.6": "That member has the information and the people needed for it",
    "9.7": "The governing body regularly sees volume, categories, outcomes and performance",
    "9.8": "Every member of staff shares the objective of handling complaints well",
}
"""What each provision asks, by its number, in the order of the Code."""

REMEMBERED = frozenset(
    {
        *("1.6", "2.5", "5.7", "5.8", "5.9", "5.10", "5.11", "5.12", "5.14", "5.15"),
        *("6.8", "6.9", "6.16", "6.17", "6.18", "6.19", "6.20"),
        *("8.3", "8.4", "9.2", "9.3", "9.6", "9.8"),
    }
)
"""The provisions that we know from memory only: our reading, until somebody has compared them."""

FROM_MEMORY = "(from memory)"


def words(number: str, rule: str | None = None) -> str:
    """Returns what a provision asks, or one `rule` of it; and says so where we only remember it.

    Raises KeyError for a number that is not among PROVISIONS.
    """
    asked = rule or PROVISIONS[number]
    return f"{asked} {FROM_MEMORY}" if number in REMEMBERED else asked
