"""What holds for every section, empty and filled, in the smallest window that is promised."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from csdesk.services.core.desk import Desk
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.visits.commands import SetTravelTime, set_travel_time
from csdesk.ui.gallery import settle
from csdesk.ui.settings.page import SECTIONS, SettingsPage
from tests.ui.conftest import Opening
from tests.ui.hands import go
from tests.ui.walkers import check_inside, check_named, check_plain_tips, check_room


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Ways, days and absences with long names and markup in them."""
    long = "A very long name of a place <b>bold</b> " * 3
    desk.do(set_travel_time, SetTravelTime(long, "上海", 70))
    holidays = [["2027-01-04", long], ["2027-01-09", ""]]
    away = [{"from": "2026-12-01", "to": "2026-12-03", "note": long, "visits": 1}]
    values = {"visits.home": long, "user.name": long, "visits.holidays": holidays, "visits.absences": away}
    desk.do(change_settings, ChangeSettings(values))
    return desk


def check_section(qtbot: QtBot, opening: Opening, key: str) -> None:
    """Go there at 1000 × 600 and walk through it."""
    window = opening()
    window.setGeometry(0, 0, 1000, 600)
    page = go(qtbot, window, SettingsPage, "settings", section=key)
    settle(window)
    assert (window.width(), window.height()) == (1000, 600)
    assert page.section.area.widget().width() <= page.section.area.width()
    check_named(page)
    check_plain_tips(page)
    check_inside(page)
    check_room(page)


@pytest.mark.parametrize("key", SECTIONS)
def test_an_empty_section_finds_room(qtbot: QtBot, opening: Opening, key: str) -> None:
    check_section(qtbot, opening, key)


@pytest.mark.parametrize("key", SECTIONS)
def test_a_filled_section_finds_room(qtbot: QtBot, filled: Desk, opening: Opening, key: str) -> None:
    check_section(qtbot, opening, key)
