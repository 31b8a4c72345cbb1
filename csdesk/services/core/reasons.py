"""Why somebody goes to an account: a reason as data, the words of its kind, and who finds reasons.

Each slice that knows reasons (money overdue, a promise open …) says so with one ``ReasonSource``; the composition root
installs all of them, so that whoever proposes visits asks them without knowing their slices.

A reason keeps days, not counts of days, so that "12 days to the contract's end" is true on the day it is read for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from csdesk.services.core.texts import N_

if TYPE_CHECKING:
    from sqlalchemy import Connection

Param = int | str | date


class Band(StrEnum):
    """How much a visit is needed, most first."""

    MUST = "must"
    SHOULD = "should"
    OPPORTUNISTIC = "opportunistic"
    LATER = "later"


BAND_LABELS = {
    Band.MUST: N_("Must"),
    Band.SHOULD: N_("Should"),
    Band.OPPORTUNISTIC: N_("On the way"),
    Band.LATER: N_("Later"),
}


@dataclass(frozen=True)
class Reason:
    """One reason: a kind and its numbers, days and names, in a fixed order."""

    kind: str
    params: tuple[tuple[str, Param], ...] = ()

    def get(self, key: str) -> Param | None:
        """The parameter called ``key``, or None."""
        return dict(self.params).get(key)

    def as_json(self) -> dict[str, Any]:
        """The stored form: ``{"kind": …, "last": "2026-10-20", "limit": 30}``."""
        values = {key: value.isoformat() if isinstance(value, date) else value for key, value in self.params}
        return {"kind": self.kind, **values}


def reason(kind: str, **params: Param | None) -> Reason:
    """A reason of this kind; parameters that are None are left away."""
    return Reason(kind, tuple((key, value) for key, value in params.items() if value is not None))


def reason_from_json(stored: Mapping[str, Any]) -> Reason:
    """The reason that ``as_json`` wrote; days come back as days."""
    params = {key: _value(value) for key, value in stored.items() if key != "kind"}
    return reason(str(stored.get("kind", "")), **params)


def reasons_from_json(stored: Iterable[Any]) -> tuple[Reason, ...]:
    """All reasons of a stored list."""
    return tuple(reason_from_json(entry) for entry in stored if isinstance(entry, Mapping))


def _value(stored: Any) -> Param:
    if isinstance(stored, str):
        try:
            return date.fromisoformat(stored)
        except ValueError:
            return stored
    return stored if isinstance(stored, int) else str(stored)


@dataclass(frozen=True)
class Signal:
    """A reason that was found for an account, with the band it asks for."""

    reason: Reason
    band: Band


@dataclass(frozen=True)
class ReasonKind:
    """What is the same for all reasons of one kind.

    ``group`` is the word under which reasons are counted ("Renewal near 6"); ``goal`` the goal proposed for the visit;
    ``weight`` orders visits of the same band and tier, and decides which reason is named first. ``words`` says the reason
    as of a day, in the reader's language. ``rule`` is the rule behind it, {n} standing for the reason's ``limit``.
    """

    group: str
    goal: str
    weight: int
    words: Callable[[Reason, date], str]
    rule: str = ""


@dataclass(frozen=True)
class Period:
    """The days that visits are proposed for, both included, and the day on which that is asked."""

    start: date
    end: date
    today: date


@dataclass(frozen=True)
class ReasonSource:
    """A slice's reasons: their kinds by name, and the finder, which says by account id what it found, all accounts at
    once."""

    kinds: Mapping[str, ReasonKind]
    find: Callable[[Connection, Period], Mapping[int, Sequence[Signal]]]


_installed: list[ReasonSource] = []
_kinds: dict[str, ReasonKind] = {}


def install(sources: Iterable[ReasonSource]) -> None:
    """Let these find reasons from now on, and no others. Two kinds of one name raise ValueError."""
    chosen = list(sources)
    names = [name for source in chosen for name in source.kinds]
    if len(names) != len(set(names)):
        raise ValueError(f"a kind of reason has two sources: {sorted(names)}")
    _installed[:] = chosen
    _kinds.clear()
    _kinds.update({name: kind for source in chosen for name, kind in source.kinds.items()})


def installed_kind(name: str) -> ReasonKind | None:
    """What an installed source says about a kind of reason."""
    return _kinds.get(name)


def found_by_all(connection: Connection, period: Period) -> dict[int, tuple[Signal, ...]]:
    """By account what all installed sources found, in their order."""
    found: dict[int, tuple[Signal, ...]] = {}
    for source in _installed:
        for account, signals in source.find(connection, period).items():
            found[account] = (*found.get(account, ()), *signals)
    return found
