"""Reading tiers: what the figures propose, the history of an account's tier, the accounts by ARR."""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text, union_all

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.handover import Handover
from csdesk.models.journal import Step
from csdesk.models.store import STANDING_DAY, StoreFact
from csdesk.models.tiers import TierDecision
from csdesk.models.vocabulary import HOME_CURRENCY, N_, PRODUCT_SEPARATOR, Tier, TierSource
from csdesk.services.accounts.queries import ACCOUNTS, SHOWN_NAME
from csdesk.services.core.columns import Column, Filter, Kind, Query
from csdesk.services.core.listing import Listing
from csdesk.services.settings.queries import all_settings
from csdesk.services.tiers.rules import (
    Cuts,
    Decided,
    Facts,
    Proposal,
    TierRules,
    cuts_of,
    head_count,
    is_open,
    propose,
    rules_of,
    told,
)

TABLE = Account.__table__
DECISIONS = TierDecision.__table__


@dataclass(frozen=True)
class Judged:
    """An account with what the figures propose. ``open``: it differs from the tier, and is to be decided."""

    facts: Facts
    proposal: Proposal | None
    open: bool


def judge(connection: Connection, ids: Collection[int] | None = None) -> dict[int, Judged]:
    """What the figures propose for these accounts (all without ids), by id; those in the bin are left out."""
    rules = rules_of(all_settings(connection))
    cuts = read_cuts(connection, rules)
    decided = _decided(connection, ids)
    judged = {}
    for facts in _facts(connection, ids, rules):
        proposal = propose(facts, rules, cuts)
        judged[facts.id] = Judged(facts, proposal, is_open(facts, proposal, decided.get(facts.id), rules))
    return judged


def read_cuts(connection: Connection, rules: TierRules) -> Cuts:
    """Where head and middle end among the accounts with an ARR today."""
    amounts = connection.scalars(
        select(TABLE.c.arr_cents).where(TABLE.c.deleted_at.is_(None), TABLE.c.arr_cents.is_not(None))
    )
    return cuts_of(amounts, rules)


def _these(column: Any, ids: Collection[int] | None) -> Any:
    if ids is None:
        return column.is_not(None)
    wanted = text("SELECT value FROM json_each(:ids)").bindparams(bindparam("ids", json.dumps(list(ids)), unique=True))
    return column.in_(wanted)


def _facts(connection: Connection, ids: Collection[int] | None, rules: TierRules) -> list[Facts]:
    c = TABLE.c
    products = _products(connection, ids) if rules.products else {}
    rows = connection.execute(
        select(c.id, c.tier, c.arr_cents, c.seats, c.industry, c.city, c.strategic).where(
            c.deleted_at.is_(None), _these(c.id, ids)
        )
    )
    return [
        Facts(row[0], Tier(row[1]) if row[1] else None, *row[2:6], products.get(row[0], ()), bool(row[6]))
        for row in rows
    ]


