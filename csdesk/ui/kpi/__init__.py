"""Figures and reports in the window: the dashboard of customer success."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _page(context: Context) -> Page:
    from csdesk.ui.kpi.page import DashboardPage

    return DashboardPage(context)


FEATURE = Feature("kpi", N_("Figures and reports"), "figures", _page, "Ctrl+7")
