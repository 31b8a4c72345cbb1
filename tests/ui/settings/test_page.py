"""The settings by key and click: sections, choices at once, rules saved in one step."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from csdesk.services.settings.queries import setting
from csdesk.ui.core.parts import Field
from csdesk.ui.core.theme import theme
from csdesk.ui.core.window import MainWindow
from csdesk.ui.settings.general import GeneralSection
from csdesk.ui.settings.page import SECTIONS, SettingsPage
from csdesk.ui.settings.visit_rules import RULES, VisitRulesSection
from tests.ui.conftest import Opening
from tests.ui.hands import CTRL, button, click, go, press, read, undo_by_toast


def window_of(widget: QWidget) -> MainWindow:
    """The window that a widget lies in."""
    found = widget.window()
    assert isinstance(found, MainWindow)
    return found


def test_the_arrows_go_through_the_sections(qtbot: QtBot, opening: Opening) -> None:
    window = opening()
    press(qtbot, Qt.Key.Key_Comma, CTRL)
    page = go(qtbot, window, SettingsPage, "settings")
    seen = [page.here]
    for _step in range(len(SECTIONS) - 1):
        press(qtbot, Qt.Key.Key_Down)
        seen.append(page.here)
        assert page.section.isVisible()
    assert seen == list(SECTIONS)


def test_the_safety_tile_leads_to_the_backups(qtbot: QtBot, opening: Opening) -> None:
    window = opening()
    click(qtbot, window.rail.tile)
    qtbot.waitUntil(lambda: window.pages.here == "settings")
    page = window.pages.page
    assert isinstance(page, SettingsPage)
    assert page.here == "data"


def test_the_section_is_found_again_after_a_restart(qtbot: QtBot, opening: Opening) -> None:
    page = go(qtbot, opening(), SettingsPage, "settings")
    page.list.choose("places")
    again = opening().pages.page
    assert isinstance(again, SettingsPage)
    assert again.here == "places"
    assert again.section.isVisible()


def general(qtbot: QtBot, opening: Opening) -> tuple[GeneralSection, SettingsPage]:
    page = go(qtbot, opening(), SettingsPage, "settings", section="general")
    section = page.section
    assert isinstance(section, GeneralSection)
    qtbot.waitUntil(lambda: section.ends_within.text() == "120")
    return section, page


def test_theme_and_size_change_at_once(qtbot: QtBot, opening: Opening) -> None:
    section, _page = general(qtbot, opening)
    preferences = section.context.preferences
    section.theme.step(1)
    assert (preferences.theme, theme().is_dark) == ("light", False)
    section.theme.step(1)
    assert (preferences.theme, theme().is_dark) == ("dark", True)
    section.zoom.step(1)
    assert preferences.zoom == 110
    preferences.set_zoom(90)
    assert section.zoom.current() == 90


def test_the_name_is_stored_when_the_field_is_left(qtbot: QtBot, opening: Opening) -> None:
    section, page = general(qtbot, opening)
    section.name.setFocus()
    qtbot.keyClicks(section.name, "Zhou")
    press(qtbot, Qt.Key.Key_Tab)
    window = window_of(page)
    assert undo_by_toast(qtbot, window) == "Settings changed"
    qtbot.waitUntil(lambda: section.name.text() == "")
    assert read(window, setting, "user.name") == ""


def test_days_out_of_bounds_are_told_at_the_field(qtbot: QtBot, opening: Opening) -> None:
    section, page = general(qtbot, opening)
    section.ends_within.setFocus()
    section.ends_within.selectAll()
    qtbot.keyClicks(section.ends_within, "0")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(section.wrong.isVisible)
    assert "730" in section.wrong.text()
    section.ends_within.selectAll()
    qtbot.keyClicks(section.ends_within, "90")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: read(window_of(page), setting, "today.ends_within") == 90)
    assert section.wrong.isHidden()


def rules(qtbot: QtBot, opening: Opening) -> VisitRulesSection:
    page = go(qtbot, opening(), SettingsPage, "settings", section="visits")
    section = page.section
    assert isinstance(section, VisitRulesSection)
    qtbot.waitUntil(lambda: number(section, "visits.per_day").text() == "4")
    return section


def number(section: VisitRulesSection, key: str) -> Field:
    field = section.fields[key]
    assert isinstance(field, Field)
    return field


def write(qtbot: QtBot, field: Field, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def test_every_rule_has_a_field() -> None:
    assert {"visits.per_day", "visits.share.C", "contact.cadence.B", "visits.kind.C"} <= {rule.key for rule in RULES}


def test_rules_are_saved_in_one_step_and_undone_in_one(qtbot: QtBot, opening: Opening) -> None:
    section = rules(qtbot, opening)
    window = window_of(section)
    assert set(section.fields) == {rule.key for rule in RULES}
    assert not section.save_button.isEnabled()
    write(qtbot, number(section, "visits.per_day"), "6")
    write(qtbot, number(section, "visits.cadence.A"), "21")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: read(window, setting, "visits.cadence.A") == 21)
    qtbot.waitUntil(lambda: section.draft() == {})
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: number(section, "visits.per_day").text() == "4")
    assert number(section, "visits.cadence.A").text() == "30"


def test_a_wrong_number_is_told_at_its_field_and_nothing_is_stored(qtbot: QtBot, opening: Opening) -> None:
    section = rules(qtbot, opening)
    write(qtbot, number(section, "visits.per_day"), "13")
    write(qtbot, number(section, "visits.cadence.A"), "often")
    write(qtbot, number(section, "visits.cadence.B"), "45")
    click(qtbot, section.save_button)
    qtbot.waitUntil(lambda: number(section, "visits.per_day").property("wrong") is True)
    assert number(section, "visits.cadence.A").property("wrong") is True
    assert not number(section, "visits.cadence.B").property("wrong")
    assert number(section, "visits.cadence.A").hasFocus()
    assert read(window_of(section), setting, "visits.cadence.B") == 60


def test_what_was_not_saved_is_kept_over_a_restart(qtbot: QtBot, opening: Opening) -> None:
    section = rules(qtbot, opening)
    write(qtbot, number(section, "visits.per_day"), "7")
    page = go(qtbot, opening(), SettingsPage, "settings", section="visits")
    again = page.section
    assert isinstance(again, VisitRulesSection)
    qtbot.waitUntil(lambda: number(again, "visits.per_day").text() == "7")
    assert again.save_button.isEnabled()
    click(qtbot, again.forget)
    assert number(again, "visits.per_day").text() == "4"
    assert again.draft() == {}


def test_the_defaults_come_back_in_one_step(qtbot: QtBot, opening: Opening) -> None:
    section = rules(qtbot, opening)
    section.change({"visits.per_day": 2, "visits.kind.C": "onsite"})
    qtbot.waitUntil(lambda: number(section, "visits.per_day").text() == "2")
    click(qtbot, button(section, "Back to the defaults"))
    qtbot.waitUntil(lambda: number(section, "visits.per_day").text() == "4")
    assert read(window_of(section), setting, "visits.kind.C") == "phone"
