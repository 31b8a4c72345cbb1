"""What is known already of what is being typed: the demand that asks for it, the bug that was reported, the question that
was answered. All their words stand in memory, found by pairs of characters and by words.

Loaded on a thread; what changed since is read from the journal and put in the place of what stood there.
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from heapq import nlargest
from itertools import islice
from math import log
from time import sleep
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from csdesk.models.vocabulary import DemandState, TicketKind, TicketState
from csdesk.resources import resource
from csdesk.services.core.stored import unpack
from csdesk.services.tickets.rules import shown_title

if TYPE_CHECKING:
    from csdesk.services.core.changes import Changes
    from csdesk.services.core.desk import Desk

ENTITIES = ("demands", "tickets")
LEAST = 0.36
"""How much of the one must be found in the other, by weight."""
LEAST_PIECES = 2
"""So many pieces must be typed, and shared, before anything is proposed: fewer say nothing yet."""
MOST_PIECES = 48
"""Candidates are found by the rarest pieces; of a long text the others are passed over."""
MOST_COMPARED = 40
"""So many candidates are compared piece by piece."""
MOST_LOOKED_AT = 20_000
"""Places looked at for one letter typed; the rarest pieces come first."""
MODULE_WEIGHT = 0.12
LONG_WORD = 4
"""English words of more letters are compared by their trigrams too, so that endings do not count."""
MOST_GONE = 2_000
"""So many texts may be out of date before everything is loaded anew."""
PATIENCE_SECONDS = 0.05
MOST_VOICES = 6
"""So many texts of a demand are compared with the others."""
MANNERS, REST_SECONDS = 40, 0.001
"""After so many texts the loading thread lets others have the interpreter for a moment: somebody is typing."""
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[^\W_]+")


@cache
def _fillers() -> tuple[re.Pattern[str], frozenset[str]]:
    """Words of wishing and of everyday: Chinese text is parted at them, English ones are passed over."""
    found = json.loads(resource("words", "fillers.json").read_text(encoding="utf-8"))
    return re.compile("|".join(map(re.escape, found["parted_at"]))), frozenset(found["passed_over"])


def pieces(said: str) -> frozenset[str]:
    """What a text is compared by: pairs of Chinese characters, Latin words and the trigrams of the longer ones."""
    folded = unicodedata.normalize("NFKC", said).casefold()
    parted_at, passed_over = _fillers()
    found: set[str] = set()
    for run in _HAN.findall(folded):
        for clause in parted_at.split(run):
            found.update(clause[at : at + 2] for at in range(len(clause) - 1))
    for word in _WORD.findall(_HAN.sub(" ", folded)):
        if word in passed_over or (len(word) < 2 and not word.isdigit()):
            continue
        found.add(f"{word} ")
        if len(word) > LONG_WORD and word.isascii():
            found.update(word[at : at + 3] for at in range(len(word) - 2))
    return frozenset(found)


@dataclass(frozen=True)
class Known:
    """What is shown of a demand, a bug or an answered question; ``accounts`` are the ids of the different accounts that ask.

    ``planned_on`` is the day promised for a bug, ``released_on`` the day of its fix; ``answer`` what was said to a question.
    """

    id: int
    number: int
    title: str
    module: str
    state: str
    accounts: frozenset[int]
    planned_on: date | None = None
    released_on: date | None = None
    answer: str = ""


@dataclass(frozen=True)
class Proposal:
    """What may be the same; ``likeness`` from 0 to 1."""

    known: Known
    likeness: float


@dataclass
class Index:
    """Texts of what is known (title, background) and of the voices that ask for it, each a place; what is taken out leaves
    its place empty."""

    known: dict[int, Known] = field(default_factory=dict)
    _places: defaultdict[str, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("I")))
    _owner: list[int] = field(default_factory=list)
    _said: list[str] = field(default_factory=list)
    _of: dict[tuple[str, int], int] = field(default_factory=dict)
    _weights: dict[str, float] = field(default_factory=dict)
    gone: int = 0

    def put(self, entity: str, row_id: int, known_id: int, said: str) -> None:
        """Put a text in, in the place of the one that this record had."""
        self.take_out(entity, row_id)
        place = self._of[entity, row_id] = len(self._owner)
        self._weights.clear()
        self._owner.append(known_id)
        self._said.append(said)
        for piece in pieces(said):
            self._places[piece].append(place)

    def take_out(self, entity: str, row_id: int) -> None:
        """Take a record's text out."""
        place = self._of.pop((entity, row_id), None)
        if place is not None:
            self._owner[place], self._said[place] = 0, ""
            self.gone += 1

    def texts_of(self, known_id: int, most: int) -> list[str]:
        """What stands here for something known, the first texts of it."""
        places = (place for place, owner in enumerate(self._owner) if owner == known_id)
        return [self._said[place] for place in islice(places, most)]

    def owner(self, ticket_id: int) -> int:
        """The demand whose voice a ticket is here, 0 without one."""
        place = self._of.get(("tickets", ticket_id))
        return 0 if place is None else self._owner[place]

    def find(self, said: str, module: str = "", limit: int = 5, but: int = 0) -> list[Proposal]:
        """What is most like what is said, the likeliest first; never the one with the id ``but``."""
        asked = pieces(said)
        if len(asked) < LEAST_PIECES:
            return []
        wanted, best = module.strip().casefold(), dict[int, float]()
        for place in self._near(asked):
            known = self.known.get(self._owner[place])
            if known is None or known.id == but:
                continue
            likeness = self._likeness(asked, pieces(self._said[place]))
            if likeness >= LEAST:
                same_module = bool(wanted) and known.module.casefold() == wanted
                likeness = min(1.0, likeness + MODULE_WEIGHT * same_module)
                best[known.id] = max(best.get(known.id, 0.0), likeness)
        listed = sorted(best, key=lambda one: (-round(best[one], 3), -len(self.known[one].accounts), one))
        return [Proposal(self.known[one], best[one]) for one in listed[:limit]]

    def _near(self, asked: Iterable[str]) -> list[int]:
        """The places that share most, found by the rarest pieces."""
        scores, looked = defaultdict[int, float](float), 0
        rarest = sorted(
            (len(places), piece) for piece in asked if (places := self._places.get(piece)) is not None
        )[:MOST_PIECES]  # fmt: skip
        for count, piece in rarest:
            looked += count
            if looked > MOST_LOOKED_AT and scores:
                break
            weight = self._weight(piece)
            for place in self._places[piece]:
                scores[place] += weight
        return nlargest(MOST_COMPARED, scores, key=scores.__getitem__)

    def _likeness(self, asked: frozenset[str], held: frozenset[str]) -> float:
        """How much of the one is in the other, by weight: what was typed may be half a sentence, a title is a few words."""
        shared = asked & held
        if len(shared) < LEAST_PIECES:
            return 0.0
        both = sum(map(self._weight, shared))
        parts = sorted(both / sum(map(self._weight, one)) for one in (asked, held))
        return 0.7 * parts[1] + 0.3 * parts[0]

    def _weight(self, piece: str) -> float:
        """What stands everywhere says little; what stands nowhere says nothing of likeness, and counts half."""
        known = self._weights.get(piece)
        if known is None:
            places, count = self._places.get(piece), len(self._owner) + 2
            known = self._weights[piece] = log(count / (1 + len(places))) if places else log(count) / 2
        return known


