"""Rows that belong to somebody's plan. Row security narrows every read of them and checks every change.

A new table inside a plan subclasses one of these and is narrowed from birth.
"""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import inspect
from sqlmodel import Field, SQLModel

from .vocabulary import Permission


class Guarded:
    """Marks a table whose rows nobody reads or changes without a principal.

    `write_needs` is the permission somebody must have asked for before a row changes;
    columns in `managed` need manage, whatever the rest of the row needs. Where `changeable`
    is a set, no other column changes once the row is kept, and the row is never deleted.
    """

    write_needs: ClassVar[Permission] = Permission.MANAGE
    managed: ClassVar[frozenset[str]] = frozenset()
    changeable: ClassVar[frozenset[str] | None] = None


class InPlan(Guarded, SQLModel):
    """Seen by everybody who stands in the plan's circle; changed by owners."""

    plan_id: UUID = Field(foreign_key="plan.id")


class ForOwners(InPlan):
    """Seen and changed by the plan's owners alone."""


class InSection(Guarded, SQLModel):
    """Follows one section: seen by whoever may read it, changed by whoever may edit it.

    Columns in `needs` ask for another permission than the rest of the row.
    """

    write_needs: ClassVar[Permission] = Permission.EDIT
    needs: ClassVar[dict[str, Permission]] = {}

    plan_id: UUID = Field(foreign_key="plan.id")
    section_id: UUID = Field(foreign_key="section.id")


class OfManagers(InSection):
    """Follows one section, for those who manage it."""

    write_needs: ClassVar[Permission] = Permission.MANAGE


class OfOne(InSection):
    """Follows one section, for one account alone, while they hold `write_needs` there. No owner ever sees it."""

    account_id: UUID = Field(foreign_key="account.id")


class OfAuthor(OfOne):
    """For whoever wrote it, while they may edit the section."""


class OfReader(OfOne):
    """For whoever reads, while they may read the section."""

    write_needs: ClassVar[Permission] = Permission.READ


class Journal(Guarded, SQLModel):
    """Grows only: rows are added through `UnitOfWork.record` and never changed or taken away."""

    changeable: ClassVar[frozenset[str] | None] = frozenset()

    plan_id: UUID = Field(foreign_key="plan.id")
    section_id: UUID | None = Field(default=None, foreign_key="section.id")


def changed_in(row: Any) -> frozenset[str]:
    """The names of what differs from what is kept."""
    state = inspect(row)
    return frozenset(attribute.key for attribute in state.attrs if attribute.history.has_changes())
