"""The words by which payment terms and sheets of payments are understood."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from csdesk.resources import resource


@cache
def payment_words() -> dict[str, Any]:
    """``rhythms``: by rhythm the words of terms; ``headings``: by field those of columns; ``totals``: of rows that sum up."""
    found: dict[str, Any] = json.loads(resource("words", "payments.json").read_text(encoding="utf-8"))
    return found
