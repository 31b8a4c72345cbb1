"""Five tasks in a real store, two of them of an account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from csdesk.models.vocabulary import Repeat, Tier
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.desk import Desk
from csdesk.services.tasks.commands import NewTask, create_task
from csdesk.services.tasks.rules import TaskFields
from tests.conftest import TODAY


@pytest.fixture
def five(desk: Desk) -> dict[str, int]:
    """Ids by the tasks' words, and the account's by its name."""
    made = {"Amber": desk.do(create_account, NewAccount(AccountFields("Amber", tier=Tier.A))).value}
    for text, days, repeats, account in (
        ("late call", -3, None, "Amber"), ("send report", 0, Repeat.WEEKLY, ""), ("next offer", 2, None, "Amber"),
        ("plan a day", 9, None, ""), ("some day", None, None, ""),
    ):  # fmt: skip
        fields = TaskFields(text, None if days is None else TODAY + timedelta(days), "Lin", repeats)
        made[text] = desk.do(create_task, NewTask(fields, made.get(account))).value
    return made
