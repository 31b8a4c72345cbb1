"""What makes an account. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from csdesk.models.vocabulary import MODE_OF_TIER, ServiceMode, Tier
from csdesk.services.core.drafts import Draft, Reader
from csdesk.services.core.texts import _


@dataclass(frozen=True)
class AccountFields:
    """An account's own values; empty text means not known."""

    name: str
    short_name: str = ""
    tier: Tier | None = None
    service_mode: ServiceMode | None = None
    industry: str = ""
    city: str = ""
    district: str = ""
    address: str = ""
    website: str = ""
    tax_number: str = ""
    sales_owner: str = ""
    owner: str = ""
    notes: str = ""
    strategic: bool = False


def parse(draft: Draft) -> AccountFields:
    """The account that a form describes; the tier suggests the service mode where none is given. Raises Problems."""
    read = Reader(draft)
    tier = read.word("tier", Tier)
    mode = read.word("service_mode", ServiceMode) or (MODE_OF_TIER[tier] if tier else None)
    fields = AccountFields(
        name=read.text("name", required=_("An account needs a name.")),
        tier=tier,
        service_mode=mode,
        strategic=bool(read.text("strategic")),
        **{key: read.text(key) for key in TEXTS},
    )
    read.check()
    return fields


TEXTS = (
    "short_name", "industry", "city", "district", "address", "website", "tax_number", "sales_owner", "owner", "notes",
)  # fmt: skip


def mode_after(before: Tier | None, mode: ServiceMode | None, after: Tier | None) -> ServiceMode | None:
    """The service mode once the tier has changed: the one that the tier suggests, unless another had been chosen."""
    suggested = MODE_OF_TIER[before] if before else None
    if mode is not None and mode != suggested:
        return mode
    return MODE_OF_TIER[after] if after else None


def other_mode(tier: str | None, mode: str | None) -> ServiceMode | None:
    """The service mode that the tier suggests, where the account is looked after in another way; else None."""
    suggested = MODE_OF_TIER[Tier(tier)] if tier else None
    return suggested if mode and suggested != mode else None


def display_name(name: str, short_name: str) -> str:
    """What a list calls an account: its short name where it has one."""
    return short_name or name
