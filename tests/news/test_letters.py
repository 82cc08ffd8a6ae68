"""The letter that says that something is new: to whom, when, how often, what it holds, and how it is stopped."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlmodel import select
from tests.news.acts import begin, let, save, say
from tests.pages.seen import form_of, words_of
from tests.world import NAMES, SECTIONS, World, canary, email_of

from planwiki.activity.channels.mail import letters_in, mailbox_of
from planwiki.activity.models import Delivery
from planwiki.base import clock
from planwiki.base.vocabulary import Level, MailKind
from planwiki.circle.commands import end_member
from planwiki.people.models import Account
from planwiki.worker import Worker

MONDAY = datetime(2027, 6, 7, 10, tzinfo=UTC)
MORNING, DAY, WEEK = MONDAY.replace(hour=8), timedelta(days=1), timedelta(days=7)  # Nine o'clock in summer in London.
Post = Callable[[], list[EmailMessage]]


@pytest.fixture
def now(world: World) -> Iterator[clock.StoppedClock]:
    """A Monday on which everybody has seen all there is, and the worker has met everybody."""
    with clock.frozen(MONDAY) as stopped:
        begin(world)
        Worker(world.app.state.settings, world.database).write_news()
        stopped.move(timedelta(hours=1))
        yield stopped


@pytest.fixture
def post(world: World) -> Post:
    """Writes and sends what is due now; answers the letters that left."""
    seen: set[Path] = set()
    folder = mailbox_of(world.app.state.settings)

    def go() -> list[EmailMessage]:
        worker = Worker(world.app.state.settings, world.database)
        worker.write_news()
        worker.work()
        files = {file for file in folder.glob("*.eml") if file not in seen}
        letters = [
            one for one in letters_in(folder) if any(one["message-id"].encode() in file.read_bytes() for file in files)
        ]
        seen.update(files)
        return letters

    return go


def receivers(letters: list[EmailMessage]) -> list[str]:
    return sorted(str(one["to"]).partition("@")[0] for one in letters)


def stop_of(letter: EmailMessage) -> str:
    return "/" + str(re.search(r"http://testserver/(news/stop/\S+)", letter.get_content())[1])  # type: ignore[index]  # each has one


def test_a_weekly_letter_goes_to_those_who_may_see_something_new(
    world: World, now: clock.StoppedClock, post: Post
) -> None:
    save(world, "dee", "wellness")
    assert post() == []
    now.set(MORNING + WEEK - timedelta(seconds=1))
    assert post() == []
    now.move(timedelta(seconds=1))
    assert receivers(post()) == ["maya", "nan", "rao"]
    assert post() == []
    now.move(DAY)
    save(world, "lee", "outcomes")
    assert post() == []
    now.set(MORNING + 2 * WEEK)
    assert receivers(post()) == ["dee", "maya"]  # Nan and Dr Rao were told of wellness last week.
    now.move(WEEK)
    assert post() == []


def test_a_letter_names_nobody_and_says_nothing_of_a_plan(world: World, now: clock.StoppedClock, post: Post) -> None:
    say(world, "rao", "suggestion", "wellness")
    now.set(MORNING + WEEK)
    letters = post()
    assert receivers(letters) == ["dee", "maya", "nan"]
    wishes = {receivers([one])[0]: "Someone would like your answer." in one.get_content() for one in letters}
    assert wishes == {"dee": True, "maya": True, "nan": False}
    words = [
        *NAMES.values(),
        *(title for title, _ in SECTIONS.values()),
        *map(canary, SECTIONS),
        *SECTIONS,
        str(world.plan_id),
    ]
    for one in letters:
        assert [
            word for word in words if word in f"{one['subject']} {one.get_content()}".replace(stop_of(one), "")
        ] == []
        assert "http://testserver/news" in one.get_content().splitlines()


def test_what_ends_before_a_letter_leaves_drops_it(world: World, now: clock.StoppedClock, post: Post) -> None:
    """Six letters wait. Then one share ends and the rest is read, one place ends, one address moves, one account
    closes, one says never; and one letter is still wanted."""
    let(world, "sam", "wellness")
    save(world, "dee", "wellness")
    say(world, "sam", "comment", "great-things")
    now.set(MORNING + WEEK)
    Worker(world.app.state.settings, world.database).write_news()
    let(world, "nan", "wellness", Level.NONE, withheld=True)
    world.browser("nan").get(world.url("/sections/great-things"))
    world.ask("dee", lambda uow: end_member(uow, world.plan_id, world.members["rao"]))
    assert world.browser("lee").post("/me/news", data={"how_often": "off"}).headers["location"] == "/me?saved=news"
    with world.database.system_session("Dee has another address, and Maya's account is closed") as session:
        session.exec(select(Account).where(Account.email == email_of("dee"))).one().email = "dee@elsewhere.example"
        session.exec(select(Account).where(Account.email == email_of("maya"))).one().closed_at = clock.now()
    assert receivers(post()) == ["sam"]
    with world.database.system_session("what became of them?", writes=False) as session:
        dropped = [one for one in session.exec(select(Delivery)) if one.kind is MailKind.NEWS and one.given_up_at]
    assert [(one.sealed, one.last_error) for one in dropped] == [(None, "It was not wanted any more.")] * 5


def test_a_letter_that_could_not_leave_in_time_is_not_sent_beside_the_next(
    world: World, now: clock.StoppedClock, post: Post
) -> None:
    world.browser("nan").post("/me/news", data={"how_often": "daily"})
    save(world, "dee", "wellness")
    now.set(MORNING + DAY)
    Worker(world.app.state.settings, world.database).write_news()
    save(world, "dee", "great-things")
    now.move(DAY)
    assert receivers(post()) == ["nan"]


def test_two_workers_at_once_write_one_letter_each_week(world: World, now: clock.StoppedClock, post: Post) -> None:
    save(world, "dee", "wellness")
    now.set(MORNING + WEEK)
    workers = [Worker(world.app.state.settings, world.database) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda one: one.write_news(), workers))
        list(pool.map(lambda one: one.work(), workers))
    with world.database.system_session("how many?", writes=False) as session:
        sent = [one for one in session.exec(select(Delivery)) if one.kind is MailKind.NEWS]
    assert len(sent) == len([one for one in sent if one.sent_at]) == 3
    assert receivers(post()) == ["maya", "nan", "rao"]


def test_the_link_in_a_letter_stops_them_without_signing_in_and_does_nothing_else(
    world: World, now: clock.StoppedClock, post: Post
) -> None:
    save(world, "dee", "wellness")
    now.set(MORNING + WEEK)
    letter = next(one for one in post() if receivers([one]) == ["nan"])
    at = stop_of(letter)
    raw = next(file for file in mailbox_of(world.app.state.settings).glob("*.eml") if at.encode() in file.read_bytes())
    assert f"List-Unsubscribe: <http://testserver{at}>\r\n".encode() in raw.read_bytes()
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw.read_bytes()
    nobody = world.browser(None)
    asked = nobody.get(at)
    assert "Stop these letters" in words_of(asked)
    assert form_of(asked, at) == {}
    assert 'value="weekly" checked' in world.browser("nan").get("/me").text  # Looking stops nothing: scanners look.
    pressed = [nobody.post(at, data={"List-Unsubscribe": "One-Click"}) for _ in range(2)]
    assert [(one.status_code, "It is done." in words_of(one)) for one in pressed] == [(200, True)] * 2
    assert "set-cookie" not in pressed[0].headers
    assert "Nan" not in pressed[0].text + asked.text
    assert 'value="off" checked' in world.browser("nan").get("/me").text
    save(world, "dee", "great-things")
    now.move(WEEK)
    assert "nan" not in receivers(post())
    sealed = world.database.sealer.seal({"to": email_of("dee"), "account": str(world.principals["dee"].account_id)})
    broken = at[:-1] + ("A" if at[-1] != "A" else "B")
    for wrong in (broken, "/news/stop/x", f"/news/stop/{sealed}"):
        answers = [nobody.get(wrong), nobody.post(wrong)]
        assert [(one.status_code, "This link does not work" in words_of(one)) for one in answers] == [(410, True)] * 2
    assert 'value="weekly" checked' in world.browser("dee").get("/me").text


def test_how_often_is_chosen_on_me(world: World, now: clock.StoppedClock, post: Post) -> None:
    nan = world.browser("nan")
    form = form_of(nan.get("/me"), "/me/news")
    assert form == {"how_often": "weekly"}
    assert nan.post("/me/news", data={"how_often": "daily"}).status_code == 303
    save(world, "dee", "wellness")
    now.set(MORNING + DAY)
    assert receivers(post()) == ["nan"]
    nan = world.browser("nan")
    assert nan.post("/me/news", data={"how_often": "hourly"}).status_code == 422
    assert form_of(nan.get("/me"), "/me/news") == {"how_often": "daily"}
    nan.post("/me/news", data={"how_often": "weekly"})
    save(world, "dee", "great-things")
    now.move(DAY)
    assert post() == []


def test_an_address_that_nobody_has_shown_to_be_theirs_gets_none(
    world: World, now: clock.StoppedClock, post: Post
) -> None:
    with world.database.system_session("Nan never read a letter") as session:
        session.exec(select(Account).where(Account.email == email_of("nan"))).one().email_confirmed_at = None
    save(world, "dee", "wellness")
    now.set(MORNING + WEEK)
    assert receivers(post()) == ["maya", "rao"]
