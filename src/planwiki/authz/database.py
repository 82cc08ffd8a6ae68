"""The only way in: it alone holds the engine, opens a unit of work for one principal at a time, and commits."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from datetime import date, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import Session, col, select

from planwiki.activity.models import Delivery
from planwiki.base import clock
from planwiki.base.errors import Conflict, Unavailable
from planwiki.base.vocabulary import MailKind
from planwiki.people.models import Account
from planwiki.plans.models import Plan

from . import audit_chain, row_security
from .lens import Lenses
from .policy import Policy
from .principal import Principal
from .sealing import Sealer
from .standing import Standing
from .unit_of_work import UnitOfWork

_WRITES = "planwiki_writes"
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "busy_timeout = 10000",
    "secure_delete = ON",
    "temp_store = MEMORY",
)


class Database:
    """`url` names SQLite or PostgreSQL; `time_zone` says where a day begins and ends; `key` seals the audit."""

    def __init__(self, url: str, policies: Path, time_zone: str = "Europe/London", key: str = "") -> None:
        self._engine = _open(url)
        self._zone = ZoneInfo(time_zone)
        self._key = hashlib.sha256(f"audit:{key}".encode()).digest()
        self.sealer = Sealer(key)
        self._lenses = _lenses(policies)
        self._within: Connection | None = None
        self.once_kept: Callable[[list[audit_chain.Entry]], None] = lambda _: None  # Told what a unit of work recorded.

    @property
    def policy(self) -> Policy:
        return self._lenses.standing.policy

    @contextmanager
    def unit_of_work(
        self, who: Principal | Callable[[Session, datetime], Principal], *, writes: bool = False
    ) -> Iterator[UnitOfWork]:
        """One principal, one transaction: kept when the work ends well, forgotten when it raises.

        `who` may be a question that finds the principal in the same transaction (a cookie, a token).
        `writes` takes SQLite's one writer's place at the start, so that what is read stays true until the end.
        """
        now = clock.now()
        with self._transaction(writes=writes) as session:
            principal = who if isinstance(who, Principal) else _find(session, who, now)
            today = self.day_of(now)
            uow = UnitOfWork(session, principal, self._lenses, now, today)
            yield uow
            self._keep_papers(session, uow)
        if uow.recorded and self._within is None:
            self.once_kept(uow.recorded)

    @contextmanager
    def system_session(self, reason: str, *, writes: bool = True) -> Iterator[Session]:
        """The back door, for sign-in, upkeep and the command line. A house test lists who may use it, and why."""
        with self._transaction(writes=writes) as session:
            session.info[row_security.SYSTEM] = reason
            yield session

    @contextmanager
    def all_or_nothing(self) -> Iterator["Database"]:
        """The same database, where every transaction until the end of this is part of one."""
        with self._transaction(writes=True) as session:
            whole = copy(self)
            whole._within = session.connection()
            yield whole

    def chain(self, session: Session, entries: list[audit_chain.Entry]) -> None:
        """Adds entries to their plans' audit. Last in a transaction of the back door's."""
        audit_chain.append(session, self._key, entries)

    def post(self, session: Session, kind: MailKind, to: str, now: datetime, **said: Any) -> None:
        """A letter by e-mail that the worker will send: kept with what it is about, or not at all."""
        sealed = self.sealer.seal({"to": to, **said})
        session.add(Delivery(kind=kind, sealed=sealed, created_at=now, due_at=now))

    def _keep_papers(self, session: Session, uow: UnitOfWork) -> None:
        """What was done, and the letters about it, with what they are about."""
        if not (uow.recorded or uow.letters):
            return
        session.flush()
        session.info[row_security.SYSTEM] = "what was done is chained, and letters wait to be sent"
        if uow.recorded:
            self.chain(session, uow.recorded)
        for kind, to, said in uow.letters:
            self.post(session, kind, to, uow.now, **said)
        session.flush()

    def plan_ids(self) -> list[UUID]:
        """Every plan there is, by its id alone, for those who verify the audit."""
        with self.system_session("which plans have an audit?", writes=False) as session:
            return list(session.exec(select(Plan.id).order_by(col(Plan.id))))

    def verify(self, plan_id: UUID, earlier: tuple[int, str] | None = None) -> audit_chain.Found:
        """Reads a plan's whole audit again, and compares it with an earlier head where there is one."""
        with self.system_session("is the audit as it was written?", writes=False) as session:
            return audit_chain.verify(session, self._key, plan_id, earlier)

    def day_of(self, now: datetime) -> date:
        """The day where the family lives."""
        return now.astimezone(self._zone).date()

    def check(self) -> None:
        """Raises Unavailable when the database does not answer."""
        with self.system_session("health", writes=False) as session:
            session.execute(text("SELECT 1"))

    def is_empty(self) -> bool:
        """Nobody has an account yet."""
        with self.system_session("is anybody here?", writes=False) as session:
            return session.exec(select(Account.id)).first() is None

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """For migrations and the doctor. Raises Unavailable with what the database said, for a host to read."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            said = next(iter(str(error.orig).splitlines()), "")
            raise Unavailable(f"The database does not answer: {said}") from error

    def forget(self) -> None:
        """What was taken away is in no file of SQLite's any more: its log is emptied, unless somebody reads it."""
        if self._engine.dialect.name == "sqlite":
            connection = self._engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Session]:
        try:
            with self._session(writes=writes) as session:
                yield session
                session.flush()
        except IntegrityError as error:
            if not _is_taken(error):
                raise
            raise Conflict("Someone did this at the same moment. Please try again.", "request-in-progress") from error
        except OperationalError as error:
            raise Unavailable("Planwiki cannot answer just now. Please try again soon.") from error

    @contextmanager
    def _session(self, *, writes: bool) -> Iterator[Session]:
        if self._within is not None:  # Whoever opened that one keeps it, or forgets all of it.
            with Session(self._within, expire_on_commit=False, join_transaction_mode="rollback_only") as session:
                yield session
        else:
            with self._engine.connect() as connection:
                connection.execution_options(**{_WRITES: writes} | self._snapshot(writes=writes))
                with connection.begin(), Session(connection, expire_on_commit=False) as session:
                    yield session

    def _snapshot(self, *, writes: bool) -> dict[str, str]:
        """All questions of one reading see the same moment, also when a grant ends between two of them."""
        needed = self._engine.dialect.name == "postgresql" and not writes  # SQLite's transactions are so by themselves.
        return {"isolation_level": "REPEATABLE READ"} if needed else {}


