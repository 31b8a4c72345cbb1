"""How Chinese names are spelled, so that they sort and are found by letters."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from csdesk.resources import resource
from csdesk.services.core.pinyin import reader
from csdesk.services.core.progress import Progress
from csdesk.services.core.texts import _
from csdesk.services.search.rules import folded

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk

BATCH = 500
NEXT_ACCOUNTS = "SELECT id, CASE WHEN short_name <> '' THEN short_name ELSE name END, name FROM accounts WHERE pinyin IS NULL LIMIT :n"
NEXT_CONTACTS = "SELECT id, name, '' FROM contacts WHERE pinyin IS NULL LIMIT :n"
WRITE_ACCOUNTS = (
    "UPDATE accounts SET pinyin = :pinyin, initials = :initials, name_key = coalesce(nullif(:pinyin, ''), lower(name)) "
    "WHERE id = :id AND name = :other AND CASE WHEN short_name <> '' THEN short_name ELSE name END = :name"
)
WRITE_CONTACTS = "UPDATE contacts SET pinyin = :pinyin, initials = :initials WHERE id = :id AND name = :name"


@dataclass(frozen=True)
class Spelling:
    """A text in letters: syllables run together, and one letter for each character."""

    pinyin: str
    initials: str


def spell(name: str, *, person: bool = False) -> Spelling:
    """Spell a name; what is no Chinese character stays as it is. A person's surname is read as surnames are."""
    chosen = folded(name)
    surname = _surname(chosen) if person else []
    syllables = [*surname, *reader()(chosen[len(surname) :])]
    pinyin, initials = "".join(syllables), "".join(syllable[:1] for syllable in syllables)
    return Spelling(pinyin.replace(" ", ""), initials.replace(" ", ""))


def _surname(name: str) -> list[str]:
    """The syllables of the surname at the beginning where it is read otherwise than usual; else none."""
    for length in (2, 1):
        reading = _surnames().get(name[:length])
        if reading is not None and len(name) > length:
            return reading.split()
    return []


@cache
def _surnames() -> dict[str, str]:
    found: dict[str, str] = json.loads(resource("names", "surnames.json").read_text(encoding="utf-8"))
    return found


def fill_pinyin(desk: Desk, progress: Progress | None = None, batch: int = BATCH) -> int:
    """Spell the names that are not spelled yet, in transactions of ``batch`` rows; says how many.

    Derived columns alone are written, so it stands in no history; other writers get their turn between two batches.
    """
    watched = progress or Progress()
    watched.step(_("Spelling names"))
    return _fill(desk, NEXT_ACCOUNTS, WRITE_ACCOUNTS, watched, batch, person=False) + _fill(
        desk, NEXT_CONTACTS, WRITE_CONTACTS, watched, batch, person=True
    )


def _fill(desk: Desk, following: str, statement: str, progress: Progress, batch: int, *, person: bool) -> int:
    spelled = 0
    while True:
        with desk.read() as connection:
            rows = connection.execute(text(following), {"n": batch}).all()
        if not rows:
            return spelled
        values = [_values(row, person) for row in rows]

        def write(connection: Connection, values: list[dict[str, Any]] = values) -> None:
            connection.execute(text(statement), values)

        desk.maintain(write)
        spelled += len(rows)
        progress.advance(len(rows))


def _values(row: Any, person: bool) -> dict[str, Any]:
    own = spell(row[1], person=person)
    pinyin, initials = own.pinyin, own.initials
    if row[2] and row[2] != row[1]:
        full = spell(row[2])
        pinyin, initials = f"{pinyin}|{full.pinyin}", f"{initials}|{full.initials}"
    return {"id": row[0], "name": row[1], "other": row[2], "pinyin": pinyin, "initials": initials}
