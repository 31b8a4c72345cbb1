"""Time zones: what the clock shows where the other side is. Pure; the zones come with Python or the tzdata package."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

HOME = "Asia/Shanghai"


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of an IANA name such as Europe/Berlin; None for what is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def time_elsewhere(day: date, starts_at: str, zone: str, own: str) -> str:
    """What HH:MM in the user's zone ``own`` is in ``zone`` on that day; "" without a time or where both are the same."""
    here, there = zone_named(own or HOME), zone_named(zone) if zone else None
    if not starts_at or here is None or there is None or here.key == there.key:
        return ""
    moment = datetime.combine(day, time.fromisoformat(starts_at), here).astimezone(UTC)
    return f"{moment.astimezone(there):%H:%M}"