DEMANDS = """
SELECT d.id, d.number, d.title, d.module, d.state, d.background,
  (SELECT group_concat(DISTINCT t.account_id) FROM tickets t WHERE t.demand_id = d.id AND t.deleted_at IS NULL)
FROM demands d WHERE d.deleted_at IS NULL AND d.state <> :merged {only}
"""
VOICES = """
SELECT t.id, t.demand_id, t.title, t.text FROM tickets t
WHERE t.deleted_at IS NULL AND t.demand_id IS NOT NULL {only}
"""
OWN = """
SELECT t.id, t.number, t.title, t.text, t.module, t.state, t.account_id, t.planned_on, t.released_on, t.answer, t.kind,
  t.scene, t.seen
FROM tickets t WHERE t.deleted_at IS NULL AND t.state <> :withdrawn {only}
  AND (t.kind = :bug OR (t.kind = :question AND t.answer <> ''))
"""
THESE_DEMANDS = "AND d.id IN (SELECT value FROM json_each(:ids))"
THESE_TICKETS = "AND t.id IN (SELECT value FROM json_each(:ids))"
TOUCHED = "SELECT entity, entity_id, ids FROM changes WHERE step_id > :since AND entity IN ('demands', 'tickets')"
WORDS = {
    "merged": DemandState.MERGED.value, "withdrawn": TicketState.WITHDRAWN.value, "bug": TicketKind.BUG.value,
    "question": TicketKind.QUESTION.value,
}  # fmt: skip

Shelf = dict[TicketKind, Index]
"""What is known, by the kind of ticket that is being typed."""


def load(connection: Connection) -> Shelf:
    """All demands that may be joined with their voices, all bugs, and all questions that were answered."""
    shelf: Shelf = {kind: Index() for kind in TicketKind}
    for place, _row in enumerate(_put(shelf, *_read(connection))):
        if place % MANNERS == 0:
            sleep(REST_SECONDS)
    return shelf


def _read(
    connection: Connection, demands: Iterable[int] | None = None, tickets: Iterable[int] | None = None
) -> tuple[Sequence[Any], Sequence[Any], Sequence[Any]]:
    """Demands, voices, and tickets that stand for themselves: these, or (None) all of them."""

    def rows(statement: str, ids: Iterable[int] | None, only: str) -> Sequence[Any]:
        given = WORDS if ids is None else WORDS | {"ids": json.dumps(list(ids))}
        return connection.execute(text(statement.format(only="" if ids is None else only)), given).all()

    return (
        rows(DEMANDS, demands, THESE_DEMANDS), rows(VOICES, tickets, THESE_TICKETS), rows(OWN, tickets, THESE_TICKETS)
    )  # fmt: skip


