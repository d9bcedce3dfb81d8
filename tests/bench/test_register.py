"""What reads the large register measures something, and DuckDB is asked the same questions."""

from pathlib import Path

import pytest

from tests.bench.register import LAST_DAY, check_same, scan
from tests.bench.register_databases import make_duckdb, make_sqlite
from tests.bench.register_reading import PAGES, read


async def test_both_databases_answer_alike_and_a_lost_row_is_noticed(tmp_path: Path) -> None:
    url = make_sqlite(tmp_path, 300, LAST_DAY, lambda _text: None)
    reading = await read(url, LAST_DAY, rounds=1)
    assert {*reading.page_ms} == {*PAGES}
    assert min(reading.figures_seconds, reading.report_seconds, *reading.page_ms.values()) > 0
    with make_duckdb(tmp_path) as other:
        check_same(tmp_path / "register.db", other, reading.statements)
        assert scan(other, reading.statements, rounds=1) > 0
        other.execute(
            "DELETE FROM stage_facts WHERE received_on = (SELECT max(received_on) FROM stage_facts)"
        )
        with pytest.raises(RuntimeError, match="do not agree"):
            check_same(tmp_path / "register.db", other, reading.statements)
