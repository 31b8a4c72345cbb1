"""A company's name taken apart: legal form, place, branch, line of business, and what is left. Pure.

The words that are read stand in ``resources/words/companies.json``. Traditional characters are read as simplified ones by a
table of the characters that companies' names are made of; those that it does not hold stay as they are.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from csdesk.resources import resource

KEPT_READINGS = 16_384
"""Names whose readings are kept: a review judges the same names again after each answer."""

_OPENING, _CLOSING = "[{<\u3010\u3014\u3008\u300a\u300c\u300e", "]}>\u3011\u3015\u3009\u300b\u300d\u300f"
_BRACKETS = str.maketrans(_OPENING + _CLOSING, "(" * len(_OPENING) + ")" * len(_CLOSING))
_INSIDE = re.compile(r"\(([^()]*)\)")
_SIGNS = re.compile(r"[\W_]+")
_INITIALS = re.compile(r"\b(\w)\.(?=\w\b)")
_LATIN = re.compile(r"[a-z]")
_NO_DIGITS = re.compile(r"[^0-9\u3007\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]+")


def name_key(name: str) -> str:
    """A company's name made comparable: width, case, spaces; brackets of either kind are the same."""
    if name.isalnum() and name.isascii() is False and name.casefold() == name:
        return name
    return "".join(unicodedata.normalize("NFKC", name).translate(_BRACKETS).split()).casefold()


def spelling_key(name: str) -> str:
    """What two spellings of one name share: signs, script and all that ``name_key`` passes over do not count."""
    return _without_signs(company_words().simplified(name_key(name)))


def _without_signs(key: str) -> str:
    return key if key.isalnum() else _SIGNS.sub("", key) or key


class Reading(NamedTuple):
    """A name taken apart. Each of ``spelling``, ``core``, ``bare``, ``brand`` leaves out more than the one before: signs,
    the legal form, the place, the line of business. ``branch`` is what tells a branch from the company."""

    key: str
    spelling: str
    core: str
    bare: str
    brand: str
    place: str
    branch: str
    digits: str


@lru_cache(maxsize=KEPT_READINGS)
def read_name(name: str) -> Reading:
    """Take a company's name apart."""
    words = company_words()
    key = name_key(name)
    spelling = _without_signs(words.simplified(key))
    rest, place = (key, "") if "(" not in key else _open_brackets(key, words)
    if _LATIN.search(rest):
        core, branch = _latin_core(name, rest, words), ""
    else:
        rest = spelling if rest is key else _SIGNS.sub("", words.simplified(rest))
        rest, branch = _without_branch(rest, words) if rest.endswith(words.branches) else (rest, "")
        core = _without_end(rest, words.forms)
    if len(core) < 2:
        core = spelling
    bare, found = _without_place(core, words)
    place = place or found
    brand = _without_end(bare, words.trades)
    return Reading(key, spelling, f"{place}{bare}", bare, brand, place, branch, _NO_DIGITS.sub("", bare))


def core_key(name: str) -> str:
    """What is left of a name without its legal form and signs, the place in front of it: equal cores are likely one."""
    return read_name(name).core


def elsewhere(a: Reading, b: Reading) -> bool:
    """Whether two names say that their companies stand in different places; a province does not contradict a city."""
    words = company_words()
    if not (a.place and b.place) or a.place == b.place:
        return False
    return any(a.place in kind and b.place in kind for kind in (words.cities, words.provinces))


def _open_brackets(key: str, words: CompanyWords) -> tuple[str, str]:
    """A place in brackets goes to the place, a legal form away; any other content stays in the name."""
    place = ""

    def opened(found: re.Match[str]) -> str:
        nonlocal place
        inside = words.simplified(found[1])
        named = _place_named(inside, words)
        if named:
            place = place or named
            return ""
        return "" if inside in words.passed_over else found[1]

    return _INSIDE.sub(opened, key), place


def _place_named(text: str, words: CompanyWords) -> str:
    """The place that a text is the name of, "" for any other text."""
    for ending in ("", *words.administrative):
        bare = text.removesuffix(ending) if ending else text
        if bare in words.cities or bare in words.provinces:
            return bare
    return ""


