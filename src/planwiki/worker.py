"""What is done in the background: letters are written and sent, and what ended is cleared away. One thread is enough.

It runs inside `planwiki serve`, or by itself as `planwiki worker` where a host says so. Several may run at once.
"""

from collections.abc import Callable
from functools import partial
from threading import Event, Thread
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from planwiki.activity.channels.mail import Mailer, mailer_for
from planwiki.activity.delivery_commands import Due, clear_away, is_dropped, take_one, was_refused, was_sent
from planwiki.activity.ledger import Ledger
from planwiki.activity.stops import StopBook
from planwiki.authz.database import Database
from planwiki.authz.principal import Principal
from planwiki.base.errors import Gone
from planwiki.base.ids import as_id
from planwiki.base.vocabulary import MailKind
from planwiki.circle.invitation_commands import preview
from planwiki.circle.stop_commands import Scribe
from planwiki.media.chosen_storage import storage_for
from planwiki.media.sweep_commands import sweep
from planwiki.news.letter_commands import Host, letter_now, readers_due, write_if_new
from planwiki.people.link_commands import account_at, is_open
from planwiki.plans.draft_commands import clear_drafts
from planwiki.plans.erase_commands import erase_closed, write_down
from planwiki.plans.place_commands import clear_places
from planwiki.settings import Settings
from planwiki.web.letters import write_letter

EVERY = 2.0  # Seconds between two looks at what waits.
STOPS_WITHIN = 5.0  # Seconds.
LINKS = (MailKind.SIGN_IN, MailKind.NEW_ACCOUNT, MailKind.NEW_ADDRESS, MailKind.IS_IT_YOU)
OWNERS_LETTERS = (MailKind.SOMEONE_JOINED, MailKind.SHARING_PAUSED)
STOPS_EVERY = 5  # Looks between two rounds of writing down what was stopped.
NEWS_EVERY = 30  # Looks between two rounds of letters about news.
CLEAR_EVERY = 300  # Looks between two rounds of clearing.
SWEEP_EVERY = 7200  # And between two looks through all files.


class Worker:
    """`work` does all that is due and comes back; `run` goes on until it is stopped."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings, self._database, self._storage = settings, database, storage_for(settings)
        self._mailer: Mailer = mailer_for(settings)
        self._ledger, self._scribe = Ledger(settings.data_dir), Scribe(StopBook(settings.data_dir))
        self._stopped = Event()
        self._thread: Thread | None = None

    def work(self) -> int:
        """Sends every letter that is due. Answers how many were taken."""
        taken = 0
        while (due := take_one(self._database)) is not None:
            self._deliver(due)
            taken += 1
        return taken

    def write_news(self) -> None:
        """A letter waits for whoever is due one, and has news. One that fails holds up no other."""
        host = Host(self._settings.base_url, ZoneInfo(self._settings.time_zone))
        for account_id in readers_due(self._database):
            self._carefully(partial(write_if_new, self._database, account_id, host))

    def run(self) -> None:
        rounds = 0
        while not self._stopped.is_set():
            if rounds % NEWS_EVERY == 0:
                self._carefully(self.write_news)
                self._carefully(lambda: write_down(self._database, self._ledger))
            if rounds % STOPS_EVERY == 0:
                self.write_down_stops()
            self._carefully(self.work)
            if rounds % CLEAR_EVERY == 0:
                self._clear()
            if rounds % SWEEP_EVERY == 0:
                self._carefully(lambda: sweep(self._database, self._storage))
            rounds += 1
            self._stopped.wait(EVERY)
        self.write_down_stops()

    def write_down_stops(self) -> None:
        """A backup that is put back one day does not know of them."""
        self._carefully(lambda: self._scribe.write_down(self._database))

    def _clear(self) -> None:
        for step in (clear_away, clear_drafts, clear_places):
            self._carefully(partial(step, self._database))
        self._carefully(lambda: erase_closed(self._database, self._storage, self._ledger))
        self._carefully(self._database.forget)

    def start(self) -> Thread:
        self._thread = Thread(target=self.run, name="planwiki-worker", daemon=True)
        self._thread.start()
        return self._thread

    def stop(self) -> None:
        """The letter on its way is finished, as long as that takes little: else it would go twice."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(timeout=STOPS_WITHIN)

    def _carefully(self, step: Callable[[], object]) -> None:
        """A worker that fell over would leave everybody without letters: it says what went wrong and goes on."""
        try:
            step()
        except Exception as error:
            structlog.get_logger().error("worker_error", error=type(error).__name__)

    def _deliver(self, due: Due) -> None:
        if not due.said:  # Kept and shown to the host: the right key may come back.
            was_refused(self._database, due.id, "It was sealed with another secret key.")
        elif (said := self._said_now(due)) is None:
            is_dropped(self._database, due.id, "It was not wanted any more.")
        else:
            self._send(due._replace(said=said))

    def _said_now(self, due: Due) -> dict[str, Any] | None:
        """What the letter says, now; None where it is not wanted any more."""
        if due.kind is MailKind.NEWS:
            now = letter_now(self._database, due.said)
            return None if now is None else due.said | now
        return due.said if self._is_wanted(due) else None

    def _is_wanted(self, due: Due) -> bool:
        """Looked at as its receiver, now: what has ended since, or is theirs no longer, is not sent."""
        to, link = due.said["to"], due.said.get("link", "")
        if due.kind is MailKind.INVITATION:
            return self._is_invited(link)
        if due.kind in OWNERS_LETTERS:
            return self._owns(to, link)
        if due.kind in LINKS:
            return bool(to) and is_open(self._database, link.rpartition("/")[2])
        return True

    def _owns(self, to: str, link: str) -> bool:
        """A letter about a plan's circle is for those who own the plan today. Its link is /plans/ID/..."""
        account_id, plan_id = account_at(self._database, to), as_id(link.rpartition("/plans/")[2].partition("/")[0])
        if account_id is None or plan_id is None:
            return False
        with self._database.unit_of_work(Principal(account_id)) as uow:
            return uow.owns(plan_id)

    def _is_invited(self, link: str) -> bool:
        try:
            preview(self._database, link.rpartition("/")[2])
        except Gone:
            return False
        return True

    def _send(self, due: Due) -> None:
        try:
            self._mailer.send(write_letter(self._settings, due.kind, due.said))
        except Exception as error:  # Whatever it is: one letter that cannot go must not hold up the others.
            was_refused(self._database, due.id, _said_by(error))
        else:
            was_sent(self._database, due.id)


def _said_by(error: Exception) -> str:
    """What kind of error, and the server's number; its words may hold an address."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
