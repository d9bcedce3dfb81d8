"""Staff list mail, look at it without opening anything, and decide what is held."""

from typing import Any

import httpx
import pytest

from tests.intake.desk import STAFF, Desk
from tests.intake.mails import answer_to, attachments, kept, take, written


async def get(desk: Desk, path: str, **params: Any) -> httpx.Response:
    return await desk.http.get(f"/api/mail{path}", params=params, headers=STAFF)


async def decide(desk: Desk, mail_id: int, **body: str) -> httpx.Response:
    return await desk.http.post(f"/api/mail/{mail_id}/deal-with", json=body, headers=STAFF)


async def held(desk: Desk, **headers: str) -> int:
    *_, mail = await take(desk, written(**{"sender": "nobody", **headers}).as_bytes())
    assert mail.state == "held"
    return mail.id


async def test_staff_list_what_waits_for_a_person(desk: Desk) -> None:
    await take(desk, written().as_bytes(), written("Two", sender="nobody").as_bytes())
    [mail] = (await get(desk, "", state="held")).json()["mails"]
    assert (mail["why"], mail["subject"], mail["reference"]) == ("no-sender", "No heating", None)
    first = (await get(desk, "", limit=1)).json()
    assert [one["state"] for one in first["mails"]] == ["held"]
    rest = (await get(desk, "", limit=1, before=first["next"])).json()
    assert ([one["state"] for one in rest["mails"]], rest["next"]) == (["complaint"], None)


async def test_staff_list_the_mails_of_one_complaint(desk: Desk) -> None:
    reference = await desk.bring_in(complainant={"email": "jo@home.example"})
    await take(desk, answer_to(desk, reference), written("Another").as_bytes())
    [mail] = (await get(desk, "", reference=reference)).json()["mails"]
    assert mail["state"] == "reply"


async def test_the_case_file_holds_what_was_written_since(desk: Desk) -> None:
    reference = await desk.bring_in(complainant={"email": "jo@home.example"})
    await take(desk, answer_to(desk, reference, "It is worse."), written("Another").as_bytes())
    case_file = (await desk.http.get(f"/api/complaints/{reference}", headers=STAFF)).json()
    assert [one["body"] for one in case_file["mails"]] == ["It is worse."]


async def test_who_decided_is_kept(desk: Desk) -> None:
    first, second = await held(desk), await held(desk, subject="Another")
    await decide(desk, first, **{"as": "dealt-with", "by": "ruth-ellis-jones"})
    await decide(desk, first, **{"as": "dealt-with", "by": "somebody-else"})
    await decide(desk, second, **{"as": "dealt-with"})
    facts = [(await get(desk, f"/{one}")).json() for one in (first, second)]
    assert [one["decided_by"] for one in facts] == ["ruth-ellis-jones", "staff"]
    assert all(one["decided_at"] for one in facts)


async def test_staff_read_one_mail_and_what_came_with_it(desk: Desk) -> None:
    mail = written()
    mail.add_attachment(
        b"<script>", maintype="text", subtype="html", filename="x.html", disposition="attachment"
    )
    [row] = await take(desk, mail.as_bytes())
    facts = (await get(desk, f"/{row.id}")).json()
    assert (facts["sender"], facts["sender_name"]) == ("jo@home.example", "Jo Bloggs")
    assert facts["body"] == "The boiler has been off since Monday."
    [attachment] = facts["attachments"]
    assert (attachment["given_name"], attachment["media_type"]) == ("x.html", "text/html")
    assert attachment["kept"]
    found = await get(desk, f"/{row.id}/attachments/{attachment['name']}")
    check_download(found, "application/octet-stream", f"{attachment['name']}.bin")
    assert found.content == b"<script>"


async def test_the_raw_mail_is_a_download_byte_by_byte(desk: Desk) -> None:
    [row] = await take(desk, written().as_bytes())
    found = await get(desk, f"/{row.id}/raw")
    check_download(found, "message/rfc822", f"mail-{row.id}.eml")
    assert found.content == row.raw


def check_download(answer: httpx.Response, media_type: str, name: str) -> None:
    assert answer.headers["content-type"] == media_type
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/999", "/999/raw", "/4294967296", "/1/attachments/none"])
async def test_what_is_not_there_is_not_found(desk: Desk, path: str) -> None:
    await take(desk, written().as_bytes())
    assert (await get(desk, path)).status_code == 404


