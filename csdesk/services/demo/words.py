"""The names and sentences that an invented portfolio is made of; they are data."""

from __future__ import annotations

import json
from functools import cache
from random import Random
from typing import Any

from csdesk.resources import resource


@cache
def words() -> dict[str, Any]:
    """All word lists, by name."""
    found: dict[str, Any] = json.loads(resource("demo", "words.json").read_text(encoding="utf-8"))
    return found


@cache
def requests() -> dict[str, Any]:
    """What customers ask for, report and want to know, and what product says to it."""
    found: dict[str, Any] = json.loads(resource("demo", "requests.json").read_text(encoding="utf-8"))
    return found


def pick(chance: Random, name: str) -> str:
    """One word of a list."""
    return str(chance.choice(words()[name]))


def some(chance: Random, name: str, most: int) -> str:
    """One to ``most`` sentences of a list, each a line."""
    return "\n".join(chance.sample(words()[name], chance.randint(1, most)))


class Names:
    """Company names, none twice."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._taken: set[str] = set()
        self._industries = list(words()["trades"])
        self._cities = words()["cities"]
        self._weights = [city["weight"] for city in self._cities]

    def company(self) -> dict[str, str]:
        """Name, short name, industry, city, district and address of a company that does not exist."""
        chance, known = self._chance, words()
        industry = chance.choice(self._industries)
        city = chance.choices(self._cities, self._weights)[0]
        district = chance.choice(list(city["places"]))
        short = self._short(chance.choice(known["trades"][industry]))
        address = known["address"].format(street=chance.choice(city["places"][district]), number=chance.randint(1, 399))
        if chance.random() < 0.4:
            address = known["floor"].format(address=address, floor=chance.randint(2, 18))
        name = known["company"].format(city=city["name"], brand=short, trade="", form=chance.choice(known["forms"]))
        return {
            "name": name, "short_name": short, "industry": industry, "city": city["name"], "district": district,
            "address": address,
        }  # fmt: skip

    def _short(self, trade: str) -> str:
        chance, known = self._chance, words()
        length = 2
        for attempt in range(1_000):
            length += attempt in (20, 60)
            brand = chance.choice(known["first"]) + "".join(chance.choices(known["second"], k=length - 1))
            short = str(known["short"].format(brand=brand, trade=trade))
            if short not in self._taken:
                self._taken.add(short)
                return short
        raise RuntimeError("the word lists are too short for so many names")


def person(chance: Random) -> str:
    """The name of a person."""
    known = words()
    given = chance.choice(known["given_first"]) + (
        chance.choice(known["given_second"]) if chance.random() < 0.8 else ""
    )
    return str(chance.choice(known["surnames"]) + given)


def phone(chance: Random) -> str:
    """A mobile number with zeros in the middle, as no network gives out."""
    return f"1{chance.choice((35, 36, 37, 38, 39, 50, 58, 86, 88))}0000{chance.randint(0, 9999):04}"
