"""What a complaint is about, where, and how the home is held: recorded late, or put right."""

from functools import partial

import pytest

from services.notify.contract import ToStaff
from services.shared.events import Classified
from services.workflow import contract, handover
from services.workflow.contract import Classify
from services.workflow.handover import Handover
from services.workflow.outbox import Unsent
from services.workflow.search_attributes import REGION, SERVICE_AREA
from services.workflow.worker import build_worker
from tests.days import day
from tests.engine import server_time, settled, skipping_time
from tests.workflow.lives import Life, refused
from tests.workflow.neighbours import Neighbours
from tests.workflow.test_process import PATIENCE, new_complaint

FACTS = {"category": "repairs", "service_area": "Heating", "region": "North", "tenure": "rented"}


def classify(**facts: str) -> Classify:
    return Classify.model_validate({"key": f"c-{facts}", "by": "staff", **facts})


def received() -> Life:
    return Life("housing-ombudsman", "Mon 2028-03-06 10:00")


def test_it_is_recorded_from_the_receipt_on() -> None:
    life = received()
    life.do("Mon 2028-03-06 10:01", classify(**FACTS))
    event = life.events[-1]
    assert isinstance(event, Classified)
    assert event.model_dump(include={*FACTS}) == FACTS


def test_what_is_left_out_stays_as_it_was() -> None:
    life = received()
    life.do("Mon 2028-03-06 11:00", classify(**FACTS))
    life.do("Mon 2028-03-06 12:00", classify(region="South"))
    event = life.events[-1]
    assert isinstance(event, Classified)
    assert (event.region, event.category) == ("South", None)
    assert life.complaint.facts.model_dump(include={*FACTS}) == {**FACTS, "region": "South"}


def test_an_action_that_says_nothing_is_refused() -> None:
    with refused("classification-needed"):
        received().do("Mon 2028-03-06 11:00", classify())


def test_it_is_put_right_while_an_ended_complaint_listens_and_no_longer() -> None:
    life = received()
    life.withdraw("Tue 2028-03-07 10:00")
    life.do("Wed 2028-03-08 10:00", classify(tenure="rented"))
    assert isinstance(life.events[-1], Classified)
    assert life.complaint.status == "withdrawn"
    life.run_until(None)
    assert life.complaint.finished
    with refused("complaint-ended"):
        life.do("Mon 2032-03-01 10:00", classify(tenure="other"))


def test_it_moves_no_clock_and_writes_to_nobody() -> None:
    life = received()
    before = life.complaint.position()
    turn = life.do("Tue 2028-03-07 10:00", classify(**FACTS))
    assert (life.complaint.position(), turn.notices) == (before, [])


def test_what_is_written_to_staff_from_then_on_goes_by_the_new_service_area() -> None:
    life = received()
    life.assign("Mon 2028-03-06 11:00", "sam-okafor")
    life.do("Mon 2028-03-06 12:00", classify(service_area="Heating"))
    life.until("Mon 2028-04-10 10:00")
    areas = [
        (written.notice.to.service_area, written.at.date() > day("Mon 2028-03-06"))
        for written in life.notices
        if isinstance(written.notice.to, ToStaff)
    ]
    assert {area for area, later in areas if not later} == {None}
    assert {area for area, later in areas if later} == {"Heating"}


def test_the_caseload_of_who_is_in_charge_learns_the_new_service_area() -> None:
    life = received()
    life.assign("Mon 2028-03-06 11:00", "sam-okafor")
    [word] = life.do("Mon 2028-03-06 12:00", classify(service_area="Heating")).words
    assert word.standing is not None
    assert (word.staff_id, word.standing.service_area) == ("sam-okafor", "Heating")


def test_the_next_run_of_the_workflow_knows_it() -> None:
    life = received()
    life.do("Mon 2028-03-06 12:00", classify(**FACTS))
    handed_on = handover.read(handover.write(Handover(life.complaint, Unsent())))
    assert handed_on.complaint.facts.model_dump(include={*FACTS}) == FACTS


@pytest.mark.parametrize("before", [None, "Lifts"])
async def test_it_is_listed_under_what_stands(before: str | None) -> None:
    async with skipping_time() as env:
        neighbours = Neighbours(partial(server_time, env))
        notify, reporting = neighbours.workers(env.client)
        async with build_worker(env.client), notify, reporting:
            new = new_complaint("PR-1", await server_time(env))
            new = new.model_copy(update={"service_area": before, "region": before})
            await contract.start(env.client, new, patience=PATIENCE)
            action = classify(service_area="Heating", tenure="rented")
            await contract.act(env.client, "PR-1", action, patience=PATIENCE)
            await settled(env.client, "PR-1")
            handle = env.client.get_workflow_handle(contract.workflow_id("PR-1"))
            listed = (await handle.describe()).typed_search_attributes
            assert (listed.get(SERVICE_AREA), listed.get(REGION)) == ("Heating", before)
            [event] = [one for one in neighbours.events.values() if one.kind == "classified"]
            assert event.tenure == "rented"
