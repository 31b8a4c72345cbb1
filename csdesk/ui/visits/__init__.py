"""Visit plans in the window: week, month, quarter and list, the page of one visit, records, forms, print, calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.actions import Action
from csdesk.ui.core.page import Drop, Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _page(context: Context) -> Page:
    from csdesk.ui.visits.page import VisitsPage

    return VisitsPage(context)


def _detail(context: Context) -> Page:
    from csdesk.ui.visits.detail import VisitPage

    return VisitPage(context)


def _typing_back(context: Context) -> Page:
    from csdesk.ui.visits.typing_back import TypingBackPage

    return TypingBackPage(context)


def _actions(context: Context) -> list[Action]:
    def type_back() -> None:
        context.go.to("records")

    return [Action("records.open", N_("Type visits back in"), type_back, "note", "Ctrl+Shift+D", "visit", section=1)]


FEATURE = Feature(
    "visits", N_("Visit plans"), "visits", _page, "Ctrl+3", detail=_detail,
    drops=(Drop((".ics",), N_("Take {name} in as your own calendar")),),
)  # fmt: skip
RECORDS = Feature("records", N_("Visit records"), "note", _typing_back, group="hidden", actions=_actions)
