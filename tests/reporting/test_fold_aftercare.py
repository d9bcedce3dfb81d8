"""What is recorded later of a complaint, and put right, as the register then has it."""

from services.reporting.facts import CODE_NATION, stage_facts
from services.shared.events import Classified
from services.shared.working_days import working_days
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
