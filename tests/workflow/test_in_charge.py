"""Whoever is in charge: what their caseload learns, confirming, asking for help, new mail, panels.

2028: Good Friday is 14 April, Easter Monday 17 April.
"""

from services.notify.contents import HelpWanted
from services.notify.contract import Addressee, Notice, Settled, Standing, Word
from services.workflow import proof
from services.workflow.contract import AskHelp, Confirm, Refer, SetHearing, TellOfMail
from services.workflow.turn import Turn
from tests.days import day, london
from tests.workflow.lives import Life, refused


def assigned(policy: str = "housing-ombudsman") -> Life:
    life = Life(policy, "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 11:00", "sam-okafor")
    return life


def standing(word: Word) -> Standing:
    assert word.standing is not None
    return word.standing


def clocks(word: Word) -> list[str]:
    return [
        f"{clock.clock} {clock.due:%a %d %b}{' missed' if clock.missed else ''}"
        for clock in standing(word).clocks
    ]


def about(notices: tuple[Notice, ...]) -> list[str]:
    return [notice.content.about for notice in notices]


def last_words(turn: Turn) -> dict[str, Word]:
    return {word.staff_id: word for word in turn.words}


def test_nobody_is_told_anything_while_nobody_is_in_charge() -> None:
    assert Life("housing-ombudsman", "Mon 2028-03-06 10:00").words == []


def test_an_assignment_tells_the_whole_standing_and_what_to_read() -> None:
    life = Life("housing-ombudsman", "Mon 2028-03-06 10:00")
    [word] = life.assign("Mon 2028-03-06 11:00", "sam-okafor").words
    assert (word.staff_id, word.reference) == ("sam-okafor", "PR-TEST-0001")
    assert (word.asked_by, word.sequence) == ("complaint-PR-TEST-0001", life.complaint.sequence)
    assert about(word.entries) == ["assignment"]
    assert clocks(word) == ["acknowledge Mon 13 Mar", "respond Mon 27 Mar"]
    assert standing(word).assigned_at == london("Mon 2028-03-06 11:00")
    assert (standing(word).confirmed, standing(word).nation) == (False, "england")


def test_a_reminder_a_miss_and_a_rung_are_told_as_they_come() -> None:
    life = assigned()
    life.until("Tue 2028-03-14 09:00")
    told = [(clocks(word)[0], about(word.entries)) for word in life.words[1:]]
    assert told[-2:] == [
        ("acknowledge Mon 13 Mar missed", []),
        ("acknowledge Mon 13 Mar missed", ["escalation"]),
    ]
    assert told[:-2] == [("acknowledge Mon 13 Mar", ["reminder"])]


def test_what_was_done_and_put_off_leaves_or_moves() -> None:
    life = assigned()
    [word] = life.acknowledge("Tue 2028-03-07 10:00").words
    assert clocks(word) == ["respond Tue 21 Mar"]
    [word] = life.extend("Wed 2028-03-08 10:00", "Fri 2028-03-31").words
    assert clocks(word) == ["respond Fri 31 Mar"]
    [word] = life.respond("Thu 2028-03-09 10:00", "upheld", "upheld").words
    assert (word.standing, word.entries) == (None, ())


def test_what_changes_nothing_for_them_is_not_told() -> None:
    life = assigned()
    assert life.contact("Tue 2028-03-07 10:00").words == ()
    assert life.triage("Tue 2028-03-07 11:00").words == ()


def test_a_complaint_that_ends_is_done_for_them() -> None:
    life = assigned()
    [word] = life.withdraw("Tue 2028-03-07 10:00").words
    assert word.standing is None


def test_whoever_is_replaced_is_done_and_whoever_comes_is_told() -> None:
    life = assigned()
    told = last_words(life.assign("Tue 2028-03-07 10:00", "lena-hart"))
    assert told["sam-okafor"].standing is None
    assert standing(told["lena-hart"]).assigned_at == london("Tue 2028-03-07 10:00")
    assert about(told["lena-hart"].entries) == ["assignment"]


def test_two_who_answer_together_are_both_told_and_both_asked_to_confirm() -> None:
    life = Life("nottingham", "Mon 2028-03-06 10:00")
    told = last_words(life.assign("Mon 2028-03-06 11:00", "sam-okafor", "omar-haddad"))
    assert [about(told[one].entries) for one in ("sam-okafor", "omar-haddad")] == [
        ["assignment"],
        ["assignment"],
    ]
    told = last_words(life.do("Mon 2028-03-06 12:00", Confirm(key="c", by="omar-haddad")))
    assert set(told) == {"omar-haddad"}
    assert standing(told["omar-haddad"]).confirmed


