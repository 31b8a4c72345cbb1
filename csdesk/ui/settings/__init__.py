"""The settings' place in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _page(context: Context) -> Page:
    from csdesk.ui.settings.page import SettingsPage

    return SettingsPage(context)


FEATURE = Feature("settings", N_("Settings"), "settings", _page, shortcut="Ctrl+,", group="bottom")
