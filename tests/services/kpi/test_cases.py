"""The worked examples of the glossary, and every row of its table of cases, by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractEvent, ContractLine
from csdesk.models.receivables import Payment, Receivable
from csdesk.models.settings import Setting
from csdesk.models.visits import Visit
from csdesk.services.accounts.merging import MergeAccounts, merge_accounts
from csdesk.services.contracts.rules import line_arr
from csdesk.services.core.desk import Desk
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.kpi.book import read_book
from csdesk.services.kpi.figures import compare, figures
from csdesk.services.kpi.movements import Bridge, Move, bridge
from csdesk.services.kpi.rules import Figure, Period, days_before
from csdesk.services.kpi.scope import Scope
from csdesk.services.kpi.wording import short_text

LATER = date(2027, 6, 30)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


def month(number: int, year: int = 2026) -> Period:
    first = date(year, number, 1)
    return Period(first, (first + timedelta(31)).replace(day=1) - timedelta(1))


@dataclass
class Deal:
    """A contract in a story: its days, the amount of its line, and what it follows by its place among the account's."""

    start: str
    end: str
    amount: int = 1200
    state: str = "open"
    follows: int | None = None
    more: dict[str, Any] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)


@command("Told")
def tell(uow: UnitOfWork, story: dict[str, list[Deal]]) -> dict[str, int]:
    ids = {}
    for name, deals in story.items():
        account = uow.add(Account(name=name))
        uow.session.flush()
        ids[name] = account.id
        made: list[Contract] = []
        for deal in deals:
            before = made[deal.follows].id if deal.follows is not None else None
            first, last = day(deal.start), day(deal.end)
            row = uow.add(
                Contract(
                    account_id=account.id, number=f"K{len(made)}", signed_on=first, start_on=first, end_on=last,
                    amount=Decimal(deal.amount), renewal_state=deal.state, predecessor_id=before, **deal.more,
                )
            )  # fmt: skip
            uow.session.flush()
            made.append(row)
            lines: list[ContractLine] = []
            for line in deal.lines or [{}]:
                wanted = {"amount": deal.amount, "start_on": first, "end_on": last, "recurring": True, **line}
                if (replaces := wanted.pop("replaces", None)) is not None:
                    wanted["predecessor_id"] = lines[replaces].id
                amount = Decimal(wanted.pop("amount"))
                cents = line_arr(amount, wanted["start_on"], wanted["end_on"], wanted["recurring"])
                lines.append(
                    uow.add(ContractLine(contract_id=row.id, products="Core", amount=amount, arr_cents=cents, **wanted))
                )
                uow.session.flush()
    return ids


@command("Set")
def put(uow: UnitOfWork, values: dict[str, Any]) -> None:
    for key, value in values.items():
        uow.add(Setting(key=key, value=value))


def told(desk: Desk, period: Period = YEAR, today: date = LATER, scope: Scope | None = None) -> dict[str, Figure]:
    with desk.read() as connection:
        return figures(connection, period, today, scope)


def bridged(desk: Desk, period: Period = YEAR, today: date = LATER) -> Bridge:
    with desk.read() as connection:
        found = bridge(connection, period, today)
    assert found.opening + found.moved == found.closing
    return found


