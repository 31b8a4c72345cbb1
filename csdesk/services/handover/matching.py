"""Which account of the store a company of the file is: certain, likely, or new."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from csdesk.models.accounts import Account
from csdesk.services.handover.gathering import Company
from csdesk.services.handover.rules import core_key, name_key

NEW = "new"
"""The decision that a company is none of the accounts that look like it."""


@dataclass(frozen=True)
class Hit:
    """The account of a company: ``account_id`` None for a new one; ``by`` says what matched.

    ``candidate`` is an account that may be the same (id, name); ``several`` tells that more than one has that very name.
    """

    account_id: int | None
    by: str = ""
    candidate: tuple[int, str] | None = None
    several: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the user ought to decide."""
        return self.candidate is not None or self.several


def among(column: Any, ids: Iterable[int]) -> Any:
    """column IN ids, however many there are."""
    listed = text("SELECT value FROM json_each(:ids)").bindparams(bindparam("ids", json.dumps(list(ids)), unique=True))
    return column.in_(listed)


def match_accounts(
    connection: Connection, companies: Mapping[str, Company], decisions: Mapping[str, str]
) -> dict[str, Hit]:
    """One hit per company, by a decision, the name as written, the tax number; then what only looks alike."""
    known = connection.execute(
        select(Account.id, Account.name, Account.tax_number).where(Account.deleted_at.is_(None)).order_by(Account.id)
    ).all()
    if not known:
        return {key: Hit(None) for key in companies}
    by_name: dict[str, list[int]] = {}
    by_tax: dict[str, int] = {}
    by_core: dict[str, tuple[int, str]] = {}
    names: dict[int, str] = {}
    for account_id, name, tax_number in known:
        names[account_id] = name
        by_name.setdefault(name_key(name), []).append(account_id)
        if tax_number:
            by_tax.setdefault(tax_number, account_id)
    if any(key not in by_name for key in companies):
        for account_id, name, _tax in known:
            by_core.setdefault(core_key(name), (account_id, name))
    return {
        key: _hit(company, decisions.get(key), by_name, by_tax, by_core, names) for key, company in companies.items()
    }


def _hit(
    company: Company,
    decision: str | None,
    by_name: Mapping[str, list[int]],
    by_tax: Mapping[str, int],
    by_core: Mapping[str, tuple[int, str]],
    names: Mapping[int, str],
) -> Hit:
    if company.desk_id in names:
        return Hit(company.desk_id, "id")
    if decision == NEW:
        return Hit(None, "decision")
    if decision and decision.isdigit() and int(decision) in names:
        return Hit(int(decision), "decision")
    same = by_name.get(company.key)
    if same:
        return Hit(same[0], "name", several=len(same) > 1)
    tax_number = company.account.values.get("tax_number")
    if tax_number and tax_number in by_tax:
        return Hit(by_tax[tax_number], "tax_number")
    return Hit(None, candidate=by_core.get(core_key(company.account.values["name"])))
