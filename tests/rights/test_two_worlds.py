"""Two worlds that differ in hidden things alone answer alike, byte for byte, to whoever may not see them.

The second world is a copy of the first one's database, so ids, tokens and cursors are the same, and the clock stands
still. What is left to differ is a request's nonce and
an opened page's own id. So ETags, dates, positions and scores are compared as they are.
"""

# ruff: noqa: E501 - requests read best one a line

import random
import re
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import delete, update
from sqlmodel import SQLModel, col, select
from tests.clients import client_of
from tests.media.keeping import keep_picture
from tests.news.acts import begin, save, say
from tests.rights.test_every_channel import EXAMPLES
from tests.world import OWN_WORDS, PASSWORD, World, build_world, canary, email_of

from planwiki.activity.models import Delivery
from planwiki.app import close, create_app
from planwiki.authz.migrations import migrate
from planwiki.base import clock
from planwiki.base.vocabulary import Label, Level, LoginKind, MailKind, Role, SectionKind, SectionStatus
from planwiki.circle.grant_commands import give, give_role
from planwiki.circle.models import SharedSection
from planwiki.circle.schemas import MemberGrantDraft
from planwiki.circle.share_link_commands import make_share_link
from planwiki.circle.share_link_schemas import ShareLinkDraft
from planwiki.news.models import NewsLetter
from planwiki.news.seen_commands import mark_all_seen
from planwiki.outcomes.commands import add_action
from planwiki.outcomes.schemas import ActionDraft
from planwiki.people.commands import issue_token, sign_in
from planwiki.people.models import Account
from planwiki.people.schemas import SignInDraft
from planwiki.plans.commands import start_plan
from planwiki.plans.easy_commands import save_easy
from planwiki.plans.easy_queries import newest_easy
from planwiki.plans.easy_schemas import EasyDraft, EasyLine
from planwiki.plans.models import Section
from planwiki.plans.queries import find_section
from planwiki.plans.schemas import PersonDraft, PlanDraft, RestoreRequest, SectionDraft, SectionPatch
from planwiki.plans.section_commands import add_section, archive_section, change_section, restore_revision
from planwiki.settings import Settings
from planwiki.tables import NEWS
from planwiki.talk.checked_commands import mark_checked
from planwiki.talk.commands import contribute, decide
from planwiki.talk.perspective_commands import write_perspective
from planwiki.talk.perspective_schemas import PerspectiveDraft
from planwiki.talk.schemas import CheckedDraft, ContributionDraft, DecisionRequest
from planwiki.web.asking import cookie_name
from planwiki.worker import Worker

HIDDEN = ("secret-things", "more-secrets", "third-secret")
HIDDEN_FILE, NEVER = UUID("0198c5b2-7a10-7c3e-9d41-2f6a8b0c1d2e"), UUID("0198c5b2-7a10-7c3e-9d41-2f6a8b0c1d2f")
PAIRS = 12  # Of each kind.
RECORDS = ("/access-log", "/looked")  # They grow with every request: compared by themselves, below.
PARTS = "?chosen=yes&take-great-things=yes&take-{key}=yes&colour-{key}=green"  # Of a paper.
VOICE = {"whose": "family", "how": "own_words"}
_OPENED_PAGE = re.compile(r'name="page" value="[0-9a-f-]{36}"')
Line = tuple[Any, ...]
Act = Callable[["Pair", random.Random], None]


class Pair:
    """The world with hidden things, and its copy without."""

    def __init__(self, world: World, copy: FastAPI, keys: dict[str, tuple[str, str]]) -> None:
        self.world, self.copy, self.keys = world, copy, keys
        self.there: dict[str, int] = {}  # Hidden sections and their newest version.
        self.seen = _seen(world)  # Reading marks what was read. Each transcript begins as if nobody had read since.

    def transcript(self, app: FastAPI, who: str | None, script: list[Line]) -> list[Line]:
        token, cookie = self.keys.get(who or "", ("", ""))
        address = app.state.settings.base_url
        _unread(app, self.seen)
        client = client_of(app, base_url=address, follow_redirects=False)
        if cookie:
            client.cookies.set(cookie_name(app.state.settings), cookie)
        return [said(client, token, *line) for line in script]

    def same(self, who: str | None, script: list[Line]) -> None:
        """Both answer this script alike."""
        with_it, without = (self.transcript(app, who, script) for app in (self.world.app, self.copy))
        for line, one, other in zip(script, with_it, without, strict=True):
            assert one == other, f"{who} can tell by {line}"


