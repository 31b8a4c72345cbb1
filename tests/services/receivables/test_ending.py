"""A contract that is terminated takes the money along that is not owed any more, and brings it back with one undo."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from csdesk.models.vocabulary import RenewalCause
from csdesk.services.accounts.queries import account
from csdesk.services.contracts.ledger import Terminate
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problems
from csdesk.services.kpi.figures import figures
from csdesk.services.kpi.rules import Period
from csdesk.services.receivables.commands import EnterPayment, NewInvoice, create_invoice, enter_payment
from csdesk.services.receivables.ending import (
    TerminateWithMoney,
    cancel_field,
    open_instalments,
    owed_after,
    terminate_with_money,
)
from csdesk.services.receivables.queries import InstalmentRow, ageing
from csdesk.services.receivables.rules import InvoiceFields, PaymentFields
from tests.conftest import TODAY
from tests.services.receivables.conftest import Case

LAST = date(2026, 11, 30)


def wish(case: Case, *cancel: int, last: date = LAST) -> TerminateWithMoney:
    return TerminateWithMoney(Terminate(case.contract, last, RenewalCause.SERVICE), cancel)


def still_open(case: Case) -> list[InstalmentRow]:
    with case.desk.read() as connection:
        return open_instalments(connection, case.contract, TODAY)


def left(case: Case) -> list[tuple[date | None, int]]:
    return [(row.due_on, row.amount) for row in case.seen().money.instalments]


def test_what_pays_for_days_after_the_last_one_is_proposed(case: Case) -> None:
    rows = still_open(case)
    assert [row.due_on for row in owed_after(rows, LAST)] == [date(2026, 12, 1)]
    assert [row.due_on for row in owed_after(rows, date(2026, 12, 1))] == []
    assert len(owed_after(rows, date(2026, 3, 1))) == 3


def test_it_goes_and_comes_back_with_the_contract(case: Case, desk: Desk) -> None:
    before = left(case)
    (row,) = owed_after(still_open(case), LAST)
    done = desk.do(terminate_with_money, wish(case, row.id))
    assert done.step.text == "Contract terminated: HT-1"
    assert left(case) == before[:3]
    with desk.read() as connection:
        owner = account(connection, case.account)
    assert owner is not None
    assert owner.open_cents == 900_00
    desk.undo()
    assert left(case) == before
    assert still_open(case)[-1].due_on == date(2026, 12, 1)


def test_ages_and_collection_follow(case: Case, desk: Desk) -> None:
    year = Period(date(2026, 1, 1), date(2026, 12, 31))

    def told() -> tuple[list[int], int]:
        with desk.read() as connection:
            ages = [age.cents for age in ageing(connection, TODAY).ages]
            return ages, figures(connection, year, TODAY)["receivable_collection_rate"].denominator or 0

    (ages, due), ids = told(), case.ids()
    desk.do(terminate_with_money, wish(case, ids[3]))
    after, still_due = told()
    assert sum(ages) - sum(after) == 300_00
    assert due - still_due == 300_00


def test_of_what_is_paid_in_part_the_rest_is_cancelled(case: Case, desk: Desk) -> None:
    ids = case.ids()
    desk.do(
        enter_payment,
        EnterPayment(case.contract, PaymentFields(date(2026, 11, 20), Decimal(120)), ((ids[3], 120_00),)),
    )
    desk.do(terminate_with_money, wish(case, ids[3]))
    assert left(case)[-1] == (date(2026, 12, 1), 120_00)
    assert [row.id for row in still_open(case)] == ids[:3]
    assert case.paid()[-1] == 120_00


def test_one_with_an_invoice_is_refused_at_its_field_and_nothing_is_written(case: Case, desk: Desk) -> None:
    ids = case.ids()
    desk.do(create_invoice, NewInvoice(ids[3], InvoiceFields("F-1")))
    with pytest.raises(Problems) as caught:
        desk.do(terminate_with_money, wish(case, ids[2], ids[3], 99))
    assert [problem.field for problem in caught.value.problems] == [cancel_field(ids[3]), cancel_field(99)]
    assert len(left(case)) == 4
    with pytest.raises(Problems) as caught:
        desk.do(terminate_with_money, wish(case, ids[2], last=date(2028, 1, 1)))
    assert [problem.field for problem in caught.value.problems] == ["ends_on"]
    assert len(left(case)) == 4
