"""What can be wrong with a cell, and one table after judging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from csdesk.models.vocabulary import Fate
from csdesk.services.core.errors import Problem, Severity
from csdesk.services.core.texts import N_, _
from csdesk.services.handover.days import Order
from csdesk.services.handover.mapping import Match
from csdesk.services.handover.tables import Table

OTHERS = "contact.others"
"""Under this key an entry holds further contacts of its row, each a mapping like the contact's fields without their group."""

CODES: dict[str, tuple[Severity, str]] = {
    "missing_name": (Severity.ERROR, N_("The customer's name is missing.")),
    "end_before_start": (Severity.ERROR, N_("The end {value} lies before the start {other}.")),
    "bad_date": (Severity.ERROR, N_("“{value}” is not a date. Write it like 2026-03-05.")),
    "ambiguous_date": (Severity.WARNING, N_("“{value}” could be two different days. Write it like 2026-03-05.")),
    "open_ended": (Severity.WARNING, N_("“{value}” names no day; the day was left empty.")),
    "bad_period": (Severity.WARNING, N_("“{value}” is no term. Write it like 2026-03-01 – 2027-02-28, or 12 months.")),
    "negative_amount": (Severity.ERROR, N_("The amount “{value}” is negative.")),
    "text_amount": (Severity.ERROR, N_("“{value}” is not an amount.")),
    "amount_doubt": (
        Severity.WARNING,
        N_("“{value}” is not one exact amount for the whole term; the amount was left empty."),
    ),
    "huge_amount": (Severity.ERROR, N_("The amount “{value}” is above a trillion.")),
    "unit_doubt": (Severity.WARNING, N_("The heading counts in ten thousands, but “{value}” looks like single units.")),
    "negative_seats": (Severity.ERROR, N_("The number of seats “{value}” is negative.")),
    "bad_seats": (Severity.WARNING, N_("“{value}” is not a number of seats.")),
    "bad_email": (Severity.WARNING, N_("“{value}” is not an e-mail address.")),
    "bad_phone": (Severity.WARNING, N_("“{value}” is not a phone number.")),
    "lost_digits": (
        Severity.WARNING,
        N_("“{value}” has lost its last digits in Excel: format the column as text and type the phone again."),
    ),
    "unknown_tier": (Severity.WARNING, N_("“{value}” is no tier that is known here; the tiers are A, B and C.")),
    "unknown_role": (Severity.WARNING, N_("“{value}” is no role that is known here.")),
    "unknown_currency": (Severity.WARNING, N_("“{value}” is no currency that is known here.")),
    "differs_in_file": (
        Severity.WARNING,
        N_("“{value}” differs from “{other}” further up in this file, which was kept."),
    ),
    "possible_duplicate": (
        Severity.WARNING,
        N_("“{value}” may be the same customer as “{other}”; it came in as a new one."),
    ),
    "several_accounts": (Severity.WARNING, N_("Several accounts are called “{value}”; the oldest was taken.")),
    "number_elsewhere": (Severity.WARNING, N_("The contract number {value} also belongs to “{other}”.")),
}
"""By code: whether the whole row is kept out or one value left empty, and the sentence."""


@dataclass(frozen=True)
class Finding:
    """A doubt about one cell, named as Excel names it; ``column`` is the heading as it stands in the file."""

    sheet: str
    row: int
    column: str
    cell: str
    field: str
    value: str
    severity: Severity
    code: str
    message: str
    suggestion: str = ""

    @property
    def problem(self) -> Problem:
        """The same for a form."""
        return Problem(self.field, self.message, self.severity, f"{self.sheet}!{self.cell}", self.code)


@dataclass
class Judged:
    """One table after judging. ``entries`` holds per row what it says by field, None where it is skipped or refused.

    ``orders``: heading → how its column of days was read; OPEN where cells could mean two days and the user may say.
    """

    table: Table
    matches: Sequence[Match]
    entries: list[dict[str, Any] | None]
    fates: list[Fate | None]
    findings: list[Finding] = field(default_factory=list)
    orders: dict[str, Order] = field(default_factory=dict)

    def column_of(self, key: str) -> int | None:
        """The index of the column that is imported into a field."""
        return next((match.index for match in self.matches if match.used == key), None)

    def find(self, row: int, key: str, code: str, value: Any = "", other: Any = "", suggestion: str = "") -> Finding:
        """Note a doubt about a cell."""
        index = self.column_of(key)
        if index is None:
            index = next((i for i, match in enumerate(self.matches) if match.used and match.used.startswith(key)), 0)
        finding = found_at(self.table, row, index, key, code, value, other, suggestion)
        self.findings.append(finding)
        return finding

    def place(self, row: int, key: str) -> str:
        """The address of the cell that a value came from, without the sheet; "" where none."""
        index = self.column_of(key)
        return "" if index is None else self.table.address(row, index)


def found_at(
    table: Table, row: int, index: int, key: str, code: str, value: Any, other: Any = "", suggestion: str = ""
) -> Finding:
    severity, sentence = CODES[code]
    shown = str(value)
    short = shown if len(shown) <= 60 else shown[:59] + "…"
    return Finding(
        table.sheet,
        table.row_number(row, index),
        table.headings[index] if index < len(table.headings) else "",
        table.address(row, index),
        key,
        shown,
        severity,
        code,
        _(sentence).format(value=short, other=other),
        suggestion,
    )
