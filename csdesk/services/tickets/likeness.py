"""Which demands ask for what is being typed: all their words in memory, found by pairs of characters and by words.

Loaded on a thread; what changed since is read from the journal and put in the place of what stood there.
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from heapq import nlargest
from math import log
from time import sleep
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from csdesk.models.vocabulary import DemandState
from csdesk.resources import resource
from csdesk.services.core.stored import unpack

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
    """What is shown of a demand; ``accounts`` are the ids of the different accounts that ask for it."""

    id: int
    number: int
    title: str
    module: str
    state: str
    accounts: frozenset[int]


@dataclass(frozen=True)
class Proposal:
    """A demand that may ask for the same; ``likeness`` from 0 to 1."""

    demand: Known
    likeness: float


@dataclass
class Index:
    """Texts of demands (title and background) and of their voices, each a place; what is taken out leaves its place empty."""

    demands: dict[int, Known] = field(default_factory=dict)
    _places: defaultdict[str, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("I")))
    _owner: list[int] = field(default_factory=list)
    _said: list[str] = field(default_factory=list)
    _of: dict[tuple[str, int], int] = field(default_factory=dict)
    _weights: dict[str, float] = field(default_factory=dict)
    gone: int = 0

    def put(self, entity: str, row_id: int, demand_id: int, said: str) -> None:
        """Put a text in, in the place of the one that this record had."""
        self.take_out(entity, row_id)
        place = self._of[entity, row_id] = len(self._owner)
        self._weights.clear()
        self._owner.append(demand_id)
        self._said.append(said)
        for piece in pieces(said):
            self._places[piece].append(place)

    def take_out(self, entity: str, row_id: int) -> None:
        """Take a record's text out."""
        place = self._of.pop((entity, row_id), None)
        if place is not None:
            self._owner[place], self._said[place] = 0, ""
            self.gone += 1

    def owner(self, ticket_id: int) -> int:
        """The demand whose voice a ticket is here, 0 without one."""
        place = self._of.get(("tickets", ticket_id))
        return 0 if place is None else self._owner[place]

    def find(self, said: str, module: str = "", limit: int = 5, but: int = 0) -> list[Proposal]:
        """The demands most like what is said, the likeliest first; never the one with the id ``but``."""
        asked = pieces(said)
        if len(asked) < LEAST_PIECES:
            return []
        wanted, best = module.strip().casefold(), dict[int, float]()
        for place in self._near(asked):
            demand = self.demands.get(self._owner[place])
            if demand is None or demand.id == but:
                continue
            likeness = self._likeness(asked, pieces(self._said[place]))
            if likeness >= LEAST:
                same_module = bool(wanted) and demand.module.casefold() == wanted
                likeness = min(1.0, likeness + MODULE_WEIGHT * same_module)
                best[demand.id] = max(best.get(demand.id, 0.0), likeness)
        listed = sorted(best, key=lambda one: (-round(best[one], 3), -len(self.demands[one].accounts), one))
        return [Proposal(self.demands[one], best[one]) for one in listed[:limit]]

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
THESE_DEMANDS = "AND d.id IN (SELECT value FROM json_each(:ids))"
THESE_TICKETS = "AND t.id IN (SELECT value FROM json_each(:ids))"
TOUCHED = "SELECT entity, entity_id, ids FROM changes WHERE step_id > :since AND entity IN ('demands', 'tickets')"


def load(connection: Connection) -> Index:
    """All demands that may be joined, with their voices."""
    index = Index()
    _put_demands(index, connection.execute(text(DEMANDS.format(only="")), {"merged": DemandState.MERGED.value}))
    for place, row in enumerate(connection.execute(text(VOICES.format(only="")))):
        index.put("tickets", row[0], row[1], f"{row[2]} {row[3]}")
        if place % MANNERS == 0:
            sleep(REST_SECONDS)
    return index


def _put_demands(index: Index, rows: Iterable[Sequence[object]]) -> None:
    for row in rows:
        ids = frozenset(int(one) for one in str(row[6] or "").split(",") if one)
        known = Known(int(str(row[0])), int(str(row[1])), str(row[2]), str(row[3]), str(row[4]), ids)
        index.demands[known.id] = known
        index.put("demands", known.id, known.id, f"{row[2]} {row[5]}")


class StoreLikeness:
    """What the capture dialog asks while somebody types: ``find`` may be called on the UI thread at any time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._index = Index()
        self._step = -1
        self._loaded = threading.Event()
        self._state = threading.Lock()
        self._thread: threading.Thread | None = None
        self._again = False

    def find(self, said: str, module: str = "", limit: int = 5, but: int = 0) -> list[Proposal]:
        """The likely same demands; none while the first loading takes longer than a moment."""
        if not self._loaded.is_set():
            self.reload()
            self._loaded.wait(PATIENCE_SECONDS)
        with self._state:
            return self._index.find(said, module, limit, but)

    def demand(self, demand_id: int) -> Known | None:
        """A demand by its id, as it was when it was read last."""
        return self._index.demands.get(demand_id)

    def modules(self) -> tuple[str, ...]:
        """The modules that demands name, the most frequent first."""
        counts: defaultdict[str, int] = defaultdict(int)
        with self._state:
            for demand in self._index.demands.values():
                counts[demand.module] += 1
        return tuple(sorted((name for name in counts if name), key=lambda name: (-counts[name], name)))

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
            if touched is None or self._index.gone + sum(map(len, touched.values())) > MOST_GONE:
                index = load(connection)
                with self._state:
                    self._index = index
            else:
                self._replace(connection, touched)
        self._step = step
        self._loaded.set()

    def _replace(self, connection: Connection, touched: dict[str, set[int]]) -> None:
        """Read anew what was touched; a demand also where one of its voices came or went."""
        tickets = json.dumps(list(touched["tickets"]))
        voices = connection.execute(text(VOICES.format(only=THESE_TICKETS)), {"ids": tickets}).all()
        demands = (
            touched["demands"] | {row[1] for row in voices} | {self._index.owner(one) for one in touched["tickets"]}
        )
        given = {"ids": json.dumps(list(demands)), "merged": DemandState.MERGED.value}
        rows = connection.execute(text(DEMANDS.format(only=THESE_DEMANDS)), given).all()
        with self._state:
            for demand in demands:
                self._index.demands.pop(demand, None)
                self._index.take_out("demands", demand)
            for ticket in touched["tickets"]:
                self._index.take_out("tickets", ticket)
            _put_demands(self._index, rows)
            for row in voices:
                self._index.put("tickets", row[0], row[1], f"{row[2]} {row[3]}")


def _touched(connection: Connection, since: int) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {entity: set() for entity in ENTITIES}
    for entity, row_id, ids in connection.execute(text(TOUCHED), {"since": since}):
        found[entity].update(unpack(ids) if row_id is None else (row_id,))
    return found
