"""A store full of tickets as customers word them, and how long typing beside them takes."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import ROOT, Line, median, p99, percentile, quiet, timed

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk

THINGS = [
    "报表",
    "权限",
    "班组",
    "门店",
    "导出",
    "打印",
    "模板",
    "审批",
    "转交",
    "扫码",
    "盘点",
    "附件",
    "登录页",
    "标志",
    "微信",
    "打卡",
    "离线",
    "录入",
    "称重仪",
    "对接",
    "到期日",
    "区域",
    "消息",
    "提醒",
    "日历",
    "同步",
    "接口",
    "仓库",
    "库存",
    "发票",
    "对账",
    "派单",
    "排班",
    "质检",
    "追溯",
    "条码",
]
DEEDS = [
    "按",
    "看",
    "支持",
    "自动",
    "批量",
    "快速",
    "直接",
    "分开",
    "合并",
    "隐藏",
    "显示",
    "限制",
    "上传",
    "下载",
    "推送",
    "汇总",
    "希望能",
]
ENGLISH = [
    "report",
    "export",
    "permission",
    "by",
    "team",
    "print",
    "template",
    "approval",
    "timeout",
    "scan",
    "inventory",
    "attachment",
    "login",
    "logo",
    "offline",
    "calendar",
    "sync",
    "interface",
    "warehouse",
    "invoice",
    "schedule",
    "quality",
    "trace",
    "barcode",
]


def wording(chance: random.Random) -> str:
    """A wish in a sentence or two, one of five in English."""
    if chance.random() < 0.2:
        return " ".join(chance.choice(ENGLISH) for _word in range(chance.randrange(6, 18)))
    return "".join(
        chance.choice(DEEDS) + chance.choice(THINGS) + chance.choice(("，", "的时候", "每天", "", ""))
        for _word in range(chance.randrange(4, 14))
    )


def fill(desk: Desk, tickets: int) -> None:
    """That many requirements, three to a demand, written past the journal."""
    from sqlalchemy import insert, select

    from csdesk.models.accounts import Account
    from csdesk.models.base import new_ids
    from csdesk.models.tickets import Demand, Ticket

    chance, today, now = random.Random(2), desk.clock.today(), desk.clock.now()
    with desk.read() as connection:
        accounts = list(connection.scalars(select(Account.id)))
    demands, rows = [], []
    common = {"created_at": now, "updated_at": now, "version": 1}
    for number, row_id in enumerate(new_ids(tickets), 1):
        if number % 3 == 1:
            opened = today - timedelta(chance.randrange(300))
            title = wording(chance)[:18]
            demands.append(common | {"id": row_id + 10**15, "number": number, "title": title, "opened_on": opened,
                                     "waits_since": opened})  # fmt: skip
        owner = demands[-1]
        rows.append(
            common
            | {"id": row_id, "number": number, "account_id": chance.choice(accounts), "demand_id": owner["id"],
               "first_demand_id": owner["id"], "text": wording(chance), "reported_on": owner["opened_on"]}
        )  # fmt: skip

    def write(connection: object) -> None:
        connection.execute(insert(Demand), demands)  # type: ignore[attr-defined]
        connection.execute(insert(Ticket), rows)  # type: ignore[attr-defined]

    desk.maintain(write)


def fill_known(desk: Desk, tickets: int) -> None:
    """That many bugs and as many questions that were answered."""
    from sqlalchemy import insert, select

    from csdesk.models.accounts import Account
    from csdesk.models.base import new_ids
    from csdesk.models.tickets import Ticket

    chance, today, now = random.Random(5), desk.clock.today(), desk.clock.now()
    with desk.read() as connection:
        accounts = list(connection.scalars(select(Account.id)))
    rows = [
        {"created_at": now, "updated_at": now, "version": 1, "id": row_id, "number": place // 2 + 1,
         "kind": ("bug", "question")[place % 2], "account_id": chance.choice(accounts), "text": wording(chance),
         "seen": wording(chance), "answer": wording(chance), "reported_on": today}
        for place, row_id in enumerate(new_ids(2 * tickets))
    ]  # fmt: skip
    desk.maintain(lambda connection: connection.execute(insert(Ticket), rows))


def keystrokes(desk: Desk) -> list[Line]:
    """A letter typed beside 20,000 wishes, as many bugs and as many questions; the floor looks for it in all the words of
    one kind as they stand."""
    from csdesk.models.vocabulary import TicketKind
    from csdesk.services.tickets.likeness import StoreLikeness, pieces

    fill(desk, 20_000)
    fill_known(desk, 20_000)
    likeness = StoreLikeness(desk)
    likeness.reload()
    likeness.wait()
    chance = random.Random(2)
    texts = [wording(chance) for _ticket in range(20_000)]
    wanted = sorted(pieces(wording(chance)))[:20]
    floor = median(timed(lambda: [sum(piece in text for piece in wanted) for text in texts], 5))
    lines = []
    for kind, what in zip(TicketKind, ("demands of 20,000 wishes", "bugs of 20,000", "answers of 20,000"), strict=True):
        chance, times = random.Random(3), []
        for _sentence in range(40):
            said = wording(chance) + wording(chance)
            for end in range(1, len(said), 4):
                ask = partial(likeness.find, said[:end], "\u62a5\u8868", 4, kind)
                times += timed(ask, 1)
        lines.append(Line(f"likely {what}, a keystroke, median", median(times), floor, "50 ms"))
        lines.append(Line(f"likely {what}, a keystroke, p99", p99(times), floor, "50 ms"))
    return lines


def answers(desk: Desk) -> list[Line]:
    """A workbook of 1,000 answers, each about a demand with three voices: the preview, then taking it in."""
    from sqlalchemy import select

    from csdesk.models.tickets import Demand
    from csdesk.models.vocabulary import DemandState
    from csdesk.services.tickets.demands import SendDemands, send_demands
    from csdesk.services.tickets.product import TakeAnswers, take_answers
    from csdesk.services.tickets.product_answers import Answer, AnsweredRow, What

    fill(desk, 3_000)
    today = desk.clock.today()
    with desk.read() as connection:
        waiting = select(Demand.id, Demand.number, Demand.title).where(Demand.state == DemandState.TO_REVIEW)
        demands = connection.execute(waiting.order_by(Demand.id.desc()).limit(1_000)).all()
    desk.do(send_demands, SendDemands(tuple(row.id for row in demands)))
    yes = Answer("accepted", True, "generic", "medium", "often asked for", "", "V5", today + timedelta(30), "Wang")
    no = Answer("declined", False, "custom", "large", "too special", "Please use the export", "", None, "Wang")
    rows = [
        AnsweredRow(What.DEMAND, "Demands", place, row.id, row.number, row.title, "", no if place % 3 else yes)
        for place, row in enumerate(demands, 2)
    ]
    wish = TakeAnswers("answers.xlsx", tuple(rows))
    preview = median(timed(lambda: desk.rehearse(take_answers, wish), 3))
    began = time.perf_counter()
    desk.do(take_answers, wish)
    taken = (time.perf_counter() - began) * 1000
    return [
        Line("1,000 answers of product, the preview", preview, None, "2000 ms"),
        Line("1,000 answers of product, taken in", taken, None, "2000 ms"),
    ]


PAGES = ("today", "accounts", "record", "board")
STARTS = 3
"""Of the window for each page: the first opening of each is one of the first ones."""


def dialog(folder: Path) -> list[Line]:
    """From Ctrl+T until the dialog is painted and takes letters, in the window over 20,000 tickets, from four places."""
    found: dict[str, list[float]] = {"first": [], "first work": [], "later": [], "later work": []}
    for page in PAGES * STARTS:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.capture", str(folder), page],
            cwd=ROOT, env=quiet(), capture_output=True, text=True, check=True,
        )  # fmt: skip
        times, work = json.loads(done.stdout.splitlines()[-1])
        found["first"].append(times[0])
        found["first work"].append(work[0])
        found["later"] += times[1:]
        found["later work"] += work[1:]
    lines = []
    for name, what in (("first", "the first time"), ("later", "after that")):
        for share in (50, 95):
            of = f"{what}, p{share}"
            took, worked = (percentile(found[key], share) for key in (name, f"{name} work"))
            lines.append(Line(f"Ctrl+T to a dialog that takes letters, {of}", took, None, "100 ms"))
            lines.append(Line(f"  of which the UI thread worked, {of}", worked, None, "30 ms"))
    return lines
