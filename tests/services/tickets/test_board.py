"""The board's head, the list that follows the settings, and what forms offer."""

from __future__ import annotations

from datetime import date, timedelta

from csdesk.models.vocabulary import Decision, Severity, TicketKind
from csdesk.services.core.columns import Filter, Query
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.tickets.board import board_view, demand_counts, demand_listing
from csdesk.services.tickets.choices import choices, merge_candidates
from csdesk.services.tickets.commands import MoveTickets, move_tickets
from csdesk.services.tickets.demands import Demands, MergeDemands, Review, merge_demands, review_demand, send_demands
from csdesk.services.tickets.likeness import StoreLikeness
from tests.conftest import TODAY
from tests.services.tickets.conftest import Loop

LONG_AGO = date(2026, 10, 8)


def test_the_head_counts_and_names_what_product_has_not_seen(loop: Loop) -> None:
    one = loop.demand_of(loop.ask("A1"))
    loop.ask("B1", join=one)
    other = loop.demand_of(loop.ask("A1", "Export"))
    loop.desk.do(send_demands, Demands((other,)))
    with loop.desk.read() as connection:
        view = board_view(connection, TODAY)
    assert (view.demands, view.tickets, view.accounts, view.late_bugs) == (2, 3, 2, 0)
    assert view.to_send == (one,)
    assert [card.column for card in view.cards] == ["to_review", "in_review"]
    assert view.answer_days == 10


def test_bugs_are_late_without_an_answer_and_after_the_promised_day(loop: Loop) -> None:
    bug = {"kind": TicketKind.BUG, "seen": "blank", "severity": Severity.SERIOUS, "reported_on": LONG_AGO}
    loop.ask("A1", "no answer", **bug)
    promised, kept = (loop.ask("A2", words, **bug) for words in ("broken promise", "still time"))
    loop.desk.do(move_tickets, MoveTickets((promised,), "accept", planned_on=TODAY - timedelta(1)))
    loop.desk.do(move_tickets, MoveTickets((kept,), "accept", planned_on=TODAY))
    with loop.desk.read() as connection:
        assert board_view(connection, TODAY).late_bugs == 2


def test_the_list_follows_the_settings(loop: Loop) -> None:
    asked = loop.demand_of(loop.ask("A1", reported_on=TODAY - timedelta(7)))
    listing, late = demand_listing(TODAY), (Filter("late"),)
    with loop.desk.read() as connection:
        assert listing.ids(connection, Query(filters=late), TODAY) == []
    loop.desk.do(change_settings, ChangeSettings({"tickets.answer_days": 2}))
    with loop.desk.read() as connection:
        assert listing.ids(connection, Query(filters=late), TODAY) == [asked]
        assert listing.rows(connection, [asked])[asked][0] == "D-0001"
        assert listing.count(connection, Query(filters=late), TODAY) == 1
        assert listing.totals(connection, Query(), TODAY)["accounts"] == 1
        assert listing.totals_of(connection, [asked])["count"] == 1
        assert demand_counts(connection, [late, ()], TODAY) == [1, 1]


def test_merging_offers_the_likeliest_first_and_no_merged_one(loop: Loop) -> None:
    first = loop.demand_of(loop.ask("A1", "Reports by shift"))
    like = loop.demand_of(loop.ask("A2", "Our reports should be by shifts"))
    other = loop.demand_of(loop.ask("A3", "Scan faster"))
    gone = loop.demand_of(loop.ask("A4", "Scan in the dark"))
    loop.desk.do(merge_demands, MergeDemands((gone,), other))
    with loop.desk.read() as connection:
        found = merge_candidates(connection, (first,), StoreLikeness(loop.desk).alike)
    assert [one.id for one in found] == [like, other]
    assert [one.accounts for one in found] == [1, 2]
    assert found[0].likeness > 0.5 > found[1].likeness


def test_forms_complete_from_what_was_used(loop: Loop) -> None:
    one, other = (loop.demand_of(loop.ask("A1", words, module="Reports")) for words in ("Shift", "Export"))
    for demand, release in ((one, "V5"), (other, "V6")):
        yes = Review(demand, Decision.ACCEPTED, by="Wang", release=release, planned_on=TODAY + timedelta(9))
        loop.desk.do(review_demand, yes)
    with loop.desk.read() as connection:
        offered = choices(connection)
    assert set(offered.releases) == {"V5", "V6"}
    assert (offered.reviewers, offered.modules) == (("Wang",), ("Reports",))