def _seen(world: World) -> list[SQLModel]:
    with world.database.system_session("who has seen what?", writes=False) as session:
        return [row for table in NEWS for row in session.exec(select(table))]


def _unread(app: FastAPI, seen: list[SQLModel]) -> None:
    with app.state.database.system_session("as if nobody had read since") as session:
        for table in NEWS:
            session.execute(delete(table))
        session.add_all([type(row)(**row.model_dump()) for row in seen])
        session.execute(update(Account).values(reading=""))  # Nobody had chosen a way of reading.


def said(client: TestClient, token: str, method: str, url: str, body: Any = None, accept: str = "*/*") -> Line:
    """One answer without what names the single request."""
    headers = {"Accept": accept, "X-Request-Id": "the-same"}
    if url.startswith("/v1") and token:
        headers["Authorization"] = f"Bearer {token}"
    if method in {"PATCH", "PUT", "DELETE"}:
        headers["If-Match"] = "*"
    form = body is not None and not url.startswith("/v1")
    answer = client.request(
        method, url, headers=headers, **({"data": body} if form else {"json": body} if body is not None else {})
    )
    nonce = re.search(r"'nonce-([^']+)'", answer.headers.get("content-security-policy", ""))
    text = repr(sorted(answer.headers.multi_items())) + _OPENED_PAGE.sub("", answer.text)
    return answer.status_code, text.replace(nonce[1], "nonce") if nonce else text


def script_of(world: World) -> list[Line]:
    """Every reading route, in every form, on keys that are there, hidden and absent; and what is refused."""
    keys = ["great-things", "outcomes", HIDDEN[0], "never-was"]
    lines: list[Line] = []
    for route, queries in EXAMPLES.items():
        for query in () if route.endswith((*RECORDS, "/pdf")) else queries:
            for url in _filled(world, route + query, keys):
                lines += [("GET", url), ("HEAD", url)] if HIDDEN[0] in url else [("GET", url)]
    plan = f"/v1/plans/{world.plan_id}"
    for id in (HIDDEN_FILE, NEVER):
        file = f"{plan}/media/{id}"
        lines += [("GET", f"{file}/content"), ("PATCH", file, {"caption": "x"}), ("DELETE", file)]
        lines += [("POST", f"/plans/{world.plan_id}/media/{id}/remove", {})]
    for key in keys[2:]:
        section = f"{plan}/sections/{key}"
        lines += [("GET", url) for url in papers_of(world, key)]
        lines += [("OPTIONS", section), ("GET", section, None, "text/markdown"), ("GET", section, None, "image/png")]
        lines += [
            ("PATCH", section, {"body_markdown": "x", "voice": VOICE}),
            ("PATCH", section, {"title": 7}),
            ("DELETE", section),
            ("POST", f"{section}/revisions/1/restore", {"voice": VOICE}),
            ("PUT", f"{section}/grants", {"roles": {"friend": "read"}, "members": []}),
            ("POST", f"/plans/{world.plan_id}/sections/{key}/edit", {"body_markdown": "x", "based_on": "1"}),
            ("POST", f"/plans/{world.plan_id}/sections/{key}/draft", {"body_markdown": "x", "based_on": "1"}),
            ("POST", f"/plans/{world.plan_id}/sections/{key}/draft/throw-away", {}),
            ("POST", f"/plans/{world.plan_id}/sections/{key}/easy/draft", {"words-0": "x", "based_on": ""}),
            ("POST", f"/plans/{world.plan_id}/sections/{key}/place", {"paragraph": "1"}),
            ("GET", f"/plans/{world.plan_id}/sections/{key}/media", None, "application/json"),
            ("POST", f"/plans/{world.plan_id}/sections/{key}/archive", {}),
            (
                "POST",
                f"/plans/{world.plan_id}/sections/{key}/say/comment",
                {"body_markdown": "x", "voice-whose": "family", "voice-how": "own_words"},
            ),
            ("POST", f"/plans/{world.plan_id}/sections/{key}/suggest", {"body_markdown": "x", "based_on": "1"}),
            ("POST", f"/plans/{world.plan_id}/sections/{key}/checked", {"how": "own_words", "revision": "1"}),
            (
                "POST",
                f"{plan}/contributions",
                {
                    "kind": "comment",
                    "target": {"type": "section", "section_key": key},
                    "body_markdown": "x",
                    "voice": VOICE,
                },
            ),
            ("POST", f"{plan}/actions", {"section_key": key, "what": "x"}),
            ("POST", f"/plans/{world.plan_id}/sections/{key}/actions/new", {"what": "x"}),
            ("POST", f"/plans/{world.plan_id}/sections/{key}/who", {}),
            ("POST", f"/plans/{world.plan_id}/sections/{key}/move", {"to": "up"}),
        ]
    for sought in (canary("great-things"), canary("wellness"), "hidden", "things", "secret", "me", "great", "my"):
        lines += [
            ("GET", f"/v1/search?q={sought}"),
            ("GET", f"/search?q={sought}"),
            ("GET", f"/v1/search?q={sought}&limit=1"),
        ]
    return lines


