"""The only place that makes ids and secrets.

Ids are UUIDv7 (RFC 9562): they grow with time, so rows lie in the order they were made. An id is a name, not a secret.
Secrets are 256 random bits in letters and digits, with a prefix that scanners can find and a checksum that tells
a mistyped or made-up one without asking the database. Only their SHA-256 is kept: 256 random bits cannot be guessed
back, so a slow hash would add nothing.
"""

import hashlib
import re
import secrets
import threading
import zlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from planwiki.base import clock

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SPOKEN = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
_BODY, _CHECKSUM = 43, 6  # Base-62 digits that hold 256 and 32 bits.
_PREFIX = re.compile(r"[a-z]+(?:_[a-z]+)*")
_SECRET = re.compile(rf"({_PREFIX.pattern})_([0-9A-Za-z]{{{_BODY}}})([0-9A-Za-z]{{{_CHECKSUM}}})")


class _Sequence:
    """48 bits of milliseconds above 74 random bits, always growing, also when the clock stands still or goes back."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def next(self) -> int:
        fresh = (int(clock.now().timestamp() * 1000) << 74) | secrets.randbits(74)
        with self._lock:
            # RFC 9562, section 6.2, method 2: step from the last id by a random amount.
            self._last = max(fresh, self._last + 1 + secrets.randbits(32))
            return self._last


_sequence = _Sequence()


def new_id() -> UUID:
    """A new UUIDv7, greater than every one this process made before."""
    number = _sequence.next()
    above, below = number >> 62, number & ((1 << 62) - 1)
    milliseconds, high = above >> 12, above & 0xFFF
    return UUID(int=(milliseconds << 80) | (7 << 76) | (high << 64) | (0b10 << 62) | below)


def first_id_at(moment: datetime) -> UUID:
    """Below every id that was made at this moment or later, and above those of earlier milliseconds."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def as_id(text: str) -> UUID | None:
    """The id that is written here, if one is."""
    try:
        return UUID(text)
    except ValueError:
        return None


def new_secret(prefix: str = "pw") -> str:
    """A secret to show once, such as `pw_` and 49 letters and digits. Keep only its `hash_secret`."""
    prefix = prefix.rstrip("_")
    if not _PREFIX.fullmatch(prefix):
        raise ValueError("A prefix is small letters, with single underscores between.")
    body = _in_base62(secrets.randbits(256), _BODY)
    return f"{prefix}_{body}{_checksum(prefix, body)}"


def new_code() -> str:
    """Ten letters and digits to read out or type, none of which is taken for another: about 49 random bits."""
    return "".join(secrets.choice(_SPOKEN) for _ in range(CODE_LENGTH))


def as_code(text: str) -> str:
    """A code as it was made, however it was typed."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def draw(options: Sequence[str], count: int) -> list[str]:
    """Some of these by chance, in order, none of them twice."""
    return secrets.SystemRandom().sample(list(options), count)


def looks_like_secret(text: str, prefix: str | None = None) -> bool:
    """Whether we could have made this (with that prefix, where given). It says nothing of whether it is still good."""
    match = _SECRET.fullmatch(text)
    if match is None or (prefix is not None and match[1] != prefix.rstrip("_")):
        return False
    return secrets.compare_digest(match[3], _checksum(match[1], match[2]))


def hash_secret(secret: str) -> str:
    """What to keep and to look a secret up by: its SHA-256, in hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _checksum(prefix: str, body: str) -> str:
    return _in_base62(zlib.crc32(f"{prefix}_{body}".encode()), _CHECKSUM)


def _in_base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(_BASE62[digit])
    return "".join(reversed(digits))
