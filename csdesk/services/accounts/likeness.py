"""Which companies may be one: candidates with their evidence, from names, numbers, mail, web and phones. Pure.

Pairs are proposed by keys that both share, never by comparing all with all; a key that many share proposes nobody. So
10,000 companies are laid beside 10,000 accounts in about a second.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from csdesk.models.vocabulary import Confidence
from csdesk.services.accounts.names import Reading, company_words, elsewhere, read_name, spelling_key
from csdesk.services.core.pinyin import reader
from csdesk.services.core.texts import N_, _

MOST_SHARING = 40
WHOLE = "=$"
SHARING = {
    "=": MOST_SHARING,
    "$": MOST_SHARING,
    "@": 8,
    "#": 8,
    "~": 12,
    "!": 12,
    "<": 12,
    ">": 12,
    "+": 12,
    "-": 12,
    "*": 12,
}
"""By what a key is: a whole name, a tax number, mail, a phone, a part of a name, its sound, its beginning, its end, the
name as it is, one character short, the same for long names; how many companies may share it and it still tells something."""
FEW_SHARING = 3
"""A mail domain or a phone that so many share points at one company, or at a holding."""
NEAR, NEARER = 86, 92
"""Likeness of two names in percent from which it is a hint, and from which the user is asked."""
SHORTEST_NEAR = 4
LONG = 8
PLAUSIBLE_TAX = 8
PARTS = 8
"""Hashes are compared in so many parts, for a set of all of them would take as much room as the companies."""

CERTAIN, LIKELY, WEAK = Confidence.CERTAIN, Confidence.LIKELY, Confidence.WEAK
RANK = {CERTAIN: 0, LIKELY: 1, WEAK: 2}
SENTENCES = {
    "said": N_("You said that they are the same."),
    "name": N_("The name is the same."),
    "tax_number": N_("The tax number is the same: {value}."),
    "spelling": N_("The names differ only in spaces, signs or script."),
    "form": N_("The names differ only in the legal form or in where the place stands."),
    "place": N_("The names differ only in the place they name."),
    "short_name": N_("“{value}” is the short name of one and the name of the other."),
    "shared_short_name": N_("Both have the short name “{value}”."),
    "sound": N_("The names sound the same."),
    "near": N_("The names are {value} % alike."),
    "elsewhere": N_("The same name, but in another place: {value}, {other}."),
    "branch": N_("One looks like a branch of the other."),
    "brand": N_("Both are called “{value}”, in different lines of business."),
    "email": N_("Both have the mail address {value}."),
    "domain": N_("Both use the internet domain {value}."),
    "phone": N_("Both have the phone number {value}."),
    "other_tax_number": N_("But the tax numbers differ: {value}, {other}."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence; ``value`` and ``other`` fill its sentence."""

    code: str
    confidence: Confidence
    value: str = ""
    other: str = ""

    @property
    def sentence(self) -> str:
        """The reason in the reader's language."""
        return _(SENTENCES[self.code]).format(value=self.value, other=self.other)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why two companies may be one, the strongest reason first; empty where nothing speaks for it."""

    confidence: Confidence
    reasons: tuple[Reason, ...]

    @property
    def order(self) -> tuple[int, int]:
        """Sorts the most convincing first."""
        return RANK[self.confidence], -len(self.reasons)


class Profile(NamedTuple):
    """What is known of a company, made comparable. ``key`` is the account's id, or a name of the file."""

    key: Hashable
    name: str
    short_name: str
    tax_number: str
    emails: tuple[str, ...]
    domains: tuple[str, ...]
    phones: tuple[str, ...]
    reading: Reading


def profile(
    key: Hashable,
    name: str,
    short_name: str = "",
    tax_number: str = "",
    website: str = "",
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
) -> Profile:
    """A profile from values as they are stored or read in. Public mail providers are nobody's domain."""
    mails = _each(read_emails, emails)
    domains = [mail_domain(mail) for mail in mails]
    if website:
        domains.append(web_domain(website))
    return Profile(
        key,
        name,
        spelling_key(short_name) if short_name else "",
        tax_key(tax_number) if tax_number else "",
        mails,
        tuple(dict.fromkeys(filter(None, domains))),
        _each(read_phones, phones),
        read_name(name),
    )


def _each(read: Callable[[str], list[str]], texts: Iterable[str]) -> tuple[str, ...]:
    """What these texts say, each once."""
    found: dict[str, None] = {}
    for text in texts:
        found |= dict.fromkeys(read(text))
    return tuple(found)


