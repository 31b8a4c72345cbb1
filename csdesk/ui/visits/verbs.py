"""What a person does with one visit on the page: each sends a command or opens the form that does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from csdesk.models.vocabulary import VisitKind, VisitState
from csdesk.ui.visits.actions import other_on_its_day

if TYPE_CHECKING:
    from csdesk.services.visits.cards import VisitCard
    from csdesk.ui.core.context import Context
    from csdesk.ui.visits.page import VisitsPage


class VisitVerbs:
    """Acts on the chosen visit of a page, or on the one that is named."""

    def __init__(self, context: Context, page: VisitsPage) -> None:
        self.context, self.page = context, page

    def new(self) -> None:
        """Plan a visit by hand on the chosen day."""
        from csdesk.ui.visits.forms import new_visit

        day = self.page.current_view.current_day() or self.page.day
        new_visit(self.context, None, max(day, self.context.clock.today()), self.page)

    def open(self, visit_id: int) -> None:
        """Open its form."""
        from csdesk.ui.visits.forms import edit_visit_form

        card = self.page.card(visit_id)
        if card is not None:
            edit_visit_form(self.context, card, self.page)

    def edit(self) -> None:
        """Open the chosen visit's form."""
        card = self.page.current()
        if card is not None:
            self.open(card.id)

    def move(self, visit_id: int, day: date) -> None:
        """To another day; a visit of a confirmed plan asks for the reason first."""
        from csdesk.services.visits.commands import MoveVisit, move_visit
        from csdesk.ui.visits.moving_form import move_form

        card = self.page.card(visit_id)
        if card is None or card.day == day or card.state != VisitState.PLANNED:
            return
        self.page.keep(visit_id)
        if card.is_confirmed:
            move_form(self.context, card, day, self.page)
        else:
            self.context.runner.do(move_visit, MoveVisit(visit_id, day, version=card.version))

    def move_by_form(self) -> None:
        """Ask for the day."""
        from csdesk.ui.visits.moving_form import move_form

        card = self.page.current()
        if card is not None:
            self.page.keep(card.id)
            move_form(self.context, card, card.day or self.context.clock.today(), self.page)

    def place(self, account_id: int, day: date) -> None:
        """Give one who found no place a day."""
        from csdesk.services.visits.drafting import PlaceLeftOut, place_left_out

        left_out = self.page.view.left_out if self.page.view is not None else ()
        entry = next((card for card in left_out if card.account_id == account_id), None)
        if entry is not None:
            self.context.runner.do(place_left_out, PlaceLeftOut(entry.plan_id, account_id, day))

    def put_off(self) -> None:
        """Do not propose the chosen account up to a day."""
        from csdesk.ui.visits.moving_form import put_off_form

        account, card = self.page.side.chosen_account(), self.page.current()
        if account is not None and self.page.view is not None:
            name = next((one.account for one in self.page.view.left_out if one.account_id == account), "")
            put_off_form(self.context, account, name, None, self.page)
        elif card is not None:
            put_off_form(self.context, card.account_id, card.account, card, self.page)

    def hold_online(self) -> None:
        """Meet online instead of on site."""
        from csdesk.services.visits.commands import EditVisit, edit_visit

        card = self.page.current()
        if card is not None:
            self.page.keep(card.id)
            self.context.runner.do(edit_visit, EditVisit(card.id, card.version, VisitKind.ONLINE))

    def move_a_week(self) -> None:
        """The same weekday of the week after."""
        card = self.page.current()
        if card is not None and card.day is not None:
            self.move(card.id, card.day + timedelta(days=7))

    def prepare(self) -> None:
        """To the page of the visit."""
        card = self.page.current()
        if card is not None:
            self.context.go.to("visits", id=card.id)

    def record(self) -> None:
        """Write down what became of it."""
        from csdesk.ui.visits.record import record_form

        card = self.page.current()
        if card is not None:
            record_form(self.context, card.id, self.page)

    def open_account(self) -> None:
        """To the account's page."""
        card = self.page.current()
        if card is not None:
            self.context.go.to("accounts", id=card.account_id)

    def cancel(self) -> None:
        """Call it off."""
        from csdesk.ui.visits.forms import cancel_form

        card = self.page.current()
        if card is not None:
            cancel_form(self.context, card, self.page)

    def missed(self) -> None:
        """It did not take place."""
        from csdesk.services.visits.commands import MissVisit, miss_visit

        card = self.page.current()
        if card is not None:
            self.context.runner.do(miss_visit, MissVisit(card.id, version=card.version))

    def remove(self) -> None:
        """Out of the plan; an account that is put off is proposed again."""
        from csdesk.services.visits.commands import RemoveVisit, remove_visit
        from csdesk.services.visits.skipping import TakeBackSkip, take_back_skip

        card, skip = self.page.current(), self.page.side.chosen_skip()
        if skip is not None:
            self.context.runner.do(take_back_skip, TakeBackSkip(skip))
        elif card is not None:
            self.context.runner.do(remove_visit, RemoveVisit(card.id, card.version))

    def end_series(self) -> None:
        """This visit and those that follow it in its series."""
        from csdesk.services.visits.series import EndSeries, end_series

        card = self.page.current()
        if card is not None:
            self.context.runner.do(end_series, EndSeries(card.id, card.version))

    def join(self) -> None:
        """One meeting with the visit that stands at the same time."""
        from csdesk.services.visits.joint import JoinVisits, join_visits

        card = self.page.current()
        other = other_on_its_day(self.page, card) if card is not None else None
        if card is not None and other is not None:
            first, second = sorted((card, other), key=_begin)
            self.page.keep(card.id)
            self.context.runner.do(join_visits, JoinVisits(second.id, first.id, second.version))

    def part(self) -> None:
        """A meeting of its own again."""
        from csdesk.services.visits.joint import PartVisit, part_visit

        card = self.page.current()
        if card is not None:
            self.page.keep(card.id)
            self.context.runner.do(part_visit, PartVisit(card.id, card.version))

    def cancel_of_gone(self, accounts: tuple[int, ...]) -> None:
        """Call off what is planned with accounts that have left."""
        from csdesk.services.visits.leaving import CancelVisitsOfGone, cancel_visits_of_gone

        self.context.runner.do(cancel_visits_of_gone, CancelVisitsOfGone(accounts))


def _begin(card: VisitCard) -> tuple[str, int]:
    return card.starts_at, card.id
