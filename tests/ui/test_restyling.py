"""A page lives through another theme and another size of text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.desk import Desk
from csdesk.ui.core.window import MainWindow
from csdesk.ui.features import FEATURES
from csdesk.ui.gallery import settle
from tests.ui.conftest import window_over
from tests.ui.walkers import check_named, walk_to


@pytest.fixture
def window(light: None, desk: Desk) -> Iterator[MainWindow]:
    """Over a few accounts. One for each test: a change of theme costs what is open."""
    for name in ("澄岳精工", "砚泽医药", "棠屿零售 <b>", "Northwind & Sons"):
        desk.do(create_account, NewAccount(AccountFields(name=name)))
    with window_over(desk) as made:
        yield made


@pytest.mark.parametrize("key", [feature.key for feature in FEATURES])
@pytest.mark.parametrize("mode", ["dark", "light"])
def test_a_page_survives_a_change_of_theme_and_size(window: MainWindow, key: str, mode: str) -> None:
    page = walk_to(window, key)
    window.context.preferences.set_theme(mode)
    window.context.preferences.set_zoom(125)
    settle(window)
    check_named(page)
    assert window.pages.page is page
