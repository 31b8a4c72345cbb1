"""Tickets and bugs stand in the segments of the requirements page, with their verbs in its menu."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from csdesk.ui.tickets.page import RequirementsPage
from tests.ui.conftest import Opening
from tests.ui.hands import arrived
from tests.ui.tickets.test_board import board


def test_the_list_of_bugs_stands_in_its_segment(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = board(qtbot, window)
    page.show_segment("bugs")
    qtbot.waitUntil(lambda: page.hosted["bugs"].isVisible())
    assert not page.board.isVisible()
    here = {action.key for action in window.context.actions.here()}
    assert "ticket.move" in here
    assert "demands.send" not in here
    window.context.go.to("accounts")
    window.context.go.back()
    arrived(qtbot, window, RequirementsPage)
    assert page.hosted["bugs"].isVisible()
