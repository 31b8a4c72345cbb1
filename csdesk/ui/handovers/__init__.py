"""Handovers in the window: the list of all, the record on the account page, promises as tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _list(context: Context) -> Page:
    from csdesk.ui.handovers.page import HandoversPage

    return HandoversPage(context)


FEATURE = Feature("handovers", N_("Handovers"), "people", _list, group="occasional")
