"""What a reader of the six documents says of each against the Code, provision by provision.

One line a finding: provision, verdict, and the argument. Where a rule is only our reading of a
silence, the document has not stated it, however good the reading.
"""

FOR_A_PERSON = """
1.3   that nobody needs the word: no key says it
1.6   surveys of services are not the complaints policy's
3.2   whether any member of staff takes a complaint shows in practice only
4.1   people and their standing: no key says it
4.2   people and their standing: no key says it
4.3   people and their standing: no key says it
5.1   whether another policy exists beside it
5.4   contractors are handled by the same stages; whether that is so takes a reader
5.5   what others are bound to
5.6   what a letter sets out
5.7   what a letter sets out
5.8   independence of mind
5.9   how progress is told
5.10  adjustments are in the case file, not in the policy file
5.12  what is kept of a complaint
5.15  proportion
6.6   when an answer is known
6.7   what an answer holds
6.9   what a letter sets out
6.17  when an answer is known
6.18  what an answer holds
6.19  what a letter sets out, but for the Ombudsman
7.2   what fits an effect
7.3   what a remedy says
7.4   whose guidance was read
8.1   reports
8.2   reports
8.3   self-assessments
8.4   self-assessments
8.5   what is told outside
9.1   learning
9.2   learning
9.3   learning
9.4   who leads
9.5   who is responsible
9.6   who is responsible
9.7   reports
9.8   objectives of staff
"""
"""What no policy file can show: a person judges it, whichever the policy."""

HOUSING_OMBUDSMAN = """
1.2   met         the Code's own definition
1.3   met         representatives are taken as residents are
1.4   met         requests are recorded and passed on
1.5   met         dissatisfaction with one becomes a complaint
2.1   met         age, proceedings, already considered: the Code's three
2.2   met         proceedings filed at court
2.2   met         already considered
2.3   met         12 months
2.3   met         good reason carries beyond them
2.4   met         the refusal letter names the Ombudsman, as all letters do
2.5   judge       proceedings and earlier complaints know no exception
3.1   met         six channels
5.2   met         stage 1 is first
5.3   met         two stages
5.11  met         a request is never declined
5.14  met         restrictions are reviewed after six months
6.1   judge       vulnerability, risk and complexity are named; whether they are weighed is practice
6.2   met         5 working days from receipt
6.3   met         10 working days from the acknowledgement
6.4   met         10 working days
6.5   met         the letter gives the Ombudsman's details
6.8   met         it joins before the response
6.10  met         on request; that the window of 12 months is our reading takes nothing from it
6.11  met         5 working days from the request
6.12  met         no reasons are asked for
6.12  judge       how the landlord tries to understand is left open
6.13  met         somebody not involved before
6.14  met         20 working days from the acknowledgement
6.15  met         20 working days
6.16  met         the letter gives the Ombudsman's details
6.19  met         the final letter names the Ombudsman
6.20  met         nothing comes after stage 2
7.1   judge       the Code's own list of remedies
"""

NACRO = """
1.2   met         the Code's definition, with students added
1.3   not-stated  that others may complain is not said
1.4   not-stated  requests for services do not come up
1.5   not-stated  nor does what becomes of them
2.1   not-stated  the document names no reason for refusing; that reports of others are none is 1.4
2.2   not-stated  proceedings: our reading
2.2   not-stated  already considered: our reading
2.3   not-stated  12 months: our reading
2.4   not-stated  refusals do not come up
2.5   not-stated  refusals do not come up
3.1   met         form, staff, telephone
5.2   met         stage one is first
5.3   met         two stages
5.11  not-stated  whether a request can be declined is not said
5.14  not-stated  restrictions do not come up
6.1   not-stated  triage does not come up
6.2   met         5 working days
6.3   met         10 working days
6.4   met         a further 10 days
6.5   not-stated  what the letter gives beside the delay is not said
6.8   not-stated  our reading of the Code
6.10  met         on request
6.11  met         5 working days from receipt of the stage two complaint
6.12  not-stated  whether reasons are asked for is not said
6.12  met         the complainant is always spoken to
6.13  not-stated  a more senior manager; whether they were involved before is not said
6.14  met         20 working days
6.15  not-stated  our reading: nothing is said of putting stage two off
6.16  not-stated  nor of such a letter
6.19  met         the Ombudsman is named after stage two
6.20  met         nothing comes after stage two
7.1   judge       only compensation is named
"""

MANCHESTER = """
1.2   met         the definition is adopted word for word
1.3   met         advocates with authority
1.4   met         a first report is a request for service
1.5   met         a failure to deal with it may become a complaint
2.1   judge       the same issue again and other organisations are not among the Code's reasons
2.2   judge       proceedings that are or have been, not only a claim filed at court
2.2   judge       the same issue within six months
2.2   judge       another part of the Council
2.3   not-stated  no age limit is named
2.4   met         refusals are explained and the Ombudsman is named
2.5   judge       proceedings and other organisations know no exception
3.1   met         four channels
5.2   met         stage 1 is first
5.3   met         two stages
5.11  met         a review is not declined
5.14  met         six months, then a review
6.1   judge       four criteria for going up at once
6.2   met         5 working days
6.3   met         10 working days, read from receipt: stricter than the Code
6.4   not-met     any date will do
6.5   not-stated  the letter explains and gives a date; the Ombudsman is not mentioned there
6.8   not-stated  our reading of the Code
6.10  met         on request
6.10  judge       only within 28 days
6.10  judge       a senior leader may send it past stage 2
6.11  met         5 working days
6.12  met         being unhappy is enough
6.12  met         the investigator is presumed to speak to the resident
6.13  not-stated  a senior manager; whether they were involved before is not said
6.14  met         10 working days: half of the Code's time
6.15  not-met     any date will do
6.16  not-stated  as at stage 1
6.19  met         the Ombudsman is in every response
6.20  met         nothing of the landlord's comes after stage 2
7.1   judge       explanation, apology, compensation
"""

