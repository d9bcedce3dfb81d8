"""Who gets in, what a refusal looks like, and the headers that every page has."""

import base64

import httpx
import pytest

from tests.reporting.dashboard.reading import STAFF_KEY

ADDRESSES = (
    *("/", "/dashboard", "/dashboard/work", "/dashboard/complaints", "/dashboard/trend"),
    *("/dashboard/areas", "/dashboard/investigators", "/dashboard/complaints/PR-7K3M-2QXD"),
)


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


WRONG = {
    "no key": "",
    "a wrong key": basic("amy", "staff_wrong"),
    "the key as the name": basic(STAFF_KEY, ""),
    "the key of a program": f"Bearer {STAFF_KEY}",
    "not base64": "Basic ÿ%%%",
    "not text": "Basic " + base64.b64encode(b"\xff\xfe").decode(),
    "no colon": "Basic " + base64.b64encode(STAFF_KEY.encode()).decode(),
    "another letter": basic("amy", STAFF_KEY + "é"),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("address", ADDRESSES)
async def test_nobody_gets_in_without_the_staff_key(
    visitor: httpx.AsyncClient, address: str
) -> None:
    for what, sent in WRONG.items():
        answer = await visitor.get(address, headers={b"Authorization": sent.encode("latin-1")})
        assert answer.status_code == 401, what
        assert answer.headers["www-authenticate"] == 'Basic realm="Putright", charset="UTF-8"'
        assert "Sign in" in answer.text
        assert STAFF_KEY not in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_any_name_gets_in_with_the_staff_key(visitor: httpx.AsyncClient) -> None:
    for name in ("", "amy", "Zoë"):
        headers = {"Authorization": basic(name, STAFF_KEY)}
        assert (await visitor.get("/dashboard", headers=headers)).status_code == 200
    led = await visitor.get("/")
    assert (led.status_code, led.headers["location"]) == (303, "/dashboard")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("address", ADDRESSES[1:])
async def test_every_page_keeps_to_itself(visitor: httpx.AsyncClient, address: str) -> None:
    for answer in (
        await visitor.get(address),
        await visitor.get(address, headers={"authorization": "x"}),
    ):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "<script" not in answer.text
    looked = await visitor.head(address)
    assert looked.text == ""
    assert looked.status_code == (await visitor.get(address)).status_code


WRONG_ADDRESSES = {
    "/dashboard?from_on=2028-13-01": "The first day",
    "/dashboard?from_on=1": "The first day",
    "/dashboard/trend?from_on=2028-02-01&until=2028-01-31": "The last day comes before the first",
    "/dashboard?until=9999-12-31": "The last day",
    "/dashboard/trend?until=2100-01-01": "The last day",
    "/dashboard/trend?from_on=1989-12-31": "The first day",
    "/dashboard/areas?from_on=2199-12-31": "The first day",
    "/dashboard?stage=Stage%201": "Stage",
    "/dashboard/complaints?measure=ombudsman-open&stage=stage-1": "the stage is not known",
    "/dashboard/complaints?cursor=%00:1": "cursor",
    "/dashboard?region=%3Cscript%3E": "Region",
    "/dashboard?policy=A%00": "Policy",
    "/dashboard?other=1": "Something in the address",
    "/dashboard/work?due=never": "Something in the address",
    "/dashboard/work?after=-1": "Something in the address",
    "/dashboard/areas?by=names": "Something in the address",
    "/dashboard/complaints?cursor=x": "cursor",
    "/dashboard/complaints?measure=compliments&investigator=amy": "not known",
}


@pytest.mark.parametrize("address", WRONG_ADDRESSES)
async def test_what_cannot_be_asked_for_is_refused_in_plain_words(
    visitor: httpx.AsyncClient, address: str
) -> None:
    answer = await visitor.get(address)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert WRONG_ADDRESSES[address] in answer.text


@pytest.mark.parametrize(
    "address", ["/dashboard/complaints/PR-NONE", "/dashboard/complaints?measure=no-such"]
)
async def test_what_is_not_there_has_a_page_that_says_so(
    visitor: httpx.AsyncClient, address: str
) -> None:
    answer = await visitor.get(address)
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
