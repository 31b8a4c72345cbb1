"""What stands in a cell, for eyes and for spreadsheets."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from csdesk.services.core import texts
from csdesk.services.core.columns import Column, Kind
from csdesk.ui.core.cells import CONTACT_LIMITS, cell_copy, cell_text, is_late

TODAY = date(2026, 11, 23)


def say(key: str, value: str) -> str:
    """A word of a vocabulary."""
    return f"{key}={value}"


@pytest.mark.parametrize(
    ("kind", "value", "shown", "copied"),
    [
        (Kind.MONEY, 86_000_050, "860,000.50", "860000.50"),
        (Kind.MONEY, -100, "\u22121", "-1.00"),
        (Kind.MONEY, None, "\u2014", ""),
        (Kind.NUMBER, 1200, "1,200", "1200"),
        (Kind.DAY, date(2026, 11, 25), "Wed 11-25", "2026-11-25"),
        (Kind.DAY, TODAY, "Today", "2026-11-23"),
        (Kind.DAY, date(2025, 3, 1), "2025-03-01", "2025-03-01"),
        (Kind.DAY, None, "\u2014", ""),
        (Kind.LAST_CONTACT, date(2026, 11, 4), "11-04", "2026-11-04"),
        (Kind.ENDS, date(2027, 1, 9), "2027-01-09", "2027-01-09"),
        (Kind.CHOICE, "standard", "state=standard", "state=standard"),
        (Kind.CHOICE, None, "", ""),
        (Kind.STAR, True, "Starred", "Starred"),
        (Kind.TEXT, None, "", ""),
        (Kind.TEXT, "=1+1", "=1+1", "=1+1"),
    ],
)
def test_values_by_kind(kind: Kind, value: object, shown: str, copied: str) -> None:
    column = Column("state", "State", kind)
    text = cell_text(column, value, TODAY, say)
    assert text == shown
    assert cell_copy(column, value, text) == copied


def test_moments_are_local_and_near_ones_are_times() -> None:
    moment = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)
    text = cell_text(Column("at", "At", Kind.MOMENT), moment, moment.astimezone().date(), say)
    assert text.endswith(":05")


def test_chinese_days_have_their_order() -> None:
    texts.install("zh_CN")
    text = cell_text(Column("on", "On", Kind.DAY), date(2026, 11, 25), TODAY, say)
    assert text == "11-25 \u5468\u4e09"


@pytest.mark.parametrize(
    ("tier", "last", "late"),
    [
        ("A", date(2026, 11, 9), False),
        ("A", date(2026, 11, 8), True),
        ("B", date(2026, 10, 24), False),
        ("C", date(2026, 9, 23), True),
        (None, date(2020, 1, 1), False),
        ("A", None, False),
    ],
)
def test_late_is_longer_than_the_tier_allows(tier: str | None, last: date | None, late: bool) -> None:
    assert is_late(tier, last, TODAY, CONTACT_LIMITS) is late
