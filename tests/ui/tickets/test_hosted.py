"""Tickets and bugs stand in the segments of the page."""
from PySide6.QtCore import Qt
from csdesk.ui.tickets.page import RequirementsPage
from tests.ui.hands import go, arrived, click, press
from tests.ui.tickets.test_board import board
def test_hosted(qtbot, opening, asked):
    window = opening()
    page = board(qtbot, window)
    page.segments.step(1)
    qtbot.waitUntil(lambda: page.hosted["tickets"].table.model_.rowCount() == 12)
    assert page.hosted["tickets"].table.isVisible()
    assert not page.board.isVisible()
    here = {a.key for a in window.context.actions.here()}
    assert "ticket.move" in here and "demands.send" not in here
    window.context.go.to("accounts")
    window.context.go.back()
    page = arrived(qtbot, window, RequirementsPage)
    qtbot.waitUntil(lambda: page.hosted["tickets"].table.isVisible())
    window = opening()
    page = arrived(qtbot, window, RequirementsPage)
    qtbot.waitUntil(lambda: "tickets" in page.hosted and page.hosted["tickets"].table.model_.rowCount() == 12)
    window.context.go.to("tickets", view="late")
    qtbot.waitUntil(page.board.isVisible)
