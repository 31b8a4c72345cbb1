"""Messages between the desk and the process that reads a file: JSON with its length in front, never pickle."""

from __future__ import annotations

import datetime
import json
import re
import struct
from functools import lru_cache
from typing import Any, BinaryIO

_HEAD = struct.Struct(">I")
LONGEST = 64 * 2**20
"""No message is longer, in bytes."""

_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("_x00([01][0-9A-Fa-f]|5[Ff])_")


def clean(text: str) -> str:
    """The text without control characters and halves of characters; every line end is a newline."""
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x00" in text else text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWANTED.sub("", text)


def _tagged(value: object) -> dict[str, str]:
    if isinstance(value, datetime.datetime):
        return {"m": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"d": value.isoformat()}
    if isinstance(value, datetime.time):
        return {"t": value.isoformat()}
    raise TypeError(type(value).__name__)


_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_tagged, allow_nan=False)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value) or None
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items()}
    return value


def pack(message: Any) -> bytes:
    """The message as bytes with its length in front. Texts in it are cleaned."""
    text = _encoder.encode(message)
    try:
        if "\\u00" in text or "\\r" in text or "_x00" in text or "\\f" in text or "\\b" in text:
            text = _encoder.encode(_cleaned(message))
        body = text.encode("utf-8")
    except UnicodeEncodeError:
        body = _encoder.encode(_cleaned(message)).encode("utf-8")
    if len(body) > LONGEST:
        raise ValueError("message too long")
    return _HEAD.pack(len(body)) + body


_day = lru_cache(maxsize=8192)(datetime.date.fromisoformat)


def _revived(value: dict[str, Any]) -> Any:
    if len(value) == 1:
        if "d" in value:
            return _day(value["d"])
        if "m" in value:
            return datetime.datetime.fromisoformat(value["m"])
        if "t" in value:
            return datetime.time.fromisoformat(value["t"])
    return value


_decoder = json.JSONDecoder(object_hook=_revived)


def read_frame(stream: BinaryIO) -> Any:
    """The next message, None at the end. Raises ValueError where the bytes are no message."""
    head = stream.read(_HEAD.size)
    if not head:
        return None
    if len(head) < _HEAD.size:
        raise ValueError("message cut off")
    length: int = _HEAD.unpack(head)[0]
    if length > LONGEST:
        raise ValueError("message too long")
    body = stream.read(length)
    if len(body) < length:
        raise ValueError("message cut off")
    try:
        return _decoder.decode(body.decode("utf-8"))
    except (TypeError, AttributeError, RecursionError) as error:
        raise ValueError("message makes no sense") from error
