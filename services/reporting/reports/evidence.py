"""What the live register shows of each provision of the Code, in words; all numbers are of totals.

What it shows nothing of is said plainly, with what the landlord has to give instead.
"""

from collections.abc import Callable, Mapping, Sequence

from services.reporting.measures.tally import Tally
from services.reporting.reports import part_timeliness
from services.reporting.reports.figures import Money
from services.reporting.reports.material import STAGES, Material, share
from services.reporting.reports.part_putting_right import lessons_and_improvements

SHOWS_NOTHING = "The register shows nothing of this. To be given by the landlord:"

A_PERSON = "what a person can show of it"

TO_BE_GIVEN: Mapping[str, str] = {
    "1.3": "what staff are told about recognising complaints, and about those made for a resident",
    "1.5": "requests that became complaints, and what staff are told of when they do",
    "1.6": "the wording of the survey",
    "3.2": "how staff who are told of a complaint pass it on, and a trial of each way in",
    "4.1": "who the complaints officer is, and what the office is for",
    "4.2": "the officer's authority to act, and access to staff at every level",
    "5.1": "the policy as it is published, and what protects those who complain",
    "5.4": "what contracts say of complaints about contractors",
    "5.5": "what contracts say of the Code",
    "5.6": "the acknowledgements of the board's sample",
    "5.7": "the acknowledgements of the board's sample",
    "5.8": "how handlers are chosen, and how a conflict of interest is declared",
    "5.9": "the extension letters, and what was agreed on news of progress",
    "5.10": "the record of adjustments, and when it was last reviewed",
    "5.14": "each restriction with its evidence and its last review",
    "5.15": "each restriction with how equality was weighed",
    "6.1": "what is asked at triage, and cases in which it changed the handling",
    "6.7": "the letters of the board's sample",
    "6.8": "cases in which a further complaint was joined, or became one of its own",
    "6.13": "who considered stage 1 and stage 2 of the board's sample",
    "6.18": "the stage 2 letters of the board's sample",
    "8.3": "the last large change, and the self-assessment that followed it",
    "8.4": "what the Ombudsman asked for, and the self-assessment that followed it",
    "8.5": "what the Ombudsman and residents were told when the Code could not be met",
    "9.5": "which member of the governing body is responsible; the landlord's file may name it",
    "9.6": "what the Member Responsible is given, and how often",
    "9.8": "the objective as staff have it, and how it is followed up",
}
"""Of each provision of which no measure tells anything: what can show it."""

Shows = Callable[[Material], str]


def evidence(material: Material, provision: str) -> str:
    """Returns what the register shows of a provision, or what is to be given instead."""
    said = SHOWN[provision](material) if provision in SHOWN else ""
    return said or f"{SHOWS_NOTHING} {TO_BE_GIVEN.get(provision, A_PERSON)}."


def _received(material: Material) -> str:
    tally = material.counts["received"]
    numbers = (f"at {STAGES[s].lower()}: {tally.of(code_stage=s).met:,}" for s in STAGES)
    return f"Complaints received {'; '.join(numbers)}."


def _stages(material: Material) -> str:
    others = material.counts["received"].of(code_stage=None).met
    return f"{_received(material)} At stages that the Code does not know: {others:,}."


def _service_requests(material: Material) -> str:
    number = material.counts["other-feedback"].because("service-request")
    return f"Requests for a service that were recorded as such: {number:,}."


def _refused(material: Material) -> str:
    return (
        f"Not taken as complaints: {material.counts['refused'].met:,}. The reasons stand under "
        "“Exclusions”."
    )


def _ways_in(material: Material) -> str:
    return f"{_received(material)} The ways stand under “How complaints came in”."


def _missed(material: Material) -> str:
    return " ".join(
        f"{title} with a missed clock: "
        f"{material.counts['missed-clocks'].of(code_stage=stage).met:,}."
        for stage, title in STAGES.items()
    )


def _climbed(material: Material) -> str:
    return " ".join(
        f"{title} taken up the ladder: "
        f"{material.counts['ladder-climbs'].of(code_stage=stage).met:,}."
        for stage, title in STAGES.items()
    )


def _timely(stage: str, *names: str) -> Shows:
    def shows(material: Material) -> str:
        tallies = {name: material.counts[name].of(code_stage=stage) for name in names}
        return "\n".join(
            f"{part_timeliness.TITLES[stage, name]}: {_said(tally)}; late: {tally.not_met:,}."
            for name, tally in tallies.items()
        )

    return shows


