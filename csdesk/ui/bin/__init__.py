"""The bin's place in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _page(context: Context) -> Page:
    from csdesk.ui.bin.page import BinPage

    return BinPage(context)


FEATURE = Feature("bin", N_("Bin"), "trash", _page, group="bottom")