def papers_of(world: World, key: str) -> list[str]:
    return [world.url(f"/print/passport{form}{PARTS.format(key=key)}") for form in ("", "/paper")]


def _filled(world: World, route: str, keys: list[str]) -> Iterator[str]:
    values = {"plan_id": world.plan_id, "member_id": world.members["lee"], "revision": 1, "number": 1, "older": 1, "newer": 1, "slug": "not-found", "media_id": HIDDEN_FILE, "size": "small", "secret": "pwi_nothing", "kind": "question", "contribution_id": world.plan_id, "action_id": world.plan_id, "token": "nothing", "layout": "plan"}  # fmt: skip
    for key in keys if re.search(r"{(section_)?key}", route) else keys[:1]:
        yield route.format(**values, key=key, section_key=key)


# What happens in the first world alone. Nobody but Maya can see any of it.


def _text(by: random.Random) -> str:
    """Words that visible sections hold too, so that scores and snippets would move."""
    return " ".join(by.choices([canary("great-things"), canary("wellness"), "hidden", "secret", "things", "me"], k=9))


def write_one(pair: Pair, by: random.Random) -> None:
    """A new hidden section, somewhere among the others."""
    key = next((key for key in HIDDEN if key not in pair.there), None)
    if key is None:
        return save_one(pair, by)
    pair.there[key] = 1
    draft = SectionDraft(key=key, title="Great things about me", kind="perspectives", label=pair.label, body_markdown=_text(by), voice=OWN_WORDS, position=by.randint(1, 6))  # fmt: skip
    pair.world.ask("maya", lambda uow: add_section(uow, pair.world.plan_id, draft))
    if key == HIDDEN[0]:
        sizes = {size: _text(by) for size in ("whole", "small", "large")}
        keep_picture(pair.world, "maya", key, sizes, HIDDEN_FILE, alt_text="Maya", caption=_text(by))
    pair.hide(key)
    return None


def save_one(pair: Pair, by: random.Random) -> None:
    key = by.choice([*pair.there])
    patch = SectionPatch(title=by.choice(["Me", "Great things", "Secret"]), body_markdown=f"{_text(by)} {by.random()}", voice=OWN_WORDS)  # fmt: skip
    pair.world.ask("maya", lambda uow: change_section(uow, pair.world.plan_id, key, patch, pair.there[key]))
    pair.there[key] += 1


def say_beside(pair: Pair, by: random.Random) -> None:
    """Something about a hidden section, and an answer to it; and its words are checked."""
    key, plan_id = by.choice([*pair.there]), pair.world.plan_id
    target = {"type": "section", "section_key": key}
    said = {"kind": "question", "target": target, "body_markdown": _text(by), "voice": VOICE}
    made = pair.world.ask("maya", lambda uow: contribute(uow, plan_id, ContributionDraft.model_validate(said)))
    pair.world.ask(
        "maya", lambda uow: decide(uow, plan_id, made.id, DecisionRequest(decision="resolve", note=_text(by)))
    )  # type: ignore[attr-defined]  # ask answers what the verb answers
    _say_otherwise(pair, key, by)
    draft = CheckedDraft(how="own_words", revision=pair.there[key])
    pair.world.ask("maya", lambda uow: mark_checked(uow, plan_id, key, draft))


