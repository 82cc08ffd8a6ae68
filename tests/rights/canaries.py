"""A family whose every word is a canary: one that stands in one place and nowhere else, with who may find it.

Who may find what is written by hand here, from what was given, so that the rule is never held against itself.
"""

# ruff: noqa: E501 - what belongs together stands on one line

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from sqlmodel import select
from tests.media.keeping import keep_paper, keep_picture
from tests.world import PASSWORD, World, email_of

from planwiki.authz.principal import Principal
from planwiki.base import clock
from planwiki.base.ids import new_id
from planwiki.base.vocabulary import Face, Label, Level, Role
from planwiki.circle.commands import change_member, confirm_member, end_member
from planwiki.circle.grant_commands import give, give_role
from planwiki.circle.invitation_commands import accept, invite
from planwiki.circle.models import Grant
from planwiki.circle.queries import members
from planwiki.circle.schemas import InvitationDraft, MemberGrantDraft, MemberPatch
from planwiki.news.queries import states
from planwiki.news.schemas import ToMark
from planwiki.news.seen_commands import mark_seen
from planwiki.outcomes.commands import add_action, change_action, put_action_away
from planwiki.outcomes.schemas import ActionDraft, ActionPatch
from planwiki.people.commands import add_account
from planwiki.people.schemas import AccountDraft
from planwiki.plans.commands import start_plan
from planwiki.plans.easy_commands import save_easy
from planwiki.plans.easy_queries import newest_easy
from planwiki.plans.easy_schemas import EasyDraft, EasyLine
from planwiki.plans.models import Section, WrittenDraft
from planwiki.plans.place_models import ReadingPlace
from planwiki.plans.queries import find_section
from planwiki.plans.schemas import PlanDraft, SectionDraft, SectionPatch, Voice
from planwiki.plans.section_commands import add_section, archive_section, change_section
from planwiki.talk.checked_commands import mark_checked
from planwiki.talk.commands import contribute, decide, withdraw
from planwiki.talk.perspective_commands import write_perspective
from planwiki.talk.perspective_schemas import PerspectiveDraft
from planwiki.talk.schemas import CheckedDraft, ContributionDraft, DecisionRequest

ROLES = {"maya": "person", "nan": "family", "sam": "friend", "lee": "key_worker", "rao": "professional", "uma": "family", "tom": "friend", "pat": "professional"}  # fmt: skip
NAMES = {"maya": "Maya", "dee": "Dee", "nan": "Nan", "sam": "Sam", "lee": "Lee", "rao": "Dr Rao", "kit": "Kit", "uma": "Uma", "tom": "Tom", "pat": "Pat"}  # fmt: skip
OWNERS = {"maya", "dee"}
# Uma was removed, Tom is suspended, Kit knows nobody. Pat took an invitation, and no owner has said yes yet.
CIRCLE = {"maya", "dee", "sam", "nan", "lee", "rao", "pat"}
ACTORS = [*sorted(CIRCLE), "kit", "uma", "tom", None]
BORN = date(2009, 3, 7)


@dataclass(frozen=True)
class Kept:
    """What one section is for. `now` reads it, `second` looks back to its second version, `first` to its first."""

    now: set[str]
    second: set[str] = field(default_factory=lambda: {*OWNERS})
    first: set[str] = field(default_factory=lambda: {*OWNERS})
    label: Label = Label.EVERYDAY


SECTIONS = {
    "open": Kept({*CIRCLE}),
    "outcomes": Kept({*OWNERS, "lee"}, second={*OWNERS, "lee"}),
    "health": Kept({*OWNERS, "nan", "rao"}, second={*OWNERS, "nan"}, first={*OWNERS, "nan"}, label=Label.HEALTH),
    "sams": Kept({*OWNERS, "sam"}, second={*OWNERS, "sam"}),
    "nobodys": Kept({*OWNERS}),
    "diary": Kept({"maya"}, second={"maya"}, first={"maya"}, label=Label.DIARY),
    "away": Kept({*OWNERS}),
    "notnan": Kept({*OWNERS, "sam"}),
    "notdee": Kept({"maya", "lee"}, second={"maya"}, first={"maya"}),
    "once": Kept({*OWNERS, "lee"}, second={"maya"}, first={"maya"}, label=Label.DIARY),  # Later everyday.
    "late": Kept({*OWNERS}),
    "soon": Kept({*OWNERS}),
}


