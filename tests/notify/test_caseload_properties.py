"""What holds for every caseload, whatever complaints send and in whichever order it arrives.

Hypothesis makes complaints up, loses the order of their words, repeats them, and enters absences.
"""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notify.absences import Absence
from services.notify.caseload import WAITS
from services.notify.contents import Content, Digest, DueMovedNotice, MovedDate, Reminder
from services.notify.contract import Notice, OpenClock, Standing, ToStaff, Word
from services.shared.local_time import LONDON, local_date
from services.shared.working_days import working_days
from tests.days import day, london
from tests.notify.caseloads import (
    ASSIGNMENT,
    HEARING,
    LETTERHEAD,
    MEGAN,
    SAM,
    WROTE,
    Desk,
    away,
    missed,
    reminder,
    word,
)

BEGIN = london("Mon 2028-04-03 09:00")
"""Good Friday is on the 14th, Easter Monday on the 17th."""
A_MONTH = 30 * 24 * 60

DUES = [day(text) for text in ("Thu 2028-04-13", "Tue 2028-04-18", "Sat 2028-04-22")]
MOVED = DueMovedNotice(
    dates=(MovedDate(clock="respond", was=DUES[0], due=DUES[1]),), new_holidays=()
)

clocks = st.lists(
    st.builds(
        OpenClock,
        clock=st.sampled_from(["acknowledge", "respond"]),
        due=st.sampled_from(DUES),
        missed=st.booleans(),
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda clock: clock.clock,
).map(tuple)

standings = st.builds(
    Standing,
    letterhead=st.just(LETTERHEAD),
    stage=st.just("stage-1"),
    service_area=st.just("Repairs"),
    nation=st.just("england"),
    closure_days=st.just(()),
    assigned_at=st.sampled_from([BEGIN, BEGIN + timedelta(days=4)]),
    confirmed=st.booleans(),
    clocks=clocks,
)

CONTENTS: list[Content] = [
    *(ASSIGNMENT, WROTE, HEARING, MOVED, missed("Thu 2028-04-13")),
    *(reminder("Thu 2028-04-13"), reminder("Tue 2028-04-18", "acknowledge")),
]
contents = st.sampled_from(CONTENTS)


@st.composite
def lives(draw: st.DrawFn, reference: str) -> list[Word]:
    """The words of one complaint, by their sequence. A turn writes each kind once to one person."""
    steps = draw(
        st.lists(st.tuples(st.none() | standings, st.lists(contents, max_size=2)), max_size=6)
    )
    return [
        word(
            stands,
            *{entry.about: entry for entry in entries}.values(),
            ref=reference,
            sequence=sequence,
        )
        for sequence, (stands, entries) in enumerate(steps, 1)
    ]


@st.composite
def deliveries(draw: st.DrawFn) -> list[tuple[datetime, Word]]:
    """The words of some complaints as they arrive: late, in any order, some of them twice."""
    arriving: list[tuple[datetime, Word]] = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        for one in draw(lives(f"PR-{number}")):
            for _ in range(draw(st.integers(1, 2))):
                minutes = draw(st.integers(0, A_MONTH))
                arriving.append((BEGIN + timedelta(minutes=minutes), one))
    return sorted(arriving, key=lambda delivery: delivery[0])


absences = st.lists(
    st.sampled_from(
        [
            away("Wed 2028-04-05", "Fri 2028-04-07"),
            away("Thu 2028-04-13", "Wed 2028-04-19", "tom-hartley"),
            away("Fri 2028-04-07", "Mon 2028-04-10", staff_id=MEGAN),
        ]
    ),
    unique=True,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deliveries(), absences)
def test_every_entry_reaches_its_manager_once_and_digests_keep_to_working_days(
    arriving: list[tuple[datetime, Word]], absent: list[Absence]
) -> None:
    desk = Desk(*absent)
    for at, one in arriving:
        desk.hear(at, one)
    desk.until("Wed 2028-05-17 12:00")

    _each_entry_once(desk, [one for _, one in arriving])
    _nothing_twice(desk)
    _digests_on_working_days(desk, absent)
    _everybody_is_reached(desk)
    newest = {one.reference: one for _, one in sorted(arriving, key=lambda it: it[1].sequence)}
    open_now = {case.reference: case.standing for case in desk.caseload.open}
    assert open_now == {ref: one.standing for ref, one in newest.items() if one.standing}


def _each_entry_once(desk: Desk, heard: list[Word]) -> None:
    times = Counter(entry.key for _, mail in desk.sent for entry in mail.entries)
    alone = {mail.notice.key for _, mail in desk.sent if mail.notice.reference is not None}
    for one in heard:
        for entry in one.entries:
            assert times[entry.key] <= 1
            if not isinstance(entry.content, WAITS):
                assert times[entry.key] == 1, "a rung, or what cannot wait, is told once"
                assert entry.key in alone, "and by a mail of its own"
            elif times[entry.key] == 0:
                assert _overtaken(entry, one, heard), "only what is past may go untold"


def _overtaken(entry: Notice, its_word: Word, heard: list[Word]) -> bool:
    """Whether the complaint itself, then or later, said that there is no reason to tell it."""
    later = [
        one.standing
        for one in heard
        if one.reference == its_word.reference and one.sequence >= its_word.sequence
    ]
    content = entry.content
    if isinstance(content, Reminder):
        wanted = (content.clock, content.due)
        return any(
            stands is None or wanted not in {(one.clock, one.due) for one in stands.clocks}
            for stands in later
        )
    return isinstance(content, DueMovedNotice) and None in later


def _nothing_twice(desk: Desk) -> None:
    keys = Counter(mail.notice.key for _, mail in desk.sent)
    assert [key for key, times in keys.items() if times > 1] == []


def _digests_on_working_days(desk: Desk, absent: list[Absence]) -> None:
    days = working_days("england")
    digests = [(at, mail.notice.content) for at, mail in desk.sent]
    mornings = []
    for at, content in digests:
        if isinstance(content, Digest):
            assert days.why_off(local_date(at)) is None
            assert 8 <= at.astimezone(LONDON).hour < 18
            assert absent or any(line.news for line in content.lines), "nothing has changed"
            mornings.append(local_date(at))
    assert absent or all(one < following for one, following in pairwise(mornings))


def _everybody_is_reached(desk: Desk) -> None:
    directory = desk.directory
    for at, mail in desk.sent:
        to = mail.notice.to
        assert isinstance(to, ToStaff)
        on = local_date(at)
        person = directory.reach(to, on).person
        assert directory.away(person.id, on) is None
        if to.role == "investigator" and to.investigator == SAM:
            deputy = directory.deputy_of(SAM, on)
            responsible = SAM if directory.away(SAM, on) is None else deputy and deputy.id
            assert person.id == responsible
