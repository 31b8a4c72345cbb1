"""The texts by which customers hear an answer: a template for each cause, the desk's own until another is written. Pure.

A template is plain text with names in braces. A part in square brackets that holds a name is left out where nothing is
known under that name, so that no empty brackets reach a customer. What is put in is text, never a template itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from csdesk.models.vocabulary import NoticeCause
from csdesk.services.core.texts import N_, _

SETTING = "tickets.templates"
TEMPLATES: Mapping[NoticeCause, str] = {
    NoticeCause.DATE_SET: N_(
        "Hello[ {contact}],\n"
        "good news about “{title}”: it has a date now[. It is planned for {date}][, with release {release}]. "
        "Should anything change, you will hear it from me first."
    ),
    NoticeCause.DATE_MOVED: N_(
        "Hello[ {contact}],\n"
        "the plan for “{title}” has changed[. The new date is {date}][, with release {release}]. "
        "I am sorry if this upsets your own plans; I keep after it and will tell you at once when it is there."
    ),
    NoticeCause.RELEASED: N_(
        "Hello[ {contact}],\n"
        "what you asked for, “{title}”, is there[ since {date}][, with release {release}]. "
        "Please try it with your own data. If anything is not as you need it, tell me; "
        "I can also walk you through it, just name a time."
    ),
    NoticeCause.DECLINED: N_(
        "Hello[ {contact}],\n"
        "we looked closely at “{title}” together with our product team. It will not be built for now.[ {answer}]\n"
        "Your wish stays on record with its background. If it becomes more pressing for you, tell me, "
        "and I will bring it up again."
    ),
    NoticeCause.BUG_FIXED: N_(
        "Hello[ {contact}],\n"
        "the problem you reported, “{title}”, is fixed[ since {date}][, with release {release}]. "
        "Please try again; if it still shows, tell me and I will follow it up at once. Thank you for your patience."
    ),
    NoticeCause.ANSWERED: N_(
        "Hello[ {contact}],\n"
        "here is the answer to your question “{title}”:[\n{answer}]\n"
        "If anything is still unclear, just ask me."
    ),
}  # fmt: skip
LONGEST_WORDS = 120
"""Characters of the customer's own words that go into a text."""
_OPTIONAL = re.compile(r"\[([^\[\]]*\{\w+\}[^\[\]]*)\]")
_NAME = re.compile(r"\{(\w+)\}")


NAMES = ("account", "contact", "words", "title", "date", "release", "answer")
"""What a template may name."""


def template(cause: NoticeCause, own: Any) -> str:
    """The template of a cause: the user's own where ``own`` (the stored setting) has one, else the desk's."""
    written = own.get(cause.value) if isinstance(own, Mapping) else None
    return written if isinstance(written, str) and written.strip() else _(TEMPLATES[cause])


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its names replaced, each once, "" being what is not known; a name without a value stays as typed."""
    known = {name: _in_one_line(value) if name == "words" else value.strip() for name, value in values.items()}

    def put(found: re.Match[str]) -> str:
        return known.get(str(found[1]), str(found[0]))

    pieces: list[str] = []
    end = 0
    for part in _OPTIONAL.finditer(text):
        pieces.append(_NAME.sub(put, text[end : part.start()]))
        names = _NAME.findall(part[1])
        if all(known.get(name, "?") for name in names):
            pieces.append(_NAME.sub(put, part[1]))
        end = part.end()
    pieces.append(_NAME.sub(put, text[end:]))
    return "".join(pieces).strip()


def unknown_names(text: str) -> tuple[str, ...]:
    """The names in braces that stand for nothing, in their order."""
    return tuple(dict.fromkeys(name for name in _NAME.findall(text) if name not in NAMES))


def _in_one_line(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= LONGEST_WORDS else line[: LONGEST_WORDS - 1].rstrip() + "\u2026"
