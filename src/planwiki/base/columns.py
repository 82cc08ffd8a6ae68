"""Column types that behave alike on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. Refuses a time without a zone; SQLite forgets zones, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the library's signature
        if value is not None and value.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the library's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """One word of a closed set, kept as text so that adding a word needs no migration."""

    impl = String(40)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - the library's signature
        return None if value is None else self.words(value).value

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:  # noqa: ARG002 - the library's signature
        """Looked up and not made anew: a page reads hundreds of these."""
        known: dict[str | None, StrEnum | None] = {word.value: word for word in self.words}
        return (known | {None: None}).__getitem__
