"""What holds for every section, empty and filled, in the smallest window that is promised."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.visits.commands import SetTravelTime, set_travel_time
from csdesk.ui.core import theme
from csdesk.ui.core.window import MainWindow
from csdesk.ui.settings.page import SECTIONS, SettingsPage
from tests.conftest import desk_over
from tests.ui.conftest import window_over
from tests.ui.walkers import check_inside, check_named, check_plain_tips, check_room, walk_to


@pytest.fixture(scope="module")
def empty_window(qapp: QApplication, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """One window over an empty store, to walk through."""
    theme.apply(qapp, "light", 100)
    with desk_over(template, tmp_path_factory.mktemp("empty") / "data") as desk, window_over(desk) as made:
        yield made


@pytest.fixture(scope="module")
def full_window(qapp: QApplication, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """One window over ways, days and absences with long names and markup in them, to walk through."""
    theme.apply(qapp, "light", 100)
    with desk_over(template, tmp_path_factory.mktemp("full") / "data") as desk:
        long = "A very long name of a place <b>bold</b> " * 3
        desk.do(set_travel_time, SetTravelTime(long, "上海", 70))
        holidays = [["2027-01-04", long], ["2027-01-09", ""]]
        away = [{"from": "2026-12-01", "to": "2026-12-03", "note": long, "visits": 1}]
        values = {"visits.home": long, "user.name": long, "visits.holidays": holidays, "visits.absences": away}
        desk.do(change_settings, ChangeSettings(values))
        with window_over(desk) as made:
            yield made


def check_section(window: MainWindow, key: str) -> None:
    """Go there at 1000 × 600 and walk through it."""
    page = walk_to(window, "settings", section=key)
    assert isinstance(page, SettingsPage)
    assert (window.width(), window.height()) == (1000, 600)
    assert page.section.area.widget().width() <= page.section.area.width()
    check_named(page)
    check_plain_tips(page)
    check_inside(page)
    check_room(page)


@pytest.mark.parametrize("key", SECTIONS)
def test_an_empty_section_finds_room(light: None, empty_window: MainWindow, key: str) -> None:
    check_section(empty_window, key)


@pytest.mark.parametrize("key", SECTIONS)
def test_a_filled_section_finds_room(light: None, full_window: MainWindow, key: str) -> None:
    check_section(full_window, key)
