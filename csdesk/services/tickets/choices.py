"""What forms offer about demands: names used before, and the demands that may say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from csdesk.models.tickets import Demand, DemandReview, Release, Ticket
from csdesk.models.vocabulary import DemandState
from csdesk.services.tickets.standing import VOICES

DEMANDS: Any = Demand.__table__
TICKETS: Any = Ticket.__table__


@dataclass(frozen=True)
class Choices:
    """Texts in use, the newest release first, the others by how often they are."""

    releases: tuple[str, ...]
    reviewers: tuple[str, ...]
    modules: tuple[str, ...]


@dataclass(frozen=True)
class Candidate:
    """A demand that others may be merged into; ``likeness`` from 0 (nothing in common) to 1."""

    id: int
    number: int
    title: str
    state: str
    accounts: int
    likeness: float


def choices(connection: Connection) -> Choices:
    """What is in use now."""
    release: Any = Release.__table__
    review: Any = DemandReview.__table__
    open_first = (release.c.released_on.is_not(None), release.c.planned_on.desc(), release.c.id.desc())
    names = select(release.c.name).where(release.c.deleted_at.is_(None)).order_by(*open_first)
    return Choices(
        tuple(dict.fromkeys(connection.scalars(names))),
        _used(connection, review.c.reviewed_by, review.c.deleted_at),
        _used(connection, TICKETS.c.module, TICKETS.c.deleted_at),
    )


def _used(connection: Connection, column: Any, deleted_at: Any) -> tuple[str, ...]:
    counted = select(column).where(deleted_at.is_(None), column != "").group_by(column)
    return tuple(connection.scalars(counted.order_by(func.count().desc(), column)))


def merge_candidates(
    connection: Connection, ids: Sequence[int], alike: Callable[[int], Mapping[int, float]]
) -> list[Candidate]:
    """Every demand that these could be merged into, the likeliest first: against the first of them, as ``alike`` finds."""
    accounts = select(VOICES.c.demand_id, func.count().label("n")).group_by(VOICES.c.demand_id).subquery()
    rows = connection.execute(
        select(DEMANDS.c.id, DEMANDS.c.number, DEMANDS.c.title, DEMANDS.c.state, func.coalesce(accounts.c.n, 0))
        .select_from(DEMANDS.outerjoin(accounts, accounts.c.demand_id == DEMANDS.c.id))
        .where(DEMANDS.c.deleted_at.is_(None), DEMANDS.c.state != DemandState.MERGED, DEMANDS.c.id.not_in(list(ids)))
    )
    likely = alike(ids[0]) if ids else {}
    found = [Candidate(*row, likely.get(row.id, 0.0)) for row in rows]
    return sorted(found, key=lambda one: (-round(one.likeness, 3), -one.accounts, one.number))
