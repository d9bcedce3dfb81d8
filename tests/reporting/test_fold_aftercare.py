"""What is recorded later of a complaint, and put right, as the register then has it."""

from sqlmodel import select

from services.reporting import entries
from services.reporting import fact_rows as fact_rows_of
from services.reporting.fact_rows import fact_rows
from services.reporting.facts import CODE_NATION, stage_facts
from services.reporting.register import PromiseEntry
from services.reporting.tables import ComplaintRow, LessonFactsRow, SurveyFactsRow
from services.shared.database import Database
from services.shared.events import (
    Classified,
    LessonLearned,
    LessonWithdrawn,
    OmbudsmanDetermined,
    OmbudsmanInvolved,
    PromiseKept,
    Responded,
    SurveyAnswered,
)
from services.shared.working_days import working_days
from tests.days import day
from tests.reporting.told import Told, folded

AT = "Mon 2028-03-20 10:00"


def received() -> Told:
    return Told().received("Mon 2028-03-06 10:00", category="noise", region="South")


def test_a_complaint_is_counted_by_what_was_last_recorded_of_it_at_every_stage() -> None:
    told = received().acknowledged("Tue 2028-03-07 10:00", "Mon 2028-03-13")
    told.responded("Wed 2028-03-08 10:00", "upheld", "Mon 2028-03-27")
    told.next_stage("Thu 2028-03-09 10:00", "stage-2")
    told.event(Classified, AT, category="repairs", service_area="Heating")
    told.event(Classified, AT, category="Damp & mould", tenure="rented")
    entry = folded(told.events)
    now = ("Damp & mould", "Heating", "South", "rented")
    assert (entry.category, entry.service_area, entry.region, entry.tenure) == now
    assert [
        (one.category, one.service_area, one.region, one.tenure)
        for one in stage_facts(entry, working_days(CODE_NATION))
    ] == [now, now]


def test_classifying_an_ended_complaint_leaves_it_ended() -> None:
    told = received().responded("Wed 2028-03-08 10:00", "upheld", "Mon 2028-03-27")
    before = folded(told.events)
    after = folded(told.event(Classified, AT, tenure="other").events)
    assert (after.status, after.stage, after.stages) == (
        before.status,
        before.stage,
        before.stages,
    )


def kept(told: Told, number: int) -> Told:
    days = {"promised_for": day("Fri 2028-03-24"), "done_on": day("Mon 2028-03-20")}
    return told.event(PromiseKept, AT, number=number, **days)


def promise(number: int) -> PromiseEntry:
    """What such an event says of a promise that the answer of stage 1 made, and did not tell of."""
    return PromiseEntry(
        number=number,
        stage="stage-1",
        promised_on=day("Wed 2028-03-08"),
        by=day("Fri 2028-03-24"),
        done_on=day("Mon 2028-03-20"),
    )


def test_a_promise_of_which_no_answer_told_comes_from_the_event_that_it_was_kept() -> None:
    told = received().responded("Wed 2028-03-08 10:00", "upheld", "Mon 2028-03-27")
    entry = folded(kept(kept(told, 2), 1).events)
    assert entry.promises == (promise(1), promise(2))
    [facts] = stage_facts(entry, working_days(CODE_NATION))
    assert facts.promised == 2


def test_a_promise_that_the_answer_told_of_is_kept_as_it_was_promised() -> None:
    told = received().event(
        Responded,
        "Wed 2028-03-08 10:00",
        decision="upheld",
        findings=[{"point": "1", "decision": "upheld"}],
        due=day("Mon 2028-03-27"),
        in_time=True,
        promises=[{"number": 1, "by": day("Fri 2028-03-24")}],
    )
    assert folded(kept(told, 1).events).promises == (promise(1),)


def survey(told: Told, at: str, satisfaction: str) -> Told:
    return told.event(SurveyAnswered, at, on=day("Mon 2028-03-20"), satisfaction=satisfaction)


def test_of_two_answers_to_the_survey_the_one_recorded_last_counts() -> None:
    told = survey(survey(received(), AT, "very-satisfied"), AT, "fairly-dissatisfied")
    entry = folded(told.events)
    assert [one.satisfaction for one in entry.surveys] == ["fairly-dissatisfied"]
    [row] = dict(fact_rows(entry))[SurveyFactsRow]
    assert (row["number"], row["satisfaction"]) == (1, "fairly-dissatisfied")


def lesson(told: Told, heard: str, number: int | None = None) -> Told:
    words = {"theme": "Repairs", "heard": heard, "done": "We ring before."}
    return told.event(LessonLearned, AT, number=number, **words)


def test_a_lesson_is_put_right_by_its_number() -> None:
    told = lesson(lesson(lesson(received(), "Late.", 1), "Cold.", 2), "They came late.", 1)
    entry = folded(told.events)
    assert [(one.number, one.heard) for one in entry.lessons] == [
        (1, "They came late."),
        (2, "Cold."),
    ]
    rows = dict(fact_rows(entry))[LessonFactsRow]
    assert [(row["number"], row["heard"]) for row in rows] == [(1, "They came late."), (2, "Cold.")]


def test_a_lesson_that_was_taken_back_is_gone_and_the_others_keep_their_numbers() -> None:
    told = lesson(lesson(received(), "Late.", 1), "Cold.", 2)
    entry = folded(told.event(LessonWithdrawn, AT, number=1).events)
    assert [(one.number, one.heard) for one in entry.lessons] == [(2, "Cold.")]
    [row] = dict(fact_rows(entry))[LessonFactsRow]
    assert (row["number"], row["heard"]) == (2, "Cold.")


def test_a_lesson_told_without_a_number_has_the_next() -> None:
    entry = folded(lesson(lesson(received(), "Late."), "Cold.").events)
    assert [one.number for one in entry.lessons] == [1, 2]


async def test_the_last_lesson_that_is_taken_back_leaves_no_fact_behind(database: Database) -> None:
    told = lesson(received(), "Late.", 1)
    withdrawn = Told(told.reference)
    withdrawn.events = [*told.events]
    withdrawn.event(LessonWithdrawn, AT, number=1)
    async with database.session() as session:
        session.add(ComplaintRow(reference=told.reference))
        for events, heard in ((told.events, ["Late."]), (withdrawn.events, [])):
            entry = folded(events)
            await entries.save(session, entry)
            await fact_rows_of.save(session, entry)
            kept = (await session.exec(select(LessonFactsRow))).all()
            assert [row.heard for row in kept] == heard
            assert await entries.find(session, told.reference) == entry


def determined(told: Told, found: str, **facts: object) -> Told:
    told_of = {"determination": found, "orders": 1, "recommendations": 0, "pence": 0}
    return told.event(OmbudsmanDetermined, AT, on=day("Mon 2028-03-20"), **{**told_of, **facts})


def test_a_determination_recorded_again_puts_the_newest_case_right() -> None:
    told = received()
    for found in ("mediated", "service-failure"):
        told.event(OmbudsmanInvolved, AT, on=day("Mon 2028-03-20"))
        determined(told, found)
    determined(told, "maladministration", corrected=True, pence=500)
    assert [(one.determination, one.pence) for one in folded(told.events).ombudsman] == [
        ("mediated", 0),
        ("maladministration", 500),
    ]
