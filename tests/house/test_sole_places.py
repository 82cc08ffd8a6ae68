"""Some things are done in one place only: the time, ids, the environment, commits, SQL by hand, and the back door."""

import ast
from collections.abc import Callable, Iterator

import pytest

from .tree import Source, dotted, floor, listed, sources

# Who may step past narrowing, and why. Each use also gives its reason to the session.
BACK_DOOR = {
    "planwiki.authz.database": "it is the door; health asks the database for nothing but an answer",
    "planwiki.authz.looks": "what somebody looked at is kept whether or not they may change anything",
    "planwiki.activity.delivery_commands": "letters are sent for everybody, and hold no word of a plan",
    "planwiki.activity.delivery_queries": "the host sees that letters are stuck, never whose",
    "planwiki.news.letter_commands": "whose letter is due by the clock; what is new is asked as its reader",
    "planwiki.people.second_step_commands": "between the first step and the second nobody is anybody",
    "planwiki.people.organisation_commands": "an organisation says who came before anybody is somebody",
    "planwiki.people.passkey_commands": "a key says whose it is before anybody is somebody",
    "planwiki.people.held_commands": "what somebody typed waits while they are between two sign-ins",
    "planwiki.people.link_commands": "whoever reads a letter is nobody yet",
    "planwiki.plans.section_commands": "a hidden section moves aside, so that nobody is told that its key is taken",
    "planwiki.plans.draft_commands": "drafts that nobody came back to are taken away, unread",
    "planwiki.plans.erase_commands": "a plan that was closed long ago is nobody's any more",
    "planwiki.plans.place_commands": "places nobody came back to go, and a reader's own where they want none",
    "planwiki.circle.owner_queries": "the last owner of a plan cannot go, whoever asks",
    "planwiki.circle.confirm_queries": "an owner is shown whose account took an invitation, to say yes or no",
    "planwiki.circle.invited_queries": "what a role was given counts, also where the sender may not look",
    "planwiki.circle.handing_commands": "whoever types a code is nobody yet",
    "planwiki.circle.invitation_commands": "whoever holds an invitation is no member yet",
    "planwiki.circle.arriving_queries": "whoever opens the letter to an address that waits is nobody yet",
    "planwiki.circle.moving_commands": "a place goes from one account to another, which neither may do alone",
    "planwiki.circle.stop_commands": "what a backup opened again is stopped for everybody, by ids alone",
    "planwiki.circle.place_commands": "whether the person has a way to sign in, and a tablet that changes hands",
    "planwiki.circle.tablet_commands": "a shared tablet is opened by pictures before anybody is somebody",
    "planwiki.media.queries": "all files of a plan count against its room, whoever may see them",
    "planwiki.media.sweep_commands": "bytes that no plan has any more belong to nobody",
    "planwiki.people.commands": "signing in happens before anybody is somebody",
    "planwiki.people.host_commands": "a host has no account of their own on the command line",
    "planwiki.people.host_queries": "a host looks after accounts and letters, which belong to no plan",
    "planwiki.circle.shared_commands": "whoever holds a guest link is nobody here, and changes nothing but its count",
    "planwiki.people.newcomer_commands": "an account is made before anybody is somebody",
    "planwiki.people.waiting_commands": "an address waits that nobody has shown to be theirs",
    "planwiki.people.throttle": "tries to sign in are counted for nobody's account",
    "planwiki.seed": "fills an empty database for benchmarks, faster than its people could",
}
# Outside authz/. What these files take from the library is no way around narrowing.
SQL_BY_HAND = {
    ("planwiki.circle.models", "text"): "the condition of a partial index, run by migrations alone",
    ("planwiki.outcomes.models", "text"): "the same",
    ("planwiki.plans.models", "text"): "the same",
    ("planwiki.circle.coming_again_commands", "Session"): "part of taking an address or a place, which opened the door",
    ("planwiki.people.arriving_commands", "Session"): "the same",
    ("planwiki.people.queries", "Session"): "signing in reads accounts in the session that the door opened",
}
RANDOM = {
    "planwiki.web.guards": "each answer's nonce for its content security policy is no id",
    "planwiki.seed": "benchmarks need the same chance every time",
    "planwiki.seed_words": "the same",
}

_TIME = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "func.now", "func.current_timestamp"),
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime"),
}
_IDS = {*(f"uuid.uuid{version}" for version in (1, 3, 4, 5, 6, 7, 8)), "os.urandom"}
_BY_HAND = {
    *("Engine", "Connection", "Session", "create_engine", "sessionmaker", "event", "table"),
    *("text", "TextClause", "literal_column", "DDL", "AsyncSession", "create_async_engine"),
}


def _names(source: Source) -> Iterator[str]:
    """Every dotted name the file imports or uses."""
    yield from source.imports
    yield from filter(None, map(dotted, source.nodes))


def _ends(name: str, sought: set[str]) -> bool:
    return any(name == one or name.endswith(f".{one}") for one in sought)