_BETWEEN = re.compile(r"[/\\,;|\s\u3001\uff0c\uff1b]+")
_BETWEEN_PHONES = re.compile(r"\s+/\s+|[,;|\u3001\uff0c\uff1b\n]+|/(?=\s*\+?\d{7})")
_SECOND_LEVEL = frozenset({"com", "net", "org", "gov", "edu", "ac", "co"})


def tax_key(text: str) -> str:
    """A tax number without signs, in capitals; "" for what cannot be one."""
    key = "".join(char for char in text.upper() if char.isascii() and char.isalnum())
    return key if len(key) >= PLAUSIBLE_TAX and len(set(key)) >= 4 else ""


def read_emails(text: str) -> list[str]:
    """The mail addresses in a text."""
    return [part for part in _BETWEEN.split(text.lower()) if "@" in part]


def read_phones(text: str) -> list[str]:
    """The phone numbers in a text by their digits, without +86; what is too short or a placeholder is nobody's."""
    found = []
    for part in (text,) if text.isdigit() else _BETWEEN_PHONES.split(text):
        digits = part if part.isdigit() else "".join(char for char in part if char.isdigit())
        if len(digits) > 11:
            digits = digits.removeprefix("00").removeprefix("86") if digits.startswith(("86", "0086")) else digits
        if len(digits) >= 8 and len(set(digits)) > 2 and digits not in company_words().placeholder_phones:
            found.append(digits)
    return found


def mail_domain(address: str) -> str:
    """The domain of a mail address; "" for a public provider."""
    domain = address.rpartition("@")[2]
    return "" if domain in company_words().public_mail else _own_domain(domain)


def web_domain(address: str) -> str:
    """The domain of a website; "" for one that hosts many."""
    host = re.split(r"[/?#:]", address.strip().lower().split("://")[-1])[0].rpartition("@")[2].removeprefix("www.")
    return _own_domain(host)


def _own_domain(host: str) -> str:
    parts = [part for part in host.split(".") if part]
    if len(parts) < 2:
        return ""
    count = 3 if len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in _SECOND_LEVEL else 2
    domain = ".".join(parts[-count:])
    words = company_words()
    return "" if domain in words.public_mail or domain in words.public_hosts or host in words.public_hosts else domain


def _rare(_value: str) -> int:
    return 2


class Index:
    """Companies by the keys that two spellings of one company share, each kept as its hash: what two share by chance, the
    evidence tells apart. ``thorough`` also finds names that are nearly alike or
    are spoken alike, which takes longer."""

    def __init__(self, profiles: Iterable[Profile] = (), *, thorough: bool = True) -> None:
        self.profiles: list[Profile] = []
        self._blocks: dict[str, dict[int, int | list[int]]] = {kind: {} for kind in SHARING}
        self._thorough = thorough
        for one in profiles:
            self.add(one)

    def add(self, one: Profile) -> None:
        """Take a company in."""
        self._add(one, self._held(one))

    def candidates(
        self, one: Profile, admits: Callable[[Profile], bool] = lambda other: True
    ) -> list[tuple[Profile, Evidence]]:
        """Those that may be this company, the most convincing first, in the order they were taken in."""
        return self._candidates(one, self._asked(one), admits)

    def meet(
        self, one: Profile, admits: Callable[[Profile], bool] = lambda other: True
    ) -> list[tuple[Profile, Evidence]]:
        """The candidates for a company, which is then taken in itself."""
        held = self._held(one)
        found = self._candidates(one, self._asked(one) if self._thorough else held, admits)
        self._add(one, held)
        return found

    def pairs(self) -> Iterator[tuple[Profile, Profile, Evidence]]:
        """All pairs that may be one, each once, the one taken in first in front."""
        done: set[tuple[int, int]] = set()
        for place, one in enumerate(self.profiles):
            for other in sorted(self._proposed(self._asked(one)) - {place}):
                pair = (min(place, other), max(place, other))
                if pair in done:
                    continue
                done.add(pair)
                a, b = self.profiles[pair[0]], self.profiles[pair[1]]
                seen = evidence(a, b, self._sharing, by_sound=self._thorough)
                if seen is not None:
                    yield a, b, seen

    def _add(self, one: Profile, held: Iterable[str]) -> None:
        place = len(self.profiles)
        self.profiles.append(one)
        blocks = self._blocks
        for key in held:
            kind, short = blocks[key[0]], hash(key)
            block = kind.get(short)
            if block is None:
                kind[short] = place
            elif isinstance(block, int):
                kind[short] = [block, place]
            else:
                block.append(place)

    def _candidates(
        self, one: Profile, asked: Iterable[str], admits: Callable[[Profile], bool]
    ) -> list[tuple[Profile, Evidence]]:
        places = self._proposed(asked)
        if not places:
            return []
        found = []
        for place in sorted(places):
            other = self.profiles[place]
            if other.key != one.key and admits(other):
                seen = evidence(one, other, self._sharing, by_sound=self._thorough)
                if seen is not None:
                    found.append((other, seen))
        return sorted(found, key=lambda pair: pair[1].order)

    def _sharing(self, key: str) -> int:
        """How many hold a mail address or a domain ("@" in front) or a phone ("#")."""
        block = self._blocks[key[0]].get(hash(key), ())
        return 1 if isinstance(block, int) else len(block)

    def _proposed(self, keys: Iterable[str]) -> set[int]:
        """The places of those that hold one of these keys, where it tells something."""
        found: set[int] = set()
        blocks = self._blocks
        for key in keys:
            block = blocks[key[0]].get(hash(key))
            if isinstance(block, int):
                found.add(block)
            elif block is not None:
                if len(block) <= SHARING[key[0]]:
                    found.update(block)
                elif key[0] in WHOLE:
                    found.update(block[:MOST_SHARING])
        return found

    def _held(self, one: Profile) -> set[str]:
        keys = _keys(one)
        if self._thorough:
            whole, shorter = _near_keys(one.reading)
            keys.update(_rough_keys(one.reading), whole, shorter)
        return keys

    def _asked(self, one: Profile) -> set[str]:
        keys = _keys(one)
        if self._thorough:
            whole, shorter = _near_keys(one.reading)
            keys.update(_rough_keys(one.reading), map(_turned, whole), map(_turned, shorter))
        return keys


