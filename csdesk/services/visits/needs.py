"""What a latent need may become, guessed from its words; what is read stands in resources/words/needs.json."""

from __future__ import annotations

import json
from functools import cache

from csdesk.models.vocabulary import NeedKind
from csdesk.resources import resource
from csdesk.services.core.values import plain


@cache
def _words() -> dict[str, tuple[str, ...]]:
    found = json.loads(resource("words", "needs.json").read_text(encoding="utf-8"))
    return {kind: tuple(word.casefold() for word in words) for kind, words in found.items()}


def guessed_kind(text: str) -> NeedKind | None:
    """The kind that the words speak of, the rarest kind first; None where they say nothing."""
    said = plain(text).casefold()
    for kind, words in _words().items():
        if any(word in said for word in words):
            return NeedKind(kind)
    return None
