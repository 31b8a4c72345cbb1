"""Which column means what: proposed by heading, by likeness and by what the cells hold, each with a confidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from csdesk.services.handover import headings
from csdesk.services.handover.days import read_day, read_period
from csdesk.services.handover.fields import CODE, FIELDS, INTO_NOTES, NAME
from csdesk.services.handover.headings import How
from csdesk.services.handover.tables import Table, is_filled
from csdesk.services.handover.values import Cell, read_emails, read_phones

THRESHOLD = 0.7
"""Below this a proposal is only shown; it is not used unless the user says so."""
SAMPLES = 3
_LOOKED_AT = 200
_LIKE = 85
_COMPANY = re.compile(
    r"(\u516c\u53f8|\u96c6\u56e2|\u5382|\u5927\u5b66|\u533b\u9662|\u94f6\u884c|\b(inc|ltd|llc|gmbh|corp|co|plc|s\.a)\.?)$",
    re.IGNORECASE,
)
_DEAL = ("stagename", "dealstage", "opportunityname", "opportunityid", "closedate", "probability")
_PHONE_BEHIND = re.compile(r"[^\W\d_][^\d]{0,3}\+?\(?\d[\d ()-]{6,}\b")
_CONTRACT_TITLE = re.compile(r"(\u5408\u540c|\u534f\u8bae|contract|agreement)$", re.IGNORECASE)


JOINED = frozenset({"contact.phone", "contact.email", *(key for key in FIELDS if key.startswith("handover."))})
"""Fields that take in what several columns say."""
LEARNT = 0.95
"""Confidence of a heading that the user has matched before, in another file."""


@dataclass(frozen=True)
class Match:
    """A column and what it probably means; ``field`` None: not imported. ``rival`` names a column that claims the same.

    ``repeat``: of which contact in a row it tells, counted from 0. ``joined``: its values come behind those of an earlier
    column of the same field.
    """

    index: int
    heading: str
    field: str | None
    confidence: float
    how: How | None
    samples: tuple[str, ...] = ()
    unit: int = 1
    currency: str | None = None
    rival: str = ""
    repeat: int = 0
    joined: bool = False

    @property
    def is_doubtful(self) -> bool:
        """Whether the user ought to look: a proposal below the threshold, or two columns for one field."""
        return bool(self.rival) or (self.field is not None and self.confidence < THRESHOLD)

    @property
    def used(self) -> str | None:
        """The field that the column is imported into when nobody is asked."""
        return None if self.is_doubtful and self.how is not How.CHOSEN else self.field


def propose(
    table: Table,
    chosen: Mapping[str, str | None] | None = None,
    remembered: Mapping[str, str | None] | None = None,
    learnt: Mapping[str, str | None] | None = None,
) -> list[Match]:
    """One match per column. ``chosen`` (heading → field or None) outranks all, then what was ``remembered`` of this set of
    headings, then the aliases ``learnt`` from other files (heading → field).
    """
    matches = []
    aliases = {headings.normal(heading): field for heading, field in (learnt or {}).items()}
    for index, heading in enumerate(table.headings):
        cells = [cell for cell in table.column_values(index, _LOOKED_AT) if is_filled(cell)]
        match = _proposal(table, index, heading, cells, chosen or {}, remembered or {}, aliases)
        samples = tuple(dict.fromkeys(str(cell) for cell in cells))[:SAMPLES]
        matches.append(
            replace(match, samples=samples, unit=headings.unit_of(heading), currency=headings.currency_of(heading))
        )
    return _without_rivals(_of_contacts(table, _settled(table, matches)))


def _proposal(
    table: Table,
    index: int,
    heading: str,
    cells: list[Cell],
    chosen: Mapping[str, str | None],
    remembered: Mapping[str, str | None],
    learnt: Mapping[str, str | None],
) -> Match:
    for given, how in ((chosen, How.CHOSEN), (remembered, How.REMEMBERED)):
        for key in (heading, heading.strip(), headings.normal(heading)):
            if key in given:
                field = given[key]
                return Match(index, heading, field if field in FIELDS else None, 1.0, how)
    known = headings.meaning(heading)
    key = headings.normal(heading)
    if key in learnt and (known is None or known.how is not How.EXACT):
        field = learnt[key]
        return Match(index, heading, field if field in FIELDS else None, LEARNT, How.REMEMBERED)
    if known is None or known.confidence < headings.STRONG:
        known = _below(table, index, heading) or known
    if known is None and not headings.is_known_but_not_taken(heading):
        known = _alike(heading) or _by_content(cells)
    if known is None:
        return Match(index, heading, None, 0.0, None)
    known = _mended(known, cells)
    return Match(index, heading, known.field, known.confidence, known.how)


def _below(table: Table, index: int, heading: str) -> headings.Meaning | None:
    """What a heading means below the headings above it, the nearest first: number below contract, amount below paid."""
    levels = table.parents[index].split("\n") if index < len(table.parents) else []
    for parent in reversed(levels):
        if parent.strip() and parent.strip() != heading.strip():
            found = headings.meaning(stem(parent) + heading) or headings.meaning(heading + stem(parent))
            if found:
                return found
    return None


def _mended(known: headings.Meaning, cells: list[Cell]) -> headings.Meaning:
    """The meaning, where the cells plainly say something else under that heading: titles of contracts, two days in one."""
    texts = [cell for cell in cells if isinstance(cell, str)]

    def mostly(test: Callable[[str], object]) -> bool:
        return bool(texts) and sum(bool(test(text)) for text in texts) * 2 > len(cells)

    if known.field == "contact.title" and mostly(_CONTRACT_TITLE.search):
        return replace(known, field="contract.product", confidence=headings.WEAK)
    if known.field in ("contract.start", "contract.end", "contract.signed") and mostly(_is_period):
        return replace(known, field="contract.period", confidence=headings.WEAK)
    if known.field == "contract.period" and mostly(lambda text: read_day(text)[0]):
        return replace(known, field="contract.end", confidence=0.6)
    if known.field == "contact.person" and not mostly(_PHONE_BEHIND.search):
        return replace(known, field="contact.phone")
    if known.field == "contact.name" and mostly(lambda text: _PHONE_BEHIND.search(text)):
        return replace(known, field="contact.person", confidence=headings.WEAK)
    return known


def _is_period(text: str) -> bool:
    return isinstance(read_period(text)[0], tuple)


def stem(parent: str) -> str:
    """The upper part of a two-level heading without words such as information."""
    return re.sub(
        r"(\u57fa\u672c)?(\u4fe1\u606f|\u8d44\u6599|\u60c5\u51b5|information|details|info)$",
        "",
        parent.strip(),
        flags=re.IGNORECASE,
    )


def _alike(heading: str) -> headings.Meaning | None:
    """A heading spelt almost like a known one, or one that ends in a long known one."""
    key = headings.normal(heading)
    aliases = headings.aliases()
    if len(key) < 3 or len(key) > 30:
        return None
    for length in range(len(key) - 1, 3, -1):
        if key[-length:] in aliases and ord(key[-1]) > 0x2E80:
            return headings.Meaning(aliases[key[-length:]], 0.75, How.LIKENESS)
    from rapidfuzz import fuzz, process

    found = process.extractOne(key, aliases.keys(), scorer=fuzz.ratio, score_cutoff=_LIKE)
    return headings.Meaning(aliases[found[0]], found[1] / 100 * 0.85, How.LIKENESS) if found else None


def _by_content(cells: list[Cell]) -> headings.Meaning | None:
    """What the cells look like: companies surely enough, e-mail and mobiles as a question."""
    texts = [str(cell) for cell in cells if isinstance(cell, str)]
    if len(texts) < 3 or len(texts) * 2 < len(cells):
        return None
    if sum(bool(_COMPANY.search(text.strip())) for text in texts) * 10 >= len(texts) * 7:
        return headings.Meaning(NAME, 0.72, How.CONTENT)
    if sum("@" in text and bool(read_emails(text)[0]) for text in texts) * 10 >= len(texts) * 8:
        return headings.Meaning("contact.email", 0.72, How.CONTENT)
    if (
        sum(
            bool((phones := read_phones(text)[0]) and len(phones[0]) == 11 and phones[0].startswith("1"))
            for text in texts
        )
        * 10
        >= len(texts) * 8
    ):
        return headings.Meaning("contact.phone", 0.65, How.CONTENT)
    return None


def _settled(table: Table, matches: list[Match]) -> list[Match]:
    """A bare "name" on a sheet about deals, or beside a better account column, is no account."""
    keys = {headings.normal(heading) for heading in table.headings}
    about_deals = any(deal in keys for deal in _DEAL)
    settled = []
    for match in matches:
        weak_name = match.field == NAME and match.confidence == headings.WEAK and match.how is How.ALIAS
        if weak_name and (
            about_deals
            or any(other.field == CODE and headings.normal(other.heading) == "accountid" for other in matches)
        ):
            match = replace(match, field=None, confidence=0.0, how=None)
        settled.append(match)
    return settled


_ORDINAL = re.compile(r"\d+|(?<=\u7b2c)[\u4e00\u4e8c\u4e09\u56db\u4e94]|[\u4e00\u4e8c\u4e09\u56db\u4e94]$")
_PERSON = (("contact.name", "contact.person"), ("contact.last_name",), ("contact.first_name",))
"""The fields that begin a contact: the first of these that the table has."""


def _of_contacts(table: Table, matches: list[Match]) -> list[Match]:
    """Which of several contacts in a row each column tells of: by number, by the heading above, by name, by place."""
    sure = [match for match in matches if match.confidence >= THRESHOLD]
    names = next((found for fields in _PERSON if (found := [match for match in sure if match.field in fields])), [])
    if len(names) < 2:
        return matches
    parents = dict(enumerate(table.parents))
    found = []
    for match in matches:
        if match.field is not None and match.field.startswith("contact.") and match.confidence >= THRESHOLD:
            found.append(replace(match, repeat=_whose(match, names, parents)))
        else:
            found.append(match)
    return found


def _whose(match: Match, names: list[Match], parents: Mapping[int, str]) -> int:
    if match in names:
        return names.index(match)
    for same in (_ordinal, lambda other, parents: parents.get(other.index, "")):
        own = same(match, parents)
        owners = [place for place, name in enumerate(names) if own and same(name, parents) == own]
        if len(owners) == 1:
            return owners[0]
    begins = [place for place, name in enumerate(names) if match.heading.startswith(name.heading)]
    if begins:
        return max(begins, key=lambda place: len(names[place].heading))
    return max((place for place, name in enumerate(names) if name.index < match.index), default=0)


def _ordinal(match: Match, parents: Mapping[int, str]) -> str:
    for text in (match.heading, parents.get(match.index, "")):
        found = _ORDINAL.search(text)
        if found:
            return found[0]
    return ""


def _without_rivals(matches: list[Match]) -> list[Match]:
    """Where two columns claim one field the surer keeps it; the other joins it, or is shown as a rival and not imported."""
    holder: dict[tuple[str, int], Match] = {}
    for match in sorted(matches, key=lambda match: (-match.confidence, match.how is not How.CHOSEN, match.index)):
        if match.field is not None and match.field != INTO_NOTES:
            holder.setdefault((match.field, match.repeat), match)
    settled = []
    for match in matches:
        first = holder.get((match.field or "", match.repeat))
        if first is not None and first.index != match.index:
            joins = match.field in JOINED and match.confidence >= THRESHOLD
            match = replace(match, joined=True) if joins else replace(match, rival=first.heading)
        settled.append(match)
    return settled


def as_mapping(matches: list[Match]) -> dict[str, str | None]:
    """Heading → field as it is used: what is remembered and what ``--mapping`` takes."""
    return {match.heading: match.used for match in matches}
