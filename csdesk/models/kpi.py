"""What figures are measured against and converted with."""

from datetime import date

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base, Record, Words


class Target(Record, Base):
    """The value that a figure is to reach in a period: a decimal text, rates as fractions, amounts in yuan."""

    __tablename__ = "targets"

    figure: Mapped[str] = mapped_column(String, index=True)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    value: Mapped[str] = mapped_column(String)
    notes: Mapped[Words]


class ExchangeRate(Record, Base):
    """What one unit of a currency is worth in the home currency from a day on: a decimal text."""

    __tablename__ = "exchange_rates"

    currency: Mapped[str] = mapped_column(String, index=True)
    valid_from: Mapped[date] = mapped_column(Date)
    rate: Mapped[str] = mapped_column(String)
