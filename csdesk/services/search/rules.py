"""Finding accounts, people, tickets, demands and tasks by any part of what is known of them. Pure: one text in memory is scanned, no index.

Names with Chinese characters stand in one text, letters (pinyin, initials, Latin names) and digits of phones in others
that need one byte a character; which of them is scanned depends on what was typed. The better records stand first, so
that a scan may stop early.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress, repeat
from operator import contains, or_

from csdesk.services.core.columns import Found
from csdesk.services.core.formats import masked_phone

RECORD, SEPARATOR = "\x1e", "\x1f"
"""What stands before each record of a strip, and before each of its fields; no text that is looked for holds them."""
ACCOUNTS, CONTACTS, TICKETS, DEMANDS, TASKS = "accounts", "contacts", "tickets", "demands", "tasks"
ENOUGH = 64
"""Candidates looked at before they are put in order: on the first letters everything matches."""
NEAR = 2_000_000
"""Where many match, those that begin with what was typed are looked for in so many characters, the best records."""
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x200B, 0xFEFF])
_ASCII_RUN = re.compile(r"[\x20-\x7e]+")
_DIGIT = re.compile("[0-9]")
_NUMBER = re.compile(r"([rbqd])-?0*(\d{1,9})")
WIDE, LETTERS, DIGITS, MIXED = range(4)
"""The strips: other than ASCII, ASCII without digits, digits alone, ASCII with some."""
_PHONE = re.compile(r"[\d\s()+\-]+")
_OTHERS = bytes((1, *(0,) * 255))
"""Turns marks around."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one account, contact or task. For an account ``account_id`` is its own id, 0 is none.

    ``name`` is shown; ``other`` is a second name to be found by (the registered one). ``pinyin`` and ``initials`` may
    hold several readings separated by "|". ``words`` are what many records share (city, industry, owners): a list is
    narrowed by them too, the palette is not.
    """

    id: int
    account_id: int
    name: str
    other: str = ""
    note: str = ""
    phone: str = ""
    pinyin: str = ""
    initials: str = ""
    tier: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """One result: ``title_spans`` are half-open ranges of what matched; ``detail`` is a masked phone."""

    kind: str
    id: int
    account_id: int
    title: str
    subtitle: str = ""
    detail: str = ""
    tier: str = ""
    title_spans: tuple[Span, ...] = ()
    subtitle_spans: tuple[Span, ...] = ()


def folded(text: str) -> str:
    """Text as it is compared: NFKC, case folded, no control characters, no space around."""
    low = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return (low if low.isprintable() else low.translate(_CONTROLS)).strip()


def digits_of(text: str) -> str:
    """The ASCII digits of a text: how phones are compared."""
    if text.isascii() and text.isdigit():
        return text
    return "".join(character for character in text if "0" <= character <= "9")


def questions(typed: str) -> tuple[str, ...]:
    """What is looked for: the text itself, R-12 as R-0012, a phone without blanks and dashes, pinyin without blanks."""
    text = folded(typed)
    asked = [text]
    if text.isascii():
        number = _NUMBER.fullmatch(text)
        if number is not None:
            asked.append(f"{number[1]}-{int(number[2]):04d}")
        digits = digits_of(text)
        if digits and _PHONE.fullmatch(text):
            asked.append(digits.removeprefix("86") if text.startswith("+86") else digits)
        asked.append(text.replace(" ", "").replace("'", ""))
    return tuple(dict.fromkeys(question for question in asked if question))


def fields(entry: Entry) -> list[str]:
    """The texts by which an entry is found."""
    spelled = (*entry.pinyin.split("|"), *entry.initials.split("|"))
    texts = dict.fromkeys(folded(part) for part in (entry.name, entry.other, *spelled))
    return [text for text in (*texts, digits_of(entry.phone)) if text]


def _strips_for(question: str) -> tuple[int, ...]:
    """Which strips can hold this text."""
    if not question.isascii():
        return (WIDE,)
    if question.isdigit():
        return DIGITS, MIXED
    return (MIXED,) if _DIGIT.search(question) else (LETTERS, MIXED)


def _placed(texts: Iterable[str]) -> tuple[list[str], list[str], list[str], list[str]]:
    """The texts of a record by strip; ASCII parts of wide texts stand among the others too."""
    piles: tuple[list[str], list[str], list[str], list[str]] = ([], [], [], [])
    for text in texts:
        if text.isascii():
            piles[_strip_of(text)].append(text)
        else:
            piles[WIDE].append(text)
            for run in _ASCII_RUN.findall(text):
                if run := run.strip():
                    piles[_strip_of(run)].append(run)
    return piles


def _strip_of(text: str) -> int:
    if text.isdigit():
        return DIGITS
    return MIXED if _DIGIT.search(text) else LETTERS


class Strip:
    """Many short texts in one, each belonging to a record. Building it is one join."""

    def __init__(self, records: Iterable[Sequence[str]]) -> None:
        pieces: list[str] = []
        self._starts = array("q")
        at = 0
        for texts in records:
            self._starts.append(at)
            piece = RECORD + SEPARATOR + SEPARATOR.join(texts) if texts else RECORD
            pieces.append(piece)
            at += len(piece)
        pieces.append(SEPARATOR)
        self._text = "".join(pieces)

    def __len__(self) -> int:
        return len(self._starts)

    def matches(self, needle: str, at_start: bool) -> Iterator[tuple[int, int]]:
        """Records that hold the needle, in order, each once, with the place in the field; or only fields' beginnings."""
        text, starts, count = self._text, self._starts, len(self._starts)
        wanted = SEPARATOR + needle if at_start else needle
        end = NEAR if at_start else len(text)
        at = text.find(wanted, 0, end)
        while at >= 0:
            record = bisect_right(starts, at) - 1
            yield record, 0 if at_start else at - text.rfind(SEPARATOR, 0, at) - 1
            if record + 1 >= count:
                return
            at = text.find(wanted, starts[record + 1], end)

    def holding(self, needle: str) -> bytearray:
        """By record: 1 where it holds the needle."""
        count = self._text.count(needle)
        if count > len(self) // 2:
            return bytearray(map(contains, self._text.split(RECORD)[1:], repeat(needle)))
        marks = bytearray(len(self))
        if count:
            before = self._text.split(needle)[:-1]
            for seen in accumulate(map(str.count, before, repeat(RECORD))):
                marks[seen - 1] = 1
        return marks


