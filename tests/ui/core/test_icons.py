"""Every icon draws, in the colour asked for."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QIcon, QImage

from csdesk.ui.core import icons, theme

OWN_COLOURS = {"csdesk"}


def inks(image: QImage) -> set[str]:
    """The colours of all opaque pixels."""
    found = set()
    for x in range(image.width()):
        for y in range(image.height()):
            pixel = image.pixelColor(x, y)
            if pixel.alpha() == 255:
                found.add(pixel.name().upper())
    return found


@pytest.mark.parametrize("name", [name for name in icons.names() if name not in OWN_COLOURS])
def test_icon_draws_in_the_colour_of_the_text(qapp: object, name: str) -> None:
    image = icons.pixmap(name, 32, "ink_red").toImage()
    assert inks(image) == {theme.theme().tokens.ink_red.upper()}


def test_a_picture_is_drawn_once(qapp: object) -> None:
    first = icons.pixmap("plus", 16, QColor("#123456"))
    assert icons.pixmap("plus", 16, QColor("#123456")).cacheKey() == first.cacheKey()
    assert icons.pixmap("plus", 16, QColor("#123457")).cacheKey() != first.cacheKey()


def test_dense_screens_get_more_pixels(qapp: object) -> None:
    picture = icons.pixmap("plus", 16, "text", 2.0)
    assert picture.width() == 32
    assert picture.deviceIndependentSize().width() == 16


def test_disabled_icons_are_paler(qapp: object) -> None:
    made = icons.icon("plus")
    off = made.pixmap(16, QIcon.Mode.Disabled).toImage()
    assert inks(off) == {theme.theme().tokens.placeholder.upper()}


def test_a_set_star_is_filled(qapp: object) -> None:
    hollow = icons.pixmap("star", 16, "text").toImage()
    full = icons.pixmap("star", 16, "text", filled=True).toImage()
    assert hollow.pixelColor(8, 8).alpha() == 0
    assert full.pixelColor(8, 8).alpha() == 255
