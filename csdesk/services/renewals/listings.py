"""The list of contracts that end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_

from csdesk.models.vocabulary import C_, HOME_CURRENCY, N_, RenewalCategory, RenewalKind, RenewalState
from csdesk.services.accounts.queries import SHOWN_NAME
from csdesk.services.core.columns import Column, Filter, Kind, Query
from csdesk.services.core.listing import Listing, like
from csdesk.services.renewals.queries import ACCOUNTS, ALIVE, CONTRACTS, FORECAST, IS_OPEN, JOINED, TARGET
from csdesk.services.renewals.rules import HORIZON, UNJUDGED

COLUMNS = (
    Column("account", N_("Account"), Kind.NAME, 176),
    Column("tier", N_("Tier"), Kind.TIER, 56),
    Column("end_on", C_("renewal", "Ends"), Kind.ENDS, 184),
    Column("target", N_("To renew (ARR)"), Kind.MONEY, 120),
    Column("stage", N_("Stage"), Kind.BADGE, 104, editable=True),
    Column("category", N_("Category"), Kind.BADGE, 96, editable=True),
    Column("forecast", N_("Forecast (ARR)"), Kind.MONEY, 120, leaves=4),
    Column("closes_on", N_("Signature expected"), Kind.DAY, 128, leaves=3),
    Column("next_step", N_("Next step"), Kind.TEXT, 176, leaves=1, editable=True),
    Column("number", N_("Contract"), Kind.TEXT, 128, leaves=5),
    Column("owner", N_("CSM owner"), Kind.TEXT, 88, leaves=6),
    Column("currency", N_("Currency"), Kind.TEXT, 72, leaves=7, hidden=True),
    Column("renewal_state", N_("Outcome"), Kind.BADGE, 96, hidden=True),
    Column("decided_on", N_("Decided on"), Kind.DAY, 112, hidden=True),
    Column("notice_on", N_("Notice until"), Kind.DAY, 112, hidden=True),
    Column("city", N_("City"), Kind.TEXT, 88, hidden=True),
    Column("sales_owner", N_("Sales owner"), Kind.TEXT, 96, hidden=True),
)


def _is(column: Any) -> Any:
    def condition(given: Filter, today: date) -> ColumnElement[bool]:
        values = given.value if isinstance(given.value, tuple) else (given.value,)
        return or_(*(column.is_(None) if value in ("", UNJUDGED) else column == value for value in values))

    return condition


def _within(given: Filter, today: date) -> ColumnElement[bool]:
    """Undecided, and ends within so many days or has ended."""
    return and_(IS_OPEN, CONTRACTS.c.end_on <= today + timedelta(int(str(given.value))))


def _late(given: Filter, today: date) -> ColumnElement[bool]:
    return and_(IS_OPEN, CONTRACTS.c.end_on < today)


def _decided(given: Filter, today: date) -> ColumnElement[bool]:
    near = CONTRACTS.c.end_on.between(today - timedelta(int(str(given.value))), today + timedelta(HORIZON))
    return and_(CONTRACTS.c.renewal_state != RenewalState.OPEN, near)


def _by_itself(given: Filter, today: date) -> ColumnElement[bool]:
    """Renewed by itself, and the next contract is written: those decided within so many days."""
    near = CONTRACTS.c.end_on >= today - timedelta(int(str(given.value)))
    return and_(CONTRACTS.c.renewal_kind == RenewalKind.AUTOMATIC, near)


def _unwritten(given: Filter, today: date) -> ColumnElement[bool]:
    """Renews by itself and has ended without a word."""
    passed = func.max(CONTRACTS.c.end_on, func.coalesce(CONTRACTS.c.notice_on, CONTRACTS.c.end_on)) < today
    return and_(IS_OPEN, CONTRACTS.c.auto_renew, passed)


@lru_cache(maxsize=1)
def renewals() -> Listing:
    """The list of contracts that end, what ends first on top."""
    c = CONTRACTS.c
    shown_state = case(
        (c.renewal_state == RenewalState.RENEWED, "signed"),
        (c.renewal_state == RenewalState.CHURNED, "lost"),
        else_=c.stage,
    )
    home = c.currency == HOME_CURRENCY
    own: Mapping[str, Any] = {column.key: c[column.key] for column in COLUMNS if column.key in c}
    return Listing(
        entity="contracts",
        table=CONTRACTS,  # type: ignore[arg-type]
        columns=COLUMNS,
        sources={
            **own,
            "account": SHOWN_NAME,
            "tier": ACCOUNTS.c.tier,
            "city": ACCOUNTS.c.city,
            "owner": ACCOUNTS.c.owner,
            "sales_owner": ACCOUNTS.c.sales_owner,
            "target": TARGET,
            "forecast": FORECAST,
            "stage": shown_state,
        },
        default_sort="end_on",
        orders={"account": ACCOUNTS.c.name_key},
        conditions={
            "within": _within,
            "late": _late,
            "decided": _decided,
            "by_itself": _by_itself,
            "unwritten": _unwritten,
            "stage": _is(shown_state),
            "category": _is(c.category),
            "tier": _is(ACCOUNTS.c.tier),
            "city": _is(ACCOUNTS.c.city),
            "owner": _is(ACCOUNTS.c.owner),
            "account": _is(c.account_id),
            "auto_renew": lambda given, today: c.auto_renew.is_(True),
            "below": lambda given, today: int(str(given.value)) > TARGET,
        },
        search=lambda words: like(
            words, ACCOUNTS.c.name, ACCOUNTS.c.short_name, ACCOUNTS.c.pinyin, ACCOUNTS.c.initials, c.number, c.next_step,
            ACCOUNTS.c.owner,
        ),
        sums={
            "target": func.sum(case((home, TARGET))),
            "foreign": func.sum(case((home, 0), else_=1)),
        },
        joined=JOINED,
        base=and_(ALIVE, c.end_on.is_not(None)),
    )  # fmt: skip


DUE = Filter("within", HORIZON)
VIEWS: tuple[tuple[str, str, tuple[Filter, ...]], ...] = (
    ("due", N_("Due in 150 days"), (DUE,)),
    ("late", N_("Ended, not decided"), (Filter("late"),)),
    ("days_60", N_("Within 60 days"), (Filter("within", 60),)),
    ("at_risk", N_("At risk"), (DUE, Filter("category", RenewalCategory.AT_RISK))),
    ("unjudged", N_("Not judged"), (DUE, Filter("category", UNJUDGED))),
    ("decided", N_("Decided lately"), (Filter("decided", 90),)),
    ("by_itself", N_("Renewed by themselves"), (Filter("by_itself", 400),)),
)


def view_counts(connection: Connection, views: list[tuple[Filter, ...]], today: date) -> list[int]:
    """How many contracts each set of conditions holds."""
    return [renewals().count(connection, Query(filters=filters), today) for filters in views]
