"""What is measured."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from benchmarks.measure import ROOT, Line, median, p99, peak_of_tree, process, quiet, timed
from csdesk.app import open_desk
from csdesk.models.accounts import Account
from csdesk.services.core.clock import Clock
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.desk import Desk
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.tickets.commands import NewTicket, add_ticket
from csdesk.services.tickets.demands import Demands, send_demands
from csdesk.services.tickets.rules import TicketFields

DAY = date(2026, 11, 23)
WALK = """
import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1], read_only=True)
for sheet in book.worksheets:
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True):
        pass
"""


@contextmanager
def portfolio(accounts: int) -> Iterator[tuple[Desk, Path]]:
    """A demo store of that many accounts, gone afterwards."""
    from csdesk.services.demo.commands import DemoSize, make_demo

    with tempfile.TemporaryDirectory() as folder:
        desk = open_desk(Path(folder), Clock(DAY))
        desk.do(make_demo, DemoSize(accounts, 7))
        try:
            yield desk, Path(folder)
        finally:
            desk.close()


def start() -> list[Line]:
    """First paint and the filled Today page against a bare window, in turn; the first start of the two is not counted."""
    floor: list[list[float]] = []
    ours: list[list[float]] = []
    with portfolio(10_000) as (desk, folder):
        desk.close()
        for run in range(8):
            for found, command in (
                (floor, ["-m", "benchmarks.start_floor"]),
                (ours, ["-m", "benchmarks.start_ours", str(folder)]),
            ):
                done = subprocess.run(
                    [sys.executable, *command], cwd=ROOT, env=quiet(), capture_output=True, text=True, check=True
                )
                if run:
                    found.append([float(word) for word in done.stdout.split()])

    def mid(found: list[list[float]], place: int) -> float:
        return median([row[place] for row in found])

    return [
        Line("frame painted, from process start", mid(ours, 0), mid(floor, 0), "1.3x"),
        Line("Today filled from 10,000 accounts", mid(ours, 1), mid(floor, 0), "4x"),
        Line("memory then", mid(ours, 2), mid(floor, 2), "2x", "MB"),
        Line("store open behind it", mid(ours, 3), mid(floor, 0), "-"),
        Line("memory then", mid(ours, 4), mid(floor, 2), "-", "MB"),
    ]


def import_() -> list[Line]:
    """A whole import command against openpyxl read-only walking the same file, in turn; how both grow with the file."""
    lines = []
    took: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for rows, runs in ((10_000, 5), (100_000, 1)):
            book, store = Path(folder, f"{rows}.xlsx"), Path(folder, "store")
            _workbook(book, rows)
            ours, floor = [], []
            for _run in range(runs):
                shutil.rmtree(store, ignore_errors=True)
                ours += process("main.py", "--data-dir", str(store), "import-handover", str(book), runs=1, warm=False)
                floor += process("-c", WALK, str(book), runs=1, warm=False)
            took[rows] = median(ours)
            lines.append(Line(f"import of {rows:,} rows x 24 columns, process", took[rows], median(floor), "0.7x"))
        lines.append(Line("100,000 rows, for each ten thousand", took[100_000] / 10, took[10_000], "1x"))
        shutil.rmtree(store, ignore_errors=True)
        command = [sys.executable, "main.py", "--data-dir", str(store), "import-handover", str(book)]
        lines.append(Line("memory then, with the reading process", peak_of_tree(command), None, "600 MB", "MB"))
    return lines


def first_rows() -> list[Line]:
    """From the drop to the first rows and what their columns mean, against reading all of the file."""
    from csdesk.services.files.limits import LIMITS
    from csdesk.services.files.reading import read_workbook
    from csdesk.services.files.workbook import Workbook
    from csdesk.services.handover.layout import find_tables
    from csdesk.services.handover.mapping import propose

    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in (10_000, 100_000):
            book = Path(folder, f"{rows}.xlsx")
            _workbook(book, rows)
            seen: list[float] = []
            whole = []
            for _run in range(5 if rows == 10_000 else 2):
                began = time.perf_counter()

                def show(early: Workbook, began: float = began, seen: list[float] = seen) -> None:
                    for table in find_tables(early.sheets):
                        propose(table)
                    seen.append((time.perf_counter() - began) * 1000)

                read_workbook(book, first_rows=show, limits=replace(LIMITS, seconds=120.0))
                whole.append((time.perf_counter() - began) * 1000)
            target = "500 ms" if rows == 10_000 else "-"
            lines.append(
                Line(f"first rows of {rows:,}, with their columns matched", median(seen), median(whole), target)
            )
    return lines


def undo() -> list[Line]:
    """Taking an import of 20,000 rows back, against the same number of rows updated raw."""
    from csdesk.services.handover.importing import import_file

    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder, "book.xlsx")
        _workbook(book, 20_000)
        desk = open_desk(Path(folder, "store"), Clock(DAY))
        import_file(desk, book)
        times = []
        for _run in range(3):
            began = time.perf_counter()
            desk.undo()
            times.append((time.perf_counter() - began) * 1000)
            desk.redo()
        raw = sqlite3.connect(Path(folder, "store", "csdesk.db"), isolation_level=None)
        began = time.perf_counter()
        raw.execute("BEGIN IMMEDIATE")
        for table in ("accounts", "contacts", "contracts", "contract_lines", "receivables", "handovers"):
            raw.execute(f"UPDATE {table} SET deleted_at = '2026-11-23', version = version + 1")
        raw.execute("COMMIT")
        floor = (time.perf_counter() - began) * 1000
        raw.close()
        desk.close()
    return [Line("undo of an import of 20,000 rows", median(times), floor, "5 s")]


def _workbook(path: Path, rows: int) -> None:
    import openpyxl

    chance = random.Random(5)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "\u5ba2\u6237"
    heads = [
        "客户名称",
        "客户简称",
        "客户等级",
        "所属行业",
        "城市",
        "详细地址",
        "销售负责人",
        "联系人",
        "职务",
        "手机号",
        "邮箱",
        "微信",
        "合同编号",
        "购买产品",
        "账号数",
        "签约日期",
        "服务开始日期",
        "服务到期日期",
        "合同金额(元)",
        "已付金额(元)",
        "客户目标",
        "业务痛点",
        "销售承诺",
        "备注",
    ]
    sheet.append(heads)
    for number in range(rows):
        begin = date(2025, 1, 1) + timedelta(days=chance.randrange(600))
        name = f"\u82cf\u5dde{number:05d}\u79d1\u6280\u6709\u9650\u516c\u53f8"
        sheet.append(
            [
                name, f"\u79d1\u6280{number:05d}", chance.choice("ABC"), "\u673a\u68b0", "\u82cf\u5dde", f"\u91d1\u85e4\u8def {number} \u53f7",
                "\u97e9\u6885", f"\u674e{number % 97}", "\u7ecf\u7406", f"138{number:08d}", f"u{number}@example.com", f"wx{number}",
                f"HT-{number:06d}", "\u8425\u9500\u81ea\u52a8\u5316", chance.randrange(5, 500), begin, begin, begin + timedelta(days=364),
                chance.randrange(10, 900) * 1000, 0, "\u5168\u5458\u4e0a\u7ebf", "\u6d41\u7a0b\u6162", "\u9996\u5e74\u516b\u6298", "",
            ]
        )  # fmt: skip
    book.save(path)


def lists() -> list[Line]:
    """The list of 100,000 accounts: first page, another order, a filter; the floor reads all ids raw.

    Words are typed into a list that stands there already, so the desk knows its order.
    """
    from csdesk.services.accounts.queries import ACCOUNTS
    from csdesk.services.search.queries import StoreSearch

    with portfolio(100_000) as (desk, folder):
        search = StoreSearch(desk)
        search.reload()
        search.wait()
        searched = search.over(ACCOUNTS)
        raw = sqlite3.connect(folder / "csdesk.db")

        def floor() -> None:
            raw.execute("SELECT id FROM accounts WHERE deleted_at IS NULL").fetchall()

        def page(query: Query) -> None:
            accounts = searched if query.search else ACCOUNTS
            with desk.read() as connection:
                ids = accounts.ids(connection, query, DAY)
                accounts.rows(connection, ids[:200])

        base = median(timed(floor))
        found = [
            Line(what, median(timed(lambda query=query: page(query))), base, "100 ms")
            for what, query in (
                ("first page of 100,000 accounts", Query()),
                ("sorted by ARR", Query(sort="arr_cents", descending=True)),
                ("sorted by last contact", Query(sort="last_contact_on")),
                ("tier A only", Query(filters=(Filter("tier", "A"),))),
                ("ends within 90 days", Query(filters=(Filter("ends_within", 90),))),
                ("a city in the filter", Query(search="\u82cf\u5dde")),
                ("a word of most names in the filter", Query(search="\u516c\u53f8")),
                ("part of a phone in the filter", Query(search="0001")),
            )
        ]
        raw.close()
        return found


def search() -> list[Line]:
    """A keystroke in the search over 100,000 accounts; the floor scans one text once."""
    from csdesk.services.search.pinyin import fill_pinyin
    from csdesk.services.search.queries import StoreSearch

    chance = random.Random(3)
    with portfolio(100_000) as (desk, _folder):
        fill_pinyin(desk)
        found = StoreSearch(desk)
        found.reload()
        found.wait()
        words = [
            "\u82cf",
            "\u82cf\u5dde",
            "s",
            "sz",
            "kj",
            "138",
            "0001",
            "zhang",
            "\u79d1\u6280",
            "zzzz",
            "\u4e0d\u5b58\u5728",
        ]
        words += [f"{chance.randrange(1000, 9999)}" for _n in range(40)]
        times = []
        for word in words:
            times += timed(lambda word=word: found.find(word, 8), 5)
        text = "\u82cf\u5dde\u79d1\u6280\u6709\u9650\u516c\u53f8\n" * 100_000
        floor = p99(timed(lambda: text.find("\u4e0d\u5b58\u5728"), 20))
    return [
        Line("a search keystroke at 100,000 accounts, median", median(times), floor, "-"),
        Line("a search keystroke at 100,000 accounts, p99", p99(times), floor, "16 ms"),
    ]


def stall() -> list[Line]:
    """The longest time the event loop stands still while 10,000 rows are imported in the window."""
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder, "big.xlsx")
        _workbook(book, 10_000)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.stall", str(book), str(Path(folder, "store"))],
            cwd=ROOT, env=quiet(), capture_output=True, text=True, check=True,
        )  # fmt: skip
    longest, usual = (float(word) for word in done.stdout.split()[-2:])
    return [
        Line("longest stall of the event loop during an import", longest, None, "50 ms"),
        Line("99 of 100 ticks come within", usual, None, "-"),
    ]


def plan() -> list[Line]:
    """A month's plan for 1,000 accounts, and its paper."""
    from csdesk.services.visits.planning import plan as draft

    with portfolio(1_000) as (desk, _folder):
        began = time.perf_counter()
        made = draft(desk, DAY + timedelta(days=7), DAY + timedelta(days=34))
        took = (time.perf_counter() - began) * 1000
    return [Line(f"a month's plan for 1,000 accounts ({len(made.plan.visits)} visits)", took, None, "300 ms")]


