"""What one line of the composer says: with whom, and what is to be done by which day. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from csdesk.models.vocabulary import InteractionKind
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import _
from csdesk.services.tasks.rules import Todo, jotted

LONGEST = 20_000
TASK = re.compile(r"^\s*[!\uff01]\s*(.*)$")
PERSON = re.compile(r"[@\uff20](\S+)")


@dataclass(frozen=True)
class Person:
    """Somebody whom the composer knows."""

    id: int
    name: str


@dataclass(frozen=True)
class Entry:
    """What was written: the text without its task lines, whom it was with, the tasks."""

    text: str
    contact_id: int | None
    tasks: tuple[Todo, ...]


def parse_entry(written: str, people: Sequence[Person], today: date, kind: InteractionKind | None) -> Entry:
    """Read what was written. ``kind`` None makes a task of every line. Raises Problems.

    A line that begins with ! is a task; a day right behind the sign, or at the line's end behind another !, is its day.
    @ and a name say with whom; the name stays in the text.
    """
    if len(written) > LONGEST:
        sentence = _("This text is too long: {n} characters at most.").format(n=LONGEST)
        raise Problems([Problem("text", sentence, code="too_long")])
    kept, tasks = [], []
    for line in written.splitlines():
        mark = TASK.match(line)
        if mark or (kind is None and line.strip()):
            tasks.append(jotted(mark[1] if mark else line, today))
        else:
            kept.append(line)
    text = "\n".join(kept).strip()
    if not text and not any(task.text for task in tasks):
        raise Problems([Problem("text", _("Write down what was said or done."), code="missing")])
    return Entry(text, person_named(written, people), tuple(task for task in tasks if task.text))


def person_named(text: str, people: Sequence[Person]) -> int | None:
    """The first contact whose name follows an @; the longest name wins where one begins with another."""
    for mark in PERSON.finditer(text):
        fits = [person for person in people if person.name and mark[1].startswith(person.name)]
        if fits:
            return max(fits, key=lambda person: len(person.name)).id
        begun = text[mark.start(1) :]
        spaced = [person for person in people if person.name and begun.startswith(person.name)]
        if spaced:
            return max(spaced, key=lambda person: len(person.name)).id
    return None
