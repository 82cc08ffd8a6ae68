"""What changed since somebody last looked: for each by what they may see now, told in words, kept for them alone."""

import re
from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import select
from tests.news.acts import add_paper, answer, begin, check, let, on_the_plan, put_aside, save, say, say_why, told
from tests.pages.seen import form_of, words_of
from tests.world import World

from planwiki.activity.models import AuditEntry
from planwiki.authz.principal import Principal
from planwiki.base import clock
from planwiki.base.vocabulary import Label, Level
from planwiki.circle.commands import confirm_member
from planwiki.circle.invitation_commands import accept, invite
from planwiki.circle.schemas import InvitationDraft
from planwiki.news.inbox_queries import inbox
from planwiki.news.models import NewsBegun, PutAside, SeenSection
from planwiki.news.schemas import ToMark
from planwiki.news.seen_commands import mark_seen
from planwiki.plans.commands import start_plan
from planwiki.plans.schemas import PersonDraft, PlanDraft, SectionPatch
from planwiki.plans.section_commands import archive_section, change_section

MINUTE = timedelta(minutes=1)
GREAT, WELLNESS, OUTCOMES = "“Great things about me”", "“My wellness”", "“What I want to be different”"


def test_each_is_told_what_they_may_see_and_of_nobodys_own_acts(world: World) -> None:
    begin(world)
    with clock.frozen(clock.now() + MINUTE) as now:
        for who, key in (("dee", "wellness"), ("lee", "outcomes"), ("maya", "money")):
            save(world, who, key)
            now.move(MINUTE)
        say(world, "sam", "appreciation", "great-things")
        now.move(MINUTE)
        say(world, "rao", "suggestion", "wellness")
        now.move(MINUTE)
        say(world, "lee", "question", "outcomes")
        now.move(MINUTE)
        add_paper(world, "dee", "great-things")
        now.move(MINUTE)
        check(world, "maya", "wellness", 2)
        kind, paper = f"Sam said something kind about {GREAT}.", f"There is a new paper in {GREAT}."
        wellness, outcomes = f"Dee changed {WELLNESS}.", f"Lee changed {OUTCOMES}."
        checked, money = f"Maya marked {WELLNESS} as checked.", "Maya changed “Money”."
        suggests, asks = f"Dr Rao suggested a change to {WELLNESS}.", f"Lee asked a question about {OUTCOMES}."
        assert {who: told(world, who) for who in ("maya", "dee", "nan", "sam", "lee", "rao", "kit")} == {
            "maya": ([paper, kind, outcomes, wellness], [asks, suggests]),
            "dee": ([checked, kind, money, outcomes], [asks, suggests]),
            "nan": ([checked, paper, suggests, kind, wellness], []),
            "sam": ([paper], []),
            "lee": ([paper, kind], []),
            "rao": ([checked, wellness], []),
            "kit": ([], []),
        }
        let(world, "nan", "wellness", Level.NONE, withheld=True)
        assert told(world, "nan") == ([paper, kind], [])
        nan, page = world.browser("nan"), world.browser("nan").get("/news")
        assert "wellness" not in page.text
        assert [one in on_the_plan(nan, world) for one in (paper, wellness, suggests)] == [True, False, False]


def test_the_first_look_at_a_plan_is_no_news_and_opening_a_section_marks_it(world: World) -> None:
    nan, listed = world.browser("nan"), "Since you last looked"
    assert listed not in on_the_plan(nan, world)
    assert "Nothing new just now" in words_of(nan.get("/news"))
    with clock.frozen(clock.now() + MINUTE) as now:
        save(world, "dee", "wellness")
        say(world, "sam", "comment", "great-things")
        assert f"{listed} Dee changed {WELLNESS}." in on_the_plan(nan, world)
        assert f"Sam said something about {GREAT}." in on_the_plan(nan, world)
        nan.get(world.url("/sections/wellness"))
        now.move(MINUTE)
        assert WELLNESS not in on_the_plan(nan, world).split("My wellness", 1)[0]
        assert told(world, "nan") == ([f"Sam said something about {GREAT}."], [])
        done = nan.post("/news/seen", data={"plan": str(world.plan_id)})
        assert (done.status_code, done.headers["location"].partition("?")[0]) == (303, world.url())
        assert listed not in on_the_plan(nan, world)
        now.move(MINUTE)
        say(world, "sam", "comment", "great-things")
        assert told(world, "nan")[0] == [f"Sam said something about {GREAT}."]
        assert nan.post("/news/seen").headers["location"].startswith("/news?seen=")
        assert told(world, "nan") == ([], [])
        for hidden in (world.url("/sections/money"), "/plans/0198c5b2-7a10-7c3e-9d41-2f6a8b0c1d2e"):
            assert nan.get(hidden).status_code == 404
        assert nan.post("/news/seen", data={"plan": "0198c5b2-7a10-7c3e-9d41-2f6a8b0c1d2e"}).status_code == 303
        assert nan.post("/news/seen", data={"plan": "no plan"}).status_code == 303