def _say_otherwise(pair: Pair, key: str, by: random.Random) -> None:
    """In easy words; and how Maya sees it."""
    plan_id, voice = pair.world.plan_id, {"voice": OWN_WORDS}
    now: Any = pair.world.ask("maya", lambda uow: newest_easy(uow, find_section(uow, plan_id, key).id))
    easy = EasyDraft(lines=[EasyLine(words=_text(by))], explains=1, based_on=now and now.id, **voice)
    seen = PerspectiveDraft(working=_text(by), **voice)
    pair.world.ask("maya", lambda uow: save_easy(uow, plan_id, key, easy))
    pair.world.ask("maya", lambda uow: write_perspective(uow, plan_id, key, seen))


def plan_to_do(pair: Pair, by: random.Random) -> None:
    """Something to do in a hidden section, for somebody who is seen; while it is about outcomes."""
    key, plan_id, lee = by.choice([*pair.there]), pair.world.plan_id, pair.world.members["lee"]
    draft = ActionDraft(section_key=key, what=_text(by), who_member_id=lee, due_on=clock.now().date())
    for kind in (SectionKind.OUTCOMES, SectionKind.PERSPECTIVES):
        patch = SectionPatch(kind=kind)
        pair.world.ask("maya", partial(change_section, plan_id=plan_id, key=key, patch=patch, based_on=pair.there[key]))
        if kind is SectionKind.OUTCOMES:
            pair.world.ask("maya", lambda uow: add_action(uow, plan_id, draft))


def move_one(pair: Pair, by: random.Random) -> None:
    _settings(pair, by, position=by.randint(1, 8))


def put_one_away(pair: Pair, by: random.Random) -> None:
    key = by.choice([*pair.there])
    pair.world.ask("maya", lambda uow: archive_section(uow, pair.world.plan_id, key))


def bring_one_back(pair: Pair, by: random.Random) -> None:
    if pair.may_be_open:
        _settings(pair, by, status=SectionStatus.ACTIVE)


def look_back(pair: Pair, by: random.Random) -> None:
    key = by.choice([*pair.there])
    if pair.there[key] > 1:
        request = RestoreRequest(voice=OWN_WORDS)
        pair.world.ask("maya", lambda uow: restore_revision(uow, pair.world.plan_id, key, 1, request, pair.there[key]))
        pair.there[key] += 1


def start_another_plan(pair: Pair, by: random.Random) -> None:
    person = PersonDraft(display_name=f"Maya {by.random()}")
    pair.world.ask("maya", lambda uow: start_plan(uow, PlanDraft(person=person, template="blank", my_role="person")))


def _settings(pair: Pair, by: random.Random, **settings: Any) -> None:
    key = by.choice([*pair.there])
    patch = SectionPatch(**settings)
    pair.world.ask("maya", lambda uow: change_section(uow, pair.world.plan_id, key, patch, pair.there[key]))


ACTS: tuple[Act, ...] = (say_beside, plan_to_do, write_one, save_one, save_one, move_one, put_one_away, bring_one_back, look_back, start_another_plan)  # fmt: skip


class WithDiary(Pair):
    """Hidden from everybody but Maya, her mother too: by the law, or because Maya keeps it closed to her."""

    viewers = ("dee", "dee", "dee", "nan", "sam", "lee", "rao", "kit", None)
    label, may_be_open = Label.DIARY, True

    def hide(self, key: str) -> None:
        if key == HIDDEN[1]:  # Under an everyday label, and withheld from Dee by name.
            patch, member = SectionPatch(label=Label.EVERYDAY), self.world.members["dee"]
            self.world.ask("maya", lambda uow: change_section(uow, self.world.plan_id, key, patch, 1))
            draft = MemberGrantDraft(member_id=member, level=Level.NONE, withheld=True)
            self.world.ask("maya", lambda uow: give(uow, self.world.plan_id, key, draft))


