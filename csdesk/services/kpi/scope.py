"""Of which accounts a figure is made: by tier, industry, city, product, sales owner, service mode."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from csdesk.models.vocabulary import N_, PRODUCT_SEPARATOR


@dataclass(frozen=True)
class Scope:
    """Accounts that have one of the values named in each part; an empty part asks for nothing.

    ``products`` are accounts that ever bought one of them; all that such an account pays counts.
    """

    tiers: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    sales_owners: tuple[str, ...] = ()
    service_modes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


ALL = Scope()
TITLES = {
    "tiers": N_("Tier"),
    "industries": N_("Industry"),
    "cities": N_("City"),
    "products": N_("Product"),
    "sales_owners": N_("Sales"),
    "service_modes": N_("Service mode"),
}
"""What each part of a scope is called."""
COLUMNS = {
    "tiers": "tier", "industries": "industry", "cities": "city", "sales_owners": "sales_owner",
    "service_modes": "service_mode",
}  # fmt: skip
"""By part of a scope: the column of accounts that it asks."""


def clause(scope: Scope | None) -> tuple[str, dict[str, Any]]:
    """The scope as SQL over accounts ``a`` with its parameters; empty for all of them."""
    wanted, values = [], {}
    for part, column in COLUMNS.items():
        if chosen := getattr(scope or ALL, part):
            marks, own = _marks(part, chosen)
            wanted.append(f"AND coalesce(a.{column}, '') IN ({marks})")
            values.update(own)
    if scope and scope.products:
        own = {f"product{place}": name for place, name in enumerate(scope.products)}
        among = " OR ".join(
            f"instr('{PRODUCT_SEPARATOR}' || pl.products || '{PRODUCT_SEPARATOR}',"
            f" '{PRODUCT_SEPARATOR}' || :{key} || '{PRODUCT_SEPARATOR}')"
            for key in own
        )
        wanted.append(
            "AND a.id IN (SELECT pk.account_id FROM contracts pk JOIN contract_lines pl ON pl.contract_id = pk.id"
            f" WHERE pk.deleted_at IS NULL AND pl.deleted_at IS NULL AND ({among}))"
        )
        values.update(own)
    return " ".join(wanted), values


def _marks(part: str, chosen: Iterable[str]) -> tuple[str, dict[str, str]]:
    values = {f"{part}{place}": value for place, value in enumerate(chosen)}
    return ", ".join(f":{key}" for key in values), values
