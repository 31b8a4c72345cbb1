"""The four kinds of error that people meet; anything else is a bug.

Each carries whole sentences in the reader's language: what happened, what is safe, what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error withholds the whole command; a warning leaves one value empty."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """Something wrong with what was typed or read: the field, a sentence, the cell it came from, a code for programs."""

    field: str
    message: str
    severity: Severity = Severity.ERROR
    cell: str | None = None
    code: str = ""


class DeskError(Exception):
    """Base of the errors that are no bugs."""


class Problems(DeskError):
    """Input that cannot be taken as it is: shown at the fields."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.message for problem in self.problems))


class NeedsConfirmation(DeskError):
    """The command can be done, but undo could not mend it or the user surely wants to know: ask, then repeat.

    ``key`` goes into ``confirmed`` of the repeated command; ``verb`` stands on the button. ``danger``: undo cannot mend it.
    """

    def __init__(self, key: str, sentence: str, verb: str, *, danger: bool = False) -> None:
        super().__init__(sentence)
        self.key, self.sentence, self.verb, self.danger = key, sentence, verb, danger


class Conflict(DeskError):
    """The record changed since it was opened, or a later change stands in the way. Nothing was written."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class StorageError(DeskError):
    """The disk or the file let us down: full, locked, read-only, damaged. Nothing acknowledged was lost.

    ``kind`` is a word of ``storage_errors.Trouble``: the ways out differ.
    """

    def __init__(self, what: str, safe: str = "", remedy: str = "", kind: str = "") -> None:
        super().__init__(" ".join(part for part in (what, safe, remedy) if part))
        self.what, self.safe, self.remedy, self.kind = what, safe, remedy, kind


class Cancelled(Exception):
    """The user stopped long work; everything is as it was. Not an error: nobody is told."""
