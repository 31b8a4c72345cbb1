"""The words every table is written with: ids, money, moments, the columns that each record has."""

import itertools
import secrets
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_counter = itertools.count(((int(time.time() * 1000) & (2**41 - 1)) << 22) | secrets.randbits(20))


def new_id() -> int:
    """A 63-bit id, unique over laptops: the millisecond at which the program started, random bits, then counted up.

    Ids made later are larger, so their order is the order of making.
    """
    return next(_counter)


def new_ids(count: int) -> list[int]:
    """``count`` ids in ascending order."""
    return list(itertools.islice(_counter, count))


class Money(TypeDecorator[Decimal]):
    """A Decimal amount kept as integer cents; SQLite has no decimal."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else to_cents(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else from_cents(value)


def to_cents(amount: Decimal) -> int:
    """Whole cents of an amount; raises ValueError where it has fractions of a cent."""
    cents = amount * 100
    whole = int(cents)
    if whole != cents:
        raise ValueError(f"{amount} is not a whole number of cents")
    return whole


def from_cents(cents: int) -> Decimal:
    """The amount of a number of cents."""
    return Decimal(cents).scaleb(-2)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, kept as ISO text with microseconds so that text order is time order."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else moment_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


def moment_text(value: datetime) -> str:
    """The stored form of an aware moment."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


Amount = Annotated[Decimal, mapped_column(Money)]
MaybeAmount = Annotated[Decimal | None, mapped_column(Money)]
Day = Annotated[date, mapped_column(Date)]
MaybeDay = Annotated[date | None, mapped_column(Date)]
Words = Annotated[str, mapped_column(Text, default="", server_default="")]
"""Text as a person wrote it; empty where nothing was said, never null."""

DERIVED: dict[str, Any] = {"derived": True}
"""Column info of values computed from other rows: kept out of the journal and never edited."""


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {int: BigInteger, date: Date, datetime: Moment, dict[str, Any]: JSON, list[Any]: JSON}


Id = Annotated[int, mapped_column(Integer, primary_key=True, autoincrement=False)]


class Record:
    """What each row that people see has: id, optimistic version, when it was made and changed, the bin.

    ``deleted_at`` set means: in the bin. ``bin_step`` names the step that put it there, so that what went together
    comes back together.
    """

    id: Mapped[Id]
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)
    bin_step: Mapped[int | None] = mapped_column(Integer)


def owned_by(table: str, *, nullable: bool = False, index: bool = True) -> Any:
    """A column pointing at the row that this one belongs to: it goes into the bin and comes back with it."""
    return mapped_column(Integer, ForeignKey(f"{table}.id"), nullable=nullable, index=index, info={"owner": True})


def points_at(table: str, *, index: bool = False) -> Any:
    """A column pointing at a row that lives its own life."""
    return mapped_column(Integer, ForeignKey(f"{table}.id"), nullable=True, index=index)


def of_the_bin(table: str) -> Index:
    """The index by which the bin finds its rows: it holds them alone."""
    return Index(f"ix_{table}_binned", "deleted_at", sqlite_where=text("deleted_at IS NOT NULL"))