def _calls(source: Source) -> Iterator[tuple[str, ast.Call]]:
    """Every call of a method, by the method's name."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node


def telling_the_time(source: Source) -> Iterator[str]:
    if source.module != "planwiki.base.clock":
        yield from (f"{source.module} asks {name}: ask base/clock" for name in _names(source) if _ends(name, _TIME))


def making_ids(source: Source) -> Iterator[str]:
    if source.module == "planwiki.base.ids":
        return
    for name in _names(source):
        by_chance = name.partition(".")[0] in {"secrets", "random"} and source.module not in RANDOM
        if _ends(name, _IDS) or by_chance:
            yield f"{source.module} uses {name}: ask base/ids"


def reading_the_environment(source: Source) -> Iterator[str]:
    if source.module != "planwiki.settings":
        found = {name for name in _names(source) if _ends(name, {"os.environ", "os.getenv", "os.environb"})}
        yield from (f"{source.module} reads {name}: ask settings" for name in found)


def committing(source: Source) -> Iterator[str]:
    if source.module != "planwiki.authz.database":
        ends = ("commit", "rollback", "begin_nested")
        yield from (f"{source.module} calls {name}: authz/database does" for name, _ in _calls(source) if name in ends)


def using_the_back_door(source: Source) -> Iterator[str]:
    for name, call in _calls(source):
        if name not in {"system", "system_session"}:
            continue
        if source.module not in BACK_DOOR:
            yield f"{source.module} calls {name}(): list it in {__name__}, with why"
        if not (call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)):
            yield f"{source.module} calls {name}() without its reason in plain words"


def going_around_the_unit_of_work(source: Source) -> Iterator[str]:
    """The law (casbin), the engine, a session of one's own, SQL by hand, or the session inside a unit of work."""
    if "casbin" in {name.partition(".")[0] for name in source.imports} and source.module != "planwiki.authz.policy":
        yield f"{source.module} imports casbin: only authz/policy does"
    if floor(source.module) == 2:
        return
    yield from (
        f"{source.module} imports {name}: only authz/ does" for name in source.imports if _by_hand(source, name)
    )
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in {"_session", "_engine", "exec_driver_sql"}:
            yield f"{source.module} uses .{node.attr}: only authz/ does"


def _by_hand(source: Source, name: str) -> bool:
    library, last = name.partition(".")[0], name.rpartition(".")[2]
    if library not in {"sqlalchemy", "sqlmodel"} or (last == "Session" and source.module in BACK_DOOR):
        return False
    return (last in _BY_HAND or name == library) and (source.module, last) not in SQL_BY_HAND


LAWS = (
    telling_the_time,
    making_ids,
    reading_the_environment,
    committing,
    using_the_back_door,
    going_around_the_unit_of_work,
)
Law = Callable[[Source], Iterator[str]]


@pytest.mark.parametrize("law", LAWS)
def test_it_is_done_in_one_place_only(law: Law) -> None:
    found = [offence for source in sources() for offence in law(source)]
    assert not found, listed(found)


def test_every_listed_exception_is_still_used() -> None:
    used = {source.module for source in sources() for name, _ in _calls(source) if name in {"system", "system_session"}}
    assert set(BACK_DOOR) == used
    assert set(SQL_BY_HAND) <= {
        (source.module, name.rpartition(".")[2]) for source in sources() for name in source.imports
    }
    assert set(RANDOM) <= {source.module for source in sources() if {"secrets", "random.Random"} & {*source.imports}}


GOOD = [
    (telling_the_time, "from datetime import datetime\nfrom planwiki.base import clock\nat: datetime = clock.now()"),
    (telling_the_time, "from time import perf_counter\ntook = perf_counter()"),
    (making_ids, "from uuid import UUID\nfrom planwiki.base.ids import new_id\nnew_id()"),
    (reading_the_environment, "from pathlib import Path\nimport os\nos.cpu_count()"),
    (committing, "uow.flush()"),
    (using_the_back_door, "uow.get(Plan, plan_id)"),
    (going_around_the_unit_of_work, "from sqlmodel import col, select\nfrom sqlalchemy import func"),
]
BAD = [
    (telling_the_time, "from datetime import datetime\ndatetime.now()"),
    (telling_the_time, "import datetime\nat = Field(default_factory=datetime.datetime.utcnow)"),
    (telling_the_time, "from datetime import date\ndate.today()"),
    (telling_the_time, "from time import time\ntime()"),
    (telling_the_time, "import time\ntime.time()"),
    (telling_the_time, "from sqlalchemy import func\nfunc.now()"),
    (making_ids, "from uuid import uuid4\nuuid4()"),
    (making_ids, "import uuid\nid = Field(default_factory=uuid.uuid7)"),
    (making_ids, "import secrets\nsecrets.token_urlsafe()"),
    (making_ids, "from random import choice"),
    (reading_the_environment, "import os\nos.environ['PLANWIKI_SECRET_KEY']"),
    (reading_the_environment, "from os import getenv"),
    (committing, "session.commit()"),
    (committing, "self.database.session.rollback()"),
    (using_the_back_door, "with uow.system('because') as session: ..."),
    (using_the_back_door, "with database.system_session(reason) as session: ..."),
    (going_around_the_unit_of_work, "import casbin"),
    (going_around_the_unit_of_work, "from sqlalchemy import create_engine"),
    (going_around_the_unit_of_work, "from sqlmodel import Session"),
    (going_around_the_unit_of_work, "from sqlalchemy.orm import Session as Quiet"),
    (going_around_the_unit_of_work, "import sqlalchemy"),
    (going_around_the_unit_of_work, "from sqlalchemy import text"),
    (going_around_the_unit_of_work, "uow._session.exec(question)"),
]


@pytest.mark.parametrize(("law", "text"), GOOD)
def test_good_examples_pass(law: Law, text: str) -> None:
    assert not list(law(Source("planwiki.talk.commands", text)))


@pytest.mark.parametrize(("law", "text"), BAD)
def test_bad_examples_are_found(law: Law, text: str) -> None:
    assert list(law(Source("planwiki.talk.commands", text)))


def test_a_listed_file_still_gives_its_reason() -> None:
    assert list(using_the_back_door(Source("planwiki.people.commands", "database.system_session(f'{why}')")))