TO_DO = ("open", "outcomes", "health", "diary", "once", "away")  # Where something is to be done.
NOT_LOOKED_BACK_AT = {"open", "away"}  # One address for each pair of a section and an action would be too many.


def word(*parts: str) -> str:
    return f"zq{''.join(parts)}qz"


def key_of(name: str) -> str:
    return word(name, "key")


@dataclass
class Canaries:
    """The world, every canary with who may find it, and those that need not show anywhere."""

    world: World
    may_find: dict[str, set[str]] = field(default_factory=dict)
    need_not_show: set[str] = field(default_factory=set)
    secret: str = ""
    media: list[UUID] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    actions: dict[str, UUID] = field(default_factory=dict)

    def may_be_found_by(self, who: str | None) -> set[str]:
        return {canary for canary, finders in self.may_find.items() if who in finders}

    def place(self, canary: str, finders: set[str]) -> str:
        assert canary not in self.may_find
        self.may_find[canary] = set(finders)
        return canary

    def ask(self, who: str, verb: Any) -> Any:
        return self.world.ask(who, verb)


def build(app: FastAPI) -> Canaries:
    database = app.state.database
    principals = {who: _account(database, who, name) for who, name in NAMES.items()}
    world = World(app, database, UUID(int=0), principals)
    made = Canaries(world)
    _start(made)
    by_maya = [name for name, section in SECTIONS.items() if section.label is Label.DIARY]
    for name in [*SECTIONS]:
        if name not in by_maya:
            _add(made, "dee", name)
    for who in ROLES:
        _join(made, who)
    for name in by_maya:
        _add(made, "maya", name)
    _find_members(made)
    for name in SECTIONS:
        _save(made, name, "second")
    _give(made)  # While the second version is the current one: looking back, they find it, and not the first.
    for name, section in SECTIONS.items():
        _speak(made, name, "early", {"maya"} if name == "once" else section.now, section.second)
        _say_otherwise(made, name, "early", {"maya"} if name == "once" else section.now, section.second, 2)
    for name in TO_DO:
        _plan_to_do(made, name, {"maya"} if name == "once" else SECTIONS[name].now & SECTIONS[name].second)
    made.ask(
        "maya", lambda uow: change_section(uow, world.plan_id, key_of("once"), SectionPatch(label=Label.EVERYDAY), 2)
    )
    made.ask("maya", lambda uow: _let(uow, made, "once", "lee", Level.EDIT, earlier_history=True))
    _look(made)
    for name in SECTIONS:
        _save(made, name, "now")
        _keep(made, name)
    for name, section in SECTIONS.items():
        _speak(made, name, "late", section.now, section.now)
        _say_otherwise(made, name, "late", section.now, section.now, 3)
    for name in TO_DO:
        _do_more(made, name)
    _close(made)
    _draft(made)
    _place(made)
    return made


def _account(database: Any, who: str, name: str) -> Principal:
    made = add_account(database, AccountDraft(display_name=name, email=email_of(who), password=PASSWORD))
    return Principal(made.id, name)


def _start(made: Canaries) -> None:
    words = {name: made.place(word(name), CIRCLE) for name in ("plantitle", "pronouns", "communication", "preferred")}
    person = {"display_name": "Maya", "preferred_name": words["preferred"], "pronouns": words["pronouns"], "date_of_birth": BORN, "communication": [words["communication"]]}  # fmt: skip
    draft = PlanDraft.model_validate({"person": person, "title": words["plantitle"], "template": "blank", "my_role": "steward"})  # fmt: skip
    made.world.plan_id = made.ask("dee", lambda uow: start_plan(uow, draft)).id
    made.place(word("born"), OWNERS)
    for who in NAMES:
        made.place(f"mail of {who}", {who, *OWNERS} if who == "pat" else {who})