def test_marking_all_as_seen_is_undone_in_one_step_by_who_pressed_it(world: World) -> None:
    begin(world, "nan", "sam")
    nan, undo = world.browser("nan"), "/news/seen/undo"
    let(world, "nan", "outcomes")
    with clock.frozen(clock.now() + MINUTE) as now:
        save(world, "dee", "wellness")
        say(world, "sam", "comment", "great-things")
        before = told(world, "nan")
        assert len(before[0]) == 3
        for plan in ({}, {"plan": str(world.plan_id)}):
            after = nan.get(nan.post("/news/seen", data=plan).headers["location"])
            assert "All is marked as seen. Undo" in words_of(after)
            assert told(world, "nan") == ([], [])
            press = form_of(after, undo)
            world.browser("sam").post(undo, data=press)
            assert told(world, "nan") == ([], [])
            back = nan.post(undo, data=press)
            assert (back.status_code, back.headers["location"]) == (303, world.url() if plan else "/news")
            assert told(world, "nan") == before
        late = form_of(nan.get(nan.post("/news/seen").headers["location"]), undo)
        now.move(MINUTE)
        save(world, "dee", "wellness", 2)
        nan.get(world.url("/sections/wellness"))
        for wrong in ({}, {"press": "no press"}, late):
            assert nan.post(undo, data=wrong).status_code == 303
        assert f"Dee changed {WELLNESS}." not in told(world, "nan")[0]  # She has read it since.
        assert f"Sam said something about {GREAT}." in told(world, "nan")[0]


def test_what_is_shared_anew_is_told_without_a_date_and_ends_with_the_share(world: World) -> None:
    begin(world, "sam")
    save(world, "dee", "outcomes")
    let(world, "sam", "outcomes")
    sam = world.browser("sam")
    assert told(world, "sam")[0] == [f"{OUTCOMES} is new for you."]
    assert "<time" not in re.search(r'<ul class="rows news">.*?</ul>', sam.get("/news").text, re.DOTALL)[0]  # type: ignore[index]  # it is there
    sam.get(world.url("/sections/outcomes"))
    assert told(world, "sam")[0] == []
    with clock.frozen(clock.now() + MINUTE):
        save(world, "lee", "outcomes", 2)
        let(world, "sam", "outcomes", Level.NONE)
        assert told(world, "sam")[0] == []
        let(world, "sam", "outcomes")
        assert told(world, "sam")[0] == [f"Lee changed {OUTCOMES}."]
        world.ask("dee", lambda uow: archive_section(uow, world.plan_id, "outcomes"))
        assert told(world, "sam")[0] == []


def test_a_label_that_was_relaxed_tells_nothing_that_was_said_under_the_stricter_one(world: World) -> None:
    begin(world)
    with clock.frozen(clock.now() + MINUTE):
        for label in (Label.DIARY, Label.EVERYDAY):
            patch = SectionPatch(label=label)
            world.ask("maya", lambda uow, patch=patch: change_section(uow, world.plan_id, "great-things", patch, 1))
            if label is Label.DIARY:
                say(world, "maya", "comment", "great-things")
        assert told(world, "maya") == ([], [])
        assert told(world, "dee") == ([], [])
        say(world, "maya", "comment", "great-things")
        assert told(world, "nan")[0] == [f"Maya said something about {GREAT}."]


