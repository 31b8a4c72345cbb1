"""Renewals in the window: what ends, how sure we are of it, what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _page(context: Context) -> Page:
    from csdesk.ui.renewals.page import RenewalsPage

    return RenewalsPage(context)


FEATURE = Feature("renewals", N_("Renewals"), "renewals", _page, "Ctrl+5")