def sharing_places(profiles: Iterable[Profile]) -> list[int]:
    """The places of those that share a key with another one, near spellings apart: of 100,000 companies that have nothing
    to do with each other none, and next to nothing is kept of them meanwhile."""
    hashes, ends = array("q"), array("q")
    parts = [array("q") for _ in range(PARTS)]
    for one in profiles:
        for short in map(hash, _keys(one)):
            hashes.append(short)
            parts[short % PARTS].append(short)
        ends.append(len(hashes))
    shared: set[int] = set()
    for part in parts:
        seen: set[int] = set()
        for short in part:
            if short in seen:
                shared.add(short)
            else:
                seen.add(short)
    if not shared:
        return []
    begins = [0, *ends[:-1]]
    return [at for at, end in enumerate(ends) if not shared.isdisjoint(hashes[begins[at] : end])]


def _keys(one: Profile) -> set[str]:
    name = one.reading
    keys = {"=" + name.core, "~" + name.bare, "~" + name.brand}
    if name.spelling.isascii():
        keys.add("~" + name.spelling)
    if one.short_name:
        keys.add("~" + one.short_name)
    if one.tax_number:
        keys.add("$" + one.tax_number)
    for text in one.emails:
        keys.add("@" + text)
    for text in one.domains:
        keys.add("@" + text)
    for text in one.phones:
        keys.add("#" + text)
    return keys


def _rough_keys(name: Reading) -> list[str]:
    """The beginning and the end of long names, the sound of Chinese ones."""
    keys = []
    if len(name.bare) >= LONG:
        keys += [f"<{name.digits}|{name.bare[:5]}", f">{name.digits}|{name.bare[-5:]}"]
    if not name.bare.isascii():
        keys.append("!" + "".join(map(_sound, name.bare)))
    return keys


def _near_keys(name: Reading) -> tuple[list[str], list[str]]:
    """A name as it is, and with each of its characters left out: who left one out meets who has it not."""
    if len(name.bare) < SHORTEST_NEAR:
        return [], []
    letters = name.bare
    if name.digits:
        letters = "".join(char for char in letters if char not in name.digits)
    start = f"{name.digits}|"
    shorter = [f"-{start}{letters[:at]}{letters[at + 1 :]}" for at in range(len(letters))]
    if len(letters) >= LONG:
        return [f"+{start}{letters}"], [*shorter, *("*" + key[1:] for key in shorter)]
    return [f"+{start}{letters}"], shorter


def _turned(key: str) -> str:
    """What a near key meets: a whole name those with one character too many, and they a whole name; "*" its own kind."""
    return key if key[0] == "*" else ("-" if key[0] == "+" else "+") + key[1:]


def evidence(
    a: Profile, b: Profile, sharing: Callable[[str], int] = _rare, *, by_sound: bool = True
) -> Evidence | None:
    """Why two companies may be one; None where nothing speaks for it. ``sharing`` tells how many hold a mail or phone."""
    reasons = [*_name_reasons(a, b, by_sound), *_number_reasons(a, b, sharing)]
    if not reasons:
        return None
    named = any(reason.code == "name" for reason in reasons)
    differs = bool(a.tax_number and b.tax_number and a.tax_number != b.tax_number)
    if differs:
        reasons.append(Reason("other_tax_number", WEAK, a.tax_number, b.tax_number))
    best = min((reason.confidence for reason in reasons), key=RANK.__getitem__)
    if best == WEAK and not differs and len({_about(reason) for reason in reasons}) > 1:
        best = LIKELY
    if differs and not named:
        best = WEAK
    return Evidence(best, tuple(sorted(reasons, key=lambda reason: RANK[reason.confidence])))


