"""Screens drawn into files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.ui.core.context import Safety
from csdesk.ui.core.tokens import DARK, LIGHT
from csdesk.ui.launch import Opened
from csdesk.ui.screens import Screen, draw
from tests.ui.core.pages import FEATURES, Shelf


@pytest.mark.parametrize(("mode", "tokens"), [("light", LIGHT), ("dark", DARK)])
def test_every_screen_becomes_a_picture_of_its_size(
    qapp: object, desk: Desk, tmp_path: Path, mode: str, tokens: object
) -> None:
    opened = Opened(desk, Shelf(), Safety, desk.close)
    screens = (
        Screen("today", "today"),
        Screen("account", "accounts", {"id": 7}),
        Screen("palette", "accounts", typed="c"),
    )
    files = draw(
        opened, FEATURES, screens, tmp_path / "out", clock=Clock(date(2026, 11, 23)), mode=mode, size=(1000, 600)
    )  # fmt: skip
    assert [file.name for file in files] == ["today.png", "account.png", "palette.png"]
    pictures = [QImage(str(file)) for file in files]
    assert all((picture.width(), picture.height()) == (1000, 600) for picture in pictures)
    ground = QColor(getattr(tokens, "window"))  # noqa: B009
    assert pictures[0].pixelColor(600, 500) == ground
    assert pictures[2].pixelColor(600, 590) != ground