def _voice(canary: str) -> Voice:
    return Voice.model_validate({"whose": "family", "how": "supported", "supported_by": canary})


def _add(made: Canaries, who: str, name: str) -> None:
    """The first version."""
    section = SECTIONS[name]
    made.place(key_of(name), section.now)
    title, body, helper = (made.place(word(name, "first", part), section.first) for part in ("title", "body", "helper"))
    draft = SectionDraft(
        key=key_of(name),
        title=title,
        kind="perspectives",
        label=section.label,
        body_markdown=body,
        voice=_voice(helper),
    )
    made.ask(who, lambda uow: add_section(uow, made.world.plan_id, draft))


def _save(made: Canaries, name: str, version: str) -> None:
    """Another version. What stands in the current one is for readers; its note is for those who may look back."""
    section = SECTIONS[name]
    finders = section.second if version == "second" else section.now
    title, body, helper = (made.place(word(name, version, part), finders) for part in ("title", "body", "helper"))
    note = made.place(word(name, version, "note"), _looking_back(name) if version == "now" else section.second)
    number = 1 if version == "second" else 2
    patch = SectionPatch(
        title=title, body_markdown=f"# {body}\n\nEverybody **wrote** this.", voice=_voice(helper), change_note=note
    )
    made.ask("maya", lambda uow: change_section(uow, made.world.plan_id, key_of(name), patch, number))


def _keep(made: Canaries, name: str) -> None:
    """A file whose every word is a canary: what is said about it, what it is called, and its bytes in every size.

    A picture, but for one paper: of a paper there is one size alone.
    """
    finders = SECTIONS[name].now
    alt, caption, spoken, called, inside, speaker = (
        made.place(word(name, "media", part), finders)
        for part in ("alt", "caption", "spoken", "name", "bytes", "speaker")
    )
    said = {"alt_text": alt, "caption": caption, "transcript_markdown": spoken, "voice": _voice(speaker)}
    if name == "outcomes":
        made.media.append(keep_paper(made.world, "maya", key_of(name), inside, filename=f"{called}.pdf", **said))
        return
    sizes = {size: made.place(word(name, "media", size), finders) for size in ("small", "large")} | {"whole": inside}
    made.media.append(keep_picture(made.world, "maya", key_of(name), sizes, filename=f"{called}.jpg", **said))
    stands_for = SectionPatch(
        picture_media_id=made.media[-1]
    )  # So its words stand wherever the section's picture does.
    made.ask("maya", lambda uow: change_section(uow, made.world.plan_id, key_of(name), stands_for, 0))


def _speak(made: Canaries, name: str, when: str, finders: set[str], look_back: set[str]) -> None:
    """A suggestion that was declined; one that was taken back; and a mark that the text was checked.

    What is suggested shows to those who may see the version it began from.
    """
    plan, asking = made.world.plan_id, {"type": "section", "section_key": key_of(name)}
    for fate, who in (("answered", finders), ("taken", finders & OWNERS)):
        words = {part: made.place(word(name, when, fate, part), who) for part in ("reason", "speaker")}
        wanted = made.place(word(name, when, fate, "wanted"), who & look_back)
        said = ContributionDraft.model_validate({"kind": "suggestion", "target": asking, "body_markdown": f"**{words['reason']}**", "proposed_markdown": wanted, "voice": _voice(words["speaker"])})  # fmt: skip
        id = made.ask("maya", lambda uow, said=said: contribute(uow, plan, said)).id
        made.said.append(str(id))
        if fate == "taken":
            made.ask("maya", lambda uow, id=id: withdraw(uow, plan, id))
            continue
        note = made.place(word(name, when, "answer"), who)
        answer = DecisionRequest(decision="decline", note=note)
        made.ask("maya", lambda uow, id=id, answer=answer: decide(uow, plan, id, answer))
    if when == "late":
        mark = CheckedDraft(how="supported", supported_by=made.place(word(name, "checked"), finders), revision=3)
        made.ask("maya", lambda uow: mark_checked(uow, plan, key_of(name), mark))


