"""The one module that asks the machine's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta


class Clock:
    """Today and now; ``today`` given at the start stands in for the machine's date, the time of day runs on."""

    def __init__(self, today: date | None = None) -> None:
        self._offset = timedelta(0)
        if today is not None:
            self._offset = datetime.combine(today, time()) - datetime.combine(datetime.now().date(), time())

    def today(self) -> date:
        """The local date."""
        return (datetime.now() + self._offset).date()

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def local(self) -> datetime:
        """The moment, aware, in the machine's time zone."""
        return self.now().astimezone()


def to_local(moment: datetime) -> datetime:
    """An aware moment in the machine's time zone."""
    return moment.astimezone()
