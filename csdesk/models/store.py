"""Facts about the store itself: which program wrote it last, whether it is a sample."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base


class StoreFact(Base):
    """One fact by name; neither journalled nor undoable, since it speaks of the file and not of customers."""

    __tablename__ = "store_facts"

    name: Mapped[str] = mapped_column(String, primary_key=True)
    value: Mapped[str] = mapped_column(Text)


PROGRAM_VERSION = "program_version"
SAMPLE = "sample"
STANDING_DAY = "standing_day"
"""The day for which the accounts' derived columns were computed."""