def _say_otherwise(made: Canaries, name: str, when: str, finders: set[str], look_back: set[str], version: int) -> None:
    """Easy words, of which the earlier are for those who may look back; and how Maya sees it, of which they are not."""
    plan, late = made.world.plan_id, when == "late"
    words, helper, worked, failed, speaker = (word(name, when, part) for part in ("easy", "easyhelp", "works", "fails", "viewer"))  # fmt: skip
    for canary in (words, helper):
        made.place(canary, finders if late else finders & look_back)
    for canary in (worked, failed, speaker):
        made.place(canary, finders if late else finders & OWNERS)
    now = made.ask("maya", lambda uow: newest_easy(uow, find_section(uow, plan, key_of(name)).id))
    easy = EasyDraft(lines=[EasyLine(words=words, picture="bus")], voice=_voice(helper), explains=version, based_on=now and now.id)  # fmt: skip
    made.ask("maya", lambda uow: save_easy(uow, plan, key_of(name), easy))
    seen = PerspectiveDraft(working=f"**{worked}**", not_working=failed, voice=_voice(speaker))
    made.ask("maya", lambda uow: write_perspective(uow, plan, key_of(name), seen))


def _plan_to_do(made: Canaries, name: str, finders: set[str]) -> None:
    """Something to do, before it is changed: for those who may look back. Actions are added where outcomes are."""
    words = {part: made.place(word(name, "early", part), finders) for part in ("what", "how", "going")}
    draft = ActionDraft(section_key=key_of(name), what=words["what"], how=words["how"], progress_note=words["going"], who_text=made.place(word(name, "early", "doer"), finders))  # fmt: skip
    made.need_not_show |= (
        {word(name, "early", part) for part in (*words, "doer")} if name in NOT_LOOKED_BACK_AT else set()
    )
    made.actions[name] = _where_outcomes_are(made, name, lambda uow: add_action(uow, made.world.plan_id, draft)).id


def _do_more(made: Canaries, name: str) -> None:
    """The same changed, as it stands now; and another that is put away, for those who may change it."""
    plan, now = made.world.plan_id, SECTIONS[name].now
    words = {part: made.place(word(name, "late", part), now) for part in ("what", "how", "going")}
    patch = ActionPatch(what=words["what"], how=words["how"], progress_note=words["going"], who_text=made.place(word(name, "late", "doer"), now))  # fmt: skip
    made.ask("maya", lambda uow: change_action(uow, plan, made.actions[name], patch))
    editors = {"outcomes": {*OWNERS, "lee"}, "once": {*OWNERS, "lee"}, "diary": {"maya"}}.get(name, OWNERS)
    draft = ActionDraft(section_key=key_of(name), what=made.place(word(name, "shelved"), editors))
    away = _where_outcomes_are(made, name, lambda uow: add_action(uow, plan, draft)).id
    made.ask("maya", lambda uow: put_action_away(uow, plan, away))


def _where_outcomes_are(made: Canaries, name: str, verb: Any) -> Any:
    """The section is about outcomes for as long as this takes."""
    for kind in ("outcomes", "perspectives"):
        number = made.ask("maya", lambda uow: find_section(uow, made.world.plan_id, key_of(name)).revision)
        made.ask("maya", lambda uow, kind=kind, number=number: change_section(uow, made.world.plan_id, key_of(name), SectionPatch(kind=kind), number))  # fmt: skip
        if kind == "outcomes":
            done = made.ask("maya", verb)
    return done


def _looking_back(name: str) -> set[str]:
    """Who may see the current version's entry in the history: all who may look back at all."""
    return {*OWNERS, "lee"} if name == "once" else SECTIONS[name].second