class WithUnshared(Pair):
    """Hidden from all but owners: never shared, put away though shared, or withheld from the one it was shared with."""

    viewers = ("nan", "sam", "lee", "rao", "kit", None)
    label, may_be_open = Label.HEALTH, False

    def hide(self, key: str) -> None:
        plan, people = self.world.plan_id, self.world.members
        if key == HIDDEN[1]:
            self.world.ask("maya", lambda uow: archive_section(uow, plan, key))
            for role in (Role.FAMILY, Role.FRIEND, Role.KEY_WORKER):
                self.world.ask("maya", lambda uow, role=role: give_role(uow, plan, key, role, Level.EDIT))
        if key == HIDDEN[2]:
            draft = MemberGrantDraft(member_id=people["nan"], level=Level.NONE, withheld=True)
            self.world.ask("maya", lambda uow: give(uow, plan, key, draft))
            self.world.ask("maya", lambda uow: give_role(uow, plan, key, Role.FAMILY, Level.EDIT))


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Callable[[World], FastAPI]]:
    """The same world again, in a database of its own."""
    made: list[FastAPI] = []

    def of(world: World) -> FastAPI:
        settings: Settings = world.app.state.settings
        source = sqlite3.connect(settings.database.removeprefix("sqlite:///"))
        target = sqlite3.connect(tmp_path / "copy.sqlite3")
        source.backup(target)
        source.close()
        target.close()
        kept = settings.model_dump() | {"database_url": f"sqlite:///{tmp_path / 'copy.sqlite3'}"}
        made.append(create_app(Settings(**kept)))
        return made[-1]

    yield of
    for app in made:
        close(app)


@pytest.fixture
def base(settings: Settings) -> Iterator[World]:
    """The world before anything hidden, a day ago."""
    with clock.frozen(clock.now() - timedelta(days=1)) as stopped:
        app = create_app(settings)
        migrate(app.state.database)
        world = build_world(app)
        begin(world)
        world.ask("dee", partial(change_section, plan_id=world.plan_id, key="outcomes", patch=SectionPatch(kind=SectionKind.OUTCOMES), based_on=1))  # fmt: skip
        to_do = ActionDraft(section_key="outcomes", what="Great things", who_member_id=world.members["lee"])
        world.ask("dee", lambda uow: add_action(uow, world.plan_id, to_do))
        Worker(settings, world.database).write_news()
        stopped.move(timedelta(hours=1))
        save(world, "maya", "wellness")
        for who, kind, key in (("sam", "appreciation", "great-things"), ("lee", "question", "outcomes")):
            say(world, who, kind, key)
    yield world
    close(app)


def keys_of(world: World) -> dict[str, tuple[str, str]]:
    """A token and a cookie for everybody, made before the world is copied."""
    found = {}
    for who in world.principals:
        draft = SignInDraft(email=email_of(who), password=PASSWORD)
        token = issue_token(world.database, email_of(who), timedelta(days=9)).token
        login = sign_in(world.database, draft, kind=LoginKind.BROWSER, lasts=timedelta(days=9), key="k", address=who)
        found[who] = (token, login.token)
    return found


SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # A file is what can be copied in a moment.


@SQLITE
@pytest.mark.parametrize("kind", [WithDiary, WithUnshared])
def test_hidden_things_move_nothing_that_is_seen(base: World, copy: Callable[[World], FastAPI], kind: Any) -> None:
    by = random.Random(7)  # noqa: S311 - the same worlds each time
    with clock.frozen(clock.now()):
        keys = keys_of(base)
        pair = kind(base, copy(base), keys)
        script = script_of(base)
        expected = {who: pair.transcript(pair.copy, who, script) for who in set(kind.viewers)}
        write_one(pair, by)
        for number in range(PAIRS):
            act = by.choice(ACTS)
            act(pair, by)
            who = kind.viewers[number % len(kind.viewers)]
            for line, one, other in zip(script, pair.transcript(base.app, who, script), expected[who], strict=True):
                assert one == other, f"{who} can tell by {line} after {act.__name__}"


@SQLITE
@pytest.mark.parametrize("kind", [WithDiary, WithUnshared])
def test_hidden_things_send_and_hold_back_no_letter(base: World, copy: Callable[[World], FastAPI], kind: Any) -> None:
    """To whom, in which order, when the next is due, and what each is about. Lee and Sam have read all there is."""
    by = random.Random(13)  # noqa: S311 - the same worlds each time
    with clock.frozen(clock.now()) as now:
        for who in ("lee", "sam"):
            base.ask(who, lambda uow: mark_all_seen(uow, base.plan_id))
        pair = kind(base, copy(base), {})
        for number in range(PAIRS):
            (by.choice(ACTS) if number else write_one)(pair, by)
        now.move(timedelta(days=9))
        alike = [_letters(app, kind.viewers) for app in (base.app, pair.copy)]
        assert alike[0] == alike[1]
        assert {one[0] for one in alike[0]} & {email_of("lee"), email_of("sam")} == set()
        assert email_of("nan") in {one[0] for one in alike[0]}
        now.move(timedelta(days=8))  # The next leave on the seventh day at nine in the morning.
        save(base, "dee", "great-things")
        assert _letters(base.app, kind.viewers) != _letters(pair.copy, kind.viewers)