def _extended(stage: str) -> Shows:
    def shows(material: Material) -> str:
        tally = material.counts["extensions"].of(code_stage=stage)
        extended = tally.counted + tally.because("not-yet")
        return (
            f"{STAGES[stage]} extended: {extended:,}; the resident was told in time: "
            f"{_said(tally)}."
        )

    return shows


def _recorded(*stages: str) -> Shows:
    def shows(material: Material) -> str:
        tallies = {stage: material.counts["outcomes"].of(code_stage=stage) for stage in stages}
        return "\n".join(
            f"{STAGES[stage]} outcomes recorded: {_said(tally)}."
            for stage, tally in tallies.items()
        )

    return shows


def _went_on(material: Material) -> str:
    return f"Went on from stage 1: {_said(material.counts['escalated'])}."


def _promised(material: Material) -> str:
    promises = material.counts["promises-kept"]
    return (
        f"Promised actions done in time: {_said(promises)}; late and still to be done: "
        f"{promises.because('late-undone'):,}."
    )


def _remedies(material: Material) -> str:
    return f"Remedies given: {material.counts['remedies'].met:,}."


def _compensation(material: Material) -> str:
    tally = material.counts["compensation"]
    paid = Money(id="evidence", pence=tally.amount).shown
    return f"Payments of compensation: {tally.met:,}, in all {paid}."


def _brought(material: Material) -> str:
    number = material.counts["ombudsman-referred"].met
    return f"Brought before the Ombudsman in the period: {number:,}."


def _ombudsman(material: Material) -> str:
    counts = material.counts
    return (
        f"{_brought(material)} Determined: {counts['ombudsman-determined'].met:,}; orders: "
        f"{counts['ombudsman-orders'].amount:,}; recommendations: "
        f"{counts['ombudsman-recommendations'].amount:,}."
    )


def _report(material: Material) -> str:
    return f"{_received(material)} {_refused(material)} {_ombudsman(material)}"


def _board(material: Material) -> str:
    if material.words.board_comment:
        return "The governing body's response to the complaints report of the period is recorded."
    return "No response of the governing body is recorded for the period."


def _learnt(material: Material) -> str:
    return f"Lessons and improvements published: {lessons_and_improvements(material):,}."


def _satisfied(material: Material) -> str:
    said = share("evidence", material.counts["satisfaction"], places=1).shown
    return f"Satisfied with how complaints are handled: {said}. {_learnt(material)}"


def _member(material: Material) -> str:
    member = material.landlord.member_responsible
    return f"Named: {member}." if member else ""


def _seen(material: Material) -> str:
    outcomes = _recorded(*STAGES)(material)
    return f"{_received(material)}\n{outcomes}\nThe figures of the period stand below."


def _said(tally: Tally) -> str:
    """Returns how many of those counted in are met, as every report shows it."""
    return share("evidence", tally).shown


def _each(provisions: Sequence[str], shows: Shows) -> dict[str, Shows]:
    return dict.fromkeys(provisions, shows)


ANSWERED = ("responded-by-code", "responded-by-code-unextended")

SHOWN: Mapping[str, Shows] = {
    "1.2": _received,
    "1.4": _service_requests,
    **_each(("2.1", "2.2", "2.3", "2.4", "2.5"), _refused),
    "3.1": _ways_in,
    "4.3": _missed,
    **_each(("5.2", "5.3"), _stages),
    **_each(("5.11", "6.10", "6.12"), _went_on),
    "5.12": _recorded(*STAGES),
    "6.2": _timely("1", "acknowledged-by-code"),
    "6.3": _timely("1", *ANSWERED),
    **_each(("6.4", "6.5"), _extended("1")),
    **_each(("6.6", "6.17", "7.3"), _promised),
    "6.9": _recorded("1"),
    "6.11": _timely("2", "acknowledged-by-code"),
    "6.14": _timely("2", *ANSWERED),
    **_each(("6.15", "6.16"), _extended("2")),
    "6.19": _recorded("2"),
    "6.20": _brought,
    "7.1": _remedies,
    "7.2": _compensation,
    "7.4": _ombudsman,
    "8.1": _report,
    "8.2": _board,
    **_each(("9.1", "9.3"), _learnt),
    "9.2": _satisfied,
    "9.4": _climbed,
    "9.5": _member,
    "9.7": _seen,
}
"""What is shown of each provision of which a measure tells something."""
