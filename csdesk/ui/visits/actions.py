"""What can be done on the visit plan's page: the menu, the palette and the keys are made from this."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from csdesk.models.vocabulary import VisitKind, VisitState
from csdesk.services.core.texts import N_
from csdesk.services.visits.conflicts import other_at_that_time
from csdesk.ui.core.actions import Action
from csdesk.ui.visits.periods import KEYS, View

if TYPE_CHECKING:
    from csdesk.services.visits.cards import VisitCard
    from csdesk.ui.visits.page import VisitsPage

SHOW = {
    View.WEEK: N_("Show the week"),
    View.MONTH: N_("Show the month"),
    View.QUARTER: N_("Show the quarter"),
    View.AGENDA: N_("Show the list of visits"),
}


def page_actions(page: VisitsPage) -> list[Action]:
    """The actions of the page, those about one visit last."""
    verbs, calendars = page.verbs, page.calendars

    def act(
        key: str, text: str, run: Any, shortcut: str = "", icon: str = "", enabled: Any = None, **more: Any
    ) -> Action:
        return Action(f"visits.{key}", text, run, icon, shortcut, "visit", (page.key,), 2, enabled, **more)

    def has(test: Any) -> Any:
        def enabled() -> bool:
            card = page.current()
            return card is not None and bool(test(card))

        return enabled

    def planned(card: VisitCard) -> bool:
        return card.state == VisitState.PLANNED

    def is_onsite(card: VisitCard) -> bool:
        return planned(card) and card.kind == VisitKind.ONSITE

    def has_other(card: VisitCard) -> bool:
        return page.shown is not None and planned(card) and other_on_its_day(page, card) is not None

    def may_put_off() -> bool:
        card = page.current()
        return page.side.chosen_account() is not None or (card is not None and planned(card))

    def may_remove() -> bool:
        return page.current() is not None or page.side.chosen_skip() is not None

    views = [
        act(f"view.{view.value}", SHOW[view], partial(page.show_view, view), KEYS[view],
            checked=partial(lambda shown, wanted: shown.mode is wanted, page, view))
        for view in View
    ]  # fmt: skip
    return [
        act("new", N_("New visit"), verbs.new, "V", "plus"),
        act("draft", N_("Draft by rules"), page.draft_plan, "R", "undo"),
        act("confirm", N_("Confirm plan"), page.confirm_plan, "Ctrl+Return", "check"),
        act("calendar", N_("Export .ics"), page.export_calendar, "", "calendar"),
        *views,
        act("before", N_("The days before"), page.turn_back, "[", "back"),
        act("after", N_("The days after"), page.turn_on, "]", "forward"),
        act("this", N_("To today"), page.turn_to_today, "0"),
        act("rules", N_("Look at the rules"), page.show_rules),
        act("figures", N_("Figures of these days"), page.show_figures, "K"),
        *calendars.actions(act),
        act("one.prepare", N_("Prepare visit"), verbs.prepare, "P", "note", has(lambda card: True)),
        act("one.edit", N_("Edit visit"), verbs.edit, "E", "edit", has(lambda card: True)),
        act("one.done", N_("Record visit"), verbs.record, "D", "check", has(planned)),
        act("one.move", N_("Move to another day"), verbs.move_by_form, "F2", "arrow", has(planned)),
        act("one.later", N_("Put off"), verbs.put_off, "S", "snooze", may_put_off),
        act("one.online", N_("Hold it online"), verbs.hold_online, "", "online", has(is_onsite)),
        act("one.next_week", N_("Move to next week"), verbs.move_a_week, "", "forward", has(planned)),
        act("one.join", N_("One meeting with the visit at the same time"), verbs.join, "J", "people", has(has_other)),
        act("one.part", N_("A meeting of its own"), verbs.part, "", "", has(lambda card: card.joint_id is not None)),
        act("one.account", N_("Open the account"), verbs.open_account, "", "accounts", has(lambda card: True)),
        act("one.cancel", N_("Cancel visit"), verbs.cancel, "", "close", has(planned)),
        act("one.missed", N_("Visit did not happen"), verbs.missed, "", "", has(planned)),
        act("one.remove", N_("Remove visit"), verbs.remove, "Delete", "trash", may_remove),
        act("one.end", N_("End the series with this visit"), verbs.end_series, "Shift+Delete", "",
            has(lambda card: card.series_id is not None and planned(card))),
    ]  # fmt: skip


def other_on_its_day(page: VisitsPage, card: VisitCard) -> VisitCard | None:
    """The visit of the same day that overlaps this one."""
    days = page.shown.days if page.shown is not None else ()
    return next((other_at_that_time(card, day.visits) for day in days if day.day == card.day), None)