def _letters(app: FastAPI, viewers: Any) -> list[tuple[Any, ...]]:
    """All letters about news that wait for these viewers, but for the secret that stops them."""
    database, mine = app.state.database, {email_of(who) for who in viewers if who}
    Worker(app.state.settings, database).write_news()
    with database.system_session("what waits to be sent?", writes=False) as session:
        rows = [one for one in session.exec(select(Delivery).order_by(col(Delivery.id))) if one.kind is MailKind.NEWS]
        dues = session.exec(select(NewsLetter.due_at).order_by(col(NewsLetter.account_id))).all()
    said = [database.sealer.open(one.sealed) for one in rows]
    return [(one["to"], one["about"], one["until"], one["link"], *dues) for one in said if one["to"] in mine]


@SQLITE
def test_a_guest_cannot_tell_what_else_is_there(base: World, copy: Callable[[World], FastAPI]) -> None:
    """Nor that the link once named what is hidden now. The control: a word of what it opens is noticed."""
    by = random.Random(11)  # noqa: S311 - the same worlds each time
    with clock.frozen(clock.now()):
        said = ShareLinkDraft(section_keys=["great-things", "outcomes"], expires_in_hours=1)
        link: Any = base.ask("dee", lambda uow: make_share_link(uow, base.plan_id, said, ""))
        secret = link.url.partition("#")[2]
        pair = WithUnshared(base, copy(base), {"guest": (secret, "")})
        script: list[Line] = [("GET", "/v1/shared"), ("HEAD", "/v1/shared"), ("POST", "/shared", {"link": secret})]
        script += [("GET", "/shared"), ("GET", "/v1/plans"), ("GET", f"/v1{base.url('/sections/great-things')}")]
        for number in range(PAIRS):
            (by.choice(ACTS) if number else write_one)(pair, by)
            pair.same("guest", script)
        with base.database.system_session("the link names a section that was put away since") as session:
            away = session.exec(select(Section).where(Section.status == SectionStatus.ARCHIVED)).first()
            assert away is not None
            session.add(SharedSection(plan_id=base.plan_id, section_id=away.id, link_id=link.id))
        pair.same("guest", script)
        patch = SectionPatch(title="Otherwise", voice=OWN_WORDS)
        base.ask("maya", lambda uow: change_section(uow, base.plan_id, "outcomes", patch, 1))
        with pytest.raises(AssertionError, match="can tell by"):
            pair.same("guest", script)


@SQLITE
def test_a_pdf_is_the_same_to_its_last_byte(base: World, copy: Callable[[World], FastAPI]) -> None:
    """Made of what somebody may see, whatever else is there and is asked for. The control: one word more."""
    by = random.Random(13)  # noqa: S311 - the same worlds each time
    with clock.frozen(clock.now()):
        keys = keys_of(base)
        pair = WithDiary(base, copy(base), keys)
        for _ in HIDDEN:
            write_one(pair, by)
        asked = [base.url(f"/print/passport/pdf{PARTS.format(key=key)}") for key in (HIDDEN[0], "never-was")]
        script: list[Line] = [("GET", url) for url in asked]
        for who in ("dee", "lee"):
            pair.same(who, script)
            shown, never = pair.transcript(base.app, who, script)
            assert shown == never
            assert shown[0] == 200
        patch = SectionPatch(title="Otherwise", voice=OWN_WORDS)
        base.ask("maya", lambda uow: change_section(uow, base.plan_id, "great-things", patch, 1))
        with pytest.raises(AssertionError, match="can tell by"):
            pair.same("dee", script)


@SQLITE
def test_the_comparison_notices_what_is_seen(base: World, copy: Callable[[World], FastAPI]) -> None:
    """A control: one word in a section that both may read, and the worlds differ for both."""
    with clock.frozen(clock.now()):
        keys = keys_of(base)
        pair = WithDiary(base, copy(base), keys)
        script = script_of(base)
        pair.same("dee", script)
        patch = SectionPatch(title="Otherwise", voice=OWN_WORDS)
        base.ask("maya", lambda uow: change_section(uow, base.plan_id, "outcomes", patch, 1))
        for who in ("dee", "lee"):
            with pytest.raises(AssertionError, match="can tell by"):
                pair.same(who, script)


