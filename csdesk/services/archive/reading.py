"""From an archive's text to rows that can be stored, or to Problems that name the place. No store is touched here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from csdesk.models.vocabulary import Word
from csdesk.services.archive.shape import FORMAT, SHEETS, TOP_TABLES, VERSION, Misfit, fields, take
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.storage_errors import Trouble, file_error, told
from csdesk.services.core.texts import _
from csdesk.services.files.checking import WORDS

MOST_PROBLEMS = 50
KNOWN_WORDS: Mapping[tuple[str, str], type[Word]] = {(table, column): words for table, column, words in WORDS}


@dataclass
class Archive:
    """The rows of an archive by table: Python values by column, only the columns that the archive names."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to take in."""
        return not any(self.rows.values())


def read_archive(path: Path) -> Archive:
    """Read an export. Raises StorageError where the file cannot be read or is from a newer program, and Problems, each
    with its place in the document, where it is no archive or holds what cannot be stored."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise file_error(error, path) from error
    try:
        document = json.loads(text.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Problems([Problem("file", _not_json(path, text), code="not_json")]) from error
    return parse(document, path.name)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _not_json(path: Path, content: bytes) -> str:
    if not content.strip():
        return _("{name} is empty.").format(name=path.name)
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return _("{name} is a workbook; what can be taken in again is the export in JSON.").format(name=path.name)
    if content.startswith(b"SQLite format 3"):
        return _("{name} is a data file or a backup; use Restore for it.").format(name=path.name)
    return _("{name} is not an export of CSDesk, or it is incomplete.").format(name=path.name)


def parse(document: Any, name: str) -> Archive:
    """The rows of a document. Raises as ``read_archive`` does."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        message = _("{name} is not an export of CSDesk, or it is incomplete.").format(name=name)
        raise Problems([Problem("file", message, code="not_ours")])
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        message = _("{name} does not say which version of the format it has.").format(name=name)
        raise Problems([Problem("file", message, code="no_version")])
    if version > VERSION:
        text = _("{name} has format {found}; this program reads up to format {readable}.")
        raise told(
            Trouble.NEWER,
            text.format(name=name, found=version, readable=VERSION),
            _("Nothing was changed."),
            _("Take it in with the newer version."),
        )
    return _Reader().read(document)


class _Reader:
    def __init__(self) -> None:
        self.archive = Archive()
        self.problems: list[Problem] = []
        self.seen: set[tuple[str, int]] = set()

    def read(self, document: dict[str, Any]) -> Archive:
        for number, account in enumerate(self.entries(document, "accounts", "accounts")):
            self.account(account, f"accounts[{number}]")
        for key, table in TOP_TABLES.items():
            for number, entry in enumerate(self.entries(document, key, key)):
                self.row(table, entry, f"{key}[{number}]", {})
        binned = document.get("bin", {})
        if not isinstance(binned, dict):
            self.wrong("bin", "bin")
            binned = {}
        for table in binned:
            if table not in SHEETS:
                self.wrong("bin", f"bin.{table}")
                continue
            for number, entry in enumerate(self.entries(binned, table, f"bin.{table}")):
                self.row(table, entry, f"bin.{table}[{number}]", {})
        if self.problems:
            raise Problems(self.problems)
        return self.archive

    def account(self, entry: dict[str, Any], place: str) -> None:
        account = self.row("accounts", entry, place, {})
        owner = {"account_id": account}
        handover = entry.get("handover")
        if isinstance(handover, dict):
            self.row("handovers", handover, f"{place}.handover", owner)
        elif handover is not None:
            self.wrong("handover", f"{place}.handover")
        for number, one in enumerate(self.entries(entry, "earlier_handovers", place)):
            self.row("handovers", one, f"{place}.earlier_handovers[{number}]", owner)
        for number, one in enumerate(self.entries(entry, "tier_history", place)):
            self.row("tier_decisions", one, f"{place}.tier_history[{number}]", owner)
        for number, one in enumerate(self.entries(entry, "contacts", place)):
            self.row("contacts", one, f"{place}.contacts[{number}]", owner)
        for number, one in enumerate(self.entries(entry, "contracts", place)):
            inside = f"{place}.contracts[{number}]"
            contract = {"contract_id": self.row("contracts", one, inside, owner)}
            for position, line in enumerate(self.entries(one, "lines", inside)):
                self.row("contract_lines", line, f"{inside}.lines[{position}]", contract)

    def entries(self, source: Mapping[str, Any], key: str, place: str) -> Iterator[dict[str, Any]]:
        listed = source.get(key, [])
        if not isinstance(listed, list):
            self.wrong(key, place)
            return
        for entry in listed:
            if isinstance(entry, dict):
                yield entry
            else:
                self.wrong(key, place)
                yield {}

    def row(self, table: str, entry: dict[str, Any], place: str, owner: dict[str, Any]) -> int:
        """Take one row in; returns its id, 0 where it has none that can be used."""
        if not entry:
            return 0
        values: dict[str, Any] = dict(owner)
        for one in fields(table):
            if one.name in owner:
                continue
            try:
                value = take(entry, one.key)
                if value is ...:
                    if one.name in ("id", "created_at", "updated_at"):
                        raise Misfit
                    continue
                values[one.name] = None if value is None and one.column.nullable else one.read(value)
                words = KNOWN_WORDS.get((table, one.name))
                if words is not None and values[one.name] is not None and values[one.name] not in set(words):
                    raise Misfit
            except (ValueError, RecursionError):
                self.wrong(one.key, f"{place}.{one.key}")
        row_id = values.get("id", 0)
        if row_id and (table, row_id) in self.seen:
            self.wrong("id", f"{place}.id")
        self.seen.add((table, row_id))
        self.archive.rows.setdefault(table, []).append(values)
        return int(row_id)

    def wrong(self, key: str, place: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            message = _("The value at {place} is missing or cannot stand there.").format(place=place)
            self.problems.append(Problem(key, message, cell=place, code="misfit"))
