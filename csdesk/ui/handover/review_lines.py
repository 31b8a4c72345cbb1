"""The lines of a review's tabs, as values. Keys: ("company", name), ("change", company, number), ("finding", number),
("row", sheet, row), ("cell", sheet, address)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from csdesk.models.vocabulary import Fate
from csdesk.services.core import formats
from csdesk.services.core.errors import Severity
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.lines import Badge
from csdesk.ui.core.review_lines import Group, LineList, Place, ReviewLine, row_words
from csdesk.ui.handover.candidates import told_candidates

if TYPE_CHECKING:
    from csdesk.services.handover.findings import Finding
    from csdesk.services.handover.report import CellChange, CompanyRead, ImportReport, RowRead
    from csdesk.services.handover.reviewing import Review

DOUBTS = "findings"
SEVERITIES = {Fate.REFUSED: Severity.ERROR, DOUBTS: Severity.WARNING}


def sections(report: ImportReport) -> dict[Any, int]:
    """How many lines each tab holds; companies by fate, skipped and refused by row."""
    counts: dict[Any, int] = dict.fromkeys(Fate, 0)
    for company in report.companies:
        if company.fate in (Fate.NEW, Fate.UPDATED, Fate.SAME, Fate.UNDECIDED):
            counts[company.fate] += 1
    for fate in (Fate.SKIPPED, Fate.REFUSED):
        counts[fate] = report.rows.get(fate, 0)
    counts[DOUBTS] = sum(1 for finding in report.findings if finding.severity == Severity.WARNING)
    return counts


class Lines:
    """Makes the lines of a review. ``opened`` are the rows whose cells are listed; ``words`` and ``reason`` narrow."""

    def __init__(self, review: Review) -> None:
        self.review, self.report = review, review.report
        self.names = {(row.sheet, row.row): row.name for row in review.report.row_fates}

    def of(self, tab: Any, opened: frozenset[Any], words: str = "", reason: str = "") -> LineList:
        """The lines of a tab. An account whose own line or one of whose cells fits stays whole."""
        wanted = words.casefold().split()
        return LineList(list(self._groups(tab, opened, wanted, reason)))

    def asking(self) -> list[tuple[Any, tuple[Any, ...]]]:
        """Tab and key of all lines that want an answer: undecided, refused, doubtful."""
        open_ones = [company for company in self.report.companies if company.fate == Fate.UNDECIDED]
        found: list[tuple[Any, tuple[Any, ...]]] = [(Fate.UNDECIDED, ("company", one.name)) for one in open_ones]
        for tab, severity in SEVERITIES.items():
            found += [(tab, ("finding", n)) for n, one in enumerate(self.report.findings) if one.severity == severity]
        return found

    def reasons(self, tab: Any) -> list[tuple[str, str, int]]:
        """Why rows are refused or doubted: code, words, how often."""
        severity = SEVERITIES.get(tab)
        if severity is None:
            return []
        counts = Counter(finding.code for finding in self.report.findings if finding.severity == severity)
        return [(code, reason_words(code), count) for code, count in counts.most_common()]

    def _groups(self, tab: Any, opened: frozenset[Any], words: list[str], reason: str) -> Iterator[Group]:
        if tab in SEVERITIES:
            yield from self._findings(SEVERITIES[tab], opened, words, reason)
        elif tab == Fate.SKIPPED:
            for row in self.report.row_fates:
                if row.fate == Fate.SKIPPED and _fits(words, row.name, row_words(row.row) if words else ""):
                    yield self._skipped(row, opened)
        else:
            for company in self.report.companies:
                if company.fate == tab and (not words or _fits(words, *_texts(company))):
                    yield self._group(company, opened)

    def _group(self, company: CompanyRead, opened: frozenset[Any]) -> Group:
        key = ("company", company.name)
        shows = company.changes if company.fate in (Fate.UPDATED, Fate.UNDECIDED) else ()
        if key in opened:
            made = self._company(company, opened)
            return Group(key, len(made), lambda: made, tuple(line.key for line in made[1:]))
        own = tuple(("change", company.name, number) for number in range(len(shows)))
        return Group(key, 1 + len(shows), partial(self._company, company, opened), own)

    def _skipped(self, row: RowRead, opened: frozenset[Any]) -> Group:
        key = ("row", row.sheet, row.row)
        made = self._row(row.sheet, row.row, row.name, opened) if key in opened else None
        if made is not None:
            return Group(key, len(made), lambda: made, tuple(line.key for line in made[1:]))
        return Group(key, 1, partial(self._row, row.sheet, row.row, row.name, opened))

    def _company(self, company: CompanyRead, opened: frozenset[Any]) -> list[ReviewLine]:
        key = ("company", company.name)
        badge = Badge(_("decide"), "warn") if company.fate == Fate.UNDECIDED else None
        head = ReviewLine(
            key, company.name, row_words(company.row), _why(company), _brings(company), (company.sheet, company.row),
            head=True, tick=True, badge=badge, is_open=key in opened,
        )  # fmt: skip
        changes = [self._change(company, number, change) for number, change in enumerate(company.changes)]
        if company.fate not in (Fate.UPDATED, Fate.UNDECIDED):
            changes = []
        cells = self._cells(company.rows, {line.cell for line in changes}) if key in opened else []
        return [head, *changes, *cells]

    def _change(self, company: CompanyRead, number: int, change: CellChange) -> ReviewLine:
        cell = (change.sheet, change.cell) if change.cell else None
        return ReviewLine(
            ("change", company.name, number), field_words(change.entity, change.field), change.cell, shown(change.old),
            shown(change.new), (change.sheet, company.row), cell=cell, typed=typed_text(change.new),
        )  # fmt: skip

    def _cells(self, rows: tuple[Place, ...], without: set[Any]) -> list[ReviewLine]:
        """All filled cells of some rows, each of which can be typed over."""
        from csdesk.services.handover.reviewing import cell_text

        lines = []
        for table, matches in self.review.wish.tables:
            places = {number: row for row, number in enumerate(table.numbers)}
            for sheet, number in rows:
                if sheet != table.sheet or number not in places:
                    continue
                for match in matches:
                    cell = (sheet, table.address(places[number], match.index))
                    text = cell_text(table.cell(places[number], match.index))
                    if text and cell not in without:
                        title = field_words(match.used.partition(".")[0], match.used) if match.used else match.heading
                        line = ReviewLine(
                            ("cell", *cell), title, cell[1], "" if match.used else _("not imported"), text
                        )
                        lines.append(_at(line, (sheet, number), cell, text))
        return lines

    def _findings(self, severity: Severity, opened: frozenset[Any], words: list[str], reason: str) -> Iterator[Group]:
        found: dict[Place, list[tuple[int, Finding]]] = {}
        for number, finding in enumerate(self.report.findings):
            if finding.severity == severity:
                found.setdefault((finding.sheet, finding.row), []).append((number, finding))
        for place, own in found.items():
            texts = (
                [text for _n, one in own for text in (one.column, one.cell, one.value, one.message)] if words else []
            )
            if reason and all(one.code != reason for _number, one in own):
                continue
            if _fits(words, self.names.get(place, ""), *texts):
                made = self._doubted(place, own, opened)
                yield Group(made[0].key, len(made), partial(_same, made), tuple(line.key for line in made[1:]))

    def _doubted(self, place: Place, own: list[tuple[int, Finding]], opened: frozenset[Any]) -> list[ReviewLine]:
        group = self._row(*place, self.names.get(place, ""), opened)
        if any(finding.severity == Severity.ERROR for _number, finding in own):
            group[0] = replace(group[0], tick=None)
        shown_already = {(finding.sheet, finding.cell) for _number, finding in own}
        return [group[0], *map(self._finding, own), *(line for line in group[1:] if line.cell not in shown_already)]

    def _finding(self, numbered: tuple[int, Finding]) -> ReviewLine:
        number, finding = numbered
        warns = finding.severity == Severity.WARNING
        return ReviewLine(
            ("finding", number), finding.column.replace("\n", " ") or finding.message, finding.cell, finding.message,
            finding.value or _("(empty)"), (finding.sheet, finding.row), cell=(finding.sheet, finding.cell),
            badge=Badge(_("check"), "warn") if warns else Badge(_("wrong"), "bad"), typed=finding.suggestion or finding.value,
            reason=finding.code,
        )  # fmt: skip

    def _row(self, sheet: str, row: int, name: str, opened: frozenset[Any]) -> list[ReviewLine]:
        key = ("row", sheet, row)
        head = ReviewLine(
            key, name or _("(no name)"), row_words(row), place=(sheet, row), head=True,
            tick=(sheet, row) not in self.review.answers.left_out, is_open=key in opened,
        )  # fmt: skip
        return [head, *(self._cells(((sheet, row),), set()) if key in opened else [])]


def _same(made: list[ReviewLine]) -> list[ReviewLine]:
    return made


def _fits(words: list[str], *texts: str) -> bool:
    if not words:
        return True
    joined = " ".join(texts).casefold()
    return all(word in joined for word in words)


def _texts(company: CompanyRead) -> Iterator[str]:
    yield company.name
    yield from (one.name for one in company.candidates)
    yield row_words(company.row)
    for change in company.changes:
        yield from (field_words(change.entity, change.field), change.cell, shown(change.old), shown(change.new))


def _at(line: ReviewLine, place: Place, cell: tuple[str, str], text: str) -> ReviewLine:
    return replace(line, place=place, cell=cell, typed=text)


def _why(company: CompanyRead) -> str:
    """How it was recognised, or what it may be."""
    if company.fate in (Fate.UNDECIDED, Fate.NEW) and company.candidates and company.matched_by != "decision":
        return told_candidates(company)
    words = {
        "name": _("same name"),
        "tax_number": _("same tax number"),
        "decision": _("as you decided"),
        "id": _("from our own template"),
    }
    return words.get(company.matched_by, "") if company.account_id is not None and company.fate != Fate.NEW else ""


def _brings(company: CompanyRead) -> str:
    parts = []
    if company.changes and company.fate in (Fate.UPDATED, Fate.UNDECIDED):
        count = len(company.changes)
        parts.append(ngettext("{n} cell changes", "{n} cells change", count).format(n=count))
    if company.contacts:
        parts.append(ngettext("{n} contact", "{n} contacts", company.contacts).format(n=company.contacts))
    if company.contracts:
        parts.append(ngettext("{n} contract", "{n} contracts", company.contracts).format(n=company.contracts))
    return " \u00b7 ".join(parts)


def reason_words(code: str) -> str:
    """What is wrong, without the value."""
    words = {
        "missing_name": _("name missing"),
        "end_before_start": _("end before start"),
        "bad_date": _("no date"),
        "ambiguous_date": _("two possible days"),
        "negative_amount": _("negative amount"),
        "text_amount": _("no amount"),
        "huge_amount": _("amount too large"),
        "unit_doubt": _("unit in doubt"),
        "negative_seats": _("negative seats"),
        "bad_seats": _("no number of seats"),
        "bad_email": _("no e-mail address"),
        "bad_phone": _("no phone number"),
        "unknown_tier": _("unknown tier"),
        "unknown_role": _("unknown role"),
        "unknown_currency": _("unknown currency"),
        "differs_in_file": _("differs further up"),
        "possible_duplicate": _("perhaps a duplicate"),
        "several_accounts": _("several accounts"),
        "number_elsewhere": _("number used elsewhere"),
    }
    return words.get(code, code)


def field_words(entity: str, field: str) -> str:
    """Contract · Amount."""
    from csdesk.services.handover.fields import FIELDS, GROUPS

    group = entity.rstrip("s") if entity.rstrip("s") in GROUPS else entity
    known = FIELDS.get(f"{group}.{field}") or FIELDS.get(field)
    return f"{_(GROUPS.get(group, entity))} \u00b7 {_(known.title) if known else field}"


def shown(value: Any) -> str:
    """A value of the store or the file for people."""
    if value is None or value == "":
        return _("(empty)")
    if isinstance(value, Decimal):
        return formats.money(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def typed_text(value: Any) -> str:
    """A value as one would type it."""
    return "" if value is None else str(value)