def _latin_core(name: str, key: str, words: CompanyWords) -> str:
    """A name with Latin letters: legal forms are whole words, so that Cisco keeps its co."""
    text = words.simplified(unicodedata.normalize("NFKC", name).casefold().translate(_BRACKETS))
    text = _INSIDE.sub(lambda found: " " if found[1].strip() not in key else f" {found[1]} ", text)
    parts = [part for part in _SIGNS.split(_INITIALS.sub(r"\1", text)) if part]
    if parts[:1] == ["the"]:
        del parts[0]
    while len(parts) > 1 and (parts[-1] in words.latin_forms or parts[-1] in words.forms.words):
        del parts[-1]
    core = "".join(parts)
    return core if core.isascii() else _without_end(core, words.forms)


def _without_branch(name: str, words: CompanyWords) -> tuple[str, str]:
    """The company that a branch belongs to, and what tells the branch."""
    ending = next(word for word in words.branches if name.endswith(word))
    rest = name.removesuffix(ending)
    cut = max((rest.rfind(form) + len(form) for form in words.forms.words if form in rest), default=0)
    if cut >= 4 and cut < len(rest):
        return rest[:cut], rest[cut:] + ending
    return rest, ending


def _without_end(name: str, endings: Words) -> str:
    """A name without these words at its end, the longest first, as long as two characters are left."""
    while found := endings.at_end(name):
        name = name[: -len(found)]
    return name


def _without_place(name: str, words: CompanyWords) -> tuple[str, str]:
    """A name without the places at its front, or the one at its end; and the narrowest of them."""
    place = ""
    rest = name.removeprefix(words.country) if len(name) > 3 else name
    while found := words.places.at_front(rest):
        place, rest = found, rest.removeprefix(found)
        if rest.startswith(words.administrative):
            ending = next(word for word in words.administrative if rest.startswith(word))
            rest = rest.removeprefix(ending) if len(rest) > len(ending) + 1 else rest
    if place:
        return rest, place
    found = words.places.at_end(rest)
    return rest.removesuffix(found), found


class Words:
    """Words that names begin or end with. The longest is found first, where two characters of the name are left."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self._by_first = _lengths(self.words, 0)
        self._by_last = _lengths(self.words, -1)

    def at_front(self, name: str) -> str:
        """The word that a name begins with, "" for none."""
        room = len(name) - 2
        for length in self._by_first.get(name[:1], ()):
            if length <= room and name[:length] in self.words:
                return name[:length]
        return ""

    def at_end(self, name: str) -> str:
        """The word that a name ends with, "" for none."""
        room = len(name) - 2
        for length in self._by_last.get(name[-1:], ()):
            if length <= room and name[-length:] in self.words:
                return name[-length:]
        return ""


def _lengths(words: Iterable[str], at: int) -> dict[str, list[int]]:
    """By the sign that words have in this place: how long they are, the longest first."""
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[at], set()).add(len(word))
    return {sign: sorted(lengths, reverse=True) for sign, lengths in found.items()}


@dataclass(frozen=True)
class CompanyWords:
    """What the data say about the words in companies' names; branches stand longest first."""

    provinces: frozenset[str]
    cities: frozenset[str]
    places: Words
    administrative: tuple[str, ...]
    forms: Words
    branches: tuple[str, ...]
    trades: Words
    latin_forms: frozenset[str]
    passed_over: frozenset[str]
    public_mail: frozenset[str]
    public_hosts: frozenset[str]
    placeholder_phones: frozenset[str]
    script: dict[int, int]
    traditional: re.Pattern[str]
    country: str

    def simplified(self, text: str) -> str:
        """A text in simplified characters; most are that already."""
        return text.translate(self.script) if self.traditional.search(text) else text


@cache
def company_words() -> CompanyWords:
    """The words, read once."""
    data: dict[str, Any] = json.loads(resource("words", "companies.json").read_text(encoding="utf-8"))
    forms, trades = Words(data["forms"]), Words(data["trades"] + data["latin_trades"])
    latin_forms = frozenset(data["latin_forms"])
    return CompanyWords(
        provinces=frozenset(data["provinces"]),
        cities=frozenset(data["cities"]),
        places=Words(data["provinces"] + data["cities"]),
        administrative=tuple(data["administrative"]),
        forms=forms,
        branches=tuple(sorted(data["branches"], key=len, reverse=True)),
        trades=trades,
        latin_forms=latin_forms,
        passed_over=forms.words | trades.words | latin_forms,
        public_mail=frozenset(data["public_mail"]),
        public_hosts=frozenset(data["public_hosts"]),
        placeholder_phones=frozenset(data["placeholder_phones"]),
        script=str.maketrans(data["traditional"], data["simplified"]),
        traditional=re.compile(f"[{data['traditional']}]"),
        country=data["country"],
    )
