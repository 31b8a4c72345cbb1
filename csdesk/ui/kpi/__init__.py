"""Figures and reports in the window: the dashboard of customer success."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.models.vocabulary import C_
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _page(context: Context) -> Page:
    from csdesk.ui.kpi.page import DashboardPage

    return DashboardPage(context)


FEATURE = Feature("kpi", C_("place", "Figures"), "figures", _page, "Ctrl+7")