class Shelf:
    """All records of one kind, found by scanning. The order given is the order of likeliness."""

    def __init__(self, kind: str, entries: Iterable[Entry]) -> None:
        self.kind = kind
        self._ids, self._accounts = array("q"), array("q")
        self._shown: list[str] = []
        self._sharing: dict[str, array[int]] = {}
        piles: tuple[list[list[str]], ...] = ([], [], [], [])
        for record, entry in enumerate(entries):
            self._ids.append(entry.id)
            self._accounts.append(entry.account_id)
            shown = (entry.name, entry.note, entry.phone, entry.tier, entry.initials, entry.pinyin)
            self._shown.append(SEPARATOR.join(text.replace(SEPARATOR, " ") for text in shown))
            for pile, texts in zip(piles, _placed(fields(entry)), strict=True):
                pile.append(texts)
            for word in entry.words:
                if word not in self._sharing:
                    self._sharing[word] = array("q")
                self._sharing[word].append(record)
        self._strips = tuple(Strip(pile) for pile in piles)

    def __len__(self) -> int:
        return len(self._ids)

    def entry(self, record: int) -> Entry:
        """What is shown of one record."""
        name, note, phone, tier, initials, pinyin = self._shown[record].split(SEPARATOR)
        return Entry(
            self._ids[record], self._accounts[record], name, "", note, phone, pinyin, initials, tier
        )  # fmt: skip

    def of_account(self, account: int, first: int) -> list[int]:
        """The records of one account, which stand together from ``first`` on."""
        record = first
        while record < len(self._accounts) and self._accounts[record] == account:
            record += 1
        return list(range(first, record))

    def firsts(self) -> dict[int, int]:
        """By account: its first record."""
        found: dict[int, int] = {}
        for record, account in enumerate(self._accounts):
            found.setdefault(account, record)
        return found

    def find(self, asked: Sequence[str], limit: int, hidden: frozenset[int] = frozenset()) -> list[int]:
        """The best records: those where a field begins with what is asked, then by the place at which it stands."""
        found: dict[int, int] = {}
        for question in asked:
            for strip in _strips_for(question):
                few = self._look(found, self._strips[strip].matches(question, False), limit + ENOUGH, hidden)
                if not few:
                    self._look(found, self._strips[strip].matches(question, True), limit, hidden)
        return sorted(found, key=lambda record: (found[record], record))[:limit]

    def _look(
        self, found: dict[int, int], matches: Iterator[tuple[int, int]], most: int, hidden: frozenset[int]
    ) -> bool:
        """Note up to ``most`` records with the foremost place of the match; whether those were all."""
        seen = 0
        for record, place in matches:
            if self._ids[record] not in hidden:
                found[record] = min(place, found.get(record, place))
                seen += 1
                if seen >= most:
                    return False
        return True

    def holding(self, asked: Sequence[str]) -> bytearray:
        """By record: 1 where it holds what is asked, in its texts or its words."""
        strips = [(self._strips[strip], question) for question in asked for strip in _strips_for(question)]
        marks = bytearray(len(self))
        for strip, question in strips:
            held = strip.holding(question)
            if any(held):
                marks = bytearray(map(or_, marks, held)) if any(marks) else held
        for word, records in self._sharing.items():
            if any(question in folded(word) for question in asked):
                for record in records:
                    marks[record] = 1
        return marks

    def ids(self, marks: bytes | bytearray) -> set[int]:
        """The records that are marked."""
        return set(compress(self._ids, marks))

    def holders(self, asked: Sequence[str], hidden: frozenset[int] = frozenset()) -> set[int]:
        """The accounts of all records that hold what is asked."""
        marked = self.holding(asked)
        if not hidden:
            return set(compress(self._accounts, marked))
        found = compress(zip(self._ids, self._accounts, strict=True), marked)
        return {account for record, account in found if record not in hidden}

    def shows(self, record: int, hidden: frozenset[int]) -> bool:
        """Whether a record is not hidden."""
        return self._ids[record] not in hidden


