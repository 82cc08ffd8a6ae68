"""The command line: serve, demo, migrate, openapi, account, token, bench, worker, doctor."""

import signal
import sys
from datetime import timedelta
from typing import Annotated

import typer
import uvicorn

from planwiki import audit_cli, host_cli
from planwiki import demo as demo_family
from planwiki.activity.ledger import Ledger
from planwiki.activity.stops import StopBook
from planwiki.app import create_app
from planwiki.authz.database import Database
from planwiki.authz.migrations import migrate as bring_up_to_date
from planwiki.circle.stop_commands import open_again
from planwiki.doctor import ARE_BACK, ARE_OPEN, examine
from planwiki.people.commands import add_account, issue_token
from planwiki.people.schemas import AccountDraft
from planwiki.plainly import Plainly, opened, stop
from planwiki.plans.erase_commands import came_back
from planwiki.seed import seed
from planwiki.settings import Settings
from planwiki.web import contract
from planwiki.worker import Worker

main = typer.Typer(
    cls=Plainly,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # It prints what variables hold, secrets too.
    help="Planwiki: a plan a young person and their family own.",
)
account = typer.Typer(no_args_is_help=True, help="People who sign in.")
token = typer.Typer(no_args_is_help=True, help="Bearer tokens for programs.")
main.add_typer(audit_cli.audit, name="audit")
main.add_typer(host_cli.host, name="host")
main.add_typer(account, name="account")
bench = typer.Typer(no_args_is_help=True, help="Data to measure speed with.")
main.add_typer(token, name="token")
main.add_typer(bench, name="bench")

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)]


@main.command()
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(help="How many processes answer.", min=1, max=64)] = 1,
) -> None:
    """Answer people and programs. The database is brought up to date first."""
    settings = Settings()
    database = _migrated(settings)
    _refuse_what_came_back(settings, database)
    database.close()
    _listen(host, port, workers)


@main.command()
def demo(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    serve: Annotated[bool, typer.Option("--serve", help="Answer people afterwards.")] = False,
) -> None:
    """Make a demo family where there is nobody yet, and say how to sign in as each of them."""
    settings = Settings()
    if settings.environment == "production":
        stop("The demo family is for trying planwiki out. It is not made in production.")
    database = _migrated(settings)
    if database.is_empty():
        demo_family.make_demo(database, settings.base_url)
    database.close()
    typer.echo(
        f"\nPlanwiki is at http://{host}:{port}\n\nSign in as anyone, with the password {demo_family.PASSWORD}\n"
    )
    for someone in (demo_family.DEE, *demo_family.JOINING, demo_family.KIT):
        typer.echo(f"  {someone.email:22} {someone.relationship or 'knows none of them'}")
    typer.echo("")
    if serve:
        _listen(host, port, 1)


@main.command()
def migrate(to: Annotated[str, typer.Option(help="A revision, head or base.")] = "head") -> None:
    """Bring the database to the shape this version needs (or to another)."""
    database = opened(Settings())
    typer.echo(f"The database is at {bring_up_to_date(database, to)}.")
    database.close()


@main.command()
def openapi(as_json: Annotated[bool, typer.Option("--json", help="JSON in place of YAML.")] = False) -> None:
    """Print the REST contract."""
    app = create_app(Settings())
    sys.stdout.write(contract.to_json(app) if as_json else contract.to_yaml(app))


@account.command("add")
def account_add(
    email: Annotated[str, typer.Argument(help="Their e-mail address.")],
    name: Annotated[str, typer.Option(help="What people call them.")],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read a password from standard input.")
    ] = False,
) -> None:
    """Make an account. Prints its id."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    database = _migrated(Settings())
    typer.echo(str(add_account(database, AccountDraft(display_name=name, email=email, password=password)).id))
    database.close()


@token.command("issue")
def token_issue(
    email: Annotated[str, typer.Argument(help="Whose token it is.")],
    expires_in_days: Annotated[int | None, typer.Option(help="How long it lasts.", min=1, max=3650)] = None,
) -> None:
    """Print a bearer token that acts as that person."""
    settings = Settings()
    database = _migrated(settings)
    lasts = timedelta(days=expires_in_days or settings.token_days)
    typer.echo(issue_token(database, email, lasts).token)
    database.close()


@bench.command("seed")
def bench_seed(
    plans: Annotated[int, typer.Option(help="How many plans, of 20 sections each.", min=1, max=100_000)],
    revisions: Annotated[int, typer.Option(help="How many versions of each section.", min=1, max=100)] = 5,
    database_url: Annotated[str, typer.Option(help="Where to, in place of PLANWIKI_DATABASE_URL.")] = "",
) -> None:
    """Fill an empty database with made-up plans. Prints the id of a plan that bench@example.org may read."""
    database = _migrated(Settings(database_url=database_url) if database_url else Settings())
    typer.echo(str(seed(database, plans, revisions)))
    database.close()


@main.command()
def worker(once: Annotated[bool, typer.Option("--once", help="Do what is due and stop.")] = False) -> None:
    """Send letters and clear away what has ended, where PLANWIKI_WORKER is separate."""
    settings = Settings()
    database = _migrated(settings)
    _refuse_what_came_back(settings, database)
    work = Worker(settings, database)
    if once:
        typer.echo(f"{work.work()} letters taken.")
        work.write_down_stops()
    else:
        signal.signal(signal.SIGTERM, lambda *_: work.stop())  # The letter on its way is finished first.
        work.run()
    database.close()


@main.command()
def doctor() -> None:
    """Look at the settings, the database, the policy, the migrations and the disk. Exits 1 when something is wrong."""
    findings = list(examine())
    for finding in findings:
        typer.echo(f"{'ok ' if finding.well else 'BAD'} {finding.what}: {finding.detail}")
    raise typer.Exit(0 if all(finding.well for finding in findings) else 1)


def _migrated(settings: Settings) -> Database:
    database = opened(settings)
    bring_up_to_date(database)
    return database


def _refuse_what_came_back(settings: Settings, database: Database) -> None:
    """Nobody is to see, or be written to about, what a family had erased or stopped."""
    if came_back(database, Ledger(settings.data_dir).read()):
        database.close()
        stop(ARE_BACK)
    if open_again(database, StopBook(settings.data_dir).read()):
        database.close()
        stop(ARE_OPEN)


def _listen(host: str, port: int, workers: int) -> None:
    uvicorn.run(
        "planwiki.app:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=10,
    )
