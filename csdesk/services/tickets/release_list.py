"""The list of releases: what came with each, who waits for it, and how many know already."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection, and_, func, or_, select

from csdesk.models.vocabulary import N_, NoticeCause, NoticeState, TicketKind, TicketState
from csdesk.services.core.columns import Column, Filter, Kind, Query
from csdesk.services.core.listing import Listing
from csdesk.services.tickets.listings import NOTICES, NOTICES_JOINED, RELEASE_VIEWS, RELEASES, releases
from csdesk.services.tickets.queries import TicketRow, ticket_rows
from csdesk.services.tickets.standing import ACCOUNTS, DEMANDS, TICKETS

__all__ = ["RELEASE_VIEWS", "asked_of", "release_counts", "release_list"]
ASKING = or_(
    and_(TICKETS.c.kind == TicketKind.REQUIREMENT, DEMANDS.c.release_id == RELEASES.c.id, DEMANDS.c.deleted_at.is_(None)),
    and_(TICKETS.c.kind == TicketKind.BUG, TICKETS.c.release_id == RELEASES.c.id),
)  # fmt: skip
OUT = (NoticeCause.RELEASED, NoticeCause.BUG_FIXED)


@lru_cache(maxsize=1)
def release_list() -> Listing:
    """All releases, the newest planned day first; the accounts that asked for what is in them with their ARR in cents."""
    listing = releases()
    asking = (
        select(TICKETS.c.account_id)
        .select_from(TICKETS.outerjoin(DEMANDS, DEMANDS.c.id == TICKETS.c.demand_id))
        .where(TICKETS.c.deleted_at.is_(None), TICKETS.c.state != TicketState.WITHDRAWN, ASKING)
        .correlate(RELEASES)
    )
    living = ACCOUNTS.c.id.in_(asking), ACCOUNTS.c.deleted_at.is_(None)
    waiting = select(func.count()).select_from(ACCOUNTS).where(*living).correlate(RELEASES).scalar_subquery()
    arr = select(func.coalesce(func.sum(ACCOUNTS.c.arr_cents), 0)).where(*living).correlate(RELEASES).scalar_subquery()

    def said(state: NoticeState) -> object:
        return (
            select(func.count(func.distinct(NOTICES.c.account_id)))
            .select_from(NOTICES_JOINED)
            .where(
                NOTICES.c.deleted_at.is_(None), NOTICES.c.state == state, NOTICES.c.cause.in_(OUT),
                or_(DEMANDS.c.release_id == RELEASES.c.id, TICKETS.c.release_id == RELEASES.c.id),
            )
            .correlate(RELEASES)
            .scalar_subquery()
        )  # fmt: skip

    by_key = {column.key: column for column in listing.columns}
    columns = (
        replace(by_key["name"], width=112),
        replace(by_key["planned_on"], width=104),
        replace(by_key["released_on"], width=104, leaves=3),
        replace(by_key["demands"], width=72),
        replace(by_key["bugs"], width=52),
        replace(by_key["waiting"], title=N_("Who asked"), width=72),
        Column("arr_cents", N_("ARR"), Kind.MONEY, 96, leaves=2),
        replace(by_key["untold"], title=N_("Not told"), width=72),
        Column("told", N_("Told"), Kind.NUMBER, 60, leaves=1),
        replace(by_key["notes"], leaves=4),
    )
    sources = {
        **listing.sources, "waiting": waiting, "arr_cents": arr, "told": said(NoticeState.TOLD),
        "untold": said(NoticeState.OPEN),
    }  # fmt: skip
    return replace(listing, columns=columns, sources=sources)


def release_counts(connection: Connection, views: list[tuple[Filter, ...]], today: date) -> list[int]:
    """How many releases each set of conditions holds."""
    return [release_list().count(connection, Query(filters=filters), today) for filters in views]


def asked_of(connection: Connection, release_id: int) -> list[TicketRow]:
    """The tickets whose demands, or which themselves, are in a release; the oldest first."""
    mine = or_(
        and_(TICKETS.c.kind == TicketKind.REQUIREMENT, DEMANDS.c.release_id == release_id),
        and_(TICKETS.c.kind == TicketKind.BUG, TICKETS.c.release_id == release_id),
    )
    return ticket_rows(connection, mine, TICKETS.c.state != TicketState.WITHDRAWN)