def moved(desk: Desk, period: Period = YEAR, today: date = LATER) -> dict[str, int]:
    """What moved, in yuan."""
    return {bar.move.value: bar.cents // 100 for bar in bridged(desk, period, today).bars if bar.rows}


def count(figure: Figure) -> tuple[int, int | None]:
    return figure.numerator, figure.denominator


def yuan(figure: Figure) -> tuple[int, int]:
    return figure.numerator // 100, (figure.denominator or 0) // 100


# --- worked examples --------------------------------------------------------------------------------------------------


def test_three_lost_of_twenty_is_fifteen_percent(desk: Desk) -> None:
    stay = {f"S{n}": [Deal("2025-01-01", "2027-12-31")] for n in range(17)}
    left = {f"L{n}": [Deal("2025-07-01", "2026-06-30", state="churned")] for n in range(3)}
    desk.do(tell, stay | left)
    churn = told(desk)["logo_churn_rate"]
    assert (count(churn), churn.value) == ((3, 20), Fraction(15, 100))
    assert [row.day for row in churn.counted] == [date(2026, 7, 1)] * 3


def test_fifty_six_of_six_hundred_lost_is_nine_and_a_third_percent_of_revenue(desk: Desk) -> None:
    desk.do(tell, {
        "Stays": [Deal("2025-01-01", "2027-12-31", 544 * 3)],
        "Leaves": [Deal("2025-07-01", "2026-06-30", 56, "churned")],
    })  # fmt: skip
    gross = told(desk)["gross_revenue_retention"]
    assert 1 - gross.value == Fraction(56, 600)


def test_what_was_signed_for_other_quarters_does_not_count_in_this_one(desk: Desk) -> None:
    """100 due, 90 signed of which 5 for next quarter and 3 for an earlier one is 82 %."""
    quarter = Period(date(2026, 4, 1), date(2026, 6, 30))
    desk.do(tell, {
        "Due": [Deal("2025-06-01", "2026-05-31", 82, "renewed"), Deal("2026-06-01", "2027-05-31", 82, follows=0)],
        "Lost": [Deal("2025-06-01", "2026-05-31", 18, "churned")],
        "Early": [Deal("2025-09-01", "2026-08-31", 5, "renewed"),
                  Deal("2026-09-01", "2027-08-31", 5, follows=0, more={})],
        "Late": [Deal("2025-04-01", "2026-03-31", 3, "renewed"), Deal("2026-04-20", "2027-04-19", 3, follows=0)],
    })  # fmt: skip
    rate = told(desk, quarter)["renewal_rate_by_amount"]
    assert (yuan(rate), rate.value) == ((82, 100), Fraction(82, 100))


def test_months_are_new_none_churn_none_win_back_expansion(desk: Desk) -> None:
    """Months of 100, 100, 0, 0, 80, 120."""
    desk.do(tell, {"One": [
        Deal("2026-01-01", "2026-02-28", 0, "churned", lines=[{"amount": 200}]),
        Deal("2026-05-01", "2027-04-30", 960, lines=[
            {"amount": 960}, {"amount": 1320, "start_on": date(2026, 6, 1), "replaces": 0}]),
    ]})  # fmt: skip
    put_grace(desk, 30)
    seen = [moved(desk, month(number)) for number in range(1, 7)]
    assert seen == [{"new": 1200}, {}, {"churn": -1200}, {}, {"win_back": 960}, {"expansion": 480}]


def put_grace(desk: Desk, days: int) -> None:
    desk.do(put, {"figures.grace_days": days})


@pytest.mark.parametrize(
    ("final", "gross", "net", "moves"),
    [(120, 100, 120, {"expansion": 20}), (70, 70, 70, {"contraction": -30}), (100, 100, 100, {})],
)
def test_renewed_higher_or_lower(desk: Desk, final: int, gross: int, net: int, moves: dict[str, int]) -> None:
    desk.do(tell, {"One": [
        Deal("2025-07-01", "2026-06-30", 100, "renewed"), Deal("2026-07-01", "2027-06-30", final, follows=0)]})  # fmt: skip
    found = told(desk)
    rate = found["renewal_rate_by_amount"]
    assert (rate.value, rate.beside["net"]) == (Fraction(gross, 100), Fraction(net, 100))
    assert count(found["renewal_rate"]) == (1, 1)
    assert moved(desk) == moves
    assert found["expansion"].value == moves.get("expansion", 0) * 100


def test_one_of_two_contracts_ends_and_is_contraction_on_the_day_after(desk: Desk) -> None:
    desk.do(tell, {"One": [
        Deal("2026-01-01", "2026-03-31", 300), Deal("2026-01-01", "2026-12-31", 1200)]})  # fmt: skip
    assert moved(desk, month(3)) == {}
    april = bridged(desk, month(4))
    (bar,) = [bar for bar in april.bars if bar.rows]
    assert (bar.move, bar.cents, bar.rows[0].day) == (Move.CONTRACTION, -1200_00, date(2026, 4, 1))
    assert count(told(desk, month(4))["logo_churn_rate"]) == (0, 1)


def test_movement_is_dated_by_the_day_on_which_the_arr_changed(desk: Desk) -> None:
    """Not by the renewal for the same amount that came after it."""
    desk.do(tell, {"One": [
        Deal("2026-01-05", "2026-07-04", 100, "renewed"), Deal("2026-07-05", "2027-01-04", 100, follows=0)]})  # fmt: skip
    (bar,) = [bar for bar in bridged(desk).bars if bar.rows]
    assert (bar.move, bar.rows[0].day) == (Move.NEW, date(2026, 1, 5))


def test_line_of_nothing_in_another_currency_splits_nothing(desk: Desk) -> None:
    desk.do(tell, {
        "Home": [Deal("2025-01-01", "2026-12-31")],
        "Away": [Deal("2025-01-01", "2026-12-31", more={"currency": "USD"},
                      lines=[{"amount": 0, "end_on": date(2026, 6, 30)}])],
    })  # fmt: skip
    assert bridged(desk).by_currency == {}


def test_contraction_then_churn_keeps_nothing(desk: Desk) -> None:
    desk.do(tell, {"One": [
        Deal("2025-04-01", "2026-03-31", 100, "renewed"), Deal("2026-04-01", "2026-09-30", 30, "churned", follows=0)]})  # fmt: skip
    found = told(desk)
    assert (found["gross_revenue_retention"].value, found["net_revenue_retention"].value) == (0, 0)


def test_expansion_then_churn_of_all_keeps_nothing(desk: Desk) -> None:
    desk.do(tell, {"One": [
        Deal("2025-10-01", "2026-09-30", 100, "churned"), Deal("2026-03-01", "2026-09-30", 29, "churned")]})  # fmt: skip
    found = told(desk)
    assert (found["gross_revenue_retention"].value, found["net_revenue_retention"].value) == (0, 0)
    assert found["expansion"].value > 0


def test_churned_in_february_signed_again_in_october_is_one_churn_and_one_win_back(desk: Desk) -> None:
    desk.do(tell, {"One": [Deal("2025-02-10", "2026-02-09", 100, "churned"), Deal("2026-10-01", "2027-09-30", 150)]})
    found = told(desk)
    assert (count(found["logo_churn_rate"]), found["win_backs"].value) == ((1, 1), 1)
    assert (found["gross_revenue_retention"].value, found["net_revenue_retention"].value) == (0, 0)
    assert moved(desk, month(10)) == {"win_back": 150}
    assert moved(desk, month(2)) == {"churn": -100}


def test_two_years_renewed_for_one_is_renewed_in_full(desk: Desk) -> None:
    desk.do(tell, {"One": [
        Deal("2024-07-01", "2026-06-30", 240_000, "renewed"), Deal("2026-07-01", "2027-06-30", 120_000, follows=0)]})  # fmt: skip
    rate = told(desk)["renewal_rate_by_amount"]
    assert (yuan(rate), rate.beside["net"]) == ((120_000, 120_000), 1)
    assert moved(desk) == {}


# --- the table of cases -----------------------------------------------------------------------------------------------


def test_contract_over_several_years(desk: Desk) -> None:
    desk.do(tell, {"One": [Deal("2025-01-01", "2027-12-31", 3600)]})
    found = told(desk)
    assert count(found["logo_churn_rate"]) == (0, 1)
    assert count(found["renewal_rate"]) == (0, 0)


def test_early_renewal_counts_where_the_old_term_ended(desk: Desk) -> None:
    desk.do(tell, {"One": [
        Deal("2025-07-01", "2026-06-30", 100, "renewed", more={"decided_on": date(2026, 2, 1)}),
        Deal("2026-07-01", "2027-06-30", 100, follows=0)]})  # fmt: skip
    assert count(told(desk, month(2))["renewal_rate"]) == (0, 0)
    assert count(told(desk, month(6))["renewal_rate"]) == (1, 1)


def test_late_renewal_inside_the_grace_is_as_on_time(desk: Desk) -> None:
    desk.do(tell, {"One": [
        Deal("2025-07-01", "2026-06-30", 100, "renewed"), Deal("2026-07-20", "2027-07-19", 130, follows=0)]})  # fmt: skip
    june = told(desk, month(6))["renewal_rate"]
    assert (count(june), june.beside["late"]) == ((1, 1), 1)
    july = bridged(desk, month(7))
    assert (july.opening, july.closing) == (100_00, 130_00)
    assert count(told(desk, month(7))["logo_churn_rate"]) == (0, 1)
    assert moved(desk, Period(date(2026, 7, 1), date(2026, 7, 19))) == {}
    assert moved(desk, Period(date(2026, 7, 20), date(2026, 7, 20))) == {"expansion": 30}


@pytest.mark.parametrize(("start", "won_back"), [("2026-07-30", 0), ("2026-07-31", 1)])
def test_late_renewal_after_the_grace_is_a_win_back(desk: Desk, start: str, won_back: int) -> None:
    """The grace of 30 days after 30 June ends on 30 July."""
    desk.do(
        tell, {"One": [Deal("2025-07-01", "2026-06-30", 100, "renewed"), Deal(start, "2027-12-31", 130, follows=0)]}
    )
    found = told(desk)
    assert (found["win_backs"].value, found["logo_churn_rate"].numerator) == (won_back, won_back)
    assert found["renewal_rate"].numerator == 1 - won_back


def test_renewal_for_the_next_day_is_in_time_without_any_grace(desk: Desk) -> None:
    put_grace(desk, 0)
    desk.do(tell, {
        "Named": [Deal("2025-07-01", "2026-06-30", 100, "renewed"), Deal("2026-07-01", "2027-12-31", 150, follows=0)],
        "Unnamed": [Deal("2025-07-01", "2026-06-30", 100), Deal("2026-07-01", "2027-12-31", 150)],
        "A day late": [Deal("2025-07-01", "2026-06-30", 100, "renewed"), Deal("2026-07-02", "2027-12-31", 150, follows=0)],
    })  # fmt: skip
    found = told(desk)
    assert (count(found["renewal_rate"]), found["renewal_rate"].beside["late"]) == ((2, 3), 0)
    assert (found["win_backs"].value, count(found["logo_churn_rate"])) == (1, (1, 3))


def test_closed_as_churned_signed_again_inside_the_grace(desk: Desk) -> None:
    desk.do(tell, {"One": [Deal("2025-07-01", "2026-06-30", 100, "churned"), Deal("2026-07-10", "2027-07-09", 100)]})
    found = told(desk)
    assert (count(found["logo_churn_rate"]), count(found["renewal_rate"])) == ((0, 1), (1, 1))
    assert moved(desk) == {}


def test_automatic_renewal_not_contradicted(desk: Desk) -> None:
    auto = {"auto_renew": True}
    desk.do(tell, {
        "Goes on": [Deal("2025-07-01", "2026-06-30", 100, more=auto)],
        "Contradicted": [Deal("2025-07-01", "2026-06-30", 100, "churned", more=auto)],
    })  # fmt: skip
    found = told(desk)
    assert (count(found["renewal_rate"]), found["renewal_rate"].beside["automatic"]) == ((1, 2), 1)
    assert bridged(desk, month(12)).closing == 100_00
    assert count(found["logo_churn_rate"]) == (1, 2)


def test_automatic_renewal_waits_for_its_day_of_notice(desk: Desk) -> None:
    more = {"auto_renew": True, "notice_on": date(2026, 5, 31)}
    desk.do(tell, {"One": [Deal("2025-07-01", "2026-06-30", 100, more=more)]})
    assert told(desk, month(6), day("2026-05-31"))["renewal_rate"].beside["pending"] == 1
    assert told(desk, month(6), day("2026-06-01"))["renewal_rate"].beside["automatic"] == 1


def test_terminated_early_ends_on_the_new_end(desk: Desk) -> None:
    """The line still names the end that was signed."""
    desk.do(tell, {"One": [Deal("2026-01-01", "2026-05-31", 1200, "churned",
                                more={"planned_end_on": date(2026, 12, 31)}, lines=[{"end_on": date(2026, 12, 31)}])]})  # fmt: skip
    assert moved(desk, month(6)) == {"churn": -1200}
    assert count(told(desk, month(5))["renewal_rate"]) == (0, 1)


def test_successor_starts_before_the_old_term_ends(desk: Desk) -> None:
    desk.do(tell, {"One": [
        Deal("2025-07-01", "2026-06-30", 100, "renewed"), Deal("2026-05-01", "2027-04-30", 120, follows=0)]})  # fmt: skip
    assert bridged(desk, month(5)).closing == 120_00
    assert moved(desk, month(5)) == {"expansion": 20}
    assert moved(desk, month(7)) == {}
    assert yuan(told(desk, month(6))["renewal_rate_by_amount"]) == (100, 100)


@pytest.mark.parametrize(("period", "counts"), [
    (Period(date(2026, 3, 1), date(2026, 3, 31)), True), (Period(date(2026, 3, 31), date(2026, 4, 30)), True),
    (Period(date(2026, 3, 1), date(2026, 3, 30)), False), (Period(date(2026, 4, 1), date(2026, 4, 30)), False),
])  # fmt: skip
def test_what_falls_on_the_first_or_the_last_day_counts(desk: Desk, period: Period, counts: bool) -> None:
    on = date(2026, 3, 31)

    @command("On one day")
    def fill(uow: UnitOfWork, account: int) -> None:
        contract = uow.session.scalars(select(Contract)).one()
        contract.signed_on = on
        named = uow.add(Receivable(contract_id=contract.id, due_on=on, amount=Decimal(100)))
        uow.add(Receivable(contract_id=contract.id, due_on=on, amount=Decimal(100)))
        uow.add(Visit(account_id=account, state="done", planned_on=on, baseline_on=on, done_on=on))
        uow.session.flush()
        for owed in (named.id, None):
            uow.add(Payment(contract_id=contract.id, receivable_id=owed, paid_on=on, amount=Decimal(40)))
        uow.add(ContractEvent(contract_id=contract.id, kind="amended", effective_on=date(2026, 4, 1), noted_on=on,
                              arr_before_cents=100_00, arr_after_cents=220_00))  # fmt: skip

    desk.do(fill, desk.do(tell, {"One": [Deal("2026-04-01", "2027-03-31")]}).value["One"])
    found = told(desk, period)
    assert count(found["receivable_collection_rate"]) == ((80_00, 200_00) if counts else (0, 0))
    assert found["amount_collected"].value == (80_00 if counts else 0)
    assert count(found["visit_plan_execution"]) == ((1, 1) if counts else (0, 0))
    assert count(found["customer_success_revenue_share"]) == ((120_00, 1200_00) if counts else (0, 0))


def test_trial_and_account_without_a_contract_are_in_no_base(desk: Desk) -> None:
    desk.do(tell, {"Prospect": []})
    found = told(desk)
    assert [
        found[key].value for key in ("logo_churn_rate", "gross_revenue_retention", "renewal_rate", "pareto_share")
    ] == [None] * 4


def test_term_that_ends_on_the_last_day_of_a_month(desk: Desk) -> None:
    desk.do(tell, {"One": [Deal("2025-07-01", "2026-06-30", 100, "churned")]})
    assert count(told(desk, month(6))["renewal_rate"]) == (0, 1)
    assert count(told(desk, month(6))["logo_churn_rate"]) == (0, 1)
    assert count(told(desk, month(7))["logo_churn_rate"]) == (1, 1)


def test_one_of_two_products_is_dropped(desk: Desk) -> None:
    desk.do(tell, {"One": [
        Deal("2025-07-01", "2026-06-30", 100, "renewed", lines=[{"amount": 60}, {"amount": 40}]),
        Deal("2026-07-01", "2027-06-30", 60, "churned", follows=0)]})  # fmt: skip
    assert moved(desk, month(7)) == {"contraction": -40}
    assert count(told(desk)["logo_churn_rate"]) == (0, 1)
    assert count(told(desk, month(7, 2027), date(2027, 12, 1))["logo_churn_rate"]) == (1, 1)


def test_amended_in_mid_term(desk: Desk) -> None:
    second = {"amount": 900, "start_on": date(2026, 7, 1), "replaces": 0}
    desk.do(tell, {"One": [Deal("2026-01-01", "2026-12-31", 1200, lines=[{"amount": 1200}, second])]})
    assert moved(desk, month(7)) == {"expansion": 600}
    assert told(desk, month(7))["expansion"].value == 600_00
    assert yuan(told(desk, month(12))["renewal_rate_by_amount"]) == (0, 1800)


def test_price_rise_agreed_in_the_contract_is_a_bar_of_its_own(desk: Desk) -> None:
    risen = [{"amount": 130, "agreed_rise": Decimal(10)}]
    desk.do(tell, {"One": [
        Deal("2025-07-01", "2026-06-30", 100, "renewed"), Deal("2026-07-01", "2027-06-30", 130, follows=0, lines=risen)]})  # fmt: skip
    found = told(desk)
    assert moved(desk) == {"price_rise": 10, "expansion": 20}
    assert (found["net_revenue_retention"].value, found["expansion"].value) == (Fraction(120, 100), 20_00)


def test_one_off_items_are_outside_arr(desk: Desk) -> None:
    desk.do(tell, {
        "Both": [Deal("2026-01-01", "2026-12-31", 1700, lines=[{"amount": 1200}, {"amount": 500, "recurring": False}])],
        "Training": [Deal("2026-01-01", "2026-12-31", 500, lines=[{"amount": 500, "recurring": False}])],
    })  # fmt: skip
    assert bridged(desk, month(6)).closing == 1200_00
    rate = told(desk)["renewal_rate"]
    assert (count(rate), [row.account for row, _why in rate.left_out]) == ((0, 1), ["Training"])


@command("Owed")
def owe(uow: UnitOfWork, account: int) -> None:
    last = uow.connection.exec_driver_sql("SELECT max(id) FROM contracts WHERE account_id = ?", (account,)).scalar()
    uow.add(Receivable(contract_id=last, due_on=date(2026, 7, 1), amount=Decimal(100)))


def test_renewed_but_unpaid_is_renewed(desk: Desk) -> None:
    ids = desk.do(tell, {"One": [
        Deal("2025-07-01", "2026-06-30", 100, "renewed"), Deal("2026-07-01", "2027-06-30", 100, follows=0)]}).value  # fmt: skip
    desk.do(owe, ids["One"])
    found = told(desk)
    assert count(found["renewal_rate"]) == (1, 1)
    assert yuan(found["receivable_collection_rate"]) == (0, 100)


def test_two_accounts_merged_do_not_churn(desk: Desk) -> None:
    ids = desk.do(tell, {
        "Kept": [Deal("2025-01-01", "2027-12-31", 300)], "Merged": [Deal("2025-01-01", "2027-12-31", 600)]}).value  # fmt: skip
    desk.do(merge_accounts, MergeAccounts(ids["Kept"], ids["Merged"]))
    assert moved(desk) == {}
    assert count(told(desk)["logo_churn_rate"]) == (0, 1)
    assert bridged(desk).closing == 300_00


def test_entered_late_restates_history(desk: Desk) -> None:
    desk.do(tell, {"One": [Deal("2025-07-01", "2026-06-30", 100)]})
    assert count(told(desk)["logo_churn_rate"]) == (1, 1)

    @command("Entered late")
    def late(uow: UnitOfWork, _wish: None) -> None:
        (account,) = uow.connection.exec_driver_sql("SELECT id FROM accounts").scalars()
        row = uow.add(Contract(account_id=account, number="K9", start_on=day("2026-07-01"), end_on=day("2027-06-30")))
        uow.session.flush()
        uow.add(ContractLine(contract_id=row.id, products="Core", amount=Decimal(100), arr_cents=100_00))

    desk.do(late, None)
    assert count(told(desk)["logo_churn_rate"]) == (0, 1)
    assert count(told(desk)["renewal_rate"]) == (1, 1)


def test_fewer_than_ten_show_their_counts_first(desk: Desk) -> None:
    desk.do(tell, {f"A{n}": [Deal("2025-07-01", "2026-06-30", 100, "churned" if n else "open")] for n in range(3)})
    assert short_text(told(desk)["logo_churn_rate"]) == "3 / 3 (100.0\u00a0%)"


def test_term_from_29_february_ends_on_28(desk: Desk) -> None:
    desk.do(tell, {"One": [Deal("2024-02-29", "2025-02-28", 1200, "churned")]})
    assert moved(desk, month(3, 2025)) == {"churn": -1200}


# --- pending, recognition, scope, comparison --------------------------------------------------------------------------


def test_pending_accounts_leave_every_rate_and_are_carried(desk: Desk) -> None:
    desk.do(tell, {
        "Waits": [Deal("2025-07-01", "2026-06-30", 100)], "Stays": [Deal("2025-01-01", "2027-12-31", 300)]})  # fmt: skip
    on = day("2026-07-30")
    july = told(desk, month(7), on)
    assert (count(july["logo_churn_rate"]), july["logo_churn_rate"].beside["pending"]) == ((0, 1), 1)
    assert yuan(july["gross_revenue_retention"]) == (100, 100)
    assert [row.account for row, _why in july["net_revenue_retention"].left_out] == ["Waits"]
    built = bridged(desk, month(7), on)
    assert (built.opening, built.closing, built.pending, built.carried) == (200_00, 200_00, 1, 100_00)
    june = told(desk, month(6), on)["renewal_rate"]
    assert (count(june), june.beside["pending"]) == ((0, 0), 1)
    after = told(desk, month(7), day("2026-07-31"))["logo_churn_rate"]
    assert (count(after), after.beside["pending"]) == ((1, 2), 0)


def test_recognition_moves_those_who_left_without_a_word(desk: Desk) -> None:
    desk.do(tell, {
        "Silent": [Deal("2025-07-01", "2026-06-30", 100)], "Said so": [Deal("2025-07-01", "2026-06-30", 100, "churned")]})  # fmt: skip
    desk.do(put, {"figures.recognition": "grace"})
    assert [row.account for row in told(desk, month(7))["logo_churn_rate"].counted] == ["Said so", "Silent"]
    days = {row.account: row.day for row in told(desk, month(7))["logo_churn_rate"].counted}
    assert days == {"Said so": date(2026, 7, 1), "Silent": date(2026, 7, 30)}


def test_joined_and_left_inside_stands_apart(desk: Desk) -> None:
    desk.do(tell, {"Guest": [Deal("2026-02-01", "2026-04-30", 100, "churned")]})
    churn = told(desk)["logo_churn_rate"]
    assert (count(churn), churn.beside["joined_and_left"]) == ((0, 0), 1)


def test_decided_as_renewed_before_the_next_contract_is_written(desk: Desk) -> None:
    desk.do(tell, {"One": [Deal("2025-07-01", "2026-06-30", 100, "renewed")]})
    found = told(desk)
    assert (count(found["renewal_rate"]), found["renewal_rate"].beside["without_next"]) == ((1, 1), 1)
    assert count(found["logo_churn_rate"]) == (0, 1)


def test_what_follows_two_contracts_counts_once(desk: Desk) -> None:
    desk.do(tell, {"One": [
        Deal("2025-07-01", "2026-06-30", 60), Deal("2025-07-01", "2026-06-30", 40), Deal("2026-07-01", "2027-06-30", 110)]})  # fmt: skip
    rate = told(desk)["renewal_rate_by_amount"]
    assert (yuan(rate), rate.beside["net"]) == ((100, 100), Fraction(110, 100))


def test_scope_narrows_every_figure(desk: Desk) -> None:
    ids = desk.do(tell, {
        "Big": [Deal("2025-01-01", "2027-12-31", 300)], "Small": [Deal("2025-07-01", "2026-06-30", 100, "churned")]}).value  # fmt: skip

    @command("Tiers")
    def tiers(uow: UnitOfWork, _wish: None) -> None:
        uow.get(Account, ids["Big"]).tier = "A"
        uow.get(Account, ids["Small"]).city = "Suzhou"

    desk.do(tiers, None)
    assert count(told(desk, scope=Scope(tiers=("A",)))["logo_churn_rate"]) == (0, 1)
    assert count(told(desk, scope=Scope(cities=("Suzhou",)))["logo_churn_rate"]) == (1, 1)
    assert count(told(desk, scope=Scope(products=("Core",)))["logo_churn_rate"]) == (1, 2)
    assert count(told(desk, scope=Scope(products=("Cor",)))["logo_churn_rate"]) == (0, 0)


@pytest.mark.parametrize(
    ("first", "last", "today", "before"),
    [
        ("2026-03-01", "2026-03-31", "2026-11-23", ("2026-02-01", "2026-02-28")),
        ("2026-04-01", "2026-06-30", "2026-11-23", ("2026-01-01", "2026-03-31")),
        ("2025-01-01", "2025-12-31", "2026-11-23", ("2024-01-01", "2024-12-31")),
        ("2026-11-01", "2026-11-30", "2026-11-23", ("2026-10-09", "2026-10-31")),
        ("2026-05-03", "2026-05-09", "2026-11-23", ("2026-04-26", "2026-05-02")),
        ("2026-11-01", "2026-11-23", "2026-11-23", ("2026-10-09", "2026-10-31")),
    ],
)
def test_what_a_period_is_compared_with(first: str, last: str, today: str, before: tuple[str, str]) -> None:
    found = days_before(Period(day(first), day(last)), day(today))
    assert (found.start, found.end) == (day(before[0]), day(before[1]))


def test_change_from_nothing_is_new(desk: Desk) -> None:
    desk.do(tell, {"One": [Deal("2025-07-01", "2026-06-30", 100, "churned"), Deal("2026-10-01", "2027-09-30", 150)]})
    with desk.read() as connection:
        found = compare(connection, month(10), LATER)
    assert found["win_backs"].is_new
    assert found["win_backs"].change is None
    assert found["expansion"].change == 0


def test_lifetime_value_and_what_it_costs(desk: Desk) -> None:
    desk.do(tell, {
        "Stays": [Deal("2025-01-01", "2027-12-31", 3000)], "Leaves": [Deal("2025-07-01", "2026-06-30", 100, "churned")],
        "New": [Deal("2026-03-01", "2027-02-28", 600)],
    })  # fmt: skip
    assert told(desk)["ltv"].missing
    desk.do(put, {"figures.gross_margin": 80, "figures.cac": 400})
    found = told(desk)
    assert found["ltv"].value == Fraction(80, 100) * 800_00 / Fraction(1, 2)
    assert found["ltv"].as_json()["value"] == "1280.00"
    assert found["ltv_cac"].value == Fraction(1280, 400)
    assert found["first_year_ltv_cac"].value == Fraction(480, 400)


def test_names_of_rows_are_those_of_the_accounts(desk: Desk) -> None:
    ids = desk.do(tell, {"One": [Deal("2025-07-01", "2026-06-30", 100)]}).value
    with desk.read() as connection:
        book = read_book(connection, LATER)
    assert book.row(ids["One"]).account == "One"