def _join(made: Canaries, who: str) -> None:
    """By invitation. Everybody in the circle sees who somebody is; how to reach them is for owners and themselves."""
    circle = (
        set() if who == "uma" else CIRCLE if who == "pat" else CIRCLE - {"pat"}
    )  # Who waits meets the inviter alone.
    more = {} if who == "maya" else {"organisation": made.place(word(who, "organisation"), circle)}
    relationship = made.place(word(who, "relationship"), {*circle, *OWNERS})
    made.need_not_show |= {word(who, "organisation"), word(who, "relationship")} if who == "uma" else set()
    message = made.place(word(who, "message"), OWNERS)
    draft = InvitationDraft.model_validate(
        {"role": ROLES[who], "relationship": relationship, "message": message, "confirm_first": who == "pat", **more}
    )
    if who == "uma":
        made.may_find[word(who, "organisation")] |= OWNERS
    made.need_not_show.add(message)
    link = made.ask("dee", lambda uow: invite(uow, made.world.plan_id, draft, "")).accept_url
    joined = made.ask(who, lambda uow: accept(uow, link.rsplit("/", 1)[-1])[1])
    if who != "pat" and not joined.confirmed:
        made.ask("dee", lambda uow: confirm_member(uow, made.world.plan_id, joined.id))


def _find_members(made: Canaries) -> None:
    names = {name: who for who, name in NAMES.items()} | {word("preferred"): "maya"}
    found = made.ask("dee", lambda uow: members(uow, made.world.plan_id))
    made.world.members = {names[one.display_name]: one.id for one in found}


def _let(uow: Any, made: Canaries, name: str, who: str, level: Level, **more: Any) -> None:
    draft = MemberGrantDraft(member_id=made.world.members[who], level=level, **more)
    give(uow, made.world.plan_id, key_of(name), draft)


def _give(made: Canaries) -> None:
    plan, today = made.world.plan_id, clock.now().date()

    def all_of_it(uow: Any) -> None:
        for role in (Role.FAMILY, Role.FRIEND, Role.KEY_WORKER, Role.PROFESSIONAL):
            give_role(uow, plan, key_of("open"), role, Level.READ)
        for name in ("away", "notnan"):
            give_role(uow, plan, key_of(name), Role.FAMILY, Level.EDIT)
        give_role(uow, plan, key_of("notnan"), Role.FRIEND, Level.READ)
        _let(uow, made, "outcomes", "lee", Level.EDIT)
        _let(uow, made, "health", "nan", Level.READ, earlier_history=True)
        _let(uow, made, "health", "rao", Level.SUGGEST)
        _let(uow, made, "sams", "sam", Level.COMMENT, history=True)
        _let(uow, made, "notnan", "nan", Level.NONE, withheld=True)
        _let(uow, made, "notdee", "lee", Level.COMMENT)
        _let(uow, made, "notdee", "dee", Level.NONE, withheld=True)
        _let(uow, made, "soon", "rao", Level.EDIT, from_on=today + timedelta(days=2))
        _let(uow, made, "health", "pat", Level.EDIT, earlier_history=True)
        for who in ("uma", "tom"):
            for name in ("open", "nobodys", "health"):
                _let(uow, made, name, who, Level.EDIT, earlier_history=True)

    made.ask("maya", all_of_it)


def _look(made: Canaries) -> None:
    """Everybody opens the plan, so that all that comes later is news to those who may see it; also Uma and Tom, who then
    see something still."""
    for who in sorted(CIRCLE | {"uma", "tom"}):
        made.ask(who, lambda uow: mark_seen(uow, made.world.plan_id, ToMark(sections=states(uow, made.world.plan_id), begins=True)))  # fmt: skip


