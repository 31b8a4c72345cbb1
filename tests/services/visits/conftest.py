"""A small portfolio: what the rules need to know, written as a command writes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from csdesk.models.accounts import Account
from csdesk.models.contacts import Contact
from csdesk.models.contracts import Contract
from csdesk.models.visits import Visit
from csdesk.models.vocabulary import ContactRole, VisitKind, VisitState
from csdesk.services.core.desk import Desk
from csdesk.services.core.unit_of_work import UnitOfWork, command

TODAY = date(2026, 11, 23)


@command("Portfolio made")
def make(uow: UnitOfWork, entries: list[dict[str, Any]]) -> list[int]:
    """Each entry: columns of the account; starts, ends: days from today of its contract; visited: days ago."""
    ids = []
    for entry in entries:
        starts, ends, visited = (entry.pop(key, None) for key in ("starts", "ends", "visited"))
        account = uow.add(Account(**entry))
        uow.add(Contact(account_id=account.id, name="Chen", role=ContactRole.USER, position=0))
        uow.add(
            Contact(
                account_id=account.id, name="Bai", title="CEO", role=ContactRole.DECISION_MAKER, phone="139", position=1
            )
        )
        if ends is not None:
            start = TODAY + timedelta(starts if starts is not None else ends - 365)
            uow.add(
                Contract(account_id=account.id, start_on=start, end_on=TODAY + timedelta(ends), amount=Decimal(100))
            )
        if visited is not None:
            day = TODAY - timedelta(visited)
            uow.add(
                Visit(account_id=account.id, kind=VisitKind.ONSITE, state=VisitState.DONE, planned_on=day, done_on=day)
            )
        ids.append(account.id)
    return ids


@pytest.fixture
def portfolio(desk: Desk) -> Callable[..., list[int]]:
    """Makes accounts and gives their ids."""

    def made(*entries: dict[str, Any]) -> list[int]:
        return desk.do(make, [dict(entry) for entry in entries]).value

    return made


SEVEN = [
    {"name": "Aster", "tier": "A", "city": "Suzhou", "ends": 40},
    {"name": "Birch", "tier": "A", "city": "Shanghai", "ends": 300, "visited": 60},
    {"name": "Cedar", "tier": "B", "city": "Suzhou", "ends": 10},
    {"name": "Dill", "tier": "B", "city": "Shanghai", "ends": 200, "visited": 20},
    {"name": "Elm", "tier": "C", "city": "Hangzhou", "ends": 200, "visited": 95},
    {"name": "Fern", "tier": "C", "city": "Hangzhou", "ends": 355, "starts": -10},
    {"name": "Gorse", "tier": "B", "city": "Wuxi", "ends": -60},
]
"""Gorse is gone, Dill was seen lately; the others are due."""


@pytest.fixture
def seven(portfolio: Callable[..., list[int]]) -> dict[str, int]:
    """The seven accounts by name."""
    return dict(zip((entry["name"] for entry in SEVEN), portfolio(*SEVEN), strict=True))
