"""Which column means what: proposed by heading, by likeness and by what the cells hold, each with a confidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from csdesk.services.handover import headings
from csdesk.services.handover.fields import CODE, FIELDS, NAME
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
_CONTRACT_TITLE = re.compile(r"(\u5408\u540c|\u534f\u8bae|contract|agreement)$", re.IGNORECASE)


@dataclass(frozen=True)
class Match:
    """A column and what it probably means; ``field`` None: not imported. ``rival`` names a column that claims the same."""

    index: int
    heading: str
    field: str | None
    confidence: float
    how: How | None
    samples: tuple[str, ...] = ()
    unit: int = 1
    currency: str | None = None
    rival: str = ""

    @property
    def asks(self) -> bool:
        """Whether the user ought to look: a proposal below the threshold, or two columns for one field."""
        return bool(self.rival) or (self.field is not None and self.confidence < THRESHOLD)

    @property
    def used(self) -> str | None:
        """The field that the column is imported into when nobody is asked."""
        return None if self.asks and self.how is not How.CHOSEN else self.field


def propose(
    table: Table, chosen: Mapping[str, str | None] | None = None, remembered: Mapping[str, str | None] | None = None
) -> list[Match]:
    """One match per column. ``chosen`` (heading → field or None) outranks all, then what was ``remembered``."""
    matches = []
    for index, heading in enumerate(table.headings):
        cells = [cell for cell in table.column_values(index)[:_LOOKED_AT] if is_filled(cell)]
        match = _proposal(table, index, heading, cells, chosen or {}, remembered or {})
        samples = tuple(str(cell) for cell in cells[:SAMPLES])
        matches.append(
            replace(match, samples=samples, unit=headings.unit_of(heading), currency=headings.currency_of(heading))
        )
    return _without_rivals(_settled(table, matches))


def _proposal(
    table: Table,
    index: int,
    heading: str,
    cells: list[Cell],
    chosen: Mapping[str, str | None],
    remembered: Mapping[str, str | None],
) -> Match:
    for given, how in ((chosen, How.CHOSEN), (remembered, How.REMEMBERED)):
        for key in (heading, heading.strip(), headings.normal(heading)):
            if key in given:
                field = given[key]
                return Match(index, heading, field if field in FIELDS else None, 1.0, how)
    known = headings.meaning(heading)
    parent = table.parents[index] if index < len(table.parents) else ""
    if parent and (known is None or known.confidence < headings.STRONG):
        both = headings.meaning(_stem(parent) + heading)
        if both:
            known = both
    if known is None and not headings.is_known_but_not_taken(heading):
        known = _alike(heading) or _by_content(cells)
    if known is None:
        return Match(index, heading, None, 0.0, None)
    if (
        known.field == "contact.title"
        and cells
        and sum(bool(_CONTRACT_TITLE.search(str(cell))) for cell in cells) * 2 > len(cells)
    ):
        known = replace(known, field="contract.product", confidence=headings.WEAK)
    return Match(index, heading, known.field, known.confidence, known.how)


def _stem(parent: str) -> str:
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


def _without_rivals(matches: list[Match]) -> list[Match]:
    """Where two columns claim one field the surer keeps it; the other is shown as a rival and not imported."""
    holder: dict[str, Match] = {}
    for match in sorted(matches, key=lambda match: (-match.confidence, match.how is not How.CHOSEN, match.index)):
        if match.field is not None:
            holder.setdefault(match.field, match)
    return [
        replace(match, rival=holder[match.field].heading)
        if match.field is not None and holder[match.field].index != match.index
        else match
        for match in matches
    ]


def as_mapping(matches: list[Match]) -> dict[str, str | None]:
    """Heading → field as it is used: what is remembered and what ``--mapping`` takes."""
    return {match.heading: match.used for match in matches}