def test_my_own_suggestions_are_told_when_they_are_answered(world: World) -> None:
    begin(world)
    with clock.frozen(clock.now() + MINUTE) as now:
        declined, used = (say(world, "rao", "suggestion", "wellness") for _ in range(2))
        world.browser("rao").get(world.url("/sections/wellness"))
        now.move(MINUTE)
        answer(world, "dee", declined)
        now.move(MINUTE)
        answer(world, "maya", used, "accept")
        answered = [f"Dee answered what you suggested for {WELLNESS}: not now."]
        answered = [f"Maya used what you suggested for {WELLNESS}.", f"Maya changed {WELLNESS}.", *answered]
        assert told(world, "rao")[0] == answered
        assert all("you suggested" not in one for one in told(world, "nan")[0])
        assert f'href="{world.url(f"/sections/wellness/said/{used}")}"' in world.browser("rao").get("/news").text


def test_owners_are_asked_who_came_and_what_to_think_about(world: World) -> None:
    say_why(world)
    draft = InvitationDraft.model_validate(
        {"role": "friend", "relationship": "Friend", "confirm_first": True, "display_name": "Kit"}
    )
    link: Any = world.ask("dee", lambda uow: invite(uow, world.plan_id, draft, "").accept_url)
    world.ask("kit", lambda uow: accept(uow, str(link).rsplit("/", 1)[-1]))
    dee = world.browser("dee")
    settings = {"person-date_of_birth": "2008-01-01"}
    patch = {"person": {"date_of_birth": settings["person-date_of_birth"]}}
    assert world.api("dee").patch(f"/v1{world.url()}", json=patch, headers={"If-Match": "*"}).status_code == 200
    came, think = "Somebody took your invitation. Is it Kit?", "Maya is 18. That is something to think about."
    assert told(world, "dee")[1] == [came, think]
    assert told(world, "nan") == ([], [])
    about = re.findall(r'name="about" value="(think-[^"]+)"', dee.get("/news").text)[0]
    aside = put_aside(dee, about)
    assert aside.headers["location"] == f"/news?aside={about}"
    assert "It is put aside, for you alone. Undo" in words_of(dee.get(aside.headers["location"]))
    hers = "You are 18. That is something to think about."
    assert (told(world, "dee")[1], told(world, "maya")[1]) == ([came], [came, hers])
    dee.post("/news/aside/undo", data={"about": about})
    assert told(world, "dee")[1] == [came, think]
    put_aside(dee, about)
    with clock.frozen(clock.now() + timedelta(days=29)) as now:
        assert told(world, "dee")[1] == [came]
        now.move(timedelta(days=2))
        assert told(world, "dee")[1] == [came, think]


def test_not_now_is_for_one_thing_and_for_me_alone(world: World) -> None:
    begin(world)
    with clock.frozen(clock.now() + MINUTE) as now:
        save(world, "dee", "wellness")
        say(world, "sam", "comment", "great-things")
        nan, rao = world.browser("nan"), world.browser("rao")
        about = re.findall(r'name="about" value="(changed-[^"]+)"', nan.get("/news").text)[0]
        assert put_aside(nan, about).status_code == 303
        assert told(world, "nan")[0] == [f"Sam said something about {GREAT}."]
        assert told(world, "rao")[0] == [f"Dee changed {WELLNESS}."]
        assert f"Dee changed {WELLNESS}." not in on_the_plan(nan, world)
        hers = re.findall(r'name="about" value="(said-[^"]+)"', nan.get("/news").text)[0]
        for nothing in (hers, "said-nothing", "x" * 3000, ""):
            assert put_aside(rao, nothing).status_code == 404, nothing
        rao.post("/news/aside/undo", data={"about": about})
        assert len(told(world, "nan")[0]) == 1
        now.move(MINUTE)
        save(world, "dee", "wellness", 2)
        assert f"Dee changed {WELLNESS}." in told(world, "nan")[0]


