"""What stands on the board, in the list and in the forecast."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import text

from csdesk.models.kpi import ExchangeRate, Target
from csdesk.models.vocabulary import RenewalCause
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.desk import Desk
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.renewals.commands import RecordLoss, SetRenewals, record_loss, set_renewals
from csdesk.services.renewals.listings import VIEWS, renewals, view_counts
from csdesk.services.renewals.queries import board_view, card, forecast, proposal, renewal
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.visits.commands import AddVisit, add_visit
from tests.conftest import TODAY
from tests.services.renewals.conftest import Book


@command("rates and targets")
def set_figures(uow: UnitOfWork, rows: tuple[object, ...]) -> None:
    for row in rows:
        uow.add(row)  # type: ignore[type-var]


def test_what_ends_within_150_days_or_has_ended_stands_there(book: Book) -> None:
    for name, left in (("Late", -9), ("Soon", 0), ("Last", 150), ("Later", 151)):
        book.sign(name, left)
    assert [one.account for one in book.cards()] == ["Late", "Soon", "Last"]
    assert book.ask(card, book.contracts["Later"], TODAY).account == "Later"


def test_the_decided_ones_stay_a_while(book: Book) -> None:
    old, new = book.sign("Old", -31), book.sign("New", -30)
    book.desk.do(record_loss, RecordLoss((old, new), RenewalCause.OTHER))
    assert [one.account for one in book.cards()] == ["New"]


def test_a_grace_that_is_over_leaves_the_forecast(book: Book) -> None:
    book.sign("Gone", -31)
    book.sign("Late", -30)
    book.sign("Soon", 10)
    assert [one.lapsed for one in book.cards()] == [True, False, False]
    found = book.ask(forecast, TODAY, TODAY + timedelta(150))
    assert (found.count, found.target) == (2, 240_000_00)
    assert book.ask(forecast, TODAY, TODAY).count == 1


def test_settings_weigh_the_forecast_anew(book: Book) -> None:
    book.desk.do(set_renewals, SetRenewals((book.sign("Ada", 10),), {"category": "commit"}))
    assert book.ask(forecast, TODAY, TODAY + timedelta(150)).weighted == 114_000_00
    book.desk.do(change_settings, ChangeSettings({"renewals.weights.commit": 50}))
    assert book.ask(forecast, TODAY, TODAY + timedelta(150)).weighted == 60_000_00


def test_the_goal_is_that_of_the_shortest_period(book: Book, desk: Desk) -> None:
    book.sign("Ada", 10)
    year = Target(
        figure="renewal_rate_by_amount",
        starts_on=TODAY.replace(month=1, day=1),
        ends_on=TODAY.replace(month=12, day=31),
        value="0.9",
        notes="",
    )
    month = Target(
        figure="renewal_rate_by_amount",
        starts_on=TODAY.replace(day=1),
        ends_on=TODAY.replace(day=30),
        value="0.8",
        notes="",
    )
    desk.do(set_figures, (year,))
    assert book.ask(board_view, TODAY).goal == Decimal("0.9")
    desk.do(set_figures, (month,))
    found = book.ask(forecast, TODAY, TODAY + timedelta(150))
    assert found.goal == Decimal("0.8")
    assert found.missing == 96_000_00 - 84_000_00


def test_a_currency_counts_once_it_has_a_rate(book: Book, desk: Desk) -> None:
    book.sign("Ada", 10)
    book.sign("Dora", 20, 1_000, currency="USD")
    found = book.ask(forecast, TODAY, TODAY + timedelta(150))
    assert (found.count, found.target, found.without_rate) == (2, 120_000_00, 1)
    rates = tuple(
        ExchangeRate(currency="USD", valid_from=TODAY + timedelta(days), rate=rate)
        for days, rate in ((-90, "7"), (-5, "7.1"), (9, "8"))
    )
    desk.do(set_figures, rates)
    found = book.ask(forecast, TODAY, TODAY + timedelta(150))
    assert (found.target, found.without_rate) == (127_100_00, 0)
    assert book.card("Dora").target_cents == 1_000_00


def test_the_next_step_is_said_or_a_visit(book: Book) -> None:
    contract = book.sign("Ada", 40)
    assert (book.card("Ada").step, book.card("Ada").step_on) == ("", None)
    book.desk.do(add_visit, AddVisit(book.accounts["Ada"], TODAY + timedelta(2)))
    assert book.card("Ada").step_on == TODAY + timedelta(2)
    book.desk.do(set_renewals, SetRenewals((contract,), {"next_step": "Send the offer"}))
    assert (book.card("Ada").step, book.card("Ada").step_on) == ("Send the offer", None)


def test_views_count_what_they_list(book: Book) -> None:
    book.sign("Late", -3)
    near, far = book.sign("Near", 20), book.sign("Far", 140, 15_000)
    book.sign("Later", 300)
    lost = book.sign("Lost", 60)
    book.desk.do(record_loss, RecordLoss((lost,), RenewalCause.PRICE))
    book.desk.do(set_renewals, SetRenewals((near,), {"category": "at_risk"}))
    counts = dict(
        zip(
            [key for key, _title, _filters in VIEWS],
            book.ask(view_counts, [f for _k, _t, f in VIEWS], TODAY),
            strict=True,
        )
    )
    assert counts == {"due": 3, "late": 1, "days_60": 2, "at_risk": 1, "unjudged": 2, "by_itself": 0, "decided": 1}
    listing = renewals()
    assert book.ask(listing.ids, Query(filters=(Filter("below", 2_000_000),)), TODAY) == [far]
    assert book.ask(listing.ids, Query("near"), TODAY) == [near]
    assert book.ask(listing.ids, Query(filters=(Filter("stage", "lost"),)), TODAY) == [lost]
    assert book.ask(listing.totals, Query(), TODAY)["target"] == 495_000_00


def test_every_column_sorts(book: Book) -> None:
    for place, name in enumerate(("Ada", "Bee", "Cid")):
        book.sign(name, 20 + place)
    listing = renewals()
    for column in listing.columns:
        for descending in (False, True):
            assert len(book.ask(listing.ids, Query(sort=column.key, descending=descending), TODAY)) == 3


def test_a_proposal_follows_at_the_same_price(book: Book) -> None:
    contract = book.sign("Ada", 20)
    found = book.ask(proposal, contract, TODAY)
    assert found.start_on == TODAY + timedelta(21)
    assert (found.amount, found.seats, found.arr_cents) == (Decimal(120_000), 20, 120_000_00)
    assert found.number != "HT-Ada"


def test_a_contract_in_the_bin_is_nowhere(book: Book, desk: Desk) -> None:
    contract = book.sign("Ada", 20)
    assert book.ask(renewal, contract, TODAY) is not None
    from csdesk.services.contracts.commands import DeleteContract, delete_contract

    desk.do(delete_contract, DeleteContract(contract))
    assert book.cards() == []
    assert book.ask(renewal, contract, TODAY) is None
    with desk.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM contracts")) == 1
