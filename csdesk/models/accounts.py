"""Accounts: the companies that bought."""

from datetime import date

from sqlalchemy import Boolean, Date, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import DERIVED, Base, Record, Words, of_the_bin


class Account(Record, Base):
    """A company that bought. Empty text means: not known.

    The derived columns repeat what contracts, visits and contacts say, so that the list of 100,000 accounts sorts by an
    index; ``services/accounts/standing.py`` writes them in the unit of work that touched those rows.
    """

    __tablename__ = "accounts"

    name: Mapped[Words]
    short_name: Mapped[Words]
    tier: Mapped[str | None] = mapped_column(String)
    tier_reason: Mapped[Words]
    service_mode: Mapped[str | None] = mapped_column(String)
    industry: Mapped[Words]
    city: Mapped[Words]
    district: Mapped[Words]
    address: Mapped[Words]
    website: Mapped[Words]
    tax_number: Mapped[Words]
    sales_owner: Mapped[Words]
    owner: Mapped[Words]
    starred: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0")
    notes: Mapped[Words]

    name_key: Mapped[str] = mapped_column(Text, default="", server_default="", info=DERIVED)
    pinyin: Mapped[str | None] = mapped_column(Text, info=DERIVED)
    initials: Mapped[str | None] = mapped_column(Text, info=DERIVED)
    contact_name: Mapped[str] = mapped_column(Text, default="", server_default="", info=DERIVED)
    arr_cents: Mapped[int | None] = mapped_column(Integer, info=DERIVED)
    seats: Mapped[int | None] = mapped_column(Integer, info=DERIVED)
    customer_since: Mapped[date | None] = mapped_column(Date, info=DERIVED)
    renewal_on: Mapped[date | None] = mapped_column(Date, info=DERIVED)
    last_visit_on: Mapped[date | None] = mapped_column(Date, info=DERIVED)
    last_contact_on: Mapped[date | None] = mapped_column(Date, info=DERIVED)
    next_visit_on: Mapped[date | None] = mapped_column(Date, info=DERIVED)

    strategic: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0", sort_order=1)
    """Wanted for more than its money: a name that others follow, a field to grow into. Added later, so it stands last."""
    collected_cents: Mapped[int | None] = mapped_column(Integer, sort_order=1, info=DERIVED)
    open_cents: Mapped[int | None] = mapped_column(Integer, sort_order=1, info=DERIVED)

    __table_args__ = (
        *(
            Index(f"ix_accounts_alive_{column}", column, sqlite_where=text("deleted_at IS NULL"))
            for column in (
                "name", "name_key", "tier", "industry", "city", "owner", "sales_owner", "contact_name", "arr_cents",
                "customer_since", "renewal_on", "last_visit_on", "last_contact_on", "next_visit_on",
            )
        ),
        of_the_bin("accounts"),
    )  # fmt: skip
