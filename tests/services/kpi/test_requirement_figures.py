"""A loop from the first wish to the last customer told, made by commands; the figures, their document and their sheets."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from csdesk.models.vocabulary import Channel, Decision, NoticeCause, Severity, TicketKind, Tier
from csdesk.services.accounts.commands import DeleteAccounts, NewAccount, create_account, delete_accounts
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.desk import Desk
from csdesk.services.kpi.figures import REQUIREMENT_FIGURES, as_json, figures, requirement_view
from csdesk.services.kpi.requirement_sheet import write_figures
from csdesk.services.kpi.requirements import RequirementView
from csdesk.services.kpi.rules import Period
from csdesk.services.kpi.stages import Cut
from csdesk.services.kpi.wording import beside_text, counts_text, row_text, short_text, value_text
from csdesk.services.tickets.commands import MoveTickets, NewTicket, create_ticket, move_tickets
from csdesk.services.tickets.demands import (
    JoinDemand,
    MergeDemands,
    ReleaseDemands,
    Review,
    SendDemands,
    join_demand,
    merge_demands,
    release_demands,
    review_demand,
    send_demands,
)
from csdesk.services.tickets.rules import TicketFields
from csdesk.services.tickets.telling import Tell, tell_customers

TODAY = date(2026, 11, 23)
AUTUMN = Period(date(2026, 9, 1), date(2026, 11, 30))


def day(month: int, number: int) -> date:
    return date(2026, month, number)


def ask(desk: Desk, statement: str, *values: Any) -> list[Any]:
    with desk.read() as connection:
        return [row[0] for row in connection.exec_driver_sql(statement, values)]


def view(desk: Desk, cut: Cut = Cut(), period: Period = AUTUMN) -> RequirementView:
    with desk.read() as connection:
        return requirement_view(connection, period, TODAY, cut)


@pytest.fixture
def loop(desk: Desk) -> list[int]:
    """Two accounts wish for the same; it is released, and one of them is told in time. A bug is fixed a day late."""
    made = []
    for name, tier, arr in (("Aster", Tier.A, 60_000), ("Birch", Tier.B, 30_000), ("Cedar", None, 0)):
        account = desk.do(create_account, NewAccount(AccountFields(name, tier=tier))).value
        if arr:
            terms = ContractFields(name, start_on=day(1, 1), end_on=day(12, 31), amount=Decimal(arr))
            desk.do(create_contract, NewContract(account, terms))
        made.append(account)
    wish = TicketFields("班组报表", why="早会", module="报表", reported_on=day(9, 1))
    desk.do(create_ticket, NewTicket(wish, made[0]))
    (demand,) = ask(desk, "SELECT id FROM demands")
    second = TicketFields("按班组看", reported_on=day(9, 2))
    desk.do(create_ticket, NewTicket(second, made[1], join_demand_id=demand))
    desk.do(send_demands, SendDemands((demand,), on=day(9, 7)))
    accept = Review(demand, Decision.ACCEPTED, planned_on=day(11, 1), release="R1", by="产品", on=day(9, 29))
    desk.do(review_demand, accept)
    desk.do(release_demands, ReleaseDemands((demand,), on=day(11, 2)))
    told = ask(desk, "SELECT id FROM notices WHERE account_id=? AND cause=?", made[0], NoticeCause.RELEASED.value)
    desk.do(tell_customers, Tell((told[0],), Channel.PHONE, on=day(11, 4)))
    bug = TicketFields(
        "导出缺列", TicketKind.BUG, severity=Severity.SERIOUS, seen="九列", reported_on=day(10, 12), module="导出"
    )
    broken = desk.do(create_ticket, NewTicket(bug, made[2])).value
    for verb, on, more in (
        ("send", day(10, 13), {}), ("accept", day(10, 15), {"planned_on": day(10, 20)}), ("fix", day(10, 21), {}),
    ):  # fmt: skip
        desk.do(move_tickets, MoveTickets((broken,), verb, on=on, **more))
    question = TicketFields("怎么导出？", TicketKind.QUESTION, reported_on=day(11, 20))
    desk.do(create_ticket, NewTicket(question, made[2]))
    return made


def test_the_loop_is_measured(desk: Desk, loop: list[int]) -> None:
    found = view(desk).figures
    assert found.keys() == REQUIREMENT_FIGURES.keys()
    assert {key: figure.numerator for key, figure in found.items() if key.startswith("open_") and figure.numerator} == {
        "open_tickets": 3, "open_captured": 1, "open_released": 2,
    }  # fmt: skip
    assert (found["days_to_send"].value, found["days_to_send"].denominator) == (5, 3)  # 6, 5, 1
    assert [row.days for row in found["days_to_answer"].counted] == [22, 22, 2]
    assert [row.days for row in found["days_to_release"].counted] == [34, 34, 6]
    assert [row.days for row in found["days_to_tell"].counted] == [2]
    assert (found["answered_in_time"].numerator, found["answered_in_time"].denominator) == (1, 3)
    assert (found["told_in_time"].numerator, found["told_in_time"].denominator) == (1, 3)
    assert (found["declined_share"].numerator, found["declined_share"].denominator) == (0, 1)
    assert dict(found["bug_dates_kept"].beside) == {"missed": 1, "moved": 0, "unfixed": 0}
    assert found["arr_behind_open"].value == 0
    assert [month.denominator for _first, month in view(desk).months][-3:] == [2, 1, 0]


@pytest.mark.parametrize("merged", [True, False])
def test_a_voice_that_came_later_is_measured_from_there(desk: Desk, merged: bool) -> None:
    """Said in September, brought today to a demand that was sent and answered in between: nothing of that was for it."""
    made = [desk.do(create_account, NewAccount(AccountFields(name))).value for name in ("Aster", "Birch", "Cedar")]
    first, other, third = (
        desk.do(create_ticket, NewTicket(TicketFields(words, reported_on=day(9, 1)), account)).value
        for words, account in zip(("班组报表", "按班组看", "分班组"), made, strict=True)
    )
    wish, alike, _third = ask(desk, "SELECT demand_id FROM tickets ORDER BY number")
    desk.do(send_demands, SendDemands((wish,), on=day(9, 3)))
    yes = Review(wish, Decision.ACCEPTED, planned_on=day(12, 1), release="R1", by="产品", on=day(9, 7))
    desk.do(review_demand, yes)
    if merged:
        desk.do(merge_demands, MergeDemands((alike,), wish))
    else:
        desk.do(join_demand, JoinDemand((third,), alike))
        desk.do(join_demand, JoinDemand((other,), wish))
    assert ask(desk, "SELECT demand_id FROM tickets WHERE id = ?", other) == [wish]
    found = view(desk).figures
    assert [row.id for row in found["days_to_send"].counted] == [first]
    assert [row.id for row in found["answered_in_time"].base] == [first]
    assert found["open_accepted"].numerator == 2
    past = view(desk, period=Period(day(9, 1), day(9, 30))).figures
    assert (past["open_accepted"].numerator, past["open_captured"].numerator) == (1, 2)
    desk.do(release_demands, ReleaseDemands((wish,), on=TODAY))
    assert sorted(row.id for row in view(desk).figures["days_to_release"].counted) == [first]


def test_the_past_is_told_as_it_was(desk: Desk, loop: list[int]) -> None:
    found = view(desk, period=Period(day(9, 1), day(9, 30))).figures
    assert (found["open_tickets"].numerator, found["open_accepted"].numerator) == (2, 2)
    found = view(desk, period=Period(day(9, 1), day(9, 5))).figures
    assert found["open_captured"].numerator == 2


def test_a_cut_looks_at_one_module_account_or_tier(desk: Desk, loop: list[int]) -> None:
    by_module = view(desk, Cut(module="报表"))
    assert by_module.figures["answered_in_time"].denominator == 2
    assert by_module.modules == ("", "导出", "报表")
    one = view(desk, Cut(account_id=loop[1]))
    assert (one.account, one.figures["told_in_time"].numerator, one.figures["told_in_time"].denominator) == (
        "Birch",
        0,
        1,
    )
    assert view(desk, Cut(tier="A")).figures["told_in_time"].numerator == 1
    assert view(desk, Cut(tier="")).figures["bug_dates_kept"].denominator == 1
    lines = view(desk).groups
    assert [(line.name, line.figures["open_tickets"].numerator) for line in lines["account"]] == [
        ("Cedar", 2), ("Birch", 1), ("Aster", 0)
    ]  # fmt: skip
    assert [line.key for line in lines["tier"]] == ["", "A", "B"]


def test_what_lies_in_the_bin_is_not_counted(desk: Desk, loop: list[int]) -> None:
    desk.do(delete_accounts, DeleteAccounts((loop[2],)))
    found = view(desk).figures
    assert (found["open_tickets"].numerator, found["bug_dates_kept"].denominator) == (1, 0)


def test_the_document_of_the_command_line_has_them_beside_the_others(desk: Desk, loop: list[int]) -> None:
    with desk.read() as connection:
        document = json.loads(json.dumps(as_json(connection, AUTUMN, TODAY)))
    told = document["requirements"]
    assert told.keys() == {"figures", "top_demands", "by_module", "by_tier", "by_account"}
    assert told["figures"].keys() == REQUIREMENT_FIGURES.keys()
    assert told["figures"]["days_to_answer"] == {"value": 22, "numerator": 46, "denominator": 3, "percentile_90": 22}
    assert told["figures"]["answered_in_time"] == {"value": 1 / 3, "numerator": 1, "denominator": 3}
    assert told["figures"]["bug_dates_kept"]["missed"] == 1
    assert told["figures"]["arr_behind_open"]["value"] == "0.00"
    assert told["by_account"].keys() == {str(account) for account in loop}
    assert told["by_tier"]["A"]["told_in_time"]["value"] == 1
    assert len(document["figures"]) == 21


def test_an_account_whose_ticket_moved_was_served(desk: Desk, loop: list[int]) -> None:
    with desk.read() as connection:
        october = figures(connection, Period(day(10, 1), day(10, 31)), TODAY)["accounts_served"]
        all_of_it = figures(connection, AUTUMN, TODAY)["accounts_served"]
    assert [(row.account, row.day) for row in october.counted] == [("Cedar", day(10, 21))]
    assert [(row.account, row.day) for row in all_of_it.counted] == [
        ("Aster", day(11, 4)), ("Birch", day(9, 7)), ("Cedar", day(10, 21)),
    ]  # fmt: skip


def test_open_demands_are_named_by_their_arr(desk: Desk, loop: list[int]) -> None:
    for account, name in ((loop[0], "一"), (loop[1], "二")):
        desk.do(create_ticket, NewTicket(TicketFields(name), account))
    with desk.read() as connection:
        told = as_json(connection, AUTUMN, TODAY)["requirements"]["top_demands"]
    assert [(one["name"], one["accounts"], one["arr"], one["tiers"]) for one in told] == [
        ("D-0002 一", 1, "60000.00", {"A": 1}), ("D-0003 二", 1, "30000.00", {"B": 1})
    ]  # fmt: skip


def test_figures_in_words(desk: Desk, loop: list[int]) -> None:
    found = view(desk).figures
    assert value_text(found["days_to_answer"]) == "22 days"
    assert counts_text(found["days_to_answer"]) == "90 % within 22, 3 in all"
    assert short_text(found["answered_in_time"]) == "1 / 3 (33.3\u00a0%)"
    assert beside_text(found["bug_dates_kept"]) == "1 missed"
    assert value_text(found["moves_per_day"]).count(".") == 1
    assert row_text(found["days_to_tell"].counted[0]) == "2026-11-04 · R-0001 班组报表 · 2 days"
    empty = view(desk, period=Period(day(1, 1), day(1, 31))).figures
    assert value_text(empty["days_to_tell"]) == value_text(empty["told_in_time"]) == "—"


def test_the_sheets_hold_every_figure(desk: Desk, loop: list[int], tmp_path: Path) -> None:
    write_figures(view(desk), tmp_path / "f.xlsx")
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    assert book.sheetnames == [
        "Requirement figures", "Answered in time by month", "Top demands by ARR", "By module", "By tier", "By account",
    ]  # fmt: skip
    rows = {row[0]: row for row in book["Requirement figures"].iter_rows(values_only=True)}
    assert rows["Sent to answered"][1:5] == (22, 46, 3, 22)
    assert [row[0] for row in book["By account"].iter_rows(values_only=True)] == [
        "By account",
        "Cedar",
        "Birch",
        "Aster",
    ]
    write_figures(view(desk), tmp_path / "m.csv", first=1)
    lines = (tmp_path / "m.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "Month,Answered in time,Of,Share"
    assert lines[-3].startswith("2026-09,0,2,")


def test_an_empty_store_has_nothing_to_measure(desk: Desk) -> None:
    empty = view(desk)
    assert not empty.any
    assert all(not figure.value for figure in empty.figures.values())
    assert empty.groups == {"module": (), "tier": (), "account": ()}
