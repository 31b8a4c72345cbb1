"""Every figure against a slow recomputation from the exported document alone, on portfolios of any shape."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings

sys.path.insert(0, str(Path(__file__).parent))

from oracle import Oracle
from portfolios import Portfolio, periods, portfolios, todays, write

from csdesk.services.archive.queries import archive
from csdesk.services.core.desk import Desk
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.kpi.figures import figures
from csdesk.services.kpi.movements import Bridge, bridge
from csdesk.services.kpi.rules import Period

Both = tuple[dict[str, Any], dict[str, Any]]


@command("Measured")
def measure(uow: UnitOfWork, asked: tuple[Portfolio, Period, date]) -> tuple[Both, Both]:
    """Figures and bridge, ours and the oracle's."""
    portfolio, period, today = asked
    write(uow, portfolio)
    document = json.loads(json.dumps(archive(uow.connection, datetime(2026, 11, 23, tzinfo=UTC))))
    theirs = Oracle(document, period.start, period.end, today)
    found = figures(uow.connection, period, today)
    expected = theirs.figures()
    ours = {key: found[key].as_json() for key in expected}
    built = bridge(uow.connection, period, today)
    return (ours, expected), (bars_of(built), theirs.movements())


def bars_of(built: Bridge) -> dict[str, dict[str, int]]:
    """Each currency's bridge by name; it ties out, or this fails."""
    parts = built.by_currency or {built.currency: built}
    told = {}
    for currency, part in parts.items():
        assert part.opening + part.moved == part.closing
        assert all(bar.cents == sum(row.cents for row in bar.rows) for bar in part.bars)
        told[currency] = {
            "opening": part.opening, "closing": part.closing,
            **{bar.move.value: bar.cents for bar in part.bars if bar.cents},
        }  # fmt: skip
    return told


@given(portfolio=portfolios, period=periods, today=todays)
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_every_figure_agrees_with_the_slow_recomputation(
    desk: Desk, portfolio: Portfolio, period: tuple[date, date], today: date
) -> None:
    (ours, expected), (bars, moves) = desk.rehearse(measure, (portfolio, Period(*period), today))
    assert ours == expected
    assert {name: own for name, own in bars.items() if any(own.values())} == {
        name: own for name, own in moves.items() if any(own.values())
    }