def _products(connection: Connection, ids: Collection[int] | None) -> dict[int, tuple[str, ...]]:
    rows = connection.execute(
        select(Contract.account_id, ContractLine.products)
        .join(ContractLine, ContractLine.contract_id == Contract.id)
        .where(
            Contract.deleted_at.is_(None),
            ContractLine.deleted_at.is_(None),
            ContractLine.products != "",
            _these(Contract.account_id, ids),
        )
        .order_by(Contract.id, ContractLine.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for account_id, products in rows:
        found[account_id] = (*found.get(account_id, ()), *products.split(PRODUCT_SEPARATOR))
    return found


def _decided(connection: Connection, ids: Collection[int] | None) -> dict[int, Decided]:
    """By account, the newest decision where it was given on purpose."""
    c = DECISIONS.c
    rows = connection.execute(
        select(c.account_id, c.source, c.reason, c.tier_after, c.proposed, c.arr_cents, c.seats)
        .where(c.deleted_at.is_(None), _these(c.account_id, ids))
        .order_by(c.id)
    )
    newest = {row.account_id: row for row in rows}
    return {
        account_id: Decided(_tier(row.tier_after), _tier(row.proposed), row.arr_cents, row.seats)
        for account_id, row in newest.items()
        if row.source == TierSource.KEPT or (row.source == TierSource.BY_HAND and row.reason)
    }


def _tier(value: str | None) -> Tier | None:
    return Tier(value) if value else None


# --- one account -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TierStep:
    """One entry of the history of an account's tier: from what to what, when, by what, why. ``id`` 0 is the beginning.

    A proposal that was turned down has the same tier before and after, and names what was ``proposed``.
    """

    id: int
    before: str | None
    after: str | None
    proposed: str | None
    source: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class TierView:
    """All about one account's tier: what the figures propose, whether it is to be decided, the history newest first."""

    account_id: int
    name: str
    tier: str | None
    tier_reason: str
    service_mode: str | None
    strategic: bool
    proposal: Proposal | None
    open: bool
    history: tuple[TierStep, ...]


def tier_view(connection: Connection, account_id: int) -> TierView | None:
    """What the account's tier is made of; None where the account is gone or in the bin."""
    c = TABLE.c
    row = connection.execute(
        select(SHOWN_NAME, c.tier, c.tier_reason, c.service_mode, c.strategic, c.created_at).where(
            c.id == account_id, c.deleted_at.is_(None)
        )
    ).first()
    if row is None:
        return None
    judged = judge(connection, [account_id])[account_id]
    history = tier_history(connection, account_id)
    return TierView(
        account_id, row[0], row[1], row[2], row[3], bool(row[4]), judged.proposal, judged.open, tuple(history)
    )


def tier_history(connection: Connection, account_id: int) -> list[TierStep]:
    """The decisions about an account's tier, the newest first, down to the tier it came with."""
    c = DECISIONS.c
    rows = connection.execute(
        select(c.id, c.tier_before, c.tier_after, c.proposed, c.source, c.reason, c.decided_at)
        .where(c.account_id == account_id, c.deleted_at.is_(None))
        .order_by(c.id.desc())
    )
    steps = [TierStep(*row) for row in rows]
    own = connection.execute(select(TABLE.c.tier, TABLE.c.created_at).where(TABLE.c.id == account_id)).one()
    first = steps[-1].before if steps else own.tier
    if first is not None:
        handed = connection.scalar(
            select(func.count()).where(Handover.account_id == account_id, Handover.created_at == own.created_at)
        )
        source = TierSource.HANDOVER if handed else TierSource.BY_HAND
        steps.append(TierStep(0, None, first, None, source, "", own.created_at))
    return steps


# --- the list of proposals -------------------------------------------------------------------------------------------

REVIEW_COLUMNS = (
    Column("name", N_("Account"), Kind.NAME, 200),
    Column("proposed", N_("Proposed"), Kind.TIER, 80),
    Column("tier", N_("Now"), Kind.TIER, 64),
    Column("why", N_("Because"), Kind.TEXT, 420),
    Column("points", N_("Points"), Kind.NUMBER, 72),
    Column("arr_cents", N_("ARR (CNY)"), Kind.MONEY, 112, leaves=1),
    Column("seats", N_("Seats"), Kind.NUMBER, 72, leaves=2),
    Column("service_mode", N_("Service mode"), Kind.CHOICE, 112, leaves=3, hidden=True),
    Column("industry", N_("Industry"), Kind.TEXT, 112, leaves=4),
    Column("city", N_("City"), Kind.TEXT, 88, leaves=5),
    Column("owner", N_("CSM owner"), Kind.TEXT, 96, leaves=6, hidden=True),
)
OWN = frozenset({"proposed", "why", "points"})
"""Columns that no table holds: they are judged."""


@dataclass(frozen=True)
class ReviewListing(Listing):
    """Accounts whose proposal differs from their tier. Judged when the ids are asked; the rows in sight show that.

    ``seen`` holds one entry: what was judged last.
    """

    seen: list[dict[int, Judged]] = field(default_factory=lambda: [{}])

    @property
    def judged(self) -> dict[int, Judged]:
        """What the rows in sight show, by account."""
        return self.seen[0]

    def ids(self, connection: Connection, query: Query, today: date) -> list[int]:
        self.seen[0] = judged = open_proposals(connection)
        return self.matching(connection, query, today, judged)

    def matching(self, connection: Connection, query: Query, today: date, judged: dict[int, Judged]) -> list[int]:
        """Those of ``judged`` that match, in the order asked for."""
        own = {condition for condition in query.filters if condition.key == "proposed"}
        key = query.sort or self.default_sort
        rest = replace(
            query,
            filters=tuple(condition for condition in query.filters if condition not in own),
            sort="arr_cents" if key in OWN else key,
            descending=query.descending or key in OWN,
        )
        ordered = super().ids(connection, rest, today)
        found = [number for number in ordered if number in judged and _fits(judged[number], own)]
        if key in OWN:
            found.sort(key=lambda number: _order(key, judged[number]), reverse=query.descending)
        return found

    def rows(self, connection: Connection, ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
        keys = [column.key for column in self.columns]
        stored = tuple(column for column in self.columns if column.key not in OWN)
        plain = Listing(self.entity, self.table, stored, self.sources, self.default_sort)
        found = {}
        for number, values in plain.rows(connection, ids).items():
            known = dict(zip((column.key for column in stored), values, strict=True)) | self._own(number)
            found[number] = tuple(known[key] for key in keys)
        return found

    def _own(self, number: int) -> dict[str, Any]:
        one = self.judged.get(number)
        if one is None or one.proposal is None:
            return dict.fromkeys(OWN)
        return {"proposed": one.proposal.tier.value, "points": one.proposal.points, "why": told(one.proposal)}

    def count(self, connection: Connection, query: Query, today: date) -> int:
        return len(self.matching(connection, query, today, open_proposals(connection)))

    def totals(self, connection: Connection, query: Query, today: date) -> dict[str, Any]:
        return self.totals_of(connection, self.matching(connection, query, today, open_proposals(connection)))


_judging = threading.Lock()
_known: dict[tuple[Any, ...], dict[int, Judged]] = {}
"""What was judged last, under the state of the store that it holds for: a page asks four times for one picture."""


def open_proposals(connection: Connection) -> dict[int, Judged]:
    """The proposals that are to be decided, by account."""
    state = tuple(connection.scalars(STATE))
    with _judging:
        found = _known.get(state)
        if found is None:
            found = {number: one for number, one in judge(connection).items() if one.open}
            _known.clear()
            if None not in state:
                _known[state] = found
    return found


STATE: Any = union_all(select(func.max(Step.id)), select(StoreFact.value).where(StoreFact.name == STANDING_DAY))
"""What differs once anything that is judged may: the last step, and the day that "today" was when ARR was summed."""


def _fits(one: Judged, conditions: Collection[Filter]) -> bool:
    return all(one.proposal is not None and one.proposal.tier == condition.value for condition in conditions)


def _order(key: str, one: Judged) -> Any:
    assert one.proposal is not None
    if key == "points":
        return one.proposal.points
    return told(one.proposal) if key == "why" else one.proposal.tier.value


def review_listing() -> ReviewListing:
    """The list of one page: it holds what was judged for that page last."""
    return ReviewListing(
        entity="accounts",
        table=TABLE,  # type: ignore[arg-type]
        columns=REVIEW_COLUMNS,
        sources={column.key: ACCOUNTS.sources.get(column.key) for column in REVIEW_COLUMNS if column.key not in OWN},
        default_sort="proposed",
        conditions=ACCOUNTS.conditions,
        search=ACCOUNTS.search,
        orders=ACCOUNTS.orders,
        sums=ACCOUNTS.sums,
    )


REVIEW_VIEWS: tuple[tuple[str, str, tuple[Filter, ...]], ...] = (
    ("all", N_("All"), ()),
    ("to_a", N_("To A"), (Filter("proposed", Tier.A.value),)),
    ("to_b", N_("To B"), (Filter("proposed", Tier.B.value),)),
    ("to_c", N_("To C"), (Filter("proposed", Tier.C.value),)),
    ("untiered", N_("Without a tier"), (Filter("tier", ""),)),
)


def review_counts(connection: Connection, views: list[tuple[Filter, ...]], today: date) -> list[int]:
    """How many proposals each set of conditions holds."""
    listing, judged = review_listing(), open_proposals(connection)
    return [len(listing.matching(connection, Query(filters=filters), today, judged)) for filters in views]


# --- the accounts by ARR ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ranked:
    """An account in the order of ARR; ``reached`` is the share of all ARR held by it and those before it."""

    id: int
    name: str
    tier: str | None
    arr_cents: int
    reached: float


@dataclass(frozen=True)
class TierSum:
    """What one tier holds; ``tier`` None are the accounts without one. Accounts without an ARR count in ``accounts``."""

    tier: str | None
    accounts: int
    arr_cents: int


@dataclass(frozen=True)
class Pareto:
    """Accounts with an ARR today, the largest first. ``head`` is how many the largest 20 % are, rounded up.

    ``bands`` are the ranks at which the bands A and B end by the rules of the user. ``other_mode`` counts the accounts
    that are looked after in another way than their tier suggests.
    """

    ranked: tuple[Ranked, ...]
    tiers: tuple[TierSum, ...]
    total_cents: int
    head: int
    bands: tuple[int, int] = (0, 0)
    other_mode: int = 0
    currency: str = HOME_CURRENCY

    @property
    def head_share(self) -> float | None:
        """The Pareto share: what the largest 20 % hold of all ARR; None where there is none."""
        return self.ranked[self.head - 1].reached if self.head and self.total_cents else None


def pareto(connection: Connection) -> Pareto:
    """The portfolio by ARR, in the home currency, as of today."""
    c = TABLE.c
    rows = connection.execute(
        select(c.id, SHOWN_NAME, c.tier, c.arr_cents)
        .where(c.deleted_at.is_(None), c.arr_cents > 0)
        .order_by(c.arr_cents.desc(), c.id)
    )
    sums = {
        row[0]: TierSum(row[0], row[1], row[2])
        for row in connection.execute(
            select(c.tier, func.count(), func.coalesce(func.sum(c.arr_cents), 0))
            .where(c.deleted_at.is_(None))
            .group_by(c.tier)
        )
    }
    order = [*(tier.value for tier in Tier), *([None] if None in sums else [])]
    return replace(
        pareto_of(connection, [(row[0], row[1], row[2], row[3]) for row in rows]),
        tiers=tuple(sums.get(tier, TierSum(tier, 0, 0)) for tier in order),
        other_mode=ACCOUNTS.count(connection, Query(filters=(Filter("mode_differs"),)), date.min),
    )


def pareto_of(connection: Connection, held: Sequence[tuple[int, str, str | None, int]]) -> Pareto:
    """The ranks of these accounts, each with its name, tier and ARR in cents, the largest first; without the sums by tier."""
    total, reached, ranked = sum(entry[3] for entry in held), 0, []
    for id, name, tier, cents in held:
        reached += cents
        ranked.append(Ranked(id, name, tier, cents, reached / total))
    rules = rules_of(all_settings(connection))
    shares = rules.head_share, max(rules.head_share, rules.middle_share)
    bands = head_count(len(ranked), shares[0]), head_count(len(ranked), shares[1])
    return Pareto(tuple(ranked), (), total, head_count(len(ranked)), bands)
