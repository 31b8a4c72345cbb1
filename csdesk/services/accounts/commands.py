"""Making, changing, deleting and bringing back accounts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract
from csdesk.models.settings import Setting
from csdesk.models.tables import RECORDS
from csdesk.models.vocabulary import ServiceMode, Tier
from csdesk.services.accounts.rules import AccountFields, mode_after
from csdesk.services.core.errors import Conflict, Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command


@dataclass(frozen=True)
class NewAccount:
    """A company that bought."""

    fields: AccountFields


@dataclass(frozen=True)
class ChangeAccount:
    """New values for an account; ``version`` as it was read (None: whatever it is)."""

    id: int
    fields: AccountFields
    version: int | None = None


@dataclass(frozen=True)
class ChangeMany:
    """The same values for many accounts: tier, service mode, owner, sales owner, industry, city, starred, strategic."""

    ids: tuple[int, ...]
    values: dict[str, Any]


@dataclass(frozen=True)
class DeleteAccounts:
    """Into the bin, with everything that belongs to them."""

    ids: tuple[int, ...]


@dataclass(frozen=True)
class Restore:
    """Rows of one table back from the bin, with what went in together with them."""

    entity: str
    ids: tuple[int, ...]


CHANGEABLE = frozenset(
    {
        "tier",
        "tier_reason",
        "service_mode",
        "owner",
        "sales_owner",
        "industry",
        "city",
        "district",
        "starred",
        "strategic",
    }
)


@command(N_("New account: {name}"))
def create_account(uow: UnitOfWork, wish: NewAccount) -> int:
    """Store an account; its owner is the user unless somebody is named. Returns its id; asks where the name exists."""
    fields = wish.fields
    twin = uow.session.scalar(select(Account.id).where(Account.name == fields.name, Account.deleted_at.is_(None)))
    if twin is not None:
        uow.confirm(
            "twin",
            _("There is already an account “{name}”. Make a second one?").format(name=fields.name),
            _("Make a second one"),
        )
    row = uow.add(Account(**asdict(fields)))
    row.owner = row.owner or _user(uow)
    uow.name(name=row.name)
    return row.id


@command(N_("Account changed: {name}"))
def change_account(uow: UnitOfWork, wish: ChangeAccount) -> None:
    """Store new values. Raises Conflict where the account changed since ``version``."""
    row = uow.get(Account, wish.id, wish.version)
    if row.name != wish.fields.name:
        row.pinyin = row.initials = None
    for key, value in asdict(wish.fields).items():
        setattr(row, key, value)
    uow.name(name=row.name)


@command(N_("Accounts changed: {names}"))
def change_accounts(uow: UnitOfWork, wish: ChangeMany) -> int:
    """Give many accounts the same values in one step. Returns how many changed.

    A new tier brings the service mode that it suggests, where no other had been chosen, and drops the reason of the old.
    """
    unknown = wish.values.keys() - CHANGEABLE
    if unknown:
        raise KeyError(f"not to be changed for many at once: {sorted(unknown)}")
    values = dict(wish.values)
    if "tier" in values:
        tier = values["tier"] or None
        if tier is not None and tier not in set(Tier):
            raise Problems([Problem("tier", _("Choose one of the list."), code="unknown")])
        values["tier"] = tier
    changed = []
    for account_id in wish.ids:
        row = uow.get(Account, account_id)
        uow.progress.check()
        own = {**_with_tier(row, values["tier"]), **values} if values.get("tier", row.tier) != row.tier else values
        if any(getattr(row, key) != value for key, value in own.items()):
            changed.append(row.name)
            for key, value in own.items():
                setattr(row, key, value)
    uow.name(names=named(changed), count=len(changed))
    return len(changed)


def _with_tier(row: Account, tier: str | None) -> dict[str, Any]:
    """What a new tier of an account brings along."""
    before, mode = row.tier and Tier(row.tier), row.service_mode and ServiceMode(row.service_mode)
    return {"service_mode": mode_after(before or None, mode or None, Tier(tier) if tier else None), "tier_reason": ""}


@command(N_("Accounts deleted: {names}"))
def delete_accounts(uow: UnitOfWork, wish: DeleteAccounts) -> None:
    """Move accounts into the bin, with their contacts, contracts, money, handovers, visits and tasks."""
    rows = [uow.get(Account, account_id) for account_id in wish.ids]
    uow.name(names=named([row.name for row in rows]), count=len(rows))
    for row in rows:
        uow.bin(row)


@command(N_("Brought back from the bin: {names}"))
def restore_records(uow: UnitOfWork, wish: Restore) -> None:
    """Take rows out of the bin, each with what went in by the same step. Raises Conflict where its owner is binned."""
    model = next(model for model in RECORDS if model.__tablename__ == wish.entity)
    names = []
    for row_id in wish.ids:
        row = uow.get(model, row_id, binned=True)
        owner_id = getattr(row, "account_id", None)
        if owner_id is not None:
            owner = uow.session.get(Account, owner_id)
            if owner is not None and owner.deleted_at is not None:
                raise Conflict(
                    _("It belongs to “{name}”, which is in the bin; bring that back first.").format(name=owner.name)
                )
        column = row.__table__.c.get("contract_id")
        owned = column is not None and column.info.get("owner")
        contract_id = getattr(row, "contract_id", None) if owned else None
        contract = uow.session.get(Contract, contract_id) if contract_id is not None else None
        if contract is not None and contract.deleted_at is not None:
            raise Conflict(
                _("It belongs to “{name}”, which is in the bin; bring that back first.").format(name=contract.number)
            )
        words = (getattr(row, key, "") for key in NAMES)
        names.append(next((text for text in words if text and isinstance(text, str)), "…"))
        uow.take_out(row)
    uow.name(names=named(names), count=len(names))


NAMES = ("name", "number", "title", "text", "goal", "reference", "figure", "currency")
"""Under which of its columns a record of any kind is known."""


def named(names: list[str]) -> str:
    """One name, or the first two and how many in all."""
    if len(names) <= 2:
        return _(", ").join(names)
    return _("{first}, {second} and others, {n} in all").format(first=names[0], second=names[1], n=len(names))


def _user(uow: UnitOfWork) -> str:
    row = uow.session.scalar(select(Setting).where(Setting.key == "user.name", Setting.deleted_at.is_(None)))
    return str(row.value) if row is not None else ""