def test_confirming_is_recorded_once_and_told() -> None:
    life = assigned()
    [word] = life.do("Mon 2028-03-06 12:00", Confirm(key="a", by="sam-okafor")).words
    assert standing(word).confirmed
    assert life.do("Mon 2028-03-06 13:00", Confirm(key="b", by="sam-okafor")).words == ()
    assert life.happened("confirmed") == ["Mon 2028-03-06 12:00 confirmed"]


def test_nobody_confirms_for_somebody_else_or_what_is_no_longer_theirs() -> None:
    life = assigned()
    with refused("not-in-charge"):
        life.do("Mon 2028-03-06 12:00", Confirm(key="a", by="lena-hart"))
    life.assign("Tue 2028-03-07 10:00", "lena-hart")
    with refused("not-in-charge"):
        life.do("Tue 2028-03-07 11:00", Confirm(key="b", by="sam-okafor"))


def test_whoever_acts_on_it_has_seen_that_it_is_theirs() -> None:
    life = assigned()
    turn = life.do("Mon 2028-03-06 12:00", AskHelp(key="h", by="sam-okafor", help="time"))
    assert standing(last_words(turn)["sam-okafor"]).confirmed
    assert life.happened("confirmed") == []


def test_confirmation_is_asked_for_anew_when_it_comes_back_to_them() -> None:
    life = assigned()
    life.do("Mon 2028-03-06 12:00", Confirm(key="a", by="sam-okafor"))
    life.assign("Tue 2028-03-07 10:00", "lena-hart")
    told = last_words(life.assign("Wed 2028-03-08 10:00", "sam-okafor"))
    assert not standing(told["sam-okafor"]).confirmed


def test_help_is_asked_of_the_line_manager_and_the_officer_and_the_words_are_not_recorded() -> None:
    life = assigned()
    ask = AskHelp(key="h", by="sam-okafor", help="records", note="I cannot open the repairs file.")
    turn = life.do("Mon 2028-03-06 12:00", ask)
    assert [notice.to.role for notice in turn.notices] == ["line-manager", "complaints-officer"]
    assert all("repairs file" in notice.model_dump_json() for notice in turn.notices)
    assert "repairs file" not in "".join(event.model_dump_json() for event in turn.events)


def test_help_needs_somebody_in_charge() -> None:
    life = Life("housing-ombudsman", "Mon 2028-03-06 10:00")
    with refused("not-assigned"):
        life.do("Mon 2028-03-06 12:00", AskHelp(key="h", by="sam-okafor", help="time"))


def test_new_mail_is_told_to_whoever_is_in_charge_or_else_to_the_officer() -> None:
    life = Life("housing-ombudsman", "Mon 2028-03-06 10:00")
    life.do("Mon 2028-03-06 12:00", TellOfMail(key="m1", by="mailbox"))
    assert life.written_to("complaints-officer") == ["Mon 2028-03-06 12:00 from-resident"]
    life.assign("Mon 2028-03-06 13:00", "sam-okafor")
    [word] = life.do("Mon 2028-03-06 14:00", TellOfMail(key="m2", by="mailbox")).words
    assert (word.staff_id, about(word.entries)) == ("sam-okafor", ["from-resident"])
    assert len(life.happened("resident-wrote")) == 2


def test_mail_is_still_told_of_while_a_closed_complaint_could_go_on_and_not_after() -> None:
    life = assigned()
    life.acknowledge("Tue 2028-03-07 10:00")
    life.respond("Wed 2028-03-08 10:00", "upheld", "upheld")
    life.until("Mon 2029-03-12 09:00")
    assert life.complaint.over
    turn = life.do("Mon 2029-03-12 10:00", TellOfMail(key="m", by="mailbox"))
    assert about(tuple(turn.notices)) == ["from-resident"]
    with refused("complaint-ended"):
        # It listens on, but nobody in charge could act on a mail: that is for the officer.
        life.do("Mon 2029-04-30 10:00", TellOfMail(key="n", by="mailbox"))


def panel() -> Life:
    life = Life("review-panel", "Mon 2028-03-06 10:00")
    for at in ("Mon 2028-03-06 11:00", "Mon 2028-03-06 12:00"):
        life.assign(at, "sam-okafor")
        life.contact(at)
        life.respond(at, "not-upheld")
        life.escalate(at)
    life.assign("Mon 2028-03-06 13:00", "omar-haddad")
    life.contact("Mon 2028-03-06 13:00")
    life.do("Mon 2028-03-06 15:00", Refer(key="r", by="omar-haddad"))
    return life


def test_members_of_the_panel_hear_when_the_hearing_is_and_when_it_moves() -> None:
    life = panel()
    members = ("edith-owusu", "omar-haddad")
    first = SetHearing(key="a", by="staff", on=day("Tue 2028-03-21"), members=members)
    told = last_words(life.do("Tue 2028-03-07 09:00", first))
    assert {one: about(word.entries) for one, word in told.items()} == {
        "edith-owusu": ["panel-hearing"],
        "omar-haddad": ["panel-hearing"],
    }
    moved = SetHearing(key="b", by="staff", on=day("Wed 2028-03-22"))
    told = last_words(life.do("Wed 2028-03-08 09:00", moved))
    assert set(told) == {"edith-owusu", "omar-haddad"}


