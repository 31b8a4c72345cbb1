"""The colours of CSDesk, light and dark, by name. Nothing else in the program names a colour."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Tokens:
    """One colour set. Values are "#RRGGBB", the scrim "#AARRGGBB"."""

    window: str
    surface: str
    sunken: str
    selection: str
    hover: str
    text: str
    muted: str
    placeholder: str
    link: str
    accent: str
    on_accent: str
    ring: str
    control: str
    divider: str
    grid: str
    toast: str
    on_toast: str
    toast_link: str
    warn_bg: str
    warn: str
    error_bg: str
    error: str
    a_bg: str
    a: str
    b_bg: str
    b: str
    c_bg: str
    c: str
    green_bg: str
    green: str
    amber_bg: str
    amber: str
    red_bg: str
    red: str
    overdue_bg: str
    overdue: str
    renew_bg: str
    renew: str
    ink_green: str
    ink_amber: str
    ink_red: str
    ink_blue: str
    ink_violet: str
    ink_grey: str
    heat_1: str
    heat_2: str
    heat_3: str
    heat_4: str
    heat_5: str
    heat_6: str
    scrim: str


LIGHT = Tokens(
    window="#F6F7F9",
    surface="#FFFFFF",
    sunken="#EDEFF2",
    selection="#DCE8FB",
    hover="#F0F3F7",
    text="#1B1F24",
    muted="#57606A",
    placeholder="#6B7480",
    link="#1A56B0",
    accent="#1F5FBF",
    on_accent="#FFFFFF",
    ring="#1F5FBF",
    control="#7C848D",
    divider="#D0D7DE",
    grid="#E6EAEE",
    toast="#2B3138",
    on_toast="#FFFFFF",
    toast_link="#9CC7FF",
    warn_bg="#FFF4D6",
    warn="#5C3A00",
    error_bg="#FDE9E7",
    error="#7A1212",
    a_bg="#EDE4FB",
    a="#4A2A86",
    b_bg="#DDF0FB",
    b="#0B4F7A",
    c_bg="#E9ECF0",
    c="#4B5563",
    green_bg="#DDF4E3",
    green="#155D2E",
    amber_bg="#FFEFCC",
    amber="#7A4100",
    red_bg="#FDE4E4",
    red="#9B1C1C",
    overdue_bg="#B42318",
    overdue="#FFFFFF",
    renew_bg="#F6E3F8",
    renew="#5B2C6F",
    ink_green="#1F7F3A",
    ink_amber="#A86400",
    ink_red="#C62F35",
    ink_blue="#1F5FBF",
    ink_violet="#6B3FA0",
    ink_grey="#7C848D",
    heat_1="#E4ECF8",
    heat_2="#C6D9F3",
    heat_3="#9DBEEA",
    heat_4="#6E9EDD",
    heat_5="#3A70BC",
    heat_6="#1F5FBF",
    scrim="#661B1F24",
)

DARK = Tokens(
    window="#15181C",
    surface="#1D2126",
    sunken="#101317",
    selection="#1F3A63",
    hover="#262B32",
    text="#E8EAED",
    muted="#A5ADB8",
    placeholder="#939CA8",
    link="#86B6FF",
    accent="#6EA8FE",
    on_accent="#0B1A33",
    ring="#86B6FF",
    control="#7A8490",
    divider="#353C45",
    grid="#2A3038",
    toast="#E8EAED",
    on_toast="#1B1F24",
    toast_link="#0B4DA2",
    warn_bg="#3D2F0C",
    warn="#FFE2A8",
    error_bg="#451A1A",
    error="#FFC9C4",
    a_bg="#38265C",
    a="#D9C6FF",
    b_bg="#143A52",
    b="#A9DBF8",
    c_bg="#343B44",
    c="#CBD2DA",
    green_bg="#16402A",
    green="#9BE3AE",
    amber_bg="#4A3508",
    amber="#FFD27A",
    red_bg="#571D1D",
    red="#FFB3AE",
    overdue_bg="#FF8A80",
    overdue="#2A0A07",
    renew_bg="#4A2354",
    renew="#E7B8F0",
    ink_green="#4CC26B",
    ink_amber="#F0B429",
    ink_red="#FF6B6B",
    ink_blue="#6EA8FE",
    ink_violet="#B79BF0",
    ink_grey="#7A8490",
    heat_1="#1B2A42",
    heat_2="#203861",
    heat_3="#284A85",
    heat_4="#3561AC",
    heat_5="#4C82D6",
    heat_6="#6EA8FE",
    scrim="#8C000000",
)

NAMES = tuple(field.name for field in fields(Tokens))
