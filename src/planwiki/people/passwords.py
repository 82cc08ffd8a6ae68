"""Passwords: argon2id, and the same work for a wrong name as for a wrong password."""

from functools import cache

from pwdlib import PasswordHash


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")


def hash_password(password: str) -> str:
    return _hasher().hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """False also where there is none; then the same time is spent on a password nobody has."""
    right = _hasher().verify(password, kept or _nobody())
    return right and kept is not None