def _close(made: Canaries) -> None:
    """What ends: a section put away, a grant that ran out, a member removed and one suspended. And what waits."""
    plan, people = made.world.plan_id, made.world.members
    _add_by_hand(made)
    made.ask("dee", lambda uow: archive_section(uow, plan, key_of("away")))
    for who, patch in {
        "nan": {"contact": {"phone": made.place(word("nanphone"), {*OWNERS, "nan"}), "note": made.place(word("nannote"), {*OWNERS, "nan"})}},
        "dee": {"basis": {"kind": "parental_responsibility", "proof_seen_by": made.place(word("proof"), OWNERS), "scope": [made.place(word("scope"), OWNERS)]}},
        "tom": {"status": "suspended"},
    }.items():  # fmt: skip
        change = MemberPatch.model_validate(patch)
        made.ask("maya", lambda uow, who=who, change=change: change_member(uow, plan, people[who], change))
    made.ask("dee", lambda uow: end_member(uow, plan, people["uma"]))
    waiting = {"role": "friend", "relationship": made.place(word("invitedas"), OWNERS), "message": made.place(word("invitation"), OWNERS), "email": f"{made.place(word('invitedmail'), OWNERS)}@example.com"}  # fmt: skip
    waiting["grants"] = [{"section_key": key_of(name), "level": "read"} for name in ("open", "notdee", "once")]  # type: ignore[assignment]  # what a form sends
    draft = InvitationDraft.model_validate(waiting)
    link = made.ask("maya", lambda uow: invite(uow, plan, draft, "")).accept_url
    made.secret = link.rsplit("/", 1)[-1]
    made.need_not_show |= {word("invitation"), word("invitedmail")}


def _draft(made: Canaries) -> None:
    """Words kept for later are their writer's alone, while they may write there: Uma, Tom and Rao may not, or no more."""
    for who, name in (("maya", "open"), ("dee", "open"), ("lee", "outcomes"), ("uma", "open"), ("rao", "health")):
        finders = {who} if who in {"maya", "dee", "lee"} else set()
        words = {
            field: made.place(word(who, "draft", part), finders)
            for field, part in (("title", "title"), ("body_markdown", "body"), ("change_note", "note"))
        }
        _keep_by_hand(made, who, name, words | {"based_on": "3", "title_before": ""})
        line = made.place(word(who, "draft", "line"), finders)
        _keep_by_hand(made, who, name, {"words-0": line, "picture-0": "bus", "explains": "3"}, Face.EASY)


def _place(made: Canaries) -> None:
    """Where somebody is reading is theirs alone, while they may read there: Uma may no more, and Rao may not yet."""
    plan, places = made.world.plan_id, ("maya open", "dee open", "nan open", "lee outcomes", "uma open", "rao soon")
    with made.world.database.system_session("places, also of those who may read no more") as session:
        for who, name in map(str.split, places):
            section = session.exec(select(Section).where(Section.plan_id == plan, Section.key == key_of(name))).one()
            begins = made.place(word(who, "at"), {who} if who not in {"uma", "rao"} else set())
            account = made.world.principals[who].account_id
            session.add(ReadingPlace(plan_id=plan, section_id=section.id, account_id=account, paragraph=1, begins=begins, kept_at=clock.now()))  # fmt: skip


def _keep_by_hand(made: Canaries, who: str, name: str, words: dict[str, str], face: Face = Face.FULL) -> None:
    with made.world.database.system_session("drafts, also of those who may write no more") as session:
        there = (Section.plan_id == made.world.plan_id, Section.key == key_of(name))
        section = session.exec(select(Section).where(*there)).one()
        account = made.world.principals[who].account_id
        session.add(WrittenDraft(plan_id=section.plan_id, section_id=section.id, account_id=account, face=face, page=new_id(), words=words, kept_at=clock.now()))  # fmt: skip


def _add_by_hand(made: Canaries) -> None:
    """Prompts; a grant that ran out; a grant on the diary that no verb would give."""
    world, now = made.world, clock.now()
    with world.database.system_session("canaries that no verb makes") as session:
        found = {one.key: one for one in session.exec(select(Section).where(Section.plan_id == world.plan_id))}
        for name, section in SECTIONS.items():
            found[key_of(name)].prompts = [made.place(word(name, "prompt"), section.now)]
        for name, who, more in (
            ("late", "lee", {"expires_on": now.date() - timedelta(days=2), "earlier_history": True}),
            ("diary", "nan", {"earlier_history": True}),
            ("diary", "dee", {"earlier_history": True}),
        ):
            section_id = found[key_of(name)].id
            session.add(Grant(plan_id=world.plan_id, section_id=section_id, member_id=world.members[who], level=Level.EDIT, history_from=now, created_at=now, created_by=world.principals["maya"].account_id, **more))  # fmt: skip
