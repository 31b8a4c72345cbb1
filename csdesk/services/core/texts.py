"""Every text a person reads passes through here: gettext, English msgids, the language chosen at start or in settings."""

from __future__ import annotations

import gettext
import json
from functools import cache

from csdesk.models.vocabulary import C_, CONTEXT_END, N_
from csdesk.resources import resource

LANGUAGES: dict[str, str] = json.loads(resource("locale", "languages.json").read_text(encoding="utf-8"))
"""The languages in which the desk is complete, each by its own name."""

_current: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def install(language: str) -> None:
    """Speak ``language`` from now on; an unknown one means English."""
    global _current, _language
    _language = language if language in LANGUAGES else "en"
    _current = _catalog(_language)


def language() -> str:
    """The language spoken: ``zh_CN`` or ``en``."""
    return _language


def is_chinese() -> bool:
    """Whether texts are Chinese now."""
    return _language == "zh_CN"


@cache
def _catalog(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("csdesk", str(resource("locale")), languages=[language], fallback=True)


def _(msgid: str) -> str:
    """The text in the language spoken, without the context that ``C_`` gave it."""
    return _current.gettext(msgid).rpartition(CONTEXT_END)[2] if msgid else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """The text for ``count`` things; the caller fills {n}."""
    return _current.ngettext(singular, plural, count)


def system_language() -> str:
    """The language of the machine, as far as its locale tells: Chinese for zh, else English."""
    import locale
    import os

    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    if not any(names):
        names.append(locale.getlocale()[0] or "")
    first = next((name for name in names if name), "")
    if first.lower().startswith(("zh", "chinese")):
        return "zh_CN"
    return "zh_CN" if first.split(".")[0] in ("", "C", "POSIX") else "en"


__all__ = ["C_", "LANGUAGES", "N_", "_", "install", "is_chinese", "language", "ngettext", "system_language"]