def _put(shelf: Shelf, demands: Sequence[Any], voices: Sequence[Any], own: Sequence[Any]) -> Iterator[None]:
    """Put what was read in, one after the other."""
    wishes = shelf[TicketKind.REQUIREMENT]
    for row in demands:
        asking = frozenset(int(one) for one in (row[6] or "").split(",") if one)
        wishes.known[row.id] = Known(row.id, row.number, row.title, row.module, row.state, asking)
        wishes.put("demands", row.id, row.id, f"{row.title} {row.background}")
        yield
    for row in voices:
        wishes.put("tickets", row.id, row.demand_id, f"{row.title} {row.text}")
        yield
    for row in own:
        title = shown_title(row.title, row.text)
        planned, released = (date.fromisoformat(day) if day else None for day in (row.planned_on, row.released_on))
        index, mine = shelf[TicketKind(row.kind)], frozenset({row.account_id})
        index.known[row.id] = Known(
            row.id, row.number, title, row.module, row.state, mine, planned, released, row.answer
        )
        index.put("tickets", row.id, row.id, " ".join((row.title, row.text, row.scene, row.seen)))
        yield


class StoreLikeness:
    """What the capture dialog asks while somebody types: ``find`` may be called on the UI thread at any time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._shelf: Shelf = {kind: Index() for kind in TicketKind}
        self._step = -1
        self._loaded = threading.Event()
        self._state = threading.Lock()
        self._thread: threading.Thread | None = None
        self._again = False

    def find(
        self, said: str, module: str = "", limit: int = 5, kind: TicketKind = TicketKind.REQUIREMENT
    ) -> list[Proposal]:
        """The likely same demands, bugs or answered questions; none while the first loading takes longer than a moment."""
        if not self._loaded.is_set():
            self.reload()
            self._loaded.wait(PATIENCE_SECONDS)
        with self._state:
            return self._shelf[kind].find(said, module, limit)

    def alike(self, demand_id: int) -> dict[int, float]:
        """How like other demands are to one, by id: by its title and what its first voices said. Not for the UI thread."""
        if not self._loaded.is_set():
            self.reload()
            self._loaded.wait()
        best = dict[int, float]()
        with self._state:
            index = self._shelf[TicketKind.REQUIREMENT]
            known = index.known.get(demand_id)
            for said in index.texts_of(demand_id, MOST_VOICES):
                for one in index.find(said, known.module if known is not None else "", MOST_COMPARED, demand_id):
                    best[one.known.id] = max(best.get(one.known.id, 0.0), one.likeness)
        return best

    def changed(self, changes: Changes) -> None:
        """Take note of what changed; the index follows in a moment, on a thread."""
        if changes.everything:
            self._step = -1
        if changes.everything or (self._loaded.is_set() and changes.touches(ENTITIES)):
            self._start()

    def reload(self) -> None:
        """Load everything on a thread, unless it is there."""
        if not self._loaded.is_set():
            self._start()

    def wait(self) -> None:
        """Until what was begun is done."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _start(self) -> None:
        with self._state:
            self._again = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="likeness", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            with self._state:
                if not self._again:
                    self._thread = None
                    return
                self._again = False
            self._follow()

    def _follow(self) -> None:
        with self._desk.read() as connection:
            step = connection.execute(text("SELECT coalesce(max(id), 0) FROM steps")).scalar_one()
            touched = _touched(connection, self._step) if 0 <= self._step <= step else None
            gone = sum(index.gone for index in self._shelf.values())
            if touched is None or gone + sum(map(len, touched.values())) > MOST_GONE:
                shelf = load(connection)
                with self._state:
                    self._shelf = shelf
            else:
                self._replace(connection, touched)
        self._step = step
        self._loaded.set()

    def _replace(self, connection: Connection, touched: dict[str, set[int]]) -> None:
        """Read anew what was touched; a demand also where one of its voices came or went."""
        tickets, wishes = touched["tickets"], self._shelf[TicketKind.REQUIREMENT]
        _none, voices, own = _read(connection, (), tickets)
        asked = touched["demands"] | {row.demand_id for row in voices} | {wishes.owner(one) for one in tickets}
        demands, _voices, _own = _read(connection, asked, ())
        with self._state:
            for demand in asked:
                wishes.known.pop(demand, None)
                wishes.take_out("demands", demand)
            for index in self._shelf.values():
                for ticket in tickets:
                    index.take_out("tickets", ticket)
                    index.known.pop(ticket, None)
            for _row in _put(self._shelf, demands, voices, own):
                pass


def _touched(connection: Connection, since: int) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {entity: set() for entity in ENTITIES}
    for entity, row_id, ids in connection.execute(text(TOUCHED), {"since": since}):
        found[entity].update(unpack(ids) if row_id is None else (row_id,))
    return found
