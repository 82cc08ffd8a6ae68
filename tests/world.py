"""The one small world that the tests share: Maya's plan, her circle, and Kit, who knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import delete
from tests.clients import client_of

from planwiki.activity.models import Delivery
from planwiki.authz.database import Database
from planwiki.authz.principal import Principal
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import Label, Level, LoginKind, Role
from planwiki.circle.commands import confirm_member
from planwiki.circle.invitation_commands import accept, invite
from planwiki.circle.queries import members
from planwiki.circle.schemas import GrantDraft, InvitationDraft
from planwiki.people.commands import add_account, issue_token, sign_in
from planwiki.people.schemas import AccountDraft, SignInDraft
from planwiki.plans.commands import start_plan
from planwiki.plans.schemas import PersonDraft, PlanDraft, SectionDraft, Voice
from planwiki.plans.section_commands import add_section
from planwiki.web.asking import cookie_name

PASSWORD = "three small words"
NAMES = {"maya": "Maya", "dee": "Dee", "sam": "Sam", "nan": "Nan", "lee": "Lee", "rao": "Dr Rao", "kit": "Kit"}
OWN_WORDS = Voice.model_validate({"whose": "family", "how": "own_words"})

# Section key -> (title, label). Bodies hold one word nobody else uses: see `canary`.
SECTIONS = {
    "great-things": ("Great things about me", Label.EVERYDAY),
    "wellness": ("My wellness", Label.HEALTH),
    "outcomes": ("What I want to be different", Label.EVERYDAY),
    "money": ("Money", Label.MONEY),
    "family-only": ("Family only", Label.FAMILY_BUSINESS),
}
GIVEN = {
    "maya": (Role.PERSON, {}),
    "nan": (Role.FAMILY, {"great-things": Level.READ, "wellness": Level.READ}),
    "sam": (Role.FRIEND, {"great-things": Level.COMMENT}),
    "lee": (Role.KEY_WORKER, {"great-things": Level.READ, "outcomes": Level.EDIT}),
    "rao": (Role.PROFESSIONAL, {"wellness": Level.SUGGEST}),
}
# What each may read, by hand: the tests hold the rule against this, never against itself.
READS = {
    "maya": set(SECTIONS),
    "dee": set(SECTIONS),
    "nan": {"great-things", "wellness"},
    "sam": {"great-things"},
    "lee": {"great-things", "outcomes"},
    "rao": {"wellness"},
    "kit": set(),
}


def canary(key: str) -> str:
    """The word that stands in one section's text and nowhere else."""
    return f"canary{key.replace('-', '')}"


@dataclass
class World:
    """One application on one fresh database. Members and principals go by the short names in NAMES."""

    app: FastAPI
    database: Database
    plan_id: UUID
    principals: dict[str, Principal]
    members: dict[str, UUID] = field(default_factory=dict)
    clients: list[TestClient] = field(default_factory=list)

    def ask(self, who: str, question: Callable[[UnitOfWork], object], *, writes: bool = True) -> object:
        """One verb or question as one of the cast, in a transaction of its own."""
        with self.database.unit_of_work(self.principals[who], writes=writes) as uow:
            return question(uow)

    def token(self, who: str) -> str:
        return issue_token(self.database, email_of(who), timedelta(days=1)).token

    def api(self, who: str | None) -> TestClient:
        """A program with one of the cast's bearer tokens; with nobody's for None."""
        headers = {"Authorization": f"Bearer {self.token(who)}"} if who else {}
        return self._client(headers=headers)

    def browser(self, who: str | None) -> TestClient:
        """A browser where one of the cast is signed in; where nobody is for None. Does not follow redirects."""
        client = self._client(follow_redirects=False)
        if who:
            draft = SignInDraft(email=email_of(who), password=PASSWORD)
            login = sign_in(
                self.database, draft, kind=LoginKind.BROWSER, lasts=timedelta(hours=1), key="tests", address=f"of {who}"
            )
            client.cookies.set(cookie_name(self.app.state.settings), login.token)
        return client

    def from_address(self, address: str) -> TestClient:
        """A browser where nobody is signed in, on another machine."""
        return self._client(follow_redirects=False, address=address)

    def url(self, path: str = "") -> str:
        """An address under the plan's pages; for the API put /v1 before it."""
        return f"/plans/{self.plan_id}{path}"

    def _client(self, **how: Any) -> TestClient:
        client = client_of(self.app, base_url=self.app.state.settings.base_url, **how)
        self.clients.append(client)
        return client


def email_of(who: str) -> str:
    return f"{who}@example.org"


def build_world(app: FastAPI) -> World:
    """Made with the same verbs that people use."""
    database: Database = app.state.database
    principals = {who: _account(database, who, name) for who, name in NAMES.items()}
    with database.unit_of_work(principals["dee"], writes=True) as uow:
        draft = PlanDraft(person=PersonDraft(display_name="Maya"), template="blank", my_role="steward")
        plan_id = start_plan(uow, draft).id
        for key, (title, label) in SECTIONS.items():
            body = f"{title}: {canary(key)}."
            add_section(
                uow, plan_id, SectionDraft(key=key, title=title, label=label, body_markdown=body, voice=OWN_WORDS)
            )
    world = World(app, database, plan_id, principals)
    for who, (role, given) in GIVEN.items():
        _join(world, who, role, given)
    names = {name: who for who, name in NAMES.items()}
    with database.unit_of_work(principals["dee"]) as uow:
        world.members = {names[one.display_name]: one.id for one in members(uow, plan_id)}
    with database.system_session("the letters about all this went out long ago") as session:
        session.execute(delete(Delivery))
    return world


def _account(database: Database, who: str, name: str) -> Principal:
    made = add_account(database, AccountDraft(display_name=name, email=email_of(who), password=PASSWORD))
    return Principal(made.id, name)


def _join(world: World, who: str, role: Role, given: dict[str, Level]) -> None:
    grants = [GrantDraft(section_key=key, level=level) for key, level in given.items()]
    draft = InvitationDraft.model_validate({"role": role.value, "relationship": NAMES[who], "grants": grants})
    with world.database.unit_of_work(world.principals["dee"], writes=True) as uow:
        link = invite(uow, world.plan_id, draft, "http://testserver").accept_url or ""
    with world.database.unit_of_work(world.principals[who], writes=True) as uow:
        joined = accept(uow, link.rsplit("/", 1)[-1])[1]
    if not joined.confirmed:
        world.ask("dee", lambda uow: confirm_member(uow, world.plan_id, joined.id))
