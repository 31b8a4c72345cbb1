"""How a file is to be read, as the user said it: kept for files with the same headings, and with each import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Policy(StrEnum):
    """What the rows of an account that is there already do to it."""

    UPDATE = "update"
    """A filled cell replaces the value; an empty one never does."""
    FILL = "fill"
    """Only empty values are filled."""
    SKIP = "skip"
    """Nothing is changed."""
    ASK = "ask"
    """Each such account waits for one of the three."""


@dataclass(frozen=True)
class Recipe:
    """All that a person can say about how a file is read.

    ``mapping``: heading → field or None. ``header_rows``: sheet → Excel row of its headings. ``closed_sheets`` are not read.
    ``constants``: field → text for all rows. ``words``: field → what a cell says → value, "" for none.
    ``day_orders``: heading → an ``Order`` for its days. ``encoding``: of a text file, "" where it is guessed.
    """

    mapping: Mapping[str, str | None] = field(default_factory=dict)
    header_rows: Mapping[str, int] = field(default_factory=dict)
    closed_sheets: frozenset[str] = frozenset()
    constants: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    day_orders: Mapping[str, str] = field(default_factory=dict)
    policy: Policy = Policy.UPDATE
    encoding: str = ""

    def as_json(self) -> dict[str, Any]:
        """What is stored; empty parts are left out."""
        told = asdict(self) | {"closed_sheets": sorted(self.closed_sheets), "policy": self.policy.value}
        return {name: value for name, value in told.items() if value}


def from_json(told: Mapping[str, Any]) -> Recipe:
    """The recipe that was stored; what is unknown in it is passed over."""
    known = {name: value for name, value in told.items() if name in Recipe.__dataclass_fields__}
    policy = known.get("policy", Policy.UPDATE)
    known["policy"] = Policy(policy) if policy in {one.value for one in Policy} else Policy.UPDATE
    known["closed_sheets"] = frozenset(known.get("closed_sheets", ()))
    return Recipe(**known)


@dataclass(frozen=True)
class Remembered:
    """What earlier files taught: the mapping and the recipe by the headings' fingerprint, headings and words of any file."""

    mappings: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    recipes: Mapping[str, Recipe] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


NOTHING = Remembered()
"""No file came before."""