def asked_for_texts(*, texts: bool) -> Life:
    life = assigned()
    addressee = Addressee(name="Ada Bell", phone="01632 960123", email="ada@x.org", texts=texts)
    life.complaint.facts = life.complaint.facts.model_copy(update={"addressee": addressee})
    life.acknowledge("Tue 2028-03-07 10:00")
    life.respond("Wed 2028-03-08 10:00", "upheld", "not-upheld")
    life.until("Mon 2029-03-12 09:00")
    return life


def test_a_resident_who_asked_for_it_is_reminded_before_their_own_time_ends() -> None:
    # They can ask until Thursday 8 March 2029; five working days before is the Thursday before.
    life = asked_for_texts(texts=True)
    assert "Thu 2029-03-01 08:00 window-reminder" in life.written_to("resident")
    assert "Thu 2029-03-01 08:00 reminded" in life.happened("reminded")


def test_nobody_else_is() -> None:
    assert not any(
        "window" in notice for notice in asked_for_texts(texts=False).written_to("resident")
    )


NOW = london("Mon 2028-03-06 12:00")


def settled(life: Life, role: str, outcome: str) -> list[str]:
    notice = next(n for _, n in life.notices if n.to.role == role)
    told = Settled.model_validate({"key": notice.key, "outcome": outcome, "at": NOW})
    turn = proof.settle(life.complaint, notice, told, NOW)
    return [f"{n.content.about} to {n.to.role}" for n in turn.notices]


def test_what_needs_a_person_goes_to_the_complaints_officer() -> None:
    assert settled(assigned(), "resident", "sent") == []
    assert settled(assigned(), "resident", "refused") == ["undeliverable to complaints-officer"]
    assert settled(assigned(), "resident", "uncertain") == ["undeliverable to complaints-officer"]
    assert settled(assigned(), "resident", "to-print") == ["letter-to-post to complaints-officer"]
    assert settled(assigned(), "investigator", "entered") == []


def test_later_news_is_recorded_once_and_only_of_its_own_notices() -> None:
    life = assigned()
    key = "PR-TEST-0001/3/receipt/resident"
    news = Settled(key=key, outcome="bounced", at=NOW)
    heard = proof.hear(life.complaint, news, NOW)
    assert heard is not None
    [event] = heard.events
    assert event.model_dump(include={"kind", "about", "to", "outcome"}) == {
        "kind": "notice-settled",
        "about": "receipt",
        "to": "resident",
        "outcome": "bounced",
    }
    assert heard.notices == []
    assert proof.hear(life.complaint, news, NOW) is None
    for other in ("PR-ELSE-0001/3/receipt/resident", "PR-TEST-0001", ""):
        assert proof.hear(life.complaint, news.model_copy(update={"key": other}), NOW) is None


def test_saying_that_somebody_else_must_do_it_confirms_nothing() -> None:
    life = assigned()
    ask = AskHelp(key="h", by="sam-okafor", help="somebody-else")
    turn = life.do("Mon 2028-03-06 12:00", ask)
    assert turn.words == ()
    assert life.complaint.confirmed == []


def test_whoever_asks_for_help_in_anothers_place_is_named_beside_them() -> None:
    life = assigned()
    turn = life.do("Mon 2028-03-06 12:00", AskHelp(key="h", by="megan-price", help="time"))
    named = {
        (n.content.investigator, n.content.asked_by)
        for n in turn.notices
        if isinstance(n.content, HelpWanted)
    }
    assert named == {("sam-okafor", "megan-price")}


def test_a_letter_that_was_posted_before_it_was_known_to_be_printed_asks_nobody_to_print_it() -> (
    None
):
    life = assigned()
    notice = next(n for _, n in life.notices if n.to.role == "resident")
    proof.hear(life.complaint, Settled(key=notice.key, outcome="posted", at=NOW), NOW)
    printed = Settled(key=notice.key, outcome="to-print", at=NOW)
    assert proof.settle(life.complaint, notice, printed, NOW).notices == []


def test_later_news_says_what_it_replaces_and_keeps_the_stage_of_its_notice() -> None:
    life = assigned()
    notice = next(n for _, n in life.notices if n.to.role == "resident")
    proof.settle(life.complaint, notice, Settled(key=notice.key, outcome="sent", at=NOW), NOW)
    life.complaint.stage_name = "stage-2"
    news = Settled(key=notice.key, outcome="bounced", at=NOW)
    heard = proof.hear(life.complaint, news, NOW)
    assert heard is not None
    [event] = heard.events
    assert event.stage == "stage-1"
    assert event.model_dump()["was"] == "sent"
