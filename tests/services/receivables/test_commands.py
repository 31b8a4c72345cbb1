"""Instalments made and made anew, payments laid and taken back, invoices and reminders noted."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from csdesk.models.vocabulary import Channel, TaskSource, TaskState
from csdesk.services.accounts.queries import account
from csdesk.services.bin.commands import BringBack, bring_back
from csdesk.services.bin.queries import BIN
from csdesk.services.contracts.commands import DeleteContract, delete_contract
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Conflict, NeedsConfirmation, Problems
from csdesk.services.receivables.commands import (
    AddInstalment,
    ChangeInstalment,
    ChangeInvoice,
    EnterPayment,
    LayPayment,
    NewInvoice,
    PlanInstalments,
    Rows,
    add_instalment,
    change_instalment,
    change_invoice,
    create_invoice,
    delete_instalments,
    delete_invoices,
    delete_payments,
    enter_payment,
    laid_field,
    lay_payment,
    plan_instalments,
)
from csdesk.services.receivables.queries import ageing, receivables, view_counts
from csdesk.services.receivables.reminding import (
    Remind,
    delete_reminders,
    make_reminder_tasks,
    note_reminder,
    reminder_text,
)
from csdesk.services.receivables.rules import Instalment, InvoiceFields, PaymentFields, ReminderFields
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.settings.rates import RateFields, SetRate, set_rate
from csdesk.services.tasks.queries import tasks_from
from tests.conftest import TODAY
from tests.services.receivables.conftest import Case


def pay(
    case: Case, amount: str, *laid: tuple[int, int], confirmed: tuple[str, ...] = (), ref: str = ""
) -> tuple[int, ...]:
    fields = PaymentFields(TODAY, Decimal(amount), ref)
    return case.desk.do(enter_payment, EnterPayment(case.contract, fields, laid), confirmed=confirmed).value


def standing(case: Case) -> tuple[int | None, int | None]:
    """What the list of accounts says: collected, open."""
    with case.desk.read() as connection:
        row = account(connection, case.account)
    assert row is not None
    return row.collected_cents, row.open_cents


def test_a_contract_comes_with_its_instalments_and_undo_takes_both(case: Case) -> None:
    rows = case.seen().money.instalments
    assert [(row.due_on, row.amount, f"{row.place}/{row.count}") for row in rows] == [
        (date(2026, 3, 1), 30000, "1/4"), (date(2026, 6, 1), 30000, "2/4"),
        (date(2026, 9, 1), 30000, "3/4"), (date(2026, 12, 1), 30000, "4/4"),
    ]  # fmt: skip
    assert standing(case) == (None, 120000)
    case.desk.undo()
    assert case.seen().contracts == []
    case.desk.redo()
    assert len(case.ids()) == 4


def test_one_transfer_over_several_instalments_is_several_rows_with_one_reference(case: Case) -> None:
    first, second, *_rest = case.ids()
    made = pay(case, "450", (first, 30000), (second, 15000), ref="B-77")
    assert case.paid() == [30000, 15000, 0, 0]
    assert {row.reference for row in case.seen().money.payments if row.id in made} == {"B-77"}
    assert standing(case) == (45000, 75000)
    case.desk.undo()
    assert (case.paid(), standing(case)) == ([0, 0, 0, 0], (None, 120000))


def test_money_named_to_nobody_lies_on_the_oldest(case: Case) -> None:
    pay(case, "350")
    assert case.paid() == [30000, 5000, 0, 0]
    first = case.ids()[0]
    pay(case, "300", (first, 30000))
    assert case.paid() == [30000, 30000, 5000, 0]


@pytest.mark.parametrize(
    ("laid", "amount", "code"), [((30001,), "400", "too_much"), ((20000, 20000), "300", "too_little")]
)
def test_too_much_is_refused_at_its_field_and_nothing_written(
    case: Case, laid: tuple[int, ...], amount: str, code: str
) -> None:
    with pytest.raises(Problems) as refused:
        pay(case, amount, *zip(case.ids(), laid, strict=False))
    (problem,) = refused.value.problems
    wanted = laid_field(case.ids()[0]) if code == "too_much" else "amount"
    assert (problem.field, problem.code) == (wanted, code)
    assert case.seen().money.payments == []


def test_more_than_is_owed_is_asked_for_and_stays_as_credit(case: Case) -> None:
    with pytest.raises(NeedsConfirmation) as question:
        pay(case, "1250")
    assert question.value.key == "over"
    assert case.seen().money.payments == []
    pay(case, "1250", confirmed=("over",))
    assert case.paid() == [30000] * 4
    assert case.seen().money.credit == {case.contract: 5000}
    case.desk.do(add_instalment, AddInstalment(case.contract, Instalment(None, Decimal(80))))
    assert case.paid() == [30000] * 4 + [5000]
    assert case.seen().money.credit == {}


def test_a_payment_is_laid_anew_and_deleted(case: Case) -> None:
    first, second, *_rest = case.ids()
    (made,) = pay(case, "300", (first, 30000))
    fields = PaymentFields(TODAY - timedelta(1), Decimal(250), "B-2")
    case.desk.do(lay_payment, LayPayment(made, fields, ((second, 20000),)))
    assert case.paid() == [5000, 20000, 0, 0]
    case.desk.undo()
    assert case.paid() == [30000, 0, 0, 0]
    case.desk.do(delete_payments, Rows((made,)))
    assert case.paid() == [0, 0, 0, 0]


def test_the_same_transfer_twice_is_asked_for(case: Case) -> None:
    pay(case, "100", ref="B-9")
    with pytest.raises(NeedsConfirmation, match="B-9"):
        pay(case, "100", ref="B-9")


def test_a_new_plan_changes_in_place_and_keeps_what_was_paid(case: Case) -> None:
    first = case.ids()[0]
    pay(case, "300", (first, 30000))
    halves = (Instalment(date(2026, 3, 1), Decimal(600)), Instalment(date(2026, 9, 1), Decimal(600)))
    case.desk.do(plan_instalments, PlanInstalments(case.contract, halves))
    assert (case.ids()[0], case.paid()) == (first, [30000, 0])
    with pytest.raises(NeedsConfirmation, match="come to 1,300"):
        case.desk.do(plan_instalments, PlanInstalments(case.contract, (*halves, Instalment(None, Decimal(100)))))
    small = PlanInstalments(case.contract, (Instalment(None, Decimal(200)), Instalment(None, Decimal(1000))))
    with pytest.raises(Problems, match="cannot become smaller"):
        case.desk.do(plan_instalments, small)
    assert case.paid() == [30000, 0]


def test_an_instalment_that_goes_leaves_its_money_with_the_contract(case: Case) -> None:
    *_others, last = case.ids()
    pay(case, "120", (last, 12000))
    case.desk.do(delete_instalments, Rows((last,)))
    assert case.paid() == [12000, 0, 0]
    case.desk.undo()
    assert case.paid() == [0, 0, 0, 12000]


def test_what_was_paid_bounds_a_change_and_an_invoice_holds_its_instalment(case: Case) -> None:
    first = case.ids()[0]
    pay(case, "300", (first, 30000))
    with pytest.raises(Problems):
        case.desk.do(change_instalment, ChangeInstalment(first, Instalment(None, Decimal(100))))
    case.desk.do(create_invoice, NewInvoice(first, InvoiceFields("0815", TODAY, Decimal(300), 600)))
    with pytest.raises(Problems, match="0815"):
        case.desk.do(delete_instalments, Rows((first,)))


def test_invoices_are_noted_changed_and_asked_about(case: Case) -> None:
    first, second, *_rest = case.ids()
    made = case.desk.do(create_invoice, NewInvoice(first, InvoiceFields("0815", TODAY, Decimal(300), 650))).value
    with pytest.raises(NeedsConfirmation, match="one for both"):
        case.desk.do(create_invoice, NewInvoice(second, InvoiceFields("0815")))
    with pytest.raises(NeedsConfirmation, match="301"):
        case.desk.do(change_invoice, ChangeInvoice(made, InvoiceFields("0815", TODAY, Decimal(301))))
    case.desk.do(change_invoice, ChangeInvoice(made, InvoiceFields("0816", TODAY, Decimal(300), 650, TODAY)))
    assert [(row.number, row.sent_on) for row in case.seen().money.invoices] == [("0816", TODAY)]
    case.desk.do(delete_invoices, Rows((made,)))
    assert case.seen().money.invoices == []


def test_reminding_is_noted_counted_and_ends_its_task(case: Case) -> None:
    desk, ids = case.desk, case.ids()
    desk.do(change_settings, ChangeSettings({"money.remind_days": 5, "user.name": "Lin"}))
    assert desk.do(make_reminder_tasks, Rows(tuple(ids))).value == 4
    assert desk.do(make_reminder_tasks, Rows(tuple(ids))).value == 0
    with desk.read() as connection:
        (task,) = tasks_from(connection, TaskSource.RECEIVABLE, ids[3])
        assert (task.due_on, task.account_id) == (date(2026, 12, 6), case.account)
        text = reminder_text(connection, (ids[0],), TODAY)
    assert "contract HT-1: instalment 1/4 of 300 CNY was due on 2026-03-01" in text
    (made,) = desk.do(note_reminder, Remind((ids[3],), ReminderFields(TODAY, Channel.PHONE, text))).value
    with desk.read() as connection:
        (task,) = tasks_from(connection, TaskSource.RECEIVABLE, ids[3])
    assert (task.state, task.done_on) == (TaskState.DONE, TODAY)
    assert [row.reminders for row in case.seen().money.instalments] == [0, 0, 0, 1]
    assert case.seen().money.reminders[0].reminded_by == "Lin"
    desk.do(delete_reminders, Rows((made,)))
    assert case.seen().money.reminders == []


def test_the_list_narrows_counts_and_sums_by_currency(desk: Desk, case: Case) -> None:
    dollar = Case(desk, "Birch", "USD", "HT-2")
    pay(case, "450")
    listing = receivables(TODAY)
    with desk.read() as connection:
        wanted = (("overdue", ""), ("due_within", 30), ("part", ""), ("open", ""), ("paid", ""), ("aged", ("over_90",)))
        views = [(Filter(key, value),) for key, value in wanted]
        assert view_counts(connection, views, TODAY) == [5, 2, 1, 7, 1, 3]
        totals = listing.totals(connection, Query(filters=(Filter("open"),)), TODAY)
        assert (totals["open_CNY"], totals["open_USD"]) == (75000, 120000)
        for column in listing.columns:
            assert len(listing.ids(connection, Query(sort=column.key), TODAY)) == 8
        ids = listing.ids(connection, Query("Birch"), TODAY)
        assert sorted(ids) == sorted(dollar.ids())
        rows = listing.rows(connection, ids)
        keys = [column.key for column in listing.columns]
        assert dict(zip(keys, rows[ids[0]], strict=True))["late"] == (TODAY - date(2026, 3, 1)).days
        found = ageing(connection, TODAY)
    assert {age.bucket.key: (age.cents, age.others, age.count) for age in found.ages if age.count} == {
        "not_due": (30000, {"USD": 30000}, 2), "to_90": (30000, {"USD": 30000}, 2), "over_90": (15000, {"USD": 60000}, 3),
    }  # fmt: skip
    assert found.rates.home_cents(100, "USD") is None
    desk.do(set_rate, SetRate(RateFields("USD", TODAY, "7.1")))
    with desk.read() as connection:
        assert ageing(connection, TODAY).rates.home_cents(100, "USD") == 710
    assert standing(dollar) == (None, None)


def test_the_bin_holds_money_that_went_by_itself(case: Case) -> None:
    first, *_others, last = case.ids()
    (made,) = pay(case, "120.05", (first, 12005))
    case.desk.do(delete_payments, Rows((made,)))
    case.desk.do(delete_instalments, Rows((last,)))
    assert binned(case.desk) == [("payments", "HT-1 120.05", "Aster"), ("receivables", "HT-1 300.00", "Aster")]
    case.desk.do(bring_back, BringBack((made, last)))
    assert case.paid() == [12005, 0, 0, 0]
    case.desk.do(delete_payments, Rows((made,)))
    case.desk.do(delete_contract, DeleteContract(case.contract))
    assert [kind for kind, _name, _account in binned(case.desk)] == ["contracts", "payments"]
    with pytest.raises(Conflict, match="HT-1"):
        case.desk.do(bring_back, BringBack((made,)))
    assert standing(case) == (None, None)


def binned(desk: Desk) -> list[tuple[str, str, str]]:
    """Kind, name and account of what the bin shows, by kind."""
    with desk.read() as connection:
        rows = BIN.rows(connection, BIN.ids(connection, Query(), TODAY)).values()
    return sorted((row[1], row[0], row[2]) for row in rows)


def test_who_has_paid_is_not_to_be_reminded(desk: Desk, case: Case) -> None:
    first, second, third, _fourth = case.ids()
    desk.do(make_reminder_tasks, Rows((first, second, third)))
    desk.do(enter_payment, EnterPayment(case.contract, PaymentFields(TODAY, Decimal(350)), ((first, 300_00),)))
    desk.do(delete_instalments, Rows((third,)))
    assert [_states(desk, one) for one in (first, second, third)] == [["dropped"], ["open"], ["dropped"]]
    desk.undo()
    desk.undo()
    assert [_states(desk, one) for one in (first, second, third)] == [["open"]] * 3


def test_money_that_names_no_instalment_settles_the_oldest(desk: Desk, case: Case) -> None:
    first = case.ids()[0]
    desk.do(make_reminder_tasks, Rows((first,)))
    desk.do(enter_payment, EnterPayment(case.contract, PaymentFields(TODAY, Decimal(300))))
    assert _states(desk, first) == ["dropped"]


def _states(desk: Desk, receivable: int) -> list[str]:
    with desk.read() as connection:
        return [row.state for row in tasks_from(connection, TaskSource.RECEIVABLE, receivable)]


def test_all_invoices_of_an_instalment_are_added_up(desk: Desk, case: Case) -> None:
    first = case.ids()[0]
    made = desk.do(create_invoice, NewInvoice(first, InvoiceFields("I-1", amount=Decimal(200)))).value
    desk.do(change_invoice, ChangeInvoice(made, InvoiceFields("I-1", amount=Decimal(300))))
    with pytest.raises(NeedsConfirmation, match="come to 500,"):
        desk.do(create_invoice, NewInvoice(first, InvoiceFields("I-2", amount=Decimal(200))))


def test_an_instalment_is_called_as_lists_number_it(desk: Desk, case: Case) -> None:
    early = desk.do(add_instalment, AddInstalment(case.contract, Instalment(date(2026, 1, 1), Decimal(10)))).value
    desk.do(enter_payment, EnterPayment(case.contract, PaymentFields(TODAY, Decimal(10)), ((early, 10_00),)))
    with pytest.raises(Problems, match="On instalment 1 "):
        desk.do(change_instalment, ChangeInstalment(early, Instalment(date(2026, 1, 1), Decimal(5))))