@SQLITE
def test_writing_beside_hidden_things_goes_as_if_they_were_not_there(
    base: World, copy: Callable[[World], FastAPI]
) -> None:
    """Dee takes a hidden section's key, moves, saves and reads on. New ids differ; nothing else does."""
    by = random.Random(3)  # noqa: S311 - the same world each time
    with clock.frozen(clock.now()):
        keys = keys_of(base)
        pair = WithDiary(base, copy(base), keys)
        for _ in HIDDEN:
            write_one(pair, by)
        plan = f"/v1/plans/{base.plan_id}"
        draft = {"key": HIDDEN[0], "title": "Mine", "body_markdown": "My own words.", "voice": VOICE}
        script: list[Line] = [
            ("POST", f"{plan}/sections", draft),
            ("POST", f"{plan}/sections", draft),
            ("POST", f"{plan}/sections", {**draft, "key": HIDDEN[1], "position": 1}),
            ("PATCH", f"{plan}/sections/{HIDDEN[0]}", {"position": 2}),
            ("PATCH", f"{plan}/sections/great-things", {"body_markdown": "New.", "voice": VOICE}),
            ("DELETE", f"{plan}/sections/{HIDDEN[1]}"),
            ("PATCH", plan, {"title": "Another"}),
            ("PATCH", f"{plan}/members/{base.members['nan']}", {"relationship": "Gran"}),
            ("GET", f"{plan}/sections/{HIDDEN[0]}/revisions"),
            *script_of(base),
        ]
        one, other = (pair.transcript(app, "dee", script) for app in (base.app, pair.copy))
        assert one[0][0] == 201
        assert one[1][0] == 409
        for line, left, right in zip(script, map(masked, one), map(masked, other), strict=True):
            assert left == right, f"Dee can tell by {line}"


@SQLITE
def test_the_record_tells_an_owner_nothing_of_what_is_closed_to_her(
    base: World, copy: Callable[[World], FastAPI]
) -> None:
    """Lee reads, finds and is refused; Dee tries keys. What is hidden from Dee leaves no trace that she can read."""
    by = random.Random(5)  # noqa: S311 - the same world each time
    with clock.frozen(clock.now()):
        keys = keys_of(base)
        pair = WithDiary(base, copy(base), keys)
        for _ in range(9):
            write_one(pair, by)
        given = MemberGrantDraft(member_id=base.members["lee"], level=Level.EDIT)
        base.ask("maya", lambda uow: give(uow, base.plan_id, HIDDEN[1], given))
        plan = f"/v1/plans/{base.plan_id}"
        script: list[Line] = [("GET", f"{plan}/sections/{key}") for key in ("great-things", *HIDDEN, "never-was")]
        script += [("PATCH", f"{plan}/sections/{key}", {"title": "Mine"}) for key in (*HIDDEN, "never-was")]
        script += [("GET", f"{pages}/sections/{key}/edit") for pages in (base.url(),) for key in (*HIDDEN, "never-was")]
        script += [("GET", url) for key in (HIDDEN[1], "never-was") for url in papers_of(base, key)]
        script += [("GET", "/v1/search?q=secret"), ("GET", "/search?q=hidden"), ("GET", "/search?q=great")]
        log = [("GET", f"{plan}/access-log?limit=200"), ("GET", f"{plan}/access-log?limit=200", None, "text/csv"), ("GET", base.url("/looked"))]  # fmt: skip
        told = []
        for app in (base.app, pair.copy):
            seen = {who: pair.transcript(app, who, script) for who in ("lee", "nan", "dee", "kit")}
            told.append([masked(line) for line in pair.transcript(app, "dee", log)])
            assert seen["lee"][0][0] == 200
        assert told[0] == told[1]
        assert all(status == 200 for status, _ in told[0])


def masked(line: Line) -> Line:
    """Without new ids, and without ETags, which are made of them."""
    ids: dict[str, str] = {}
    text = re.sub(
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", lambda id: ids.setdefault(id[0], f"id {len(ids)}"), line[1]
    )
    return line[0], re.sub(r"(?<=[\"-])[0-9a-f]{24}(?=[\".])", "tag", text)
