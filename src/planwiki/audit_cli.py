"""`planwiki audit`: is the record of looks and changes as it was written?"""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from planwiki.authz.audit_chain import Found
from planwiki.authz.database import Database
from planwiki.base.ids import as_id
from planwiki.plainly import opened
from planwiki.settings import Settings

audit = typer.Typer(no_args_is_help=True, help="The record of who looked and who changed what.")
Heads = dict[UUID, tuple[int, str]]


@audit.callback()
def _audit() -> None:
    """Keeps `verify` a word of its own while it is the only one."""


@audit.command()
def verify(
    plan: Annotated[UUID | None, typer.Option(help="Only this plan.")] = None,
    heads: Annotated[Path | None, typer.Option(help="What this printed on another day, kept elsewhere.")] = None,
) -> None:
    """Read every record again. Prints each plan's id, number and seal; exits 1 and names the first wrong entry.

    Keep what it prints on another machine. Given back as --heads, it tells an older database from a newer one.
    """
    database = opened(Settings())
    found = [_said(one) for one in examine(database, _read(heads) if heads else {}, plan)]
    database.close()
    raise typer.Exit(0 if all(found) else 1)


def examine(database: Database, earlier: Heads, only: UUID | None = None) -> list[Found]:
    """What verifying finds in each plan, and in those that an earlier head names."""
    there = database.plan_ids()
    asked = [only] if only else [*there, *(plan for plan in earlier if plan not in there)]
    return [
        database.verify(plan, earlier.get(plan)) if plan in there else Found(plan, 0, "", "this plan is not there")
        for plan in asked
    ]


def _said(found: Found) -> bool:
    if found.problem:
        typer.echo(f"{found.plan_id}: {found.problem}", err=True)
    else:
        typer.echo(f"{found.plan_id} {found.number} {found.seal}")
    return not found.problem


def _read(file: Path) -> Heads:
    """What an earlier run printed."""
    earlier: Heads = {}
    for line in file.read_text("utf-8").splitlines():
        plan, number, seal = [*line.split(), "", ""][:3]
        id = as_id(plan)
        if id is None or not number.isdecimal():
            raise typer.BadParameter(f"{file} holds a line that this did not print.")
        earlier[id] = (int(number), seal)
    return earlier
