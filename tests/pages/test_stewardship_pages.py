"""Stopping all sharing, why somebody helps to decide, handing over, and what to think about."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select
from tests.pages.seen import form_of, words_of
from tests.world import READS, SECTIONS, World

from planwiki.base import clock
from planwiki.base.errors import Forbidden
from planwiki.circle.commands import change_member, confirm_member, end_member
from planwiki.circle.invitation_commands import accept, invite
from planwiki.circle.milestone_rules import milestones
from planwiki.circle.models import Member, OwnerTask
from planwiki.circle.schemas import InvitationDraft, MemberPatch
from planwiki.circle.task_commands import tasks
from planwiki.plans.models import Plan

BORN = date(2009, 3, 7)


def readers(world: World) -> dict[str, set[str]]:
    sections = {who: world.api(who).get(f"/v1/plans/{world.plan_id}/sections") for who in READS}
    return {
        who: {one["key"] for one in answer.json()["items"]} if answer.status_code == 200 else set()
        for who, answer in sections.items()
    }


def test_any_owner_stops_all_sharing_in_one_press_and_it_comes_back_whole(world: World) -> None:
    dee = world.browser("dee")
    assert "Stop all sharing now" in words_of(dee.get(world.url("/sharing")))
    assert dee.post(world.url("/sharing/freeze")).status_code == 303
    assert readers(world) == {who: set(SECTIONS) if who in {"maya", "dee"} else set() for who in READS}
    for path in ("", "/sections/great-things", "/circle"):
        assert "Sharing is stopped." in words_of(dee.get(world.url(path))), path
    assert "Dee stopped all sharing on" in words_of(dee.get(world.url("/sharing")))
    assert dee.post(world.url("/sharing/unfreeze")).status_code == 303
    assert readers(world) == READS
    told = words_of(dee.get(world.url("/looked")))
    assert "You stopped all sharing." in told
    assert "You started sharing again." in told


def test_nobody_but_an_owner_stops_or_starts_it(world: World) -> None:
    for who, status in (("nan", 403), ("lee", 403), ("kit", 404)):
        assert world.browser(who).post(world.url("/sharing/freeze")).status_code == status
    world.browser("maya").post(world.url("/sharing/freeze"))
    assert world.browser("nan").post(world.url("/sharing/unfreeze")).status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_owner_is_offered_only_what_they_may_do_to_another_and_keeps_what_they_typed(world: World) -> None:
    make_steward(world, "nan")
    nan, dee = world.browser("nan"), world.url(f"/circle/{world.members['dee']}")
    shown = nan.get(dee)
    form = form_of(shown, dee)
    assert not {"role", "ends_on"} & form.keys()
    assert "Remove Dee" not in words_of(shown) and "Pause Dee" not in words_of(shown)
    assert "The young person alone can pause or remove Dee." in words_of(shown)
    assert nan.post(dee, data=form | {"phone": "01632 960005"}).status_code == 303
    refused = nan.post(dee, data=form | {"relationship": "Mum", "ends_on": "2099-01-01"})
    assert refused.status_code == 403
    assert form_of(refused, dee)["relationship"] == "Mum"
    assert "Remove Dee" in words_of(world.browser("maya").get(dee))


def test_a_steward_cannot_start_what_another_owner_stopped_until_that_one_has_gone(world: World) -> None:
    make_steward(world, "nan")
    world.browser("nan").post(world.url("/sharing/freeze"))
    dee = world.browser("dee")
    assert "Start sharing again" not in words_of(dee.get(world.url("/sharing")))
    assert dee.post(world.url("/sharing/unfreeze")).status_code == 403
    world.ask("maya", lambda uow: end_member(uow, world.plan_id, world.members["nan"]))
    assert "Start sharing again" in words_of(dee.get(world.url("/sharing")))
    assert dee.post(world.url("/sharing/unfreeze")).status_code == 303


def test_the_person_starts_it_again_whoever_stopped_it(world: World) -> None:
    world.browser("dee").post(world.url("/sharing/freeze"))
    assert world.browser("maya").post(world.url("/sharing/unfreeze")).status_code == 303
    assert readers(world) == READS


def test_starting_again_asks_who_is_there(world: World) -> None:
    dee = world.browser("dee")
    dee.post(world.url("/sharing/freeze"))
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        assert dee.post(world.url("/sharing/unfreeze")).status_code in {303, 403}
        assert readers(world)["nan"] == set()


def test_nothing_new_is_given_while_sharing_is_stopped(world: World) -> None:
    draft = InvitationDraft.model_validate({"role": "friend", "relationship": "Friend"})
    link = world.ask("dee", lambda uow: invite(uow, world.plan_id, draft, "")).accept_url  # type: ignore[attr-defined]  # `ask` gives back what was asked for
    world.browser("dee").post(world.url("/sharing/freeze"))
    api, plan = world.api("dee"), f"/v1/plans/{world.plan_id}"
    body = {"roles": {"friend": "read"}, "members": []}
    for answer in (
        api.put(f"{plan}/sections/money/grants", json=body, headers={"If-Match": "*"}),
        api.post(f"{plan}/invitations", json={"role": "friend", "relationship": "Friend"}),
    ):
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/sharing-frozen")
    closing = {"roles": {}, "members": []}
    kept = {"If-Match": "*"}
    assert api.put(f"{plan}/sections/great-things/grants", json=closing, headers=kept).status_code == 200
    token = {"token": link.rsplit("/", 1)[-1]}
    refused = world.api("kit").post("/v1/invitations/accept", json=token)
    assert (refused.status_code, refused.json()["type"]) == (410, "/problems/invitation-ended")
    for way in ("preview", "decline"):
        assert world.api(None).post(f"/v1/invitations/{way}", json=token).status_code == 410, way
    world.browser("maya").post(world.url("/sharing/unfreeze"))
    assert world.api("kit").post("/v1/invitations/accept", json=token).status_code in {200, 201}


def make_steward(world: World, who: str, **basis: Any) -> None:
    patch = MemberPatch.model_validate({"role": "steward", "basis": {"kind": "delegated", **basis}})
    world.ask("maya", lambda uow: change_member(uow, world.plan_id, world.members[who], patch))


def test_a_basis_has_a_first_day_and_another_steward_only_reads_it(world: World) -> None:
    dee, address = world.browser("dee"), world.url(f"/circle/{world.members['dee']}")
    said = {"kind": "parental_responsibility", "valid_from": "2020-01-01", "proof_seen_by": "Lee"}
    typed = form_of(dee.get(address), address) | {f"basis-{name}": value for name, value in said.items()}
    assert dee.post(address, data=typed).status_code == 303
    assert form_of(dee.get(address), address)["basis-valid_from"] == "2020-01-01"
    basis = world.api("dee").get(f"/v1/plans/{world.plan_id}/members/{world.members['dee']}").json()["basis"]
    assert basis["valid_from"] == "2020-01-01"
    wrong = dee.post(address, data=typed | {"basis-valid_from": "soon"})
    assert wrong.status_code == 422
    assert form_of(wrong, address)["basis-proof_seen_by"] == "Lee"
    make_steward(world, "nan")
    seen = world.browser("nan").get(address)
    assert "1 January 2020" in words_of(seen)
    assert "basis-kind" not in seen.text
    assert "1 January 2020" not in words_of(world.browser("sam").get(address))


@pytest.mark.parametrize(
    "patch",
    [{"role": "family"}, {"status": "suspended"}, {"ends_on": "2099-01-01"}, {"basis": {"valid_until": "2000-01-01"}}],
)
def test_no_steward_lowers_another(world: World, patch: dict[str, Any]) -> None:
    make_steward(world, "nan")
    for who, whom in (("dee", "nan"), ("nan", "dee"), ("dee", "maya")):
        with pytest.raises(Forbidden):
            world.ask(
                who,
                lambda uow, whom=whom: change_member(
                    uow, world.plan_id, world.members[whom], MemberPatch.model_validate(patch)
                ),
            )


def without_maya(world: World) -> None:
    """As before she joined."""
    with world.database.system_session("she has not joined") as session:
        maya = session.get(Member, world.members["maya"])
        maya.account_id, maya.status, maya.confirmed_at = None, "contact_only", None


@pytest.mark.parametrize("basis", [{"valid_from": "2099-01-01"}, {"valid_until": "2020-01-01"}])
def test_the_last_owner_does_not_end_by_dates(world: World, basis: dict[str, str]) -> None:
    without_maya(world)
    address = f"/v1/plans/{world.plan_id}/members/{world.members['dee']}"
    patch = {"basis": {"kind": "delegated", **basis}}
    answer = world.api("dee").patch(address, json=patch, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/last-steward")


def test_somebody_not_yet_confirmed_is_no_last_owner(world: World) -> None:
    with world.database.system_session("nobody has said yes to her yet") as session:
        session.get(Member, world.members["maya"]).confirmed_at = None  # type: ignore[union-attr]  # she is there
    answer = world.api("dee").delete(
        f"/v1/plans/{world.plan_id}/members/{world.members['dee']}", headers={"If-Match": "*"}
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/last-steward")


def test_the_person_joins_and_decides_who_stays(world: World) -> None:
    make_steward(world, "nan")
    without_maya(world)
    dee, address = world.browser("dee"), world.url("/hand-over")
    told = words_of(dee.get(address))
    assert "Maya can own this plan, and then decides who sees each part." in told
    assert "Invite Maya" in told
    draft = InvitationDraft.model_validate({"role": "person", "relationship": "It is me"})
    link = world.ask("dee", lambda uow: invite(uow, world.plan_id, draft, "")).accept_url  # type: ignore[attr-defined]  # the same
    world.ask("maya", lambda uow: accept(uow, link.rsplit("/", 1)[-1]))
    assert "Maya has joined, and owns this plan." not in words_of(dee.get(address))
    world.ask("nan", lambda uow: confirm_member(uow, world.plan_id, world.members["maya"]))
    assert "Maya has joined, and owns this plan." in words_of(dee.get(address))
    stays = {f"member-{world.members['dee']}": "stays", f"member-{world.members['nan']}": "family"}
    assert dee.post(address, data=stays).status_code == 403
    assert dee.post(address, data={f"member-{world.members['dee']}": "family"}).status_code == 403
    maya = world.browser("maya")
    assert form_of(maya.get(address), address) == dict.fromkeys(stays, "stays")
    assert maya.post(address, data=stays).status_code == 303
    assert dee.get(world.url("/sharing")).status_code == 200
    assert world.browser("nan").get(world.url("/sharing")).status_code == 403


def at(world: World, day: date, hour: int = 12, minute: int = 0) -> list[str]:
    with clock.frozen(datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)):
        found = [one.about for one in world.ask("dee", lambda uow: tasks(uow, world.plan_id))]  # type: ignore[attr-defined]  # the same
        return [one for one in found if not one.startswith(("why-", "unused-"))]


@pytest.fixture
def born(world: World) -> Callable[[date], None]:
    def on(day: date) -> None:
        with world.database.system_session("a date of birth") as session:
            session.get(Plan, world.plan_id).person_date_of_birth = day  # type: ignore[union-attr]  # it is there

    return on


@pytest.mark.parametrize(
    "birth", [date(2012, 3, 7), date(2012, 2, 29), date(2012, 8, 31), date(2012, 9, 1), date(2012, 6, 29)]
)
def test_each_day_brings_its_question_and_no_other(world: World, born: Callable[[date], None], birth: date) -> None:
    born(birth)
    before: list[str] = []
    for one in milestones(birth):
        assert at(world, one.day - timedelta(days=1)) == before
        before = [*(before if one.day > clock.now().date() else []), one.about]
        assert at(world, one.day) == before


@pytest.mark.parametrize(
    ("birth", "day"),
    [
        (date(2012, 3, 31), date(2030, 3, 31)),
        (date(2012, 10, 27), date(2030, 10, 27)),
        (date(2012, 7, 1), date(2030, 7, 1)),
    ],
)
def test_a_birthday_begins_at_midnight_where_the_family_lives(
    world: World, born: Callable[[date], None], birth: date, day: date
) -> None:
    """Clocks go forward on 31 March 2030 and back on 27 October 2030; in summer midnight is 11 pm in UTC."""
    born(birth)
    the_day_before = day - timedelta(days=1)
    summer = day in {date(2030, 7, 1), date(2030, 10, 27)}
    assert at(world, the_day_before, 22, 59)[-1] == "age-17-and-a-half"
    assert at(world, the_day_before, 23, 0)[-1] == ("age-18" if summer else "age-17-and-a-half")
    assert at(world, day, 0, 0)[-2:] == ["age-17-and-a-half", "age-18"], "what nobody answered is asked still"


def test_whoever_turns_18_is_spoken_to_and_not_spoken_of(world: World, born: Callable[[date], None]) -> None:
    born(BORN)
    with clock.frozen(datetime(2027, 3, 8, tzinfo=UTC)):
        dee, maya = (words_of(world.browser(who).get(world.url("/tasks"))) for who in ("dee", "maya"))
    assert "Write down why you help to decide now." in dee
    assert "You decide now." in maya and "why you help" not in maya


def test_an_answer_rests_and_not_now_comes_back(world: World, born: Callable[[date], None]) -> None:
    born(BORN)
    dee, address = world.browser("dee"), world.url("/tasks")
    assert "Getting ready for 18" in words_of(dee.get(address))
    assert dee.post(address, data={"about": "age-17-and-a-half", "answer": "not_now"}).status_code == 303
    assert "Getting ready for 18" not in words_of(dee.get(address))
    today = world.database.day_of(clock.now())
    assert at(world, today + timedelta(days=29)) == []
    assert at(world, today + timedelta(days=30)) == ["age-17-and-a-half"]
    with clock.frozen(clock.now() + timedelta(days=31)):
        world.browser("dee").post(address, data={"about": "age-17-and-a-half", "answer": "done"})
    assert at(world, today + timedelta(days=60)) == []
    assert at(world, date(2027, 3, 7)) == ["age-18"]


def test_nothing_else_is_changed_by_a_birthday_or_an_answer(world: World, born: Callable[[date], None]) -> None:
    born(BORN)
    with clock.frozen(datetime(2027, 3, 8, tzinfo=UTC)):
        assert readers(world) == READS
        world.browser("dee").post(world.url("/tasks"), data={"about": "age-18", "answer": "done"})
        assert readers(world) == READS


def test_only_owners_are_asked_and_only_what_is_due_is_answered(world: World, born: Callable[[date], None]) -> None:
    born(BORN)
    for who, status in (("nan", 403), ("lee", 403), ("kit", 404)):
        browser = world.browser(who)
        assert browser.get(world.url("/tasks")).status_code == status
        assert browser.post(world.url("/tasks"), data={"about": "age-18", "answer": "done"}).status_code == status
    dee = world.browser("dee")
    assert dee.post(world.url("/tasks"), data={"about": "age-25", "answer": "done"}).status_code == 409
    assert dee.post(world.url("/tasks"), data={"about": "age-17-and-a-half", "answer": "keep"}).status_code == 422
    with world.database.system_session("nothing was kept", writes=False) as session:
        assert session.exec(select(OwnerTask)).all() == []


def test_a_basis_is_looked_at_again_on_its_day(world: World) -> None:
    make_steward(world, "nan", review_on="2027-01-05")
    about = f"basis-{world.members['nan']}-2027-01-05"
    assert at(world, date(2027, 1, 4)) == []
    assert at(world, date(2027, 1, 5)) == [about]


def test_owners_are_asked_why_a_steward_decides_and_again_at_18(world: World, born: Callable[[date], None]) -> None:
    born(BORN)
    dee, address, member = world.browser("dee"), world.url("/tasks"), world.url(f"/circle/{world.members['dee']}")
    asked = dee.get(address)
    assert "Why does Dee help to decide?" in words_of(asked)
    assert f'href="{member}"' in asked.text
    dee.post(member, data={"basis-kind": "parental_responsibility"})
    assert "Why does Dee help to decide?" not in words_of(dee.get(address))
    about = f"parent-at-18-{world.members['dee']}"
    assert about not in at(world, date(2027, 3, 6))
    assert about in at(world, date(2027, 3, 7))
    with clock.frozen(datetime(2027, 3, 8, tzinfo=UTC)):
        assert "Dee decides as a parent. The law ends that at 18." in words_of(world.browser("maya").get(address))


def test_a_share_with_a_role_that_nobody_uses_is_asked_about_too(world: World) -> None:
    grants, role = f"/v1{world.url('/sections/outcomes/grants')}", {"roles": {"friend": "read"}, "members": []}
    assert world.api("dee").put(grants, json=role, headers={"If-Match": "*"}).status_code == 200
    dee, unused, line = world.browser("dee"), world.url("/circle/unused"), "All friends : What I want to be different"
    assert "Some shares are not used" not in words_of(dee.get(world.url("/tasks")))
    with clock.frozen(clock.now() + timedelta(days=91)):
        dee = world.browser("dee")
        assert "Some shares are not used" in words_of(dee.get(world.url("/tasks")))
        shown = dee.get(unused)
        assert line in words_of(shown).replace("friends:", "friends :")
        world.browser("sam").get(world.url("/sections/outcomes"))
        assert line not in words_of(dee.get(unused)).replace("friends:", "friends :")
