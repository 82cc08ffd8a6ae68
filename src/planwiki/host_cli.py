"""`planwiki host`: who looks after this planwiki, whose account is closed, what is stuck. Never a plan."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from planwiki.activity import ledger, stops
from planwiki.authz.database import Database
from planwiki.circle.stop_commands import stop_again
from planwiki.doctor import examine
from planwiki.media.chosen_storage import storage_for
from planwiki.people import host_commands
from planwiki.people.host_queries import everything
from planwiki.people.host_schemas import HostView, OrganisationDraft
from planwiki.plainly import opened
from planwiki.plans.erase_commands import erase_again
from planwiki.settings import Settings

host = typer.Typer(no_args_is_help=True, help="Looking after this planwiki: people who sign in, and letters.")
organisations = typer.Typer(no_args_is_help=True, help="Organisations that people here work for.")
host.add_typer(organisations, name="organisations")
Email = Annotated[str, typer.Argument(help="Their e-mail address.")]
KnownBy = Annotated[str, typer.Argument(help="Their e-mail address, or the id that `accounts` prints.")]


@host.command()
def add(email: Email) -> None:
    """Let somebody with an account open the host's page. It opens no plan."""
    _do(lambda database: host_commands.add_administrator(database, email))


@host.command()
def remove(email: Email) -> None:
    """They open the host's page no more."""
    _do(lambda database: host_commands.remove_administrator(database, email))


@host.command()
def accounts() -> None:
    """Everybody who signs in here: address (an id for who has none), name, since when, and whether closed."""
    for one in _seen().accounts:
        marks = [word for word, is_so in (("closed", one.closed_at), ("host", one.looks_after_this)) if is_so]
        marks += [f"waits for {one.waiting_email}"] if one.waiting_email else []
        typer.echo(
            "\t".join([one.email or str(one.id), one.display_name, f"{one.created_at:%Y-%m-%d}", ",".join(marks)])
        )


@host.command("close-account")
def close_account(who: KnownBy) -> None:
    """Sign somebody out everywhere, at once, and let them in no more. What they wrote stays."""
    _do(lambda database: host_commands.close_account(database, who))


@host.command("open-account")
def open_account(who: KnownBy) -> None:
    """Let them sign in again."""
    _do(lambda database: host_commands.open_account(database, who))


@host.command("give-address")
def give_address(who: Annotated[str, typer.Argument(help="The id that `accounts` prints.")], email: Email) -> None:
    """For somebody whose address waits for a letter that cannot come. Be sure that it is theirs: speak with them."""
    _do(lambda database: host_commands.give_address(database, who, email))


@host.command("end-second-step")
def end_second_step(who: KnownBy) -> None:
    """For somebody who lost their phone and their paper. Be sure that it is them: speak with them first."""
    _do(lambda database: host_commands.end_second_step(database, who))


@organisations.command("add")
def organisation_add(
    name: Annotated[str, typer.Argument(help="Its name.")],
    ods_code: Annotated[str | None, typer.Option(help="Its code in the NHS's directory.")] = None,
) -> None:
    """Name an organisation that people here work for."""
    _do(lambda database: host_commands.add_organisation(database, OrganisationDraft(name=name, ods_code=ods_code)))


@organisations.command("remove")
def organisation_remove(name: Annotated[str, typer.Argument(help="Its name.")]) -> None:
    """It is named no more. People and plans stay as they are."""
    _do(lambda database: host_commands.end_organisation(database, name))


@organisations.command("list")
def organisation_list() -> None:
    """Those that were named."""
    for one in _seen().organisations:
        typer.echo(f"{one.name}\t{one.ods_code or ''}")


@host.command()
def stuck() -> None:
    """Letters that do not go out: when written, what kind, how many tries. Exits 1 when there is one."""
    found = _seen().stuck
    for one in found:
        state = "given up" if one.given_up else "still trying"
        typer.echo(f"{one.created_at:%Y-%m-%d %H:%M}\t{one.kind.value}\t{one.tries}\t{state}")
    raise typer.Exit(1 if found else 0)


@host.command()
def erasures() -> None:
    """What was erased, by id alone. Keep what it prints on another machine, beside the backups."""
    for line in ledger.lines(ledger.Ledger(Settings().data_dir).read()):
        typer.echo(line)


@host.command("replay-erasures")
def replay_erasures(
    copies: Annotated[
        list[Path] | None, typer.Option("--ledger", help="What `erasures` printed, kept elsewhere.")
    ] = None,
) -> None:
    """After a backup was put back: whatever was erased since goes once more. May be done twice."""
    settings = Settings()
    here = ledger.Ledger(settings.data_dir)
    known = here.read()
    told = [one for copy in copies or () for one in ledger.read_copy(copy)]
    here.write(*(one for one in dict.fromkeys(told) if one not in set(known)))
    with _opened() as database:
        count = erase_again(database, storage_for(settings), [*known, *told])
    typer.echo(f"{count} erased once more.")


@host.command("stops")
def stopped() -> None:
    """What was stopped, by id alone. Keep what it prints on another machine, beside the backups."""
    for line in stops.lines(stops.StopBook(Settings().data_dir).read()):
        typer.echo(line)


@host.command("replay-stops")
def replay_stops(
    copies: Annotated[list[Path] | None, typer.Option("--ledger", help="What `stops` printed, kept elsewhere.")] = None,
    every_plan: Annotated[
        bool, typer.Option("--every-plan", help="Pause sharing everywhere: what was stopped is not known.")
    ] = False,
) -> None:
    """After a backup was put back: sharing rests where something was stopped since. May be done twice."""
    here = stops.StopBook(Settings().data_dir)
    known = here.read()
    told = [one for copy in copies or () for one in stops.read_copy(copy)]
    here.write(*(one for one in dict.fromkeys(told) if one not in set(known)))
    with _opened() as database:
        plans, accounts = stop_again(database, [*known, *told], Settings().base_url, every_plan=every_plan)
    typer.echo(f"Sharing paused in {plans} plans, and {accounts} accounts closed.")


@host.command()
def health() -> None:
    """The same as `planwiki doctor`: settings, database, policy, disk and letters. Exits 1 when something is wrong."""
    findings = list(examine())
    for one in findings:
        typer.echo(f"{'ok ' if one.well else 'BAD'} {one.what}: {one.detail}")
    raise typer.Exit(0 if all(one.well for one in findings) else 1)


def _do(act: Callable[[Database], None]) -> None:
    """One act."""
    with _opened() as database:
        act(database)


def _seen() -> HostView:
    with _opened() as database:
        return everything(database)


@contextmanager
def _opened() -> Iterator[Database]:
    database = opened(Settings())
    try:
        yield database
    finally:
        database.close()
