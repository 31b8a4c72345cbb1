"""Today in the window: what to do now, in order, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import C_
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _page(context: Context) -> Page:
    from csdesk.ui.today.page import TodayPage

    return TodayPage(context)


FEATURE = Feature("today", C_("place", "Today"), "today", _page, "Ctrl+1")
