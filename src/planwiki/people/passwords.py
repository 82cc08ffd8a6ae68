"""Passwords: argon2id, and the same work for a wrong name as for a wrong password."""

from functools import cache

from pwdlib import PasswordHash

_hashers: list[PasswordHash] = [PasswordHash.recommended()]


def use(hasher: PasswordHash) -> None:
    """For tests: another hasher from now on."""
    _hashers.append(hasher)


@cache
def _nobody(hasher: PasswordHash) -> str:
    return hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    return _hashers[-1].hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """False also where there is none; then the same time is spent on a password nobody has."""
    hasher = _hashers[-1]
    right = hasher.verify(password, kept or _nobody(hasher))
    return right and kept is not None