def _about(reason: Reason) -> str:
    return reason.code if reason.code in ("email", "domain", "phone", "tax_number") else "name"


def _name_reasons(a: Profile, b: Profile, by_sound: bool) -> list[Reason]:
    """What the names say: the strongest of it alone."""
    x, y = a.reading, b.reading
    if x.key == y.key:
        return [Reason("name", CERTAIN)]
    if x.branch != y.branch:
        same = x.bare == y.bare and not _is_generic(x.bare)
        return [Reason("branch", WEAK)] if same else []
    if x.spelling == y.spelling:
        return [Reason("spelling", LIKELY)]
    if x.bare == y.bare:
        if _is_generic(x.bare):
            return [Reason("form", LIKELY)] if x.core == y.core else []
        if elsewhere(x, y):
            return [Reason("elsewhere", WEAK, x.place, y.place)]
        return [Reason("form" if x.place == y.place else "place", LIKELY)]
    return _short_reasons(a, b, x, y) or _near_reasons(x, y, by_sound)


def _is_generic(bare: str) -> bool:
    return bare in company_words().trades.words


def _short_reasons(a: Profile, b: Profile, x: Reading, y: Reading) -> list[Reason]:
    apart = elsewhere(x, y)
    for short, other in ((a.short_name, y), (b.short_name, x)):
        if short and short in (other.spelling, other.core, other.bare) and not _is_generic(short):
            return [Reason("short_name", WEAK if apart else LIKELY, short)]
    if a.short_name and a.short_name == b.short_name:
        related = x.brand == y.brand or _alike(x.bare, y.bare, 60)
        return [Reason("shared_short_name", LIKELY if related and not apart else WEAK, a.short_name)]
    if x.brand == y.brand and not _is_generic(x.brand) and not x.brand.isdecimal():
        if (x.bare == x.brand) != (y.bare == y.brand):
            return [Reason("short_name", WEAK if apart else LIKELY, x.brand)]
        return [] if apart else [Reason("brand", WEAK, x.brand)]
    return []


def _near_reasons(x: Reading, y: Reading, by_sound: bool) -> list[Reason]:
    if x.digits != y.digits:
        return []
    if by_sound and _sound_alike(x.bare, y.bare):
        return [Reason("sound", WEAK if elsewhere(x, y) else LIKELY)]
    if min(len(x.bare), len(y.bare)) < SHORTEST_NEAR:
        return []
    alike = _alike(x.bare, y.bare, NEAR)
    if not alike:
        return []
    is_near = alike >= NEARER and not elsewhere(x, y)
    return [Reason("near", LIKELY if is_near else WEAK, str(round(alike)))]


def _alike(a: str, b: str, least: int) -> float:
    """Likeness of two texts in percent, 0 below ``least``."""
    from rapidfuzz import fuzz

    return fuzz.ratio(a, b, score_cutoff=least)


def _sound_alike(a: str, b: str) -> bool:
    """Whether two Chinese names of the same length are spoken alike."""
    if len(a) != len(b) or a.isascii() or b.isascii():
        return False
    other = [(one, two) for one, two in zip(a, b, strict=True) if one != two]
    if not other or len(other) > 2:
        return False
    return all(_sound(one) == _sound(two) for one, two in other)


@cache
def _sound(char: str) -> str:
    return "".join(reader()(char))


def _number_reasons(a: Profile, b: Profile, sharing: Callable[[str], int]) -> list[Reason]:
    reasons = []
    if a.tax_number and a.tax_number == b.tax_number:
        reasons.append(Reason("tax_number", CERTAIN, a.tax_number))
    mails = _shared(a.emails, b.emails)
    for code, sign, values in (
        ("email", "@", mails),
        ("domain", "@", () if mails else _shared(a.domains, b.domains)),
        ("phone", "#", _shared(a.phones, b.phones)),
    ):
        told = [(sharing(sign + value), value) for value in values]
        if told:
            count, value = min(told)
            if count <= MOST_SHARING:
                reasons.append(Reason(code, LIKELY if count <= FEW_SHARING else WEAK, value))
    return reasons


def _shared(a: Sequence[Any], b: Sequence[Any]) -> Sequence[Any]:
    return [value for value in a if value in b] if a and b else ()
