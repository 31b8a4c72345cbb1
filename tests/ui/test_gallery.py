"""Screens drawn into files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core import texts
from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.services.core.folders import Folders
from csdesk.services.tickets.commands import NewTicket, create_ticket
from csdesk.services.tickets.rules import TicketFields
from csdesk.ui.core.context import Safety
from csdesk.ui.core.tokens import DARK, LIGHT
from csdesk.ui.features import FEATURES as ALL
from csdesk.ui.gallery import Screen, draw, draw_all
from csdesk.ui.launch import Opened
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


def test_all_screens_of_the_window_are_drawn(qapp: object, desk: Desk, tmp_path: Path) -> None:
    account = desk.do(create_account, NewAccount(AccountFields(name="澄岳精工"))).value
    desk.do(create_ticket, NewTicket(TicketFields("按班组看报表"), account))
    folders = Folders.under(tmp_path / "data")
    files = draw_all(desk, ALL, tmp_path / "out", folders, "zh_CN", "light", (1000, 600))
    texts.install("en")
    names = [file.stem for file in files]
    places = [feature.key for feature in ALL if feature.group != "hidden"]
    assert names[: len(places)] == places
    assert {"account", "account_visits", "palette", "import_review", "account_new", "print_week", "keys"} <= set(names)
    assert len(set(names)) == len(names)
    pictures = {file.stem: QImage(str(file)) for file in files}
    assert all(not picture.isNull() for picture in pictures.values())
    assert pictures["palette"] != pictures["accounts"]
    assert pictures["account"] != pictures["accounts"]
    assert len({name for name in names if name.startswith(("tickets_", "demand"))}) == 7
    assert pictures["tickets_board"] != pictures["tickets_table"]