def test_long_lists_come_in_pages_across_plans(world: World) -> None:
    begin(world)
    with clock.frozen(clock.now() + MINUTE) as now:
        for _ in range(23):
            say(world, "sam", "comment", "great-things")
            now.move(timedelta(seconds=5))
        dee = world.browser("dee")
        first, second, beyond = (dee.get(f"/news?page={number}") for number in (1, 2, 99))
        assert [one.text.count("Sam said something") // 2 for one in (first, second, beyond)] == [20, 3, 3]
        assert 'href="/news?page=2"' in first.text
        assert 'href="/news?page=1"' in second.text
        assert dee.get("/news?page=0").status_code == 422
        assert "All that is new" in on_the_plan(dee, world)
        assert "Maya ·" not in words_of(first)
        draft = PlanDraft(person=PersonDraft(display_name="Jo"), template="blank", my_role="steward")
        jo: Any = world.ask("lee", lambda uow: start_plan(uow, draft))
        more = InvitationDraft.model_validate({"role": "steward", "relationship": "Aunt"})
        link: Any = world.ask("lee", lambda uow: invite(uow, jo.id, more, "").accept_url)
        joined: Any = world.ask("dee", lambda uow: accept(uow, str(link).rsplit("/", 1)[-1]))[1]
        world.ask("lee", lambda uow: confirm_member(uow, jo.id, joined.id))
        dee.get(f"/plans/{jo.id}")
        section = {"key": "one", "title": "One", "body_markdown": "x", "voice": {"whose": "family", "how": "own_words"}}
        assert world.api("lee").post(f"/v1/plans/{jo.id}/sections", json=section).status_code == 201
        words = words_of(dee.get("/news"))
        assert "“One” is new for you. Jo Not now" in words
        assert "Maya ·" in words


def test_nobody_else_can_tell_that_or_how_somebody_read(world: World) -> None:
    """No row is read by another, none is written while somebody looks as somebody else, and nothing is recorded."""

    def recorded() -> list[str]:
        with world.database.system_session("what was told?", writes=False) as session:
            return [one.verb for one in session.exec(select(AuditEntry)) if not one.verb.endswith("viewed")]

    def kept() -> int:
        with world.database.system_session("how much is kept?", writes=False) as session:
            return len([*session.exec(select(SeenSection)), *session.exec(select(NewsBegun))])

    before = recorded()
    maya, nan = world.browser("maya"), world.browser("nan")
    for browser in (maya, nan):
        for at in (world.url(), world.url("/sections/wellness")):
            browser.get(at)
    with clock.frozen(clock.now() + MINUTE):
        say(world, "sam", "comment", "great-things")
        about = re.findall(r'name="about" value="(said-[^"]+)"', nan.get("/news").text)[0]
        put_aside(nan, about)
        nan.post("/news/aside/undo", data={"about": about})
        maya.post("/news/seen")
    assert recorded() == [*before, "contribution.created"]
    for who in ("dee", "lee", "kit"):
        for table in (SeenSection, NewsBegun, PutAside):
            assert world.ask(who, lambda uow, table=table: uow.all(select(table))) == [], who  # type: ignore[call-overload]  # tables of ours
    there, dee = kept(), world.browser("dee")
    for at in (f"/as/{world.members['nan']}", f"/as/{world.members['nan']}/sections/wellness"):
        page = dee.get(world.url(at))
        assert page.status_code == 200
        assert "Since you last looked" not in words_of(page)
    mine = world.principals["dee"].account_id
    for other in ({"as_member_id": world.members["nan"]}, {"tablet_plan_id": world.plan_id}):
        with world.database.unit_of_work(Principal(mine, "Dee", **other), writes=True) as uow:  # type: ignore[arg-type]  # one at a time
            mark_seen(uow, world.plan_id, ToMark(sections=[], begins=True))
            assert uow.all(select(SeenSection)) == []
            assert inbox(uow).new == []
    assert kept() == there


def signed_out(world: World) -> TestClient:
    return world.browser(None)


def test_nobody_who_is_signed_out_finds_anything(world: World) -> None:
    assert signed_out(world).get("/news").status_code in {303, 401}
    for path in ("/news/seen", "/news/seen/undo", "/news/aside", "/me/news"):
        assert signed_out(world).post(path, data={}).status_code in {303, 401}