def board() -> list[Line]:
    """The board of 2,000 demands with 5,000 tickets behind them: from the question to the cards, and each frame of scrolling.

    The floor paints as many empty cards.
    """
    with portfolio(1_000) as (desk, folder):
        desk.do(ask_much, (2_000, 5_000))
        desk.close()
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.board", str(folder)],
            cwd=ROOT, env=quiet(), capture_output=True, text=True, check=True,
        )  # fmt: skip
    shown, usual, slowest, floor = (float(word) for word in done.stdout.split()[-4:])
    return [
        Line("board of 2,000 demands, from the question to the cards", shown, None, "-"),
        Line("a frame of scrolling it, median", usual, floor, "-"),
        Line("a frame of scrolling it, p99", slowest, floor, "16 ms"),
    ]


@command("Many tickets")
def ask_much(uow: UnitOfWork, sizes: tuple[int, int]) -> None:
    """So many demands, so many tickets: all accounts ask in turn, every other demand is with product."""
    demands, tickets = sizes
    accounts = list(uow.session.scalars(select(Account.id)))
    made: list[int] = []
    for number in range(tickets):
        fields = TicketFields(f"\u9700\u6c42 {number}", reported_on=DAY - timedelta(number % 60))
        join = made[number % demands] if number >= demands else None
        row = add_ticket(uow, NewTicket(fields, accounts[number % len(accounts)], join_demand_id=join))
        if join is None and row.demand_id is not None:
            made.append(row.demand_id)
    send_demands(uow, Demands(tuple(made[::2])))


