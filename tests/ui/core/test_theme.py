"""Colours that can be read, type in its steps, a style sheet without holes."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QPalette
from PySide6.QtWidgets import QApplication

from csdesk.ui.core import fonts, theme
from csdesk.ui.core.tokens import DARK, LIGHT, NAMES, Tokens

GROUNDS = ("window", "surface", "sunken", "selection")
TEXT_PAIRS = [
    *[("text", ground) for ground in GROUNDS],
    *[("muted", ground) for ground in GROUNDS],
    ("placeholder", "surface"),
    ("link", "surface"),
    ("link", "window"),
    ("on_accent", "accent"),
    ("on_toast", "toast"),
    ("toast_link", "toast"),
    *[(name, f"{name}_bg") for name in ("warn", "error", "a", "b", "c", "green", "amber", "red", "overdue", "renew")],
    *[("text", f"heat_{step}") for step in (1, 2, 3, 4)],
]
INK_PAIRS = [
    *[(ink, ground) for ink in ("ink_green", "ink_amber", "ink_red", "ink_blue") for ground in GROUNDS],
    ("ring", "window"),
    ("ring", "selection"),
    ("control", "surface"),
    ("control", "window"),
]


def luminance(code: str) -> float:
    """Relative luminance as WCAG 2 has it."""
    parts = [int(code[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(tokens: Tokens, ink: str, ground: str) -> float:
    """Contrast ratio of two tokens."""
    first, second = sorted((luminance(getattr(tokens, ink)), luminance(getattr(tokens, ground))), reverse=True)
    return (first + 0.05) / (second + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_can_be_read(tokens: Tokens, ink: str, ground: str) -> None:
    assert contrast(tokens, ink, ground) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), INK_PAIRS)
def test_shapes_can_be_seen(tokens: Tokens, ink: str, ground: str) -> None:
    assert contrast(tokens, ink, ground) >= 3


def test_the_steps_of_the_type_scale_at_13_pixels() -> None:
    assert [fonts.pixels_of(role, 13) for role in fonts.FACTORS] == [12, 13, 15, 18, 21, 26]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_theme_reaches_palette_and_style_sheet(qapp: QApplication, mode: str) -> None:
    theme.apply(qapp, mode, 100)
    tokens = DARK if mode == "dark" else LIGHT
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == tokens.window
    assert tokens.divider in qapp.styleSheet()
    assert "$" not in qapp.styleSheet()
    assert theme.color("muted").name().upper() == tokens.muted


def test_every_token_has_a_value_in_both_themes() -> None:
    for tokens in (LIGHT, DARK):
        for name in NAMES:
            assert re.fullmatch(r"#([0-9A-F]{2}){3,4}", getattr(tokens, name)), name


def test_what_is_in_force_is_not_dressed_anew(qapp: QApplication) -> None:
    theme.apply(qapp, "light", 100)
    serial = theme.theme().serial
    theme.apply(qapp, "light", 100)
    assert theme.theme().serial == serial
    theme.apply(qapp, "dark", 100)
    assert theme.theme().serial == serial + 1


def test_zoom_enlarges_text_and_lengths(qapp: QApplication) -> None:
    theme.apply(qapp, "light", 100)
    small, length = theme.font("body").pixelSize(), theme.px(32)
    theme.apply(qapp, "light", 150)
    assert theme.font("body").pixelSize() > small
    assert theme.px(32) > length
    theme.apply(qapp, "light", 900)
    assert theme.theme().zoom == 150


def test_system_mode_takes_what_the_system_says(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    class Hints:
        scheme = Qt.ColorScheme.Dark

        def colorScheme(self) -> Qt.ColorScheme:
            return self.scheme

        def setColorScheme(self, scheme: Qt.ColorScheme) -> None:
            assert scheme == Qt.ColorScheme.Unknown

    hints = Hints()
    current = theme.theme()
    current.set(mode="system")
    monkeypatch.setattr("csdesk.ui.core.theme.QGuiApplication.styleHints", lambda: hints)
    current._follow()
    assert current.is_dark
    hints.scheme = Qt.ColorScheme.Light
    current._follow()
    assert not current.is_dark


def test_a_chosen_theme_does_not_follow_the_system(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    theme.theme()._follow()
    assert theme.theme().is_dark


def test_the_screen_font_writes_chinese(qapp: QApplication) -> None:
    info = QFontInfo(theme.font("body"))
    assert theme.metrics("body").inFontUcs4(0x5BA2) or info.family() in fonts.screen_families()
    assert theme.metrics("caption").height() <= theme.metrics("body").height()
