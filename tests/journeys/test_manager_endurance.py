"""What a manager's workflow bears: days without mail, long histories, a year of complaints."""

import asyncio
from collections import Counter
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from temporalio.worker import Replayer

from services.notify import manager_contact
from services.notify.caseload import WAITS
from services.notify.contents import Digest
from services.notify.contract import Word
from services.notify.manager_messages import workflow_id
from services.notify.manager_process import LONGEST_RUN, ManagerProcess
from services.shared.working_days import working_days
from tests.days import london
from tests.engine import CONVERTER, skipping_time, sleep, sleep_until, workflow_settled
from tests.notify.caseload_year import a_year
from tests.notify.caseloads import ASSIGNMENT, SAM, WROTE, standing, word
from tests.notify.post import Post, all_runs, manager_worker


async def test_three_days_without_mail_stop_no_clock_and_lose_nothing(tmp_path: Path) -> None:
    async with skipping_time() as env:
        post = Post(env)
        post.away = True
        await sleep_until(env, london("Mon 2028-04-03 10:00"))
        async with manager_worker(env.client, tmp_path, post):
            asked = standing(("respond", "Fri 2028-04-28"), assigned="Mon 2028-04-03 10:00")
            await manager_contact.tell(env.client, word(asked, ASSIGNMENT))
            await sleep_until(env, london("Wed 2028-04-05 12:00"))
            await manager_contact.tell(env.client, word(asked, WROTE, sequence=6))
            await sleep_until(env, london("Thu 2028-04-06 09:00"))
            post.away = False
            await sleep(env, timedelta(hours=7))
            await workflow_settled(env.client, workflow_id(SAM))
        kinds = Counter(notice.content.about for notice in post.taken)
        assert kinds == {"assignment": 1, "chase": 1, "offer": 1, "unconfirmed": 1, "digest": 2}
        assert len({notice.key for notice in post.taken}) == len(post.taken)


async def test_without_calendar_or_directory_what_cannot_wait_goes_out_and_the_rest_follows(
    tmp_path: Path,
) -> None:
    async with skipping_time() as env:
        post = Post(env)
        confirmed = standing(confirmed=True)
        await sleep_until(env, london("Mon 2028-04-03 10:00"))
        async with manager_worker(env.client, tmp_path, post):
            await manager_contact.tell(env.client, word(confirmed, ASSIGNMENT))
            await sleep_until(env, london("Tue 2028-04-04 08:00"))
            post.no_plans = True
            await manager_contact.tell(env.client, word(confirmed, ASSIGNMENT, ref="PR-2"))
            await sleep(env, timedelta(minutes=15))
            assert [notice.content.about for notice in post.taken] == ["assignment"] * 2
            post.no_plans = False
            await sleep(env, timedelta(minutes=15))
            await workflow_settled(env.client, workflow_id(SAM))
    assert [notice.key for notice in post.taken[2:]] == ["manager/sam-okafor/digest/2028-04-04"]


async def test_two_months_with_days_without_mail_hand_over_often_and_lose_nothing(
    tmp_path: Path,
) -> None:
    year = sorted(a_year(50), key=itemgetter(0))
    async with skipping_time() as env:
        post = Post(env)
        async with manager_worker(env.client, tmp_path, post):
            for at, words in groupby(year, key=itemgetter(0)):
                await sleep_until(env, at)
                # Mail is away for some days of each month, also when a run hands over.
                post.away = at.day in {9, 10, 11, 12}
                told = [manager_contact.tell(env.client, one) for _, one in words]
                await asyncio.gather(*told)
            await workflow_settled(env.client, workflow_id(SAM))
            runs = await all_runs(env.client)
    assert len(runs) >= 3
    assert max(len(run.events) for run in runs) < 1.2 * LONGEST_RUN
    assert max(sum(event.ByteSize() for event in run.events) for run in runs) < 500_000
    _each_once(post, [one for _, one in year])
    replayer = Replayer(workflows=[ManagerProcess], data_converter=CONVERTER)
    for run in runs:
        await replayer.replay_workflow(run)


def _each_once(post: Post, words: list[Word]) -> None:
    times = Counter(notice.key for notice in post.taken)
    assert max(times.values()) == 1
    at_once = {
        one.key for word in words for one in word.entries if not isinstance(one.content, WAITS)
    }
    assert at_once <= set(times)
    days = working_days("england")
    digests = [one.content for one in post.taken if isinstance(one.content, Digest)]
    assert all(days.why_off(digest.day) is None for digest in digests)
    told = Counter(news for digest in digests for line in digest.lines for news in line.news)
    assert told["new"] == told["reminder"] == told["resident-wrote"] == 50, "each in one digest"
