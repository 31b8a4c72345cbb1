"""Nothing but the window itself opens while one walks through it: a stray part would flash and take the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.desk import Desk
from csdesk.ui.features import FEATURES
from csdesk.ui.gallery import settle
from tests.ui.conftest import Opening


class Watch(QObject):
    """Notes every widget that is shown as a window."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.seen: list[str] = []
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(f"{type(watched).__name__} {watched.accessibleName()}".strip())
        return False


def test_no_part_of_a_page_opens_as_a_window(qtbot: QtBot, qapp: QApplication, desk: Desk, opening: Opening) -> None:
    record = desk.do(create_account, NewAccount(AccountFields("Amber"))).value
    watch = Watch(qapp)
    window = opening()
    for feature in FEATURES:
        window.context.go.to(feature.key)
        settle(window)
    window.context.go.to("accounts", id=record)
    settle(window)
    qapp.removeEventFilter(watch)
    assert watch.seen == ["MainWindow"]
    assert window.isActiveWindow()
