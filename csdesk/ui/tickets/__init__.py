"""Requirements in the window: demands on their way to product and back, with the tickets that ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.actions import Action
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _telling(context: Context) -> Page:
    from csdesk.ui.tickets.telling import TellingPage

    return TellingPage(context)


def _releases(context: Context) -> Page:
    from csdesk.ui.tickets.releases import ReleasesPage

    return ReleasesPage(context)


def _release_actions(context: Context) -> list[Action]:
    def new() -> None:
        from csdesk.ui.tickets.release_forms import new_release

        new_release(context)

    return [Action("releases.new", N_("New release"), new, "", "", "account", section=1, new=True)]


TELLING = Feature("telling", N_("To tell"), "mail", _telling, group="occasional")
RELEASES = Feature("releases", N_("Releases"), "export", _releases, group="occasional", actions=_release_actions)
