"""What `planwiki doctor` looks at: each thing a host can mend, in a line."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import ValidationError
from pydantic_settings import SettingsError

from planwiki.activity.channels.mail import mailbox_of
from planwiki.activity.delivery_queries import stuck_deliveries
from planwiki.activity.ledger import Ledger
from planwiki.activity.stops import StopBook
from planwiki.authz.migrations import revisions
from planwiki.authz.policy import Policy
from planwiki.base.ids import new_id
from planwiki.circle.stop_commands import open_again
from planwiki.media.chosen_storage import storage_for
from planwiki.media.storage import WHOLE
from planwiki.plainly import opened, said_by
from planwiki.plans.erase_commands import came_back
from planwiki.settings import Settings, resource_dir, what_is_wrong
from planwiki.web.rendering import asset

ENOUGH_DISK = 500_000_000
ARE_BACK = "What was erased is back, with a backup. Run planwiki host replay-erasures."
ARE_OPEN = "What was stopped is open again, with a backup. Run planwiki host replay-stops."


@dataclass(frozen=True)
class Finding:
    what: str
    well: bool
    detail: str


class _Wrong(Exception):
    """Something a host has to mend, said as a sentence."""


def examine(settings: Settings | None = None) -> Iterator[Finding]:
    """Settings first; the rest only where they can be read."""
    try:
        settings = settings or Settings()
    except (ValidationError, SettingsError) as error:
        yield Finding("settings", False, what_is_wrong(error))
        return
    yield Finding("settings", True, f"{settings.environment}, at {settings.base_url}")
    for what, look in (
        ("policy", _policy),
        ("database", _database),
        ("migrations", _migrations),
        ("disk", _disk),
        ("files", _files),
        ("letters", _letters),
        ("erasures", _erasures),
        ("stops", _stops),
        ("client", _client),
    ):
        yield _finding(what, partial(look, settings))


def _finding(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except Exception as error:
        return Finding(what, False, said_by(error))


def _policy(_: Settings) -> str:
    Policy(resource_dir("policies"))
    return "loads"


def _database(settings: Settings) -> str:
    with closing(opened(settings)) as database:
        database.check()
    return "answers"


def _migrations(settings: Settings) -> str:
    with closing(opened(settings)) as database:
        at, wanted = revisions(database)
    if at != wanted:
        raise _Wrong(f"the database is at {at or 'nothing'}, this version needs {wanted}: run planwiki migrate")
    return f"at {at}"


def _letters(settings: Settings) -> str:
    with closing(opened(settings)) as database:
        stuck = stuck_deliveries(database)
    if stuck:
        raise _Wrong(f"{len(stuck)} wait too long; the last was told {stuck[-1].last_error or 'nothing yet'}")
    if not settings.smtp_url:
        return f"go into {mailbox_of(settings)}, and to nobody: PLANWIKI_SMTP_URL is not set"
    return "none is stuck"


def _erasures(settings: Settings) -> str:
    erased = Ledger(settings.data_dir).read()
    with closing(opened(settings)) as database:
        back = came_back(database, erased)
    if back:
        raise _Wrong(ARE_BACK)
    return f"{len(set(erased))} written down, and none is back"


def _stops(settings: Settings) -> str:
    stops = StopBook(settings.data_dir).read()
    with closing(opened(settings)) as database:
        lost = open_again(database, stops)
    if lost:
        raise _Wrong(ARE_OPEN)
    return f"{len(set(stops))} written down, and none is open again"


def _disk(settings: Settings) -> str:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    probe = settings.data_dir / ".doctor"
    probe.write_text("can be written")
    probe.unlink()
    free = shutil.disk_usage(settings.data_dir).free
    if free < ENOUGH_DISK:
        raise _Wrong(f"only {free // 1_000_000} MB are free in {settings.data_dir}")
    return f"{free // 1_000_000_000} GB free in {settings.data_dir}"


def _files(settings: Settings) -> str:
    """By keeping a small one, reading it and taking it away again."""
    storage, place = storage_for(settings), (new_id(), new_id())
    with TemporaryDirectory() as folder:
        (Path(folder) / WHOLE).write_bytes(b"can be kept")
        storage.keep(*place, Path(folder))
    came = b"".join(storage.read(*place, WHOLE, 4, 11))
    storage.erase(*place)
    if came != b"be kept":
        raise _Wrong("what was kept came back as something else")
    return f"can be kept {'in the store' if settings.media_url else f'in {settings.data_dir}'}"


def _client(_: Settings) -> str:
    return f"built ({asset('src/app.css').rsplit('/', 1)[-1]})"
