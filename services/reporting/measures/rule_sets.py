"""The dated sets of rules by which measures are counted, and where each comes from."""

from datetime import date

from services.reporting.measures.measure import RuleSet

CODE = RuleSet(
    "complaint-handling-code",
    "Housing Ombudsman's Complaint Handling Code",
    date(2024, 4, 1),
    "The Code's own times, from the dates that happened: 5 working days to acknowledge, and from "
    "then 10 to answer at stage 1 and 20 at stage 2. Day 1 is the first working day after. "
    "An extension that the Code allows counts as within the time.",
)

POLICY = RuleSet(
    "policy",
    "The landlord's own policy",
    date(2024, 4, 1),
    "The times promised by the policy that was in force when the complaint came in, as its clocks "
    "counted them; extensions made under it count as within the time.",
)

PUTRIGHT = RuleSet(
    "putright",
    "Putright's definitions",
    date(2024, 4, 1),
    "Counts for which no outside rule is binding: what came in, what became of it, what was put "
    "right and what was learnt.",
)

TENANT_SATISFACTION = RuleSet(
    "tenant-satisfaction-measures",
    "Tenant Satisfaction Measures",
    date(2024, 4, 1),
    "The Regulator of Social Housing's measures CH01, CH02 and TP09, as we read them: rented homes "
    "and shared ownership apart, the year from April to March, one decimal. Where the reading is "
    "disputed it is a switch, and each measure says how it is set.",
)

RULE_SETS = (CODE, POLICY, PUTRIGHT, TENANT_SATISFACTION)
