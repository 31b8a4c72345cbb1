"""Renewals are moved on, decided, taken back; what follows is written with them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from csdesk.models.vocabulary import RenewalCategory, RenewalCause, RenewalStage
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.queries import contracts_of
from csdesk.services.contracts.rules import ContractFields, LineFields
from csdesk.services.core.errors import Conflict
from csdesk.services.core.money import anniversary
from csdesk.services.kpi.figures import figures
from csdesk.services.kpi.movements import Move, bridge
from csdesk.services.kpi.rules import Period
from csdesk.services.receivables.commands import EnterPayment, PlanInstalments, enter_payment, plan_instalments
from csdesk.services.receivables.queries import contract_money
from csdesk.services.receivables.rules import AS_BEFORE, Instalment, PaymentFields
from csdesk.services.renewals.commands import (
    ChangeForecast,
    RecordLoss,
    RecordRenewal,
    RenewMany,
    SetRenewals,
    change_forecast,
    foretold,
    record_loss,
    record_renewal,
    renew_many,
    set_renewals,
)
from csdesk.services.renewals.queries import proposal, renewal
from csdesk.services.renewals.rules import ForecastFields, OutcomeFields, Split
from tests.conftest import TODAY
from tests.services.renewals.conftest import Book


def outcome(book: Book, name: str, amount: int, **more: object) -> OutcomeFields:
    """A renewal at the proposed terms, for another amount."""
    found = book.ask(proposal, book.contracts[name], TODAY)
    given = {
        "number": found.number,
        "start_on": found.start_on,
        "end_on": found.end_on,
        "amount": Decimal(amount),
    } | more
    return OutcomeFields(True, TODAY, **given)  # type: ignore[arg-type]


def test_stage_and_category_of_many_are_one_step(book: Book) -> None:
    ids = (book.sign("Ada", 20), book.sign("Bee", 40))
    done = book.desk.do(set_renewals, SetRenewals(ids, {"stage": RenewalStage.CONTACTED, "category": "commit"}))
    assert done.step.text == "Renewals changed: Ada, Bee"
    assert [(card.stage, card.category) for card in book.cards()] == [("contacted", "commit")] * 2
    book.desk.undo()
    assert [(card.stage, card.category) for card in book.cards()] == [("not_started", None)] * 2
    book.desk.redo()
    assert {card.category for card in book.cards()} == {"commit"}


def test_signed_and_lost_come_with_the_outcome_alone(book: Book) -> None:
    ids = (book.sign("Ada", 20),)
    assert book.refused(set_renewals, SetRenewals(ids, {"stage": RenewalStage.SIGNED})) == ["stage"]
    assert book.refused(set_renewals, SetRenewals(ids, {"category": "sure"})) == ["category"]
    book.desk.do(record_loss, RecordLoss(ids, RenewalCause.PRICE))
    assert book.refused(set_renewals, SetRenewals(ids, {"category": "likely"})) == [""]
    assert book.card("Ada").shown_stage == RenewalStage.LOST


def test_a_forecast_is_kept_and_guards_against_what_changed(book: Book) -> None:
    contract = book.sign("Ada", 20)
    version = book.card("Ada").version
    fields = ForecastFields(RenewalCategory.LIKELY, Decimal(100_000), TODAY + timedelta(9), None, "Ask")
    book.desk.do(change_forecast, ChangeForecast(contract, fields, version))
    card = book.card("Ada")
    assert (card.category, card.forecast_cents, card.target_cents) == ("likely", 100_000_00, 120_000_00)
    assert (card.closes_on, card.step) == (TODAY + timedelta(9), "Ask")
    with pytest.raises(Conflict):
        book.desk.do(change_forecast, ChangeForecast(contract, fields, version))


@pytest.mark.parametrize(
    ("amount", "made"),
    [(120_000, Split(120_000_00)), (144_000, Split(120_000_00, 24_000_00)), (84_000, Split(84_000_00, 0, 36_000_00))],
)
def test_an_outcome_splits_by_itself_and_makes_the_next_contract(book: Book, amount: int, made: Split) -> None:
    contract = book.sign("Ada", 20)
    fields = outcome(book, "Ada", amount, cause=RenewalCause.VALUE, reason="Saves a day a week")
    assert foretold(book.ask(proposal, contract, TODAY), fields) == made
    done = book.desk.do(record_renewal, RecordRenewal(contract, fields))
    following, found = done.value
    assert found == made
    view = book.ask(renewal, contract, TODAY)
    assert (view.card.state, view.card.shown_stage, view.card.final_cents) == ("renewed", "signed", amount * 100)
    assert (view.cause, view.reason) == ("value", "Saves a day a week")
    after = {row.id: row for row in view.terms}[following]
    assert (after.predecessor_id, after.amount) == (contract, Decimal(amount))
    assert after.start_on == view.card.end_on + timedelta(1)


def test_the_step_says_how_it_split_and_undo_takes_all_of_it_back(book: Book) -> None:
    contract = book.sign("Ada", 20)
    done = book.desk.do(record_renewal, RecordRenewal(contract, outcome(book, "Ada", 144_000)))
    assert done.step.text == "Ada renewed at 144,000 a year: 120,000 kept, 0 by an agreed rise, 24,000 more, 0 less"
    book.desk.undo()
    assert book.card("Ada").is_open
    assert len(book.ask(contracts_of, book.accounts["Ada"])) == 1


@pytest.mark.parametrize(
    ("amount", "rise"), [(126_000, 6_000), (144_000, 6_000), (124_000, 6_000), (110_000, 6_000), (144_000, 0)]
)
def test_the_sentence_and_the_figures_split_alike(book: Book, amount: int, rise: int) -> None:
    contract = book.sign("Ada", 20)
    fields = outcome(book, "Ada", amount, agreed_rise=Decimal(rise) or None)
    told = foretold(book.ask(proposal, contract, TODAY), fields)
    _made, said = book.desk.do(record_renewal, RecordRenewal(contract, fields)).value
    assert told == said
    start = fields.start_on
    assert start is not None
    of_start, of_end = Period(start, start), Period(start - timedelta(1), start - timedelta(1))
    bars = {bar.move: bar.cents for bar in book.ask(bridge, of_start, TODAY).bars}
    assert (bars[Move.PRICE_RISE], bars[Move.EXPANSION]) == (said.price_rise, said.expansion)
    assert bars[Move.CONTRACTION] == -said.contraction
    assert book.ask(figures, of_start, TODAY)["expansion"].numerator == said.expansion
    by_amount = book.ask(figures, of_end, TODAY)["renewal_rate_by_amount"]
    assert (by_amount.numerator, by_amount.denominator) == (said.renewed, 120_000_00)


def test_a_two_year_term_renewed_for_one_at_half_is_renewed_in_full(book: Book) -> None:
    contract = book.sign("Ada", 20, 240_000, months=24)
    found = book.ask(proposal, contract, TODAY)
    assert found.amount == Decimal(240_000)
    year = found.start_on.replace(year=found.start_on.year + 1) - timedelta(1)
    done = book.desk.do(record_renewal, RecordRenewal(contract, outcome(book, "Ada", 120_000, end_on=year)))
    assert done.value[1] == Split(120_000_00)


def test_a_contract_is_not_renewed_twice(book: Book) -> None:
    contract = book.sign("Ada", 20)
    fields = outcome(book, "Ada", 120_000)
    book.desk.do(record_renewal, RecordRenewal(contract, fields))
    assert book.refused(record_renewal, RecordRenewal(contract, fields)) == ["predecessor_id"]
    assert book.refused(renew_many, RenewMany((contract,))) == ["predecessor_id"]
    assert len(book.ask(contracts_of, book.accounts["Ada"])) == 2


def test_many_are_renewed_at_the_same_terms_or_none(book: Book) -> None:
    ids = (book.sign("Ada", 20, 9_000), book.sign("Bee", 40, 12_000))
    done = book.desk.do(renew_many, RenewMany(ids))
    assert len(done.value) == 2
    assert {card.account: card.final_cents for card in book.cards() if not card.is_open} == {
        "Ada": 9_000_00, "Bee": 12_000_00,
    }  # fmt: skip
    third = book.sign("Cid", 50)
    book.refused(renew_many, RenewMany((third, ids[0])))
    assert book.card("Cid").is_open
    book.desk.undo_step(done.step.id)
    assert all(card.is_open for card in book.cards())


def test_a_loss_keeps_its_cause_and_leaves_the_forecast(book: Book) -> None:
    ids = (book.sign("Ada", 20), book.sign("Bee", 40))
    book.desk.do(record_loss, RecordLoss(ids, RenewalCause.COMPETITOR, "A cheaper one", date(2026, 11, 20)))
    view = book.ask(renewal, ids[0], TODAY)
    assert (view.cause, view.reason, view.card.decided_on) == ("competitor", "A cheaper one", date(2026, 11, 20))
    assert [card.shown_stage for card in book.cards()] == ["lost", "lost"]


def money(book: Book, contract: int) -> list[tuple[date | None, int]]:
    """The instalments of a contract: day and whole yuan."""
    return [(row.due_on, row.amount // 100) for row in book.ask(contract_money, contract, TODAY).money.instalments]


@pytest.fixture
def halves(book: Book) -> int:
    """A contract of 120,000 that was paid a third at the start and the rest after half a year."""
    contract = book.sign("Ada", 20)
    start = book.ask(contracts_of, book.accounts["Ada"])[0].start_on
    assert start is not None
    rows = (Instalment(start, Decimal(40_000)), Instalment(anniversary(start, 6), Decimal(80_000)))
    book.desk.do(plan_instalments, PlanInstalments(contract, rows))
    return contract


def test_what_follows_is_paid_as_before_in_the_same_step(book: Book, halves: int) -> None:
    found = book.ask(proposal, halves, TODAY)
    assert found.rhythm == AS_BEFORE
    fields = outcome(book, "Ada", 150_000, rhythm=found.rhythm)
    made, _split = book.desk.do(record_renewal, RecordRenewal(halves, fields)).value
    assert money(book, made) == [(found.start_on, 50_000), (anniversary(found.start_on, 6), 100_000)]
    book.desk.undo()
    assert (money(book, made), len(money(book, halves))) == ([], 2)


def test_it_may_be_paid_otherwise_or_not_planned_yet(book: Book, halves: int) -> None:
    wish = RecordRenewal(halves, outcome(book, "Ada", 120_000, rhythm="quarterly"))
    made, _split = book.desk.do(record_renewal, wish).value
    assert [amount for _day, amount in money(book, made)] == [30_000] * 4
    book.desk.undo()
    made, _split = book.desk.do(record_renewal, RecordRenewal(halves, outcome(book, "Ada", 120_000))).value
    assert money(book, made) == []
    book.desk.undo()
    free = RecordRenewal(halves, outcome(book, "Ada", 0, rhythm="quarterly"))
    assert book.refused(record_renewal, free) == ["rhythm"]
    assert book.card("Ada").is_open


def test_many_are_paid_as_before(book: Book, halves: int) -> None:
    bare = book.sign("Bee", 30)
    first, second = book.desk.do(renew_many, RenewMany((halves, bare))).value
    assert ([amount for _day, amount in money(book, first)], money(book, second)) == ([40_000, 80_000], [])


def test_a_rise_is_at_most_what_follows(book: Book) -> None:
    contract = book.sign("Ada", 20)
    fields = outcome(book, "Ada", 120_000, agreed_rise=Decimal(120_001))
    assert book.refused(record_renewal, RecordRenewal(contract, fields)) == ["agreed_rise"]


def test_at_the_same_price_no_cent_is_won_or_lost(book: Book) -> None:
    book.sign("Ada", 20)
    start, end = TODAY - timedelta(200), TODAY + timedelta(13)
    lines = (
        LineFields(None, "Core", 10, Decimal("10.01")), LineFields(None, "Chat", 3, Decimal("20.03")),
        LineFields(None, "Call", 1, Decimal("33.34")),
    )  # fmt: skip
    fields = ContractFields("ODD", start_on=start, end_on=end, amount=Decimal("63.38"), lines=lines)
    contract = book.desk.do(create_contract, NewContract(book.accounts["Ada"], fields)).value
    found = book.ask(proposal, contract, TODAY)
    same = OutcomeFields(True, TODAY, None, "", "ODD-2", found.start_on, found.end_on, found.amount)
    assert foretold(found, same) == Split(found.arr_cents)
    _made, said = book.desk.do(record_renewal, RecordRenewal(contract, same)).value
    assert said == Split(found.arr_cents)


def test_the_side_page_counts_money_that_names_no_instalment(book: Book, halves: int) -> None:
    book.desk.do(enter_payment, EnterPayment(halves, PaymentFields(TODAY, Decimal(50_000))))
    view = book.ask(renewal, halves, TODAY)
    assert (view.open_cents, view.overdue_cents) == (70_000_00, 70_000_00)