async def test_an_attachment_is_found_with_its_own_mail_only(desk: Desk) -> None:
    mail = written()
    mail.add_attachment(b"x", maintype="image", subtype="png", filename="x.png")
    first, second = await take(desk, mail.as_bytes(), written("Another").as_bytes())
    [attachment] = await attachments(desk)
    assert (await get(desk, f"/{first.id}/attachments/{attachment.name}")).status_code == 200
    assert (await get(desk, f"/{second.id}/attachments/{attachment.name}")).status_code == 404


async def test_a_person_has_dealt_with_a_mail(desk: Desk) -> None:
    mail_id = await held(desk)
    for _ in range(2):
        answer = await decide(desk, mail_id, **{"as": "dealt-with"})
        assert (answer.status_code, answer.json()["state"]) == (200, "dealt-with")
    again = await decide(desk, mail_id, **{"as": "complaint"})
    assert (again.status_code, again.json()["code"]) == (409, "already-taken")


async def test_a_held_mail_becomes_a_complaint_after_all(desk: Desk) -> None:
    mail_id = await held(desk)
    references = set()
    for _ in range(2):
        answer = await decide(desk, mail_id, **{"as": "complaint"})
        assert answer.status_code == 200, answer.text
        references.add(answer.json()["reference"])
    [complaint] = await desk.complaints()
    assert references == {complaint.reference}
    assert complaint.words == "No heating\n\nThe boiler has been off since Monday."
    assert complaint.email is None


async def test_an_ignored_mail_becomes_a_complaint_after_all(desk: Desk) -> None:
    [mail] = await take(desk, written(Precedence="junk").as_bytes())
    answer = await decide(desk, mail.id, **{"as": "complaint"})
    assert answer.json()["state"] == "complaint"
    [complaint] = await desk.complaints()
    assert complaint.email == "jo@home.example"


async def test_what_came_under_our_own_address_is_never_answered_to_it(desk: Desk) -> None:
    mail_id = await held(desk, sender="Web form <complaints@example.org>")
    assert (await decide(desk, mail_id, **{"as": "complaint"})).status_code == 200
    [complaint] = await desk.complaints()
    assert (complaint.name, complaint.email) == (None, None)


async def test_words_that_only_a_person_can_read_are_theirs_to_give(desk: Desk) -> None:
    scan = written("")
    scan.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="letter.pdf")
    [mail] = await take(desk, scan.as_bytes())
    refused = await decide(desk, mail.id, **{"as": "complaint"})
    assert (refused.status_code, refused.json()["code"]) == (422, "words-needed")
    await decide(desk, mail.id, **{"as": "complaint", "words": "The letter says that it is cold."})
    [complaint] = await desk.complaints()
    assert complaint.words == "The letter says that it is cold."


async def test_a_person_joins_a_mail_to_its_complaint(desk: Desk) -> None:
    reference = await desk.bring_in()
    mail_id = await held(desk)
    answer = await decide(desk, mail_id, **{"as": "reply", "reference": reference})
    assert (answer.json()["state"], answer.json()["reference"]) == ("reply", reference)
    [mail] = await kept(desk)
    assert mail.told_at is None  # its complaint is still to hear of it
    unknown = await decide(desk, mail_id, **{"as": "reply", "reference": "PR-0000-0000"})
    assert unknown.status_code == 409


@pytest.mark.parametrize(
    "body", [{"as": "reply"}, {"as": "dealt-with", "reference": "PR-0000-0000"}, {"as": "deleted"}]
)
async def test_a_decision_without_what_it_needs_is_refused(
    desk: Desk, body: dict[str, str]
) -> None:
    assert (await decide(desk, await held(desk), **body)).status_code == 422


async def test_nobody_without_the_staff_key_sees_mail(desk: Desk) -> None:
    [mail] = await take(desk, written().as_bytes())
    for path in ("", f"/{mail.id}", f"/{mail.id}/raw", f"/{mail.id}/attachments/x"):
        answer = await desk.http.get(f"/api/mail{path}", headers=desk.channel)
        assert answer.status_code == 401
