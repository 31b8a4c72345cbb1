"""About: diagnostics to copy, the licences."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from csdesk import __version__
from csdesk.ui.core.help import About, KeySheet
from csdesk.ui.settings.about import AboutSection
from csdesk.ui.settings.page import SettingsPage
from tests.ui.conftest import Opening
from tests.ui.hands import asked, button, check_told, click, go


def test_diagnostics_folders_keys_and_licences(qtbot: QtBot, opening: Opening) -> None:
    window = opening()
    section = go(qtbot, window, SettingsPage, "settings", section="about").section
    assert isinstance(section, AboutSection)
    click(qtbot, section.copy)
    copied = QGuiApplication.clipboard().text()
    assert __version__ in copied
    assert str(window.context.desk.database.path.parent) in copied
    check_told(section, "OFL-1.1")
    click(qtbot, button(section, "Folders…"))
    asked(qtbot, About).close()
    click(qtbot, button(section, "Keys"))
    asked(qtbot, KeySheet).close()
