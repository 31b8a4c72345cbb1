"""A store with four terms an account and a line a term: for what is measured of the figures."""

from __future__ import annotations

import random
import sqlite3
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, text

from benchmarks.measure import Line, Taken, in_turn
from csdesk.app import open_desk
from csdesk.services.core.clock import Clock
from csdesk.services.kpi import cohorts
from csdesk.services.kpi.figures import figures
from csdesk.services.kpi.rules import Period

T = TypeVar("T")
DAY = date(2026, 11, 23)
YEAR = Period(date(2025, 12, 1), date(2026, 11, 30))
BARE = text("""
SELECT strftime('%Y-%m', coalesce(l.start_on, k.start_on)), k.currency, sum(l.arr_cents)
FROM contract_lines l JOIN contracts k ON k.id = l.contract_id JOIN accounts a ON a.id = k.account_id
WHERE l.deleted_at IS NULL AND k.deleted_at IS NULL AND a.deleted_at IS NULL GROUP BY 1, 2
""")
"""The floor: one pass that groups the same lines by month."""


def _fill(folder: Path, accounts: int) -> None:
    """So many accounts, each with four terms one after the other, some with a gap, some lost; two instalments a term."""
    open_desk(folder, Clock(DAY)).close()
    raw = sqlite3.connect(folder / "csdesk.db")
    for table, columns, rows in _rows(accounts):
        marks = ", ".join("?" for _column in columns.split())
        raw.executemany(f"INSERT INTO {table} ({', '.join(columns.split())}) VALUES ({marks})", rows)
    raw.commit()
    raw.close()


def _rows(accounts: int) -> list[tuple[str, str, list[tuple[object, ...]]]]:
    chance, now = random.Random(3), datetime.now(UTC).isoformat()
    names, contracts, lines, owed, paid = (list[tuple[object, ...]]() for _table in range(5))
    key = 0
    for account in range(1, accounts + 1):
        names.append((account, f"Account {account}", chance.choice("ABC"), now, now))
        start, before = date(2022, 1, 1) + timedelta(chance.randrange(500)), None
        for term in range(4):
            key += 1
            end = start + timedelta(364)
            state = "open" if term == 3 else "renewed"
            if end < DAY - timedelta(40) and term == 3:
                state = chance.choice(("open", "churned"))
            cents = 1_000_000 + chance.randrange(500_000)
            days = (start.isoformat(), end.isoformat())
            contracts.append((key, account, f"K{key}", days[0], *days, cents, state, before, now, now))
            lines.append((key, key, "Core", 10, cents, *days, cents, now, now))
            for half in (1, 2):
                due = (start + timedelta(180 * (half - 1))).isoformat()
                owed.append((2 * key + half, key, half, due, cents // 2, now, now))
                if chance.random() < 0.9:
                    paid.append((2 * key + half, key, 2 * key + half, due, cents // 2, now, now))
            before, start = key, end + timedelta(1 + (chance.random() < 0.1) * chance.randrange(60))
    return [
        ("accounts", "id name tier created_at updated_at", names),
        (
            "contracts",
            "id account_id number signed_on start_on end_on amount renewal_state predecessor_id created_at updated_at",
            contracts,
        ),
        (
            "contract_lines",
            "id contract_id products seats amount start_on end_on arr_cents created_at updated_at",
            lines,
        ),
        ("receivables", "id contract_id position due_on amount created_at updated_at", owed),
        ("payments", "id contract_id receivable_id paid_on amount created_at updated_at", paid),
    ]


def all_figures() -> list[Line]:
    """Every figure of a year over 10,000 accounts with 40,000 lines, and how that grows; nothing is kept between two runs."""
    return _measured("all figures of a year", _ask_figures, "10x")


def cohort_grid() -> list[Line]:
    """A grid of revenue by month, and how that grows; nothing is kept between two runs."""
    return _measured("a cohort grid by month", _ask_grid, "6x")


def _ask_figures(connection: Connection) -> None:
    figures(connection, YEAR, DAY)


def _ask_grid(connection: Connection) -> None:
    cohorts.grid(connection, "month", DAY, revenue=True)


def _ask_bare(connection: Connection) -> None:
    connection.execute(BARE).fetchall()


def _measured(what: str, ask: Callable[[Connection], None], target: str) -> list[Line]:
    took: dict[int, tuple[Taken, Taken]] = {}
    found = []
    for accounts, runs in ((10_000, 9), (100_000, 2)):
        with tempfile.TemporaryDirectory() as folder:
            _in_a_process_of_its_own(_fill, Path(folder), accounts)
            ours, floor = _in_a_process_of_its_own(_take, Path(folder), ask, runs)
        took[accounts] = ours, floor
        own = target if accounts == 10_000 else "-"
        found.append(Line(f"{what}, {accounts:,} accounts", ours.clock, floor.clock, own))
        found.append(Line("… of the processor", ours.processor, floor.processor, own))
    (whole, bare_whole), (part, bare_part) = took[100_000], took[10_000]
    found.append(Line("… 100,000 accounts, for each ten thousand", whole.clock / 10, part.clock, "1x"))
    times = whole.processor / bare_whole.processor, part.processor / bare_part.processor
    found.append(Line("… times the bare pass, of the processor", *times, "1x", "x"))
    return found


def _take(folder: Path, ask: Callable[[Connection], None], runs: int) -> list[Taken]:
    desk = open_desk(folder, Clock(DAY))
    try:
        with desk.read() as connection:
            return in_turn((lambda: ask(connection), lambda: _ask_bare(connection)), runs)
    finally:
        desk.close()


def _in_a_process_of_its_own(function: Callable[..., T], *arguments: object) -> T:
    """Whoever asks for a figure has not made a hundred thousand rows before: their scattered memory is not his."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()