class SearchText:
    """Accounts, contacts, tasks, tickets and demands in memory, the contacts in the order of their accounts.

    Ids that are ``hidden`` in a search are left out: a newer text holds them.
    """

    def __init__(
        self,
        accounts: Iterable[Entry] = (),
        contacts: Iterable[Entry] = (),
        tasks: Iterable[Entry] = (),
        tickets: Iterable[Entry] = (),
        demands: Iterable[Entry] = (),
    ) -> None:
        self.accounts = Shelf(ACCOUNTS, accounts)
        self.contacts = Shelf(CONTACTS, contacts)
        self.tasks = Shelf(TASKS, tasks)
        self.tickets, self.demands = Shelf(TICKETS, tickets), Shelf(DEMANDS, demands)
        self._people = self.contacts.firsts()

    def find(self, typed: str, limit: int = 8, hidden: frozenset[int] = frozenset()) -> list[Hit]:
        """The best hits: accounts, people, tickets, demands, tasks; people of the accounts found fill up what room is left.

        Where accounts and people are many each gets half of the room; tasks get a quarter of it at most while others
        want it, tickets and demands an eighth each.
        """
        asked = questions(typed)
        if not asked or limit <= 0:
            return []
        others = [
            (shelf, shelf.find(asked, limit, hidden), limit // part)
            for shelf, part in ((self.tickets, 8), (self.demands, 8), (self.tasks, 4))
        ]
        given = sum(len(found[:most]) for _shelf, found, most in others)
        hits = self._records(asked, limit - given, hidden)
        room = limit - len(hits) - given
        for shelf, found, most in others:
            taken = found[: most + room]
            room -= max(len(taken) - most, 0)
            hits += [_other_hit(shelf.kind, shelf.entry(record), asked) for record in taken]
        return hits

    def find_accounts(self, typed: str, limit: int = 8, hidden: frozenset[int] = frozenset()) -> list[Hit]:
        """The best accounts alone: what a field for an account completes from."""
        asked = questions(typed)
        found = self.accounts.find(asked, limit, hidden) if asked and limit > 0 else []
        return [_account_hit(self.accounts.entry(record), asked) for record in found]

    def _records(self, asked: Sequence[str], limit: int, hidden: frozenset[int]) -> list[Hit]:
        accounts = self.accounts.find(asked, limit, hidden)
        contacts = self.contacts.find(asked, limit, hidden)
        accounts = accounts[: max(limit - len(contacts), limit - limit // 2)]
        contacts = contacts[: limit - len(accounts)]
        found = [self.accounts.entry(record) for record in accounts]
        hits = [_account_hit(entry, asked) for entry in found]
        hits += [_contact_hit(self.contacts.entry(record), asked, None) for record in contacts]
        for entry in found:
            for record in self._colleagues(entry.id):
                if len(hits) >= limit:
                    return hits
                if record not in contacts and self.contacts.shows(record, hidden):
                    hits.append(_contact_hit(self.contacts.entry(record), asked, entry))
        return hits

    def holders(self, typed: str) -> set[int]:
        """All accounts that hold what was typed: in their names, their words, or in what is known of their people."""
        asked = questions(typed)
        return self.accounts.holders(asked) | self.contacts.holders(asked)

    def found(self, typed: str, hidden: frozenset[int] = frozenset()) -> Found:
        """The same without the hidden ones; where they are most of those here, it is told which do not hold it."""
        asked = questions(typed)
        marks, people = self.accounts.holding(asked), self.contacts.holders(asked, hidden)
        if marks.count(1) > len(marks) // 2:
            return Found((self.accounts.ids(marks.translate(_OTHERS)) - people) | hidden, but=True)
        return Found((self.accounts.ids(marks) - hidden) | people)

    def _colleagues(self, account: int) -> list[int]:
        first = self._people.get(account)
        return [] if first is None else self.contacts.of_account(account, first)


def _account_hit(entry: Entry, asked: Sequence[str]) -> Hit:
    return Hit(
        ACCOUNTS, entry.id, entry.account_id, entry.name, entry.note, "", entry.tier,
        _spans(entry.name, entry, asked), _plain_spans(entry.note, asked),
    )  # fmt: skip


def _contact_hit(entry: Entry, asked: Sequence[str], account: Entry | None) -> Hit:
    """``account`` is named where the person was found through it: then its name is marked."""
    title = _spans(entry.name, entry, asked) if account is None else ()
    note: tuple[Span, ...] = ()
    if account is not None and entry.note.endswith(account.name):
        before = len(entry.note) - len(account.name)
        note = tuple((start + before, end + before) for start, end in _spans(account.name, account, asked))
    return Hit(
        CONTACTS, entry.id, entry.account_id, entry.name, entry.note, masked_phone(entry.phone), "", title, note
    )  # fmt: skip


def _other_hit(kind: str, entry: Entry, asked: Sequence[str]) -> Hit:
    """A task, ticket or demand; the number of the latter stands below."""
    note = _plain_spans(entry.note, asked) if kind != TASKS else ()
    return Hit(
        kind, entry.id, entry.account_id, entry.name, entry.note, "", "", _plain_spans(entry.name, asked), note,
    )  # fmt: skip


def _plain_spans(text: str, asked: Sequence[str]) -> tuple[Span, ...]:
    """Where what is asked stands in a shown text; nothing where folding changed its length."""
    low = folded(text)
    if len(low) != len(text):
        return ()
    for question in asked:
        at = low.find(question)
        if at >= 0:
            return ((at, at + len(question)),)
    return ()


def _spans(title: str, entry: Entry, asked: Sequence[str]) -> tuple[Span, ...]:
    """What to mark in a title: the text itself, the characters of the initials typed, those of the pinyin typed."""
    plain = _plain_spans(title, asked)
    if plain:
        return plain
    initials = entry.initials.split("|")[0]
    if len(initials) != len(title):
        return ()
    marked = _plain_spans(initials, asked)
    return marked or _syllable_spans(initials, entry.pinyin.split("|")[0], asked)


def _syllable_spans(initials: str, pinyin: str, asked: Sequence[str]) -> tuple[Span, ...]:
    """The characters whose syllables were typed, wholly or in part."""
    place = next(((at, question) for question in asked if (at := pinyin.find(question)) >= 0), None)
    if place is None:
        return ()
    parts = [rf"({re.escape(letter)}h?[aeiouv]*(?:ng|n|r)?)" for letter in initials]
    syllables = re.fullmatch("".join(parts), pinyin)
    if syllables is None:
        return ()
    first, last = place[0], place[0] + len(place[1])
    hit = [i for i in range(len(initials)) if syllables.start(i + 1) < last and syllables.end(i + 1) > first]
    return ((hit[0], hit[-1] + 1),) if hit else ()
