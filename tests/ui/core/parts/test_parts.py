"""The small pieces under the hand: keys, mouse, long and hostile texts."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6 import QtGui
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from csdesk.ui.core import theme
from csdesk.ui.core.parts import (
    Button,
    Card,
    CheckBox,
    Chip,
    Combo,
    DayEdit,
    EmptyState,
    Field,
    Label,
    MessageBar,
    NumberEdit,
    RemovableChip,
    Segmented,
    StateBadge,
    Tabs,
    TierBadge,
    set_tip,
)
from csdesk.ui.core.parts.marks import plain_tip


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_and_space_press_a_button(qtbot: QtBot, key: Qt.Key) -> None:
    button = Button("Save", "check", "Ctrl+Enter", "primary")
    qtbot.addWidget(button)
    button.show()
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, key)


def test_a_disabled_button_is_not_pressed(qtbot: QtBot) -> None:
    button = Button("Save")
    qtbot.addWidget(button)
    button.setEnabled(False)
    button.show()
    with qtbot.assertNotEmitted(button.clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_an_icon_button_has_a_name_and_a_tooltip(qtbot: QtBot) -> None:
    button = Button("More", "more", kind="icon")
    qtbot.addWidget(button)
    assert button.accessibleName() == "More"
    assert button.toolTip() == "More"


def test_an_ampersand_is_shown_and_no_mnemonic(qtbot: QtBot) -> None:
    button = Button("R&D")
    qtbot.addWidget(button)
    assert button.words() == "R&D"
    assert button.shortcut().isEmpty()


def test_there_is_no_other_kind_of_button(qtbot: QtBot) -> None:
    with pytest.raises(ValueError, match="fancy"):
        Button("Save", kind="fancy")


@pytest.mark.parametrize("kind", ["normal", "primary", "ghost", "danger", "icon", "link"])
@pytest.mark.parametrize("small", [False, True])
def test_nothing_smaller_than_24_pixels_is_clickable(qtbot: QtBot, kind: str, small: bool) -> None:
    button = Button("Ja", "check", kind=kind, small=small)
    qtbot.addWidget(button)
    assert button.sizeHint().height() >= 24
    assert kind == "link" or button.sizeHint().width() >= 24


def test_buttons_grow_with_the_text_size(qtbot: QtBot, qapp: QApplication) -> None:
    button = Button("Save", key="S")
    qtbot.addWidget(button)
    before = button.sizeHint()
    theme.apply(qapp, "light", 150)
    assert button.sizeHint().width() > before.width()
    assert button.sizeHint().height() > before.height()


def test_the_cross_takes_a_condition_away_and_the_body_edits_it(qtbot: QtBot) -> None:
    chip = RemovableChip("Renewal", "150 days")
    qtbot.addWidget(chip)
    chip.show()
    with qtbot.waitSignal(chip.removed), qtbot.assertNotEmitted(chip.clicked):
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 10, 10))
    with qtbot.waitSignal(chip.clicked), qtbot.assertNotEmitted(chip.removed):
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    with qtbot.waitSignal(chip.removed):
        qtbot.keyClick(chip, Qt.Key.Key_Delete)
    assert chip.accessibleName() == "Renewal 150 days"


@pytest.mark.parametrize("kind", [Segmented, Tabs])
def test_arrows_go_round_a_row_of_options(qtbot: QtBot, kind: type[Segmented]) -> None:
    row = kind([("week", "Week"), ("month", "Month"), ("list", "List", 3)])
    qtbot.addWidget(row)
    row.show()
    assert row.current() == "week"
    first = row.findChildren(QWidget)[0]
    with qtbot.waitSignal(row.chosen) as signal:
        qtbot.keyClick(first, Qt.Key.Key_Left)
    assert signal.args == ["list"]
    row.choose("month")
    assert row.current() == "month"


def test_other_options_keep_the_choice_where_it_still_exists(qtbot: QtBot) -> None:
    row = Segmented([("a", "A"), ("b", "B")], "b")
    qtbot.addWidget(row)
    row.set_options([("b", "B"), ("c", "C")])
    assert row.current() == "b"
    row.set_options([("x", "X"), ("y", "Y")])
    assert row.current() == "x"
    row.set_options([])
    assert row.current() is None


def test_a_chip_shows_its_count_and_keeps_its_width_when_chosen(qtbot: QtBot) -> None:
    chip = Chip("All", 86)
    qtbot.addWidget(chip)
    chip.show()
    width = chip.sizeHint().width()
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert chip.isChecked()
    assert chip.sizeHint().width() == width
    chip.set_count("1,234,567")
    assert chip.sizeHint().width() > width


def test_the_wheel_does_not_change_a_choice_in_passing(qtbot: QtBot) -> None:
    combo = Combo("Kind", [(1, "On site"), (2, "Online")])
    qtbot.addWidget(combo)
    combo.show()
    combo.clearFocus()
    turn = QWheelEvent(QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
                       Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(combo, turn)
    assert combo.value() == 1
    combo.choose(2)
    combo.choose("no such value")
    assert combo.value() == 2


def test_a_day_is_given_and_taken_as_a_date(qtbot: QtBot) -> None:
    edit = DayEdit("Due")
    qtbot.addWidget(edit)
    edit.set_day(date(2028, 2, 29))
    assert edit.day() == date(2028, 2, 29)
    assert edit.text() == "2028-02-29"


def test_a_number_stays_within_its_limits(qtbot: QtBot) -> None:
    edit = NumberEdit("Visits a day", 1, 8)
    qtbot.addWidget(edit)
    edit.show()
    edit.setValue(8)
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    assert edit.value() == 8
    qtbot.keyClick(edit, Qt.Key.Key_Down)
    assert edit.value() == 7


def test_a_tick_box_is_hit_on_its_sentence_too(qtbot: QtBot) -> None:
    box = CheckBox("Only changed cells & more")
    qtbot.addWidget(box)
    box.show()
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(box.width() - 4, 12))
    assert box.isChecked()
    assert box.accessibleName() == "Only changed cells & more"


def test_a_wrong_field_is_framed_in_red(qtbot: QtBot) -> None:
    field = Field("Amount")
    qtbot.addWidget(field)
    field.resize(200, 32)
    field.show()
    field.set_wrong(True)
    image = field.grab().toImage()
    assert image.pixelColor(100, 1).name() == theme.color("ink_red").name()
    field.set_wrong(False)
    assert field.grab().toImage().pixelColor(100, 1).name() != theme.color("ink_red").name()


HOSTILE = '<img src="file:///etc/passwd"><b>x</b>'


def test_labels_show_markup_as_text(qtbot: QtBot) -> None:
    label = Label(HOSTILE)
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.sizeHint().width() >= label.fontMetrics().horizontalAdvance(HOSTILE)


@pytest.mark.parametrize("text", [HOSTILE, "<qt>x", "a <br> b", "<!-- x -->", "x < y & y > z", "<?xml version='1'?>"])
def test_tooltips_are_never_taken_for_markup(qtbot: QtBot, text: str) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    set_tip(widget, text)
    assert not QtGui.Qt.mightBeRichText(widget.toolTip())
    assert plain_tip(text).replace("\u200b", "") == text


def test_a_label_that_does_not_fit_says_so(qtbot: QtBot) -> None:
    label = Label("A rather long name of a company", elide=True)
    qtbot.addWidget(label)
    label.resize(60, 20)
    assert label.is_cut()
    label.resize(600, 20)
    assert not label.is_cut()


def test_badges_hide_when_there_is_nothing_to_say(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    tier, state = TierBadge("X", parent=page), StateBadge("", parent=page)
    assert tier.isHidden()
    assert state.isHidden()
    state.set_state("Draft", "line")
    assert not state.isHidden()
    assert state.accessibleName() == "Draft"


def test_a_badge_that_was_told_its_word_before_it_had_a_place_appears_there(qtbot: QtBot) -> None:
    badge = StateBadge("")
    badge.set_state("Draft", "line")
    page = QWidget()
    qtbot.addWidget(page)
    QVBoxLayout(page).addWidget(badge)
    page.show()
    qtbot.waitUntil(badge.isVisible)
    assert badge.window() is page


def test_rows_do_not_stand_out_at_the_round_corners_of_a_card(qtbot: QtBot) -> None:
    card = Card()
    qtbot.addWidget(card)
    row = QWidget()
    row.setAutoFillBackground(True)
    row.setPalette(QtGui.QPalette(QtGui.QColor("red")))
    card.body.setContentsMargins(0, 0, 0, 0)
    card.add(row)
    card.resize(200, 100)
    card.show()
    image = card.grab().toImage()
    assert image.pixelColor(100, 50) == QtGui.QColor("red")
    for x in (0, 199):
        for y in (0, 99):
            assert image.pixelColor(x, y) == theme.color("window")
    assert image.pixelColor(100, 0) == theme.color("divider")


def test_the_link_of_a_card_is_told(qtbot: QtBot) -> None:
    card = Card("Visits", "All", "3")
    qtbot.addWidget(card)
    card.add(Label("row"))
    card.show()
    with qtbot.waitSignal(card.linked):
        qtbot.mouseClick(card.link, Qt.MouseButton.LeftButton)
    card.set_link("")
    assert card.link.isHidden()


def test_the_first_step_of_an_empty_place_is_a_button(qtbot: QtBot) -> None:
    empty = EmptyState("No accounts yet", "They come from sales.", "Import", "Look at a sample", "import")
    qtbot.addWidget(empty)
    empty.show()
    assert empty.primary is not None
    with qtbot.waitSignal(empty.chosen):
        qtbot.keyClick(empty.primary, Qt.Key.Key_Return)


def test_a_bar_does_what_its_verb_says_and_can_be_closed(qtbot: QtBot) -> None:
    done: list[str] = []
    bar = MessageBar("Backup is old", "warn", [("Back up now", lambda: done.append("backed up"))], closable=True)
    qtbot.addWidget(bar)
    bar.show()
    verb, cross = bar.findChildren(Button)
    qtbot.mouseClick(verb, Qt.MouseButton.LeftButton)
    assert done == ["backed up"]
    with qtbot.waitSignal(bar.closed):
        qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
