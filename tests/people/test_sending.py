"""The worker and a real mail server: sent, refused, away and back again, and never without TLS."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from signal import SIGTERM
from time import sleep
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlmodel import select
from tests.conftest import SECRET
from tests.world import World

from planwiki.activity.delivery_queries import stuck_deliveries
from planwiki.activity.models import Delivery
from planwiki.authz.sealing import Sealer
from planwiki.base import clock
from planwiki.base.vocabulary import MailKind
from planwiki.settings import Settings
from planwiki.worker import Worker


class Inbox:
    """What a mail server took. `answer` is what it says to each letter."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        if self.answer.startswith("250"):
            self.letters.append(envelope.content)
        return self.answer


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def server(inbox: Inbox) -> Iterator[Controller]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop()


def settings_for(world: World, server: Controller, scheme: str = "smtp+insecure") -> Settings:
    return world.app.state.settings.model_copy(update={"smtp_url": f"{scheme}://127.0.0.1:{server.port}"})  # type: ignore[no-any-return]  # app.state is untyped


def post(world: World) -> None:
    with world.database.system_session("a letter") as session:
        world.database.post(session, MailKind.SIGN_IN_CHANGED, "dee@example.org", clock.now())


def kept(world: World) -> list[Delivery]:
    with world.database.system_session("letters", writes=False) as session:
        return list(session.exec(select(Delivery)))


def test_a_letter_is_sent_once_and_what_it_said_is_forgotten(world: World, server: Controller, inbox: Inbox) -> None:
    post(world)
    assert "dee@example.org" not in (kept(world)[0].sealed or "")
    worker = Worker(settings_for(world, server), world.database)
    assert [worker.work(), worker.work()] == [1, 0]
    assert len(inbox.letters) == 1
    assert b"The way you sign in has changed" in inbox.letters[0]
    assert (kept(world)[0].sealed, kept(world)[0].sent_at is not None) == (None, True)


def test_a_server_that_is_away_is_tried_again_later_and_later(world: World, server: Controller, inbox: Inbox) -> None:
    worker = Worker(settings_for(world, server), world.database)
    post(world)
    inbox.answer = "451 Come back later"
    began, tried = clock.now(), []
    for minute in range(40):
        with clock.frozen(began + timedelta(minutes=minute, seconds=1)):
            if worker.work():
                tried.append(minute)
    assert tried == [0, 1, 3, 7, 15, 31]
    inbox.answer = "250 OK"
    with clock.frozen(began + timedelta(hours=2)):
        assert stuck_deliveries(world.database)[0].last_error == "SMTPDataError 451"
        worker.work()
        assert stuck_deliveries(world.database) == []
    assert len(inbox.letters) == 1


def test_after_three_days_it_is_given_up_and_the_host_is_told(world: World, server: Controller, inbox: Inbox) -> None:
    worker = Worker(settings_for(world, server), world.database)
    post(world)
    inbox.answer = "550 No such address: dee@example.org"
    began = clock.now()
    for hour in range(80):
        with clock.frozen(began + timedelta(hours=hour, seconds=1)):
            worker.work()
    with clock.frozen(began + timedelta(hours=80)):
        stuck = stuck_deliveries(world.database)
        assert [(one.given_up, one.last_error) for one in stuck] == [(True, "SMTPDataError 550")]
        assert kept(world)[0].sealed is None
        assert worker.work() == 0


def test_a_server_that_is_not_there_costs_nothing_but_time(world: World, server: Controller) -> None:
    settings = settings_for(world, server)
    settings = settings.model_copy(update={"smtp_url": "smtp+insecure://127.0.0.1:9"})  # Nobody listens there.
    post(world)
    Worker(settings, world.database).work()
    assert kept(world)[0].last_error == "ConnectionRefusedError"


def test_a_letter_is_never_said_to_a_server_without_tls(world: World, server: Controller, inbox: Inbox) -> None:
    post(world)
    for scheme in ("smtp", "smtps"):
        with clock.frozen(clock.now() + timedelta(hours=1)):
            Worker(settings_for(world, server, scheme), world.database).work()
    assert inbox.letters == []
    assert kept(world)[0].sent_at is None


def test_two_workers_send_it_once(world: World, server: Controller, inbox: Inbox) -> None:
    for _ in range(5):
        post(world)
    workers = [Worker(settings_for(world, server), world.database) for _ in range(2)]
    assert sum(worker.work() for worker in workers) == 5
    assert len(inbox.letters) == 5


def test_what_was_sealed_with_another_secret_waits_for_it_and_is_shown(
    world: World, server: Controller, inbox: Inbox
) -> None:
    post(world)
    ours, world.database.sealer = world.database.sealer, Sealer("another secret")
    with clock.frozen(clock.now()) as now:
        Worker(settings_for(world, server), world.database).work()
        now.move(timedelta(minutes=16))
        assert stuck_deliveries(world.database)[0].last_error == "It was sealed with another secret key."
        world.database.sealer = ours
        Worker(settings_for(world, server), world.database).work()
    assert len(inbox.letters) == 1


def test_a_letter_that_was_not_kept_is_not_sent(world: World, server: Controller, inbox: Inbox) -> None:
    """The letter and what it is about are kept together, or not at all."""

    def fail() -> None:
        with world.database.unit_of_work(world.principals["dee"], writes=True) as uow:
            uow.post(MailKind.SIGN_IN_CHANGED, "dee@example.org")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with world.database.unit_of_work(world.principals["dee"], writes=True) as uow:
        uow.post(MailKind.SIGN_IN_CHANGED, "dee@example.org")
    Worker(settings_for(world, server), world.database).work()
    assert len(inbox.letters) == 1


def test_a_letter_that_cannot_be_written_holds_up_no_other_and_ends(
    world: World, server: Controller, inbox: Inbox
) -> None:
    with world.database.system_session("a letter to what is no address") as session:
        world.database.post(session, MailKind.ALREADY_HERE, "nan@example.org,kit@example.org", clock.now())
    post(world)
    with clock.frozen(clock.now()) as now:
        for _ in range(30):
            Worker(settings_for(world, server), world.database).work()
            now.move(timedelta(hours=6))
    assert len(inbox.letters) == 1
    unsaid = next(one for one in kept(world) if one.kind is MailKind.ALREADY_HERE)
    assert (unsaid.given_up_at is not None, unsaid.sealed, bool(unsaid.last_error)) == (True, None, True)


def test_a_worker_of_its_own_sends_and_stops_when_it_is_told(world: World, tmp_path: Path, database_url: str) -> None:
    post(world)
    told = {"PLANWIKI_DATABASE_URL": database_url, "PLANWIKI_DATA_DIR": str(tmp_path), "PLANWIKI_SECRET_KEY": SECRET}
    command = [sys.executable, "-c", "from planwiki.cli import main; main()", "worker"]
    worker = subprocess.Popen(command, env=os.environ | told)  # noqa: S603 - our own command
    try:
        for _ in range(200):
            if kept(world)[0].sent_at is not None:
                break
            sleep(0.1)
        worker.send_signal(SIGTERM)
        assert worker.wait(timeout=20) == 0
    finally:
        worker.kill()
    assert len(list((tmp_path / "mailbox").glob("*.eml"))) == 1
