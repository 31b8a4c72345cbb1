"""Tiers in the window: proposals to decide, and where the money comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _page(context: Context) -> Page:
    from csdesk.ui.tiers.page import TiersPage

    return TiersPage(context)


FEATURE = Feature("tiers", N_("Tiers"), "tiers", _page, group="occasional")