@cache
def _lenses(policies: Path) -> Lenses:
    """The policy files do not change while planwiki runs, so what was made of them is made once."""
    return Lenses(Standing(Policy(policies)))


def _is_taken(error: IntegrityError) -> bool:
    """Two made the same thing at once; any other broken constraint is our own fault."""
    return getattr(error.orig, "sqlite_errorname", None) in {
        "SQLITE_CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
    } or (getattr(error.orig, "sqlstate", None) == "23505")


def _find(session: Session, who: Callable[[Session, datetime], Principal], now: datetime) -> Principal:
    session.info[row_security.SYSTEM] = "sign-in"
    try:
        return who(session, now)
    finally:
        del session.info[row_security.SYSTEM]


def _open(url: str) -> Engine:
    address = make_url(url)
    # An error of the database's says which statement failed, never with which words.
    options: dict[str, Any] = {"max_overflow": 20, "hide_parameters": True}
    if address.get_backend_name() == "sqlite":
        # One for each thread that asks, and all are kept: a new one would translate each long question again.
        engine = create_engine(
            address, connect_args={"check_same_thread": False}, pool_size=40, paramstyle="named", **options
        )
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    _remember_long_questions()
    address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address, connect_args={"prepare_threshold": 1}, pool_size=10, pool_pre_ping=True, **options)
    event.listen(engine, "connect", _set_up_postgresql)
    return engine


def _remember_long_questions() -> None:
    """As the driver does with short ones.

    Else it looks through a question of more than 4 kB for its parameters each time, as most of ours are. That takes
    longer than PostgreSQL needs to answer.
    """
    import_module("psycopg._queries").MAX_CACHED_STATEMENT_LENGTH = 100_000  # type: ignore[attr-defined]  # mypy knows nothing of a module by its name


def _set_up_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # We say BEGIN ourselves: the driver's own comes too late to hold what was read.
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _set_up_postgresql(connection: Any, _: object) -> None:
    """Our questions are long and soon answered: making a plan for one, or a program (JIT), takes longer than it does.

    So a plan is made once for each connection, when a question comes a second time.
    """
    connection.prepared_max = 500
    connection.execute("SET jit = off")
    connection.execute("SET plan_cache_mode = force_generic_plan")
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get(_WRITES, True):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:  # It waits for nobody and cannot fail, so the driver is asked at once: that is half of what beginning takes.
        connection.connection.cursor().execute("BEGIN")


event.listen(Session, "do_orm_execute", row_security.narrow)
event.listen(Session, "before_flush", row_security.check_asked)
