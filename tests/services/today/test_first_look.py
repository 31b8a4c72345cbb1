"""What is kept of the day for the next start: just what would be read, or nothing."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from csdesk.app import open_desk
from csdesk.models.glance import glance
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core import texts
from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.services.demo.commands import DemoSize, make_demo
from csdesk.services.today.first_look import DAYS, FACT, first_look, keep_first_look
from csdesk.services.today.queries import today
from csdesk.services.today.view import TodayView
from tests.conftest import TODAY


def left(desk: Desk) -> Path:
    """The store as it lies there when the desk was left."""
    keep_first_look(desk)
    desk.close()
    return desk.database.path


def views(desk: Desk) -> dict[date, TodayView]:
    with desk.read() as connection:
        return {day: today(connection, day) for day in (TODAY + timedelta(number) for number in range(DAYS))}


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_it_is_what_the_store_would_say_on_each_of_the_days(desk: Desk, language: str) -> None:
    texts.install(language)
    desk.do(make_demo, DemoSize(60, 5))
    asked = views(desk)
    assert any(view.items and view.visits for view in asked.values())
    store = left(desk)
    assert {day: first_look(store, day, language) for day in asked} == asked


def test_another_day_language_or_program_gives_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    store = left(desk)
    assert first_look(store, TODAY, "en") is not None
    assert first_look(store, TODAY - timedelta(1), "en") is None
    assert first_look(store, TODAY + timedelta(DAYS), "en") is None
    assert first_look(store, TODAY, "zh_CN") is None
    monkeypatch.setattr("csdesk.services.today.first_look.__version__", "9.9.9")
    assert first_look(store, TODAY, "en") is None


def test_a_change_since_makes_it_worthless(desk: Desk) -> None:
    keep_first_look(desk)
    desk.do(create_account, NewAccount(AccountFields("Amber")))
    desk.close()
    assert first_look(desk.database.path, TODAY, "en") is None


def test_the_next_time_the_desk_is_left_it_is_written_anew(desk: Desk) -> None:
    first = left(desk)
    again = open_desk(first.parent, Clock(TODAY))
    again.do(create_account, NewAccount(AccountFields("Amber")))
    asked = views(again)
    store = left(again)
    assert first_look(store, TODAY, "en") == asked[TODAY]


def test_nothing_is_written_where_it_is_there_already(desk: Desk) -> None:
    keep_first_look(desk)
    with sqlite3.connect(desk.database.path) as raw:
        before = raw.execute("SELECT value FROM store_facts WHERE name = ?", (FACT,)).fetchone()
        raw.execute("UPDATE store_facts SET value = value || ' ' WHERE name = ?", (FACT,))
    keep_first_look(desk)
    with sqlite3.connect(desk.database.path) as raw:
        after = raw.execute("SELECT value FROM store_facts WHERE name = ?", (FACT,)).fetchone()
    assert after[0] == before[0] + " "


def test_a_store_that_is_open_elsewhere_is_left_alone(desk: Desk) -> None:
    keep_first_look(desk)
    assert glance(desk.database.path, FACT) is None


@pytest.mark.parametrize(
    "value", ["", "{", "[]", '{"stamp": null}', '{"stamp": [null, "en", "?"], "days": {}}', '"text"']
)
def test_words_that_are_none_of_ours_give_nothing(desk: Desk, value: str) -> None:
    store = left(desk)
    with sqlite3.connect(store) as raw:
        raw.execute("UPDATE store_facts SET value = ? WHERE name = ?", (value, FACT))
    assert first_look(store, TODAY, "en") is None


def test_a_record_of_another_shape_gives_nothing(desk: Desk) -> None:
    desk.do(make_demo, DemoSize(60, 5))
    store = left(desk)
    with sqlite3.connect(store) as raw:
        raw.execute(
            "UPDATE store_facts SET value = replace(value, '\"record_id\"', '\"other\"') WHERE name = ?", (FACT,)
        )
    assert first_look(store, TODAY, "en") is None


def test_a_file_that_is_no_store_is_not_touched(tmp_path: Path) -> None:
    for name, content in (("no.db", b"text, not a store" * 100), ("empty.db", b"")):
        file = tmp_path / name
        file.write_bytes(content)
        assert glance(file, FACT) is None
        assert file.read_bytes() == content
    assert glance(tmp_path / "missing.db", FACT) is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.db", "no.db"]