def duplicates() -> list[Line]:
    """Other spellings of 10,000 companies laid beside 10,000 accounts, and the pairs among those; the floor reads the names."""
    from csdesk.services.accounts.duplicates import possible_duplicates, profiles_of
    from csdesk.services.accounts.likeness import Index, profile
    from csdesk.services.accounts.names import read_name

    found = []
    for count in (10_000, 40_000):
        with portfolio(count) as (desk, folder):
            raw = sqlite3.connect(folder / "csdesk.db")
            floor = median(timed(lambda raw=raw: raw.execute("SELECT name FROM accounts").fetchall(), 3))
            with desk.read() as connection:
                names = [one.name for one in profiles_of(connection)]
                companies = [profile(f"k{at}", f"{name}\u96c6\u56e2") for at, name in enumerate(names)]

                def beside(connection=connection, companies=companies) -> None:
                    read_name.cache_clear()
                    store = Index(profiles_of(connection))
                    for company in companies:
                        store.candidates(company)

                def among(connection=connection) -> None:
                    read_name.cache_clear()
                    possible_duplicates(connection)

                target = "1000 ms" if count == 10_000 else "-"
                many = f"{count:,}"
                found.append(Line(f"{many} companies beside {many} accounts", median(timed(beside, 3)), floor, target))
                found.append(Line(f"possible duplicates among {many} accounts", median(timed(among, 3)), floor, target))
            raw.close()
    return found


