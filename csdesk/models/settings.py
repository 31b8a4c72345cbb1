"""Settings that belong to the store and travel with it; window state lives elsewhere."""

from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base, Record


class Setting(Record, Base):
    """One changed setting; the defaults stand in ``services/settings/rules.py``."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String, unique=True)
    value: Mapped[Any] = mapped_column(JSON)
