"""Reading accounts: the list, one account, the chips with their counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, func, or_, select, text

from csdesk.models.accounts import Account
from csdesk.models.contacts import Contact
from csdesk.models.vocabulary import MODE_OF_TIER, N_, Tier
from csdesk.services.core.columns import Column, Filter, Kind, Query
from csdesk.services.core.listing import Listing, like

TABLE = Account.__table__
COLUMNS = (
    Column("starred", N_("Star"), Kind.STAR, 32, sortable=False),
    Column("name", N_("Account"), Kind.NAME, 220),
    Column("tier", N_("Tier"), Kind.TIER, 56, editable=True),
    Column("next_visit_on", N_("Next visit"), Kind.DAY, 120),
    Column("last_contact_on", N_("Last contact"), Kind.LAST_CONTACT, 112, leaves=3),
    Column("renewal_on", N_("Renewal date"), Kind.ENDS, 184),
    Column("arr_cents", N_("ARR (CNY)"), Kind.MONEY, 112),
    Column("contact_name", N_("Contact"), Kind.TEXT, 96, leaves=4),
    Column("city", N_("City"), Kind.TEXT, 88, leaves=2),
    Column("industry", N_("Industry"), Kind.TEXT, 112, leaves=5),
    Column("owner", N_("CSM owner"), Kind.TEXT, 96, leaves=6, editable=True),
    Column("sales_owner", N_("Sales owner"), Kind.TEXT, 96, leaves=7, hidden=True),
    Column("seats", N_("Seats"), Kind.NUMBER, 80, hidden=True),
    Column("last_visit_on", N_("Last visit"), Kind.DAY, 112, hidden=True),
    Column("customer_since", N_("Customer since"), Kind.DAY, 112, hidden=True),
    Column("service_mode", N_("Service mode"), Kind.CHOICE, 112, hidden=True),
    Column("collected_cents", N_("Collected (CNY)"), Kind.MONEY, 120, hidden=True),
    Column("open_cents", N_("Open (CNY)"), Kind.MONEY, 120, hidden=True),
    Column("full_name", N_("Registered name"), Kind.TEXT, 240, hidden=True),
    Column("tax_number", N_("Tax number"), Kind.TEXT, 160, hidden=True),
)
SHOWN_NAME = case((TABLE.c.short_name != "", TABLE.c.short_name), else_=TABLE.c.name)


def _sources() -> dict[str, Any]:
    own = {column.key: TABLE.c[column.key] for column in COLUMNS if column.key in TABLE.c}
    return own | {"name": SHOWN_NAME, "full_name": TABLE.c.name}


def _within(column: Any) -> Any:
    def condition(given: Filter, today: date) -> ColumnElement[bool]:
        near: ColumnElement[bool] = column.between(today, today + timedelta(days=int(str(given.value))))
        return near

    return condition


def _is(column: Any) -> Any:
    def condition(given: Filter, today: date) -> ColumnElement[bool]:
        values = given.value if isinstance(given.value, tuple) else (given.value,)
        return or_(*(column.is_(None) | (column == "") if value == "" else column == value for value in values))

    return condition


def _not_contacted(given: Filter, today: date) -> ColumnElement[bool]:
    before = today - timedelta(days=int(str(given.value)))
    return TABLE.c.last_contact_on.is_(None) | (TABLE.c.last_contact_on < before)


def _no_next_visit(given: Filter, today: date) -> ColumnElement[bool]:
    return TABLE.c.next_visit_on.is_(None)


def _mode_differs(given: Filter, today: date) -> ColumnElement[bool]:
    suggested = case(*((TABLE.c.tier == tier.value, mode.value) for tier, mode in MODE_OF_TIER.items()))
    return TABLE.c.service_mode != suggested


def _arr_between(given: Filter, today: date) -> ColumnElement[bool]:
    least, most = str(given.value).split("-")
    return and_(TABLE.c.arr_cents >= int(least or 0), *([TABLE.c.arr_cents <= int(most)] if most else []))


def _of_import(given: Filter, today: date) -> ColumnElement[bool]:
    """The accounts that an import made or changed."""
    ids = text("SELECT value FROM import_details, json_each(import_details.accounts) WHERE import_id = :import_id")
    return TABLE.c.id.in_(ids.bindparams(bindparam("import_id", int(str(given.value)), unique=True)))


def search_condition(words: str) -> ColumnElement[bool]:
    """Accounts in whose names, place, owners or pinyin the words occur, or in what is known of their people.

    For a store whose text is not in memory; with it, ``services/search`` finds the same a hundred times faster.
    """
    c, person = TABLE.c, Contact.__table__.c
    of_people = select(person.account_id).where(
        person.deleted_at.is_(None), like(words, person.name, person.phone, person.pinyin, person.initials)
    )
    own = like(words, c.name, c.short_name, c.city, c.industry, c.owner, c.sales_owner, c.pinyin, c.initials)
    return own | c.id.in_(of_people)


ACCOUNTS = Listing(
    entity="accounts",
    table=TABLE,  # type: ignore[arg-type]
    columns=COLUMNS,
    sources=_sources(),
    default_sort="renewal_on",
    orders={"name": TABLE.c.name_key, "full_name": TABLE.c.name},
    conditions={
        "tier": _is(TABLE.c.tier),
        "city": _is(TABLE.c.city),
        "industry": _is(TABLE.c.industry),
        "owner": _is(TABLE.c.owner),
        "service_mode": _is(TABLE.c.service_mode),
        "mode_differs": _mode_differs,
        "strategic": lambda given, today: TABLE.c.strategic.is_(True),
        "arr_between": _arr_between,
        "import": _of_import,
        "starred": lambda given, today: TABLE.c.starred.is_(True),
        "ends_within": _within(TABLE.c.renewal_on),
        "not_contacted": _not_contacted,
        "no_next_visit": _no_next_visit,
        "new_within": lambda given, today: TABLE.c.customer_since >= today - timedelta(days=int(str(given.value))),
    },
    search=search_condition,
    sums={"arr_cents": func.sum(TABLE.c.arr_cents)},
)
VIEWS: tuple[tuple[str, str, tuple[Filter, ...]], ...] = (
    ("all", N_("All"), ()),
    ("tier_a", N_("Tier A"), (Filter("tier", Tier.A),)),
    ("ending", N_("Renewal in 120 days"), (Filter("ends_within", 120),)),
    ("silent", N_("No contact in 30 days"), (Filter("not_contacted", 30),)),
    ("unplanned", N_("No next visit"), (Filter("no_next_visit"),)),
    ("starred", N_("Starred"), (Filter("starred"),)),
)
"""The views that come with the desk: key, title (msgid), conditions."""


def view_counts(connection: Connection, views: list[tuple[Filter, ...]], today: date) -> list[int]:
    """How many accounts each set of conditions holds, in one pass over the table."""
    conditions = [ACCOUNTS._where(Query(filters=filters), today) for filters in views]
    sums = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in conditions]
    row = connection.execute(select(*sums).where(TABLE.c.deleted_at.is_(None))).one()
    return [int(value) for value in row]


@dataclass(frozen=True)
class AccountRow:
    """An account as its page shows it."""

    id: int
    version: int
    name: str
    short_name: str
    tier: str | None
    tier_reason: str
    service_mode: str | None
    industry: str
    city: str
    district: str
    address: str
    website: str
    tax_number: str
    sales_owner: str
    owner: str
    starred: bool
    strategic: bool
    notes: str
    contact_name: str
    arr_cents: int | None
    seats: int | None
    customer_since: date | None
    renewal_on: date | None
    last_visit_on: date | None
    last_contact_on: date | None
    next_visit_on: date | None
    collected_cents: int | None
    open_cents: int | None


FIELDS = [getattr(Account, name) for name in AccountRow.__dataclass_fields__]


def account(connection: Connection, account_id: int) -> AccountRow | None:
    """One account that is not in the bin."""
    row = connection.execute(select(*FIELDS).where(Account.id == account_id, Account.deleted_at.is_(None))).first()
    return None if row is None else AccountRow(*row)


def names_to_choose(connection: Connection, limit: int = 2_000) -> tuple[str, ...]:
    """The names that forms complete accounts from: the starred and the better tiers first."""
    shown = case((TABLE.c.short_name != "", TABLE.c.short_name), else_=TABLE.c.name)
    found = connection.scalars(
        select(shown)
        .where(TABLE.c.deleted_at.is_(None))
        .order_by(TABLE.c.starred.desc(), func.coalesce(TABLE.c.tier, "Z"), TABLE.c.name_key)
        .limit(limit)
    )
    return tuple(found)


def known_values(connection: Connection, key: str) -> list[str]:
    """The values in use for a text column of accounts (city, industry, owner …), the most frequent first."""
    column = TABLE.c[key]
    rows = connection.execute(
        select(column)
        .where(TABLE.c.deleted_at.is_(None), column != "")
        .group_by(column)
        .order_by(func.count().desc())
        .limit(200)
    )
    return [str(row[0]) for row in rows]


def names_of(connection: Connection, ids: list[int]) -> dict[int, str]:
    """Shown names of accounts by id, binned ones included."""
    return {row[0]: row[1] for row in connection.execute(select(TABLE.c.id, SHOWN_NAME).where(TABLE.c.id.in_(ids)))}


def known_names(connection: Connection) -> dict[int, str]:
    """The full names of all accounts by id, in alphabetical order."""
    rows = connection.execute(
        select(TABLE.c.id, TABLE.c.name).where(TABLE.c.deleted_at.is_(None)).order_by(TABLE.c.name_key, TABLE.c.id)
    )
    return {row.id: row.name for row in rows}