COMMUNITY_SUPPORT = """
1.2   met         the Code's definition
1.3   not-stated  residents and service users are named, others are not
1.4   not-stated  requests for services do not come up
1.5   not-stated  nor does what becomes of them
2.1   not-stated  the document names no reason for refusing
2.2   not-stated  proceedings: our reading
2.2   not-stated  already considered: our reading
2.3   not-stated  12 months: our reading
2.4   not-stated  refusals do not come up
2.5   not-stated  refusals do not come up
3.1   met         telephone, email, form, letter
5.2   met         stage one is first
5.3   met         two stages
5.11  met         a request is not declined
5.14  not-stated  restrictions do not come up
6.1   not-stated  triage does not come up
6.2   met         5 working days
6.3   met         10 working days from acknowledgement
6.4   met         10 extra days; more only with agreement
6.5   met         the Ombudsman's details come with it
6.8   met         an additional complaint joins before the response
6.10  met         on request
6.10  judge       within 20 working days, later ones considered
6.11  met         5 working days
6.12  met         reasons are not required
6.12  met         contact to understand concerns and outcome
6.13  met         a member of the team not previously involved
6.14  met         20 working days from acknowledgement
6.15  met         20 more days; more only with agreement
6.16  met         the Ombudsman's details come with it
6.19  met         the Ombudsman is next
6.20  met         nothing of the landlord's comes after stage two
7.1   not-stated  remedies do not come up
"""

NOTTINGHAM = """
1.2   not-met     only what could not be resolved to the tenant's satisfaction (section 2)
1.3   met         friends, relatives, representatives with written consent (section 3)
1.4   met         a first report is a request for service (section 4)
1.5   not-stated  what becomes of dissatisfaction with a request is not said
2.1   judge       five reasons are not among the Code's (section 4)
2.2   judge       disagreement with policy
2.2   judge       an appeal of its own
2.2   judge       temporary accommodation
2.2   judge       homelessness accommodation
2.2   judge       another service or agency
2.2   judge       legal proceedings have been started; whether filed at court is not said
2.2   met         the same issue investigated and closed
2.3   not-met     six months
2.3   met         special circumstances carry beyond them
2.4   met         a full explanation, and whom to turn to
2.5   judge       all but age know no exception
3.1   met         seven channels
5.2   not-met     every effort is made informally before a formal complaint
5.3   met         two stages
5.11  not-met     the team judges whether the grounds are sufficient
5.14  not-stated  measures without a review
6.1   judge       safety only
6.2   not-stated  a letter, but no time for it: our reading
6.3   met         10 working days from the report: stricter than the Code
6.4   met         10 working days, and agreed
6.5   met         the Ombudsman is named in all correspondence
6.8   not-stated  our reading of the Code
6.10  met         on request
6.11  not-stated  a letter, but no time for it: our reading
6.12  not-met     the reason for asking
6.12  not-met     the outcome that is sought
6.12  judge       whether the team tries to understand is left open
6.13  not-stated  a senior manager and the team; whether involved before is not said
6.14  met         20 working days from being told of the escalation
6.15  met         20 working days, and agreed
6.16  met         the Ombudsman is named in all correspondence
6.19  met         the final response gives the Ombudsman's details
6.20  met         stage 2 is the final one
7.1   judge       seven remedies (section 9)
"""

REVIEW_PANEL = """
1.2   not-stated  its words are not those of the Code, nor plainly narrower
1.3   met         others with the resident's permission
1.4   not-stated  requests for services do not come up
1.5   not-stated  nor does what becomes of them
2.1   not-stated  the document names no reason for refusing
2.2   not-stated  proceedings: our reading
2.2   not-stated  already considered: our reading
2.3   not-stated  12 months: our reading
2.4   not-stated  refusals do not come up
2.5   not-stated  refusals do not come up
3.1   not-stated  it says how to get in touch, not which ways count
5.2   not-met     First Time Resolution comes first
5.3   not-met     with it and the panel there are four
5.11  not-met     without further evidence the case does not go on
5.14  not-stated  restrictions do not come up
6.1   not-stated  triage does not come up
6.2   not-stated  a reference and a name, but no time for them
6.3   judge       10 working days are aimed at, after First Time Resolution; an agreed date counts
6.4   judge       the agreed date has no cap, but the resident agrees to it
6.5   not-stated  no letter puts an answer off
6.8   not-stated  our reading of the Code
6.10  met         on request
6.11  not-stated  the director's contact has no time
6.12  not-met     reasons
6.12  not-met     further evidence
6.12  met         the director gets in contact
6.13  not-stated  the director of the area; whether they were involved before is not said
6.14  not-stated  the director's review has no time: our reading
6.14  not-met     the panel: three weeks from a hearing that has no time itself
6.15  not-stated  nothing is said of putting stage 2 off
6.16  not-stated  nor of such a letter
6.19  met         the Ombudsman is among the further steps
6.20  not-met     the panel comes after stage 2
7.1   not-stated  remedies do not come up
"""

EXPECTED = {
    "community-support": COMMUNITY_SUPPORT,
    "housing-ombudsman": HOUSING_OMBUDSMAN,
    "manchester": MANCHESTER,
    "nacro": NACRO,
    "nottingham": NOTTINGHAM,
    "review-panel": REVIEW_PANEL,
}
