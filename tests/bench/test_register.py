"""What reads the large register measures something, and DuckDB is asked the same questions."""

from itertools import islice, pairwise
from pathlib import Path

import pytest

from services.intake.references import parse_reference
from tests.bench.register import LAST_DAY, check_same, scan
from tests.bench.register_databases import SCANNED, make_duckdb, make_sqlite, sizes
from tests.bench.register_made_up import TABLES, batches, references
from tests.bench.register_reading import PAGES, read

COMPLAINTS = 1500


async def test_both_databases_answer_alike_and_a_lost_table_is_noticed(tmp_path: Path) -> None:
    url = make_sqlite(tmp_path, COMPLAINTS, LAST_DAY, lambda _text: None)
    rows = sizes(tmp_path)
    assert rows["register"] == COMPLAINTS
    assert min(rows.values()) > 0
    reading = await read(url, LAST_DAY, rounds=1)
    assert {*reading.page_ms} == {*PAGES}
    assert min(reading.figures_seconds, reading.report_seconds, *reading.page_ms.values()) > 0
    with make_duckdb(tmp_path) as other:
        check_same(tmp_path / "register.db", other, reading.statements)
        assert scan(other, reading.statements, rounds=1) > 0
        for table in sorted(SCANNED):
            other.begin()
            other.execute(f'DELETE FROM "{table}"')  # noqa: S608 — names of our own tables
            with pytest.raises(RuntimeError, match=f"(?s)do not agree on: .*FROM {table}"):
                check_same(tmp_path / "register.db", other, reading.statements)
            other.rollback()


def test_answers_that_differ_after_the_point_are_not_the_same(tmp_path: Path) -> None:
    make_sqlite(tmp_path, 100, LAST_DAY, lambda _text: None)
    average = [("SELECT avg(misses) FROM stage_facts", ())]
    with make_duckdb(tmp_path) as other:
        check_same(tmp_path / "register.db", other, average)
        other.execute(
            "UPDATE stage_facts SET misses = misses + 1 "
            "WHERE reference = (SELECT min(reference) FROM stage_facts)"
        )
        with pytest.raises(RuntimeError, match="do not agree"):
            check_same(tmp_path / "register.db", other, average)


def test_the_same_rows_are_made_up_again_and_others_by_another_seed() -> None:
    one, again, other = (next(batches(50, LAST_DAY, 1, seed)) for seed in (1, 1, 2))
    assert one == again
    assert all(one[table] != other[table] for table in TABLES if one[table])


def test_references_are_in_no_order_and_each_is_one_that_intake_could_have_made() -> None:
    made = [*islice(references(1, "FB"), 2000)]
    assert [parse_reference(one, "FB") for one in made] == made
    assert len({*made}) == len(made)
    rising = sum(one < next_one for one, next_one in pairwise(made))
    assert 900 < rising < 1100
