"""From what was typed to a command: one walk over the fields, problems gathered, none raised half-way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from csdesk.models.vocabulary import Word
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import _
from csdesk.services.core.values import Unreadable

T = TypeVar("T")
W = TypeVar("W", bound=Word)
Draft = Mapping[str, str]
"""Every field of a form as typed, by its key."""

LONGEST = 20_000


class Reader:
    """Reads a draft field by field and gathers the problems."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.problems: list[Problem] = []

    def text(self, key: str, *, required: str = "") -> str:
        """Text with outer space gone; ``required`` is the sentence where it may not be empty."""
        words = self.draft.get(key, "").strip()
        if required and not words:
            self.refuse(key, required, "missing")
        if len(words) > LONGEST:
            self.refuse(key, _("This text is too long: {n} characters at most.").format(n=LONGEST), "too_long")
        return words

    def value(self, key: str, parse: Callable[[str], T]) -> T | None:
        """What ``parse`` makes of the field; None where it refused, with the problem kept."""
        try:
            return parse(self.draft.get(key, ""))
        except Unreadable as error:
            self.refuse(key, str(error), "unreadable")
            return None

    def word(self, key: str, kind: type[W]) -> W | None:
        """A word of the vocabulary, None where empty."""
        given = self.draft.get(key, "").strip()
        if not given:
            return None
        if given not in {member.value for member in kind}:
            self.refuse(key, _("Choose one of the list."), "unknown")
            return None
        return kind(given)

    def refuse(self, key: str, sentence: str, code: str) -> None:
        """Note an error at a field."""
        self.problems.append(Problem(key, sentence, code=code))

    def check(self) -> None:
        """Raises Problems where any field was refused."""
        if self.problems:
            raise Problems(self.problems)