def likeness() -> list[Line]:
    """What likely asks for the same, while one types beside 20,000 tickets."""
    from benchmarks.wishes import keystrokes

    with portfolio(1_000) as (desk, _folder):
        return keystrokes(desk)


def capture() -> list[Line]:
    """From the key to the dialog in which a wish is written down."""
    from benchmarks.wishes import dialog, fill

    with portfolio(1_000) as (desk, folder):
        fill(desk, 20_000)
        desk.close()
        return dialog(folder)


def answers() -> list[Line]:
    """What product answered about 1,000 demands, looked at and taken in."""
    from benchmarks.wishes import answers as take

    with portfolio(300) as (desk, _folder):
        return take(desk)


def paper() -> list[Line]:
    """200 visit sheets into one PDF."""
    from benchmarks.sheets import sheets

    with portfolio(1_000) as (desk, _folder):
        return sheets(desk)


def figures() -> list[Line]:
    """All figures of a year against one bare SQL pass that groups the same lines by month."""
    from benchmarks.terms import all_figures

    return all_figures()


def cohorts() -> list[Line]:
    """A cohort grid against the same pass."""
    from benchmarks.terms import cohort_grid

    return cohort_grid()


CASES = {
    "start": start,
    "import": import_,
    "first_rows": first_rows,
    "undo": undo,
    "lists": lists,
    "search": search,
    "stall": stall,
    "plan": plan,
    "board": board,
    "duplicates": duplicates,
    "likeness": likeness,
    "capture": capture,
    "answers": answers,
    "paper": paper,
    "figures": figures,
    "cohorts": cohorts,
}
